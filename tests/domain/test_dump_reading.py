"""What a file of scans says as a whole: its times uncorrected, what it has lost, and what is asked before it counts."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from assettrack.domain.dump_reading import Surroundings, scans_of
from assettrack.domain.dumped_scans import SET_RIGHT_PROFILES, Dump, DumpedScan
from assettrack.domain.findings import Finding
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.raw_scans import UNTOLD, RawScan
from assettrack.domain.scan_answers import Answers, LeftOut
from tests.domain.trial_scans import BEGIN, CATALOGUE, UNDO, event, slot

BERLIN = Surroundings(ZoneInfo("Europe/Berlin"))
TEXTS = (BEGIN, event("SCAN"), slot("CASE-01", 1), "A1")
ANSWERS = Answers(operator="mara", event_type="SCAN")


def dump(
    texts: Sequence[str] = TEXTS, stamps: Sequence[str] = (), *, keeps_order: bool = True, clock_shown: str = ""
) -> Dump:
    """Return a file of scans, a minute apart where no times are given."""
    times = stamps or [f"2026-03-17T08:{minute:02d}:00" for minute in range(len(texts))]
    scans = [
        DumpedScan(RawScan(number, text, UNTOLD, stamp), number + 1, text)
        for number, (text, stamp) in enumerate(zip(texts, times, strict=True), 1)
    ]
    return Dump("ab" * 32, "bare", "a list of bare codes", keeps_order, scans, clock_shown)


def changed(found: Dump, number: int, **values: object) -> Dump:
    """Return the file with other values beside one of its scans."""
    scans = list(found.scans)
    scans[number - 1] = msgspec.structs.replace(scans[number - 1], **values)
    return msgspec.structs.replace(found, scans=scans)


def batch(found: Dump, answers: Answers | None = None, around: Surroundings = BERLIN) -> PulledBatch:
    """Return the batch that a file makes."""
    said = answers or Answers()
    return PulledBatch(scans_of(found, around, said), CATALOGUE, said)


def problems(found: Dump, answers: Answers | None = None, around: Surroundings = BERLIN) -> list[str]:
    """Return the codes of what stops the file."""
    return [each.code for each in batch(found, answers, around).problems]


def notice(code: str, found: Dump, answers: Answers | None = None, around: Surroundings = BERLIN) -> str:
    """Return the one notice of a code."""
    said: list[Finding] = [each for each in batch(found, answers, around).notices if each.code == code]
    (only,) = said
    return only.message


def test_cards_of_a_file_are_read_and_times_are_the_stations() -> None:
    """A file in the order of scanning is read by its cards; its times are local ones, uncorrected, and it says so."""
    made = batch(dump())
    assert [list(row)[:7] for row in made.rows()] == [
        ["A1", "2026-03-17T07:03:00Z", "SCAN", "Kim", "", "CASE-01", "1"],
    ]
    assert made.problems == []
    assert [each.code for each in made.notices] == ["dump_read_as", "dump_times"]
    assert "Europe/Berlin" in notice("dump_times", dump())
    assert (made.reading.read_as, made.reading.clock_off, made.reading.scans) == ("bare", None, 4)


@pytest.mark.parametrize("profile", sorted(SET_RIGHT_PROFILES))
def test_times_that_the_program_corrected_are_said_to_be_so(profile: str) -> None:
    """Nobody is to take them for what the scanner's clock told."""
    found = msgspec.structs.replace(dump(), profile=profile)
    said = notice("dump_times_set_right", found)
    assert "has corrected the times, in Europe/Berlin," in said
    assert "dump_times" not in [each.code for each in batch(found).notices]


def test_without_cards_everything_is_asked_for() -> None:
    """Tags alone are held until it is said who scanned them, and for what."""
    tags = dump(["A1", "A2"])
    assert problems(tags) == ["operator_not_said", "operator_not_said"]
    assert problems(tags, Answers(operator="mara")) == ["event_not_said", "event_not_said"]
    assert [row[3] for row in batch(tags, ANSWERS).rows()] == ["mara", "mara"]


