"""Issue, return and transfer at the desk: a list that is kept while it is made, checked, and committed once.

Owns what stops a draft, and that a draft which is sent again leads to the batch it became. Deciding and committing is
`custody`, what a scan adds `handover_scans`, and which are put aside `lists_aside`. A draft belongs to the account that
began it.
"""

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain import desk_errors, errors
from assettrack.domain.custody_drafts import CustodyDraft, DraftRows, HandoverEvent, read_draft, written_draft
from assettrack.domain.desk_rows import Draft
from assettrack.domain.facts import Account
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import PEOPLE_NAMED, Acceptance, Options
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import custody, kept_due_dates, lists_aside
from assettrack.services.after_deeds import after_deed
from assettrack.services.batch_acceptors import givers_accepting
from assettrack.services.committed_codes import require_committed_with
from assettrack.services.custody import TypedCommand
from assettrack.services.custody import commit as commit_command
from assettrack.services.desk_ports import DraftShelf
from assettrack.services.names import clean_name, require_meant, require_named
from assettrack.services.no_shelf import NoShelf
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.reviewed_lists import KeptDraft, Review, ReviewedLine, Tally, reviewed_lines
from assettrack.services.shown_lists import ShownList, require_shown
from assettrack.services.turns import Turns

_TURN = threading.Lock()
"""Drafts are read, changed and kept by one thread at a time, so that no scan of two tabs is lost."""

_COMMITTING = Turns()
"""An account's draft is committed by one request at a time; whoever asks at the same time gets the same answer."""

_BEING_COMMITTED: set[str] = set()
"""The drafts that are being committed now, under `_TURN`: what was decided is what is on them."""


class AtDesk(NamedTuple):
    """Somebody at the desk: the station, where drafts are kept, and whose account it is."""

    workplace: Workplace
    shelf: DraftShelf
    account: Account

    @property
    def operator(self) -> str:
        """Who does the deeds."""
        return self.account.name


def current(at: AtDesk, event: HandoverEvent) -> KeptDraft:
    """Return the draft that an account is making, an empty one where there is none or the last was committed."""
    draft_id = at.shelf.preference(at.account.account_id, _preference(event))
    row = at.shelf.draft(draft_id, at.account.account_id) if draft_id else None
    if row is None or row.answer is not None:
        return KeptDraft(at.workplace.salt().hex(), CustodyDraft(event))
    return lists_aside.read_kept(row)


def numbered(at: AtDesk, event: HandoverEvent, draft_id: str) -> KeptDraft:
    """Return a draft of an account, committed or not.

    Raises:
        desk_errors.DraftGone: there is none such.
    """
    row = at.shelf.draft(draft_id, at.account.account_id)
    if row is None or row.kind != event:
        raise desk_errors.DraftGone
    return lists_aside.read_kept(row)


def change(
    at: AtDesk,
    event: HandoverEvent,
    do: Callable[[CustodyDraft], CustodyDraft],
    *,
    shown: ShownList | None = None,
    by_scan: bool = False,
) -> KeptDraft:
    """Change the draft that an account is making, and keep it; with ``shown`` if it is as it was shown.

    After what is not done ``by_scan`` no asset is the one just scanned, though nothing else is otherwise.

    Raises:
        errors.ValueUnusable: it can't be so.
        desk_errors.ListCommitted: it was committed meanwhile, or is being committed.
        desk_errors.ListNotAsShown: it is another one, or something else is on it.
    """
    with _TURN:
        kept = current(at, event)
        draft = do(kept.draft)
        if shown is not None:
            require_shown(at.shelf, at.account.account_id, kept, shown, draft)
        if not by_scan:
            draft = draft.gone_on()
        if draft == kept.draft:
            return kept
        changed = msgspec.structs.replace(kept, draft=draft)
        if kept.draft_id in _BEING_COMMITTED or not _keep(at, changed):
            known = set(kept.draft.tags)
            raise desk_errors.ListCommitted([tag for tag in draft.tags if tag not in known])
        return changed


