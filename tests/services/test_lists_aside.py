"""Hand-over lists that were put aside: none is lost because of another, and no more are kept than can be."""

from itertools import count

import msgspec
import pytest

from assettrack.domain import desk_errors
from assettrack.domain.custody_drafts import HANDOVER_EVENTS, HandoverEvent
from assettrack.services import custody_drafts, lists_aside
from assettrack.services.custody_drafts import AtDesk


@pytest.fixture
def ben(at_desk: AtDesk) -> AtDesk:
    """Somebody whose every list has a name of its own."""
    numbers = count(1)
    return at_desk._replace(
        workplace=msgspec.structs.replace(at_desk.workplace, salt=lambda: next(numbers).to_bytes(16, "big"))
    )


def put_aside(at: AtDesk, event: HandoverEvent, tag: str) -> str:
    """List an asset and put the list aside; return which it was."""
    kept = custody_drafts.change(at, event, lambda draft: draft.with_assets([tag]))
    custody_drafts.start_anew(at, event)
    return kept.draft_id


@pytest.mark.parametrize("event", HANDOVER_EVENTS)
def test_each_list_that_is_put_aside_is_kept(ben: AtDesk, event: HandoverEvent) -> None:
    """The last is offered first; brought back, it is aside no more, and put aside once more it is there once."""
    first, second, third = (put_aside(ben, event, tag) for tag in ("A1", "A2", "A3"))
    aside = custody_drafts.put_aside(ben, event)
    assert [(each.draft_id, each.draft.tags) for each in aside] == [(third, ["A3"]), (second, ["A2"]), (first, ["A1"])]
    assert all(not custody_drafts.put_aside(ben, other) for other in HANDOVER_EVENTS if other != event)
    custody_drafts.bring_back(ben, event, first)
    assert custody_drafts.current(ben, event).draft.tags == ["A1"]
    assert [each.draft_id for each in custody_drafts.put_aside(ben, event)] == [third, second]
    with pytest.raises(desk_errors.ListNotAsShown):
        custody_drafts.bring_back(ben, event, second)
    lists_aside.put_aside(ben.shelf, ben.account.account_id, event, first)  # the power went before the rest
    custody_drafts.start_anew(ben, event)
    assert [each.draft_id for each in custody_drafts.put_aside(ben, event)] == [first, third, second]


def test_a_list_that_is_a_batch_by_now_is_not_brought_back(ben: AtDesk) -> None:
    """It was committed from its check page, which was open; the others stay."""
    first, second = put_aside(ben, "ISSUE", "A1"), put_aside(ben, "ISSUE", "A2")
    ben.shelf.answer_draft(second, "1")
    assert [each.draft_id for each in custody_drafts.put_aside(ben, "ISSUE")] == [first]
    with pytest.raises(desk_errors.DraftGone):
        custody_drafts.bring_back(ben, "ISSUE", second)


def test_what_is_too_much_is_refused_and_stays(ben: AtDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the list nor one that is aside is lost; with one fewer aside there is room again."""
    monkeypatch.setattr(lists_aside, "ASIDE_MAX", 2)
    first, second = put_aside(ben, "RETURN", "A1"), put_aside(ben, "RETURN", "A2")
    with pytest.raises(desk_errors.ListsAsideFull, match="2 lists are put aside already"):
        put_aside(ben, "RETURN", "A3")
    assert custody_drafts.current(ben, "RETURN").draft.tags == ["A3"]
    assert [each.draft_id for each in custody_drafts.put_aside(ben, "RETURN")] == [second, first]
    custody_drafts.change(ben, "RETURN", lambda draft: draft.without(["A3"]))
    custody_drafts.bring_back(ben, "RETURN", first)
    custody_drafts.start_anew(ben, "RETURN")
    assert [each.draft_id for each in custody_drafts.put_aside(ben, "RETURN")] == [first, second]
