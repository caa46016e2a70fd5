"""The code with which a batch was confirmed, made again from what the log says of it.

Owns the proof that a batch is what somebody confirmed: nothing but its entries is needed, however long ago it was shown
and whatever became of the plan that was kept then. Writes nothing.
"""

from collections.abc import Iterator, Sequence
from typing import Literal

from assettrack.domain import station_errors
from assettrack.domain.desk_errors import CommittedBatchGone, CommittedOtherwise
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.people import HolderEntry
from assettrack.domain.entries.rows import BatchEntry, RowEntry, scan_of
from assettrack.domain.option_wording import differing
from assettrack.domain.plans import Change, Options, Plan, read_code
from assettrack.domain.scans import Scan, timeless_identity
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.stored_entries import decoded, entry_at, not_what_it_should_be, records_between


def is_committed_with(workplace: Workplace, batch_id: int, confirm: str) -> bool:
    """Tell whether a batch is exactly what was shown with a code, as it was typed.

    Rows that took place when they were committed were shown without their time, and the log does not say whether they
    did: the code is looked for either way.

    Raises:
        station_errors.DatabaseDamaged: an entry of the batch is gone, or is another.
    """
    code = read_code(confirm)
    if code is None:
        return False
    with workplace.store.read() as snapshot:
        batch = stated(snapshot, batch_id)
        scans, changes = _rows(snapshot, batch)
    identities = ([scan.identity for scan in scans], list(map(timeless_identity, scans)))
    return any(Plan(batch.options, identities=each, changes=changes).confirm_code == code for each in identities)


def require_committed_with(
    workplace: Workplace,
    batch_id: int,
    confirm: str,
    what: Literal["queue", "list", "file"],
    *,
    shown: Options | None = None,
) -> None:
    """Make sure that the batch which something became is what was shown of it with a code.

    ``shown`` are the options with which it was shown, where they are known: what differs of them is said.

    Raises:
        CommittedOtherwise: it is not.
        CommittedBatchGone: an older state of the database was put back, and the batch is not in it.
    """
    with workplace.store.read() as snapshot:
        batch = None if snapshot.batch(batch_id) is None else stated(snapshot, batch_id)
    if batch is None:
        raise CommittedBatchGone(what, batch_id)
    if not is_committed_with(workplace, batch_id, confirm):
        others = [] if shown is None else differing(batch.options, shown)
        raise CommittedOtherwise(what, batch_id, batch.operator, others)


def stated(snapshot: Snapshot, batch_id: int) -> BatchEntry:
    """Return what a batch states of itself.

    Raises:
        station_errors.DatabaseDamaged: there is no such batch, or its entry is another.
    """
    batch = snapshot.batch(batch_id)
    if batch is None:
        raise station_errors.DatabaseDamaged(f"batch {batch_id} is gone")
    return entry_at(snapshot, batch.first_seq, BatchEntry)


def _rows(snapshot: Snapshot, batch: BatchEntry) -> tuple[Sequence[Scan], list[Change]]:
    """Return the scans of a batch and what they changed, as both were decided."""
    first_row = batch.seq + 1 + batch.new_holders
    new = {holder.holder_id for holder in _new_holders(snapshot, batch)}
    scans, changes = [], []
    for record in records_between(snapshot, first_row, first_row + batch.rows - 1):
        entry = decoded(record)
        if not isinstance(entry, RowEntry):
            raise not_what_it_should_be(record.seq)
        try:
            scans.append(scan_of(entry))
        except NotAnEntry as error:
            raise station_errors.DatabaseDamaged(f"entry {record.seq} of the log can't be read ({error})") from error
        changes.append(_change(entry, scans[-1], new))
    return scans, changes


def _new_holders(snapshot: Snapshot, batch: BatchEntry) -> Iterator[HolderEntry]:
    for seq in range(batch.seq + 1, batch.seq + 1 + batch.new_holders):
        yield entry_at(snapshot, seq, HolderEntry)


def _change(entry: RowEntry, scan: Scan, new: set[int]) -> Change:
    """Return what a row was decided to do; a holder whom its own batch registered had no number yet."""
    before, after = entry.before, entry.after
    given_to = None
    if after.holder is not None and (before is None or before.holder != after.holder):
        given_to = 0 if entry.holder_id in new else entry.holder_id
    is_late = entry.late_reason is not None
    return Change(entry.row_number, entry.asset_tag, scan.event_type, before, after, is_late, given_to)