def name_holder(
    at: AtDesk,
    event: HandoverEvent,
    name: str,
    number: int | None = None,
    *,
    new: bool = False,
    shown: ShownList | None = None,
) -> KeptDraft:
    """Say who is given the next assets and those before them of whom nothing was said; by a return, who gives back.

    ``number`` is that of the holder whom the page showed under the name, where it did: the name may be another's since.

    Raises:
        errors.ValueUnusable: it can't be a name.
        errors.NotFound: nobody of that name or number is registered, and (not ``new``) is to be.
        desk_errors.ListNotAsShown: as `change`.
    """
    if new:
        clean = clean_name(name)
        return change(at, event, lambda draft: draft.named(clean, new=True), shown=shown)
    holder = registered(at.workplace, name, number)
    return change(at, event, lambda draft: draft.named(holder.name, holder.holder_id), shown=shown)


def registered(workplace: Workplace, name: str, number: int | None = None) -> Holder:
    """Return a holder by number where there is one, or by name.

    Raises:
        errors.NotFound: nobody of that number or name is registered.
    """
    with workplace.store.read() as snapshot:
        return require_meant(snapshot, name, number)


def require_as_shown(at: AtDesk, event: HandoverEvent, shown: ShownList) -> None:
    """Make sure that the draft that an account is making is as it was shown.

    Raises:
        desk_errors.ListNotAsShown: it is not.
    """
    require_shown(at.shelf, at.account.account_id, current(at, event), shown)


def fix_time(at: AtDesk, event: HandoverEvent, shown: ShownList | None = None) -> KeptDraft:
    """Fix the time of the draft that is about to be checked: from now on its rows are known.

    Raises:
        desk_errors.ListCommitted, desk_errors.ListNotAsShown: as `change`.
    """
    now = utc_text(at.workplace.now())

    def fixed(draft: CustodyDraft) -> CustodyDraft:
        with at.workplace.store.read() as snapshot:
            return draft.checked(now, snapshot.inventory_of(draft.tags, []), _held_now(snapshot, draft))

    return change(at, event, fixed, shown=shown)


def start_anew(at: AtDesk, event: HandoverEvent, shown: ShownList | None = None) -> None:
    """Put the draft aside without committing it, so that it can be brought back; with ``shown`` as it was shown.

    Raises:
        desk_errors.ListCommitted: it is being committed.
        desk_errors.ListNotAsShown: something else is on it, or it is another one.
        desk_errors.ListsAsideFull: too many are put aside already; it stays.
    """
    with _TURN:
        kept = current(at, event)
        if kept.draft_id in _BEING_COMMITTED:
            raise desk_errors.ListCommitted([])
        if shown is not None:
            require_shown(at.shelf, at.account.account_id, kept, shown)
        if not kept.draft.is_empty:
            aside = msgspec.structs.replace(kept, draft=kept.draft.gone_on())
            _keep(at, aside)  # it is kept from now on for as long as any draft is
            lists_aside.put_aside(at.shelf, at.account.account_id, event, kept.draft_id)
        at.shelf.keep_preference(at.account.account_id, _preference(event), "")


def put_aside(at: AtDesk, event: HandoverEvent) -> list[KeptDraft]:
    """Return the drafts that were put aside and can be brought back, the last first."""
    return lists_aside.lists_aside(at.shelf, at.account.account_id, event)


def bring_back(at: AtDesk, event: HandoverEvent, draft_id: str) -> None:
    """Go on with a draft that was put aside; asked again, it is there.

    Raises:
        desk_errors.ListNotAsShown: something is on the present list, which is not put aside for it.
        desk_errors.DraftGone: it can't be brought back.
    """
    with _TURN:
        now = current(at, event)
        if now.draft_id == draft_id:
            return
        if not now.draft.is_empty:
            raise desk_errors.ListNotAsShown
        if draft_id not in {each.draft_id for each in put_aside(at, event)}:
            raise desk_errors.DraftGone
        at.shelf.keep_preference(at.account.account_id, _preference(event), draft_id)
        lists_aside.take_back(at.shelf, at.account.account_id, event, draft_id)


