"""The deed of a batch: how decided rows become entries, and the state they lead to.

Owns the order in which a batch stands in the log: its facts, its new holders, its rows.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Literal

import msgspec

from assettrack.domain.audit_log import encode_body
from assettrack.domain.deeds import BatchRow, Deed, HolderIds, Record, Signature, Signoff, signed_by, touching
from assettrack.domain.entries.people import HolderEntry
from assettrack.domain.entries.rows import ROW_ENTRIES, BatchEntry
from assettrack.domain.facts import Fact, Handover, SignatureHash
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Custody, Inventory
from assettrack.domain.plans import Change, Options, Plan
from assettrack.domain.scans import Scan
from assettrack.domain.signatures import Drawing, signature_hashes
from assettrack.domain.tags import OUT, OUT_WORD, Place


class BatchFacts(msgspec.Struct, frozen=True):
    """What is known of a batch beside its plan: its number, the file it came from, and what was drawn for it."""

    batch_id: int
    source_name: str
    source_sha256: str
    drawings: Sequence[Drawing] = ()


def commit_batch(plan: Plan, inventory: Inventory, facts: BatchFacts, seq: int, signoff: Signoff) -> Deed:
    """Record a batch: its facts, its new holders, its rows. ``inventory`` is the state after the plan."""
    new_holders = inventory.holders.new_holders
    first_row = seq + 1 + len(new_holders)
    handovers = Handovers(inventory)
    handovers.add(plan.changes, first_row)
    records = chain(
        [batch_record(plan.options, facts, (len(plan.changes), len(new_holders)), seq, signoff)],
        (holder_record(holder, seq + i, signoff, facts.batch_id) for i, holder in enumerate(new_holders, 1)),
        row_records(plan, inventory, facts.batch_id, first_row),
    )
    led_to: list[Fact] = [*handovers.facts(facts.batch_id, plan.options, seq), *signatures_of(plan.options, seq)]
    deed = touching(records, dict.fromkeys(change.asset_tag for change in plan.changes), inventory, led_to)
    batch = BatchRow(facts.batch_id, seq, first_row + len(plan.changes) - 1)
    kept = tuple(Signature(seq, name, strokes) for name, strokes in facts.drawings)
    return msgspec.structs.replace(deed, holders=tuple(new_holders), batch=batch, kept=kept)


def signatures_of(options: Options, seq: int) -> Iterable[SignatureHash]:
    """Yield one fact for each signature that a batch brings with it; ``seq`` is its first entry."""
    return () if options.accepted is None else signature_hashes(seq, options.accepted.signatures)


class Handovers:
    """With whom a batch exchanges assets, and by which entry each asset came to the holder it has.

    Keeps the inventory's ``custody`` as it is after the rows added so far.
    """

    def __init__(self, inventory: Inventory) -> None:
        self._custody = inventory.custody
        self._asked = int(inventory.acceptance != "off")
        self._ids = HolderIds(inventory)
        self._holders: dict[str, None] = {}

    def add(self, changes: Iterable[Change], first_seq: int) -> None:
        """Take note of the next rows; their entries are numbered from ``first_seq`` on."""
        custody, holders = self._custody, self._holders
        for seq, change in enumerate(changes, first_seq):
            before, holder = change.before, change.after.holder
            earlier = None if before is None else before.holder
            if holder == earlier:
                continue
            if earlier is not None:
                holders[earlier] = None
            if holder is None:
                del custody[change.asset_tag]
                continue
            holders[holder] = None
            if earlier is not None:
                custody[change.asset_tag] = Custody(seq, custody[change.asset_tag].home)
            else:
                assert before is not None, "only an asset that exists is given to a holder"
                home = None if before.case_name is None else (before.case_name, before.slot_position or 0)
                custody[change.asset_tag] = Custody(seq, home)

    def facts(self, batch_id: int, options: Options, seq: int) -> list[Handover]:
        """Return one fact for each holder concerned: accepted by the batch's own entry ``seq``, or still open."""
        accepted = seq if options.accepted is not None else None
        return [Handover(batch_id, self._ids[name], accepted, self._asked) for name in self._holders]


def batch_record(options: Options, facts: BatchFacts, followers: tuple[int, int], seq: int, signoff: Signoff) -> Record:
    """Return the entry that states a batch's facts; ``followers`` are the numbers of its rows and new holders."""
    entry = BatchEntry(
        seq,
        batch_id=facts.batch_id,
        rows=followers[0],
        source_name=facts.source_name,
        source_sha256=facts.source_sha256,
        new_holders=followers[1],
        options=options,
        **signed_by(signoff),
    )
    return Record(seq, facts.batch_id, None, None, encode_body(entry))


def holder_record(holder: Holder, seq: int, signoff: Signoff, batch_id: int | None) -> Record:
    """Return the entry of a holder who was registered, by a batch where ``batch_id`` is given."""
    entry = HolderEntry(seq, holder_id=holder.holder_id, name=holder.name, batch_id=batch_id, **signed_by(signoff))
    return Record(seq, batch_id, None, None, encode_body(entry))


def row_records(plan: Plan, inventory: Inventory, batch_id: int, first_seq: int) -> Iterator[Record]:
    """Yield the entries of a plan's rows; every holder they name must be known to the inventory."""
    holder_ids = HolderIds(inventory)
    late_reason = plan.options.late_reason
    for seq, (scan, change) in enumerate(zip(plan.scans, plan.changes, strict=True), first_seq):
        body = _row_body(scan, change, (seq, batch_id), holder_ids, late_reason if change.late else None)
        yield Record(seq, batch_id, scan.asset_tag, scan.identity, body)


def _row_body(
    scan: Scan, change: Change, numbers: tuple[int, int], holder_ids: "HolderIds", late_reason: str | None
) -> bytes:
    case, slot = _scanned_place(scan.place)
    before, after = change.before, change.after
    name = after.holder or (before.holder if before is not None else None)
    entry = ROW_ENTRIES[scan.event_type](
        numbers[0], numbers[1], scan.row_number, scan.asset_tag, scan.received, scan.occurred_at, scan.operator_id,
        before, after, scan.issued_to_name, case, slot, scan.building_room, scan.equipment_type, scan.serial_number,
        scan.manufacturer, scan.model, scan.model_code, scan.notes, scan.ordinal,
        None if name is None else holder_ids[name], late_reason, _from_holder_id(change, holder_ids),
    )  # fmt: skip
    return encode_body(entry)


def _from_holder_id(change: Change, holder_ids: HolderIds) -> int | None:
    """Return the number of the holder from whom another holder has the asset now, or None."""
    if change.event_type != "TRANSFER" or change.before is None or change.before.holder is None:
        return None
    return holder_ids[change.before.holder]


def _scanned_place(place: Place | None) -> tuple[str, int | Literal["", "OUT"]]:
    if place is None:
        return "", ""
    return (OUT_WORD, OUT_WORD) if place == OUT else place
