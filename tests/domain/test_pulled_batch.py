"""The scans of a download as a batch: rows with their times, and every question a problem."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

import msgspec
import pytest

from assettrack.domain.findings import finding
from assettrack.domain.log_export import LINE_BYTES_MAX
from assettrack.domain.pulled_batch import PulledBatch, PulledScans, clock_said
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scanner_clock import Doubt, Offset, Timing
from tests.domain.trial_scans import BEGIN, CATALOGUE, FIRST, event, every, slot, stored

TEXTS = [BEGIN, event("SCAN"), slot("CASE-01", 1), "A1", slot("CASE-01", 2), "A2"]
UNTIMED = [*every(30, 5), Timing(None, Doubt.RESET)]


def pulled(texts: Sequence[str] = TEXTS, *, off: int | None = 0) -> PulledScans:
    """Return scans half a minute apart, of a scanner whose clock is off by so many seconds."""
    stamps = [FIRST.replace(tzinfo=None) + timedelta(seconds=30 * each) for each in range(len(texts))]
    return PulledScans(
        serial="697227",
        sha256="ab" * 32,
        pulled_at="2026-02-04T09:00:00.500000Z",
        scans=[
            msgspec.structs.replace(scan, stamp=stamp.isoformat())
            for scan, stamp in zip(stored(texts), stamps, strict=True)
        ],
        timings=every(30, len(texts)),
        offset=None if off is None else Offset(off, here=0),
    )


def batch(found: PulledScans, answers: Answers | None = None) -> PulledBatch:
    """Return the batch that they make."""
    return PulledBatch(found, CATALOGUE, answers or Answers())


def said(made: PulledBatch) -> tuple[list[str], list[str]]:
    """Return the codes of a batch's problems and notices."""
    return [each.code for each in made.problems], [each.code for each in made.notices]


def test_rows_carry_their_scans_time_and_operator() -> None:
    """Each row has the time of its scan in whole seconds and UTC, and the operator of the begin card."""
    made = batch(pulled())
    assert [list(row)[:7] for row in made.rows()] == [
        ["A1", "2026-02-04T08:01:30Z", "SCAN", "Kim", "", "CASE-01", "1"],
        ["A2", "2026-02-04T08:02:30Z", "SCAN", "Kim", "", "CASE-01", "2"],
    ]
    assert made.numbers == [4, 6]
    assert said(made) == ([], [])
    assert made.sha256 == "ab" * 32
    made.release()
    assert len(list(made.rows())) == 2


def test_a_time_that_is_not_known_is_asked_about() -> None:
    """A row without a time is a problem, until it is said that it shall have the time of the download."""
    found = msgspec.structs.replace(pulled(), timings=UNTIMED)
    assert said(batch(found)) == (["time_not_known"], [])
    answered = batch(found, Answers(untimed_at_download=True))
    assert said(answered) == ([], ["time_of_download"])
    assert [row[1] for row in answered.rows()] == ["2026-02-04T08:01:30Z", "2026-02-04T09:00:00Z"]


@pytest.mark.parametrize(
    ("off", "answers", "expected"),
    [
        (2, Answers(), ([], [])),
        (-2, Answers(), ([], [])),
        (3, Answers(), ([], ["clock_off"])),
        (300, Answers(), ([], ["clock_off"])),
        (-3600, Answers(), ([], ["clock_other_zone"])),
        (1000, Answers(), (["clock_far_off"], [])),
        (1000, Answers(clock_undisturbed=True), ([], ["clock_off"])),
        (1000, Answers(clock_undisturbed=True, untimed_at_download=True), ([], ["clock_off"])),
        (1000, Answers(untimed_at_download=True), ([], ["answered_so", *["time_of_download"] * 2])),
        (3, Answers(untimed_at_download=True), ([], ["clock_off"])),
        (None, Answers(), ([], [])),
    ],
)
def test_how_far_the_clock_is_off_is_said(
    off: int | None, answers: Answers, expected: tuple[list[str], list[str]]
) -> None:
    """Drift and zones are told, a clock far off is asked about."""
    assert said(batch(pulled(off=off), answers)) == expected


def test_scans_by_a_clock_that_was_set_meanwhile_have_the_time_of_the_download() -> None:
    """Where a clock far off was not off all the time, no scan of it is told back from it."""
    made = batch(pulled(off=1000), Answers(untimed_at_download=True))
    assert [row[1] for row in made.rows()] == ["2026-02-04T09:00:00Z"] * 2


