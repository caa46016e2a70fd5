"""The memory of an emulated scanner in a file: its scans, settings and clock, from one call of the program to the next.

Owns the form of that file, the scans that a new one begins with, and the way from it to a line. What the scanner is
told is in the file before it answers, as a scanner's own memory would be, so that it may be killed at any time. It must
never be opened where nobody asked for an emulated scanner, and never in place of one that is not there.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import NamedTuple

import msgspec

from assettrack.domain import cards, errors
from assettrack.domain.cards import Card, CardKind
from assettrack.scanner.device import SystemTimes, open_line
from assettrack.scanner.device_times import STAMP_BYTES
from assettrack.scanner.emulated_faults import KINDS, Fault
from assettrack.scanner.emulated_line import EmulatedBus, EmulatedTimes
from assettrack.scanner.emulated_lock import the_only_user
from assettrack.scanner.emulator import DEFAULTS, EmulatedScanner, Unit
from assettrack.scanner.frames import SERIAL_BYTES
from assettrack.scanner.line import Line, Times

FORMAT = "AssetTrack emulated scanner 1"
"""The first words of the file; the number goes up when the form changes."""

SERIAL_FIELD = "0000000000900001"
VERSION = "RFI3727T"
SAMPLE_SCANS = (
    cards.written(Card(CardKind.BEGIN, "KIM")),
    cards.written(Card(CardKind.EVENT, "SCAN")),
    cards.written(Card(CardKind.SLOT, "CASE-01", 1)),
    "LT-9001",
    cards.written(Card(CardKind.SLOT, "CASE-01", 2)),
    "LT-9002",
    cards.written(Card(CardKind.END, "2")),
)
"""What a new one holds: two laptops that somebody named Kim scanned into the first slots of CASE-01."""

FAULTS = tuple(name for name, kind in KINDS.items() if kind.command is not None or kind.every_command)
"""What can go wrong while it is asked for something; all else changes what it holds, and that is in the file itself."""

SAMPLE_AGE = timedelta(minutes=5)
SECONDS_BETWEEN = 3.0


class KeptScan(msgspec.Struct, frozen=True):
    """One scan as the file holds it: its text, its kind of code, and the four bytes of its time in hexadecimal."""

    text: str
    symbology: int
    stamp: str


class Memory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Everything that an emulated scanner remembers; bytes are in hexadecimal, parameters by their number in it.

    ``faults`` go wrong with it, or with its cable, each time that it is connected, as long as they stand there.
    """

    format: str = FORMAT
    serial_field: str = SERIAL_FIELD
    version: str = VERSION
    clock_off_seconds: float = 0.0
    clock_weak: bool = False
    parameters: dict[str, str] = {}
    scans: tuple[KeptScan, ...] = ()
    faults: tuple[str, ...] = ()


class GivenTimes(SystemTimes):
    """The time of this computer, told by whoever hands it in."""

    def __init__(self, tell: Callable[[], datetime]) -> None:
        self._tell = tell

    def now(self) -> datetime:
        """Return the time, in UTC."""
        return self._tell()


class _Remembered(NamedTuple):
    """What changes of a scanner, to be compared."""

    records: list[bytes]
    parameters: dict[int, bytes]
    clock_offset: timedelta
    clock_weak: bool


class KeptScanner(EmulatedScanner):
    """An emulated scanner whose memory is in a file."""

    def __init__(self, path: Path, times: Times, unit: Unit) -> None:
        super().__init__(times, unit)
        self._path = path
        self._in_file: _Remembered | None = None

    def receive(self, data: bytes) -> list[bytes]:
        """Take bytes from the host. What they changed is in the file before it answers, or it is mute."""
        answered = super().receive(data)
        try:
            self.keep()
        except errors.FileUnwritable:
            return []
        return answered

    def keep(self) -> None:
        """Bring what changed into the file.

        Raises:
            errors.FileUnwritable: the file can't be written; what it held is as it was.
        """
        now = _Remembered(list(self.records), dict(self.parameters), self.clock_offset, self.clock_weak)
        if now != self._in_file:
            _replace(self._path, written(self))
            self._in_file = now


def written(scanner: EmulatedScanner) -> bytes:
    """Return the memory of a scanner as the file holds it: JSON that people can read, and change."""
    memory = Memory(
        serial_field=scanner.unit.serial_field.hex(),
        version=scanner.unit.version.decode("ascii"),
        clock_off_seconds=scanner.clock_offset.total_seconds(),
        clock_weak=scanner.clock_weak,
        parameters={f"{number:02X}": value.hex() for number, value in scanner.parameters.items()},
        scans=tuple(_kept_scan(record) for record in scanner.records),
        faults=tuple(armed.fault.name for armed in scanner.faults),
    )
    return msgspec.json.format(msgspec.json.encode(memory)) + b"\n"


