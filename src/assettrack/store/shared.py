"""The station's database as many threads use it: a store for each, and one queue for those who write.

A snapshot belongs to one thread. Whoever wants to write waits in the order of asking, so that nobody starves;
other processes are waited for as the store does. A server is at work for long, so it makes sure each time that the
database is still the one it began with: nothing is read from another one, and nothing written to one that is gone.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assettrack.domain import station_errors
from assettrack.store.replacement import SameFile, SeenLog, holds, seen_in
from assettrack.store.snapshots import SqliteSnapshot, SqliteTransaction
from assettrack.store.sqlite import SqliteStore

WAIT_SECONDS = 30.0
"""So long a writer waits for its turn among the threads of this process."""


class TurnQueue:
    """Lets one thread at a time pass, in the order in which they asked."""

    def __init__(self, wait_seconds: float = WAIT_SECONDS) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._wait_seconds = wait_seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and keep it for the block.

        Raises:
            station_errors.DatabaseBusy: it did not come in time.
        """
        mine = threading.Event()
        with self._guard:
            self._waiting.append(mine)
            if self._waiting[0] is mine:
                mine.set()
        try:
            if not mine.wait(self._wait_seconds):
                raise station_errors.DatabaseBusy(self._wait_seconds)
            yield
        finally:
            with self._guard:
                self._waiting.remove(mine)
                if self._waiting:
                    self._waiting[0].set()


class SharedStore:
    """Fulfils ``services.ports.Store`` for all threads of a process."""

    def __init__(self, open_one: Callable[[], SqliteStore], turns: TurnQueue | None = None) -> None:
        self._open_one = open_one
        self._turns = turns or TurnQueue()
        self._of_thread = threading.local()
        self._all: list[SqliteStore] = []
        self._guard = threading.Lock()
        self._same_file: SameFile | None = None
        self._seen: SeenLog | None = None

    @property
    def seen(self) -> SeenLog | None:
        """What was seen of the log by any thread, as far as it went."""
        return self._seen

    @contextmanager
    def read(self) -> Iterator[SqliteSnapshot]:
        """Open a read-only snapshot on this thread's own store.

        Raises:
            station_errors.DatabaseReplaced: it is not the database that was read or written before.
        """
        store = self._store()
        same_file, seen = self._same_file_of(store), self._seen
        same_file.require()
        with store.read() as snapshot:
            same_file.require()  # it may have been opened just now, and is the one that was looked at
            self._look_at(snapshot, seen, store)
            yield snapshot

    @contextmanager
    def write(self) -> Iterator[SqliteTransaction]:
        """Open the one transaction that may write, when it is this thread's turn.

        Raises:
            station_errors.DatabaseReplaced: it is not the database that was read or written before; nothing is saved.
            station_errors.CommitUncertain: it was replaced in the moment of saving.
        """
        with self._turns.turn():
            store = self._store()
            same_file = self._same_file_of(store)
            same_file.require()
            with store.write() as transaction:
                same_file.require()  # as above
                self._look_at(transaction, self._seen, store)
                yield transaction
                same_file.require()
            self._saw(SeenLog(transaction.checkpointed_size, transaction.checkpoint))
            try:
                same_file.require()
            except station_errors.DatabaseReplaced as error:
                raise station_errors.CommitUncertain("its file was replaced just then") from error

    def scrub(self) -> bool:
        """Bring it about that nothing that was erased is left in the files; tell whether that could be done now."""
        try:
            with self._turns.turn():
                return self._store().scrub()
        except station_errors.DatabaseBusy:  # what was to be saved is saved: this is no failure of the deed
            return False

    def close(self) -> None:
        """Close the stores of all threads; none of them may be at work."""
        with self._guard:
            stores, self._all = self._all, []
        self._of_thread = threading.local()
        self._same_file = self._seen = None
        for store in sorted(stores, key=lambda each: each.has_writer):  # who can write closes last, and tidies up
            store.close()

    def _store(self) -> SqliteStore:
        store: SqliteStore | None = getattr(self._of_thread, "store", None)
        if store is None:
            store = self._of_thread.store = self._open_one()
            with self._guard:
                self._all.append(store)
        return store

    def _same_file_of(self, store: SqliteStore) -> SameFile:
        with self._guard:
            self._same_file = self._same_file or SameFile(store.path)
            return self._same_file

    def _look_at(self, snapshot: SqliteSnapshot, seen: SeenLog | None, store: SqliteStore) -> None:
        """Make sure that a snapshot holds what was seen before it was opened, and remember what it shows."""
        if seen is not None and not holds(snapshot, seen):
            raise station_errors.DatabaseReplaced(str(store.path))
        shown = seen_in(snapshot)
        if shown is not None:
            self._saw(shown)

    def _saw(self, shown: SeenLog) -> None:
        with self._guard:
            if shown.note and (self._seen is None or shown.size > self._seen.size):
                self._seen = shown
