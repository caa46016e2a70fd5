"""The intake queue: each scan is understood, kept, and shown with what it will do, before anything is committed.

Owns how a scan is understood: a card, a case label, a slot label, a holder's name or an asset tag, in the context that
was set before. What is not clear is held and never guessed. Deciding and committing is `intake`.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from assettrack.domain import desk_errors
from assettrack.domain.desk_rows import QueueRow
from assettrack.domain.facts import Account
from assettrack.domain.findings import Finding
from assettrack.domain.plans import Change, Options, Plan, ShownPlan
from assettrack.domain.queued_scans import (
    Context,
    Held,
    QueuedBatch,
    QueuedScan,
    Repeated,
    RowMeant,
    Undone,
    read_context,
    read_scan,
    written_context,
    written_meant,
)
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TypedRow
from assettrack.domain.wedge import LENGTH_MAX, split_scans
from assettrack.services.desk_ports import QueueShelf
from assettrack.services.intake import CommitReceipt
from assettrack.services.intake import commit as commit_batch
from assettrack.services.intake import preview as preview_batch
from assettrack.services.ports import Workplace
from assettrack.services.scan_reading import ScanReader

SENT_AS_MAX = 64


class Queue(msgspec.Struct, frozen=True):
    """A queue as it is now: its scans in order, removed ones too, and the context of the next."""

    row: QueueRow
    scans: Sequence[QueuedScan]
    context: Context

    @property
    def last_number(self) -> int:
        """The number of the latest scan, 0 before the first."""
        return self.scans[-1].number if self.scans else 0

    def batch(self) -> QueuedBatch:
        """Return the queue's rows as a batch."""
        return QueuedBatch(self.row.queue_id, self.scans, self.row.name)


class Line(msgspec.Struct, frozen=True):
    """A scan with what it will do (None where it is no row, or can't be decided), and what is said about it."""

    scan: QueuedScan
    change: Change | None
    problems: Sequence[Finding]
    refusals: Sequence[Finding]
    notices: Sequence[Finding]

    @property
    def tag(self) -> str:
        """What the line is about: the row's own asset, or what was scanned where it is no row."""
        meant = self.scan.meant
        return meant.row.asset_tag if isinstance(meant, RowMeant) else self.scan.typed

    @property
    def colour(self) -> str:
        """``bad`` where it stops the batch, ``note`` where it is worth a look, else ``ok`` or ``plain`` for no row."""
        if self.problems or self.refusals:
            return "bad"
        if self.notices or isinstance(self.scan.meant, Repeated):
            return "note"
        return "ok" if isinstance(self.scan.meant, RowMeant) else "plain"


class Review(msgspec.Struct, frozen=True):
    """A queue with what each of its scans will do, and the plan of the batch it makes (None where it has no row)."""

    queue: Queue
    lines: Sequence[Line]
    plan: Plan | None


def current(workplace: Workplace, shelf: QueueShelf, account: Account) -> Queue:
    """Return the open queue of an account."""
    row = shelf.open_queue(account.account_id, account.name, utc_text(workplace.now()))
    return _queue(shelf, row)


def take(workplace: Workplace, shelf: QueueShelf, queue: Queue, raw: str, sent_as: str | None = None) -> list[int]:
    """Take in what a scanner typed, one scan or several; it is stored when this returns. Return the scans' numbers.

    ``sent_as`` is the name under which a browser sends it, the same each time it tries: it is taken in once.

    Raises:
        desk_errors.QueueClosed: the queue was committed or cleared meanwhile.
    """
    numbers: list[int] = []
    for order, part in enumerate(split_scans(raw)):
        with workplace.store.read() as snapshot:
            reader = ScanReader(snapshot, queue.scans, queue.context, read_gs1=workplace.read_gs1)
            taken, context = reader.understand(part)
        now = utc_text(workplace.now())
        kept = [(now, part[:LENGTH_MAX], written_meant(meant)) for meant in taken]
        name = None if sent_as is None else f"{sent_as[:SENT_AS_MAX]} {order}"
        fresh = shelf.add_scans(queue.row.queue_id, kept, written_context(context), name)
        if len(fresh) == len(kept) and fresh[0] > queue.last_number:
            undone = [meant.number for meant in taken if isinstance(meant, Undone) and meant.number is not None]
            shelf.remove_scans(queue.row.queue_id, undone, now)
        numbers += fresh
        queue = _queue(shelf, queue.row)
    return numbers


def set_context(shelf: QueueShelf, queue: Queue, context: Context) -> None:
    """Say by hand what the next scans mean.

    Raises:
        desk_errors.QueueClosed: the queue was committed or cleared meanwhile.
    """
    shelf.add_scans(queue.row.queue_id, [], written_context(context))