@pytest.mark.parametrize("stamp", ["2026-03-29T02:30:00", "2026-10-25T02:30:00"])
def test_a_local_time_that_is_none_or_two_is_in_doubt(stamp: str) -> None:
    """Times in the hours when clocks are put forward or back are held, and can be left out."""
    found = dump(["A1"], [stamp])
    assert problems(found, ANSWERS) == ["time_not_known"]
    left_out = msgspec.structs.replace(ANSWERS, left_out=(LeftOut(1, "not known when"),))
    assert problems(found, left_out) == []


def test_scans_without_a_time_have_the_one_that_is_said() -> None:
    """Without --at they are held; a file has no time of download, and saying that it has one does not give it one."""
    found = dump(["A1"], [""])
    answered = msgspec.structs.replace(ANSWERS, untimed_at_download=True)
    around = msgspec.structs.replace(BERLIN, at="2026-03-17T09:00:00.000000Z")
    assert problems(found, ANSWERS) == ["time_not_known"]
    assert problems(found, answered) == ["dump_time_of_download", "time_not_known"]
    assert problems(found, answered, around) == []
    assert [row[1] for row in batch(found, answered, around).rows()] == ["2026-03-17T09:00:00Z"]
    assert "Scan 1" in notice("time_as_said", found, answered, around)


def test_time_that_goes_back_is_asked_about_once() -> None:
    """A clock that was set or a file put together is one question, with its lines, and can be answered."""
    found = dump(["A1", "A2", "A3"], ["2026-03-17T08:05:00", "2026-03-17T08:01:00", "2026-03-17T08:00:00"])
    (problem,) = batch(found, ANSWERS).problems
    assert problem.code == "dump_clock_back"
    assert "line 2 to line 3" in problem.message
    assert problems(found, msgspec.structs.replace(ANSWERS, clock_undisturbed=True)) == []
    assert problems(found, msgspec.structs.replace(ANSWERS, left_out=(LeftOut(1, "old"), LeftOut(2, "old")))) == []


def test_what_lost_its_order_says_so() -> None:
    """A file of codes with quantities says what it lost; cards in it mean nothing, and time may go any way."""
    found = dump(["A1", "A2"], ["2026-03-17T08:05:00", "2026-03-17T08:01:00"], keeps_order=False)
    assert problems(found, ANSWERS) == []
    assert "is lost" in notice("dump_order_lost", found, ANSWERS)
    assert "dump_cards_unordered" in problems(dump(keeps_order=False))
    assert problems(dump([BEGIN, "A1"], keeps_order=False), msgspec.structs.replace(
        ANSWERS, left_out=(LeftOut(1, "mara said it"),))) == []  # fmt: skip


@pytest.mark.parametrize("quantity", [12, 2, 0, -1])
def test_a_code_scanned_any_other_times_than_once_is_held(quantity: int) -> None:
    """It is asked about, and taken as one only by saying so, or left out."""
    found = changed(dump(["A1", "A2"]), 1, quantity=quantity)
    assert problems(found, ANSWERS) == ["dump_quantity"]
    taken = msgspec.structs.replace(ANSWERS, taken=(1,))
    assert problems(found, taken) == []
    assert f"{quantity} times" in notice("taken_so", found, taken)
    assert problems(found, msgspec.structs.replace(ANSWERS, left_out=(LeftOut(1, "twice"),))) == []


def test_cards_hold_for_one_scanner_only() -> None:
    """Scans of two scanners in one file are no matter without cards, and a problem with them."""
    two = changed(changed(dump(["A1", "A2"]), 1, serial="697227"), 2, serial="424242")
    assert problems(two, ANSWERS) == []
    assert batch(two, ANSWERS).reading.serial == ""
    assert batch(changed(dump(["A1"]), 1, serial="697227"), ANSWERS).reading.serial == "697227"
    mixed = changed(changed(dump(), 1, serial="697227"), 4, serial="424242")
    assert problems(mixed) == ["dump_scanners_mixed"]


def test_what_a_line_says_of_its_own_scan_counts() -> None:
    """Event and card of a line go before what is said at the desk; a card is whoever has it, else a name of its own."""
    found = changed(dump(["A1", "A2"]), 1, event_type="ISSUE", card="B-1")
    around = msgspec.structs.replace(BERLIN, names_by_identifier={"B-1": "Ada Lovelace"})
    rows = [list(row) for row in batch(found, ANSWERS, around).rows()]
    assert [(row[2], row[4]) for row in rows] == [("ISSUE", "Ada Lovelace"), ("SCAN", "")]
    assert next(iter(batch(found, ANSWERS).rows()))[4] == "B-1"


