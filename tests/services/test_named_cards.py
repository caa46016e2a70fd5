"""What a card or a label names where it is only looked up."""

import pytest

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.findings import Finding
from assettrack.services import holders, slots
from assettrack.services.named_cards import Command, Named, read_card
from tests.services.desk import Desk
from tests.services.printed import badge


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A case of four slots whose name has every letter that is written otherwise on a card; the desk knows a holder."""
    slots.initialise_cases(desk.workplace, [("CASE-Z_1", 4)])
    return desk


def code_of(found: object) -> str:
    """The code of what is said of a card that names nothing known."""
    assert isinstance(found, Finding), found
    return found.code


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (written(Card(CardKind.CASE, "CASE-Z_1")), Named("case", "CASE-Z_1")),
        (written(Card(CardKind.CASE, "CASE-Z_1")).lower() + "\r\n", Named("case", "CASE-Z_1")),
        (written(Card(CardKind.SLOT, "CASE-Z_1", 4)), Named("case", "CASE-Z_1", 4)),
        ("CASE-Z_1 SLOT-04", Named("case", "CASE-Z_1", 4)),
        (written(Card(CardKind.CASE, "OUT")), Command("unslotted", "OUT")),
        (written(Card(CardKind.EVENT, "ISSUE")), Command("event", "ISSUE")),
        (written(Card(CardKind.UNDO)), Command("undo", "")),
        (written(Card(CardKind.END, "7")), Command("end", "7")),
        ("LT-1", None),
        ("CASE-99 SLOT-04", None),
        ("CASE-Z_1 SLOT-05", None),
        ("!SLOT-04", None),
        ("! SLOT-04", None),
        ("OUT SLOT-04", None),
    ],
)
def test_a_card_leads_to_what_it_names(stocked: Desk, text: str, named: object) -> None:
    """A slot's label in plain letters does too; what only looks like one is an ordinary text."""
    assert read_card(stocked.workplace, text) == named


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("AT CNOTWHOLE", "card_unreadable"),
        (written(Card(CardKind.CASE, "CASE-99")), "case_not_known"),
        (written(Card(CardKind.SLOT, "CASE-99", 4)), "slot_not_known"),
        (written(Card(CardKind.SLOT, "CASE-Z_1", 5)), "slot_not_known"),
        (written(Card(CardKind.SLOT, "OUT", 5)), "card_unreadable"),
        (written(Card(CardKind.HOLDER, "77", mark="ABC")), "card_unreadable"),
        (written(Card(CardKind.HOLDER, "1")), "badge_not_ours"),
    ],
)
def test_what_is_not_known_here_says_so(stocked: Desk, text: str, code: str) -> None:
    """Half a card, places that were not prepared, and badges that may be another's."""
    assert code_of(read_card(stocked.workplace, text)) == code


def test_a_badge_names_the_holder_by_the_present_name(stocked: Desk) -> None:
    """By the number; the badge of the same number of another station names nobody."""
    own = badge(stocked.workplace)
    assert read_card(stocked.workplace, own) == Named("holder", "Jane Smith")
    holders.change(stocked.workplace, "Jane Smith", holders.HolderUpdate(name="Jane Jones", reason="married"))
    assert read_card(stocked.workplace, own) == Named("holder", "Jane Jones")
    other = written(Card(CardKind.HOLDER, "1", mark="YYY"))
    assert other != own
    assert code_of(read_card(stocked.workplace, other)) == "badge_not_ours"


def test_a_begin_card_is_told_as_what_it_is(stocked: Desk) -> None:
    """It names nobody here: nobody's round begins by looking it up."""
    found = read_card(stocked.workplace, written(Card(CardKind.BEGIN, "KIM")))
    assert found == Command("begin", "KIM")
