"""A batch that was committed: its entries, its holders and the checkpoint that covers it."""

from collections.abc import Sequence

import msgspec

from assettrack.domain import errors
from assettrack.domain.entries.people import HolderEntry
from assettrack.domain.entries.rows import BatchEntry, RowEntry
from assettrack.domain.facts import Handover
from assettrack.services import batch_acceptors
from assettrack.services.ports import Workplace
from assettrack.services.stored_entries import decoded, entry_at, records_between

ROWS_SHOWN = 500
"""So many rows of a batch are read to be shown; the log has all of them."""


class CommittedBatch(msgspec.Struct, frozen=True):
    """A batch as it stands in the log: what it states of itself, its first rows, and whom it exchanged assets with.

    ``acceptors`` are all who accepted it with the batch, by name; nobody where it was open then.
    """

    facts: BatchEntry
    first_seq: int
    last_seq: int
    rows: Sequence[RowEntry]
    handovers: Sequence[tuple[Handover, str]]
    new_holders: Sequence[str]
    acceptors: Sequence[str]
    checkpoint: str


def batch(workplace: Workplace, batch_id: int) -> CommittedBatch:
    """Return a batch.

    Raises:
        errors.NotFound: there is none of this number.
        station_errors.DatabaseDamaged: an entry of it is gone.
    """
    with workplace.store.read() as snapshot:
        found = snapshot.batch(batch_id)
        if found is None:
            raise errors.NotFound("batch", str(batch_id))
        facts = entry_at(snapshot, found.first_seq, BatchEntry)
        last = min(found.last_seq, found.first_seq + facts.new_holders + ROWS_SHOWN)
        entries = [decoded(record) for record in records_between(snapshot, found.first_seq, last)]
        rows = [entry for entry in entries if isinstance(entry, RowEntry)]
        registered = [entry.name for entry in entries if isinstance(entry, HolderEntry)]
        handovers = []
        for handover in snapshot.facts(Handover, batch_id):
            holder = snapshot.holder(handover.holder_id)
            handovers.append((handover, "" if holder is None else holder.name))
        names = {handover.holder_id: name for handover, name in handovers}
        acceptors = batch_acceptors.of_batch(snapshot, found, facts, names)
        return CommittedBatch(
            facts, found.first_seq, found.last_seq, rows, handovers, registered, acceptors,
            snapshot.checkpoint_at_least(found.last_seq) or "",
        )  # fmt: skip