def test_locations_are_slots_or_nothing() -> None:
    """A location that reads as a slot is where the asset is put; any other is named and written nowhere."""
    found = changed(changed(dump(["A1", "A2"]), 1, location="Case-01 slot-7"), 2, location="1 Main St")
    assert [row[5:7] for row in batch(found, ANSWERS).rows()] == [["CASE-01", "7"], ["", ""]]
    assert "1 location of the file, such as '1 Main St'" in notice("dump_places_unread", found, ANSWERS)
    returned = msgspec.structs.replace(ANSWERS, event_type="RETURN")
    assert problems(found, returned) == ["place_not_said"]


@pytest.mark.parametrize("location", ["OUT SLOT-7", "Kód SLOT-7", f"{'C' * 31} SLOT-7"])
def test_a_slot_of_what_can_be_no_case_is_no_slot(location: str) -> None:
    """The reserved word, a strange letter and a name too long name no case: the location is written nowhere."""
    found = changed(dump(["A1"]), 1, location=location)
    assert [row[5:7] for row in batch(found, ANSWERS).rows()] == [["", ""]]
    assert ascii(location) in notice("dump_places_unread", found, ANSWERS)


def test_the_clock_is_shown_and_nothing_is_corrected() -> None:
    """A file that tells the scanner's clock tells how far it was off, if the file's own time is known."""
    found = dump(["A1"], clock_shown="2026-03-17T15:00:00")
    assert "showed 2026-03-17 15:00:00." in notice("dump_clock_shown", found, ANSWERS)
    around = msgspec.structs.replace(BERLIN, written_at=datetime.fromisoformat("2026-03-17T15:03:05"))
    assert "was 3 minutes 5 seconds slow" in notice("dump_clock_off", found, ANSWERS, around)
    assert [row[1] for row in batch(found, ANSWERS, around).rows()] == ["2026-03-17T07:00:00Z"]


def test_unknown_kinds_are_named() -> None:
    """Names of kinds of codes that are not known are told, each once and in plain letters."""
    found = changed(changed(dump(["A1", "A2"]), 1, kind_unknown="Kód"), 2, kind_unknown="Kód")
    assert "'K\\xf3d'" in notice("dump_kinds_unknown", found, ANSWERS)


def near(*said: dict[str, object], apart: int = 6) -> Dump:
    """Return a file in which rows tell the same asset, seconds apart, each with its own deed, person or place."""
    found = dump(["A1"] * len(said), [f"2026-03-17T08:00:{apart * number:02d}" for number in range(len(said))])
    for number, values in enumerate(said, 1):
        found = changed(found, number, **values)
    return found


ISSUED: dict[str, object] = {"event_type": "ISSUE", "card": "S-17"}
RETURNED: dict[str, object] = {"event_type": "RETURN"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (ISSUED, {"event_type": "ISSUE", "card": "S-18"}),
        (ISSUED, {"event_type": "SCAN"}),
        ({"event_type": "SCAN"}, ISSUED),
        ({"location": "CASE-01 SLOT-3"}, {"location": "CASE-01 SLOT-4"}),
        ({"location": "CASE-01 SLOT-3"}, {"location": ""}),
        ({"location": "Room 7"}, {"location": "Room 8"}),
    ],
)
def test_a_row_that_says_another_deed_person_or_place_is_another_scan(
    first: dict[str, object], second: dict[str, object]
) -> None:
    """However near in time, it is not taken as one with the row before: it is another context."""
    made = batch(near(first, second), ANSWERS)
    assert ([row[0] for row in made.rows()], made.problems) == (["A1", "A1"], [])
    assert "read_twice" not in [each.code for each in made.notices]


def test_a_return_right_after_an_issue_is_not_swallowed() -> None:
    """It is held for its slot, as any return without one is; taken as one with the issue it would be lost."""
    assert problems(near(ISSUED, RETURNED), ANSWERS) == ["place_not_said"]


@pytest.mark.parametrize("said", [ISSUED, {"location": "CASE-01 SLOT-3"}, {"location": "Room 7"}, {}])
def test_rows_that_say_the_same_within_seconds_are_one(said: dict[str, object]) -> None:
    """Deed, person and place are those of the row before: one reading, and it is said."""
    found = near(said, said)
    assert [row[0] for row in batch(found, ANSWERS).rows()] == ["A1"]
    assert "Scan 2 repeats scan 1 within 10 seconds" in notice("read_twice", found, ANSWERS)


