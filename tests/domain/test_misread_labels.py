"""Assets behind a card that can't be read and is left out: in a round with labels it may have been one of these."""

import msgspec
import pytest

from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.scanner_clock import Timing
from assettrack.domain.settled_scans import Settled
from tests.domain.trial_scans import BEGIN, CATALOGUE, END, UNDO, case, end, event, every, read, rows, slot, stored

SCAN, RETURN, OUT = event("SCAN"), event("RETURN"), case("OUT")


def asked(meanings: list[Meaning]) -> dict[int, list[str]]:
    """The questions about each scan that is held."""
    return {
        each.scan.number: [found.code for found in each.findings if found.kind == "problem"]
        for each in meanings
        if each.said == "held"
    }


MISREAD_CARDS = [slot("CASE-01", 2)[:-1] + "?", "AT UX", BEGIN[:-1] + "?", END[:-1] + "?"]
"""Each may have been any card, a slot's too."""

FOR_ALL = Answers(operator="Lee", event_type="SCAN")


def also(*numbers: int, taken: tuple[int, ...] = ()) -> Answers:
    """Answers that say who scanned and what for, leave some scans out, and take others."""
    out = tuple(LeftOut(number, "misread") for number in numbers)
    return msgspec.structs.replace(FOR_ALL, left_out=out, taken=taken)


@pytest.mark.parametrize("label", [slot("CASE-01", 1), slot("CASE-99", 1), case("CASE-01"), "CASE-01 SLOT-01", OUT])
@pytest.mark.parametrize("card", MISREAD_CARDS)
def test_a_card_that_can_not_be_read_may_have_been_a_label_where_there_are_labels(card: str, label: str) -> None:
    """Left out it says nothing of where the next asset is, and that is asked, once for those behind it."""
    labelled = [label, *([slot("CASE-01", 1)] if label == case("CASE-01") else []), "A1"]
    number = len(labelled) + 3
    unknown = (3,) if label == slot("CASE-99", 1) else ()
    first = (4,) if unknown else ()
    texts = [BEGIN, SCAN, *labelled, card, "A2", "A3"]
    answers = also(*unknown, number, taken=first)
    assert asked(read(texts, answers)) == {each: ["place_left_out"] for each in (number + 1, number + 2)}
    taken = read(texts, also(*unknown, number, taken=(*first, number + 1)))
    assert (asked(taken), rows(taken)[-2:]) == ({}, [("SCAN", "A2", "", ""), ("SCAN", "A3", "", "")])
    both = read(texts, also(*unknown, number, taken=(*first, number + 1, number + 2)))
    assert (asked(both), rows(both)) == ({}, rows(taken))  # each was asked about, so each may be answered
    placed = read([*texts[:number], slot("CASE-01", 4), "A2"], answers)
    assert (asked(placed), rows(placed)[-1]) == ({}, ("SCAN", "A2", "", "CASE-01 slot 4"))


@pytest.mark.parametrize("label", [OUT, slot("CASE-01", 1), slot("CASE-99", 1)])
@pytest.mark.parametrize("card", MISREAD_CARDS)
def test_what_is_returned_behind_it_can_be_said_to_be_in_no_slot(card: str, label: str) -> None:
    """Each by itself: a return has to say where it is, and so says that it is nowhere. Others are asked once."""
    unknown = (3,) if label == slot("CASE-99", 1) else ()
    texts = [BEGIN, RETURN, label, "A1", card, "A2", "A3", event("SCAN"), "A4", event("UPDATE"), "A5"]
    returned = msgspec.structs.replace(also(*unknown, 5, taken=(4,) if unknown else ()), event_type="RETURN")
    assert asked(read(texts[:7], returned)) == {6: ["place_left_out"], 7: ["place_left_out"]}
    taken = returned.answering(6, taken=True)
    assert asked(read(texts, taken)) == {7: ["place_left_out"]}
    found = read(texts, taken.answering(7, taken=True))
    assert (asked(found), rows(found)[1:]) == (
        {},
        [
            ("RETURN", "A2", "", "OUT"),
            ("RETURN", "A3", "", "OUT"),
            ("SCAN", "A4", "", ""),
            ("UPDATE", "A5", "", ""),
        ],
    )


