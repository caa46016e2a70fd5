"""Verifying: does the log still say what was signed, is its history legal, do the tables agree (DESIGN §6).

Reads everything once, in the order of the log, and stops at the first fault. Must never repair,
and must never trust a column where it can trust the body: everything but the bodies is made
again from them and compared.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from operator import attrgetter
from typing import NamedTuple, TypeVar

import msgspec

from assettrack.domain import errors
from assettrack.domain.audit_log import decode_body
from assettrack.domain.checkpoints import Checkpoint, parse_note, read_note
from assettrack.domain.deeds import Record, Station
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.station import StationEntry
from assettrack.domain.facts import FACT_TABLES, key_of
from assettrack.domain.holders import name_key
from assettrack.domain.merkle import Subtree, Tree, leaf_hash
from assettrack.domain.replay import IllegalEntry, Replay
from assettrack.domain.scans import BLOCK_ROWS
from assettrack.domain.signed_notes import NoteInvalid, NotSignedByKey
from assettrack.domain.tags import Place
from assettrack.domain.wording import counted, counted_entries
from assettrack.services.given_up import remark
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.verification_of_kept import kept_faults

Key = TypeVar("Key")
Value = TypeVar("Value")

Progress = Callable[[int], None]
"""Told how many entries have been read so far."""

_OTHER_STATION = "Table station does not say what entry 1 says."


class Verification(msgspec.Struct, frozen=True):
    """The outcome: whether all is well, the log's size and root (base64), and where the first fault is.

    ``first_bad_seq`` is None where all is well, or where no entry is at fault; ``message`` then names the object.
    """

    ok: bool
    entries: int
    root: str
    first_bad_seq: int | None
    message: str


class DatabaseVerification(Verification, frozen=True):
    """The outcome for a whole database; ``entries`` and ``root`` are the log's own, whatever was handed in.

    ``log_ok`` tells whether the database is good as far as this station's own checkpoints tell. Where it is and ``ok``
    is not, a checkpoint that was handed in is at fault: it is no checkpoint, another station's, or forged.
    """

    log_ok: bool


class _Stated(NamedTuple):
    """What a good checkpoint states, and whether it was handed in: whoever has the key can replace those stored."""

    size: int
    root: bytes
    handed_in: bool


class _Fault(Exception):
    """The first fault: the entry, where one is at fault, and the sentence."""

    def __init__(self, message: str, seq: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.seq = seq


def verify(workplace: Workplace, notes: Sequence[str] = (), progress: Progress | None = None) -> DatabaseVerification:
    """Verify the whole database: log, history, tables, schema, stored checkpoints and those handed in.

    ``notes`` are checkpoints kept outside; each must have been signed by this station, and the log must
    still begin with what it states. The database is verified all the same where one was not.
    """
    tree = Tree()
    run: _Verifier | None = None
    try:
        with workplace.store.read() as snapshot:
            run = _Verifier(snapshot, workplace, tree, progress)
            return _verify(run, snapshot, notes)
    except errors.IntegrityError as damage:  # a table that can't be read at all
        root = base64.b64encode(tree.root()).decode()
        bad = None if run is None else run.unreadable_seq
        return DatabaseVerification(
            ok=False, entries=tree.size, root=root, first_bad_seq=bad, message=str(damage), log_ok=False
        )


def _verify(run: "_Verifier", snapshot: Snapshot, notes: Sequence[str]) -> DatabaseVerification:
    try:
        run.verify(notes)
    except _Fault as fault:
        size, bad = snapshot.log_size, fault.seq
        message = " ".join([f"{fault.message}{remark(snapshot, run.handed_in)}", *run.turned_away])
        return DatabaseVerification(
            ok=False, entries=size, root=run.root, first_bad_seq=bad, message=message, log_ok=False
        )
    size, good = run.tree.size, not run.turned_away
    message = f"{counted_entries(size)}, {counted(run.notes, 'checkpoint')}, tables and schema agree."
    if not good:
        message = " ".join([*run.turned_away, "Apart from that the audit log is good:", message])
    return DatabaseVerification(ok=good, entries=size, root=run.root, first_bad_seq=None, message=message, log_ok=True)


class _Verifier:
    """One reading of the whole log."""

    def __init__(self, snapshot: Snapshot, workplace: Workplace, tree: Tree, progress: Progress | None) -> None:
        self.tree = tree
        self.notes = 0
        self.handed_in: list[Checkpoint] = []
        self.turned_away: list[str] = []
        self._snapshot = snapshot
        self._workplace = workplace
        self._progress = progress
        self._station = snapshot.station()
        self._replay = Replay(snapshot.histories)
        self._subtrees: list[Subtree] = []
        self._root_fault: tuple[int, int] | None = None
        self.unreadable_seq: int | None = None

    @property
    def root(self) -> str:
        """The root of what was read so far, in base64."""
        return base64.b64encode(self.tree.root()).decode()

    def verify(self, notes: Sequence[str]) -> None:
        """Check everything, in the order in which a fault is named most exactly.

        Raises:
            _Fault: the first thing that is not as it should be.
        """
        handed_in = [*self._checkpoints_handed_in(notes)]  # first: what is wrong with them is told in any case
        stated = [*self._stored_checkpoints(), *handed_in]
        records = self._records(sorted(stated, key=attrgetter("size")))
        try:
            self._replay.run(records)
        except IllegalEntry as fault:
            raise self._first_fault(fault, records) from fault
        if self._root_fault is not None:
            first, last = self._root_fault
            raise _not_what_was_signed(first, last, "the checkpoint over it states another root.")
        size = self.tree.size
        largest = max((checkpoint.size for checkpoint in stated), default=0)
        if largest > size:
            raise _Fault(f"Entries from {size + 1} on are missing: a checkpoint states {largest} entries.", size + 1)
        if largest < size:
            raise _Fault(f"Entries from {largest + 1} on are covered by no checkpoint.", largest + 1)
        self._compare_tables()
        for sentence in (*kept_faults(self._snapshot), *self._snapshot.schema_faults(), *self._snapshot.file_faults()):
            raise _Fault(sentence)

    def _first_fault(self, fault: IllegalEntry, records: Iterator[Record]) -> _Fault:
        """Return what is wrong first, where an entry does not follow from those before it.

        If the next checkpoint states another root, it may be an earlier entry under it that was changed.
        """
        if not fault.certain:
            with suppress(IllegalEntry):
                for _ in records:  # up to that checkpoint, if it is the one
                    pass
            if self._root_fault is not None and self._root_fault[0] < fault.seq:
                first, last = self._root_fault
                return _not_what_was_signed(first, min(last, fault.seq), fault.reason)
        return _Fault(fault.reason, fault.seq)

    def _stored_checkpoints(self) -> Iterator[_Stated]:
        for size, note in self._snapshot.checkpoints():
            try:
                checkpoint = self._read(note)
            except (NoteInvalid, ValueError) as error:
                if self._log_says_otherwise():
                    raise _Fault(_OTHER_STATION) from error
                raise _Fault(f"The stored checkpoint of size {size} is not good: {error}") from error
            if checkpoint.size != size:
                raise _Fault(f"The checkpoint stored for size {size} states {checkpoint.size} entries.")
            yield _Stated(size, checkpoint.root, handed_in=False)

    def _checkpoints_handed_in(self, notes: Sequence[str]) -> Iterator[_Stated]:
        """Yield what the checkpoints handed in state; those that are none of this station's are turned away."""
        for number, note in enumerate(notes, 1):
            what = "The checkpoint handed in" if len(notes) == 1 else f"Checkpoint {number} of those handed in"
            try:
                checkpoint = self._read(note)
            except (NoteInvalid, ValueError) as error:
                self.turned_away.append(f"{what} is not good: {error}{_why(error, note, self._station.station)}")
                continue
            self.handed_in.append(checkpoint)
            yield _Stated(checkpoint.size, checkpoint.root, handed_in=True)

    def _read(self, note: str) -> Checkpoint:
        """Return what a checkpoint of this station states.

        Raises:
            NoteInvalid, ValueError: it is none.
        """
        station = self._station
        public_key = bytes.fromhex(station.public_key)
        checkpoint = read_note(note, origin=station.station, public_key=public_key, verify=self._workplace.verify)
        if checkpoint.size == 0:
            raise NoteInvalid("It states an empty log, which no station signs.")
        self.notes += 1
        return checkpoint

    def _log_says_otherwise(self) -> bool:
        """Tell whether entry 1 is of another station than the table says."""
        for record, _ in self._snapshot.records(1, 1):
            with suppress(NotAnEntry):
                entry = decode_body(record.body)
                if isinstance(entry, StationEntry):
                    return Station(entry.station, entry.timezone, entry.public_key) != self._station
        return False

    def _records(self, stated: Sequence[_Stated]) -> Iterator[Record]:
        """Yield the stored records whose numbers and leaves are right, up to a root that is not what was signed.

        Such a root ends the reading but is not raised at once: the replay may yet name the entry exactly.
        """
        pending: list[bytes] = []
        remaining = iter(stated)
        due = next(remaining, None)
        good = good_outside = 0
        for seq, (record, leaf) in enumerate(self._snapshot.records(), 1):
            self.unreadable_seq = seq + 1  # if reading breaks off, it is there
            self._check_leaf(seq, record, leaf)
            pending.append(leaf)
            if due is None or seq != due.size:
                if len(pending) == BLOCK_ROWS:
                    self._grow(pending)
                yield record
                continue
            self._grow(pending)
            while due is not None and due.size == seq:
                if self.tree.root() == due.root:
                    good, good_outside = seq, seq if due.handed_in else good_outside
                elif self._root_fault is None:
                    self._root_fault = (good_outside if due.handed_in else good) + 1, seq
                due = next(remaining, None)
            yield record
            if self._root_fault is not None:
                return
        self.unreadable_seq = None
        self._grow(pending)

    def _check_leaf(self, seq: int, record: Record, leaf: bytes) -> None:
        if record.seq != seq:
            raise IllegalEntry(seq, f"Entry {seq} is missing.", certain=True)
        if leaf_hash(record.body) != leaf:
            reason = f"Entry {seq} was changed: its text does not have the hash that is stored with it."
            raise IllegalEntry(seq, reason, certain=True)

    def _grow(self, pending: list[bytes]) -> None:
        self._subtrees += self.tree.append(pending)
        pending.clear()
        if self._progress is not None:
            self._progress(self.tree.size)

    def _compare_tables(self) -> None:
        """Compare every table with what the replay made of the log."""
        snapshot, replay = self._snapshot, self._replay
        inventory = replay.inventory
        if replay.state.station != self._station:
            raise _Fault(_OTHER_STATION)
        _compare("cases", snapshot.all_cases().items(), inventory.cases)
        _compare("slots", snapshot.all_slots(), inventory.slots)
        _compare(
            "holders",
            ((h.holder_id, h) for h in snapshot.all_holders()),
            {h.holder_id: h for h in inventory.holders.all},
        )
        _compare("holders", snapshot.holder_keys(), {h.holder_id: name_key(h.name) for h in inventory.holders.all})
        states = {tag: (inventory.latest[tag], asset) for tag, asset in inventory.assets.items()}
        _compare("assets", ((tag, (latest, asset)) for tag, latest, asset in snapshot.all_assets()), states)
        _compare(
            "batches", ((row.batch_id, row) for row in snapshot.all_batches()), {b.batch_id: b for b in replay.batches}
        )
        _compare("assets", snapshot.all_custody(), inventory.custody)
        for kind, table in FACT_TABLES.items():
            made = {key_of(fact): fact for fact in replay.state.facts(kind)}
            _compare(table.name, ((key_of(fact), fact) for fact in snapshot.facts(kind)), made)
        hashes = {(level, number): node for level, number, node in self._subtrees}
        _compare("audit_subtrees", (((level, number), node) for level, number, node in snapshot.subtrees()), hashes)
        kept = {size for size, _ in snapshot.checkpoints()}
        for size in replay.checkpoint_sizes:
            if size not in kept:
                raise _Fault(f"Table checkpoints lacks {size}, which the log knows.")


