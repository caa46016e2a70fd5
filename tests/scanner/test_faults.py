"""Everything that is known to go wrong with a scanner, done to a whole pull: no scan lost, no clear, a clear answer."""

from itertools import pairwise
from pathlib import Path

import pytest

from assettrack.domain.errors import AssetTrackError
from assettrack.domain.scanner_errors import (
    ScannerAnswerDamaged,
    ScannerChanged,
    ScannerClearRefused,
    ScannerClearUncertain,
    ScannerCommandRefused,
    ScannerForeign,
    ScannerNotCleared,
    ScannerReappearing,
    ScannerSettingRefused,
    ScannerSettingUnsafe,
    ScannerSilent,
    ScannersSeveral,
    ScannerUnplugged,
)
from assettrack.scanner import protocol
from assettrack.scanner.clearing import Stored, clear
from assettrack.scanner.device_times import Doubt
from assettrack.scanner.emulated_faults import KINDS, LATE_SCAN, ODD_DATA, STALE, Fault
from assettrack.scanner.emulated_line import EmulatedBus, HostKilled
from assettrack.scanner.frames import Command
from assettrack.scanner.parameters import Danger
from tests.scanner.conversations import CLEAR_FRAME, CODES, pulled, scanner_on, texts, times_heard

NOT_OF_THE_SCANNER = ("two-devices", "host-killed", "disk-full")
"""Faults of the bus or of this computer, tried below by what they do: the scanner knows nothing of them."""

# What a pull makes of faults that pass: the scans as they are, and how often the upload was asked for.
PASSING = [
    (Fault("swallowed"), 1),
    (Fault("swallowed", times=5), 1),
    (Fault("reappears"), 1),
    (Fault("reappears", times=3), 1),
    (Fault("low-battery"), 1),
    (Fault("bad-checksum"), 2),
    (Fault("bad-checksum", times=4), 5),
    (Fault("bad-checksum", command=Command.INTERROGATE), 1),
    (Fault("bad-checksum", command=Command.READ_PARAMETERS, step=3), 1),
    (Fault("flip-serial"), 2),
    (Fault("flip-symbology"), 2),
    (Fault("flip-stamp"), 2),
    *((Fault("flip-length", value=bit), 2) for bit in range(8)),
    (Fault("byte-by-byte"), 1),
    (Fault("stops"), 2),
    (Fault("stops", command=Command.READ_PARAMETERS, step=2), 1),
    (Fault("swallowed", command=Command.UPLOAD), 2),
    (Fault("error-05"), 2),
    (Fault("error-07"), 2),
    (Fault("error-08"), 2),
    (Fault("error-09", times=4), 5),
    (Fault("error-09", command=Command.INTERROGATE), 1),
    (Fault("error-08", command=Command.READ_PARAMETERS, step=5), 1),
    (Fault("stale-bytes", command=Command.INTERROGATE), 1),
    (Fault("stale-bytes", command=Command.UPLOAD), 2),
    (Fault("stale-bytes", command=Command.READ_PARAMETERS), 1),
    (Fault("other-serial"), 2),
    (Fault("clock-2065"), 1),
    (Fault("clock-weak"), 1),
    (Fault("late-scan"), 1),
    (Fault("reject-redundant", value=2), 1),
]

# What a pull says of faults that last.
LASTING = [
    (Fault("swallowed", times=0), ScannerSilent),
    (Fault("reappears", times=4), ScannerReappearing),
    (Fault("bad-checksum", times=0), ScannerAnswerDamaged),
    (Fault("bad-checksum", times=0, command=Command.INTERROGATE), ScannerAnswerDamaged),
    (Fault("stops", times=0), ScannerAnswerDamaged),
    (Fault("unplugged-in-upload"), ScannerUnplugged),
    (Fault("error-05", times=0), ScannerCommandRefused),
    (Fault("error-07", times=0, command=Command.READ_PARAMETERS), ScannerCommandRefused),
    (Fault("error-09", times=0, command=Command.INTERROGATE), ScannerCommandRefused),
    (Fault("swallowed", times=0, command=Command.UPLOAD), ScannerSilent),
    (Fault("stale-bytes", times=0, command=Command.UPLOAD), ScannerAnswerDamaged),
    (Fault("other-serial", times=0), ScannerChanged),
    (Fault("auto-clear"), ScannerSettingUnsafe),
    (Fault("too-short"), ScannerAnswerDamaged),
    (Fault("echoes"), ScannerForeign),
    (Fault("positions"), ScannerForeign),
]


