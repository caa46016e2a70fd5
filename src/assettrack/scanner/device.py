"""Owns the real thing: which ports lead to a scanner, opening one, and bytes over it.

Everything that can go wrong with a port that is opened, from then on, becomes an error of the catalogue here; no
exception of pyserial or of the system about it leaves this module. It must never take a port for a scanner because of
what the system calls it: whoever opens one interrogates it. pyserial is imported only where a port is looked for or
opened.
"""

import errno
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from assettrack.domain.errors import AssetTrackError
from assettrack.domain.scanner_errors import (
    PortBusy,
    PortForbidden,
    PortMissing,
    PortUnusable,
    ScannerModeUnusable,
    ScannerNotFound,
    ScannersSeveral,
    ScannerUnplugged,
)

if TYPE_CHECKING:
    import serial

VENDOR_ID = 0x065A
"""Opticon's USB vendor number. Product numbers differ by model and mode, so they decide nothing."""

BAUD = 9600
WRITE_SECONDS_MAX = 5.0
WAKE_DROP_SECONDS = 0.175
WAKE_WAIT_SECONDS = 0.1

SYSTEM_DEVICES = Path("/sys/bus/usb/devices")
_KEYBOARD, _DISK = "03", "08"
MODES = {
    _KEYBOARD: "a keyboard (USB-HID)",
    _DISK: "a disk (USB-MSD) with the batch application, which keeps each code once and not the order of the scans",
}
"""What a scanner without serial port is, by the class of a USB interface of it (USB-IF class codes)."""


class FoundPort(msgspec.Struct, frozen=True):
    """A serial port that leads to something of Opticon's, as the system tells it."""

    name: str
    product_id: int | None
    usb_serial: str
    description: str


class SystemTimes:
    """The time of this computer."""

    def monotonic(self) -> float:
        """Seconds of a clock that never jumps."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)


class SerialLine:
    """A line over a serial port that is open, and ours alone."""

    def __init__(self, name: str, port: "serial.Serial") -> None:
        self._name = name
        self._port = port
        self._closed = False

    @property
    def name(self) -> str:
        """The port, as a person would name it."""
        return self._name

    def write(self, data: bytes) -> None:
        """Send all of these bytes; where the port takes none for five seconds, the scanner will just not answer.

        Raises:
            ScannerUnplugged: the port failed.
        """
        import serial

        with self._unplugged(), suppress(serial.SerialTimeoutException):
            self._port.write(data)

    def read(self, size: int, idle_seconds: float) -> bytes:
        """Return up to ``size`` bytes as soon as there is one; none after so many seconds without one.

        Raises:
            ScannerUnplugged: the port failed.
        """
        with self._unplugged():
            if self._port.timeout != idle_seconds:
                self._port.timeout = idle_seconds
            first = bytes(self._port.read(1))
            waiting = min(size - 1, self._port.in_waiting) if first else 0
            return first + bytes(self._port.read(waiting)) if waiting else first

    def flush_input(self) -> None:
        """Throw away what came and was not read.

        Raises:
            ScannerUnplugged: the port failed.
        """
        with self._unplugged():
            self._port.reset_input_buffer()

    def data_ready(self) -> bool | None:
        """Return whether the scanner signals that it holds scans (CTS); None where the port can't tell."""
        try:
            return bool(self._port.cts)
        except _failures():
            return None

    def close(self) -> None:
        """Close the port; a second time does nothing."""
        if not self._closed:
            self._closed = True
            with suppress(*_failures()):
                self._port.close()

    @contextmanager
    def _unplugged(self) -> Iterator[None]:
        try:
            yield
        except _failures() as error:
            raise ScannerUnplugged(self._name) from error


def find_ports() -> list[FoundPort]:
    """Return the serial ports that lead to something of Opticon's, by name."""
    from serial.tools import list_ports

    found = (port for port in list_ports.comports() if port.vid == VENDOR_ID)
    ports = [FoundPort(port.device, port.pid, port.serial_number or "", port.description or "") for port in found]
    return sorted(ports, key=lambda port: port.name)