def test_a_row_left_out_before_one_of_another_context_was_no_reading_of_it() -> None:
    """An undo card after the second takes back just that, though the row before it is left out."""
    found = dump(["A1", "A1", UNDO], ["2026-03-17T08:00:00", "2026-03-17T08:00:06", "2026-03-17T08:00:20"])
    out = msgspec.structs.replace(ANSWERS, left_out=(LeftOut(1, "a mistake"),))
    assert problems(changed(found, 1, **ISSUED), out) == []
    assert problems(found, out) == ["undo_unclear"]


def test_rows_of_one_time_that_contradict_each_other_are_held_and_named() -> None:
    """Which of two places at the same second was the later one nothing tells: it is asked, with both."""
    places: list[dict[str, object]] = [{"location": "CASE-01 SLOT-3"}, {"location": "CASE-01 SLOT-4"}]
    found = near(*places, apart=0)
    (question,) = batch(found, ANSWERS).problems
    assert (question.code, question.message.split(",")[0]) == ("rows_contradict", "Scan 2")
    assert "scan 1" in question.message
    assert "CASE-01 slot 3" in question.message
    assert "CASE-01 slot 4" in question.message
    taken = msgspec.structs.replace(ANSWERS, taken=(2,))
    assert [row[6] for row in batch(found, taken).rows()] == ["3", "4"]
    assert question.message in notice("taken_so", found, taken)
    for number, slot_number in ((1, "4"), (2, "3")):
        out = msgspec.structs.replace(ANSWERS, left_out=(LeftOut(number, "it was not there"),))
        assert [row[6] for row in batch(found, out).rows()] == [slot_number]
        assert problems(found, out) == []


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (ISSUED, {"event_type": "ISSUE", "card": "S-18"}, ("ISSUE to S-17", "ISSUE to S-18")),
        ({"event_type": "SCAN"}, ISSUED, ("SCAN", "ISSUE to S-17")),
        ({"location": "Room 7"}, {}, ("at 'Room 7'", "nothing")),
    ],
)
def test_what_contradicting_rows_say_is_told_of_both(
    first: dict[str, object], second: dict[str, object], words: tuple[str, str]
) -> None:
    """Deed, person, and a place in its own letters, of either row."""
    (question,) = batch(near(first, second, apart=0), ANSWERS).problems
    assert f"this one {words[1]}" in question.message or f"this one says {words[1]}" in question.message
    assert words[0] in question.message


def test_rows_that_contradict_each_other_are_found_with_others_between() -> None:
    """One second, two places, and another asset told between the two: held all the same; another second is not."""
    found = dump(["A1", "A2", "A1"], ["2026-03-17T08:00:05"] * 3)
    apart = dump(["A1", "A2", "A1"], [f"2026-03-17T08:00:0{second}" for second in (5, 5, 6)])
    for number, location in ((1, "CASE-01 SLOT-3"), (2, "CASE-01 SLOT-5"), (3, "CASE-01 SLOT-4")):
        found = changed(found, number, location=location)
        apart = changed(apart, number, location=location)
    assert problems(found, ANSWERS) == ["rows_contradict"]
    assert problems(apart, ANSWERS) == []


def test_a_row_that_says_again_what_another_contradicted_is_asked_about_too() -> None:
    """Three rows of one second, back to the first place: nothing tells that the third was the last."""
    said: list[dict[str, object]] = [{"location": f"CASE-01 SLOT-{number}"} for number in (3, 4, 3)]
    found = near(*said, apart=0)
    assert [each.message.split(",")[0] for each in batch(found, ANSWERS).problems] == ["Scan 2", "Scan 3"]
    taken = msgspec.structs.replace(ANSWERS, taken=(2, 3))
    assert [row[6] for row in batch(found, taken).rows()] == ["3", "4", "3"]


def test_rows_of_other_forms_say_nothing_that_could_contradict() -> None:
    """Where a file says nothing but codes and times, the same asset at once is one, and later it is scanned again."""
    assert problems(dump(["A1", "A2", "A1"], ["2026-03-17T08:00:05"] * 3), ANSWERS) == []
