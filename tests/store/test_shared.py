"""The database as many threads of one process use it: all read at once, and who writes waits in the order of asking."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assettrack.domain import station_errors
from assettrack.domain.deeds import Deed
from assettrack.store.shared import SharedStore, TurnQueue
from assettrack.store.snapshots import SqliteTransaction
from assettrack.store.sqlite import SqliteStore
from tests.store.conftest import SqliteFile
from tests.store.databases import entries
from tests.store.stations import its_signer

GUARD_SECONDS = 30
"""After so long a test that would hang fails instead."""


def wait_until_asked(turns: TurnQueue, number: int) -> None:
    """Return once so many threads have asked for a turn and not ended it."""
    for _ in range(GUARD_SECONDS * 1000):
        if len(turns._waiting) == number:  # noqa: SLF001 - who waits can tell nobody so
            return
        time.sleep(0.001)
    raise AssertionError(f"there are not {number} who wait")


def test_threads_pass_in_the_order_of_asking() -> None:
    """One at a time: nobody is inside when the next comes in, and nobody overtakes."""
    turns = TurnQueue()
    passed: list[int] = []

    def pass_as(number: int) -> None:
        with turns.turn():
            passed.append(number)
            passed.append(number)

    with ThreadPoolExecutor(5) as threads:
        with turns.turn():
            asked = []
            for number in range(5):
                asked.append(threads.submit(pass_as, number))
                wait_until_asked(turns, number + 2)
            assert passed == []
        for each in asked:
            each.result()
    assert passed == [0, 0, 1, 1, 2, 2, 3, 3, 4, 4]


def test_who_waits_too_long_is_told_and_the_next_is_not_stuck() -> None:
    """Giving up leaves no gap in the queue, neither while the turn of another goes on nor after it."""
    turns = TurnQueue(wait_seconds=0)
    with turns.turn():
        for _ in range(2):
            with pytest.raises(station_errors.DatabaseBusy), turns.turn():
                raise AssertionError("two have their turn at once")
    with turns.turn():
        pass


def test_a_turn_that_fails_is_over() -> None:
    """Whatever ends the block, the next one passes."""
    turns = TurnQueue(wait_seconds=0)
    with pytest.raises(KeyboardInterrupt), turns.turn():
        raise KeyboardInterrupt
    with turns.turn():
        pass


@pytest.fixture
def turns() -> TurnQueue:
    """Return a queue in which a test can see who waits."""
    return TurnQueue(GUARD_SECONDS)


@pytest.fixture
def shared(sqlite_file: SqliteFile, turns: TurnQueue) -> Iterator[SharedStore]:
    """Share the made-up station's database."""
    sqlite_file.close()
    shared = SharedStore(lambda: SqliteStore(sqlite_file.path, its_signer), turns)
    yield shared
    shared.close()


def add_entry(shared: SharedStore) -> int:
    """Add an entry to the log; return the size it had before."""
    with shared.write() as transaction:
        size = transaction.log_size
        transaction.save(Deed(entries(size + 1)))
    return size


def size_of(shared: SharedStore) -> int:
    """Return how many entries the log has."""
    with shared.read() as snapshot:
        return snapshot.log_size


def test_threads_read_at_once(shared: SharedStore) -> None:
    """Two are in their snapshots at the same time, each in one of its own that does not change under it."""
    all_in, written = (threading.Barrier(3, timeout=GUARD_SECONDS) for _ in range(2))

    def read() -> list[int]:
        with shared.read() as snapshot:
            sizes = [snapshot.log_size]
            all_in.wait()
            written.wait()
            sizes.append(snapshot.log_size)
        return [*sizes, size_of(shared)]

    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(read) for _ in range(2)]
        all_in.wait()
        add_entry(shared)
        written.wait()
        assert [each.result() for each in asked] == [[1, 1, 2], [1, 1, 2]]


def test_a_thread_keeps_the_store_it_opened(sqlite_file: SqliteFile) -> None:
    """However often it asks, it opens the database once; another thread opens one of its own."""
    opened: list[SqliteStore] = []

    def open_one() -> SqliteStore:
        opened.append(sqlite_file.open())
        return opened[-1]

    shared = SharedStore(open_one)
    with ThreadPoolExecutor(1) as threads:
        for number in (1, 2):
            assert add_entry(shared) == 2 * number - 1
            assert threads.submit(add_entry, shared).result() == 2 * number
    assert len(opened) == 2
    shared.close()


def test_a_writer_waits_for_its_turn_and_a_reader_does_not(shared: SharedStore, turns: TurnQueue) -> None:
    """The second writes upon what the first has saved; who reads meanwhile sees what was saved before."""
    with ThreadPoolExecutor(1) as readers, ThreadPoolExecutor(1) as writers:
        with shared.write() as transaction:
            asked = writers.submit(add_entry, shared)
            wait_until_asked(turns, 2)
            transaction.save(Deed(entries(2)))
            assert readers.submit(size_of, shared).result(GUARD_SECONDS) == 1
            assert not asked.done()
        assert asked.result(GUARD_SECONDS) == 2
    assert size_of(shared) == 3


def save_and_break_off(transaction: SqliteTransaction) -> None:
    """Add an entry, and be broken off from the keyboard."""
    transaction.save(Deed(entries(2)))
    raise KeyboardInterrupt


def test_a_write_that_fails_ends_its_turn(shared: SharedStore) -> None:
    """Nothing of it is saved, and the next writer comes."""
    with pytest.raises(KeyboardInterrupt), shared.write() as transaction:
        save_and_break_off(transaction)
    assert add_entry(shared) == 1


def test_scrubbing_takes_its_turn_among_the_writers(shared: SharedStore, turns: TurnQueue) -> None:
    """It waits for the one who writes, and then nothing is left in the write-ahead log."""
    with ThreadPoolExecutor(1) as threads:
        with shared.write() as transaction:
            asked = threads.submit(shared.scrub)
            wait_until_asked(turns, 2)
            transaction.save(Deed(entries(2)))
        assert asked.result(GUARD_SECONDS)


def test_closing_closes_the_stores_of_all_threads(shared: SharedStore, sqlite_file: SqliteFile) -> None:
    """Nothing is left beside the database then; a store that was closed opens anew for who asks."""
    path: Path = sqlite_file.path
    with ThreadPoolExecutor(1) as threads:
        assert size_of(shared) == 1
        threads.submit(add_entry, shared).result()
        shared.close()
    assert [each.name for each in path.parent.iterdir() if each.name.startswith(path.name)] == [path.name]
    assert size_of(shared) == 2


def test_a_scrubbing_whose_turn_does_not_come_fails_no_deed(sqlite_file: SqliteFile) -> None:
    """What was to be saved is saved before it: it is told that it could not be done now, and nothing is raised."""
    turns = TurnQueue(0.01)
    shared = SharedStore(lambda: SqliteStore(sqlite_file.path, its_signer), turns)
    with turns.turn():
        assert shared.scrub() is False
    shared.close()


def test_whoever_can_write_is_closed_last_and_leaves_no_log_behind(
    shared: SharedStore, sqlite_file: SqliteFile
) -> None:
    """Also where another thread opened its store later and only read."""
    with shared.write() as transaction:
        transaction.save(Deed(entries(transaction.log_size + 1)))
    with ThreadPoolExecutor(1) as later:
        assert later.submit(lambda: _size(shared)).result() > 1
    shared.close()
    assert not list(sqlite_file.path.parent.glob(f"{sqlite_file.path.name}-*"))


def _size(shared: SharedStore) -> int:
    with shared.read() as snapshot:
        return snapshot.log_size
