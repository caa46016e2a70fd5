"""What belongs to a committed batch beside its rows: acceptances, signatures and receipts, by holder."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

import msgspec

from assettrack.domain import station_deeds
from assettrack.domain.accepted_rows import AddedRow, Redated
from assettrack.domain.corrected_rows import said_now
from assettrack.domain.deeds import BatchRow, Signature
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.rows import BatchEntry, RowEntry
from assettrack.domain.facts import Handover, ReceiptFact
from assettrack.domain.holders import is_name, normal_name
from assettrack.domain.plans import Options
from assettrack.domain.receipts import Acknowledgement
from assettrack.services.acknowledgements import acknowledged
from assettrack.services.corrections import refusals_raised, superseded
from assettrack.services.names import name_of
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.receipt_lines import HolderLines, handed_over
from assettrack.services.signed_lists import SignedList, SignedLists, is_read_whole
from assettrack.services.stored_entries import entry_at
from assettrack.services.unaccepted import unaccepted

HOLDERS_SHOWN = 50
"""So many holders of a batch are told of at a time."""


class CorrectedRow(NamedTuple):
    """The latest correction of a row, and what counts by it instead, by column; nothing where all is as it was."""

    by_seq: int
    changed: Mapping[str, str]


class HolderPapers(msgspec.Struct, frozen=True):
    """What belongs to a batch and one holder, by present name; ``has`` counts the assets that the holder has now.

    ``accepted`` says who accepted it, None where nobody did yet: of what a holder passed on it is who received it. In a
    batch that is too large to be read for it, the name is blank; receipts have it. ``later`` says the same of what
    corrections added after that. ``asked`` is what whoever accepts it now signs for, None where nobody is asked to;
    where the rest was accepted before, ``added`` names the assets, and ``redated`` those of them of which only the due
    date was corrected since.
    """

    holder: str
    handover: Handover
    accepted: Acknowledgement | None
    receipts: Sequence[ReceiptFact]
    has: int
    asked: SignedList | None
    later: Sequence[Acknowledgement] = ()
    added: Sequence[str] = ()
    redated: Mapping[str, Redated] = MappingProxyType({})

    @property
    def is_open(self) -> bool:
        """Whether an acceptance is asked for, and nobody gave it yet."""
        return self.asked is not None


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
        named = snapshot.holder_called(clean) if is_name(clean) else None
        wanted = ids.index(named.holder_id) if named is not None and named.holder_id in ids else skip
        first = min(wanted, max(len(ids) - 1, 0)) // HOLDERS_SHOWN * HOLDERS_SHOWN
        shown = every[first : first + HOLDERS_SHOWN]
        accepted_seqs = set[int]()
        found = [] if batch is None else _of_holders(workplace, (snapshot, accepted_seqs), batch, shown)
        signatures = [signature for seq in sorted(accepted_seqs) for signature in snapshot.signatures(seq)]
    return BatchPapers(found, signatures, first, len(every))


def added_to(workplace: Workplace, batch_id: int) -> dict[int, list[str]]:
    """Return by holder the assets that corrections added to what was accepted of a batch, and that nobody accepted.

    Nothing where the station wants no acceptances.
    """
    with workplace.store.read() as snapshot:
        return {holder_id: _split(rows)[0] for holder_id, rows in _added_to(snapshot, batch_id).items()}


def corrected_rows(workplace: Workplace, rows: Sequence[RowEntry], options: Options) -> dict[int, CorrectedRow]:
    """Return those of some rows that were corrected, each with the latest correction; ``options`` are of their batch.

    Raises:
        station_errors.DatabaseDamaged: a correction is gone, or is another entry.
    """
    with workplace.store.read() as snapshot, refusals_raised():
        chains: dict[int, list[int]] = {}
        newer = superseded(snapshot, (row.seq for row in rows))
        first_of = {seq: seq for seq in newer}
        while newer:
            for seq, by in newer.items():
                first_of[by] = first_of[seq]
                chains.setdefault(first_of[seq], []).append(by)
            newer = superseded(snapshot, newer.values())
        by_seq = {row.seq: row for row in rows}
        return {seq: _corrected(snapshot, by_seq[seq], chain, options) for seq, chain in chains.items()}


def _corrected(snapshot: Snapshot, row: RowEntry, chain: Sequence[int], options: Options) -> CorrectedRow:
    changed, holder_id = said_now(row, [entry_at(snapshot, seq, CorrectionEntry) for seq in chain], options)
    if "issued_to_name" in changed and holder_id is not None:
        holder = snapshot.holder(holder_id)
        assert holder is not None, "the database keeps whom an entry names"
        changed["issued_to_name"] = holder.name
    return CorrectedRow(chain[-1], changed)


def _of_holders(
    workplace: Workplace, read: tuple[Snapshot, set[int]], batch: BatchRow, shown: Sequence[Handover]
) -> list[HolderPapers]:
    """Return what belongs to the batch and each of some holders; add the entries that accept it to those read."""
    snapshot, accepted_seqs = read
    zone = workplace.zone(snapshot.station().timezone)
    exchanged = _exchanged(snapshot, batch, shown)
    added = _added_to(snapshot, batch.batch_id)
    wanted = [each.holder_id for each in shown if each.holder_id in added or _is_open(each)]
    lists = SignedLists(snapshot, batch) if wanted else None
    found = []
    for handover in shown:
        holder_id = handover.holder_id
        holder = snapshot.holder(holder_id)
        name = name_of("holder", {} if holder is None else {holder_id: holder.name}, holder_id)
        receipts = [fact for fact in snapshot.receipts_of(holder_id) if fact.batch_id == batch.batch_id]
        own = None if exchanged is None else exchanged.get(holder_id, HolderLines(holder_id))
        said = acknowledged(snapshot, zone, handover, own)
        accepted_seqs.update(said.seqs)
        first, *later = said.given or (None,)
        asked = lists.of(holder_id) if lists is not None and holder_id in wanted else None
        has = len(snapshot.assets_of(holder_id))
        more, redated = _split(added.get(holder_id, ()))
        found.append(HolderPapers(name, handover, first, receipts, has, asked, later, more, redated))
    return found


def _added_to(snapshot: Snapshot, batch_id: int) -> dict[int, Sequence[AddedRow]]:
    if station_deeds.acceptance_rule(snapshot) == "off":
        return {}
    return {key[1]: rows for key, rows in unaccepted(snapshot).items() if key[0] == batch_id}


def _split(rows: Sequence[AddedRow]) -> tuple[list[str], dict[str, Redated]]:
    """Return the assets that nobody accepted, and those of them that were accepted until another day."""
    redated = {row.asset_tag: row.redated for row in rows if row.redated is not None}
    return list(dict.fromkeys(row.asset_tag for row in rows)), redated


def _is_open(handover: Handover) -> bool:
    return handover.accepted_seq is None and bool(handover.asked)


def _exchanged(snapshot: Snapshot, batch: BatchRow, shown: Sequence[Handover]) -> Mapping[int, HolderLines] | None:
    """Return what holders exchanged with a batch, where that tells who accepted it; None where it is too much."""
    accepted = entry_at(snapshot, batch.first_seq, BatchEntry).options.accepted
    is_accepted = any(handover.accepted_seq is not None for handover in shown)
    if accepted is None or accepted.by or not is_accepted:
        return {}
    return handed_over(snapshot, batch) if is_read_whole(batch) else None
