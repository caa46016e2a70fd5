"""Scans after something that came to nothing: what it was is not known, so what hangs on it is asked."""

import msgspec
import pytest

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.settled_scans import Settled
from tests.domain.trial_scans import (
    BEGIN,
    CATALOGUE,
    END,
    UNDO,
    case,
    end,
    event,
    every,
    holder,
    read,
    rows,
    slot,
    stored,
)

SCAN = event("SCAN")
EAN_13 = 0x0B
OUT = cards.written(Card(CardKind.CASE, "OUT"))


def asked(meanings: list[Meaning]) -> dict[int, list[str]]:
    """The questions about each scan that is held."""
    return {
        each.scan.number: [found.code for found in each.findings if found.kind == "problem"]
        for each in meanings
        if each.said == "held"
    }


def left_out(*numbers: int, taken: tuple[int, ...] = ()) -> Answers:
    """Answers that leave some scans out, and take others."""
    return Answers(left_out=tuple(LeftOut(number, "misread") for number in numbers), taken=taken)


@pytest.mark.parametrize("misread", ["xx <b>", "CASE-77 SLOT-01", case("CASE-77"), holder(99)])
def test_an_undo_after_what_came_to_nothing_takes_back_nothing_else(misread: str) -> None:
    """Whoever takes back a misread scan does not lose the good one before it: the undo card is asked about."""
    texts = [BEGIN, SCAN, "A1", misread, UNDO, "A2"]
    assert "undo_unclear" in asked(read(texts))[5]
    assert asked(read(texts, left_out(4)))[5] == ["undo_unclear"]


def test_an_undo_after_a_good_of_trade_or_a_scan_left_out_is_asked_about() -> None:
    """So it is where the misread code is one of trade, and where a good asset is left out at the desk."""
    scans = [*stored([BEGIN, SCAN, "A1"]), RawScan(4, "4006381333931", EAN_13), *stored(["", "", "", "", UNDO])[4:]]
    scans[4] = RawScan(5, UNDO, scans[0].symbology)
    assert asked(Reading(CATALOGUE, Answers()).read(scans, every(30, 5)))[5] == ["undo_unclear"]
    assert asked(read([BEGIN, SCAN, "A1", "A2", UNDO], left_out(4))) == {5: ["undo_unclear"]}
    assert asked(read([BEGIN, SCAN, "A1", "A2", UNDO], left_out(4, 5))) == {}


@pytest.mark.parametrize("first", ["A1", "a1"])
def test_an_undo_after_an_asset_read_twice_is_asked_about_whichever_is_left_out(first: str) -> None:
    """Nobody knows whether the card meant one reading or the asset: it does not silently take what is left of it."""
    texts = [BEGIN, SCAN, first, "A1", UNDO]
    for out in (3, 4):
        assert asked(read(texts, left_out(out), apart=1)) == {5: ["undo_unclear"]}
    found = read(texts, left_out(3), apart=1)
    assert "scan 4, A1, read twice, and scan 3 is left out" in found[4].findings[0].message
    for out in (3, 4):
        assert rows(read(texts, left_out(out, 5), apart=1)) == [("SCAN", "A1", "", "")]
    assert rows(read(texts, left_out(3, 4, 5), apart=1)) == []


def test_an_undo_after_another_scan_than_the_one_left_out_takes_that_back() -> None:
    """Of another asset, long after, or with something between, nothing was read twice; nor is a settled undo asked."""
    assert asked(read([BEGIN, SCAN, "A2", "A1", UNDO], left_out(3), apart=1)) == {}
    assert asked(read([BEGIN, SCAN, "A1", "A1", UNDO], left_out(3))) == {}
    assert asked(read([BEGIN, SCAN, "A1", SCAN, "A1", UNDO], left_out(3), apart=1)) == {}
    texts = [BEGIN, SCAN, "A1", "A1", UNDO, "A2"]
    before = later(texts, settled(5, answers=left_out(3)), timed=False)
    assert (asked(before), [each.said for each in before[3:]]) == ({}, ["undone", "undo", "row"])
    of_recorded = later(texts, settled(4, 4, answers=left_out(3)), timed=False)
    assert asked(of_recorded) == {5: ["undo_of_recorded"]}


