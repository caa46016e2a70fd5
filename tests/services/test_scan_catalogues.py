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


def like_cases(desk: Desk, *texts: str) -> frozenset[str]:
    """Return which of some texts look like names of cases here."""
    with desk.store.read() as snapshot:
        found = catalogue_of(snapshot, stored(texts), read_gs1)
    assert set(found.maybe_cases) >= found.like_cases
    return found.like_cases


def test_what_looks_like_the_name_of_a_case_is_as_at_the_desk(desk: Desk) -> None:
    """The form of a first case always, that of other cases unless an asset has it; with letters, of nothing here."""
    slots.initialise_cases(desk.workplace, [("KIT-1", 2), ("2026-07", 2), ("BOX 1", 2)])
    texts = ("CASE-01", "CASE-77", "kit-22", "KIT-1", "KIT-A", "2026-08", "LT-1", "BOX 2")
    assert like_cases(desk, *texts) == {"CASE-77", "KIT-22"}
    assert like_cases(desk) == frozenset()
    desk.commit(row("KIT-3"))
    assert like_cases(desk, *texts, "KIT-3") == {"CASE-77"}
    desk.commit(row("CASE-77"))
    assert like_cases(desk, "CASE-77", "CASE-78") == {"CASE-78"}


def test_what_looks_like_a_case_is_another_catalogue() -> None:
    """Two readings of it differ, so their versions do."""
    assert CardCatalogue().version != CardCatalogue(like_cases=frozenset({"CASE-77"})).version


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
