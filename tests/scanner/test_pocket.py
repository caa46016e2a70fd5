"""A connected scanner as the services see it: the same by a cable and by a browser, and set so that nothing is lost."""

from datetime import UTC, datetime

import pytest

from assettrack.domain.scanner_errors import ScannerAnswerDamaged, ScannerSettingLeft, ScannerSettingUnsafe
from assettrack.scanner.emulated_faults import Fault
from assettrack.scanner.emulated_line import EmulatedBus
from assettrack.scanner.emulator import EmulatedScanner, Unit
from assettrack.scanner.frames import Command
from assettrack.scanner.heard import QUESTIONS, HeardScanner
from assettrack.scanner.link import connect
from assettrack.scanner.parameters import Danger, Parameter
from assettrack.scanner.pocket import DANGERS, PocketScanner, read_scans
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


def left_as_it_is(scanner: EmulatedScanner, bus: EmulatedBus, said: str) -> PocketScanner:
    """Have a scanner set right that holds scans. What it changes only while it is empty is not even sent."""
    before = dict(scanner.parameters)
    pocket = on_cable(bus)
    with pytest.raises(ScannerSettingLeft, match=f"not set to {said}: it holds 5 scans.* scanner pull"):
        pocket.make_safe()
    at_once = (Parameter.AUTO_CLEAR, Parameter.REJECT_REDUNDANT, Parameter.DELETE_KEYS)
    assert scanner.parameters == before | dict.fromkeys(at_once, b"\0")
    assert scanner.heard.count(Command.WRITE_PARAMETERS) == len(at_once)
    return pocket


@pytest.mark.parametrize("takes", [False, True])
def test_times_are_not_switched_on_while_scans_are_held(*, takes: bool) -> None:
    """Their last letters could be read as times. Whether the unit would take it or not, all else is set right."""
    bus = EmulatedBus()
    faults = (Fault("no-stamps"), Fault("auto-clear"), Fault("reject-redundant"))
    codes = ("LT-00001", "LT-00002", "LT-00003", "LT-00004", "LT-00005")
    scanner = scanner_on(bus, *faults, codes=codes, unit=Unit(changes_while_holding=takes))
    pocket = left_as_it_is(scanner, bus, "keep times with its scans")
    assert pocket.settings.dangers == [DANGERS[Danger.NO_STAMPS]]
    told = read_scans(pocket.upload(), with_stamps=pocket.settings.with_stamps)
    assert tuple(each.text for each in told) == codes
    scanner.records.clear()
    assert pocket.make_safe().dangers == []
    scanner.scan("LT-9")
    assert [each.text for each in read_scans(pocket.upload(), with_stamps=True)] == ["LT-9"]


def test_a_unit_that_takes_it_while_it_holds_scans_would_be_read_wrongly() -> None:
    """Why it is not sent: of what the unit then tells, the last four letters are taken for a time."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("no-stamps"), codes=("LT-00012",), unit=Unit(changes_while_holding=True))
    pocket = on_cable(bus)
    pocket.link.write_parameters({Parameter.STORE_STAMPS: b"\1"})
    reply = pocket.link.upload(pocket.link.settings()).raw
    assert [each.text for each in read_scans(reply, with_stamps=True)] == ["LT-0"]


@pytest.mark.parametrize(
    ("faults", "said"),
    [
        ((), "store codes of 30 characters"),
        ((Fault("no-stamps"),), "keep times with its scans and to store codes of 30 characters"),
    ],
)
def test_the_length_is_not_set_while_scans_are_held(faults: tuple[Fault, ...], said: str) -> None:
    """What it holds stays, and why it was not set is said, with whatever else had to wait."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, *faults)
    scanner.parameters[Parameter.LENGTH_MAX] = b"\x14"
    left_as_it_is(scanner, bus, said)
    assert len(scanner.records) == len(CODES)


def test_a_scanner_whose_scans_can_not_be_counted_keeps_its_times_as_they_are() -> None:
    """Whether it holds scans is not known then: nothing that hangs on it is sent."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, Fault("no-stamps"), Fault("bad-checksum", times=0), codes=())
    with pytest.raises(ScannerAnswerDamaged):
        on_cable(bus).make_safe()
    assert scanner.parameters[Parameter.STORE_STAMPS] == b"\0"


@pytest.mark.parametrize("codes", [(), CODES])
def test_a_scanner_that_does_not_say_whether_it_keeps_times_is_asked_what_it_holds(codes: tuple[str, ...]) -> None:
    """How many scans there are does not hang on it. It is made to keep times where there are none."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, codes=codes, unit=Unit(changes_while_holding=True))
    scanner.parameters[Parameter.STORE_STAMPS] = b"\2"
    pocket = on_cable(bus)
    if not codes:
        pocket.make_readable()
        assert scanner.parameters[Parameter.STORE_STAMPS] == b"\1"
        return
    with pytest.raises(ScannerSettingUnsafe, match="does not say whether it keeps times"):
        pocket.upload()
    for make in (pocket.make_readable, pocket.make_safe):
        with pytest.raises(ScannerSettingLeft, match="Make a file of them with its maker's program"):
            make()
        assert scanner.parameters[Parameter.STORE_STAMPS] == b"\2"