def read(content: bytes, path: Path, times: Times) -> KeptScanner:
    """Return the scanner whose memory these bytes are.

    Raises:
        ValueError: they are none.
    """
    memory = msgspec.json.decode(content, type=Memory)
    if memory.format != FORMAT:
        raise ValueError(f"it is of another form, {memory.format[:60]!a}")
    unit = Unit(_bytes(memory.serial_field, SERIAL_BYTES), _bytes(memory.version.encode("ascii").hex(), len(VERSION)))
    scanner = KeptScanner(path, times, unit)
    scanner.parameters = dict(DEFAULTS)
    for number, value in memory.parameters.items():
        known = DEFAULTS.get(int(number, 16))
        if known is None:
            raise ValueError(f"it has a parameter {number!a}, which these scanners have not")
        scanner.parameters[int(number, 16)] = _bytes(value, len(known))
    scanner.records = [
        bytes([scan.symbology]) + scan.text.encode("latin-1") + _bytes(scan.stamp, STAMP_BYTES) for scan in memory.scans
    ]
    scanner.clock_offset = timedelta(seconds=memory.clock_off_seconds)
    scanner.clock_weak = memory.clock_weak
    for name in memory.faults:
        if name not in FAULTS:
            raise ValueError(f"it has a fault {name[:40]!a}, and there are {', '.join(FAULTS)}")
        scanner.arm(Fault(name))
    return scanner


def kept_scanner(path: Path, times: Times, zone: tzinfo | None, *, scans: Sequence[str] = SAMPLE_SCANS) -> KeptScanner:
    """Return the scanner of a file, or where there is none a new one that holds these scans.

    The clock of a new one shows local time of a zone, by default of this computer.

    Raises:
        errors.FileUnreadable: the file can't be read, or is none of ours.
        errors.FileUnwritable: it can't be written.
    """
    if path.exists() and not path.is_file():  # a pipe would be waited for without end
        raise errors.FileUnreadable(str(path), "it is no file, and an emulated scanner is kept in one")
    try:
        scanner = read(path.read_bytes(), path, times)
    except FileNotFoundError:
        scanner = _new(path, times, zone, scans)
    except (ValueError, OverflowError, RecursionError) as error:
        raise errors.FileUnreadable(str(path), f"it is no memory of an emulated scanner ({error})") from error
    except OSError as error:
        raise errors.FileUnreadable(str(path), error.strerror or str(error)) from error
    scanner.keep()
    return scanner


def scanned(path: Path, times: Times, zone: tzinfo | None, texts: Sequence[str]) -> tuple[int, int]:
    """Scan texts with the scanner of a file; return how many it stored of them, and how many scans it holds now.

    Where there is no file, the scanner is new and held nothing; without texts it holds the samples.

    Raises:
        scanner_errors.PortBusy, errors.FileUnreadable, errors.FileUnwritable: as `in_use`.
    """
    with in_use(path, times, zone, scans=() if texts else SAMPLE_SCANS) as scanner:
        stored = sum(scanner.scan(text) for text in texts)
        scanner.keep()
        return stored, len(scanner.records)


@contextmanager
def in_use(
    path: Path, times: Times, zone: tzinfo | None, *, scans: Sequence[str] = SAMPLE_SCANS
) -> Iterator[KeptScanner]:
    """Lend the scanner of a file, as `kept_scanner`, to one program at a time.

    Raises:
        scanner_errors.PortBusy: another program works with it.
        errors.FileUnreadable, errors.FileUnwritable: as `kept_scanner`.
    """
    with the_only_user(path):
        yield kept_scanner(path, times, zone, scans=scans)


@contextmanager
def plugged_in(scanner: EmulatedScanner) -> Iterator[Callable[[], Line]]:
    """Connect a scanner and lend what opens a line to it: over a pseudo terminal, where the system has such."""
    try:
        from assettrack.scanner.emulated_port import EmulatedPort
    except ImportError:
        bus = EmulatedBus(scanner.times)
        bus.plug(scanner)
        yield bus.open_line
        return
    with EmulatedPort(scanner) as port:
        yield lambda: open_line(port.name)


def _new(path: Path, times: Times, zone: tzinfo | None, scans: Sequence[str]) -> KeptScanner:
    """Return a new scanner, whose clock shows local time, and which holds scans of a few minutes ago."""
    now = times.now()
    scanner = KeptScanner(path, times, Unit(bytes.fromhex(SERIAL_FIELD), VERSION.encode("ascii")))
    scanner.clock_offset = now.astimezone(zone).utcoffset() or timedelta()
    earlier = EmulatedTimes(now - SAMPLE_AGE)
    in_the_field = EmulatedScanner(earlier, scanner.unit)
    in_the_field.clock_offset = scanner.clock_offset
    for text in scans:
        in_the_field.scan(text)
        earlier.sleep(SECONDS_BETWEEN)
    scanner.records = in_the_field.records
    return scanner


def _kept_scan(record: bytes) -> KeptScan:
    data, stamp = record[1:-STAMP_BYTES], record[-STAMP_BYTES:]
    return KeptScan(data.decode("latin-1"), record[0], stamp.hex())


def _bytes(text: str, size: int) -> bytes:
    found = bytes.fromhex(text)
    if len(found) != size:
        raise ValueError(f"{text[:40]!a} has not {size} bytes")
    return found


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole, in place of what was there, or not at all; a link still leads to it."""
    try:
        file_itself = Path(os.path.realpath(path))
        handle, name = tempfile.mkstemp(prefix=f".{file_itself.name[:50]}.", dir=file_itself.parent)
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(file_itself)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise errors.FileUnwritable(str(path), error.strerror or str(error)) from error