def review(at: AtDesk, kept: KeptDraft, *, shown: bool = False) -> Review:
    """Return what a draft will do, whatever is on it and whatever it lacks: looking at it never fails for that.

    ``shown`` judges it with whoever has its assets now (a signature was for what came from the same people), and keeps
    the plan where nothing is lacking: its code is about to be shown.
    """
    draft = as_held(at, kept.draft) if shown else kept.draft
    options = draft.options(at.operator)
    lacking = kept_due_dates.unmeant(at.workplace, options.due_on)
    if lacking:
        options = msgspec.structs.replace(options, due_on=None)
    lacking += draft.lacking(at.operator)
    is_whole = shown and not lacking
    workplace = at.workplace if is_whole else msgspec.structs.replace(at.workplace, plans=NoShelf())
    making = _Making(draft)
    plan = None
    if draft.lines:
        plan = custody.preview(workplace, _command(at, draft, making), options)
        if plan.already_committed:
            _answer(at, kept, plan.recorded_in[-1])
            kept = msgspec.structs.replace(kept, batch_id=plan.recorded_in[-1])
    lines = reviewed_lines(draft, making.made, plan)
    general = [] if plan is None else [each for each in (*plan.problems, *plan.refusals) if each.row_number is None]
    tallies = [] if draft.gives else _tallies(at.workplace, lines)
    return Review(msgspec.structs.replace(kept, draft=draft), lines, plan, general, tallies, lacking)


def is_stopped(at: AtDesk, kept: KeptDraft) -> bool:
    """Tell whether something has to be mended on the list before anybody is asked how it is accepted.

    What is wrong with the due date or the notes does not count: that is mended where they are said.
    """
    bare = msgspec.structs.replace(kept.draft, due_on=None, notes="", at=None)
    lines = review(at, msgspec.structs.replace(kept, draft=bare)).lines
    return bool(bare.unseen) or any(line.stops for line in lines)


def as_held(at: AtDesk, draft: CustodyDraft) -> CustodyDraft:
    """Return a draft with whoever has its assets now; nothing is kept."""
    with at.workplace.store.read() as snapshot:
        return draft.as_held(_held_now(snapshot, draft))


def _held_now(snapshot: Snapshot, draft: CustodyDraft) -> dict[str, Holder]:
    """Return who has the assets of a draft, by tag: each with the number, for a name may be somebody else's since."""
    names = {tag: asset.holder for tag, asset in snapshot.inventory_of(draft.tags, []).assets.items() if asset.holder}
    found = snapshot.holders_named(list(names.values()))
    return {tag: holder for tag, name in names.items() if (holder := found.named(name)) is not None}


def require_taken_in(at: AtDesk, kept: KeptDraft) -> None:
    """Make sure that what comes back is not accepted by whoever gives it back.

    Raises:
        errors.DeedRefused: it would be.
    """
    draft = kept.draft
    if draft.gives or draft.how is None or not draft.lines:
        return
    options = Options(accepted=Acceptance(draft.how, draft.names.get(at.operator)))
    workplace = msgspec.structs.replace(at.workplace, plans=NoShelf())
    plan = custody.preview(workplace, _command(at, draft, _Making(draft)), options)
    for refusal in givers_accepting(plan, at.operator):
        raise errors.DeedRefused(refusal)


def commit(at: AtDesk, event: HandoverEvent, draft_id: str, confirm: str) -> int:
    """Commit a draft as one batch: exactly what was shown with the code, or nothing. Return the batch's number.

    Asked again, it answers the same: the draft knows its batch, or its rows are known in the log. While it is being
    committed, it can't be changed.

    Raises:
        errors.AssetTrackError: as `custody.commit`; the draft is gone.
        desk_errors.ListChanged: it was changed since it was checked.
        desk_errors.CommittedOtherwise: it is a batch already, and not with what was shown with the code.
    """
    with _COMMITTING.of(at.shelf, at.account.account_id):
        with _TURN:
            kept = numbered(at, event, draft_id)
            if kept.batch_id is not None:
                require_committed_with(at.workplace, kept.batch_id, confirm, "list")
                return kept.batch_id
            if kept.draft.at is None:
                raise desk_errors.ListChanged
            _BEING_COMMITTED.add(draft_id)
        try:
            return _commit(at, kept.draft, draft_id, confirm)
        finally:
            with _TURN:
                _BEING_COMMITTED.discard(draft_id)


