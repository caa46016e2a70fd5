"""Pauses and jumps of the clock between scans: whether cards still hold is asked, whatever else is answered."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.pulled_batch import PulledBatch, PulledScans
from assettrack.domain.raw_scans import ClockReading, RawScan
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.scan_pauses import duration_said
from assettrack.domain.scanner_clock import Doubt, Offset, Timing, timings
from assettrack.domain.timestamps import utc_text
from tests.domain.trial_scans import (
    BEGIN,
    CATALOGUE,
    END,
    FIRST,
    UNDO,
    codes,
    event,
    every,
    holder,
    read,
    rows,
    slot,
    stored,
)

MORNING = datetime.fromisoformat("2026-02-04T08:00:00")
TEXTS = [BEGIN, event("ISSUE"), holder(7), "A1", "A2"]
TWO_DAYS = 2 * 86400.0
LEFT_OUT_5 = Answers().answering(5, left_out="misread")


def stamped(texts: Sequence[str], gaps: Sequence[float | None]) -> list[RawScan]:
    """Scans with the scanner's own times: so many seconds after the scan before, None without one that can be."""
    at, found = MORNING, []
    for scan, gap in zip(stored(texts), gaps, strict=True):
        at += timedelta(seconds=gap or 0)
        told = {"stamp_fault": "no such day"} if gap is None else {"stamp": at.isoformat()}
        found.append(msgspec.structs.replace(scan, stamp_bytes="00000000", **told))
    return found


def untimed(scans: Sequence[RawScan], answers: Answers | None = None) -> list[Meaning]:
    """What scans mean of which no time is known."""
    return Reading(CATALOGUE, answers or Answers()).read(scans, [Timing(None, Doubt.CLOCK)] * len(scans))


def test_a_long_pause_is_asked_about_by_the_scanners_own_times_where_no_other_is_known() -> None:
    """The clock can't be trusted for a time, and yet says that days lie between a card and an asset."""
    assert codes(untimed(stamped(TEXTS, [0, 3, 3, 3, TWO_DAYS]))) == {5: ["context_old"]}
    assert codes(untimed(stamped(TEXTS, [0, 3, 3, 3, 4 * 3600]))) == {}
    taken = untimed(stamped(TEXTS, [0, 3, 3, 3, TWO_DAYS]), Answers(taken=(5,)))
    assert rows(taken)[-1] == ("ISSUE", "A2", "Ada Lovelace", "OUT")


@pytest.mark.parametrize("gap", [-86400.0, -1.0, None])
def test_a_clock_set_back_or_reset_between_two_scans_is_asked_about(gap: float | None) -> None:
    """How long lay between them nobody can tell; a begin or end card there answers it."""
    assert codes(untimed(stamped(TEXTS, [0, 3, 3, 3, gap]))) == {5: ["context_jump"]}
    assert codes(untimed(stamped(TEXTS, [0, 3, 3, 3, gap]), Answers(taken=(5,)))) == {5: ["taken_so"]}
    for card in (BEGIN, END):
        assert codes(untimed(stamped([*TEXTS[:4], card], [0, 3, 3, 3, gap]))).get(5, []) in ([], ["end_missing"])


def test_a_reset_clock_is_asked_about_where_the_times_after_it_are_known() -> None:
    """The scans before it have no time then, and those after it have one."""
    scans = stamped([*TEXTS, "A3"], [0, 3, 3, 3, -86400.0, 3])
    told = timings(scans, ClockReading("2026-02-03T09:00:00", "2026-02-06T09:00:00.000000Z"))
    assert [each.utc is None for each in told] == [True] * 4 + [False] * 2
    assert codes(Reading(CATALOGUE, Answers()).read(scans, told)) == {5: ["context_jump"]}


def test_a_clock_that_comes_to_tell_times_is_asked_about_and_one_that_never_does_is_not() -> None:
    """A clock that was set right in between; without any times nobody can tell, and nobody is asked each time."""
    assert codes(untimed(stamped(TEXTS, [None, None, None, None, 3]))) == {5: ["context_jump"]}
    assert codes(untimed(stamped(TEXTS, [None] * 5))) == {}
    assert codes(untimed(stored(TEXTS))) == {}
    assert codes(untimed(stamped(TEXTS, [None, 0, 3, 3, 3]))) == {2: ["context_jump"]}


def test_one_scan_without_a_time_lies_between_the_two_around_it() -> None:
    """Where the clock runs on as before, nothing is asked; where that is late or never, it is."""
    fault = stamped([*TEXTS, "A3"], [0, 3, 3, None, None, 3])
    assert codes(untimed(fault)) == {}
    late = stamped([*TEXTS, "A3"], [0, 3, 3, 3, None, TWO_DAYS])
    assert codes(untimed(late)) == {5: ["context_jump"], 6: ["context_old"]}


def test_a_scan_left_out_hands_the_question_to_the_next_one() -> None:
    """Whoever leaves out the first asset after the pause is asked about the second."""
    scans = stamped([*TEXTS, "A3"], [0, 3, 3, 3, TWO_DAYS, 3])
    assert codes(untimed(scans, LEFT_OUT_5))[6] == ["context_old"]


