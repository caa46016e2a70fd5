"""What a scan does to a hand-over at the desk: it adds assets, names a person or a slot, or takes the last one back.

Owns the answer to a scan. What is not clear is kept until somebody has seen it, and never guessed: what cards of its
kind said before it holds no more (`said_contexts.after_held`). The draft itself is `custody_drafts`.
"""

from collections.abc import Mapping, Sequence
from itertools import chain

import msgspec

from assettrack.domain.custody_drafts import CustodyDraft, HandoverEvent
from assettrack.domain.holders import Holder
from assettrack.domain.plans import PEOPLE_NAMED
from assettrack.domain.queued_scans import Context, ContextSet, Held, Meant, RowMeant, Undone
from assettrack.domain.said_contexts import after_held
from assettrack.domain.scan_context import said_by
from assettrack.domain.shown_contexts import ShownContext
from assettrack.domain.tags import OUT, Place
from assettrack.domain.wedge import LENGTH_MAX, read_typed, split_scans
from assettrack.domain.wording import counted, quoted
from assettrack.services import custody_drafts
from assettrack.services.case_forms import case_or_asset
from assettrack.services.custody_drafts import AtDesk
from assettrack.services.scan_reading import ScanReader

_ANYBODY = "?"
"""Stands for whoever is given something, while a scan is read before anybody was named."""

_NOT_HERE = "it means nothing on this page"

_NO_ASSET_JUST_SCANNED = "no scan that had just put one asset on the list"


