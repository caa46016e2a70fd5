"""The intake queue: each scan is understood, kept, and shown with what it will do, before anything is committed.

Owns how a scan is understood: a card, a case label, a slot label, a holder's name or an asset tag, in the context that
was set before. What is not clear is held and never guessed. Deciding and committing is `intake`.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

import msgspec

from assettrack.domain import desk_errors, errors, said_contexts
from assettrack.domain.desk_rows import AtOnce, QueueRow, Understood
from assettrack.domain.facts import Account
from assettrack.domain.plans import Plan
from assettrack.domain.queued_scans import (
    Context,
    Meant,
    QueuedBatch,
    QueuedScan,
    RowMeant,
    carried,
    read_context,
    read_scan,
    written_context,
    written_meant,
)
from assettrack.domain.shown_contexts import ShownContext
from assettrack.domain.timestamps import after_all, utc_text
from assettrack.domain.typed_rows import TypedRow
from assettrack.domain.wedge import LENGTH_MAX, split_scans
from assettrack.services import changed_by_hand, free_slots, queued_homes, repeated_scans, seen_in_cases, settled_queues
from assettrack.services.after_deeds import after_deed
from assettrack.services.committed_codes import require_committed_with
from assettrack.services.desk_ports import Desk, QueueShelf
from assettrack.services.intake import CommitReceipt
from assettrack.services.intake import commit as commit_batch
from assettrack.services.kept_due_dates import preview_kept
from assettrack.services.no_shelf import NoShelf
from assettrack.services.ports import Workplace
from assettrack.services.queue_lines import Line, lines_of, require_as_shown
from assettrack.services.settled_queues import Became
from assettrack.services.turns import Turns
from assettrack.services.unprepared_cases import IntakeReader

SENT_AS_MAX = 64

Changed = TypeVar("Changed")
"""What a change of a queue returns."""

TRIES = 5
"""So often scans are understood anew because the queue changed meanwhile; requests of this server wait their turn."""

_SCANNING = Turns()
"""An account's scans are understood and stored one request after another."""

_COMMITTING = Turns()
"""An account's queue is committed by one request at a time; whoever asks at the same time gets the same answer."""


class Sent(msgspec.Struct, frozen=True):
    """How a browser sends a scan: under which name, the same each time it tries, and what its page showed."""

    name: str = ""
    shown: ShownContext | None = None


NOT_SENT = Sent()


class Queue(msgspec.Struct, frozen=True):
    """A queue as it is now: its scans in order, removed ones too, and the context of the next.

    Where earlier scans of it ``became`` a batch, and the desk can't be told so yet, only the later ones are its scans.
    """

    row: QueueRow
    scans: Sequence[QueuedScan]
    context: Context
    became: Became | None = None

    def batch(self) -> QueuedBatch:
        """Return the queue's rows as a batch."""
        return QueuedBatch(self.row.queue_id, self.scans, self.row.name)


class Review(msgspec.Struct, frozen=True):
    """A queue with what each of its scans will do, and the plan of the batch it makes (None where it has no row)."""

    queue: Queue
    lines: Sequence[Line]
    plan: Plan | None


def current(workplace: Workplace, shelf: Desk, account: Account) -> Queue:
    """Return the open queue of an account; a commit that was cut off is settled first, and told of once."""
    found = settle(workplace, shelf, account, tell=True)
    queue = _queue(shelf, shelf.open_queue(account.account_id, account.name, utc_text(workplace.now())))
    below = queue.row.committing_below
    if found is None or below is None:
        return queue
    going = {each.number_before for each in carried(shelf.scans(queue.row.queue_id), below)}
    became = Became(found, len(_frozen(shelf, queue.row).batch().queued))
    return Queue(queue.row, [scan for scan in queue.scans if scan.number in going], queue.context, became)


def take(workplace: Workplace, shelf: QueueShelf, queue: Queue, raw: str, sent: Sent = NOT_SENT) -> list[int]:
    """Take in what a scanner typed, one scan or several; it is stored when this returns. Return the scans' numbers.

    Each is understood on the queue as it is by then. All of it is stored or none. What a browser sends again under its
    name is taken in once; where it is in an earlier queue by then, it has no number in this one.

    Raises:
        desk_errors.ScanNotAsShown: the page that it was sent from showed that it goes elsewhere.
        desk_errors.QueueClosed: the queue was committed or cleared meanwhile.
        desk_errors.QueueChanged: another one kept changing it.
    """
    parts = split_scans(raw)
    if not parts:
        return []
    with _SCANNING.of(shelf, queue.row.account_id):
        before = shelf.sent_before(queue.row.account_id, sent.name[:SENT_AS_MAX]) if sent.name else ()
        if before:
            return [number for queue_id, number in before if queue_id == queue.row.queue_id]
        return changing(
            lambda: _queue(shelf, queue.row), lambda now: _take(workplace, shelf, now, parts, sent), known=queue
        )


