"""A hand-over list as a page showed it: what is asked there is meant for that list, and for no other.

Owns when a list still is the one that was shown. Must never change one.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain import desk_errors
from assettrack.domain.custody_drafts import CustodyDraft
from assettrack.services.desk_ports import DraftShelf
from assettrack.services.reviewed_lists import KeptDraft


class ShownList(msgspec.Struct, frozen=True):
    """A list as a page showed it: its draft, and the mark of what was on it.

    With ``only`` the mark is that of these assets' lines, and what else is on the list by now does not matter. Where
    the mark is None, nothing that is on it does.
    """

    draft_id: str
    mark: str | None
    only: Sequence[str] | None = None

    def is_mark_of(self, draft: CustodyDraft) -> bool:
        """Tell whether a draft has the mark."""
        return self.mark is None or self.mark == (draft.mark if self.only is None else draft.mark_of(self.only))


def require_shown(
    shelf: DraftShelf, account_id: int, kept: KeptDraft, shown: ShownList, after: CustodyDraft | None = None
) -> None:
    """Make sure that a draft is the one that was shown, before ``after`` takes its place.

    What is done already is asked once more by a second click. A list on which nothing was yet is kept nowhere: what was
    shown of it has a name that nobody knows, and is the present one where nothing is on that.

    Raises:
        desk_errors.ListNotAsShown: it is not.
    """
    is_done = after == kept.draft
    if kept.draft_id == shown.draft_id:
        is_shown = is_done or shown.is_mark_of(kept.draft)
    elif not shown.draft_id or shelf.draft(shown.draft_id, account_id) is not None:
        is_shown = False
    else:
        is_shown = is_done or (kept.draft.is_empty and shown.is_mark_of(kept.draft))
    if not is_shown:
        raise desk_errors.ListNotAsShown
