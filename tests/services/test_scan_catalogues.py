"""What cards among scans stand for: the accounts, holders and cases that the station knows now."""

import pytest

from assettrack.domain import cards
from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.cards import Card, CardKind
from assettrack.formats.gs1_codes import read_gs1
from assettrack.services import accounts, slots
from assettrack.services.accounts import WantedAccount
from assettrack.services.scan_catalogues import catalogue_of
from tests.domain.trial_scans import case, holder, stored
from tests.services.desk import Desk, row


def catalogue(desk: Desk, *begun: str) -> CardCatalogue:
    """Return what the station knows of begin cards with these words."""
    texts = [cards.written(Card(CardKind.BEGIN, word)) for word in begun]
    with desk.store.read() as snapshot:
        return catalogue_of(snapshot, stored(texts), read_gs1)


def test_a_begin_card_in_letters_names_an_account_where_there_are_some(desk: Desk) -> None:
    """Before the first account any name in letters goes; then it is one of an account, in any spelling, or nobody."""
    assert catalogue(desk, "ROBIN", "ZOE").operator_of("ZOE") == ("ZOE", True)
    accounts.register(desk.workplace, "Robin", role="admin")
    known = catalogue(desk, "ROBIN", "ZOE")
    assert known.operator_of("ROBIN") == ("Robin", True)
    assert known.operator_of("ZOE") == ("", True)
    assert catalogue(desk, "ZOE").operator_of("ZOE") == ("", True)


@pytest.mark.parametrize("word", ["2", "SAM"])
def test_an_account_that_was_deactivated_is_known_for_it(desk: Desk, word: str) -> None:
    """Whoever left is still known by number and name, and that they left is known too."""
    for name, role in (("Robin", "admin"), ("Sam", "operator")):
        accounts.register(desk.workplace, name, role=role)
    before = catalogue(desk, word)
    accounts.change(desk.workplace, "Sam", WantedAccount(active=False, reason="left"))
    after = catalogue(desk, word)
    assert (before.operator_of(word), after.operator_of(word)) == (("Sam", True), ("Sam", False))
    assert before.version != after.version


def test_a_case_may_be_called_as_no_asset_can_be(desk: Desk) -> None:
    """Only a case that has the very name of an asset is two things; a name with a space can't be a tag."""
    slots.initialise_cases(desk.workplace, [("BOX 1", 2), ("LT-1", 3)])
    desk.commit(row("LT-1"))
    with desk.store.read() as snapshot:
        found = catalogue_of(snapshot, stored([*map(case, ("BOX 1", "LT-1", "CASE-01", "NIX"))]), read_gs1)
    assert found.cases == {"BOX 1": 2, "LT-1": 3, "CASE-01": 4}
    assert found.cases_and_assets == {"LT-1"}


def test_a_badge_stands_for_who_has_the_number(desk: Desk) -> None:
    """A number that nobody here has names nobody."""
    with desk.store.read() as snapshot:
        found = catalogue_of(snapshot, stored([holder(2), holder(9)]), read_gs1)
    assert found.holders == {2: "Bob Lee"}


def test_a_label_in_plain_letters_names_its_case(desk: Desk) -> None:
    """As QR and Data Matrix print it, or typed: the case is looked up by its own name, not by the whole text."""
    with desk.store.read() as snapshot:
        found = [
            catalogue_of(snapshot, stored([text]), read_gs1).cases for text in ("CASE-01 SLOT-02", "case-01/slot 9")
        ]
    assert found == [{"CASE-01": 4}, {"CASE-01": 4}]
