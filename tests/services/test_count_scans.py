"""What a scan means while people count: where the next ones are seen, and when nobody knows that any more."""

import pytest

from assettrack.domain.cards import Card, CardKind, written
from assettrack.services import count_scans, counts, slots
from assettrack.services.count_scans import Outcome, Where
from tests.services.counting import CASE, EVERYTHING, start, stock
from tests.services.desk import Desk, row
from tests.services.printed import badge

SLOT_2 = written(Card(CardKind.SLOT, "CASE-01", 2))
CASE_1 = written(Card(CardKind.CASE, "CASE-01"))
NO_SLOT = written(Card(CardKind.CASE, "OUT"))
NOT_KNOWN = [
    written(Card(CardKind.SLOT, "CASE-77", 3)),
    "CASE-01 SLOT 99",
    written(Card(CardKind.CASE, "CASE-77")),
    "CASE-77",
    "B2",  # both a case and an asset
    f"{CASE_1[:-1]}{'Y' if CASE_1[-1] == 'Z' else 'Z'}",
    "KIT BOX 07",  # of a form that only cases have, and no asset can have
]
"""Labels and cards that name nothing known here, can't be read, or may be two things."""


@pytest.fixture
def counted(desk: Desk) -> Desk:
    """Count everything, at a station where one name is both a case's and an asset's."""
    stock(desk)
    slots.initialise_cases(desk.workplace, [("B2", 1), ("KIT BOX 01", 1)])
    desk.commit(row("B2"))
    start(desk, EVERYTHING)
    return desk


def scan(desk: Desk, where: Where, *typed: str) -> tuple[list[Outcome], Where]:
    """Scan one after another, each from the page that the one before it led to."""
    outcomes: list[Outcome] = []
    for each in typed:
        taken = count_scans.take(desk.workplace, 1, each, where)
        outcomes += taken.outcomes
        where = taken.where
    return outcomes, where


def held(outcomes: list[Outcome]) -> list[str]:
    """Why scans were not added; blank where they were, or said where the next are."""
    return ["" if each.held is None else each.held.code for each in outcomes]


def seen(desk: Desk) -> dict[str, str]:
    """Where each asset was seen that was seen at all."""
    sheet = counts.sheet(desk.workplace, 1, with_found=True)
    return {line.asset_tag: line.seen for line in sheet.lines if line.scans}


@pytest.mark.parametrize("label", NOT_KNOWN)
@pytest.mark.parametrize("before", [CASE_1, SLOT_2])
def test_after_a_label_that_is_not_known_nothing_is_seen_in_the_place_before(
    counted: Desk, before: str, label: str
) -> None:
    """What is scanned then is not added, whatever comes between, until a label says where it is."""
    outcomes, where = scan(counted, Where(), before, label, "B1", badge(counted.workplace), "no tag!", "B1")
    assert held(outcomes)[1] != ""
    assert held(outcomes)[2:] == ["place_removed", "count_scan_invalid", "scan_unreadable", "place_removed"]
    assert where == Where(removed=True)
    assert seen(counted) == {}
    outcomes, where = scan(counted, where, SLOT_2, "B1")
    assert (held(outcomes), where) == (["", ""], Where("CASE-01"))
    assert seen(counted) == {"B1": "CASE-01 slot 2"}


@pytest.mark.parametrize("chosen", [NO_SLOT, CASE_1, None])
def test_it_is_said_anew_by_any_label_the_card_of_no_slot_or_by_hand(counted: Desk, chosen: str | None) -> None:
    """By hand also that it is just here."""
    removed = Where(removed=True)
    _, where = scan(counted, removed, chosen) if chosen else ([], Where())
    outcomes, _ = scan(counted, where, "B1")
    assert held(outcomes) == [""]


@pytest.mark.parametrize("label", [*NOT_KNOWN[:3], *NOT_KNOWN[4:]])
def test_where_no_place_was_said_assets_are_seen_without_one_after_it_too(counted: Desk, label: str) -> None:
    """There is none that anybody could take the next one to be in."""
    outcomes, where = scan(counted, Where(), label, "B1")
    assert (where, held(outcomes)[1]) == (Where(), "")
    assert list(seen(counted)) == ["B1"]


@pytest.mark.parametrize("where", [Where(), Where("CASE-01")])
def test_what_looks_like_a_case_is_held_and_no_unknown_asset(counted: Desk, where: Where) -> None:
    """Whether or not a place was said: it may be the label of a case, and what was added once stays."""
    outcomes, after = scan(counted, where, "NEW-1", "CASE-78")
    assert held(outcomes) == ["", "case_or_asset"]
    assert after == (Where(removed=True) if where.case_name else Where())
    assert list(seen(counted)) == ["NEW-1"]


def test_what_is_no_label_leaves_the_place(counted: Desk) -> None:
    """A badge, a card that begins a round, and a code that is printed beside an asset's."""
    begin = written(Card(CardKind.BEGIN, "1"))
    outcomes, where = scan(counted, Where("CASE-01", 2), badge(counted.workplace), begin, "00:1A:2B:3C:4D:5E")
    assert held(outcomes) == ["count_scan_invalid", "count_scan_invalid", "scan_unreadable"]
    assert where == Where("CASE-01", 2)


@pytest.mark.parametrize("label", ["CASE-02 SLOT", "CASE-01 SLOT 1000", "CASE-01 SLOT 7A", "KIT_07", "no tag!"])
def test_after_what_can_be_no_tag_but_a_label_nobody_knows_the_place(counted: Desk, label: str) -> None:
    """It may have been the label of another slot: nothing is seen in the one before it."""
    outcomes, where = scan(counted, Where("CASE-01", 2), label)
    assert held(outcomes) == ["scan_unreadable"]
    assert where == Where(removed=True)
    assert scan(counted, Where(), label)[1] == Where()


@pytest.mark.parametrize("scope", [CASE, EVERYTHING])
@pytest.mark.parametrize(
    ("label", "where"),
    [(CASE_1, Where("CASE-01")), ("case-01", Where("CASE-01")), (SLOT_2, Where("CASE-01", 2)), (NO_SLOT, Where())],
)
def test_a_label_that_says_again_what_holds_is_fine(
    desk: Desk, scope: counts.AskedScope, label: str, where: Where
) -> None:
    """It was read twice; it is said that nothing changed by it."""
    stock(desk)
    start(desk, scope)
    (first, again), after = scan(desk, Where("CASE-02", 1), label, label)
    assert (first, again) == (Outcome(label), Outcome(label, is_again=True))
    assert after == where


@pytest.mark.parametrize("typed", ["Jane Smith", written(Card(CardKind.EVENT, "SCAN"))])
def test_what_says_nothing_of_a_place_is_no_scan_of_a_count(counted: Desk, typed: str) -> None:
    """A person, and the card of an event, which changes nothing either."""
    outcomes, where = scan(counted, Where("CASE-01"), typed)
    assert (held(outcomes), where) == (["count_scan_invalid"], Where("CASE-01"))


def test_an_undo_card_takes_nothing_back_that_was_seen(counted: Desk) -> None:
    """Each scan of a count is in the log already; the card is refused, and the slot of the label is as it was."""
    undo = written(Card(CardKind.UNDO))
    outcomes, where = scan(counted, Where(), SLOT_2, undo, "B1", undo)
    assert held(outcomes) == ["", "count_scan_invalid", "", "count_scan_invalid"]
    assert where.slot is None
    assert seen(counted) == {"B1": "CASE-01 slot 2"}