def find_port(ports: Sequence[FoundPort] | None = None, devices: Path = SYSTEM_DEVICES) -> str:
    """Return the name of the one port that leads to a scanner.

    Raises:
        ScannerNotFound, ScannersSeveral, ScannerModeUnusable: it is connected as something else.
    """
    names = [port.name for port in (find_ports() if ports is None else ports)]
    if len(names) == 1:
        return names[0]
    if names:
        raise ScannersSeveral(names)
    for mode in modes_without_port(devices):
        raise ScannerModeUnusable(mode)
    raise ScannerNotFound


def modes_without_port(devices: Path = SYSTEM_DEVICES) -> list[str]:
    """Return, in words, as what scanners are connected that have no serial port. Linux tells; elsewhere none are."""
    modes = []
    for vendor in sorted(devices.glob("*/idVendor")):
        if _told(vendor) == f"{VENDOR_ID:04x}":
            classes = {_told(file) for file in vendor.parent.glob("*/bInterfaceClass")}
            modes += [mode for usb_class, mode in MODES.items() if usb_class in classes]
    return modes


def open_line(port: str | None = None, *, odd_parity: bool = False) -> SerialLine:
    """Open a named port, or the one that leads to a scanner, at 9600 baud, 8N1, for us alone.

    Over the USB cables of the family parity does not matter, and odd parity fails on Linux; ``odd_parity`` is for a
    true RS-232 cable only (CS1504 Data Communication Protocol §6), whose scanner is woken, too.

    Raises:
        PortMissing, PortForbidden, PortBusy, PortUnusable: it can't be opened; or as `find_port`.
    """
    import serial

    name = find_port() if port is None else port
    parity = serial.PARITY_ODD if odd_parity else serial.PARITY_NONE
    try:
        opened = serial.Serial(name, BAUD, parity=parity, exclusive=True, write_timeout=WRITE_SECONDS_MAX)
    except _failures() as error:
        raise opening_error(name, error) from error
    if odd_parity:
        _wake(opened)
    return SerialLine(name, opened)


def opener(port: str | None = None, *, odd_parity: bool = False) -> Callable[[], SerialLine]:
    """Return what `link.connect` opens a line with; a scanner that comes back is found by its maker, not its name."""
    calls = count()

    def opened() -> SerialLine:
        first = next(calls) == 0
        return open_line(port if first else _by_maker(port), odd_parity=odd_parity)

    return opened


def opening_error(name: str, error: Exception) -> AssetTrackError:
    """Return the error of the catalogue for a port that can't be opened."""
    number = getattr(error, "errno", None)
    said = str(error)
    # On Windows, pyserial puts the system's error into its own sentence and keeps no number.
    if number in {errno.ENOENT, errno.ENODEV, errno.ENXIO} or "FileNotFoundError" in said:
        return PortMissing(name)
    if number in {errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK} or "PermissionError" in said:
        return PortBusy(name)
    if number in {errno.EACCES, errno.EPERM}:
        return PortForbidden(name)
    reason = getattr(error, "strerror", None) or (error.args[-1] if error.args else "")
    return PortUnusable(name, _in_one_line(str(reason)) or "the system does not say why")


def _by_maker(port: str | None) -> str | None:
    """Return the one port there is of the maker, or the one that was named if there is none, or several."""
    names = [found.name for found in find_ports()]
    return names[0] if len(names) == 1 else port


def _wake(port: "serial.Serial") -> None:
    """Wake a CS1504 by its DTR line (CS1504 Data Communication Protocol §6.1); not every port has one."""
    with suppress(*_failures()):
        port.dtr = False
        time.sleep(WAKE_DROP_SECONDS)
        port.dtr = True
        time.sleep(WAKE_WAIT_SECONDS)


def _failures() -> tuple[type[Exception], ...]:
    """Return what a port may raise: of the system, of pyserial about a value, and of the terminal that vanished."""
    if sys.platform == "win32":
        return (OSError, ValueError)
    import termios

    return (OSError, ValueError, termios.error)


def _told(file: Path) -> str:
    """Return what a file of the system says, blank where it can't be read: devices come and go."""
    try:
        return file.read_text("ascii").strip().lower()
    except (OSError, UnicodeDecodeError):
        return ""


def _in_one_line(text: str) -> str:
    return " ".join("".join(character if character.isprintable() else " " for character in text).split()).rstrip(".")
