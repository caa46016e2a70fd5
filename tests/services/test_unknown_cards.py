"""Cards and labels that are not known here: after one, nothing goes to the person or the place before it."""

import pytest

from assettrack.domain.cards import CardKind
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import queues
from tests.services.printed import badge, elsewhere, misread
from tests.services.test_intake_rounds import ISSUE, RETURN, SCAN, UPDATE, issued, said, slot
from tests.services.test_queues import Taker, ben, card, places

__all__ = ["ben", "issued"]


@pytest.mark.parametrize("event", [ISSUE, card(CardKind.EVENT, "TRANSFER")])
def test_after_a_badge_that_is_not_known_nothing_goes_to_the_person_before(issued: Taker, event: str) -> None:
    """Whoever scanned it meant somebody else; removing it names nobody either, and the next badge does."""
    issued.stock("LT-12", "LT-13")
    issued.scan(event, badge(issued.at))
    assert issued.held(elsewhere(badge(issued.at))) == "badge_not_ours"
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


@pytest.mark.parametrize(("label", "why"), [("CASE-77", "case_or_asset"), ("KIT-1", "scan_ambiguous")])
def test_after_a_plain_label_that_may_be_two_things_nothing_goes_where_the_one_before_said(
    issued: Taker, label: str, why: str
) -> None:
    """It may be the label of a case, as its card is; removing it, or making an asset of it, says no place either."""
    issued.stock("KIT-1")
    issued.station.case("KIT-1", 2)
    issued.sets("SCAN", equipment_type="laptop")
    issued.scan("CASE-02")
    assert issued.held(label) == why
    assert issued.held("LT-12") == "place_removed"
    queues.remove(issued.at, issued.desk, issued.queue, [3])
    queues.change(issued.desk, issued.queue, 2, TypedRow("SCAN", label, equipment_type="laptop"))
    assert issued.held("LT-12") == "place_removed"
    issued.scan("CASE-02")
    assert places(issued.scan("LT-12")) == ["CASE-02 slot 1"]


@pytest.mark.parametrize("is_removed_first", [True, False])
@pytest.mark.parametrize(
    ("known", "unknown", "holds_not"),
    [
        (ISSUE, card(CardKind.EVENT, "DANCE"), "event"),
        ("badge", "badge of another station", "holder"),
        (slot(2), slot(99), "place"),
        ("CASE-02", "CASE-77", "place"),
        (card(CardKind.CASE, "OUT"), card(CardKind.CASE, "CASE-77"), "place"),
    ],
)
def test_a_card_brought_back_says_nothing_where_one_that_is_not_known_came_after_it(
    issued: Taker, known: str, unknown: str, holds_not: str, *, is_removed_first: bool
) -> None:
    """Whether that came before it was removed or since: nobody knows what the later one said."""
    if known == "badge":
        known, unknown = badge(issued.at), elsewhere(badge(issued.at))
    issued.scan(known)
    if not is_removed_first:
        issued.held(unknown)
    when = queues.remove(issued.at, issued.desk, issued.queue, [1])
    if is_removed_first:
        issued.held(unknown)
    queues.bring_back(issued.desk, issued.queue, when)
    context = issued.queue.context
    assert {"event": context.ended, "holder": not context.holder, "place": context.place_removed}[holds_not]


@pytest.mark.parametrize("unknown", [slot(99), misread(ISSUE)])
def test_what_somebody_made_an_asset_of_is_a_card_that_is_not_known_all_the_same(issued: Taker, unknown: str) -> None:
    """The label before it says nothing when it is brought back."""
    issued.scan(UPDATE, "CASE-02 SLOT 2")
    when = queues.remove(issued.at, issued.desk, issued.queue, [2])
    issued.held(unknown)
    queues.change(issued.desk, issued.queue, 3, TypedRow("RETIRE", "LT-11", notes="broken"))
    queues.bring_back(issued.desk, issued.queue, when)
    assert issued.queue.context.place_removed


def test_a_card_that_is_not_known_when_it_is_scanned_again_says_nothing_the_second_time(issued: Taker) -> None:
    """Its case was prepared meanwhile, and has nothing: what the label before both said is not brought back."""
    issued.scan(RETURN, slot(2))
    when = queues.remove(issued.at, issued.desk, issued.queue, [2])
    unknown = card(CardKind.CASE, "CASE-77")
    assert issued.held(unknown) == "case_not_known"
    issued.station.case("CASE-77", 2)
    assert issued.held(unknown) == "case_has_nothing"
    queues.bring_back(issued.desk, issued.queue, when)
    assert issued.held("LT-11") == "place_removed"


def test_after_a_card_that_was_read_wrongly_nothing_holds(issued: Taker) -> None:
    """It may have been any card: an event, a badge, or the end of the round."""
    issued.scan(ISSUE, badge(issued.at))
    assert issued.held(misread(ISSUE)) == "card_unreadable"
    context = issued.queue.context
    assert (context.ended, context.holder, context.place_removed) == (True, "", True)
    assert issued.held("LT-11") == "round_ended"
