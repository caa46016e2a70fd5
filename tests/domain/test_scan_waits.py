"""Scans behind a held card or label: nothing of them is guessed, they wait for what is answered about it."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.pulled_batch import may_be_row
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scan_context import RowSaid
from assettrack.domain.scan_grammar import NO_ROWS, Reading
from assettrack.domain.scan_meanings import Meaning
from tests.domain.trial_scans import (
    BEGIN,
    CATALOGUE,
    END,
    UNDO,
    case,
    codes,
    end,
    event,
    every,
    holder,
    rows,
    slot,
    stored,
)

SCAN, ISSUE, UPDATE = event("SCAN"), event("ISSUE"), event("UPDATE")
OUT = case("OUT")
LIKE = msgspec.structs.replace(CATALOGUE, like_cases=frozenset({"CASE-77"}))
BROKEN = BEGIN[:-1] + "?"
STRANGER = cards.written(Card(CardKind.BEGIN, "77"))
EAN_13 = "4006381333931"
OTHER_CODE = "other code "

LABELS = [slot("CASE-77", 1), slot("CASE-02", 9), "CASE-02 SLOT-9", case("CASE-77"), "LT-9", "CASE-77"]
HELD = {
    "event": [event("DANCE"), OTHER_CODE + SCAN],
    "holder": [holder(99), holder(7, "ZZZ"), OTHER_CODE + holder(8)],
    "place": [*LABELS, OTHER_CODE + slot("CASE-01", 1)],
    "all": [BROKEN, "AT UX", STRANGER, OTHER_CODE + BEGIN, OTHER_CODE + end(2)],
}
EARLIER = {
    "event": [SCAN, ISSUE, UPDATE, event("RETURN"), event("RETIRE")],
    "holder": [holder(7), holder(8)],
    "place": [OUT, case("CASE-01"), case("CASE-02"), slot("CASE-01", 1), slot("CASE-02", 4), slot("CASE-02", 1)],
}
EARLIER["all"] = [BEGIN, END, *EARLIER["event"], *EARLIER["holder"], *EARLIER["place"]]
TEXTS = [
    *(BEGIN, END, end(1), end(2), UNDO, SCAN, ISSUE, UPDATE, event("RETURN"), holder(7), holder(8), OUT),
    *(case("CASE-01"), slot("CASE-01", 1), slot("CASE-02", 1), "A1", "A2", "A3", "<b>"),
]


def read(
    texts: Sequence[str], answers: Answers | None = None, rows_said: dict[int, RowSaid] | None = None
) -> list[Meaning]:
    """Read texts half a minute apart; CASE-77 is neither a case nor an asset here, a marked card no Code 128."""
    scans = [
        RawScan(each.number, each.text[len(OTHER_CODE) :], 0x01) if each.text.startswith(OTHER_CODE)
        else RawScan(each.number, each.text, 0x0B) if each.text == EAN_13 else each
        for each in stored(texts)
    ]  # fmt: skip
    return Reading(LIKE, answers or Answers(), rows_said or NO_ROWS).read(scans, every(30, len(scans)))


def asked(meanings: Sequence[Meaning]) -> dict[int, list[str]]:
    """The questions about each scan of which anything is asked."""
    found = {each.scan.number: [said.code for said in each.findings if said.kind == "problem"] for each in meanings}
    return {number: questions for number, questions in found.items() if questions}


def waiting(meanings: Sequence[Meaning]) -> dict[int, int]:
    """The scans that wait, with those for which they do."""
    return {each.scan.number: each.waits_for for each in meanings if each.said == "waits"}


@st.composite
def held_behind_two(draw: st.DrawFn) -> tuple[list[str], list[str], int]:
    """Draw two batches that differ only in a card of a kind, and after how many scans one of that kind is held."""
    kind = draw(st.sampled_from(sorted(HELD)))
    first, other = draw(st.lists(st.sampled_from(EARLIER[kind]), min_size=2, max_size=2))
    before = draw(st.lists(st.sampled_from(TEXTS), max_size=4))
    assets = st.sampled_from(["A1", "A2", "LT-7"])
    between = [] if kind == "event" else draw(st.lists(assets, max_size=3))  # an event may use a slot up, or not
    behind = [draw(st.sampled_from(HELD[kind])), *draw(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=8))]
    start = [BEGIN, SCAN, holder(7)][: draw(st.integers(0, 3))]
    texts = [*start, *before, first, *between, *behind]
    instead = [*start, *before, other, *between, *behind]
    return texts, instead, len(texts) - len(behind) + 1


@given(batches=held_behind_two())
def test_nothing_behind_a_held_card_hangs_on_an_earlier_one_of_its_kind(
    batches: tuple[list[str], list[str], int],
) -> None:
    """Whatever a card of that kind said before, the scans behind the held one are read the same."""
    texts, instead, count = batches
    assert read(texts)[count:] == read(instead)[count:]


@given(texts=st.lists(st.sampled_from([*TEXTS, *(text for held in HELD.values() for text in held)]), max_size=25))
def test_whatever_waits_the_scan_for_which_it_does_is_held(texts: list[str]) -> None:
    """So nothing is committed around it; what waits is no row, and nothing is asked of it because of that."""
    meanings = read(texts)
    for number, earlier in waiting(meanings).items():
        each = meanings[number - 1]
        assert earlier < number
        assert meanings[earlier - 1].said == "held"
        assert (each.row, each.findings, may_be_row(each)) == (None, (), True)


def test_an_asset_behind_an_unknown_label_is_not_said_to_come_for_a_slot_before_it() -> None:
    """Slot 1 has its asset, and for which slot the next one is hangs on the label that is not known."""
    texts = [BEGIN, UPDATE, slot("CASE-02", 1), "LT-1", slot("CASE-99", 2), "LT-2", "LT-3"]
    meanings = read(texts)
    assert asked(meanings) == {5: ["slot_unknown_here"]}
    assert waiting(meanings) == {6: 5, 7: 5}
    assert rows(meanings) == [("UPDATE", "LT-1", "", "CASE-02 slot 1")]
    notice = meanings[4].findings[1]
    assert (notice.code, "scan 6, LT-2, and 1 scan after it." in notice.message) == ("scans_wait", True)


@pytest.mark.parametrize("label", LABELS)
def test_an_asset_behind_an_unknown_label_is_not_in_no_slot(label: str) -> None:
    """The card of no slot was for what came before the label."""
    meanings = read([BEGIN, UPDATE, OUT, "LT-1", label, "LT-2"])
    assert (list(asked(meanings)), waiting(meanings)) == ([5], {6: 5})


@pytest.mark.parametrize("badge", HELD["holder"])
def test_twenty_assets_behind_a_badge_that_is_not_known_are_one_question(badge: str) -> None:
    """None of them goes to the person before it, and none is asked about by itself."""
    meanings = read([BEGIN, ISSUE, holder(7), "LT-1", badge, *(f"A-{each}" for each in range(2, 22))])
    assert list(asked(meanings)) == [5]
    assert waiting(meanings) == dict.fromkeys(range(6, 26), 5)
    assert rows(meanings) == [("ISSUE", "LT-1", "Ada Lovelace", "OUT")]


def test_what_does_not_hang_on_the_held_card_is_read() -> None:
    """What comes back needs no person, and what is given away no place; a card of the kind says it anew."""
    returned = read([BEGIN, event("RETURN"), holder(99), slot("CASE-01", 1), "LT-1"])
    assert rows(returned) == [("RETURN", "LT-1", "", "CASE-01 slot 1")]
    given_away = read([BEGIN, ISSUE, holder(7), slot("CASE-99", 1), "LT-1"])
    assert rows(given_away) == [("ISSUE", "LT-1", "Ada Lovelace", "OUT")]
    anew = read([BEGIN, ISSUE, holder(99), holder(8), "LT-1", event("DANCE"), ISSUE, "LT-2", BROKEN, BEGIN, SCAN, "A"])
    assert rows(anew) == [
        ("ISSUE", "LT-1", "Grace Hopper", "OUT"), ("ISSUE", "LT-2", "Grace Hopper", "OUT"), ("SCAN", "A", "", ""),
    ]  # fmt: skip
    assert waiting(anew) == waiting(returned) == waiting(given_away) == {}
    assert waiting(read([BEGIN, UPDATE, slot("CASE-99", 1), case("CASE-01"), slot("CASE-01", 2), "LT-1"])) == {}


def test_a_card_left_out_behind_the_held_one_is_what_is_asked_about() -> None:
    """Behind it nobody knows who it is for, whatever the held badge says."""
    texts = [BEGIN, ISSUE, holder(99), holder(7), "LT-1"]
    meanings = read(texts, Answers(left_out=(LeftOut(4, "torn"),)))
    assert asked(meanings) == {3: ["person_unknown_here"], 5: ["person_not_said"]}


def test_an_end_card_does_not_count_where_a_held_card_may_have_ended_or_been_an_asset() -> None:
    """How many assets there are hangs on it; a label that is not known changes no number."""
    for unclear in (BROKEN, "CASE-77", EAN_13):
        texts = [BEGIN, SCAN, "A1", "A2", unclear, "A3", end(9)]
        assert list(asked(read(texts))) == [5]
    assert asked(read([BEGIN, SCAN, "A1", slot("CASE-99", 1), "A2", end(3)])) == {
        4: ["slot_unknown_here"], 6: ["end_count_wrong"],
    }  # fmt: skip
    assert asked(read([BEGIN, SCAN, "A1", "<b>", "A2", end(3)])) == {4: ["not_understood"], 6: ["end_count_wrong"]}


@pytest.mark.parametrize("text", ["<b>", EAN_13, "CASE-77", "LT-9", BROKEN])
def test_a_slot_before_what_may_be_its_asset_is_nobodys(text: str) -> None:
    """Neither does the next asset get it, nor is it said that it got none."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), text, "A1", slot("CASE-01", 2), "A2"]
    meanings = read(texts)
    assert list(asked(meanings)) == [4]
    assert waiting(meanings) == ({5: 4, 7: 4} if text == BROKEN else {5: 4})


