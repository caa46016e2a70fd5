"""Entries that can be corrected, as they stand up to now: what somebody looks at before a correction.

Owns which entry of a chain of corrections is the one that counts. What may be corrected, and what a correction does,
is `corrections` and `acceptance_corrections`. Writes nothing.
"""

from collections.abc import Container, Mapping, Sequence

import msgspec

from assettrack.domain import errors
from assettrack.domain.audit_log import AnyEntry, event_type
from assettrack.domain.correction_histories import Histories, not_correctable
from assettrack.domain.corrections import CORRECTABLE, DUE
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.custody import AcceptanceEntry, CorrectionEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.facts import Correction, Handover
from assettrack.domain.scans import GIVING
from assettrack.services.acceptance_corrections import superseded as superseded_acceptances
from assettrack.services.corrections import refusals_raised
from assettrack.services.exchanges import StoredExchanges
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.stored_entries import decoded_body, entry_at


class Standing(msgspec.Struct, frozen=True):
    """What an entry states, as it stands up to now with all its corrections.

    ``seq`` is the entry that was asked for, ``corrected_by`` the one that supersedes it (None: none does) and
    ``latest`` the one that counts: only that can be corrected. ``kind`` is the event of the row, or ACCEPTANCE;
    ``cells`` holds what can be corrected by field, in normal form. A row has an asset, an acceptance a holder.
    ``holder_id`` is the number of the holder to whom a row gives the asset, None where it gives it to nobody.
    """

    seq: int
    latest: int
    corrected_by: int | None
    kind: str
    batch_id: int
    entry: AnyEntry
    cells: Mapping[str, str]
    asset_tag: str | None = None
    holder: str | None = None
    holder_id: int | None = None


def standing(workplace: Workplace, seq: int) -> Standing:
    """Return what an entry states up to now.

    Raises:
        errors.NotFound: there is no such entry.
        errors.DeedRefused: it is of a kind that can't be corrected.
        station_errors.DatabaseDamaged: the history that it belongs to can't be read.
    """
    with workplace.store.read() as snapshot, refusals_raised():
        body = snapshot.histories.body_of(seq) if 1 <= seq <= snapshot.log_size else None
        if body is None:
            raise errors.NotFound("entry", str(seq))
        entry = decoded_body(body, f"entry {seq}")
        if isinstance(entry, AcceptanceEntry):
            return _of_acceptance(snapshot, entry)
        if isinstance(entry, RowEntry | CorrectionEntry):
            return _of_row(snapshot, entry)
        raise not_correctable(entry)


def may_be_corrected(entry: AnyEntry, corrected: Container[int]) -> bool:
    """Tell whether an entry can be corrected; ``corrected`` are those that were corrected already."""
    return isinstance(entry, RowEntry | CorrectionEntry | AcceptanceEntry) and entry.seq not in corrected


def entries_since(workplace: Workplace, asset_tag: str, size: int) -> Sequence[AnyEntry]:
    """Return the entries about an asset that came into the log after its first ``size``, in its order."""
    with workplace.store.read() as snapshot:
        entries = [decoded_body(body) for body in snapshot.bodies_about(asset_tag)]
    return [entry for entry in entries if entry.seq > size]


def _of_row(snapshot: Snapshot, entry: AnyEntry) -> Standing:
    assert isinstance(entry, RowEntry | CorrectionEntry), "it was asked for such an entry"
    latest = _latest(entry.seq, snapshot.histories.corrections_of(entry.asset_tag))
    step, _ = Histories(snapshot, StoredExchanges(snapshot), snapshot.log_size + 1).corrected_row(latest)
    assert isinstance(step.entry, RowEntry), "a row has its entry"
    cells = {field: value for field, value in step.cells.items() if field in CORRECTABLE}
    if step.event_type not in GIVING:
        del cells[DUE]
    return Standing(
        seq=entry.seq,
        latest=latest,
        corrected_by=snapshot.histories.superseded([entry.seq]).get(entry.seq),
        kind=event_type(step.entry),
        batch_id=step.entry.batch_id,
        entry=entry,
        cells=cells,
        asset_tag=entry.asset_tag,
        holder_id=step.holder_id,
    )


def _latest(seq: int, corrections: Sequence[Correction]) -> int:
    """Return the last entry of the chain in which each corrects the one before it.

    Raises:
        NotAnEntry: one of them corrects an entry that is not before it.
    """
    by = {correction.corrected_seq: correction.seq for correction in corrections}
    while seq in by:
        if by[seq] <= seq:
            raise NotAnEntry(f"entry {by[seq]} corrects one that is not before it")
        seq = by[seq]
    return seq


def _of_acceptance(snapshot: Snapshot, entry: AcceptanceEntry) -> Standing:
    handover = snapshot.fact(Handover, entry.batch_id, entry.holder_id)
    if handover is None or handover.accepted_seq is None:
        raise NotAnEntry(f"entry {entry.seq} accepts what nobody handed over")
    corrected_by, counts = superseded_acceptances(snapshot, [entry]), entry
    by_entry = corrected_by
    while by_entry:
        counts = entry_at(snapshot, by_entry[counts.seq], AcceptanceEntry)
        by_entry = superseded_acceptances(snapshot, [counts])
    return Standing(
        seq=entry.seq,
        latest=counts.seq,
        corrected_by=corrected_by.get(entry.seq),
        kind="ACCEPTANCE",
        batch_id=entry.batch_id,
        entry=entry,
        cells={"how": counts.how, "by": counts.accepted_by, "at": counts.accepted_at},
        holder=entry.name,
    )
