"""What belongs to a committed batch beside its rows: acceptances, signatures and receipts, by holder."""

from collections.abc import Mapping, Sequence

import msgspec

from assettrack.domain.deeds import BatchRow, Signature
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.facts import Handover, ReceiptFact
from assettrack.domain.holders import is_name, normal_name
from assettrack.domain.receipts import Acknowledgement
from assettrack.services.acknowledgements import acknowledged
from assettrack.services.names import name_of
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.receipt_lines import HolderLines, handed_over
from assettrack.services.stored_entries import entry_at

HOLDERS_SHOWN = 50
"""So many holders of a batch are told of at a time."""

READ_MAX = 2_000
"""So many entries of a batch are read at most to tell who accepted it, where the batch does not say it itself."""


class HolderPapers(msgspec.Struct, frozen=True):
    """What belongs to a batch and one holder; ``has`` counts the assets that the holder has now.

    ``accepted`` says who accepted it, None where nobody did yet: of what a holder passed on it is who received it. In a
    batch that is too large to be read for it, the name is blank; receipts have it.
    """

    holder: str
    handover: Handover
    accepted: Acknowledgement | None
    receipts: Sequence[ReceiptFact]
    has: int

    @property
    def is_open(self) -> bool:
        """Whether an acceptance is asked for, and nobody gave it yet."""
        return self.handover.accepted_seq is None and bool(self.handover.asked)


class BatchPapers(msgspec.Struct, frozen=True):
    """What belongs to a batch: by holder, and what was drawn on a screen for these.

    ``holders`` are those asked for after the first ``skipped``, of ``total`` in all.
    """

    holders: Sequence[HolderPapers]
    signatures: Sequence[Signature]
    skipped: int
    total: int


def papers(workplace: Workplace, batch_id: int, *, skip: int = 0, holder_name: str = "") -> BatchPapers:
    """Return what belongs to a batch and some of its holders; nothing where there is no batch of this number.

    They are `HOLDERS_SHOWN` after the first ``skip`` (the last ones, where there are not so many), or those among whom
    the holder of a name is, if it is one of them.
    """
    clean = normal_name(holder_name)
    with workplace.store.read() as snapshot:
        batch = snapshot.batch(batch_id)
        every = [] if batch is None else list(snapshot.facts(Handover, batch_id))
        ids = [handover.holder_id for handover in every]
        named = snapshot.holders_named([clean]).named(clean) if is_name(clean) else None
        wanted = ids.index(named.holder_id) if named is not None and named.holder_id in ids else skip
        first = min(wanted, max(len(ids) - 1, 0)) // HOLDERS_SHOWN * HOLDERS_SHOWN
        shown = every[first : first + HOLDERS_SHOWN]
        exchanged = {} if batch is None else _exchanged(snapshot, batch, shown)
        zone = workplace.zone(snapshot.station().timezone)
        found = []
        for handover in shown:
            holder_id = handover.holder_id
            holder = snapshot.holder(holder_id)
            name = name_of("holder", {} if holder is None else {holder_id: holder.name}, holder_id)
            receipts = [fact for fact in snapshot.receipts_of(holder_id) if fact.batch_id == batch_id]
            own = None if exchanged is None else exchanged.get(holder_id, HolderLines(holder_id))
            accepted, _ = acknowledged(snapshot, zone, handover, own)
            found.append(HolderPapers(name, handover, accepted, receipts, len(snapshot.assets_of(holder_id))))
        accepted_seqs = sorted({handover.accepted_seq for handover in shown if handover.accepted_seq is not None})
        signatures = [signature for seq in accepted_seqs for signature in snapshot.signatures(seq)]
    return BatchPapers(found, signatures, first, len(every))


def _exchanged(snapshot: Snapshot, batch: BatchRow, shown: Sequence[Handover]) -> Mapping[int, HolderLines] | None:
    """Return what holders exchanged with a batch, where that tells who accepted it; None where it is too much."""
    accepted = entry_at(snapshot, batch.first_seq, BatchEntry).options.accepted
    with_batch = any(handover.accepted_seq == batch.first_seq for handover in shown)
    if not with_batch or (accepted is not None and accepted.by):
        return {}
    return handed_over(snapshot, batch) if batch.last_seq - batch.first_seq <= READ_MAX else None