def _commit(at: AtDesk, draft: CustodyDraft, draft_id: str, confirm: str) -> int:
    draft.require_whole(at.operator)
    command = _command(at, draft, _Making(draft, strict=True))
    _require_same_givers(draft, as_held(at, draft))
    receipt = commit_command(at.workplace, command, draft.options(at.operator), confirm=confirm)
    if receipt.already_committed:
        require_committed_with(at.workplace, receipt.batch_id, confirm, "list")
    with after_deed("the batch of a list was not noted; its rows tell it"):
        at.shelf.answer_draft(draft_id, str(receipt.batch_id))
    return receipt.batch_id


def _require_same_givers(draft: CustodyDraft, held: CustodyDraft) -> None:
    """Make sure that no asset came from somebody and is another's of the same name now: its plan would say the same.

    ``held`` is the draft with whoever has its assets now. Of any other move the plan tells.

    Raises:
        errors.PlanStale: some did.
    """
    moved: dict[int, str] = {}
    for number, (was, now) in enumerate(zip(draft.lines, held.lines, strict=True), 1):
        if was.had_by == now.had_by and was.comes_from_other(now):
            who = f"{was.had_by} was holder {was.had_by_id} when it was shown"
            moved[number] = f"{who}, and is holder {now.had_by_id} now."
    if moved:
        raise errors.PlanStale(list(moved), people=list(dict.fromkeys(moved.values()))[:PEOPLE_NAMED])


class _Making:
    """Makes the rows of a draft, and remembers what it made."""

    def __init__(self, draft: CustodyDraft, *, strict: bool = False) -> None:
        self._draft = draft
        self._strict = strict
        self.made = DraftRows((), (), ())

    def __call__(self, inventory: Inventory) -> Sequence[TypedRow]:
        """Return the rows as the assets are now.

        Raises:
            errors.BatchHasProblems: (only if strict) a line makes none.
        """
        self.made = self._draft.rows(inventory)
        if self._strict and self.made.held:
            raise errors.BatchHasProblems(self.made.held, (), "batch")
        return self.made.rows


def _command(at: AtDesk, draft: CustodyDraft, making: _Making) -> TypedCommand:
    return TypedCommand(draft.tags, making, draft.at, draft.drawings(at.operator))


def _tallies(workplace: Workplace, lines: Sequence[ReviewedLine]) -> list[Tally]:
    """Return for each holder how much of what they have comes back, and how much stays out."""
    returned: dict[str, int] = {}
    for line in lines:
        before = None if line.change is None else line.change.before
        if before is not None and before.holder is not None:
            returned[before.holder] = returned.get(before.holder, 0) + 1
    with workplace.store.read() as snapshot:
        return [
            Tally(name, count, len(snapshot.assets_of(require_named(snapshot, name).holder_id)))
            for name, count in returned.items()
        ]


def _keep(at: AtDesk, kept: KeptDraft) -> bool:
    """Keep a draft; return False where it was committed meanwhile."""
    now = utc_text(at.workplace.now())
    draft = kept.draft
    row = Draft(kept.draft_id, at.account.account_id, now, draft.event_type, written_draft(draft))
    if not at.shelf.keep_draft(row):
        return False
    at.shelf.keep_preference(at.account.account_id, _preference(draft.event_type), kept.draft_id)
    return True


def _answer(at: AtDesk, kept: KeptDraft, batch_id: int) -> None:
    """Keep that a draft proved to be a batch; not where it was changed since it was read."""
    with _TURN, after_deed("the batch of a list was not noted; its rows tell it"):
        row = at.shelf.draft(kept.draft_id, at.account.account_id)
        if row is not None and read_draft(row.body) == kept.draft:
            at.shelf.answer_draft(kept.draft_id, str(batch_id))


def _preference(event: HandoverEvent) -> str:
    return f"draft of {event}"