def _why(error: ValueError, note: str, station: str) -> str:
    """Return what it means that a checkpoint handed in is not good, to be added to why; blank where that is plain."""
    with suppress(NoteInvalid):
        if parse_note(note).origin != station:
            return " It says nothing about this log."
        if isinstance(error, NotSignedByKey):
            return (
                " Either it was forged, or this database was made anew with another key: compare what audit key prints "
                "with the key you know."
            )
    return ""


def _not_what_was_signed(first: int, last: int, reason: str) -> _Fault:
    where = f"Entry {first}" if first == last else f"One of the entries {first} to {last}"
    return _Fault(f"{where} is not what was signed: {reason}", first)


def _compare(table: str, stored: Iterable[tuple[Key, Value]], made: Mapping[Key, Value]) -> None:
    """Make sure that a table holds exactly what the log leads to."""
    seen: set[Key] = set()
    for key, value in stored:
        if key not in made:
            raise _Fault(f"Table {table} has {_named(key)}, of which the log knows nothing.")
        if value != made[key]:
            raise _Fault(f"Table {table} says otherwise of {_named(key)} than the log.")
        seen.add(key)
    for key in made:
        if key not in seen:
            raise _Fault(f"Table {table} lacks {_named(key)}, which the log knows.")


def _named(key: object) -> str:
    return str(key) if isinstance(key, str | Place) else repr(key)