def test_a_broken_card_right_after_an_asset_may_have_been_an_undo_card() -> None:
    """What is asked names the asset, so that leaving only the card out is said with that in mind."""
    for broken in ("AT UX", UNDO[:-1], "AT ESCAN?"):
        texts = [BEGIN, event("ISSUE"), holder(7), "A1", "A2", broken]
        held = read(texts)[5]
        assert [each.code for each in held.findings] == ["card_broken", "card_maybe_undo"]
        assert "scan 5, A2" in held.findings[1].message
        assert asked(read(texts, left_out(6))) == {}
        assert [row[1] for row in rows(read(texts, left_out(5, 6)))] == ["A1"]
    other = [*stored([BEGIN, SCAN, "A1"]), RawScan(4, UNDO, 0x01)]
    meanings = Reading(CATALOGUE, Answers()).read(other, every(30, 4))
    assert asked(meanings) == {4: ["card_of_other_code", "card_maybe_undo"]}


@pytest.mark.parametrize("before", [[BEGIN], [BEGIN, SCAN, "A1", holder(7)], [BEGIN, SCAN, "A1", UNDO]])
def test_a_broken_card_elsewhere_names_no_asset(before: list[str]) -> None:
    """An undo card there would have taken back none by itself, or is not in question."""
    assert asked(read([*before, "AT UX"]))[len(before) + 1] == ["card_broken"]


@pytest.mark.parametrize("card", [END, end(2), BEGIN])
def test_an_undo_after_a_card_that_ends_or_begins_a_round_is_asked_about(card: str) -> None:
    """Whoever notices a wrong asset only after the end card may mean that asset: nothing is dropped with a notice."""
    texts = [BEGIN, event("ISSUE"), holder(7), "A1", "A2", card, UNDO]
    assert asked(read(texts)) == {7: ["undo_unclear"]}
    assert asked(read(texts, left_out(7))) == {}
    assert asked(read(texts, left_out(5, 7, taken=(6,) if card == end(2) else ()))) == {}


def test_an_undo_after_an_end_card_left_out_is_asked_about() -> None:
    """It may be about the end card, or about the asset before it."""
    assert asked(read([BEGIN, SCAN, "A1", END, UNDO], left_out(4))) == {5: ["undo_unclear"]}
    assert asked(read([BEGIN, SCAN, "A1", END[:-1] + "?", UNDO], left_out(4))) == {5: ["undo_unclear"]}


@pytest.mark.parametrize("before", [[BEGIN], [BEGIN, event("ISSUE"), holder(7)], [BEGIN, SCAN, "A1", UNDO]])
def test_an_undo_after_a_card_is_asked_about_where_no_asset_is_there_either(before: list[str]) -> None:
    """It may be about the wrong badge; and no round has to have an asset for that."""
    assert asked(read([*before, UNDO, "A9"]))[len(before) + 1] == ["undo_unclear"]


def test_an_undo_after_a_round_that_is_committed_is_asked_about() -> None:
    """Its scans are settled, and the undo card is new."""
    texts = [BEGIN, SCAN, "A1", end(1), UNDO]
    assert asked(later(texts, settled(4, 3))) == {5: ["undo_unclear"]}