def test_a_slot_before_a_text_that_is_nothing_still_needs_its_asset() -> None:
    """Whatever is answered, the text is no asset: the label without any is asked about, and scanned again it holds."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), "<b>"]
    assert asked(read(texts)) == {3: ["slot_without_asset"], 4: ["not_understood"]}
    again = read([*texts, slot("CASE-01", 1), "A1"])
    assert (rows(again), list(asked(again))) == ([("SCAN", "A1", "", "CASE-01 slot 1")], [4])


def test_a_slot_before_an_asset_that_waits_is_for_that_asset() -> None:
    """No question is made of it; who comes after it there waits too, and one taken back leaves nothing behind."""
    texts = [BEGIN, ISSUE, event("DANCE"), slot("CASE-01", 1), "A1", SCAN, "A2", slot("CASE-01", 2), "A3"]
    meanings = read(texts)
    assert asked(meanings) == {3: ["card_broken"]}
    assert waiting(meanings) == {5: 3, 7: 3}
    assert rows(meanings) == [("SCAN", "A3", "", "CASE-01 slot 2")]
    undone = read([*texts[:5], UNDO])
    assert (asked(undone), undone[4].said, waiting(undone)) == ({3: ["card_broken"]}, "undone", {})


def test_answers_from_before_are_kept_for_scans_behind_a_held_card() -> None:
    """What was taken as it is stays so until the card is answered: nobody is told to take that back meanwhile."""
    texts = [BEGIN, SCAN, slot("CASE-01", 1), BROKEN, "A1", end(3), BEGIN, SCAN, "A2"]
    assert asked(read(texts, Answers(taken=(3, 5, 6, 9)))) == {4: ["card_broken"]}
    left_out = Answers(left_out=(LeftOut(4, "torn"),), taken=(3, 9), operator="Kim", event_type="SCAN")
    assert asked(read(texts, left_out))[9] == ["take_unasked"]
    assert asked(read([BEGIN, SCAN, "A1", BROKEN], Answers(taken=(3,))))[3] == ["take_unasked"]


def test_what_a_row_of_a_file_says_does_not_stand_for_a_card_that_is_held() -> None:
    """Cards count before it, so it waits as well."""
    texts = [BEGIN, event("DANCE"), "A1"]
    assert waiting(read(texts, rows_said={3: RowSaid(event_type="SCAN")})) == {3: 2}


@pytest.mark.parametrize("text", [*HELD["holder"], *HELD["place"], BROKEN, STRANGER])
def test_left_out_the_card_keeps_nothing_waiting(text: str) -> None:
    """Each asset behind it says then by itself what it lacks."""
    texts = [BEGIN, ISSUE, holder(7), OUT, "A1", text, "A2"]
    meanings = read(texts, Answers(left_out=(LeftOut(6, "torn"),)))
    assert waiting(meanings) == {}
    assert "scans_wait" not in {code for found in codes(meanings).values() for code in found}