def test_a_clock_far_off_is_no_question_where_no_row_is_left() -> None:
    """Cards have no time that is recorded, and neither has what is left out."""
    out = Answers(left_out=(LeftOut(3, "typed by hand"),))
    assert said(batch(pulled([BEGIN, event("SCAN"), "A1"], off=1000), out)) == ([], ["left_out"])


def test_a_question_about_times_is_asked_only_of_rows() -> None:
    """Of scans that are cards, or are left out, no time is recorded."""
    asked = finding("clock_set_since", scans="Scans 3 to 4 were", download="a.scans")
    found = msgspec.structs.replace(pulled(), about_times=[(asked, [3, 4])])
    assert said(batch(found)) == (["clock_set_since"], [])
    assert said(batch(msgspec.structs.replace(found, about_times=[(asked, [3])]))) == ([], [])


def test_a_scanner_that_drops_scans_is_asked_about() -> None:
    """Where the scanner may have dropped repeated cards, somebody has to have looked; that they have is seen."""
    found = msgspec.structs.replace(pulled(), drops_repeated=True)
    open_still, answered = batch(found), batch(found, Answers(gaps_looked_at=True))
    assert said(open_still) == (["repeated_dropped"], [])
    assert said(answered) == ([], ["answered_so"])
    assert open_still.problems[0].message in answered.notices[0].message
    assert (open_still.reading.asked, len(answered.reading.asked)) == ((), 1)


def test_a_held_scan_is_a_problem_of_the_batch() -> None:
    """What is held stops the batch, wherever it stands."""
    assert said(batch(pulled([*TEXTS, "<b>"])))[0] == ["not_understood"]


def test_the_reading_says_how_it_was_read() -> None:
    """What goes into the log names the scanner, the number of scans, the catalogue, the clock and the answers."""
    answers = Answers(taken=(1,))
    reading = batch(pulled(off=7), answers).reading
    assert (reading.serial, reading.scans, reading.clock_off, reading.answers) == ("697227", 6, 7, answers)
    assert reading.catalogue == CATALOGUE.version
    assert batch(pulled(off=None)).reading.clock_off is None


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1, "1 second slow"),
        (-65, "1 minute 5 seconds fast"),
        (3600, "1 hour slow"),
        (90061, "1 day 1 hour slow"),
        (-1_000_000_000, "11,574 days 1 hour fast"),
    ],
)
def test_an_offset_is_said_in_its_two_largest_units(seconds: int, text: str) -> None:
    """Days, hours, minutes and seconds, the largest two."""
    assert clock_said(seconds) == text


def test_what_does_not_fit_into_a_line_of_an_exported_log_is_refused() -> None:
    """A reason of a hundred letters for each of 10,000 scans is too much for one entry; for each of 5,000 it is not."""
    reason = "it was scanned by mistake, " * 4
    texts = [BEGIN, event("SCAN"), *(f"A{number}" for number in range(10_000))]
    for count, is_refused in ((5_000, False), (10_000, True)):
        answers = Answers(left_out=tuple(LeftOut(number, reason) for number in range(3, count + 1)))
        made = batch(pulled(texts), answers)
        assert ("entry_too_long" in said(made)[0]) == is_refused
        assert (len(json.dumps(msgspec.json.encode(made.reading).decode())) > LINE_BYTES_MAX) == is_refused


class Looked(tuple[LeftOut, ...]):
    """Answers that count how often they are looked through."""

    __slots__ = ()
    times = 0

    def __iter__(self) -> Iterator[LeftOut]:
        type(self).times += 1
        return super().__iter__()


@pytest.mark.parametrize("scans", [10, 1_000])
def test_however_many_scans_are_left_out_their_answers_are_looked_through_a_few_times(scans: int) -> None:
    """Once for each scan would be ten seconds of a batch of 10,000."""
    Looked.times = 0
    texts = [BEGIN, event("SCAN"), *(f"A{number}" for number in range(scans))]
    made = batch(pulled(texts), Answers(left_out=Looked(LeftOut(number, "a trial") for number in range(3, scans + 1))))
    assert [row[0] for row in made.rows()][-1:] == [f"A{scans - 1}"]
    assert Looked.times < 10