@pytest.mark.parametrize(
    "before", [[slot("CASE-01", 2), "A1"], [case("CASE-02"), slot("CASE-02", 1), "A1"], [OUT, "A1"]]
)
@pytest.mark.parametrize(
    "label", [slot("CASE-01", 99), slot("CASE-77", 1), case("CASE-77"), slot("CASE-01", 3), "CASE-02"]
)
def test_a_label_left_out_ends_the_place_before_it(before: list[str], label: str) -> None:
    """The next asset is not where the one before was, nor nowhere without a question."""
    texts = [BEGIN, SCAN, *before, label, "A2", "A3"]
    number = len(before) + 3
    meanings = read(texts, left_out(number))
    assert asked(meanings) == {number + 1: ["place_left_out"], number + 2: ["place_left_out"]}
    taken = read(texts, left_out(number, taken=(number + 1,)))
    assert rows(taken)[-2:] == [("SCAN", "A2", "", ""), ("SCAN", "A3", "", "")]
    again = read([*texts[:number], slot("CASE-01", 4), "A2"], left_out(number))
    assert rows(again)[-1] == ("SCAN", "A2", "", "CASE-01 slot 4")


def test_a_label_left_out_leaves_that_of_the_slot_before_without_asset() -> None:
    """Slot 2, an unknown label, an asset: it may have been for either, and slot 2 is asked about too."""
    meanings = read([BEGIN, SCAN, slot("CASE-01", 2), slot("CASE-01", 99), "A2"], left_out(4))
    assert asked(meanings) == {3: ["slot_without_asset"], 5: ["place_left_out"]}


def test_an_issue_needs_no_place_after_a_label_left_out() -> None:
    """Who gets something has no slot: nothing is asked."""
    texts = [BEGIN, event("ISSUE"), holder(7), slot("CASE-01", 99), "A1"]
    assert rows(read(texts, left_out(4))) == [("ISSUE", "A1", "Ada Lovelace", "OUT")]


@pytest.mark.parametrize("card", [END, end(2), end(3), end(3)[:-1] + "?"])
def test_an_end_card_left_out_ends_what_was_said_before(card: str) -> None:
    """It may have ended a round: who scans after it, for whom and where is asked, and said at the desk."""
    texts = [BEGIN, event("ISSUE"), holder(7), "A1", "A2", card, "A3"]
    assert asked(read(texts, left_out(6))) == {7: ["operator_not_said"]}
    said = Answers(left_out=left_out(6).left_out, operator="Lee", event_type="ISSUE", holder="Mary Jackson")
    assert rows(read(texts, said))[-1] == ("ISSUE", "A3", "Mary Jackson", "OUT")
    again = [*texts[:6], BEGIN, event("ISSUE"), holder(8), "A3"]
    assert rows(read(again, left_out(6)))[-1] == ("ISSUE", "A3", "Grace Hopper", "OUT")
    assert asked(read([BEGIN, SCAN, slot("CASE-01", 2), card, "A3"], left_out(4))) == {
        3: ["slot_without_asset"],
        5: ["operator_not_said"],
    }


@pytest.mark.parametrize("name", ["ISSUE", "TRANSFER", "RETIRE"])
def test_a_slot_whose_asset_goes_elsewhere_is_not_the_next_assets(name: str) -> None:
    """What is given away or retired uses up the label before it; the label is asked about as one without asset."""
    texts = [BEGIN, event(name), holder(7), slot("CASE-01", 3), "A1"]
    reason = Answers(reason="broken hinge")
    assert asked(read(texts, reason)) == {4: ["slot_without_asset"]}
    went = [*texts, event("SCAN"), "A2"]
    assert asked(read(went, reason)) == {4: ["slot_without_asset"], 7: ["slot_for_two"]}
    taken = msgspec.structs.replace(reason, taken=(4,))
    assert asked(read(went, taken)) == {7: ["slot_for_two"]}
    labelled = read([*went[:6], slot("CASE-01", 3), "A2"], taken)
    assert rows(labelled)[-1] == ("SCAN", "A2", "", "CASE-01 slot 3")
    assert asked(labelled) == {}
    assert asked(read([*texts, "A4", "A5"], taken)) == {}