def shown(value: object) -> str:
    """A fault in a few words, for the name of a test."""
    if not isinstance(value, Fault):
        return ""
    return f"{value.name}-{value.command.name if value.command else ''}-{value.times}-{value.value}"


@pytest.mark.parametrize(("fault", "uploads"), PASSING, ids=shown)
def test_what_passes_costs_a_second_question_and_no_scan(fault: Fault, uploads: int) -> None:
    """Every scan is read, in order and once; nothing is cleared."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, fault)
    _, upload = pulled(bus)
    dropped = fault.name == "reject-redundant"
    assert texts(upload) == (CODES[:2] + CODES[3:] if dropped else CODES)
    assert times_heard(scanner, Command.UPLOAD) == uploads
    assert CLEAR_FRAME not in bus.sent


@pytest.mark.parametrize(("fault", "error"), LASTING, ids=shown)
def test_what_lasts_ends_in_an_answer_and_no_scan_is_lost(fault: Fault, error: type[AssetTrackError]) -> None:
    """The error of the catalogue is said; the scanner still holds everything, and nothing was cleared."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, fault)
    held = list(scanner.records)
    with pytest.raises(error):
        pulled(bus)
    assert scanner.records == held
    assert CLEAR_FRAME not in bus.sent
    assert times_heard(scanner, Command.UPLOAD) <= 5


@pytest.mark.parametrize("name", ["echoes", "positions"])
def test_something_else_is_sent_nothing_more(name: str) -> None:
    """A modem or a satellite receiver is asked once what it is, and then left alone."""
    bus = EmulatedBus()
    scanner_on(bus, Fault(name))
    with pytest.raises(ScannerForeign) as caught:
        pulled(bus)
    assert bytes(bus.sent) == protocol.INTERROGATE
    assert caught.value.raw
    assert {"echoes": "modem", "positions": "satellite"}[name] in str(caught.value)


def test_a_scanner_that_comes_back_is_found_at_its_new_port() -> None:
    """After status 5 nothing it said is used; five seconds later it is asked anew, wherever it is then."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("reappears"))
    before, begun = bus.names(), bus.times.monotonic()
    link, _ = pulled(bus)
    assert bus.names() != before
    assert link.line.name == bus.names()[0]
    assert link.known.status == 0
    assert bus.times.monotonic() - begun >= 5


def test_a_low_battery_is_known() -> None:
    """Status 22 stays with the session."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("low-battery"))
    assert pulled(bus)[0].known.low_battery


@pytest.mark.parametrize("bit", range(8))
@pytest.mark.parametrize("name", ["flip-serial", "flip-length", "flip-symbology", "flip-stamp"])
def test_a_wrong_bit_is_never_believed(name: str, bit: int) -> None:
    """Whichever bit of a field is wrong, the answer is asked for again."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, Fault(name, value=bit))
    assert texts(pulled(bus)[1]) == CODES
    assert times_heard(scanner, Command.UPLOAD) == 2


def test_an_answer_may_be_split_anywhere() -> None:
    """Two pieces, split at each place of the longest answer: the scans are the same, asked for once."""
    bus = EmulatedBus()
    scanner_on(bus)
    whole = pulled(bus)[1].raw
    for cut in range(len(whole) + 1):
        bus = EmulatedBus()
        scanner = scanner_on(bus, Fault("split", value=cut))
        assert pulled(bus)[1].raw == whole
        assert times_heard(scanner, Command.UPLOAD) == 1


def test_the_cable_may_be_pulled_at_any_byte() -> None:
    """At every byte of the upload: it is said, and plugged in again the scanner gives everything."""
    bus = EmulatedBus()
    scanner_on(bus)
    whole = pulled(bus)[1].raw
    for cut in range(1, len(whole)):
        bus = EmulatedBus()
        scanner = scanner_on(bus, Fault("unplugged-in-upload", value=cut))
        with pytest.raises(ScannerUnplugged):
            pulled(bus)
        bus.plug(scanner)
        assert pulled(bus)[1].raw == whole


@pytest.mark.parametrize(("name", "left"), [("unplugged-before-clear", CODES), ("unplugged-after-clear", ())])
def test_a_cable_pulled_at_the_clear_leaves_it_open(name: str, left: tuple[str, ...]) -> None:
    """Nobody can know whether it was done, and that is what is said; looking again tells."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, Fault(name))
    link, upload = pulled(bus)
    with pytest.raises(ScannerClearUncertain) as caught:
        clear(link, link.settings(), Stored.read_back(upload.raw))
    assert caught.value.saved is None
    bus.plug(scanner)
    assert texts(pulled(bus)[1]) == left


