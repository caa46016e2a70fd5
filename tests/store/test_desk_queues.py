"""Queues of scans in the desk's file: one open for each account, nothing lost, nothing twice, nothing after the end."""

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import apsw
import pytest

from assettrack.domain import desk_errors
from assettrack.domain.desk_rows import AtOnce, Carried, QueueRow, ScanRow, Understood
from assettrack.store import desk_file
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
    assert queues.change_scans(queue, [(1, '{"tag":"X"}')], 1)
    assert queues.remove_scans(queue, [1, 2], at(3)) == 2
    assert queues.remove_scans(queue, [2, 3], at(4)) == 1
    assert queues.change_scans(queue, [(1, "{}"), (9, "{}")], 4)
    assert queues.restore_scans(queue, at(3)) == 2
    assert queues.scans(queue) == [
        ScanRow(1, at(2), "A", '{"tag":"X"}'),
        ScanRow(2, at(2), "B", "{}"),
        ScanRow(3, at(2), "C", "{}", at(4)),
    ]
    queues.remove_scans(queue, [1, 2], at(5))
    assert queues.add_scans(queue, [(at(6), "D", "{}")]) == [4]


def test_several_scans_are_changed_in_one_step_or_not_at_all(queues: DeskQueues) -> None:
    """With the context, on the revision they were looked at; a removed one stays as it was."""
    queue = queues.open_queue(1, "ben", at(1)).queue_id
    queues.add_scans(queue, [(at(2), tag, "{}") for tag in ("A", "B", "C")], "{}")
    queues.remove_scans(queue, [2], at(3))
    revision = queues.open_queue(1, "ben", at(4)).revision
    assert not queues.change_scans(queue, [(1, "[]")], revision - 1, '{"x":1}')
    assert [scan.meant for scan in queues.scans(queue)] == ["{}", "{}", "{}"]
    assert queues.change_scans(queue, [(1, "[]"), (2, "[]"), (3, "[]")], revision, '{"x":1}')
    assert [scan.meant for scan in queues.scans(queue)] == ["[]", "{}", "[]"]
    after = queues.open_queue(1, "ben", at(4))
    assert (after.revision, after.context) == (revision + 1, '{"x":1}')
    assert queues.change_scans(queue, [(1, "{}")], after.revision)
    assert queues.open_queue(1, "ben", at(4)).context == '{"x":1}'
    queues.begin_commit(queue, at(5))
    with pytest.raises(desk_errors.QueueCommitting):
        queues.change_scans(queue, [(1, "[]")], after.revision + 1)
    queues.end_commit(queue)
    queues.close_queue(queue, at(6), None)
    with pytest.raises(desk_errors.QueueClosed):
        queues.change_scans(queue, [(1, "[]")], after.revision + 1)


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
        queues.change_scans(queue, [(1, '{"tag":"X"}')], 2)
    with pytest.raises(desk_errors.QueueClosed):
        queues.remove_scans(queue, [1], at(5))
    with pytest.raises(desk_errors.QueueClosed):
        queues.restore_scans(queue, at(3))
    assert not queues.close_queue(queue, at(5), 7)
    assert (queues.queue(queue), queues.scans(queue)) == before


def test_the_context_changes_in_the_step_in_which_scans_go_and_come(queues: DeskQueues) -> None:
    """Or not at all, where the queue is another one by now; it stays where nothing is said of it."""
    queue = queues.open_queue(1, "ben", at(1)).queue_id
    queues.add_scans(queue, [(at(2), tag, "{}") for tag in ("A", "B")], '{"x":1}')
    assert queues.remove_scans(queue, [1], at(3), AtOnce([(1, "[]")], '{"x":2}', 1)) == 1
    assert queues.remove_scans(queue, [2], at(4), AtOnce((), '{"x":3}', 1)) is None
    assert queues.open_queue(1, "ben", at(4)).context == '{"x":2}'
    assert [scan.meant for scan in queues.scans(queue)] == ["[]", "{}"]
    assert queues.restore_scans(queue, at(3), AtOnce((), '{"x":1}', 2)) == 1
    assert queues.remove_scans(queue, [2], at(5)) == 1
    assert queues.open_queue(1, "ben", at(5)).context == '{"x":1}'


def test_what_was_worked_out_on_an_earlier_revision_is_not_done(queues: DeskQueues) -> None:
    """Taking scans out and bringing them back let others mean something else: on another queue that may be wrong."""
    queue = queues.open_queue(1, "ben", at(1)).queue_id
    queues.add_scans(queue, [(at(2), tag, "{}") for tag in ("A", "B")])
    queues.remove_scans(queue, [2], at(3))
    before = (queues.queue(queue), queues.scans(queue))
    revision = queues.open_queue(1, "ben", at(1)).revision
    assert queues.remove_scans(queue, [1], at(4), AtOnce([(2, "[]")], None, revision - 1)) is None
    assert queues.restore_scans(queue, at(3), AtOnce([(1, "[]")], None, revision - 1)) is None
    assert (queues.queue(queue), queues.scans(queue)) == before
    assert queues.restore_scans(queue, at(3), AtOnce([(1, "[]")], None, revision)) == 1