def test_a_slot_waits_for_its_asset_over_an_event_card_and_an_undo() -> None:
    """Label, event, asset is one asset in its slot; one that is taken back leaves the slot to the next."""
    meanings = read([BEGIN, event("ISSUE"), holder(7), slot("CASE-01", 3), SCAN, "A1"])
    assert (rows(meanings), asked(meanings)) == ([("SCAN", "A1", "", "CASE-01 slot 3")], {})
    undone = read([BEGIN, event("ISSUE"), holder(7), slot("CASE-01", 3), "A1", UNDO, SCAN, "A2"])
    assert (rows(undone), asked(undone)) == ([("SCAN", "A2", "", "CASE-01 slot 3")], {})


@pytest.mark.parametrize("misread", ["A1", "<b>", "CASE-01"[:-1] + "7"])
def test_an_asset_left_out_has_used_up_the_label_before_it(misread: str) -> None:
    """It may lie in that slot all the same: the next asset is there only if somebody says so."""
    texts = [BEGIN, event("RETURN"), slot("CASE-01", 1), misread, "A2", "A3"]
    assert asked(read(texts, left_out(4))) == {5: ["slot_of_left_out"], 6: ["slot_of_left_out"]}
    assert asked(read(texts, left_out(4, 5, 6))) == {3: ["slot_without_asset"]}
    taken = read(texts, left_out(4, taken=(5,)))
    assert asked(taken) == {6: ["slot_for_two"]}
    assert rows(taken) == [("RETURN", "A2", "", "CASE-01 slot 1")]
    assert asked(read(texts[:4], left_out(4))) == {3: ["slot_without_asset"]}


def test_an_asset_left_out_hands_its_slot_to_nobody_in_silence() -> None:
    """Two assets after one label are asked about, and stay so if the first is left out for another reason."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), "A1", "A2"]
    assert asked(read(texts)) == {5: ["slot_for_two"]}
    assert 5 in asked(read(texts, left_out(4)))
    assert asked(read(texts, left_out(4, taken=(5,)))) == {}
    assert asked(read(texts, left_out(5))) == {}
    assert asked(read([*texts[:4], UNDO, "A2"], left_out(5))) == {6: ["slot_for_two"]}


def test_a_label_after_an_asset_left_out_is_a_label_of_its_own() -> None:
    """The same one scanned again, or another, places the next asset; nothing else has to be said."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), "A1"]
    again = read([*texts, slot("CASE-01", 1), "A2"], left_out(4))
    assert (rows(again), asked(again)) == ([("SCAN", "A2", "", "CASE-01 slot 1")], {})
    assert asked(read([*texts, UNDO, slot("CASE-01", 1), END])) == {3: ["slot_without_asset"]}
    other = read([*texts, slot("CASE-01", 2), "A2"], left_out(4))
    assert (rows(other), asked(other)) == ([("SCAN", "A2", "", "CASE-01 slot 2")], {3: ["slot_without_asset"]})


def test_a_card_left_out_between_a_label_and_its_asset_uses_no_label_up() -> None:
    """No asset lies there by a badge or an event card; and what is given away has no slot to be asked about."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), holder(8), "A1"]
    assert (rows(read(texts, left_out(4))), asked(read(texts, left_out(4)))) == (
        [("SCAN", "A1", "", "CASE-01 slot 1")], {},
    )  # fmt: skip
    given = [BEGIN, event("ISSUE"), holder(7), slot("CASE-01", 1), "A1", "A2"]
    assert asked(read(given, left_out(5))) == {4: ["slot_without_asset"]}


def test_taking_back_an_asset_leaves_the_one_before_it_left_out() -> None:
    """What was asked about the asset that was taken back is asked about the next one."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), "A1", "A2", UNDO, "A3"]
    assert asked(read(texts, left_out(4)))[7] == ["slot_of_left_out"]


