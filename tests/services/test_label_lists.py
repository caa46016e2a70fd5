"""Lists of labels: what a wish means at this station, and what is refused because nobody knows it."""

import pytest

from assettrack.domain import cards, errors
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.labels import Label, Symbology
from assettrack.services import accounts, holders, label_lists, slots
from assettrack.services.accounts import WantedAccount
from assettrack.services.holders import HolderUpdate
from tests.services.desk import Desk

FIRST = (
    "LT-3,2026-06-30T08:00:00Z,SCAN,anna,,CASE-01,1,laptop,\nLT-1,2026-06-30T08:00:00Z,SCAN,anna,,CASE-01,3,laptop,\n"
)
THEN = "LT-2,2026-06-30T08:00:00Z,SCAN,anna,,,,laptop,\nLT-2,2026-06-30T09:00:00Z,RETIRE,anna,,,,,broken\n"


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """LT-3 in slot 1 and LT-1 in slot 3 of CASE-01, LT-2 retired."""
    desk.commit(FIRST + THEN)
    return desk


def titles(labels: list[Label]) -> list[str]:
    """Return what people read on labels."""
    return [label.title for label in labels]


def test_labels_of_assets(stocked: Desk) -> None:
    """Those named in their order, those in a case by slot, all but retired ones by tag."""
    place = stocked.workplace
    assert titles(label_lists.of_assets(place, ["LT-2", "LT-1"])) == ["LT-2", "LT-1"]
    assert titles(label_lists.of_assets_in(place, "CASE-01")) == ["LT-3", "LT-1"]
    assert titles(label_lists.of_all_assets(place)) == ["LT-1", "LT-3"]
    assert {label.symbology for label in label_lists.of_all_assets(place, Symbology.QR)} == {Symbology.QR}


def test_tags_that_exist_are_told_from_new_ones(stocked: Desk) -> None:
    """Retired ones exist too; in the order in which they are asked of."""
    assert label_lists.existing(stocked.workplace, ["LT-4", "LT-2", "LT-1", "LT-9"]) == ["LT-2", "LT-1"]


def test_a_new_asset_has_a_label_only_where_that_is_meant(stocked: Desk) -> None:
    """It is stuck on before the first scan; a slip of the pen is not printed."""
    with pytest.raises(errors.NotFound, match="no asset LT-9"):
        label_lists.of_assets(stocked.workplace, ["LT-1", "LT-9"])
    assert titles(label_lists.of_assets(stocked.workplace, ["LT-9"], may_be_new=True)) == ["LT-9"]


def test_labels_of_slots_and_cases(stocked: Desk) -> None:
    """A label for each slot of each case named; without a name all cases."""
    slots.initialise_cases(stocked.workplace, [("BOX", 2)])
    place = stocked.workplace
    assert titles(label_lists.of_slots(place, ["BOX", "CASE-01"]))[:3] == ["BOX slot 1", "BOX slot 2", "CASE-01 slot 1"]
    assert titles(label_lists.of_cases(place)) == ["BOX", "CASE-01"]
    assert titles(label_lists.of_cases(place, ["CASE-01"])) == ["CASE-01"]
    for unknown in (label_lists.of_slots, label_lists.of_cases):
        with pytest.raises(errors.NotFound, match="no case NIX"):
            unknown(place, ["BOX", "NIX"])
    with pytest.raises(errors.NotFound, match="no case NIX"):
        label_lists.of_assets_in(place, "NIX")
    with pytest.raises(errors.NotFound, match="it is empty"):
        label_lists.of_assets_in(place, "BOX")


def test_a_case_called_like_an_asset_is_a_card(stocked: Desk) -> None:
    """In plain letters nobody could tell which of the two is meant."""
    slots.initialise_cases(stocked.workplace, [("LT-1", 1)])
    (label,) = label_lists.of_cases(stocked.workplace, ["LT-1"])
    assert cards.read(label.text) == Card(CardKind.CASE, "LT-1")
    with pytest.raises(errors.ValueUnusable, match="Code 128 only"):
        label_lists.of_cases(stocked.workplace, ["LT-1"], Symbology.QR)


def test_badges_of_holders(desk: Desk) -> None:
    """Those named in any spelling, or all active ones by name."""
    holders.change(desk.workplace, "Bob Lee", HolderUpdate(active=False))
    holders.register(desk.workplace, "ádám")
    assert titles(label_lists.of_holders(desk.workplace)) == ["Jane Smith", "ádám"]
    assert titles(label_lists.of_holders(desk.workplace, ["jane  SMITH", "Bob Lee"])) == ["Jane Smith", "Bob Lee"]
    with pytest.raises(errors.NotFound, match="almost like it: Jane Smith"):
        label_lists.of_holders(desk.workplace, ["Jane Smit"])


def test_nothing_to_print_is_said(bare: Desk) -> None:
    """An empty station has no labels."""
    for everything in (label_lists.of_all_assets, label_lists.of_cases, label_lists.of_holders):
        with pytest.raises(errors.NotFound, match="to print a label for"):
            everything(bare.workplace)
    with pytest.raises(errors.NotFound, match="name who scans"):
        label_lists.rounds_of_cards(bare.workplace)


def test_more_than_one_print_holds_is_refused(bare: Desk) -> None:
    """A print takes 10,000 labels: twenty cases of 500 slots, and not one slot more."""
    full = [f"CASE-{number:02d}" for number in range(20)]
    slots.initialise_cases(bare.workplace, [*((name, 500) for name in full), ("ONE", 1)])
    assert len(label_lists.of_slots(bare.workplace, full)) == 10_000
    with pytest.raises(errors.ValueUnusable, match=r"10001.*from 1 to 10,000"):
        label_lists.of_slots(bare.workplace, [*full, "ONE"])


def test_a_round_of_cards_for_each_account(desk: Desk) -> None:
    """Active ones, or those named in any spelling; the card holds the account's number."""
    for name, role in (("mara", "admin"), ("ben", "operator"), ("eve", "operator")):
        accounts.register(desk.workplace, name, role=role)
    accounts.change(desk.workplace, "eve", WantedAccount(active=False, reason="left"))
    numbers = [account.account_id for account in accounts.all_accounts(desk.workplace) if account.name != "eve"]
    _, rounds = label_lists.rounds_of_cards(desk.workplace)
    begins = [cards.read(cards_of[0].text) for cards_of in rounds]
    assert [(begin.kind, begin.word) for begin in begins] == [(CardKind.BEGIN, str(number)) for number in numbers]
    assert all(begin.mark for begin in begins)
    _, [only] = label_lists.rounds_of_cards(desk.workplace, ["MARA"], [7])
    assert (only[0].title, only[-1].title) == ("Begin: mara", "End of 7")
    assert len(label_lists.distinct(rounds)) == len(rounds[0]) + 1
    for unknown in ("eve", "marra"):
        with pytest.raises(errors.NotFound, match=f"no account {unknown}"):
            label_lists.rounds_of_cards(desk.workplace, [unknown])


def test_without_accounts_a_round_begins_by_a_name(desk: Desk) -> None:
    """In letters, as it stands in the rows afterwards."""
    _, [only] = label_lists.rounds_of_cards(desk.workplace, ["mara okri"])
    assert cards.read(only[0].text) == Card(CardKind.BEGIN, "MARA OKRI")