class Taken(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of a scan, or of several that came at once.

    ``added`` came on the list, or were put into the slot whose label was scanned before them. ``already`` were on it,
    as they are. ``named`` is the person, and ``place`` the slot, of what comes next, `OUT` if that goes into none.
    ``undone`` is the asset that a card took off again. ``unseen`` scans were not understood, and ``lost`` signatures
    counted no more after it. ``others`` is how many assets of a case, whose label was scanned, are out with other
    people and did not come on the list. ``to_homes`` says that a case's label answered where the next assets go: each
    into the slot from which it was issued.
    """

    added: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    named: str = ""
    place: Place | None = None
    undone: str = ""
    unseen: int = 0
    lost: int = 0
    others: Mapping[str, int] = {}
    to_homes: bool = False


def take(
    at: AtDesk,
    event: HandoverEvent,
    raw: str,
    *,
    sent_as: str = "",
    shown: ShownContext | None = None,
    holder: Holder | None = None,
) -> Taken:
    """Add what was scanned or typed; it is kept when this returns.

    What was sent under a name is added once, however often it is sent: the list remembers the names of the last ones.
    ``shown`` is where the page that it was sent from showed that it goes. Where that page was one of a ``holder``, it
    goes to them, whoever the list named before; what comes back goes where it was shown all the same.

    Raises:
        desk_errors.ScanNotAsShown: it would go elsewhere.
        desk_errors.ListNotAsShown: it would give somebody what the page did not show.
        errors.ValueUnusable: the draft has no room for more.
    """
    taken = Taken()
    others: dict[str, Sequence[str]] = {}

    def scanned(draft: CustodyDraft) -> CustodyDraft:
        nonlocal taken
        if sent_as and sent_as in draft.sent:
            return draft
        before_all = draft
        if holder is not None:
            named = draft.named(holder.name, holder.holder_id)
            draft = draft if named == draft else named.gone_on()
        if shown is not None and (holder is None or not draft.gives):
            shown.require(ShownContext.of_draft(draft))
        with at.workplace.store.read() as snapshot:
            for part in split_scans(raw):
                unslotted = draft.place == OUT
                case, slot = ("", None) if draft.place is None or unslotted else draft.place
                before = Context(
                    event, case, slot, unslotted=unslotted, holder=draft.holder or _ANYBODY, holder_id=draft.holder_id,
                    place_removed=draft.place_removed,
                )  # fmt: skip
                reader = _ListReader(snapshot, (), before, read_gs1=at.workplace.read_gs1)
                after, came = _understood(reader, draft, before, part[: LENGTH_MAX + 1])
                lost = sum(each not in draft.lost for each in after.lost)
                taken, draft = _together(taken, came, lost), after
                others.update(reader.others)
        taken = msgspec.structs.replace(taken, others=_not_on(draft, others))
        if shown is not None:
            shown.require_waiting(before_all, draft)
        went_on = draft != before_all or holder is not None  # they were named, also where another was again after it
        return draft.sent_as(sent_as) if sent_as and went_on else draft

    custody_drafts.change(at, event, scanned, by_scan=True)
    return taken


def written_taken(taken: Taken) -> str:
    """Return an answer as it is kept."""
    return msgspec.json.encode(taken).decode()


def read_taken(text: str) -> Taken:
    """Return a kept answer."""
    return msgspec.json.decode(text, type=Taken)


def _together(before: Taken, after: Taken, lost: int) -> Taken:
    """Return what came of two scans, but the ``others``, which only the whole list tells."""
    return Taken(
        (*before.added, *after.added),
        (*before.already, *after.already),
        after.named or before.named,
        after.place or before.place,
        after.undone or before.undone,
        before.unseen + after.unseen,
        before.lost + lost,
        to_homes=before.to_homes or after.to_homes,
    )


def _not_on(draft: CustodyDraft, others: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return how many of the assets of each case are not on the list, where there are any."""
    left = {case: len({*tags} - {*draft.tags}) for case, tags in others.items()}
    return {case: count for case, count in left.items() if count}


class _ListReader(ScanReader):
    """Understands the scans of a list: an asset that comes back is held while nobody knows what said where it goes.

    ``others`` are the assets of a case, by its name, that were not taken, because they are out with other people.
    """

    others: Mapping[str, Sequence[str]] = {}

    def _asset(self, tag: str) -> tuple[list[Meant], Context]:
        if self._context.place_removed:
            return [Held("place_removed", {"tag": tag})], self._context
        return super()._asset(tag)

    def new_asset_doubt(self, tag: str) -> Held | None:
        """Hold what looks like the label of a case, where it may say where what comes back goes."""
        is_return = self._context.event_type == "RETURN"
        return case_or_asset(self._snapshot, tag, (), is_typed=False) if is_return else super().new_asset_doubt(tag)

    def _case(self, case: str) -> tuple[list[Meant], Context]:
        """Understand a case's label, which says itself where its assets go: each to its own slot.

        Where the list waits to hear where the next asset goes, it answers that alone. Else what comes back of it is
        what whoever gives something back has; where nobody is chosen, what is out of it with one person.
        """
        asked = self._context.place_removed
        if self._snapshot.slots_of(case):
            self._context = self._at("")
        out = self._brought_by(case) if self._context.event_type == "RETURN" else []
        if not out:
            return super()._case(case)
        if asked:
            return self._set(self._context)
        by_holder = self._by_holder(out)
        chosen = self._chosen() or (next(iter(by_holder)) if len(by_holder) == 1 else "")
        taken = by_holder.pop(chosen, [])
        if not taken:
            named = [f"{len(tags):,} with {name}" for name, tags in by_holder.items()]
            if len(named) > PEOPLE_NAMED:
                named[PEOPLE_NAMED:] = [f"more with {counted(len(named) - PEOPLE_NAMED, 'other', 'others')}"]
            return [Held("case_with_others", {"case": case, "out": ", ".join(named)})], self._context
        if by_holder:
            self.others = {case: list(chain(*by_holder.values()))}
        return self._assets(taken)

    def _by_holder(self, tags: Sequence[str]) -> dict[str, list[str]]:
        """Return assets that are out by the name of who has them."""
        assets = self._snapshot.inventory_of(tags, []).assets
        found: dict[str, list[str]] = {}
        for tag in tags:
            found.setdefault(assets[tag].holder or "", []).append(tag)
        return found

    def _chosen(self) -> str:
        """Return the present name of who was chosen to give back what comes; blank where nobody was."""
        context = self._context
        if context.holder_id is None:
            return "" if context.holder == _ANYBODY else context.holder
        holder = self._snapshot.holder(context.holder_id)
        return context.holder if holder is None else holder.name


def _understood(reader: _ListReader, draft: CustodyDraft, before: Context, part: str) -> tuple[CustodyDraft, Taken]:
    """Return the draft after a scan, and what came of it."""
    meants, after = reader.understand(part)
    first = meants[0]
    if isinstance(first, Undone):
        return _without_just_scanned(draft, part)
    draft = draft.gone_on()
    if isinstance(first, RowMeant):
        if not after.case_name and not after.unslotted:  # no place was named, or a case's label came after it
            draft = msgspec.structs.replace(draft, place=None, place_removed=False)
        return _with_assets(draft, [meant.row.asset_tag for meant in meants if isinstance(meant, RowMeant)])
    if isinstance(first, Held):
        return _without_what_it_said(draft, before, first, part), Taken(unseen=1)
    assert isinstance(first, ContextSet), "nothing was scanned before that could be repeated"
    return _with_context(draft, before, after, part)


def _without_just_scanned(draft: CustodyDraft, part: str) -> tuple[CustodyDraft, Taken]:
    """Return the draft after an undo card; after anything but the scan of one asset it is held, and nothing goes."""
    if not draft.just_scanned:
        return draft.not_understood(part, Held("undo_of_what", {"what": _NO_ASSET_JUST_SCANNED})), Taken(unseen=1)
    return draft.taken_back(), Taken(undone=draft.just_scanned)


def _without_what_it_said(draft: CustodyDraft, before: Context, held: Held, part: str) -> CustodyDraft:
    """Return the draft with a scan that was held: nothing goes to whom, or where, another said before it.

    The label of a known case says where too, also where nothing of it is out.
    """
    after = after_held(held, read_typed(part).text, before)
    if not after.holder:
        draft = msgspec.structs.replace(draft, holder="", holder_id=None)
    is_ended = held.reason in {"case_has_nothing", "case_with_others"} and draft.place is not None
    if (after.place_removed or is_ended) and not draft.gives:
        draft = msgspec.structs.replace(draft, place=None, place_removed=True)
    return draft.not_understood(part, held)


def _with_assets(draft: CustodyDraft, tags: Sequence[str]) -> tuple[CustodyDraft, Taken]:
    known, after = draft.bare_lines, draft.with_assets(tags)
    if len(tags) == 1 and tags[0] not in known:
        after = msgspec.structs.replace(after, just_scanned=tags[0])
    added = tuple(tag for tag in tags if known.get(tag) != after.bare_lines[tag])
    already = tuple(tag for tag in tags if tag not in added)
    return after, Taken(added, already)


def _with_context(draft: CustodyDraft, before: Context, after: Context, part: str) -> tuple[CustodyDraft, Taken]:
    """Return the draft after a scan that named a person, a slot or no slot."""
    if before.place_removed and after == msgspec.structs.replace(before, place_removed=False):  # a case's label
        return msgspec.structs.replace(draft, place_removed=False, at=None), Taken(to_homes=True)
    is_place = "place" in said_by(read_typed(part).text, is_case=False)
    if is_place and not draft.gives:
        place = OUT if after.slot_position is None else Place(after.case_name, after.slot_position)
        return msgspec.structs.replace(draft, place=place, place_removed=False, at=None), Taken(place=place)
    if not is_place and after.event_type == before.event_type:
        if after.holder == _ANYBODY:
            return draft, Taken()
        same = (after.holder, after.holder_id) == (draft.holder, draft.holder_id)
        return draft if same else draft.named(after.holder, after.holder_id), Taken(named=after.holder)
    held = Held("card_unreadable", {"card": quoted(part, 40), "reason": _NOT_HERE})
    return draft.not_understood(part, held), Taken(unseen=1)
