"""The station's database as many threads use it: a store for each, and one queue for those who write.

A snapshot belongs to one thread. Whoever wants to write waits in the order of asking, so that nobody starves;
other processes are waited for as the store does.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assettrack.domain import station_errors
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

    @contextmanager
    def read(self) -> Iterator[SqliteSnapshot]:
        """Open a read-only snapshot on this thread's own store."""
        with self._store().read() as snapshot:
            yield snapshot

    @contextmanager
    def write(self) -> Iterator[SqliteTransaction]:
        """Open the one transaction that may write, when it is this thread's turn."""
        with self._turns.turn(), self._store().write() as transaction:
            yield transaction

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
        for store in sorted(stores, key=lambda each: each.has_writer):  # who can write closes last, and tidies up
            store.close()

    def _store(self) -> SqliteStore:
        store: SqliteStore | None = getattr(self._of_thread, "store", None)
        if store is None:
            store = self._of_thread.store = self._open_one()
            with self._guard:
                self._all.append(store)
        return store