@pytest.mark.parametrize("label", [slot("CASE-99", 1), "CASE-99 SLOT-01", slot("CASE-01", 1), case("CASE-99"), "AT UX"])
@pytest.mark.parametrize("first", ["SCAN", "UPDATE", "RETURN"])
def test_no_return_is_in_no_slot_because_another_asset_is(first: str, label: str) -> None:
    """What was said of one asset, be it only seen, says nothing of one that comes back without its own label."""
    texts = [BEGIN, event(first), label, "A1", RETURN, "A2", "A3"]
    if label == "AT UX":
        texts = [BEGIN, OUT, label, event(first), "A1", RETURN, "A2", "A3"]
    out, asset = texts.index(label) + 1, texts.index("A1") + 1
    answers = also(out, taken=(asset,))
    assert asked(read(texts, answers)) == {asset + 2: ["place_left_out"], asset + 3: ["place_left_out"]}
    one = answers.answering(asset + 3, taken=True)
    assert asked(read(texts, one)) == {asset + 2: ["place_left_out"]}
    both = read(texts, one.answering(asset + 2, taken=True))
    assert (asked(both), rows(both)[1:]) == ({}, [("RETURN", "A2", "", "OUT"), ("RETURN", "A3", "", "OUT")])
    placed = read([*texts[: asset + 1], slot("CASE-01", 3), "A2"], answers)
    assert (asked(placed), rows(placed)[-1]) == ({}, ("RETURN", "A2", "", "CASE-01 slot 3"))


@pytest.mark.parametrize("event_type", ["SCAN", "RETURN"])
def test_what_was_said_of_an_asset_that_was_taken_back_goes_for_no_other(event_type: str) -> None:
    """It was to the question about that one: the next asset is asked about."""
    texts = [BEGIN, OUT, "AT UX", "A2", UNDO, "A3"]
    answers = msgspec.structs.replace(also(3, taken=(4,)), event_type=event_type)
    assert asked(read(texts, answers)) == {6: ["place_left_out"]}


def test_a_return_that_says_nothing_of_a_place_is_held_as_ever() -> None:
    """In the next round, behind a label of a case alone, or where the round has no labels, nothing was answered."""
    returned = msgspec.structs.replace(also(5, taken=(6,)), event_type="RETURN")
    texts = [BEGIN, RETURN, OUT, "A1", "AT UX", "A2"]
    for more in ([END, BEGIN, RETURN], [case("CASE-01")]):
        number = len(texts) + len(more) + 1
        assert asked(read([*texts, *more, "A3"], returned)) == {number: ["place_not_said"]}
    without = msgspec.structs.replace(also(3), event_type="RETURN")
    assert asked(read([BEGIN, RETURN, "AT UX", "A1"], without)) == {4: ["place_not_said"]}


@pytest.mark.parametrize("card", MISREAD_CARDS)
def test_the_first_label_of_a_round_may_be_the_one_that_can_not_be_read(card: str) -> None:
    """That there are labels in the round may be told only by those after it, up to its end."""
    texts = [BEGIN, SCAN, card, "A1", slot("CASE-01", 2), "A2"]
    assert asked(read(texts, also(3))) == {4: ["place_left_out"]}
    assert rows(read(texts, also(3, taken=(4,)))) == [("SCAN", "A1", "", ""), ("SCAN", "A2", "", "CASE-01 slot 2")]
    assert asked(read([*texts[:4], END, BEGIN, SCAN, *texts[4:]], also(3))) == {}


@pytest.mark.parametrize("card", MISREAD_CARDS)
def test_a_round_without_labels_is_not_asked_for_places_behind_a_card_that_can_not_be_read(card: str) -> None:
    """Whoever scans a day without places has nowhere to say: neither the morning nor the evening matters."""
    labelled = [BEGIN, SCAN, slot("CASE-01", 1), "A1", END]
    texts = [*labelled, BEGIN, SCAN, "A2", card, "A3", "A4", BEGIN, SCAN, slot("CASE-01", 2), "A5"]
    assert asked(read(texts, also(9))) == {}
    assert [row[3] for row in rows(read(texts, also(9)))] == ["CASE-01 slot 1", "", "", "", "CASE-01 slot 2"]