def changing(
    read: Callable[[], Queue], change_it: Callable[[Queue], Changed | None], *, known: Queue | None = None
) -> Changed:
    """Change a queue, and return what that returns; None says that it is not any more what it was, and it is read anew.

    ``known`` is the queue where it was read already.

    Raises:
        desk_errors.QueueChanged: another one kept changing it.
    """
    for _ in range(TRIES):
        done = change_it(read() if known is None else known)
        if done is not None:
            return done
        known = None
    raise desk_errors.QueueChanged


def _take(workplace: Workplace, shelf: QueueShelf, queue: Queue, parts: Sequence[str], sent: Sent) -> list[int] | None:
    """Understand and store scans; return their numbers, or None where the queue is not any more what it was."""
    if sent.shown is not None:
        sent.shown.require(ShownContext.of_queue(queue.context))
    now = utc_text(workplace.now())
    kept: list[tuple[str, str, str]] = []
    undone: list[int] = []
    context = queue.context
    with workplace.store.read() as snapshot:
        reader = IntakeReader(snapshot, queue.scans, context, read_gs1=workplace.read_gs1, row=queue.row, at=now)
        for part in parts:
            taken, context = reader.understand(part)
            kept += [(now, part[:LENGTH_MAX], written_meant(meant)) for meant in taken]
            undone += reader.taken_back(taken, queue.scans)
    besides = _at_once(queue, repeated_scans.after_removal(queue.scans, set(undone)), context)
    understood = Understood(queue.row.revision, undone, besides.meants)
    return shelf.add_scans(queue.row.queue_id, kept, besides.context, sent.name[:SENT_AS_MAX] or None, understood)


def set_context(shelf: QueueShelf, queue: Queue, context: Context) -> None:
    """Say by hand what the next scans mean; while the queue is being committed, it is said of the next one.

    Raises:
        desk_errors.QueueClosed: the queue was committed or cleared meanwhile.
        desk_errors.QueueChanged: it is another one by now, of which a scan may have said what comes next.
    """
    said = written_context(msgspec.structs.replace(context, type_of_all=queue.context.type_of_all))
    if shelf.add_scans(queue.row.queue_id, [], said, None, Understood(queue.row.revision)) is None:
        raise desk_errors.QueueChanged


def change(shelf: QueueShelf, queue: Queue, number: int, row: TypedRow, mark: str | None = None) -> None:
    """Let a scan be another row; with a ``mark`` only where it is as it was shown.

    A scan that repeated it, and is of another asset than it is now, is a row of its own from then on.

    Raises:
        desk_errors.ScanGone: there is no such scan any more.
        desk_errors.ScanChanged: it is not as it was shown.
        desk_errors.QueueCommitting, desk_errors.QueueClosed: it can't be changed any more.
        desk_errors.QueueChanged: another one kept changing it.
    """

    def changed(present: Queue) -> bool | None:
        if mark is not None:
            require_as_shown(present.scans, [number], [mark])
        after = changed_by_hand.after_hand_change(present.scans, present.context, number, row)
        meants, context, _ = _at_once(present, *after)
        return shelf.change_scans(queue.row.queue_id, meants, present.row.revision, context) or None

    with _SCANNING.of(shelf, queue.row.account_id):
        changing(lambda: _queue(shelf, queue.row), changed)


