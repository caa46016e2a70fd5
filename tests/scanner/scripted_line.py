"""Owns lines on which answers are what a test says, for what no scanner of ours would ever answer."""

from assettrack.scanner.emulated_line import EmulatedTimes
from assettrack.scanner.frames import sealed


class Scripted:
    """A line on which each command is met by the next of these answers, however odd."""

    def __init__(self, times: EmulatedTimes, *answers: bytes) -> None:
        self._times = times
        self._answers = list(answers)
        self._waiting = b""
        self.name = "scripted"
        self.sent: list[bytes] = []
        self.closed = 0

    def write(self, data: bytes) -> None:
        """Take a command; its answer waits."""
        self.sent.append(data)
        self._waiting += self._answers.pop(0) if self._answers else b""

    def read(self, size: int, idle_seconds: float) -> bytes:
        """Give what waits."""
        piece, self._waiting = self._waiting[:size], self._waiting[size:]
        if not piece:
            self._times.sleep(idle_seconds)
        return piece

    def flush_input(self) -> None:
        """Throw away what waits."""
        self._waiting = b""

    def close(self) -> None:
        """Count."""
        self.closed += 1


class OnTheWay(Scripted):
    """A line on which the pieces of an answer are still on their way: they can't be thrown away, only read."""

    def __init__(self, times: EmulatedTimes, *answers: tuple[bytes, ...]) -> None:
        super().__init__(times)
        self._coming = list(answers)
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Take a command; the pieces of its answer set out."""
        self.sent.append(data)
        self._pieces += self._coming.pop(0) if self._coming else ()

    def read(self, size: int, idle_seconds: float) -> bytes:
        """Give the next piece."""
        if self._pieces:
            return self._pieces.pop(0)
        return super().read(size, idle_seconds)


def told(serial: str, status: int = 0) -> bytes:
    """An answer to interrogate of this scanner."""
    return sealed(b"\6\2\x31" + bytes([status]) + bytes.fromhex(serial.zfill(16)) + b"RFI3727T", ())
