"""Owns what a conversation needs from outside: a line that bytes go over, and time. Only the shapes stand here."""

from datetime import datetime
from typing import Protocol


class Line(Protocol):
    """A byte stream to one scanner, opened by whoever hands it over.

    Every method may raise a `ScannerUnplugged`; nothing else leaves it.
    """

    @property
    def name(self) -> str:
        """The port, as a person would name it."""
        ...

    def write(self, data: bytes) -> None:
        """Send all of these bytes."""
        ...

    def read(self, size: int, idle_seconds: float) -> bytes:
        """Return up to ``size`` bytes as soon as there is one; none after so many seconds without one."""
        ...

    def flush_input(self) -> None:
        """Throw away what came and was not read."""
        ...

    def close(self) -> None:
        """End it; a second time does nothing."""
        ...


class Times(Protocol):
    """Time as the conversation needs it."""

    def monotonic(self) -> float:
        """Seconds of a clock that never jumps."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait."""
        ...

    def now(self) -> datetime:
        """This computer's time, with its zone."""
        ...
