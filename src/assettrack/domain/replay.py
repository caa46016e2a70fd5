"""The replay: does the log tell a legal history, and which state does it lead to (DESIGN §6).

Each entry is read, decided again by the same rules that made it, and made again; what comes
out must be what is stored, to the byte. Must never skip, repair or guess: the first entry
that does not follow from those before it ends the replay.
"""

from collections.abc import Iterator
from itertools import islice

from assettrack.domain import deeds, slots
from assettrack.domain.audit_log import (
    AssignEntry,
    BatchEntry,
    CaseEntry,
    DeedEntry,
    HolderEntry,
    MoveEntry,
    NotAnEntry,
    RowEntry,
    SlotEntry,
    StationEntry,
    VacateEntry,
    decode_body,
    scan_of,
)
from assettrack.domain.decisions import decide
from assettrack.domain.deeds import BatchFacts, BatchRow, Deed, Record, Signoff, Station
from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import Inventory
from assettrack.domain.scans import Scan
from assettrack.domain.slots import Move


class IllegalEntry(ValueError):
    """An entry does not follow from those before it; ``seq`` is its number, ``reason`` a sentence."""

    def __init__(self, seq: int, reason: str) -> None:
        super().__init__(reason)
        self.seq = seq
        self.reason = reason


class Replay:
    """Rebuilds the state from the log's stored records, entry by entry.

    After `run`, ``inventory``, ``station`` and ``batches`` are what the tables have to say.
    """

    def __init__(self) -> None:
        self.inventory = Inventory()
        self.station: Station | None = None
        self.batches: list[BatchRow] = []

    def run(self, stored: Iterator[Record]) -> None:
        """Replay all records, in the order of the log.

        Raises:
            IllegalEntry: the first record that is not what the rules make of the history before it.
        """
        for record in stored:
            entry = _read(record)
            if isinstance(entry, BatchEntry):
                self._batch(record, entry, stored)
            elif isinstance(entry, RowEntry):
                raise IllegalEntry(record.seq, f"Entry {record.seq} is a row that belongs to no batch.")
            else:
                self._single(record, entry)

    def _single(self, record: Record, entry: DeedEntry) -> None:
        if (record.seq == 1) != isinstance(entry, StationEntry):
            raise IllegalEntry(record.seq, f"Entry {record.seq}: a log begins with its station, and has only one.")
        self._begin()
        try:
            deed = self._redo(entry)
        except NotAllowed as refusal:
            raise IllegalEntry(record.seq, f"Entry {record.seq} is not allowed: {refusal.sentence}") from refusal
        _compare(record, next(deed.records))

    def _redo(self, entry: DeedEntry) -> Deed:
        """Decide a typed deed again and return what it writes."""
        signoff = _signoff(entry)
        inventory = self.inventory
        match entry:
            case StationEntry():
                self.station = Station(entry.station, entry.timezone, entry.public_key)
                return deeds.set_up_station(self.station, entry.seq, signoff)
            case CaseEntry():
                slots.initialise_case(inventory, entry.case_name)
                inventory.add_case(entry.case_name, entry.slots)
                return deeds.prepare_case(entry.case_name, entry.slots, entry.seq, signoff)
            case HolderEntry():
                return deeds.register_holder(inventory.holders.register(entry.name), entry.seq, signoff)
            case SlotEntry():
                move = _decide_move(entry, inventory)
                inventory.apply(move.asset_tag, move.before, move.after, signoff.recorded_at)
                kind = str(entry.__struct_config__.tag)
                return deeds.move_slot(kind, move, inventory, entry.seq, signoff, entry.reason)
            case _:  # pragma: no cover - the kinds above are all there are
                raise AssertionError(entry)

    def _batch(self, record: Record, entry: BatchEntry, stored: Iterator[Record]) -> None:
        """Replay a whole batch: its facts, then its new holders, then its rows."""
        self._begin()
        followers = list(islice(stored, entry.new_holders + entry.rows))
        if len(followers) != entry.new_holders + entry.rows:
            seq = record.seq + len(followers) + 1
            raise IllegalEntry(seq, f"Entry {seq} is missing: batch {entry.batch_id} is not complete.")
        first = record.seq + entry.new_holders + 1
        scans = [_read_scan(follower) for follower in followers[entry.new_holders :]]
        plan = decide(scans, self.inventory, entry.options)
        if plan.refusals:
            refusal = plan.refusals[0]
            seq = first + next(i for i, scan in enumerate(scans) if scan.row_number == refusal.row_number)
            raise IllegalEntry(seq, f"Entry {seq} is not allowed: {refusal.message}")
        facts = BatchFacts(len(self.batches) + 1, entry.source_name, entry.source_sha256)
        deed = deeds.commit_batch(plan, self.inventory, facts, record.seq, _signoff(entry))
        for found, expected in zip([record, *followers], deed.records, strict=False):
            _compare(found, expected)
        assert deed.batch is not None
        self.batches.append(deed.batch)

    def _begin(self) -> None:
        """Forget what the deed before this one moved and registered."""
        self.inventory.moved.clear()
        self.inventory.holders.newcomers.clear()


def _read(record: Record) -> DeedEntry | RowEntry:
    try:
        entry = decode_body(record.body)
    except NotAnEntry as error:
        raise IllegalEntry(record.seq, f"Entry {record.seq} can't be read: {error}.") from error
    return entry


def _read_scan(record: Record) -> Scan:
    entry = _read(record)
    if not isinstance(entry, RowEntry):
        raise IllegalEntry(record.seq, f"Entry {record.seq} stands among a batch's rows but is none.")
    try:
        return scan_of(entry)
    except NotAnEntry as error:
        raise IllegalEntry(record.seq, f"Entry {record.seq} can't be read: {error}.") from error


def _decide_move(entry: SlotEntry, inventory: Inventory) -> Move:
    target = entry.after.place
    match entry:
        case AssignEntry() if target is not None:
            return slots.assign(inventory, entry.asset_tag, target)
        case MoveEntry() if target is not None:
            return slots.move(inventory, entry.asset_tag, target)
        case VacateEntry():
            return slots.vacate_asset(inventory, entry.asset_tag)
        case _:
            raise NotAllowed("not_slotted", "asset_tag", asset_tag=entry.asset_tag)


def _compare(found: Record, expected: Record) -> None:
    """Make sure that a stored record is exactly the one that the rules make."""
    if found == expected:
        return
    if found.body != expected.body:
        raise IllegalEntry(found.seq, f"Entry {found.seq} does not follow from the history before it.")
    for name, stored, made in zip(Record._fields, found, expected, strict=True):
        if stored != made:
            raise IllegalEntry(found.seq, f"Entry {found.seq} is filed under a wrong {name}.")
    raise AssertionError(found)  # pragma: no cover - unequal records differ in a field


def _signoff(entry: DeedEntry) -> Signoff:
    return Signoff(entry.operator, entry.recorded_at, entry.version)