def test_scans_without_times_are_read_as_such() -> None:
    """Times that are off make a danger that is told, and the codes are whole."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("no-stamps"))
    link, upload = pulled(bus)
    assert texts(upload) == CODES
    assert {record.time for record in upload.records} == {None}
    assert Danger.NO_STAMPS in link.settings().dangers


@pytest.mark.parametrize(
    ("name", "doubt"),
    [
        ("stamp-month-0", Doubt.MONTH),
        ("stamp-february-31", Doubt.DAY),
        ("stamp-seconds-3f", Doubt.WEAK_BATTERY),
        ("stamp-zero", Doubt.RESET),
    ],
)
def test_a_scan_with_an_impossible_time_stays_a_scan(name: str, doubt: Doubt) -> None:
    """The third scan's time is doubted; its code, its place and all other times are as they were."""
    bus = EmulatedBus()
    scanner_on(bus, Fault(name, step=3))
    upload = pulled(bus)[1]
    assert texts(upload) == CODES
    assert [record.time and record.time.doubt for record in upload.records] == [None, None, doubt, None, None]


def test_a_clock_that_goes_back_does_not_change_the_order() -> None:
    """The order is that of the memory; the times show the jump."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("clock-back", step=3))
    upload = pulled(bus)[1]
    times = [record.time.at for record in upload.records if record.time and record.time.at]
    assert texts(upload) == CODES
    assert [later > earlier for earlier, later in pairwise(times)] == [True, False, True, True]


def test_a_clock_of_the_far_future_is_doubted() -> None:
    """The year 2065 is after next year: the time is told, and not believed."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("clock-2065"))
    told = pulled(bus)[0].read_clock().device
    assert (told.at and told.at.year, told.doubt) == (2065, Doubt.YEAR)


def test_a_weak_clock_tells_no_offset_until_it_is_set() -> None:
    """Seconds FF: no offset is made of it. Once set, it is right."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, Fault("clock-weak"))
    link, upload = pulled(bus)
    assert {record.time and record.time.doubt for record in upload.records} == {Doubt.WEAK_BATTERY}
    measure = link.read_clock()
    assert (measure.device.doubt, measure.offset(scanner.unit.zone)) == (Doubt.WEAK_BATTERY, None)
    assert link.set_clock(scanner.unit.zone).device.doubt is None


def test_a_time_that_is_not_taken_is_said() -> None:
    """A clock that refuses to be set is no success."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, Fault("time-refused"))
    with pytest.raises(ScannerSettingRefused):
        pulled(bus)[0].set_clock(scanner.unit.zone)


def test_ten_thousand_scans_come_whole() -> None:
    """Every one of them, in order."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("ten-thousand"), codes=())
    assert texts(pulled(bus)[1]) == tuple(f"LT-{number:07}" for number in range(10_000))


def test_a_scan_made_after_the_upload_is_not_cleared() -> None:
    """The scanner holds more than is stored: it is not told to clear."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, Fault("late-scan"))
    link, upload = pulled(bus)
    with pytest.raises(ScannerClearRefused):
        clear(link, link.settings(), Stored.read_back(upload.raw))
    link.close()
    assert texts(pulled(bus)[1]) == (*CODES, LATE_SCAN)
    assert times_heard(scanner, Command.CLEAR) == 0


