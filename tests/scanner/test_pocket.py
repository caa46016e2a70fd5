"""A connected scanner as the services see it: the same by a cable and by a browser, and set so that nothing is lost."""

from datetime import UTC, datetime

import pytest

from assettrack.domain.scanner_errors import ScannerSettingRefused
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import EmulatedBus
from assettrack.scanner.emulator import EmulatedScanner
from assettrack.scanner.heard import QUESTIONS, HeardScanner
from assettrack.scanner.link import connect
from assettrack.scanner.parameters import Parameter
from assettrack.scanner.pocket import PocketScanner
from tests.scanner.conversations import CODES, scanner_on

AT = datetime(2026, 2, 4, 8, 15, tzinfo=UTC)


def on_cable(bus: EmulatedBus) -> PocketScanner:
    """Return the scanner on the bus."""
    return PocketScanner(connect(bus.open_line, bus.times))


def by_browser(scanner: EmulatedScanner) -> HeardScanner:
    """Return it by what it answers to a browser."""
    return HeardScanner([b"".join(scanner.receive(question)) for question in QUESTIONS], AT, 0)


@pytest.mark.parametrize(
    "faults",
    [(), (Fault("reject-redundant"), Fault("no-stamps")), (Fault("low-battery"),)],
)
def test_a_browser_and_a_cable_tell_the_same_scanner(faults: tuple[Fault, ...]) -> None:
    """Who it is, how it is set and what endangers its scans does not hang on the way by which it is read."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, *faults)
    cable, browser = on_cable(bus), by_browser(scanner)
    assert (cable.identity, cable.settings) == (browser.identity, browser.settings)


def test_a_scanner_that_stores_short_codes_only_is_a_danger_until_it_is_set_right() -> None:
    """A card of 30 characters would not be stored; the danger is said, and setting the scanner right takes it away."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, codes=())
    scanner.parameters[Parameter.LENGTH_MAX] = b"\x14"
    pocket = on_cable(bus)
    assert any("30 characters" in danger for danger in pocket.settings.dangers)
    assert pocket.make_safe().dangers == []
    assert scanner.scan("AT " + "C" * 27)


def test_the_length_is_not_set_while_scans_are_held() -> None:
    """The scanner refuses it then; what it holds stays, and why it was not set is said."""
    bus = EmulatedBus()
    scanner = scanner_on(bus)
    scanner.parameters[Parameter.LENGTH_MAX] = b"\x14"
    with pytest.raises(ScannerSettingRefused, match="while it holds scans"):
        on_cable(bus).make_safe()
    assert len(scanner.records) == len(CODES)
