"""All that is asked about one scan is asked at once: whoever takes it as it is answers no question that was hidden."""

from collections.abc import Mapping, Sequence

import msgspec
import pytest

from assettrack.domain import cards
from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.raw_scans import UNTOLD, RawScan
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scan_context import RowSaid
from assettrack.domain.scan_grammar import NO_ROWS, Reading
from assettrack.domain.scan_meanings import Meaning
from assettrack.domain.scanner_clock import Timing
from assettrack.domain.settled_scans import NOTHING_SETTLED, Settled
from assettrack.domain.tags import Place
from tests.domain.trial_scans import BEGIN, CATALOGUE, case, event, every, holder, rows, slot, stored

SCAN, ISSUE, UPDATE = map(event, ("SCAN", "ISSUE", "UPDATE"))
LIKE = msgspec.structs.replace(CATALOGUE, like_cases=frozenset({"CASE-77"}), case_forms=frozenset({"CASE-77"}))
GOODS = "4006381333931"
EAN_13 = 0x0B


def out(*numbers: int, **said: str) -> Answers:
    """Return answers that leave scans out, and say something for all."""
    left_out = tuple(LeftOut(number, "misread") for number in numbers)
    return msgspec.structs.replace(msgspec.convert(said, Answers), left_out=left_out)


def read(
    texts: Sequence[str],
    answers: Answers,
    *,
    catalogue: CardCatalogue = LIKE,
    rows_said: Mapping[int, RowSaid] = NO_ROWS,
    settled: Settled = NOTHING_SETTLED,
    times: Sequence[Timing] = (),
) -> list[Meaning]:
    """Read scans half a minute apart; the code of goods is one."""
    scans = [msgspec.structs.replace(each, symbology=EAN_13) if each.text == GOODS else each for each in stored(texts)]
    reading = Reading(catalogue, answers, rows_said, settled)
    return reading.read(scans, times or every(30, len(scans)))


def asked(meanings: Sequence[Meaning]) -> dict[int, list[str]]:
    """Return what is asked about scans."""
    found = {each.scan.number: [said.code for said in each.findings if said.kind == "problem"] for each in meanings}
    return {number: said for number, said in found.items() if said}


def answered(meanings: Sequence[Meaning], number: int) -> int:
    """Return how many questions about a scan were answered by taking it."""
    return [each.code for each in meanings[number - 1].findings].count("taken_so")


MISREAD = "AT ESCAX"


@pytest.mark.parametrize(
    ("texts", "answers", "expected"),
    [
        # no card says who scanned it, and the label before it is left out
        (
            [SCAN, "A-1", MISREAD, SCAN, slot("CASE-77", 1), "A-2"],
            out(3, 5, operator="kim"),
            ["said_for_other", "place_left_out"],
        ),
        # the same, and the asset for the label before it is left out
        (
            [SCAN, "A-1", MISREAD, SCAN, slot("CASE-01", 1), "A-8", "A-2"],
            out(3, 6, operator="kim"),
            ["said_for_other", "slot_of_left_out"],
        ),
        # it looks like a case, or is a code of goods, and the label before it is left out
        ([BEGIN, SCAN, slot("CASE-99", 1), "CASE-77"], out(3), ["case_or_asset_here", "place_left_out"]),
        ([BEGIN, SCAN, slot("CASE-99", 1), GOODS], out(3), ["product_code", "place_left_out"]),
    ],
)
def test_each_question_that_a_take_answers_is_shown_before(
    texts: list[str], answers: Answers, expected: list[str]
) -> None:
    """Taken as it is, the scan has just these answers, one for each question that stood there, and is a row."""
    number = len(texts)
    assert asked(read(texts, answers))[number] == expected
    taken = read(texts, answers.answering(number, taken=True))
    assert (asked(taken).get(number), answered(taken, number)) == (None, len(expected))
    assert rows(taken)[-1][1] == texts[-1]


def test_what_lacks_an_answer_for_all_is_asked_the_rest_at_once() -> None:
    """Who gets it is not said, and the badge before it is doubtful by now: both are to be seen."""
    texts = [BEGIN, ISSUE, holder(7), "A1", holder(99), "A2", "A3"]
    numbers = range(1, 7)
    settled = Settled(dict.fromkeys(numbers, 5), frozenset({4, 6}), dict.fromkeys(numbers, Answers()))
    assert asked(read(texts, Answers(), settled=settled)) == {7: ["person_not_said", "card_doubtful_now"]}