def settled(count: int, *recorded: int, answers: Answers | None = None) -> Settled:
    """The first scans, settled in batch 5."""
    numbers = range(1, count + 1)
    return Settled(dict.fromkeys(numbers, 5), frozenset(recorded), dict.fromkeys(numbers, answers or Answers()))


def later(texts: list[str], what: Settled, answers: Answers | None = None, *, timed: bool = True) -> list[Meaning]:
    """Read scans of which the first are settled."""
    times = every(30, len(texts))
    if not timed:
        times = [type(each)(None) for each in times]
    return Reading(CATALOGUE, answers or Answers(), settled=what).read(stored(texts), times)


def test_without_times_an_asset_after_itself_may_have_been_scanned_again() -> None:
    """Where the first is recorded and the second is not, days may lie between: it is asked, and never dropped."""
    texts = [BEGIN, SCAN, "A1", "A1"]
    assert asked(later(texts, settled(3, 3), timed=False)) == {4: ["repeat_untimed"]}
    taken = later(texts, settled(3, 3), Answers(taken=(4,)), timed=False)
    assert rows(taken) == [("SCAN", "A1", "", "")]
    assert rows(later(texts, settled(3, 3))) == [("SCAN", "A1", "", "")]  # half a minute apart: scanned again
    together = later(texts, settled(0), timed=False)
    assert (together[3].said, [found.code for found in together[3].findings]) == ("repeated", ["read_twice_untimed"])


def test_a_settled_card_that_is_doubtful_by_now_is_asked_about_with_the_next_asset() -> None:
    """A case that became an asset too since its label was committed: where the next asset is can't be told."""
    texts = [BEGIN, SCAN, "LT-9", "A1", "A2"]
    meanings = later(texts, settled(3))
    assert asked(meanings) == {4: ["card_doubtful_now"], 5: ["card_doubtful_now"]}
    taken = later(texts, settled(3), Answers(taken=(4,)))
    assert asked(taken) == {}
    assert asked(later([*texts[:3], BEGIN, SCAN, "A1"], settled(3))) == {}


def test_behind_a_settled_badge_that_is_doubtful_by_now_nobody_before_it_gets_the_next_asset() -> None:
    """Who it is for is said at the desk, or by another badge; what was recorded behind it stays."""
    texts = [BEGIN, event("ISSUE"), holder(7), "A1", holder(99), "A2", "A3"]
    assert asked(later(texts, settled(6, 4, 6))) == {7: ["person_not_said", "card_doubtful_now"]}
    said = Answers(taken=(7,), holder="Mary Jackson")
    meanings = later(texts, settled(6, 4, 6), said)
    assert (rows(meanings), asked(meanings)) == ([("ISSUE", "A3", "Mary Jackson", "OUT")], {})
    anew = later([*texts[:6], holder(8), "A3"], settled(7, 4, 6), Answers(taken=(8,)))
    assert (rows(anew), asked(anew)) == ([("ISSUE", "A3", "Grace Hopper", "OUT")], {})
    begun = later([*texts[:6], BEGIN, SCAN, "A3"], settled(8, 4, 6))
    assert (rows(begun), asked(begun)) == ([("SCAN", "A3", "", "")], {})


@pytest.mark.parametrize("before", [OUT, case("CASE-01"), slot("CASE-01", 1)])
def test_behind_a_settled_label_that_is_doubtful_by_now_the_place_before_it_is_nobodys(before: str) -> None:
    """Whether the next asset is in no slot is asked, once for all of them, and is never told by the label before."""
    texts = [BEGIN, event("UPDATE"), before, "A1", slot("CASE-77", 1), "A2", "A3", "A4"]
    assert asked(later(texts, settled(6, 4, 6)))[7] == ["place_left_out"]
    meanings = later(texts, settled(6, 4, 6), Answers(taken=(7,)))
    assert (rows(meanings), asked(meanings)) == ([("UPDATE", "A3", "", ""), ("UPDATE", "A4", "", "")], {})
