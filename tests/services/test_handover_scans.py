"""What a scan does to a hand-over at the desk: what it adds, whom and where it names, and what waits to be seen."""

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.tags import Place
from assettrack.services import custody_drafts, handover_scans
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.handover_scans import Taken
from tests.services.desk import Desk, row
from tests.services.printed import badge


def test_a_card_that_says_what_the_page_says_changes_nothing(at_desk: AtDesk) -> None:
    """The card of the page's own event, before anybody is named, names nobody, and nothing waits to be seen."""
    before = custody_drafts.current(at_desk, "ISSUE").draft
    assert handover_scans.take(at_desk, "ISSUE", written(Card(CardKind.EVENT, "ISSUE"))) == Taken()
    assert custody_drafts.current(at_desk, "ISSUE").draft == before


def test_a_badge_after_a_slot_names_who_gives_back_and_leaves_the_slot(desk: Desk, at_desk: AtDesk) -> None:
    """Whose badge comes between the slot and the asset gives it back, and the slot is still that of the next asset."""
    desk.commit(row("A1") + row("A1", "ISSUE"))
    place = Place("CASE-01", 2)
    slot, jane = written(Card(CardKind.SLOT, *place)), badge(desk.workplace)
    assert handover_scans.take(at_desk, "RETURN", slot) == Taken(place=place)
    assert handover_scans.take(at_desk, "RETURN", jane) == Taken(named="Jane Smith")
    assert handover_scans.take(at_desk, "RETURN", "A1") == Taken(added=("A1",))
    draft = custody_drafts.current(at_desk, "RETURN").draft
    assert draft.holder == "Jane Smith"
    assert [(line.asset_tag, line.place) for line in draft.lines] == [("A1", place)]


def test_a_tag_nobody_knows_is_one_of_the_list_also_if_it_looks_like_a_case(at_desk: AtDesk) -> None:
    """No asset is made here, so nothing is held as what may be a case: the check of the list names what is unknown."""
    for tag in ("NEW-1", "CASE-09"):
        assert handover_scans.take(at_desk, "RETURN", tag) == Taken(added=(tag,))
    assert custody_drafts.current(at_desk, "RETURN").draft.tags == ["NEW-1", "CASE-09"]
