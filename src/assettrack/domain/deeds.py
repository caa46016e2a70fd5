"""A deed: what is written when something decided takes effect, entries and state together.

Owns how a decided change becomes log entries and the final state of what it touched. A store
saves a deed whole; the replay makes each deed again and compares. Nothing else makes entries.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal, NamedTuple

import msgspec

from assettrack.domain.audit_log import (
    ROW_ENTRIES,
    AssignEntry,
    BatchEntry,
    CaseEntry,
    HolderEntry,
    MoveEntry,
    SlotEntry,
    StationEntry,
    VacateEntry,
    encode_body,
)
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset, Inventory, SlotKey
from assettrack.domain.plans import Change, Options, Plan
from assettrack.domain.scans import Scan
from assettrack.domain.slots import Move
from assettrack.domain.tags import OUT, OUT_WORD, Place

SLOT_ENTRIES: dict[str, type[SlotEntry]] = {
    "SLOT_ASSIGN": AssignEntry,
    "SLOT_MOVE": MoveEntry,
    "SLOT_VACATE": VacateEntry,
}


class Signoff(msgspec.Struct, frozen=True):
    """Who does a deed, when by the station's clock (UTC text), and with which version of the program."""

    operator: str
    recorded_at: str
    version: str


class Record(NamedTuple):
    """An entry as it is stored: its body and what it is found by."""

    seq: int
    batch_id: int | None
    asset_tag: str | None
    identity: bytes | None
    body: bytes


class BatchFacts(msgspec.Struct, frozen=True):
    """What is known of a batch beside its plan: its number and the file it came from."""

    batch_id: int
    source_name: str
    source_sha256: str


class Station(msgspec.Struct, frozen=True):
    """A station's own facts: name, IANA zone, and public key (hex, 32 bytes)."""

    station: str
    timezone: str
    public_key: str


class AssetRow(NamedTuple):
    """The final state of an asset that a deed touched, and the UTC text of its latest entry."""

    asset_tag: str
    asset: Asset
    holder_id: int | None
    latest: str


class BatchRow(NamedTuple):
    """Where a batch stands in the log; both ends included."""

    batch_id: int
    first_seq: int
    last_seq: int


class Deed(msgspec.Struct, frozen=True):
    """Everything one deed writes. ``records``, in the order of the log, and ``assets`` can be taken once.

    Slots are emptied before assets change and filled after it, so that no order of rows ever
    meets a slot that is still taken.
    """

    records: Iterator[Record]
    station: Station | None = None
    cases: tuple[tuple[str, int], ...] = ()
    holders: tuple[Holder, ...] = ()
    vacated: tuple[SlotKey, ...] = ()
    assets: Iterable[AssetRow] = ()
    filled: tuple[tuple[SlotKey, str], ...] = ()
    batch: BatchRow | None = None


def set_up_station(station: Station, seq: int, signoff: Signoff) -> Deed:
    """Set a station up: the first entry of every log."""
    entry = StationEntry(
        seq,
        station=station.station,
        timezone=station.timezone,
        public_key=station.public_key,
        **_by(signoff),
    )
    return Deed(iter([Record(seq, None, None, None, encode_body(entry))]), station=station)


def prepare_case(case_name: str, slots: int, seq: int, signoff: Signoff) -> Deed:
    """Prepare a case with empty slots 1 to ``slots``."""
    entry = CaseEntry(seq, case_name=case_name, slots=slots, **_by(signoff))
    return Deed(iter([Record(seq, None, None, None, encode_body(entry))]), cases=((case_name, slots),))


def register_holder(holder: Holder, seq: int, signoff: Signoff) -> Deed:
    """Register a holder."""
    return Deed(iter([holder_record(holder, seq, signoff, None)]), holders=(holder,))


def move_slot(kind: str, move: Move, inventory: Inventory, seq: int, signoff: Signoff, reason: str | None) -> Deed:
    """Record a typed deed about the slot of one asset; ``inventory`` is the state after it."""
    entry = SLOT_ENTRIES[kind](
        seq,
        asset_tag=move.asset_tag,
        occurred_at=signoff.recorded_at,
        before=move.before,
        after=move.after,
        reason=reason,
        **_by(signoff),
    )
    record = Record(seq, None, move.asset_tag, None, encode_body(entry))
    return _touching(iter([record]), [move.asset_tag], inventory)