def test_an_answer_that_nobody_gave_is_said_of_nobody() -> None:
    """Where no card says who scanned, and no answer either, that alone is asked."""
    texts = [event("DANCE"), SCAN, "A-1", MISREAD, SCAN, "A-2"]
    assert asked(read(texts, out(1, 4))) == {3: ["operator_not_said"], 6: ["operator_not_said"]}


@pytest.mark.parametrize("text", ["CASE-77", GOODS])
def test_of_what_is_no_asset_for_sure_nothing_is_asked_that_hangs_on_an_answer(text: str) -> None:
    """Behind a card that is held, or before any event is known, there is nothing yet to be asked about its place."""
    first = {"CASE-77": "case_or_asset_here", GOODS: "product_code"}[text]
    assert asked(read([BEGIN, text], Answers()))[2] == [first]
    assert asked(read([BEGIN, SCAN, slot("CASE-99", 1), text], Answers()))[4] == [first]
    unknown = cards.written(Card(CardKind.BEGIN, "77"))
    behind = [MISREAD, SCAN, "A-1", unknown, SCAN, text]
    assert asked(read(behind, out(1, operator="kim"))) == {4: ["operator_unknown_here"], 6: [first]}


@pytest.mark.parametrize("name", [GOODS, "4006"])
def test_of_goods_whose_code_is_the_name_of_a_case_no_asset_is_asked_about(name: str) -> None:
    """Taken as it is, it says where the next assets are."""
    known = msgspec.structs.replace(CATALOGUE, cases={**CATALOGUE.cases, name: 3})
    found = asked(read([BEGIN, SCAN, slot("CASE-99", 1), GOODS], out(3), catalogue=known))[4]
    assert found == (["product_code"] if name == GOODS else ["product_code", "place_left_out"])


def test_a_repeated_asset_is_asked_about_the_card_before_it_too() -> None:
    """Without times a recorded asset may have been scanned again, and a badge before it is doubtful by now."""
    texts = [BEGIN, UPDATE, slot("CASE-77", 1), "A1", "A1"]
    numbers = range(1, 5)
    settled = Settled(dict.fromkeys(numbers, 5), frozenset({4}), dict.fromkeys(numbers, Answers()))
    found = read(texts, Answers(), settled=settled, times=[Timing(None)] * 5)
    assert asked(found) == {5: ["repeat_untimed", "card_doubtful_now"]}


def test_rows_that_contradict_each_other_are_asked_about_the_rest_at_once() -> None:
    """Of one second, and another deed than the row before; and nobody is known to have scanned either."""
    at_once = "2026-02-04T08:00:00"
    scans = [RawScan(number, "LT-1", UNTOLD, at_once) for number in (1, 2)]
    said = {1: RowSaid("SCAN", "", Place("CASE-01", 1)), 2: RowSaid("ISSUE", "Ada")}
    meanings = Reading(CATALOGUE, Answers(), said).read(scans, every(0, 2))
    assert asked(meanings) == {1: ["operator_not_said"], 2: ["rows_contradict", "operator_not_said"]}


def test_rows_that_contradict_each_other_behind_a_held_card_wait_for_it_all_the_same() -> None:
    """What else is asked about them hangs on what is answered about the card."""
    scans = [RawScan(1, event("DANCE"), UNTOLD), *(RawScan(number, "LT-1", UNTOLD) for number in (2, 3))]
    said = {2: RowSaid("SCAN", "", Place("CASE-01", 1)), 3: RowSaid("ISSUE", "Ada")}
    meanings = Reading(CATALOGUE, Answers(), said).read(scans, every(0, 3))
    assert asked(meanings) == {1: ["card_broken"], 3: ["rows_contradict"]}


def test_a_return_behind_a_label_that_is_left_out_is_asked_as_any_other_event() -> None:
    """Whether it is in no slot; without such a label before it there is no question that could be taken."""
    texts = [BEGIN, event("RETURN"), slot("CASE-99", 1), "A1"]
    assert asked(read(texts, out(3))) == {4: ["place_left_out"]}
    assert rows(read(texts, out(3).answering(4, taken=True))) == [("RETURN", "A1", "", "OUT")]
    assert asked(read([BEGIN, event("RETURN"), "A1"], Answers())) == {3: ["place_not_said"]}


def test_a_case_without_a_slot_is_asked_for_the_slot_alone() -> None:
    """As before: the label of the slot is missing, and nothing else can be said."""
    assert asked(read([BEGIN, SCAN, case("CASE-01"), "A1"], Answers())) == {4: ["place_not_said"]}