def remove(
    workplace: Workplace, shelf: QueueShelf, queue: Queue, numbers: Sequence[int], marks: Sequence[str] | None = None
) -> str:
    """Take scans out of the queue; return the moment by which they can be brought back.

    With the ``marks`` of all of them it is done only where each is as it was shown. A scan that repeated one of them
    is there as it was scanned from then on, see `repeated_scans`. What a card or label of them said
    holds no more, and nothing in its place. All of it is done or none.

    Raises:
        desk_errors.ScanGone: none of them is there any more, or one of those with marks.
        desk_errors.ScanChanged: one is not as it was shown.
        desk_errors.QueueCommitting, desk_errors.QueueClosed: they can't be removed any more.
        desk_errors.QueueChanged: another one kept changing it.
    """
    removed_at = utc_text(workplace.now())

    def removed(present: Queue) -> int | None:
        nonlocal removed_at
        removed_at = after_all(removed_at, (scan.removed_at or "" for scan in present.scans))
        if marks is not None:
            require_as_shown(present.scans, numbers, marks)
        context, said = said_contexts.after_removal(present.scans, present.context, set(numbers))
        besides = _at_once(present, repeated_scans.after_removal(present.scans, set(numbers)) | said, context)
        found = shelf.remove_scans(present.row.queue_id, numbers, removed_at, besides)
        if found == 0:
            raise desk_errors.ScanGone(numbers)
        return found

    with _SCANNING.of(shelf, queue.row.account_id):
        changing(lambda: _queue(shelf, queue.row), removed)
    return removed_at


def _at_once(queue: Queue, meants: Mapping[int, Meant], context: Context) -> AtOnce:
    written = [(number, written_meant(meant)) for number, meant in meants.items()]
    return AtOnce(written, written_context(context), queue.row.revision)


def bring_back(shelf: QueueShelf, queue: Queue, removed_at: str) -> int:
    """Bring back what was removed at a moment; return how many scans. What says nothing else by now only repeats.

    What a card or label of them said holds again, unless something was said of it since.

    Raises:
        desk_errors.QueueCommitting, desk_errors.QueueClosed: nothing can be brought back any more.
        desk_errors.QueueChanged: another one kept changing it.
    """

    def restored(present: Queue) -> int | None:
        back = {scan.number for scan in present.scans if scan.removed_at == removed_at}
        context = said_contexts.after_return(present.scans, present.context, back)
        besides = _at_once(present, repeated_scans.after_return(present.scans, back), context)
        return shelf.restore_scans(present.row.queue_id, removed_at, besides)

    with _SCANNING.of(shelf, queue.row.account_id):
        return changing(lambda: _queue(shelf, queue.row), restored)


def clear(workplace: Workplace, shelf: QueueShelf, queue: Queue) -> None:
    """Close a queue, exactly as it is given, without committing it; its scans are kept at the desk.

    Raises:
        desk_errors.QueueClosed, desk_errors.QueueCommitting, desk_errors.QueueChanged: it is another one by now.
    """
    if not shelf.close_queue(queue.row.queue_id, utc_text(workplace.now()), None, queue.row.revision):
        latest = _queue(shelf, queue.row).row
        if latest.closed_at is not None:
            raise desk_errors.QueueClosed
        if latest.committing_below is not None:
            raise desk_errors.QueueCommitting
        raise desk_errors.QueueChanged


def review(workplace: Workplace, shelf: Desk, queue: Queue, *, shown: bool = False) -> Review:
    """Return what each scan will do. ``shown`` keeps the plan, because its confirm code is about to be shown.

    A queue whose rows are all in the log already, because an answer was lost, is closed as the batch it became; not
    where it changed since it was read. Its owner is told of that once, but where it is ``shown``: that leads there.
    """
    batch = queue.batch()
    plan = None
    if batch.queued or batch.held:
        at = workplace if shown else msgspec.structs.replace(workplace, plans=NoShelf())
        plan = preview_kept(at, batch, queue.context.options)
        if plan.already_committed:
            with after_deed("a queue that is a batch was not closed; it is at the next use"):
                if not shown:
                    settled_queues.note(shelf, queue.row)
                now = utc_text(workplace.now())
                shelf.close_queue(queue.row.queue_id, now, plan.recorded_in[-1], queue.row.revision)
        rows = [scan.meant.row for scan in batch.queued if isinstance(scan.meant, RowMeant)]
        plan.refusals = free_slots.with_offers(workplace, rows, plan.refusals)
        plan.notices = seen_in_cases.with_sightings(rows, plan)
        plan.notices = queued_homes.with_homes(workplace, queue.scans, plan)
    return Review(queue, list(lines_of(queue.scans, batch, plan)), plan)


