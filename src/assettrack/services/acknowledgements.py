"""Who accepted what a batch exchanged with a holder, and how: what receipts and pages say alike.

Owns that one answer. Must never take the holder of whom something was taken for the one who accepted. Writes nothing.
"""

from datetime import tzinfo

from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, AcceptanceEntry
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.facts import Handover
from assettrack.domain.receipts import Acknowledgement
from assettrack.domain.timestamps import local_text
from assettrack.services.ports import Snapshot
from assettrack.services.receipt_lines import HolderLines, usual_acceptors
from assettrack.services.stored_entries import entry_at, not_what_it_should_be


def acknowledged(
    snapshot: Snapshot, zone: tzinfo, handover: Handover, own: HolderLines | None
) -> tuple[Acknowledgement | None, list[str]]:
    """Return who accepted what was handed over, or None while that is open; and a note where that was corrected.

    Where the batch itself says that it was accepted, and not by whom: the holder who was given something accepted it,
    what a holder passed on was accepted by who received it, and what was only taken back by who committed it. What
    was recorded then counts: a correction made later does not change who signed. Where what was exchanged (``own``) was
    not read, that name is blank. ``zone`` is the station's.

    Raises:
        station_errors.DatabaseDamaged: the entry is gone, or is another.
    """
    if handover.accepted_seq is None:
        return None, []
    notes = []
    entry = entry_at(snapshot, handover.accepted_seq, DeedEntry)
    if isinstance(entry, AcceptanceEntry):
        by, how, at = entry.accepted_by, entry.how, entry.accepted_at
        if isinstance(entry, AcceptanceCorrectionEntry):
            notes.append(f"acceptance of entry {entry.corrects} was corrected by entry {entry.seq}")
    elif isinstance(entry, BatchEntry) and (accepted := entry.options.accepted) is not None:
        by = accepted.by or ("" if own is None else _usual(snapshot, own, handover.holder_id) or entry.operator)
        how, at = accepted.how, entry.recorded_at
    else:
        raise not_what_it_should_be(handover.accepted_seq)
    return Acknowledgement(by, how, at, local_text(at, zone)), notes


def _usual(snapshot: Snapshot, own: HolderLines, holder_id: int) -> str:
    return ", ".join(usual_acceptors(snapshot, own.recorded, holder_id))
