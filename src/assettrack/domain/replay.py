"""The replay: does the log tell a legal history, and which state does it lead to (DESIGN §6).

Each entry is read, decided again by the same rules that made it, and made again; what comes
out must be what is stored, to the byte. Must never skip, repair or guess: the first entry
that does not follow from those before it ends the replay.
"""

from collections.abc import Iterator
from itertools import islice, zip_longest

from assettrack.domain import (
    acceptance_corrections,
    acceptance_deeds,
    account_deeds,
    backup_deeds,
    batch_deeds,
    contact_deeds,
    correction_deeds,
    count_deeds,
    organisation_deeds,
    people_deeds,
    place_deeds,
    receipt_deeds,
    scanner_deeds,
    security_deeds,
    station_deeds,
)
from assettrack.domain.audit_log import decode_body, encode_body
from assettrack.domain.batch_deeds import BatchFacts
from assettrack.domain.decisions import Decision
from assettrack.domain.deeds import BatchRow, Record, Signoff
from assettrack.domain.entries.base import DeedEntry, Entry, NotAnEntry
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.people import HolderEntry
from assettrack.domain.entries.places import SlotEntry
from assettrack.domain.entries.rows import BatchEntry, RowEntry, scan_of
from assettrack.domain.entries.station import StationEntry
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder
from assettrack.domain.scans import BLOCK_ROWS, ROWS_MAX, Scan
from assettrack.domain.state import Again, EntrySource, State, signoff_of

AGAIN: dict[type[DeedEntry], Again] = {
    **station_deeds.AGAIN,
    **place_deeds.AGAIN,
    **people_deeds.AGAIN,
    **contact_deeds.AGAIN,
    **correction_deeds.AGAIN,
    **organisation_deeds.AGAIN,
    **acceptance_deeds.AGAIN,
    **acceptance_corrections.AGAIN,
    **receipt_deeds.AGAIN,
    **count_deeds.AGAIN,
    **backup_deeds.AGAIN,
    **scanner_deeds.AGAIN,
    **account_deeds.AGAIN,
    **security_deeds.AGAIN,
}
"""How each kind of entry is decided once more; those of a batch are replayed together."""


class IllegalEntry(ValueError):
    """An entry does not follow from those before it; ``seq`` is its number, ``reason`` a sentence.

    With ``certain`` the entry is wrong by itself; else one before it may have been changed so that it no
    longer follows.
    """

    def __init__(self, seq: int, reason: str, *, certain: bool = False) -> None:
        super().__init__(reason)
        self.seq = seq
        self.reason = reason
        self.certain = certain


