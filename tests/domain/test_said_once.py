"""Answers for all scans: behind cards of different people that were left out, one name stands for nobody unasked."""

import msgspec
import pytest

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
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
    codes,
    event,
    every,
    holder,
    read,
    rows,
    slot,
    stored,
)

ISSUE, SCAN = event("ISSUE"), event("SCAN")
ADAS, BOBS = holder(7, "OLD"), holder(8, "OLD")
ANNS, BENS = (cards.written(Card(CardKind.BEGIN, word)) for word in ("77", "78"))
TWO_BADGES = [BEGIN, ISSUE, ADAS, "A1", BOBS, "A2", "A3"]


def out(*numbers: int, **said: str) -> Answers:
    """Return answers that leave scans out, and say something for all."""
    left_out = tuple(LeftOut(number, "printed before the restore") for number in numbers)
    return msgspec.structs.replace(msgspec.convert(said, Answers), left_out=left_out)


def asked(texts: list[str], answers: Answers) -> dict[int, list[str]]:
    """Return what is asked about scans, without what is noted."""
    found = codes(read(texts, answers))
    kept = {number: [code for code in said if code not in {"left_out", "taken_so"}] for number, said in found.items()}
    return {number: said for number, said in kept.items() if said}


def test_one_name_is_not_for_what_was_scanned_behind_two_badges() -> None:
    """Two badges that are left out: whom the first asset is given to is said, and of the others it is asked."""
    said = out(3, 5, holder="Ada Lovelace")
    assert asked(TWO_BADGES, said) == {6: ["said_for_other"], 7: ["said_for_other"]}
    question = read(TWO_BADGES, said)[5].findings[0].message
    assert question.startswith("Scan 6, A2: no card says who gets it, and Ada Lovelace was said for scan 4 too. Scan 5")
    assert question.endswith("leave scan 6 out, and record it by hand.")
    others_out = out(3, 5, 6, 7, holder="Ada Lovelace")
    assert rows(read(TWO_BADGES, others_out)) == [("ISSUE", "A1", "Ada Lovelace", "OUT")]
    firsts_out = out(3, 4, 5, holder="Grace Hopper")
    assert [row[1:3] for row in rows(read(TWO_BADGES, firsts_out))] == [
        ("A2", "Grace Hopper"), ("A3", "Grace Hopper"),
    ]  # fmt: skip


def test_a_scan_that_is_left_out_makes_no_question_of_a_card_that_is_left_out() -> None:
    """One stray scan and one card that can't be read, both left out: a name said once is for all that is left."""
    placed = [text for number in range(1, 13) for text in (slot("CASE-01", number), f"A{number}")]
    said = out(1, 2, operator="kim")
    for stray in ("X-9", case("CASE-77"), "Q?!"):
        found = read([stray, "AT BKIM9", SCAN, *placed], said)
        assert (asked([stray, "AT BKIM9", SCAN, *placed], said), len(rows(found))) == ({}, 12)


TWO_ROUNDS = ["AT BLEX8", SCAN, "A1", BEGIN, SCAN, "A2", "AT ESCAX", SCAN, "A3"]


def test_a_name_asked_for_one_round_is_asked_about_in_another_though_its_asset_is_left_out() -> None:
    """Between them a begin card counts: of what is behind another card that is left out nobody said who scanned it."""
    said = out(1, 3, 7, operator="Lee")
    found = read(TWO_ROUNDS, said)
    assert asked(TWO_ROUNDS, said) == {9: ["said_for_other"]}
    assert found[8].findings[0].message == (
        "Scan 9, A3: no card says who scanned it, and Lee may have been said for scan 3 too. Scan 7, AT ESCAX, is left "
        "out and may have said otherwise. Is it Lee here as well? If not, leave scan 9 out, and record it by hand."
    )
    taken = read(TWO_ROUNDS, msgspec.structs.replace(said, taken=(9,)))
    assert [(each.row.asset_tag, each.operator) for each in taken if each.row] == [("A2", "Kim"), ("A3", "Lee")]


@pytest.mark.parametrize(
    ("texts", "numbers", "asks"),
    [
        (["AT ESCAX", "A1", BEGIN, SCAN, "AT ESCAX", "A2"], (1, 2, 5), {"operator": "Lee", "event_type": "UPDATE"}),
        ([BEGIN, event("DANCE"), "A1", SCAN, "A2", event("SING"), "A3"], (2, 3, 6), {"event_type": "UPDATE"}),
        ([BEGIN, ISSUE, ADAS, "A1", holder(7), "A2", BOBS, "A3"], (3, 4, 7), {"holder": "Grace Hopper"}),
    ],
)  # fmt: skip
def test_so_it_is_behind_each_card_that_says_it(
    texts: list[str], numbers: tuple[int, ...], asks: dict[str, str]
) -> None:
    """What is done, and to whom, has its own cards that count between the asset that is left out and the other."""
    assert asked(texts, out(*numbers, **asks)) == {len(texts): ["said_for_other"] * len(asks)}