def test_a_clear_that_did_nothing_is_noticed() -> None:
    """An acknowledgement is not believed: the scanner is looked at."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, Fault("clear-ignored"))
    link, upload = pulled(bus)
    with pytest.raises(ScannerNotCleared):
        clear(link, link.settings(), Stored.read_back(upload.raw))
    assert len(scanner.records) == len(CODES)


def test_a_scanner_that_erases_by_being_read_is_not_read() -> None:
    """It is stopped before the upload: the command is never sent."""
    bus = EmulatedBus()
    scanner = scanner_on(bus, Fault("auto-clear"))
    with pytest.raises(ScannerSettingUnsafe):
        pulled(bus)
    assert times_heard(scanner, Command.UPLOAD) == 0
    assert protocol.UPLOAD not in bus.sent


def test_two_scanners_are_told_apart_by_name() -> None:
    """None is chosen; the one that is named is read."""
    bus = EmulatedBus()
    scanner_on(bus)
    scanner_on(bus, codes=["OTHER"])
    with pytest.raises(ScannersSeveral) as caught:
        pulled(bus)
    assert caught.value.ports == tuple(bus.names())
    assert texts(pulled(bus, bus.names()[1])[1]) == ("OTHER",)
    assert not bus.sent.startswith(protocol.UPLOAD)


def test_an_empty_scanner_is_read_and_has_nothing_to_clear() -> None:
    """No scans is an answer, and clearing nothing is refused."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("empty"))
    link, upload = pulled(bus)
    assert upload.records == ()
    with pytest.raises(ScannerClearRefused):
        clear(link, link.settings(), Stored.read_back(upload.raw))


def test_a_code_of_the_greatest_length_is_whole() -> None:
    """Thirty characters."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("longest"))
    assert texts(pulled(bus)[1])[-1] == "L" * 30


def test_bytes_that_are_no_text_are_kept() -> None:
    """NUL, GS and a letter beyond ASCII come as they were scanned."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("odd-bytes"))
    assert pulled(bus)[1].records[-1].data == ODD_DATA


def test_an_upload_as_long_as_an_interrogation_is_read_as_an_upload() -> None:
    """Twenty-three bytes, and the one scan in them."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("like-interrogate"))
    upload = pulled(bus)[1]
    assert len(upload.raw) == 23
    assert texts(upload) == ("LT-00042",)


def test_this_program_may_be_killed_at_any_step() -> None:
    """At each read and write of a pull: the next program reads everything, and nothing was cleared."""
    step = 0
    while True:
        step += 1
        bus = EmulatedBus(killed_at=step)
        scanner = scanner_on(bus)
        try:
            pulled(bus)
        except HostKilled:
            assert texts(pulled(bus)[1]) == CODES
            assert times_heard(scanner, Command.CLEAR) == 0
        else:
            break
    assert step == 1 + 2 * 7 + 1  # a look whether it is silent, then a write and a read for each of seven questions


def test_what_could_not_be_stored_can_not_be_cleared() -> None:
    """A disk that is full leaves half a file: no proof can be made of it, and without proof there is no clear."""
    bus = EmulatedBus()
    scanner = scanner_on(bus)
    _, upload = pulled(bus)
    with pytest.raises(ScannerAnswerDamaged):
        Stored.read_back(upload.raw[: len(upload.raw) // 2])
    assert times_heard(scanner, Command.CLEAR) == 0


def test_stale_bytes_are_not_taken_for_an_answer() -> None:
    """What comes before the answer to interrogate is passed over; the scanner is the right one."""
    bus = EmulatedBus()
    scanner_on(bus, Fault("stale-bytes", command=Command.INTERROGATE))
    link, _ = pulled(bus)
    assert link.known.serial == "697227"
    assert STALE not in link.known.raw


@pytest.mark.parametrize("name", NOT_OF_THE_SCANNER)
def test_what_the_scanner_knows_nothing_of_changes_nothing_in_it(name: str) -> None:
    """Armed on the scanner itself, such a fault does nothing."""
    bus = EmulatedBus()
    scanner_on(bus, Fault(name))
    assert texts(pulled(bus)[1]) == CODES


def test_every_fault_there_is_is_tried() -> None:
    """A fault that is added to the emulator is added here."""
    text = Path(__file__).read_text("utf-8") + Path(__file__).with_name("test_clock_phase.py").read_text("utf-8")
    assert [name for name in KINDS if f'"{name}"' not in text] == []
