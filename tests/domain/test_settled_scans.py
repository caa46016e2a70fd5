"""Scans that a batch dealt with: they stay what they were made then, and what follows is read as if they were new."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.scan_answers import Answers, LeftOut, ScanReading
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.settled_scans import Settled, in_numbers, settled_by
from tests.domain.trial_scans import BEGIN, CATALOGUE, END, UNDO, case, event, every, holder, slot, stored

TEXTS = st.sampled_from(
    [
        *(BEGIN, END, UNDO, event("SCAN"), event("ISSUE"), event("RETURN"), holder(7), holder(8), holder(99)),
        *(case("CASE-01"), slot("CASE-01", 1), slot("CASE-01", 2), slot("CASE-02", 9), "LT-1", "LT-2", "LT-3", "<b>"),
    ],
)

TAKEABLE = {"slot_without_asset", "undo_twice", "context_old", "end_count_wrong"}


def read(texts: Sequence[str], answers: Answers, settled: Settled | None = None) -> list[Meaning]:
    """Return what scans mean, half a minute apart."""
    reading = Reading(CATALOGUE, answers, settled=settled or Settled())
    return reading.read(stored(texts), every(30.0, len(texts)))


def committable(texts: Sequence[str]) -> Answers:
    """Return answers with which nothing of some scans is held: what can be taken is taken, the rest is left out."""
    answers = Answers()
    while held := [each for each in read(texts, answers) if each.said == "held"]:
        first = held[0]
        number = first.scan.number
        if {found.code for found in first.findings if found.kind == "problem"} <= TAKEABLE:
            answers = Answers(left_out=answers.left_out, taken=(*answers.taken, number))
        else:
            taken = tuple(each for each in answers.taken if each != number)
            answers = Answers(left_out=(*answers.left_out, LeftOut(number, "held")), taken=taken)
    return answers


def settled_of(texts: Sequence[str], answers: Answers) -> Settled:
    """Return what a batch of these scans settles."""
    rows = tuple(each.scan.number for each in read(texts, answers) if each.said == "row")
    numbers = range(1, len(texts) + 1)
    reading = ScanReading("697227", len(texts), CATALOGUE.version, answers=answers, numbers=rows)
    return settled_by([(5, reading, {number: number for number in numbers})])


@given(first=st.lists(TEXTS, min_size=1, max_size=12), more=st.lists(TEXTS, max_size=8))
def test_what_follows_is_read_as_if_nothing_had_been_committed(first: list[str], more: list[str]) -> None:
    """The new scans make the rows that they make in one reading of all; an undo that reaches back is asked about."""
    answers = committable(first)
    settled = settled_of(first, answers)
    at_once = read([*first, *more], answers)
    later = read([*first, *more], Answers(), settled)
    before, after = later[: len(first)], later[len(first) :]
    assert {each.scan.number for each in before if each.said == "recorded"} == settled.rows
    assert [each for each in before if each.row is not None or each.findings] == []
    reaches_back = any(each.said == "undone" and each.scan.number in settled.rows for each in at_once)
    asked = {found.code for each in after for found in each.findings}
    if reaches_back:
        assert "undo_of_recorded" in asked
    else:
        assert [(each.said, each.row, each.operator) for each in after] == [
            (each.said, each.row, each.operator) for each in at_once[len(first) :]
        ]


@given(first=st.lists(TEXTS, min_size=1, max_size=12), other=st.sampled_from(["SCAN", "ISSUE"]))
def test_what_is_answered_now_changes_nothing_of_what_is_settled(first: list[str], other: str) -> None:
    """Another event, person or name goes for new scans only."""
    settled = settled_of(first, committable(first))
    now = Answers(operator="Mara", event_type="ISSUE" if other == "ISSUE" else "SCAN", holder="Grace Hopper")
    assert read(first, now, settled) == read(first, Answers(), settled)


def test_answers_go_with_their_scans() -> None:
    """Where a scan was deleted on the scanner, what was said of the others goes by the numbers they have now."""
    answers = Answers(left_out=(LeftOut(2, "torn"), LeftOut(3, "twice")), taken=(4, 2), operator="Kim")
    assert in_numbers(answers, {1: 1, 3: 2, 4: 3}) == Answers(
        left_out=(LeftOut(2, "twice"),), taken=(3,), operator="Kim"
    )


def test_the_row_of_a_scan_is_what_became_of_it() -> None:
    """Where one batch left a scan out and another recorded it, it is recorded; of two rows the first counts."""
    out = ScanReading("697227", 2, "c", answers=Answers(left_out=(LeftOut(2, "torn"),)), numbers=(1,))
    both = ScanReading("697227", 2, "c", numbers=(1, 2))
    now = {1: 1, 2: 2}
    assert settled_by([(3, out, now), (4, both, now)]).batches == {1: 3, 2: 4}
    assert settled_by([(3, both, now), (4, out, now)]).batches == {1: 3, 2: 3}
    assert settled_by([(3, out, now), (4, both, now)]).recorded_in == (3, 4)
    assert settled_by([(3, out, now), (4, out, now)]).batches == {1: 3, 2: 3}


def test_scans_after_those_of_a_batch_are_not_settled_by_it() -> None:
    """A batch dealt with the scans that its download had, and no others."""
    reading = ScanReading("697227", 2, "c", numbers=(2,))
    settled = settled_by([(3, reading, {1: 1, 2: 2, 3: 3})])
    assert (settled.batches, settled.rows) == ({1: 3, 2: 3}, frozenset({2}))


def test_only_another_answer_contradicts() -> None:
    """The same answer again, or none, is no contradiction; to leave out what was recorded, or to take it back, is."""
    settled = Settled({1: 3, 2: 3}, frozenset({1}), dict.fromkeys((1, 2), Answers(left_out=(LeftOut(2, "torn"),))))
    assert settled.contradicted(Answers()) == []
    assert settled.contradicted(Answers(left_out=(LeftOut(2, "torn"),), operator="Mara")) == []
    assert settled.contradicted(Answers(left_out=(LeftOut(1, "no"),))) == [1]
    assert settled.contradicted(Answers(taken=(2,))) == [2]
    assert settled.contradicted(Answers(taken=(3,))) == []
