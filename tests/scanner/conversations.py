"""Owns what the tests of conversations start from: a scanner in memory with a morning's scans, and a whole pull."""

from collections.abc import Sequence

from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import EmulatedBus
from assettrack.scanner.emulator import EmulatedScanner, Unit
from assettrack.scanner.frames import Command
from assettrack.scanner.link import ClockMeasure, Link, connect
from assettrack.scanner.replies import Upload

CODES = ("LOC-CASE07", "LT-00042", "LT-00042", "LT-00043", "4006381333931")
"""What was scanned, three seconds apart; one code twice, as cards are."""

CLEAR_FRAME = bytes.fromhex("0202009F2E")


def scanner_on(
    bus: EmulatedBus, *faults: Fault, codes: Sequence[str] = CODES, unit: Unit | None = None
) -> EmulatedScanner:
    """A scanner with these scans, whose faults are there before the first of them; it is plugged in."""
    early = [fault for fault in faults if not of_state(fault)]
    scanner = EmulatedScanner(bus.times, unit, early)
    for code in codes:
        scanner.scan(code)
        bus.times.sleep(3)
    for fault in faults:
        if of_state(fault):
            scanner.arm(fault)
    bus.plug(scanner)
    return scanner


def of_state(fault: Fault) -> bool:
    """Whether a fault changes what the scanner holds, and so comes after the scans."""
    return fault.name in {"empty", "longest", "odd-bytes", "like-interrogate", "ten-thousand"}


def uncertain_seconds(measure: ClockMeasure) -> float:
    """Half of the time that the answer took, and the second that the scanner rounds away."""
    return measure.took_seconds / 2 + 1


def pulled(bus: EmulatedBus, name: str | None = None) -> tuple[Link, Upload]:
    """Connect, ask for the settings, read the scans: all that a pull does before anything is stored."""
    link = connect(lambda: bus.open_line(name), bus.times)
    return link, link.upload(link.settings())


def texts(upload: Upload) -> tuple[str, ...]:
    """What was scanned, in order."""
    return tuple(record.text for record in upload.records)


def times_heard(scanner: EmulatedScanner, command: Command) -> int:
    """How often a scanner heard a command."""
    return scanner.heard.count(command)
