"""What a hand-over list was when a page showed it, and what is otherwise by now: said where a form comes too late.

Owns what is said of that. What counts as the list that was shown is `services.shown_lists`; the memory of what was on
it only serves the words, and the server loses it when it ends.
"""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import sha256

from assettrack.domain.custody_drafts import CustodyDraft, HandoverEvent
from assettrack.domain.desk_errors import DraftGone, ListNotAsShown
from assettrack.domain.draft_lines import DraftLine
from assettrack.services import custody_drafts
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.shown_lists import ShownList
from assettrack.web.forms import Fields
from assettrack.web.texts import worded

REMEMBERED = 200
"""So many lists that were shown last are remembered."""

NAMED = 10
"""So many assets are named of those that are otherwise."""


class ListsShown:
    """The lines of the lists that were shown last, by account and mark."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: OrderedDict[tuple[int, str], Mapping[str, DraftLine]] = OrderedDict()

    def remember(self, account_id: int, draft: CustodyDraft) -> None:
        """Remember a list that is about to be shown."""
        with self._lock:
            self._lines[account_id, draft.mark] = draft.bare_lines
            self._lines.move_to_end((account_id, draft.mark))
            while len(self._lines) > REMEMBERED:
                self._lines.popitem(last=False)

    def find(self, account_id: int, mark: str) -> Mapping[str, DraftLine] | None:
        """Return the lines of a list that was shown, by asset, or None where that is not known any more."""
        with self._lock:
            return self._lines.get((account_id, mark))


def moment_of(draft: CustodyDraft) -> str:
    """Return what stands for a list at a moment: after anything more was scanned or chosen, another."""
    return sha256("\n".join([draft.holder, draft.mark, *draft.sent]).encode()).hexdigest()[:16]


def shown_by(said: Fields, only: Sequence[str] | None = None) -> ShownList:
    """Return the list that the page showed on which a form stood, or only of these assets; blank where it says none."""
    return ShownList(said["list"], said["mark"], only)


def with_what_moved(
    at: AtDesk, event: HandoverEvent, shown: ShownList, lists: ListsShown, texts: Mapping[str, str]
) -> str:
    """Return the sentence by which a form is refused that was meant for another list, with what is otherwise."""
    now = custody_drafts.current(at, event)
    if now.draft_id != shown.draft_id:
        moved = _earlier(at, event, shown.draft_id, texts)
    else:
        moved = _otherwise(shown, lists.find(at.account.account_id, shown.mark or ""), now.draft.bare_lines, texts)
    return " ".join([str(ListNotAsShown()), *moved])


def _earlier(at: AtDesk, event: HandoverEvent, draft_id: str, texts: Mapping[str, str]) -> list[str]:
    """Return what became of a list that is not the present one; nothing where nothing was on it."""
    try:
        earlier = custody_drafts.numbered(at, event, draft_id)
    except DraftGone:
        return []
    if earlier.batch_id is not None:
        return [worded(texts, "handover.earlier_batch", {"batch": earlier.batch_id})]
    return [texts["handover.earlier_aside"]]


def _otherwise(
    shown: ShownList, before: Mapping[str, DraftLine] | None, now: Mapping[str, DraftLine], texts: Mapping[str, str]
) -> list[str]:
    """Return what came on a list, what was taken off, and what is said otherwise of an asset."""
    if shown.only is not None:
        gone, came, other = [tag for tag in shown.only if tag not in now], [], [tag for tag in shown.only if tag in now]
    elif before is None:
        return []
    else:
        gone = [tag for tag in before if tag not in now]
        came = [tag for tag in now if tag not in before]
        other = [tag for tag, line in now.items() if tag in before and before[tag] != line]
    said = [
        worded(texts, "handover.gone", _named(gone)) if gone else "",
        worded(texts, "handover.came", _named(came)) if came else "",
        worded(texts, "handover.moved", _named(other)) if other else "",
    ]
    return [each for each in said if each]


def _named(tags: Sequence[str]) -> dict[str, str]:
    return {"tag": ", ".join(tags[:NAMED])}