def test_scans_understood_on_an_earlier_revision_are_not_kept(queues: DeskQueues) -> None:
    """Each change counts; what was sent before is answered all the same, and what is undone goes in the same step."""
    queue = queues.open_queue(1, "ben", at(1)).queue_id
    scan = [(at(2), "A", "{}")]
    assert queues.add_scans(queue, scan, None, "first", Understood(0)) == [1]
    assert queues.add_scans(queue, scan, None, "second", Understood(0)) is None
    assert queues.add_scans(queue, scan, None, "first", Understood(0)) == [1]
    assert queues.add_scans(queue, [*scan, (at(3), "U", "{}")], None, None, Understood(1, [1, 2])) == [2, 3]
    assert [scan.removed_at for scan in queues.scans(queue)] == [at(3), at(3), None]
    assert queues.add_scans(queue, [(at(4), "U", "{}")], None, None, Understood(2, [], [(3, "[3]")])) == [4]
    assert [scan.meant for scan in queues.scans(queue)] == ["{}", "{}", "[3]", "{}"]
    before = queues.open_queue(1, "ben", at(1)).revision
    assert queues.change_scans(queue, [(3, "[]")], before)
    assert queues.open_queue(1, "ben", at(1)).revision == before + 1
    assert queues.remove_scans(queue, [3], at(4)) == 1
    assert queues.open_queue(1, "ben", at(1)).revision == before + 2
    assert queues.restore_scans(queue, at(4)) == 1
    assert queues.open_queue(1, "ben", at(1)).revision == before + 3


def test_while_a_queue_is_committed_it_takes_only_what_comes_after(queues: DeskQueues) -> None:
    """Its scans can't be changed, nor can it be marked or closed by anybody else; what came since can be changed."""
    queue = queues.open_queue(1, "ben", at(1)).queue_id
    queues.add_scans(queue, [(at(2), "A", "{}")], '{"case":"C"}')
    marked = queues.begin_commit(queue, at(3))
    assert marked is not None
    assert (marked.committing_below, marked.committing_context) == (2, '{"case":"C"}')
    for refused in (
        lambda: queues.begin_commit(queue, at(4)),
        lambda: queues.change_scans(queue, [(1, "[]")], marked.revision),
        lambda: queues.remove_scans(queue, [1, 2], at(4)),
        lambda: queues.restore_scans(queue, at(4)),
        lambda: queues.add_scans(queue, [(at(4), "U", "{}")], None, None, Understood(1, [1])),
        lambda: queues.add_scans(queue, [(at(4), "U", "{}")], None, None, Understood(1, [], [(1, "[]")])),
    ):
        with pytest.raises(desk_errors.QueueCommitting):
            refused()
    assert not queues.close_queue(queue, at(4), None)
    assert queues.add_scans(queue, [(at(4), "B", "{}"), (at(4), "B2", "{}")]) == [2, 3]
    assert queues.change_scans(queue, [(2, "[]")], queues.open_queue(1, "ben", at(4)).revision)
    assert queues.remove_scans(queue, [3], at(5)) == 1
    queues.end_commit(queue)
    assert queues.remove_scans(queue, [1], at(6)) == 1


def test_what_came_since_goes_on_to_the_next_queue_as_the_batch_closes(queues: DeskQueues) -> None:
    """In one step: the scans with their times and names, and the context; a queue to which nothing came has no next."""
    queue = queues.open_queue(1, "ben", at(1)).queue_id
    queues.add_scans(queue, [(at(2), "A", "{}")])
    queues.begin_commit(queue, at(3))
    queues.add_scans(queue, [(at(4), "B", "{}"), (at(4), "C", "{}")], '{"case":"D"}', "late")
    seen: list[tuple[int, int]] = []

    def carry(scans: Sequence[ScanRow], below: int) -> list[Carried]:
        seen.append((len(scans), below))
        return [Carried(3, 1, "[]")]

    assert queues.close_queue(queue, at(5), 7, None, carry)
    assert seen == [(3, 2)]
    assert [scan.typed for scan in queues.scans(queue)] == ["A", "B"]
    (following,) = queues.open_queues()
    assert (following.opened_at, following.context) == (at(5), '{"case":"D"}')
    assert queues.scans(following.queue_id) == [ScanRow(1, at(4), "C", "[]")]
    assert queues.add_scans(following.queue_id, [(at(6), "C", "{}")], None, "late") == [1]
    assert queues.begin_commit(queue, at(6)) is None
    queues.begin_commit(following.queue_id, at(6))
    assert queues.close_queue(following.queue_id, at(7), 8, None, lambda *_: [])
    assert queues.open_queues() == []
    others = queues.open_queue(1, "ben", at(8))
    assert not queues.close_queue(others.queue_id, at(9), None, others.revision + 1)
    assert queues.close_queue(
        others.queue_id, at(9), None, others.revision, carry
    )  # not being committed: nothing goes on


def test_a_desk_of_an_earlier_version_keeps_its_queues(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its scans wait as before, and the queue can be committed."""
    path = tmp_path / "old.desk"
    earlier = DeskFile(path)
    with monkeypatch.context() as before:
        before.setattr(desk_file, "_STEPS", ("0001_desk.sql", "0002_desk_log.sql"))
        before.setattr(desk_file, "SCHEMA_NUMBER", 2)
        earlier.set_up("assettrack-test0001")
    with earlier.changing() as connection:
        sql = "INSERT INTO desk_queues(account_id, name, opened_at, context, next_number) VALUES (1, 'ben', ?, '{}', 2)"
        connection.rows(sql, (at(1),))
        sql = "INSERT INTO desk_scans(queue_id, number, scanned_at, typed, meant) VALUES (1, 1, ?, 'A', '{}')"
        connection.rows(sql, (at(1),))
    earlier.close()
    now = DeskFile(path)
    now.set_up("assettrack-test0001")
    queues = DeskQueues(now)
    assert queues.open_queues() == [QueueRow(1, 1, "ben", at(1), "{}")]
    assert queues.scans(1) == [ScanRow(1, at(1), "A", "{}")]
    marked = queues.begin_commit(1, at(2))
    assert marked is not None
    assert marked.committing_below == 2
    now.close()