def commit(workplace: Workplace, shelf: Desk, queue: Queue, confirm: str) -> CommitReceipt:
    """Commit the queue as one batch: exactly what was shown with the code, or nothing.

    What is decided is the queue as it is when this begins: from then on its scans can't be changed, and what is scanned
    meanwhile goes on, in order and with its context, to the next queue. Asked again, it answers the same: the rows are
    known by then.

    Raises:
        errors.AssetTrackError: as `intake.commit`.
    """
    with _COMMITTING.of(shelf, queue.row.account_id):
        found = _settle(workplace, shelf, queue.row)
        row = None if found is not None else shelf.begin_commit(queue.row.queue_id, utc_text(workplace.now()))
        if row is None:
            latest = _queue(shelf, queue.row)
            if latest.row.committing_below is None:
                raise desk_errors.QueueClosed
            return _commit(workplace, _frozen(shelf, latest.row), confirm)  # it is a batch, or will be found to be one
        try:
            receipt = _commit(workplace, _frozen(shelf, row), confirm)
        except errors.AssetTrackError as error:
            if error.saved is False:  # where that is not known, the log tells it at the next use
                with suppress(errors.AssetTrackError):  # else the next use finds out that nothing was
                    shelf.end_commit(row.queue_id)
            raise
        with after_deed("the queue of a batch was not closed; it is at the next use"):
            shelf.close_queue(row.queue_id, utc_text(workplace.now()), receipt.batch_id, None, carried)
    return receipt


def _commit(workplace: Workplace, queue: Queue, confirm: str) -> CommitReceipt:
    batch = queue.batch()
    if not batch.queued and not batch.held:
        raise desk_errors.QueueClosed
    receipt = commit_batch(workplace, batch, f"queue {queue.row.queue_id}", queue.context.options, confirm=confirm)
    if receipt.already_committed:
        require_committed_with(workplace, receipt.batch_id, confirm, "queue")
    return receipt


def settle(workplace: Workplace, shelf: Desk, account: Account, *, tell: bool = False) -> int | None:
    """Settle a commit that was cut off: the log tells whether it was done. Return the batch, or None where it was not.

    One that is under way is left alone. With ``tell`` its owner is told of the batch once. Where the desk can't be
    written to, it stays unsettled, and what the log tells is returned all the same.
    """
    row = shelf.open_queue(account.account_id, account.name, utc_text(workplace.now()))
    turn = _COMMITTING.of(shelf, account.account_id)
    if row.committing_below is None or not turn.acquire(blocking=False):
        return None
    try:
        return _settle(workplace, shelf, row, tell=tell)
    finally:
        turn.release()


def _settle(workplace: Workplace, shelf: Desk, row: QueueRow, *, tell: bool = False) -> int | None:
    """Settle as `settle`, while nobody else commits."""
    latest = shelf.queue(row.queue_id) or row
    if latest.closed_at is not None or latest.committing_below is None:
        return None
    queue, found = _frozen(shelf, latest), None
    batch = queue.batch()
    if batch.queued:
        at = msgspec.structs.replace(workplace, plans=NoShelf())
        plan = preview_kept(at, batch, queue.context.options)
        found = plan.recorded_in[-1] if plan.already_committed else None
    with after_deed("a commit that was cut off was not settled; it is at the next use"):
        if found is None:
            shelf.end_commit(latest.queue_id)
        else:
            if tell:
                settled_queues.note(shelf, latest)
            shelf.close_queue(latest.queue_id, utc_text(workplace.now()), found, None, carried)
    return found


def _frozen(shelf: QueueShelf, row: QueueRow) -> Queue:
    """Return what of a queue is being committed."""
    assert row.committing_below is not None, "it is being committed"
    scans = [read_scan(each) for each in shelf.scans(row.queue_id) if each.number < row.committing_below]
    return Queue(row, scans, read_context(row.committing_context or row.context))


def numbered(shelf: QueueShelf, queue_id: int, account: Account) -> Queue:
    """Return a queue of an account, open or not.

    Raises:
        desk_errors.QueueClosed: there is none such.
    """
    row = shelf.queue(queue_id)
    if row is None or row.account_id != account.account_id or row.name != account.name:
        raise desk_errors.QueueClosed
    return _queue(shelf, row)


def _queue(shelf: QueueShelf, row: QueueRow) -> Queue:
    latest = shelf.queue(row.queue_id) or row
    return Queue(latest, [read_scan(each) for each in shelf.scans(row.queue_id)], read_context(latest.context))