class Replay:
    """Rebuilds the state from the log's stored records, entry by entry.

    After `run`, ``state`` (of which ``inventory`` is a part) and ``batches`` are what the tables have to say, and
    ``checkpoint_sizes`` the sizes at which a transaction ended, so that there must be a checkpoint: two deeds with
    one signoff may be of one transaction, others never are. ``entries`` finds entries again; a log with
    corrections needs it.
    """

    def __init__(self, entries: EntrySource | None = None) -> None:
        self.state = State(entries)
        self.inventory = self.state.inventory
        self.batches = self.state.batches
        self.checkpoint_sizes: list[int] = []
        self._signoff: Signoff | None = None

    def run(self, stored: Iterator[Record]) -> None:
        """Replay all records, in the order of the log.

        Raises:
            IllegalEntry: the first record that is not what the rules make of the history before it.
        """
        for record in stored:
            found = [record]
            try:
                self._deed(found, stored)
            except IllegalEntry:
                for each in found:
                    _require_sound(each)
                raise

    def _deed(self, found: list[Record], stored: Iterator[Record]) -> None:
        """Replay the deed that begins with the record found; add the records that belong to it to the list."""
        record = found[0]
        entry = _read(record)
        if isinstance(entry, RowEntry):
            raise IllegalEntry(record.seq, f"Entry {record.seq} is a row that belongs to no batch.")
        assert isinstance(entry, DeedEntry), "an entry is a row's or a deed's"
        if isinstance(entry, StationEntry) != (self.state.station is None):
            raise IllegalEntry(record.seq, f"Entry {record.seq}: a log begins with its station, and has only one.")
        signoff = signoff_of(entry)
        if signoff != self._signoff and self._signoff is not None:
            self.checkpoint_sizes.append(record.seq - 1)
        self._signoff = signoff
        self.inventory.moved.clear()
        self.inventory.holders.new_holders.clear()
        if isinstance(entry, BatchEntry):
            self._batch(found, entry, stored)
        else:
            self._typed(found, entry, stored)

    def _typed(self, found: list[Record], entry: DeedEntry, stored: Iterator[Record]) -> None:
        """Replay a typed deed: one entry, or as many as the rules make of it."""
        record = found[0]
        try:
            deed = AGAIN[type(entry)](entry, self.state)
        except NotAllowed as refusal:
            raise IllegalEntry(record.seq, f"Entry {record.seq} is not allowed: {refusal.sentence}") from refusal
        _compare(record, next(deed.records))
        for expected in deed.records:
            _take(found, stored, 1, expected.seq - 1)
            _compare(found[0], expected)
        for fact in deed.facts:
            self.state.put(fact)

    def _batch(self, found: list[Record], entry: BatchEntry, stored: Iterator[Record]) -> None:
        """Replay a batch: its facts, then its new holders, then its rows, a block at a time."""
        seq, signoff = found[0].seq, signoff_of(entry)
        if not 0 <= entry.new_holders <= entry.rows <= ROWS_MAX:
            raise IllegalEntry(seq, f"Entry {seq}: no batch has so many rows and new holders.")
        facts = BatchFacts(len(self.batches) + 1, entry.source_name, entry.source_sha256)
        batch = BatchRow(facts.batch_id, seq, seq + entry.new_holders + entry.rows)
        _compare(
            found[0], batch_deeds.batch_record(entry.options, facts, (entry.rows, entry.new_holders), seq, signoff)
        )
        _take(found, stored, entry.new_holders, seq)
        announced = self._announced(found, facts.batch_id, signoff)
        decision = Decision(self.inventory, entry.options)
        handovers = batch_deeds.Handovers(self.inventory)
        for last in range(seq + entry.new_holders, batch.last_seq, BLOCK_ROWS):
            _take(found, stored, min(BLOCK_ROWS, batch.last_seq - last), last)
            self._rows(found, decision, handovers, facts.batch_id)
        registered = self.inventory.holders.new_holders
        for number, (holder, new_holder) in enumerate(zip_longest(announced, registered), seq + 1):
            if holder != new_holder:
                raise IllegalEntry(number, f"Entry {number} does not follow from the history before it.")
        for fact in handovers.facts(facts.batch_id, entry.options, seq):
            self.state.put(fact)
        for signature in batch_deeds.signatures_of(entry.options, seq):
            self.state.put(signature)
        self.batches.append(batch)

    def _announced(self, found: list[Record], batch_id: int, signoff: Signoff) -> list[Holder]:
        """Return the new holders whose entries stand between a batch's facts and its rows."""
        holders = []
        for holder_id, record in enumerate(found, self.inventory.holders.last_id + 1):
            entry = _read(record)
            if not isinstance(entry, HolderEntry):
                raise IllegalEntry(record.seq, f"Entry {record.seq} stands among a batch's new holders but is none.")
            holders.append(Holder(holder_id, entry.name))
            _compare(record, batch_deeds.holder_record(holders[-1], record.seq, signoff, batch_id))
        return holders

    def _rows(self, found: list[Record], decision: Decision, handovers: batch_deeds.Handovers, batch_id: int) -> None:
        """Decide the next rows of a batch again and compare what they make with what is stored."""
        scans = [_read_scan(record) for record in found]
        decision.add(scans)
        plan = decision.plan
        made = batch_deeds.row_records(plan, self.inventory, batch_id, found[0].seq)
        refused = plan.refusals[0].row_number if plan.refusals else None
        for record, scan in zip(found, scans, strict=True):
            if scan.row_number == refused:
                raise IllegalEntry(record.seq, f"Entry {record.seq} is not allowed: {plan.refusals[0].message}")
            _compare(record, next(made))
        if decision.lacks_acceptance:
            raise IllegalEntry(found[0].seq, f"Entry {found[0].seq} is of a batch that nobody accepted.")
        handovers.add(plan.changes, found[0].seq)
        for decided in (plan.scans, plan.changes, plan.identities, plan.notices):
            decided.clear()


def _take(found: list[Record], stored: Iterator[Record], count: int, after: int) -> None:
    """Replace what was found by the next ``count`` records, those that follow entry ``after``."""
    found.clear()
    found += islice(stored, count)
    if len(found) < count:
        seq = after + len(found) + 1
        raise IllegalEntry(seq, f"Entry {seq} is missing: what it belongs to is not complete.")


def _read(record: Record) -> Entry:
    try:
        return decode_body(record.body)
    except NotAnEntry as error:
        raise _unreadable(record, error) from error


def _read_scan(record: Record) -> Scan:
    entry = _read(record)
    if not isinstance(entry, RowEntry):
        raise IllegalEntry(record.seq, f"Entry {record.seq} stands among a batch's rows but is none.")
    try:
        return scan_of(entry)
    except NotAnEntry as error:
        raise _unreadable(record, error) from error


def _unreadable(record: Record, error: NotAnEntry) -> IllegalEntry:
    return IllegalEntry(record.seq, f"Entry {record.seq} can't be read: {error}.", certain=True)


def _require_sound(record: Record) -> None:
    """Make sure that a stored record is an entry in its canonical form, filed under what its body says."""
    entry = _read(record)
    if encode_body(entry) != record.body:
        raise IllegalEntry(record.seq, f"Entry {record.seq} is not in the canonical form.", certain=True)
    batch_id = entry.batch_id if isinstance(entry, RowEntry | BatchEntry | HolderEntry) else None
    asset_tag = entry.asset_tag if isinstance(entry, RowEntry | SlotEntry | CorrectionEntry) else None
    identity = _read_scan(record).identity if isinstance(entry, RowEntry) else None
    for name, filed, stated in zip(Record._fields, record, (entry.seq, batch_id, asset_tag, identity), strict=False):
        if filed != stated:
            raise IllegalEntry(record.seq, f"Entry {record.seq} is filed under a wrong {name}.", certain=True)


def _compare(found: Record, expected: Record) -> None:
    """Make sure that a stored record is exactly the one that the rules make."""
    if found != expected:
        raise IllegalEntry(found.seq, f"Entry {found.seq} does not follow from the history before it.")
