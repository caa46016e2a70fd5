"""Cards and labels that are not known here: after one, nothing goes to the person or the place before it."""

import msgspec
import pytest

from assettrack.domain import cards
from assettrack.domain.cards import CardKind
from assettrack.services import queues
from tests.services.printed import badge
from tests.services.test_intake_rounds import ISSUE, RETURN, SCAN, UPDATE, issued, said, slot
from tests.services.test_queues import Taker, ben, card

__all__ = ["ben", "issued"]


def _elsewhere(text: str) -> str:
    """The card of the same number that another station printed."""
    given = cards.read(text)
    return cards.written(msgspec.structs.replace(given, mark="QXQ" if given.mark != "QXQ" else "QXR"))


@pytest.mark.parametrize("event", [ISSUE, card(CardKind.EVENT, "TRANSFER")])
def test_after_a_badge_that_is_not_known_nothing_goes_to_the_person_before(issued: Taker, event: str) -> None:
    """Whoever scanned it meant somebody else; removing it names nobody either, and the next badge does."""
    issued.stock("LT-12", "LT-13")
    issued.scan(event, badge(issued.at))
    assert issued.held(_elsewhere(badge(issued.at))) == "badge_not_ours"
    assert issued.held("LT-12") == "holder_not_said"
    queues.remove(issued.at, issued.desk, issued.queue, [3, 4])
    assert issued.held("LT-12") == "holder_not_said"
    issued.scan(badge(issued.at))
    assert said(issued.scan("LT-13"))[-1:] == ["RowMeant"]


@pytest.mark.parametrize("event", [SCAN, RETURN, UPDATE])
@pytest.mark.parametrize("label", [slot(99), card(CardKind.CASE, "CASE-77")])
def test_after_a_label_that_is_not_known_nothing_goes_where_the_one_before_said(
    issued: Taker, event: str, label: str
) -> None:
    """It said where the next asset goes, and nobody knows where that is."""
    issued.scan(event, "CASE-02" if event == SCAN else slot(2, "CASE-02"))
    issued.held(label)
    assert issued.held("LT-11") == "place_removed"


def test_after_a_card_that_was_read_wrongly_nothing_holds(issued: Taker) -> None:
    """It may have been any card: an event, a badge, or the end of the round."""
    issued.scan(ISSUE, badge(issued.at))
    assert issued.held(ISSUE[:-1] + ("Y" if ISSUE[-1] == "Z" else "Z")) == "card_unreadable"
    context = issued.queue.context
    assert (context.ended, context.holder, context.place_removed) == (True, "", True)
    assert issued.held("LT-11") == "round_ended"