@pytest.mark.parametrize(
    ("texts", "numbers"),
    [
        (["X-9", BEGIN, SCAN, "A1", "AT ESCAX", SCAN, "A2"], (1, 5)),  # one card is left out in all
        (["AT BLEX8", SCAN, "X-9", "AT ESCAX", SCAN, "A2"], (1, 3, 4)),  # none counts between them that says it
        (["AT BLEX8", SCAN, case("CASE-01"), BEGIN, "AT ESCAX", SCAN, "A2"], (1, 3, 5)),  # nobody asks it of a case
        (["AT BLEX8", SCAN, "Q?!", BEGIN, "AT ESCAX", SCAN, "A2"], (1, 3, 5)),  # nor of what is nothing
        ([SCAN, "AT ESCAX", BEGIN, SCAN, "A1", END, BEGIN, "AT ESCAX", SCAN, "A2"], (2, 5, 8)),  # its cards said it
    ],
)
def test_what_was_asked_of_no_asset_behind_a_card_left_out_is_no_question(
    texts: list[str], numbers: tuple[int, ...]
) -> None:
    """A stray scan, and what needs no answer, make none of a card that can't be read."""
    assert asked(texts, out(*numbers, operator="Lee")) == {}


def test_what_was_said_of_an_asset_that_was_taken_back_goes_for_no_other_behind_the_card() -> None:
    """It was to the question about that one: the next asset is asked about, and its answer goes for those after it."""
    texts = [BEGIN, ISSUE, ADAS, "A1", BOBS, "A2", UNDO, "A3", "A4"]
    said = msgspec.structs.replace(out(3, 5, holder="Ada Lovelace"), taken=(6,))
    assert {number: codes for number, codes in asked(texts, said).items() if number > 7} == {
        8: ["said_for_other"], 9: ["said_for_other"],
    }  # fmt: skip
    found = read(texts, said.answering(8, taken=True))
    assert [row[1:3] for row in rows(found)] == [(tag, "Ada Lovelace") for tag in ("A1", "A3", "A4")]
    before = [*texts[:6], "A3", UNDO, "A4"]  # what was said of A2, which counts, still goes for A4
    assert [row[1] for row in rows(read(before, said))] == ["A1", "A2", "A4"]
    both = read([*texts[:6], "A3", UNDO, UNDO, "A4"], msgspec.structs.replace(said, taken=(6, 7)))
    assert [each.code for each in both[9].findings] == ["said_for_other"]


def test_whoever_says_that_it_is_the_same_person_is_taken_at_their_word() -> None:
    """Said of the first asset behind the card it goes for those after it; said of each it is no mistake either."""
    for taken in ((6,), (6, 7)):
        said = msgspec.structs.replace(out(3, 5, holder="Ada Lovelace"), taken=taken)
        assert asked(TWO_BADGES, said) == {}
        assert [row[2] for row in rows(read(TWO_BADGES, said))] == ["Ada Lovelace"] * 3


def test_the_same_card_twice_is_of_one_person() -> None:
    """One old badge, scanned before each asset, names one person; what can't be read tells nobody."""
    texts = [BEGIN, ISSUE, ADAS, "A1", ADAS, "A2"]
    assert asked(texts, out(3, 5, holder="Ada Lovelace")) == {}
    half = ADAS[:-1] + "?"
    broken = [BEGIN, ISSUE, half, "A1", half, "A2"]
    assert asked(broken, out(3, 5, holder="Ada", operator="Kim", event_type="ISSUE"))[6] == ["said_for_other"] * 3


@pytest.mark.parametrize("first", [[], [END]])
def test_two_begin_cards_that_are_left_out_are_of_two_people(first: list[str]) -> None:
    """Who scanned behind the second one is asked, be there an end card between them or not."""
    texts = [ANNS, SCAN, "A1", *first, BENS, SCAN, "A2"]
    second = len(texts) - 2
    found = asked(texts, out(1, second, operator="ann"))
    assert found == {len(texts): ["said_for_other"]}
    assert [each.operator for each in read(texts, out(1, second, operator="ann")) if each.row] == ["ann"]


def test_an_asset_without_any_card_and_one_behind_a_card_left_out_are_two_things() -> None:
    """Whose badge was forgotten need not be whose badge is old, in whatever order that was."""
    assert asked([BEGIN, ISSUE, "A1", BOBS, "A2"], out(4, holder="Ada")) == {5: ["said_for_other"]}
    later = [BEGIN, ISSUE, BOBS, "A1", BEGIN, ISSUE, "A2"]
    assert asked(later, out(3, holder="Ada"))[7] == ["said_for_other"]


def test_events_behind_two_event_cards_are_asked_apart() -> None:
    """Two event cards that can't be taken, and one event said: the second one's assets are asked about."""
    texts = [BEGIN, event("DANCE"), "A1", event("SING"), "A2"]
    assert asked(texts, out(2, 4, event_type="SCAN")) == {5: ["said_for_other"]}


