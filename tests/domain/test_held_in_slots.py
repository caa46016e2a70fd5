"""A slot's label before an asset that is held: an asset was scanned after it, whatever is asked about that one."""

from collections.abc import Sequence

import msgspec
import pytest

from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scan_grammar import Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.settled_scans import NOTHING_SETTLED, Settled
from tests.domain.trial_scans import BEGIN, CATALOGUE, END, UNDO, event, every, holder, rows, slot, stored

SCAN, ISSUE, RETIRE, FIRST, SECOND = (
    event("SCAN"),
    event("ISSUE"),
    event("RETIRE"),
    slot("CASE-01", 1),
    slot("CASE-01", 2),
)


def said(*left_out: int, taken: tuple[int, ...] = (), **other: str) -> Answers:
    """Return answers that leave scans out, take some, and say something for all."""
    out = tuple(LeftOut(number, "misread") for number in left_out)
    return msgspec.structs.replace(msgspec.convert(other, Answers), left_out=out, taken=taken)


def read(texts: Sequence[str], answers: Answers, settled: Settled = NOTHING_SETTLED) -> list[Meaning]:
    """Read scans half a minute apart."""
    return Reading(CATALOGUE, answers, settled=settled).read(stored(texts), every(30, len(texts)))


def asked(meanings: Sequence[Meaning]) -> dict[int, list[str]]:
    """Return what is asked about scans."""
    found = {each.scan.number: [said.code for said in each.findings if said.kind == "problem"] for each in meanings}
    return {number: codes for number, codes in found.items() if codes}


OLD_BADGE = Settled(dict.fromkeys(range(1, 5), 5), frozenset({3}), dict.fromkeys(range(1, 5), Answers()))

HELD = [
    ([], said(), "operator_not_said", said(operator="kim", event_type="SCAN")),
    ([SCAN], said(), "operator_not_said", said(operator="kim")),
    ([BEGIN], said(), "event_not_said", said(event_type="SCAN")),
    (
        [SCAN, slot("CASE-01", 9), "A0", "AT BLEX8", SCAN],
        said(4, operator="kim"),
        "said_for_other",
        said(4, operator="kim", taken=(7,)),
    ),
    ([BEGIN, SCAN, "A0", holder(99)], said(), "card_doubtful_now", said(taken=(6,))),
]
"""What is scanned before the label, what is answered, what is asked of its asset, and an answer to it."""


@pytest.mark.parametrize(("before", "answers", "question", "answer"), HELD)
@pytest.mark.parametrize("after", [[], [SECOND, "A2"], [END], ["CASE-02", SECOND, "A2"], [SECOND, "A2", END]])
def test_of_a_label_whose_asset_is_held_it_is_not_said_that_none_came(
    before: list[str], answers: Answers, question: str, answer: Answers, after: list[str]
) -> None:
    """Only what is asked of the asset is; once that is answered it is in its slot, and nothing else is asked."""
    texts, number = [*before, FIRST, "A1", *after], len(before) + 2
    settled = OLD_BADGE if question == "card_doubtful_now" else NOTHING_SETTLED
    second = {texts.index("A2") + 1: [question]} if "A2" in after else {}
    assert asked(read(texts, answers, settled)) == {number: [question], **second}
    found = read(texts, answer, settled)
    assert asked(found) == {}
    placed = [("SCAN", "A1", "", "CASE-01 slot 1"), *([("SCAN", "A2", "", "CASE-01 slot 2")] if second else [])]
    assert rows(found)[-len(placed) :] == placed


@pytest.mark.parametrize(("card", "question"), [(ISSUE, "person_not_said"), (RETIRE, "reason_not_said")])
def test_a_label_whose_asset_goes_elsewhere_is_asked_about_while_that_one_is_held(card: str, question: str) -> None:
    """Nothing is put into the slot, whatever is answered: that is asked at once, and both answers go together."""
    texts = [BEGIN, card, FIRST, "A1", SECOND]
    for answers in (said(), said(taken=(5,))):
        assert asked(read(texts, answers))[3] == ["slot_without_asset"]
        assert asked(read(texts, answers))[4] == [question]
    answered = said(taken=(3, 5), holder="Ada", reason="broken")
    assert asked(read(texts, answered)) == {}


def test_what_may_be_no_place_is_taken_with_the_event_that_is_still_to_be_said() -> None:
    """A label can be said to have no asset in its slot before it is said that the asset was given away."""
    texts = [BEGIN, FIRST, "A1"]
    assert asked(read(texts, said(taken=(2,)))) == {3: ["event_not_said"]}
    assert asked(read(texts, said(taken=(2,), event_type="ISSUE", holder="Ada"))) == {}


def test_a_held_asset_that_is_taken_back_leaves_its_slot_to_the_next() -> None:
    """Held as it was, and free again: the next asset needs no other label, and none need come."""
    texts = [SCAN, FIRST, "A1", UNDO]
    assert asked(read([*texts, END], said())) == {}
    assert asked(read([*texts, "A2"], said())) == {5: ["operator_not_said"]}
    assert rows(read([*texts, "A2"], said(operator="kim"))) == [("SCAN", "A2", "", "CASE-01 slot 1")]


def test_a_held_asset_that_is_left_out_may_lie_in_its_slot() -> None:
    """As one that was not held: the next one is there only if it is said so; without one the label is asked about."""
    texts = [SCAN, FIRST, "A1", "A2", "A3"]
    nobody = asked(read(texts, said(3)))
    assert nobody == {each: ["operator_not_said", "slot_of_left_out"] for each in (4, 5)}
    assert asked(read(texts, said(3, operator="kim"))) == {4: ["slot_of_left_out"], 5: ["slot_of_left_out"]}
    taken = read(texts, said(3, 5, operator="kim", taken=(4,)))
    assert (asked(taken), rows(taken)) == ({}, [("SCAN", "A2", "", "CASE-01 slot 1")])
    assert asked(read(texts[:3], said(3))) == {2: ["slot_without_asset"]}


def test_the_slot_of_a_held_asset_is_no_other_ones() -> None:
    """Two assets for one slot are seen at once; the same label again is for an asset of its own."""
    texts = [BEGIN, FIRST, "A1", SCAN]
    assert asked(read([*texts, "A2"], said())) == {3: ["event_not_said"], 5: ["slot_for_two"]}
    assert asked(read([*texts, "A2"], said(event_type="SCAN"))) == {5: ["slot_for_two"]}
    again = read([*texts, FIRST, "A2"], said())
    assert (asked(again), again[4].findings) == ({3: ["event_not_said"]}, ())
    assert rows(again) == [("SCAN", "A2", "", "CASE-01 slot 1")]
    assert asked(read([*texts, FIRST], said())) == {3: ["event_not_said"], 5: ["slot_without_asset"]}