def test_each_card_that_can_not_be_read_is_asked_about_anew() -> None:
    """Said to be in no slot behind the first, an asset behind the second may be somewhere; so may one behind both."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), "A1", "AT UX", SCAN, "A2", "AT UY", SCAN, "A3"]
    assert asked(read(texts, also(5, 8, taken=(7,)))) == {10: ["said_for_other", "place_left_out"]}
    both = read([*texts[:5], "AT UY", "A2"], also(5, 6))
    assert asked(both) == {7: ["place_left_out"]}
    assert "comes after scan 6, perhaps a label" in both[6].findings[0].message
    behind_label = read([*texts[:4], slot("CASE-77", 1), "AT UY", "A2"], also(5, 6))
    assert asked(behind_label) == {7: ["place_left_out"]}


def test_what_was_never_in_question_can_not_be_taken() -> None:
    """Behind the label after it nothing is asked, and an answer there is one to nothing."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), "A1", "AT UX", "A2", slot("CASE-01", 2), "A3", "A4"]
    taken = read(texts[:8], also(5, taken=(6, 8)))
    assert [each.code for each in taken[7].findings] == ["take_unasked"]


@pytest.mark.parametrize("card", [END, end(3), BEGIN])
def test_a_card_that_begins_or_ends_a_round_was_no_label(card: str) -> None:
    """It can be read: left out the round is over all the same, and what a label said with it."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), "A1", card, "A2", slot("CASE-01", 2), "A3"]
    assert asked(read(texts, also(5))) == {}
    assert asked(read([*texts[:3], "A1", slot("CASE-77", 1), *texts[4:]], also(5, 6))) == {}


def test_behind_a_card_that_can_not_be_read_no_card_holds_over_a_pause() -> None:
    """Nothing is left that could be too old: only where the asset is stays open."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), "A1", "AT UX", "A2"]
    times = every(30, 6)
    late = Timing("2026-02-05T08:00:00.000000Z")
    assert asked(read(texts, also(5), times=[*times[:5], late])) == {6: ["place_left_out"]}
    assert asked(read([*texts[:5], SCAN, "A2"], also(5), times=[*times[:5], late, late])) == {7: ["place_left_out"]}


def later(texts: list[str], count: int, recorded: set[int], then: Answers) -> list[Meaning]:
    """Read scans of which the first are in a batch, with the answers that it had."""
    first = range(1, count + 1)
    settled = Settled(dict.fromkeys(first, 5), frozenset(recorded), dict.fromkeys(first, then))
    return Reading(CATALOGUE, FOR_ALL, settled=settled).read(stored(texts), every(30, len(texts)))


@pytest.mark.parametrize("first", ["SCAN", "RETURN"])
def test_a_return_after_a_commit_is_asked_whether_it_is_in_no_slot(first: str) -> None:
    """What was answered of a recorded asset behind the label that is left out goes for no other one."""
    texts = [BEGIN, event(first), slot("CASE-99", 1), "A1", RETURN, "A2"]
    meanings = later(texts, 4, {4}, also(3, taken=(4,)))
    assert (asked(meanings), meanings[3].said) == ({6: ["place_left_out"]}, "recorded")


def test_what_is_recorded_in_no_slot_stays_so_and_what_is_new_behind_it_is_asked() -> None:
    """An older program did not ask; nor could it where the labels of the round came later."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), "A1", "AT UX", "A2", "A3"]
    meanings = later(texts, 6, {4, 6}, also(5))
    assert (asked(meanings), meanings[5].said, meanings[5].findings) == ({7: ["place_left_out"]}, "recorded", ())
    behind = [BEGIN, SCAN, "AT UX", "A1", slot("CASE-01", 2), "A2"]
    assert asked(later(behind, 4, {4}, also(3))) == {}
