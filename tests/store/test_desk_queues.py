"""Queues of scans in the desk's file: one open for each account, nothing lost, nothing twice, nothing after the end."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest

from assettrack.domain import desk_errors
from assettrack.domain.desk_rows import QueueRow, ScanRow
from assettrack.store.connection import DatabaseSettings
from assettrack.store.desk_file import DeskFile
from assettrack.store.desk_queues import DeskQueues

GUARD_SECONDS = 30
"""After so long a test that would hang fails instead."""


def at(minute: int) -> str:
    """Return a moment as the desk keeps it."""
    return f"2026-03-02T09:{minute:02d}:00.000000Z"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[DeskFile]:
    """Make the made-up station's desk."""
    file = DeskFile(tmp_path / "station.db.desk")
    file.set_up("assettrack-test0001")
    yield file
    file.close()


@pytest.fixture
def queues(file: DeskFile) -> DeskQueues:
    """Return the part of the desk that keeps queues, by itself."""
    return DeskQueues(file)


class _WaitingVFS(apsw.VFS):
    """The system's files; whoever finds the desk locked says so and waits until the test lets go on."""

    def __init__(self) -> None:
        super().__init__("waiting", "")
        self.waits = threading.Semaphore(0)
        self.go_on = threading.Event()

    def xSleep(self, microseconds: int) -> int:  # noqa: N802 - SQLite's name
        """Tell that somebody waits; once all may go on, sleep as the system does."""
        if not self.go_on.is_set():
            self.waits.release()
            self.go_on.wait(GUARD_SECONDS)
        return super().xSleep(microseconds)


def test_two_who_open_a_queue_at_once_get_the_same(file: DeskFile) -> None:
    """Both saw that there was none; the second finds the one that the first has opened meanwhile."""
    vfs = _WaitingVFS()
    waiting = DeskFile(file.path, DatabaseSettings(vfs="waiting"))
    both = DeskQueues(waiting)
    try:
        with ThreadPoolExecutor(2) as threads:
            with file.changing():
                asked = [threads.submit(both.open_queue, 1, "ben", at(minute)) for minute in (1, 2)]
                assert all(vfs.waits.acquire(timeout=GUARD_SECONDS) for _ in asked)
            vfs.go_on.set()
            one, other = (each.result() for each in asked)
        assert one == other
        assert both.open_queues() == [one]
    finally:
        waiting.close()
        vfs.unregister()


def test_everyone_has_one_open_queue(queues: DeskQueues) -> None:
    """It is found again until it is closed; then there is a new one, and the old one tells what it became."""
    first = queues.open_queue(1, "ben", at(1))
    assert first == QueueRow(first.queue_id, 1, "ben", at(1), "{}")
    assert queues.open_queue(1, "ben", at(2)) == first
    others = queues.open_queue(2, "eve", at(3))
    assert queues.open_queues() == [first, others]
    assert queues.close_queue(first.queue_id, at(4), 7)
    assert queues.queue(first.queue_id) == QueueRow(first.queue_id, 1, "ben", at(1), "{}", at(4), 7)
    assert queues.open_queue(1, "ben", at(5)).queue_id not in {first.queue_id, others.queue_id}
    assert queues.queue(99) is None


def test_what_is_sent_twice_under_one_name_is_taken_in_once(queues: DeskQueues) -> None:
    """The numbers of the first time are the answer; without a name, or under another, it is a new scan."""
    queue = queues.open_queue(1, "ben", at(1)).queue_id
    scans = [(at(2), "LT-1", "{}"), (at(2), "LT-2", "{}")]
    assert queues.add_scans(queue, scans, '{"case":"C"}', "first") == [1, 2]
    assert queues.add_scans(queue, scans, '{"case":"D"}', "first") == [1, 2]
    assert [scan.typed for scan in queues.scans(queue)] == ["LT-1", "LT-2"]
    found = queues.queue(queue)
    assert found is not None
    assert found.context == '{"case":"C"}'
    assert queues.add_scans(queue, scans[:1], sent_as="second") == [3]
    assert queues.add_scans(queue, scans[:1]) == [4]
    assert queues.add_scans(queue, scans[:1]) == [5]
    others = queues.open_queue(2, "eve", at(3)).queue_id
    assert queues.add_scans(others, scans[:1], sent_as="first") == [1]


def test_a_scan_is_changed_removed_and_brought_back(queues: DeskQueues) -> None:
    """A removed scan keeps its number and its place, can't be changed, and comes back with those of its moment."""
    queue = queues.open_queue(1, "ben", at(1)).queue_id
    queues.add_scans(queue, [(at(2), tag, "{}") for tag in ("A", "B", "C")])
    assert queues.change_scan(queue, 1, '{"tag":"X"}')
    assert queues.remove_scans(queue, [1, 2], at(3)) == 2
    assert queues.remove_scans(queue, [2, 3], at(4)) == 1
    assert not queues.change_scan(queue, 1, "{}")
    assert not queues.change_scan(queue, 9, "{}")
    assert queues.restore_scans(queue, at(3)) == 2
    assert queues.scans(queue) == [
        ScanRow(1, at(2), "A", '{"tag":"X"}'),
        ScanRow(2, at(2), "B", "{}"),
        ScanRow(3, at(2), "C", "{}", at(4)),
    ]
    queues.remove_scans(queue, [1, 2], at(5))
    assert queues.add_scans(queue, [(at(6), "D", "{}")]) == [4]


def test_a_closed_queue_takes_nothing(queues: DeskQueues) -> None:
    """Whoever comes too late is told, however they want to change it, and the queue stays what was committed."""
    queue = queues.open_queue(1, "ben", at(1)).queue_id
    queues.add_scans(queue, [(at(2), "A", "{}"), (at(2), "B", "{}")], sent_as="first")
    queues.remove_scans(queue, [2], at(3))
    assert queues.close_queue(queue, at(4), None)
    before = (queues.queue(queue), queues.scans(queue))
    with pytest.raises(desk_errors.QueueClosed):
        queues.add_scans(queue, [(at(5), "C", "{}")])
    with pytest.raises(desk_errors.QueueClosed):
        queues.change_scan(queue, 1, '{"tag":"X"}')
    with pytest.raises(desk_errors.QueueClosed):
        queues.remove_scans(queue, [1], at(5))
    with pytest.raises(desk_errors.QueueClosed):
        queues.restore_scans(queue, at(3))
    assert not queues.close_queue(queue, at(5), 7)
    assert (queues.queue(queue), queues.scans(queue)) == before
