"""Hand-over lists that an account put aside: each is kept until it is brought back or committed.

Owns which there are, and how many are kept. Must never forget one because of another; what the desk forgets with time
it forgets of all its drafts alike (`desk_care`).
"""

from collections.abc import Sequence

from assettrack.domain import desk_errors
from assettrack.domain.custody_drafts import HandoverEvent, read_draft
from assettrack.domain.desk_rows import Draft
from assettrack.services.desk_ports import DraftShelf
from assettrack.services.reviewed_lists import KeptDraft

ASIDE_MAX = 20
"""So many lists of one account and deed are put aside at once."""


def read_kept(row: Draft) -> KeptDraft:
    """Return a draft as it is kept."""
    return KeptDraft(row.draft, read_draft(row.body), None if row.answer is None else int(row.answer))


def lists_aside(shelf: DraftShelf, account_id: int, event: HandoverEvent) -> list[KeptDraft]:
    """Return the lists that can be brought back, the one put aside last first: those that are no batch by now."""
    names = (shelf.preference(account_id, _preference(event)) or "").split()
    found = [row for name in reversed(names) if (row := shelf.draft(name, account_id)) is not None]
    return [read_kept(row) for row in found if row.answer is None]


def put_aside(shelf: DraftShelf, account_id: int, event: HandoverEvent, draft_id: str) -> None:
    """Put a list beside those that are put aside already; put aside once more, it is there once.

    Raises:
        desk_errors.ListsAsideFull: so many are put aside that there is no room for it.
    """
    others = _others(shelf, account_id, event, draft_id)
    if len(others) >= ASIDE_MAX:
        raise desk_errors.ListsAsideFull(ASIDE_MAX)
    _keep(shelf, account_id, event, [draft_id, *others])


def take_back(shelf: DraftShelf, account_id: int, event: HandoverEvent, draft_id: str) -> None:
    """Take a list away from those that are put aside: one goes on with it."""
    _keep(shelf, account_id, event, _others(shelf, account_id, event, draft_id))


def _others(shelf: DraftShelf, account_id: int, event: HandoverEvent, draft_id: str) -> list[str]:
    return [each.draft_id for each in lists_aside(shelf, account_id, event) if each.draft_id != draft_id]


def _keep(shelf: DraftShelf, account_id: int, event: HandoverEvent, names: Sequence[str]) -> None:
    """Keep which lists are put aside, given the last first."""
    shelf.keep_preference(account_id, _preference(event), " ".join(reversed(names)))


def _preference(event: HandoverEvent) -> str:
    return f"draft of {event} put aside"