def commit_batch(plan: Plan, inventory: Inventory, facts: BatchFacts, seq: int, signoff: Signoff) -> Deed:
    """Record a batch: its facts, its new holders, its rows. ``inventory`` is the state after the plan."""
    new_holders = inventory.holders.new_holders
    first_row = seq + 1 + len(new_holders)
    records = chain(
        [batch_record(plan.options, facts, (len(plan.changes), len(new_holders)), seq, signoff)],
        (holder_record(holder, seq + i, signoff, facts.batch_id) for i, holder in enumerate(new_holders, 1)),
        row_records(plan, inventory, facts.batch_id, first_row),
    )
    deed = _touching(records, dict.fromkeys(change.asset_tag for change in plan.changes), inventory)
    batch = BatchRow(facts.batch_id, seq, first_row + len(plan.changes) - 1)
    return msgspec.structs.replace(deed, holders=tuple(new_holders), batch=batch)


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
        **_by(signoff),
    )
    return Record(seq, facts.batch_id, None, None, encode_body(entry))


def holder_record(holder: Holder, seq: int, signoff: Signoff, batch_id: int | None) -> Record:
    """Return the entry of a holder who was registered, by a batch where ``batch_id`` is given."""
    entry = HolderEntry(seq, holder_id=holder.holder_id, name=holder.name, batch_id=batch_id, **_by(signoff))
    return Record(seq, batch_id, None, None, encode_body(entry))


def row_records(plan: Plan, inventory: Inventory, batch_id: int, first_seq: int) -> Iterator[Record]:
    """Yield the entries of a plan's rows; every holder they name must be known to the inventory."""
    holder_ids = _HolderIds(inventory)
    late_reason = plan.options.late_reason
    for seq, (scan, change) in enumerate(zip(plan.scans, plan.changes, strict=True), first_seq):
        body = _row_body(scan, change, (seq, batch_id), holder_ids, late_reason if change.late else None)
        yield Record(seq, batch_id, scan.asset_tag, scan.identity, body)


def _row_body(
    scan: Scan, change: Change, numbers: tuple[int, int], holder_ids: "_HolderIds", late_reason: str | None
) -> bytes:
    case, slot = _scanned_place(scan.place)
    before, after = change.before, change.after
    name = after.holder or (before.holder if before is not None else None)
    entry = ROW_ENTRIES[scan.event_type](
        numbers[0], numbers[1], scan.row_number, scan.asset_tag, scan.received, scan.occurred_at, scan.operator_id,
        before, after, scan.issued_to_name, case, slot, scan.building_room, scan.equipment_type, scan.serial_number,
        scan.manufacturer, scan.model, scan.model_code, scan.notes, scan.ordinal,
        None if name is None else holder_ids[name], late_reason,
    )  # fmt: skip
    return encode_body(entry)


def _scanned_place(place: Place | None) -> tuple[str, int | Literal["", "OUT"]]:
    if place is None:
        return "", ""
    return (OUT_WORD, OUT_WORD) if place == OUT else place


class _HolderIds(dict[str, int]):
    """The numbers of holders by their names, looked up once each."""

    def __init__(self, inventory: Inventory) -> None:
        super().__init__()
        self._holders = inventory.holders

    def __missing__(self, name: str) -> int:
        holder = self._holders.named(name)
        assert holder is not None, "whoever holds an asset is registered"
        self[name] = holder.holder_id
        return holder.holder_id


def _touching(records: Iterator[Record], asset_tags: Iterable[str], inventory: Inventory) -> Deed:
    """Return the deed that writes ``records`` and the state in which the inventory now is."""
    changed = [
        (place, first, inventory.slots[place])
        for place, first in inventory.moved.items()
        if inventory.slots[place] != first
    ]
    return Deed(
        records,
        vacated=tuple(place for place, first, _ in changed if first is not None),
        assets=_asset_rows(asset_tags, inventory),
        filled=tuple((place, last) for place, _, last in changed if last is not None),
    )


def _asset_rows(asset_tags: Iterable[str], inventory: Inventory) -> Iterator[AssetRow]:
    holder_ids = _HolderIds(inventory)
    for asset_tag in asset_tags:
        asset = inventory.assets[asset_tag]
        holder_id = None if asset.holder is None else holder_ids[asset.holder]
        yield AssetRow(asset_tag, asset, holder_id, inventory.latest[asset_tag])


def _by(signoff: Signoff) -> dict[str, str]:
    return {"operator": signoff.operator, "recorded_at": signoff.recorded_at, "version": signoff.version}
