"""What belongs to a committed batch beside its rows: acceptances, signatures and receipts, by holder."""

from collections.abc import Sequence

import msgspec

from assettrack.domain.deeds import Signature
from assettrack.domain.facts import Handover, ReceiptFact
from assettrack.domain.receipts import Acknowledgement
from assettrack.services.acknowledgements import acknowledged
from assettrack.services.names import name_of
from assettrack.services.ports import Workplace
from assettrack.services.receipt_lines import HolderLines, handed_over


class HolderPapers(msgspec.Struct, frozen=True):
    """What belongs to a batch and one holder; ``has`` counts the assets that the holder has now.

    ``accepted`` says who accepted it, None where nobody did yet: of what a holder passed on it is who received it.
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
    """What belongs to a batch: by holder, and everything that was drawn on a screen for it."""

    holders: Sequence[HolderPapers]
    signatures: Sequence[Signature]


def papers(workplace: Workplace, batch_id: int) -> BatchPapers:
    """Return what belongs to a batch; nothing where there is none of this number."""
    with workplace.store.read() as snapshot:
        found = []
        batch = snapshot.batch(batch_id)
        zone = workplace.zone(snapshot.station().timezone)
        exchanged = {} if batch is None else handed_over(snapshot, batch)
        handovers = list(snapshot.facts(Handover, batch_id))
        for handover in handovers:
            holder_id = handover.holder_id
            holder = snapshot.holder(holder_id)
            name = name_of("holder", {} if holder is None else {holder_id: holder.name}, holder_id)
            receipts = [fact for fact in snapshot.receipts_of(holder_id) if fact.batch_id == batch_id]
            own = exchanged.get(holder_id, HolderLines(holder_id))
            accepted, _ = acknowledged(snapshot, zone, handover, own)
            found.append(HolderPapers(name, handover, accepted, receipts, len(snapshot.assets_of(holder_id))))
        accepted_seqs = sorted({handover.accepted_seq for handover in handovers if handover.accepted_seq is not None})
        signatures = [signature for seq in accepted_seqs for signature in snapshot.signatures(seq)]
    return BatchPapers(found, signatures)