def test_what_a_card_says_needs_no_answer() -> None:
    """Behind a badge that counts nothing is asked, and an asset that was taken back used no answer up."""
    named = [BEGIN, ISSUE, ADAS, "A1", BOBS, holder(8), "A2"]
    assert asked(named, out(3, 5, holder="Ada Lovelace")) == {}
    undone = [BEGIN, ISSUE, ADAS, "A1", UNDO, BOBS, "A2"]
    assert "said_for_other" not in str(asked(undone, out(3, 6, holder="Grace Hopper")))


def test_what_is_recorded_used_no_answer_of_now() -> None:
    """The first badge's asset is in a batch with its own answer; the name that is said now is for the second's."""
    then, now = out(3, holder="Ada Lovelace"), out(5, holder="Grace Hopper")
    first = range(1, 5)
    settled = Settled(dict.fromkeys(first, 1), frozenset({4}), dict.fromkeys(first, then))
    found = Reading(CATALOGUE, now, settled=settled).read(stored(TWO_BADGES), every(30, 7))
    assert [row[1:3] for row in rows(found)] == [("A2", "Grace Hopper"), ("A3", "Grace Hopper")]


def settled(count: int, recorded: set[int], then: Answers) -> Settled:
    """Return the first scans as a batch dealt with them, with these answers."""
    first = range(1, count + 1)
    return Settled(dict.fromkeys(first, 1), frozenset(recorded), dict.fromkeys(first, then))


def later(texts: list[str], now: Answers, what: Settled) -> list[Meaning]:
    """Read scans of which the first are in a batch."""
    return Reading(CATALOGUE, now, settled=what).read(stored(texts), every(30, len(texts)))


def test_a_name_said_for_what_is_recorded_is_said_there_first() -> None:
    """Said again for what comes behind another card that was left out, it is asked about as in one reading of all."""
    what = settled(4, {4}, out(3, holder="Ada Lovelace"))
    meanings = later(TWO_BADGES, out(5, holder="Ada Lovelace"), what)
    at_once = read(TWO_BADGES, out(3, 5, holder="Ada Lovelace"))
    assert codes(meanings[5:]) == {6: ["said_for_other"], 7: ["said_for_other"]}
    assert [each.findings for each in meanings[5:]] == [each.findings for each in at_once[5:]]
    said = msgspec.structs.replace(out(5, holder="Ada Lovelace"), taken=(6,))
    assert [row[1:3] for row in rows(later(TWO_BADGES, said, what))] == [
        ("A2", "Ada Lovelace"), ("A3", "Ada Lovelace"),
    ]  # fmt: skip


def test_what_was_answered_with_a_recorded_asset_goes_for_those_behind_it() -> None:
    """The name was said to fit behind the second badge when the batch was committed."""
    then = msgspec.structs.replace(out(3, 5, holder="Ada Lovelace"), taken=(6,))
    meanings = later(TWO_BADGES, Answers(holder="Ada Lovelace"), settled(6, {4, 6}, then))
    assert (codes(meanings), rows(meanings)) == ({}, [("ISSUE", "A3", "Ada Lovelace", "OUT")])


def test_what_is_recorded_unasked_is_asked_nothing_and_what_is_new_behind_it_is() -> None:
    """An older program took the name for both badges: its rows stay, and nobody ever said that it fits there."""
    what = settled(6, {4, 6}, out(3, 5, holder="Ada Lovelace"))
    meanings = later(TWO_BADGES, Answers(holder="Ada Lovelace"), what)
    assert [(each.said, len(each.findings)) for each in meanings[3:6]] == [
        ("recorded", 0), ("left out", 0), ("recorded", 0),
    ]  # fmt: skip
    assert codes(meanings) == {7: ["said_for_other"]}


def test_a_file_that_grew_is_asked_who_scanned_behind_a_card_left_out() -> None:
    """No card at all on the first day; on the second one that can't be read, and who it was is said as before."""
    texts = ["A-1", "A-2", "A-3", "AT BLEX8", "A-4"]
    said = out(operator="kim", event_type="SCAN")
    now = msgspec.structs.replace(said, left_out=out(4).left_out)
    meanings = later(texts, now, settled(3, {1, 2, 3}, said))
    assert codes(meanings)[5] == ["said_for_other"] * 2
    assert [each.message.split(" too. ")[0].split(", and ")[1] for each in meanings[4].findings] == [
        "kim was said for scan 1", "SCAN was said for scan 1",
    ]  # fmt: skip


def test_what_is_recorded_unasked_lies_in_its_slot() -> None:
    """Nothing is asked of it, and the label before it is for no other asset."""
    texts = [ANNS, SCAN, "A1", BENS, SCAN, slot("CASE-01", 1), "A2", "A3"]
    what = settled(7, {3, 7}, out(1, 4, operator="ann"))
    meanings = later(texts, Answers(operator="ann", taken=(8,)), what)
    assert ([each.code for each in meanings[7].findings if each.kind == "problem"], rows(meanings)) == (
        ["slot_for_two"], [],
    )  # fmt: skip
