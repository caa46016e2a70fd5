"""What a scan does to a hand-over at the desk: it adds assets, names a person or a slot, or takes the last one back.

Owns the answer to a scan. What is not clear is kept until somebody has seen it, and never guessed. The draft itself is
`custody_drafts`.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain.custody_drafts import CustodyDraft, HandoverEvent
from assettrack.domain.queued_scans import Context, ContextSet, Held, RowMeant, Undone
from assettrack.domain.shown_contexts import ShownContext
from assettrack.domain.tags import Place
from assettrack.domain.wedge import LENGTH_MAX, split_scans
from assettrack.domain.wording import quoted
from assettrack.services import custody_drafts
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.scan_reading import ScanReader

_ANYBODY = "?"
"""Stands for whoever is given something, while a scan is read before anybody was named."""

_NOT_HERE = "it means nothing on this page"


class Taken(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a scan, or of several that came at once.

    ``already`` were on the list before. ``named`` is the person, and ``place`` the slot, of what comes next. ``undone``
    is the asset that a card took off again, blank where there was none. ``unseen`` scans were not understood, and
    ``lost`` signatures counted no more after it.
    """

    added: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    named: str = ""
    place: Place | None = None
    undone: str | None = None
    unseen: int = 0
    lost: int = 0


def take(at: AtDesk, event: HandoverEvent, raw: str, *, sent_as: str = "", shown: ShownContext | None = None) -> Taken:
    """Add what was scanned or typed; it is kept when this returns.

    What was sent under a name is added once, however often it is sent: the list remembers the names of the last ones.
    ``shown`` is where the page that it was sent from showed that it goes.

    Raises:
        desk_errors.ScanNotAsShown: it would go elsewhere.
        errors.ValueUnusable: the draft has no room for more.
    """
    taken = Taken()

    def scanned(draft: CustodyDraft) -> CustodyDraft:
        nonlocal taken
        if sent_as and sent_as in draft.sent:
            return draft
        if shown is not None:
            shown.require(ShownContext.of_draft(draft))
        before_all = draft
        with at.workplace.store.read() as snapshot:
            for part in split_scans(raw):
                case, slot = draft.place or ("", None)
                before = Context(event, case, slot, holder=draft.holder or _ANYBODY, holder_id=draft.holder_id)
                reader = ScanReader(snapshot, (), before, read_gs1=at.workplace.read_gs1)
                after, came = _understood(reader, draft, before, part[: LENGTH_MAX + 1])
                lost = sum(each not in draft.lost for each in after.lost)
                taken, draft = _together(taken, came, lost), after
        return draft.sent_as(sent_as) if sent_as and draft != before_all else draft

    custody_drafts.change(at, event, scanned)
    return taken


def written_taken(taken: Taken) -> str:
    """Return an answer as it is kept."""
    return msgspec.json.encode(taken).decode()


def read_taken(text: str) -> Taken:
    """Return a kept answer."""
    return msgspec.json.decode(text, type=Taken)


def _together(before: Taken, after: Taken, lost: int) -> Taken:
    """Return what came of two scans."""
    return Taken(
        (*before.added, *after.added),
        (*before.already, *after.already),
        after.named or before.named,
        after.place or before.place,
        before.undone if after.undone is None else after.undone,
        before.unseen + after.unseen,
        before.lost + lost,
    )


def _understood(reader: ScanReader, draft: CustodyDraft, before: Context, part: str) -> tuple[CustodyDraft, Taken]:
    """Return the draft after a scan, and what came of it."""
    meants, after = reader.understand(part)
    first = meants[0]
    if isinstance(first, RowMeant):
        return _with_assets(draft, [meant.row.asset_tag for meant in meants if isinstance(meant, RowMeant)])
    if isinstance(first, Held):
        return draft.not_understood(part, first), Taken(unseen=1)
    if isinstance(first, Undone):
        last = draft.tags[-1:]
        return draft.without(last), Taken(undone=last[0] if last else "")
    assert isinstance(first, ContextSet), "nothing was scanned before that could be repeated"
    return _with_context(draft, before, after, part)


def _with_assets(draft: CustodyDraft, tags: Sequence[str]) -> tuple[CustodyDraft, Taken]:
    known = set(draft.tags)
    added = tuple(tag for tag in tags if tag not in known)
    already = tuple(tag for tag in tags if tag in known)
    return draft.with_assets(tags) if added else draft, Taken(added, already)


def _with_context(draft: CustodyDraft, before: Context, after: Context, part: str) -> tuple[CustodyDraft, Taken]:
    """Return the draft after a scan that named a person or a slot."""
    if after.event_type == before.event_type:
        if after.slot_position is None:
            if after.holder == _ANYBODY:
                return draft, Taken()
            same = (after.holder, after.holder_id) == (draft.holder, draft.holder_id)
            return draft if same else draft.named(after.holder, after.holder_id), Taken(named=after.holder)
        if (after.holder, after.holder_id) != (before.holder, before.holder_id):
            return draft.named(after.holder, after.holder_id), Taken(named=after.holder)
        if not draft.gives:
            place = Place(after.case_name, after.slot_position)
            return msgspec.structs.replace(draft, place=place, at=None), Taken(place=place)
    held = Held("card_unreadable", {"card": quoted(part, 40), "reason": _NOT_HERE})
    return draft.not_understood(part, held), Taken(unseen=1)
