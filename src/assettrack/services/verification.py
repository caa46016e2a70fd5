"""Verifying: does the log still say what was signed, is its history legal, do the tables agree (DESIGN §6).

Reads everything once, in the order of the log, and stops at the first fault. Must never repair,
and must never trust a column where it can trust the body: everything but the bodies is made
again from them and compared.
"""

import base64
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import msgspec

from assettrack.domain.checkpoints import Checkpoint, CheckpointInvalid, read_note
from assettrack.domain.deeds import Record
from assettrack.domain.merkle import Subtree, Tree, leaf_hash
from assettrack.domain.plans import BLOCK_ROWS
from assettrack.domain.replay import IllegalEntry, Replay
from assettrack.domain.tags import Place
from assettrack.services.ports import Snapshot, Workplace

Key = TypeVar("Key")
Value = TypeVar("Value")

Progress = Callable[[int], None]
"""Told how many entries have been read so far."""


class Verification(msgspec.Struct, frozen=True):
    """The outcome: whether all is well, the log's size and root (base64), and where the first fault is.

    ``first_bad_seq`` is None where all is well, or where no entry is at fault; ``message`` then names the object.
    """

    ok: bool
    entries: int
    root: str
    first_bad_seq: int | None
    message: str


class _Fault(Exception):
    """The first fault: the entry, where one is at fault, and the sentence."""

    def __init__(self, message: str, seq: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.seq = seq


def verify(workplace: Workplace, notes: Sequence[str] = (), progress: Progress | None = None) -> Verification:
    """Verify the whole database: log, history, tables, schema, stored checkpoints and those handed in.

    ``notes`` are checkpoints kept outside; each must have been signed by this station, and the log must
    still begin with what it states.
    """
    with workplace.store.read() as snapshot:
        run = _Verifier(snapshot, workplace, progress)
        try:
            run.verify(notes)
        except _Fault as fault:
            return Verification(
                ok=False, entries=snapshot.log_size, root=run.root, first_bad_seq=fault.seq, message=fault.message
            )
        size = run.tree.size
        message = f"{size} entries, {run.notes} checkpoint(s), tables and schema agree."
        return Verification(ok=True, entries=size, root=run.root, first_bad_seq=None, message=message)


class _Verifier:
    """One reading of the whole log."""

    def __init__(self, snapshot: Snapshot, workplace: Workplace, progress: Progress | None) -> None:
        self.tree = Tree()
        self.notes = 0
        self._snapshot = snapshot
        self._workplace = workplace
        self._progress = progress
        self._station = snapshot.station()
        self._replay = Replay()
        self._subtrees: list[Subtree] = []
        self._root_fault: _Fault | None = None

    @property
    def root(self) -> str:
        """The root of what was read so far, in base64."""
        return base64.b64encode(self.tree.root()).decode()

    def verify(self, notes: Sequence[str]) -> None:
        """Check everything, in the order in which a fault is named most exactly.

        Raises:
            _Fault: the first thing that is not as it should be.
        """
        stated = [*self._stored_checkpoints(), *(self._handed_in(note) for note in notes)]
        try:
            self._replay.run(self._records(sorted(stated, key=lambda checkpoint: checkpoint.size)))
        except IllegalEntry as fault:
            raise _Fault(fault.reason, fault.seq) from fault
        if self._root_fault is not None:
            raise self._root_fault
        size = self.tree.size
        largest = max((checkpoint.size for checkpoint in stated), default=0)
        if largest > size:
            raise _Fault(f"Entries from {size + 1} on are missing: a checkpoint states {largest} entries.", size + 1)
        if largest < size:
            raise _Fault(f"Entries from {largest + 1} on are covered by no checkpoint.", largest + 1)
        self._compare_tables()
        for sentence in (*self._snapshot.schema_faults(), *self._snapshot.file_faults()):
            raise _Fault(sentence)

    def _stored_checkpoints(self) -> Iterator[Checkpoint]:
        for size, note in self._snapshot.checkpoints():
            checkpoint = self._read(note, f"The stored checkpoint of size {size}")
            if checkpoint.size != size:
                raise _Fault(f"The checkpoint stored for size {size} states {checkpoint.size} entries.")
            yield checkpoint

    def _handed_in(self, note: str) -> Checkpoint:
        return self._read(note, "The checkpoint handed in")

    def _read(self, note: str, what: str) -> Checkpoint:
        public_key = bytes.fromhex(self._station.public_key)
        try:
            checkpoint = read_note(
                note, origin=self._station.station, public_key=public_key, verify=self._workplace.verify
            )
        except (CheckpointInvalid, ValueError) as error:
            raise _Fault(f"{what} is not good: {error}") from error
        self.notes += 1
        return checkpoint

    def _records(self, stated: Sequence[Checkpoint]) -> Iterator[Record]:
        """Yield the stored records whose numbers and leaves are right, up to a root that is not what was signed.

        Such a root ends the reading but is not raised at once: the replay may yet name the entry exactly.
        """
        pending: list[bytes] = []
        remaining = iter(stated)
        due = next(remaining, None)
        good = 0
        for seq, (record, leaf) in enumerate(self._snapshot.records(), 1):
            self._check_leaf(seq, record, leaf)
            pending.append(leaf)
            if due is None or seq != due.size:
                if len(pending) == BLOCK_ROWS:
                    self._grow(pending)
                yield record
                continue
            self._grow(pending)
            while due is not None and due.size == seq:
                if self._root_fault is None and self.tree.root() != due.root:
                    self._root_fault = _root_fault(good + 1, seq)
                due = next(remaining, None)
            yield record
            if self._root_fault is not None:
                return
            good = seq
        self._grow(pending)

    def _check_leaf(self, seq: int, record: Record, leaf: bytes) -> None:
        if record.seq != seq:
            raise IllegalEntry(seq, f"Entry {seq} is missing.")
        if leaf_hash(record.body) != leaf:
            raise IllegalEntry(seq, f"Entry {seq} was changed: its text does not have the hash that is stored with it.")

    def _grow(self, pending: list[bytes]) -> None:
        self._subtrees += self.tree.append(pending)
        pending.clear()
        if self._progress is not None:
            self._progress(self.tree.size)

    def _compare_tables(self) -> None:
        """Compare every table with what the replay made of the log."""
        snapshot, replay = self._snapshot, self._replay
        inventory = replay.inventory
        if replay.station != self._station:
            raise _Fault("Table station does not say what entry 1 says.")
        _compare("cases", snapshot.all_cases().items(), inventory.cases)
        _compare("slots", snapshot.all_slots(), inventory.slots)
        _compare(
            "holders",
            ((h.holder_id, h.name) for h in snapshot.all_holders()),
            {h.holder_id: h.name for h in inventory.holders.all},
        )
        states = {tag: (inventory.latest[tag], asset) for tag, asset in inventory.assets.items()}
        _compare("assets", ((tag, (latest, asset)) for tag, latest, asset in snapshot.all_assets()), states)
        _compare(
            "batches", ((row.batch_id, row) for row in snapshot.all_batches()), {b.batch_id: b for b in replay.batches}
        )
        hashes = {(level, number): node for level, number, node in self._subtrees}
        _compare("audit_subtrees", (((level, number), node) for level, number, node in snapshot.subtrees()), hashes)


def _root_fault(first: int, last: int) -> _Fault:
    where = f"Entry {first}" if first == last else f"One of the entries {first} to {last}"
    return _Fault(f"{where} is not what was signed: the checkpoint of size {last} states another root.", first)


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