def test_a_scan_left_out_still_shows_that_the_clock_was_set() -> None:
    """The clock went back between it and the next one, which is asked about all the same; so it is if it came first."""
    back = stamped([*TEXTS, "A3"], [0, 3, 3, 60, 60, -5])
    assert codes(untimed(back)) == {6: ["context_jump"]}
    assert codes(untimed(back, LEFT_OUT_5))[6] == ["context_jump"]
    first = stamped([*TEXTS, "A3"], [0, 3, 3, 60, -5, 60])
    assert codes(untimed(first, LEFT_OUT_5))[6] == ["context_jump"]
    begun = stamped([*TEXTS, BEGIN, event("SCAN"), "A3"], [0, 3, 3, 60, -5, 60, 3, 3])
    assert not any(said == ["context_jump"] for said in codes(untimed(begun, LEFT_OUT_5)).values())


def test_a_label_read_twice_is_told_from_two_scans_by_the_scanners_own_times_too() -> None:
    """A minute apart they are two, with whatever clock; within ten seconds one."""
    texts = [BEGIN, event("SCAN"), "A1", "A1"]
    assert len(rows(untimed(stamped(texts, [0, 3, 3, 60])))) == 2
    assert codes(untimed(stamped(texts, [0, 3, 3, 3]))) == {4: ["read_twice"]}


def test_cards_are_not_trusted_after_a_long_pause() -> None:
    """More than four hours between two scans ask whether the cards still hold; a begin or end card answers it."""
    late = utc_text(FIRST + timedelta(hours=5))
    times = [*every(1, 2), Timing(late)]
    assert codes(read([BEGIN, event("SCAN"), "A1"], times=times)) == {3: ["context_old"]}
    assert codes(read([BEGIN, event("SCAN"), "A1"], Answers(taken=(3,)), times=times)) == {3: ["taken_so"]}
    assert rows(read([BEGIN, event("SCAN"), "A1"], Answers(taken=(3,)), times=times)) == [("SCAN", "A1", "", "")]
    assert codes(read([BEGIN, event("SCAN"), BEGIN], times=times)) == {3: ["end_missing"]}
    assert codes(read([BEGIN, event("SCAN"), END], times=times)) == {}
    just = [*every(1, 2), Timing(utc_text(FIRST + timedelta(hours=4)))]
    assert codes(read([BEGIN, event("SCAN"), "A1"], times=just)) == {}


@pytest.mark.parametrize(("hours", "said"), [(5, "5 hours"), (47, "47 hours"), (48, "2 days"), (1, "1 hour")])
def test_a_pause_is_said_in_hours_or_days(hours: int, said: str) -> None:
    """Up to two days a pause is said in hours."""
    assert duration_said(timedelta(hours=hours, minutes=59)) == said


ANY = st.sampled_from([BEGIN, END, UNDO, *TEXTS[1:], event("SCAN"), slot("CASE-01", 1), slot("CASE-01", 2), "?"])
GAPS = st.sampled_from([0.0, 3.0, 30.0, 5 * 3600.0, TWO_DAYS, -5.0, -86400.0, None])
OF_ALL = st.builds(
    Answers, clock_undisturbed=st.booleans(), untimed_at_download=st.booleans(), gaps_looked_at=st.booleans()
)
OWN = {"clock_far_off", "time_not_known", "repeated_dropped"}
"""The questions that these answers answer."""


@given(steps=st.lists(st.tuples(ANY, GAPS), max_size=14), off=st.sampled_from([None, 0, 5820, -5820]), answers=OF_ALL)
def test_an_answer_about_clocks_and_gaps_takes_no_other_question_away(
    steps: list[tuple[str, float | None]], off: int | None, answers: Answers
) -> None:
    """Whatever was scanned by whatever clock: what is asked about each scan is asked with and without that answer."""
    scans = stamped([text for text, _ in steps], [gap for _, gap in steps])
    device = "" if off is None else (MORNING + timedelta(days=20)).isoformat()
    told = timings(scans, ClockReading(device, "2026-02-24T09:00:00.000000Z"))
    pulled = PulledScans(
        serial="697227", sha256="ab" * 32, pulled_at="2026-02-24T09:00:00.500000Z", scans=scans, timings=told,
        offset=None if off is None else Offset(off, here=0), drops_repeated=True,
    )  # fmt: skip
    asked, answered = (
        {each.message for each in PulledBatch(pulled, CATALOGUE, given_).problems if each.code not in OWN}
        for given_ in (Answers(), answers)
    )
    assert asked == answered


@given(steps=st.lists(st.tuples(ANY, GAPS), min_size=2, max_size=12), which=st.integers(0, 11))
def test_leaving_a_scan_out_makes_no_row_of_another_whose_cards_are_in_question(
    steps: list[tuple[str, float | None]], which: int
) -> None:
    """Whether cards still hold for an asset is answered about that asset, and by nothing that is left out."""
    scans = stamped([BEGIN, event("SCAN"), *(text for text, _ in steps)], [0, 3, *(gap for _, gap in steps)])
    number = 3 + which % len(steps)
    asked = {each for each, said in codes(untimed(scans)).items() if {"context_old", "context_jump"} & {*said}}
    after = untimed(scans, Answers().answering(number, left_out="misread"))
    assert not {each.scan.number for each in after if each.row is not None} & asked
