"""An emulated scanner in memory: a line to it, a bus that several hang on, and time that passes only when waited for.

Whole conversations, faults and all, run here as fast as the bytes can be looked at. It must never touch a port.
"""

from collections import deque
from datetime import UTC, datetime, timedelta

from assettrack.domain.scanner_errors import (
    PortBusy,
    PortMissing,
    ScannerNotFound,
    ScannersSeveral,
    ScannerUnplugged,
)
from assettrack.scanner.emulator import REAPPEAR_SECONDS, SILENCE_SECONDS, EmulatedScanner, Fate
from assettrack.scanner.line import Times

BEGIN = datetime(2026, 2, 4, 8, 15, tzinfo=UTC)


class HostKilled(BaseException):
    """This program was killed at a step of a conversation. No error: nothing may catch it."""


class EmulatedTimes:
    """Time that stands still, except for who waits."""

    def __init__(self, begin: datetime = BEGIN) -> None:
        self.begin = begin
        self._passed = 0.0

    def monotonic(self) -> float:
        """Seconds since the beginning."""
        return self._passed

    def sleep(self, seconds: float) -> None:
        """Let time pass at once."""
        self._passed += max(seconds, 0)

    def now(self) -> datetime:
        """The time of the computer."""
        return self.begin + timedelta(seconds=self._passed)


class EmulatedLine:
    """A line to a scanner in memory. What it answers comes in the pieces in which it was sent."""

    def __init__(self, name: str, bus: "EmulatedBus", scanner: EmulatedScanner) -> None:
        self._name = name
        self._bus = bus
        self._scanner = scanner
        self._waiting = deque[bytes]()
        self.closed = False

    @property
    def name(self) -> str:
        """The port, as a person would name it."""
        return self._name

    def write(self, data: bytes) -> None:
        """Send bytes to the scanner.

        Raises:
            ScannerUnplugged: it is not there any more.
        """
        self._step()
        self._require_there()
        self._bus.sent += data
        self._waiting += self._scanner.receive(data)

    def read(self, size: int, idle_seconds: float) -> bytes:
        """Return up to ``size`` bytes of one piece, or none after so many seconds without one.

        Raises:
            ScannerUnplugged: everything that came is read, and it is not there any more.
        """
        self._step()
        for seconds in (SILENCE_SECONDS, idle_seconds - SILENCE_SECONDS):
            if self._waiting:
                piece = self._waiting.popleft()
                if len(piece) > size:
                    self._waiting.appendleft(piece[size:])
                return piece[:size]
            self._require_there()
            self._bus.times.sleep(seconds)
            self._waiting += self._scanner.idle()
        return b""

    def flush_input(self) -> None:
        """Throw away what came and was not read."""
        self._waiting.clear()

    def close(self) -> None:
        """End it; a second time does nothing."""
        if not self.closed:
            self.closed = True
            self._bus.closed(self._name)

    def _step(self) -> None:
        """Count a step, at which this program may be killed."""
        self._bus.steps += 1
        if self._bus.steps == self._bus.killed_at:
            self.close()  # the system does, for a process that is gone
            raise HostKilled

    def _require_there(self) -> None:
        if self._scanner.fate is not Fate.STAYS:
            self._bus.gone(self._name)
        if self.closed or not self._bus.leads_to(self._name, self._scanner):
            raise ScannerUnplugged(self._name)


class EmulatedBus:
    """Ports in memory and the scanners on them. ``killed_at`` is the step at which this program is killed."""

    def __init__(self, times: Times | None = None, killed_at: int = 0) -> None:
        self.times: Times = times or EmulatedTimes()
        self.killed_at = killed_at
        self.steps = 0
        self.sent = bytearray()
        """Everything that was ever sent to any scanner."""
        self._ports: dict[str, tuple[EmulatedScanner, float]] = {}
        self._open = set[str]()
        self._made = 0

    def plug(self, scanner: EmulatedScanner, after_seconds: float = 0) -> str:
        """Connect a scanner, after so many seconds, and return the name of its port, a new one each time."""
        name = f"emulated{self._made}"
        self._made += 1
        self._ports[name] = (scanner, self.times.monotonic() + after_seconds)
        return name

    def gone(self, name: str) -> None:
        """Pull a cable, or let a scanner vanish that comes back by itself."""
        found = self._ports.pop(name, None)
        self._open.discard(name)
        if found is not None:
            comes_back = found[0].fate is Fate.REAPPEARS
            found[0].unplugged()
            if comes_back:
                self.plug(found[0], REAPPEAR_SECONDS)

    def closed(self, name: str) -> None:
        """Let another program open this port."""
        self._open.discard(name)
        found = self._ports.get(name)
        if found is not None and found[0].fate is not Fate.STAYS:
            self.gone(name)

    def names(self) -> list[str]:
        """Return the ports that there are now."""
        return sorted(name for name, (_, since) in self._ports.items() if since <= self.times.monotonic())

    def leads_to(self, name: str, scanner: EmulatedScanner) -> bool:
        """Whether this port is there, and leads to this scanner."""
        return name in self._ports and self._ports[name][0] is scanner

    def open_line(self, name: str | None = None) -> EmulatedLine:
        """Open a named port, or the only one.

        Raises:
            ScannerNotFound, ScannersSeveral, PortMissing, PortBusy.
        """
        names = self.names()
        if name is None:
            if len(names) != 1:
                raise ScannersSeveral(names) if names else ScannerNotFound
            name = names[0]
        if name not in names:
            raise PortMissing(name)
        if name in self._open:
            raise PortBusy(name)
        self._open.add(name)
        return EmulatedLine(name, self, self._ports[name][0])