def change(shelf: QueueShelf, queue: Queue, number: int, row: TypedRow) -> bool:
    """Let a scan be another row; return False where there is no such scan any more."""
    return shelf.change_scan(queue.row.queue_id, number, written_meant(RowMeant(row)))


def remove(workplace: Workplace, shelf: QueueShelf, queue: Queue, numbers: Sequence[int]) -> str:
    """Take scans out of the queue; return the moment by which they can be brought back.

    A scan that repeated one of them stands for it from then on: what was scanned twice and removed once is there.
    """
    now = utc_text(workplace.now())
    shelf.remove_scans(queue.row.queue_id, numbers, now)
    rows = {
        scan.number: scan.meant for scan in queue.scans if scan.number in numbers and isinstance(scan.meant, RowMeant)
    }
    for scan in queue.scans:
        repeats = scan.meant.number if isinstance(scan.meant, Repeated) else None
        if repeats in rows and scan.number not in numbers and not scan.removed:
            shelf.change_scan(queue.row.queue_id, scan.number, written_meant(rows.pop(repeats)))
    return now


def bring_back(shelf: QueueShelf, queue: Queue, removed_at: str) -> int:
    """Bring back what was removed at a moment; return how many scans."""
    return shelf.restore_scans(queue.row.queue_id, removed_at)


def clear(workplace: Workplace, shelf: QueueShelf, queue: Queue) -> None:
    """Close a queue without committing it; its scans are kept at the desk, and a new queue begins."""
    shelf.close_queue(queue.row.queue_id, utc_text(workplace.now()), None)


def review(workplace: Workplace, shelf: QueueShelf, queue: Queue, *, shown: bool = False) -> Review:
    """Return what each scan will do. ``shown`` keeps the plan, because its confirm code is about to be shown.

    A queue whose rows are all in the log already, because an answer was lost, is closed as the batch it became.
    """
    batch = queue.batch()
    plan = None
    if batch.queued or batch.held:
        at = workplace if shown else msgspec.structs.replace(workplace, plans=NoShelf())
        plan = preview_batch(at, batch, queue.context.options)
        if plan.already_committed:
            shelf.close_queue(queue.row.queue_id, utc_text(workplace.now()), plan.recorded_in[-1])
    return Review(queue, list(_lines(queue, batch, plan)), plan)


def commit(workplace: Workplace, shelf: QueueShelf, queue: Queue, confirm: str) -> CommitReceipt:
    """Commit the queue as one batch: exactly what was shown with the code, or nothing.

    Asked again, it answers the same: the rows are known by then.

    Raises:
        errors.AssetTrackError: as `intake.commit`.
    """
    batch = queue.batch()
    if not batch.queued and not batch.held:
        raise desk_errors.QueueClosed
    receipt = commit_batch(workplace, batch, f"queue {queue.row.queue_id}", queue.context.options, confirm=confirm)
    shelf.close_queue(queue.row.queue_id, utc_text(workplace.now()), receipt.batch_id)
    return receipt


def numbered(shelf: QueueShelf, queue_id: int, account: Account) -> Queue:
    """Return a queue of an account, open or not.

    Raises:
        desk_errors.QueueClosed: there is none such.
    """
    row = shelf.queue(queue_id)
    if row is None or row.account_id != account.account_id or row.name != account.name:
        raise desk_errors.QueueClosed
    return _queue(shelf, row)


class NoShelf:
    """Keeps no plan: what is shown while scanning can't be confirmed."""

    def keep(self, code: str, source_sha256: str, options: Options, blocks: Iterable[bytes]) -> None:
        """Keep nothing."""

    def find(self, code: str) -> ShownPlan | None:  # noqa: ARG002 - the shelf's signature
        """Know nothing."""
        return None


def _queue(shelf: QueueShelf, row: QueueRow) -> Queue:
    latest = shelf.queue(row.queue_id) or row
    return Queue(latest, [read_scan(each) for each in shelf.scans(row.queue_id)], read_context(latest.context))


def _lines(queue: Queue, batch: QueuedBatch, plan: Plan | None) -> Iterator[Line]:
    """Yield each scan with what the plan says of it."""
    rows = {number: row for row, number in enumerate(batch.numbers, 1)}
    changes = {} if plan is None else {change.row_number: change for change in plan.changes}
    said: dict[str, dict[int, list[Finding]]] = {}
    for kind in ("problems", "refusals", "notices"):
        by_row = said.setdefault(kind, {})
        for found in [] if plan is None else getattr(plan, kind):
            if found.row_number is not None:
                by_row.setdefault(found.row_number, []).append(found)
    for scan in queue.scans:
        row = rows.get(scan.number, 0)
        held = [scan.meant.finding] if isinstance(scan.meant, Held) and not scan.removed else []
        yield Line(
            scan,
            changes.get(row),
            [*held, *said["problems"].get(row, [])],
            said["refusals"].get(row, []),
            said["notices"].get(row, []),
        )
