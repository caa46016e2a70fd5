"""The fault harness itself, against plain SQLite: it clears the settings that are safe and convicts those that are not.

A harness that finds nothing proves nothing: beside every promise it checks stands a planted bug that it must catch.
"""

import collections
import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest

from tests.faults.failing_statements import Call, Fault, Trouble, failing_call, failing_statement, for_every_k
from tests.faults.power_cuts import Check, CutReport, Cuts, Damage, Violation, Workload, power_cuts
from tests.faults.simulated_disk import SECTOR_BYTES, Action, Operation, PowerCut, SimulatedDisk, mounted

DATABASE = "/data/batches.db"
BATCHES = 8
ROWS = 12


@dataclass(frozen=True, slots=True)
class Settings:
    """How a database is kept, and how often the workload commits."""

    journal_mode: str
    synchronous: str
    commits_each_row: bool = False


WAL_FULL = Settings("wal", "FULL")
DELETE_EXTRA = Settings("delete", "EXTRA")


@contextlib.contextmanager
def opened(vfs: str, settings: Settings) -> Iterator[apsw.Connection]:
    """Open the database on a simulated disk and close it in an orderly way, as far as there is power to."""
    connection = apsw.Connection(DATABASE, vfs=vfs)
    # The WAL index would need shared memory, which a VFS in Python has not; the other modes unlink only when shared.
    connection.pragma("locking_mode", "exclusive" if settings.journal_mode == "wal" else "normal")
    assert connection.pragma("journal_mode", settings.journal_mode) == settings.journal_mode
    connection.pragma("synchronous", settings.synchronous)
    connection.pragma("wal_autocheckpoint", 12)  # several checkpoints in each run
    yield connection
    connection.close()


def insert_batch(connection: apsw.Connection, batch: int) -> None:
    """Add the rows of one batch."""
    for row in range(ROWS):
        connection.execute("INSERT INTO entry VALUES (?, ?, ?)", (batch, row, f"body of {batch}-{row} " * 10))


def workload(settings: Settings) -> Workload[int]:
    """Commit batches one after the other, and acknowledge each once it is committed."""

    def work(vfs: str, acknowledge: Callable[[int], None]) -> None:
        with opened(vfs, settings) as connection:
            for batch in range(1, BATCHES + 1):
                if settings.commits_each_row:
                    insert_batch(connection, batch)
                else:
                    connection.execute("BEGIN IMMEDIATE")
                    insert_batch(connection, batch)
                    connection.execute("COMMIT")
                acknowledge(batch)

    return work


def check(settings: Settings) -> Check[int]:
    """Look for acknowledged batches that are missing, parts of batches and damage, and commit one batch more."""

    def look(vfs: str, acknowledged: Sequence[int]) -> list[Violation]:
        with opened(vfs, settings) as connection:
            found = []
            if (verdict := connection.pragma("integrity_check")) != "ok":
                found.append(Violation(Damage.CORRUPT, str(verdict)))
            rows = dict(connection.execute("SELECT batch, count(*) FROM entry WHERE batch > 0 GROUP BY batch"))
            found += [Violation(Damage.LOST, f"batch {batch}") for batch in acknowledged if batch not in rows]
            found += [Violation(Damage.PARTIAL, f"batch {batch}") for batch, count in rows.items() if count != ROWS]
            connection.execute("BEGIN IMMEDIATE; DELETE FROM entry WHERE batch = 0")
            insert_batch(connection, 0)
            connection.execute("COMMIT")
            return found

    return look


def cut(settings: Settings, cuts: Cuts | None = None) -> CutReport:
    """Cut the power of the workload, on a disk that holds the empty table from the start."""
    disk = SimulatedDisk()
    with mounted(disk) as vfs, opened(vfs, settings) as connection:
        connection.execute("CREATE TABLE entry (batch INTEGER, row INTEGER, body TEXT, UNIQUE (batch, row)) STRICT")
    report = power_cuts(workload(settings), check(settings), cuts, contents=disk.contents())
    print(settings, report)  # noqa: T201 - pytest shows it with -rP, and beside a failure
    return report


@pytest.mark.parametrize(
    "settings", [WAL_FULL, DELETE_EXTRA, Settings("truncate", "FULL"), Settings("persist", "FULL")], ids=str
)
def test_safe_settings_lose_nothing_at_any_point(settings: Settings) -> None:
    """Where every commit is synced, no cut loses, splits or damages anything, nor does a second cut during recovery."""
    report = cut(settings)
    assert report.is_clean, str(report)
    assert report.cuts >= 300
    assert report.second_cuts >= 100
    assert f"all {report.points} of {report.points} points x 3 seeds" in str(report)


@pytest.mark.parametrize(
    ("settings", "broken"),
    [
        (Settings("wal", "NORMAL"), "lost"),  # the WAL is not synced at commit
        (Settings("delete", "FULL"), "lost"),  # the journal's unlink is not synced: it comes back and rolls back
        (Settings("wal", "FULL", commits_each_row=True), "partial"),
        (Settings("delete", "OFF"), "corrupt"),
    ],
    ids=str,
)
def test_planted_bugs_are_convicted(settings: Settings, broken: str) -> None:
    """Settings that acknowledge too early lose batches, commits row by row split them, no sync at all does damage."""
    report = cut(settings, Cuts(seeds=range(2)))
    found = {"lost": report.lost, "partial": report.partial, "corrupt": report.corrupt}
    assert found.pop(broken) > report.cuts / 100
    if settings.synchronous != "OFF":
        assert set(found.values()) == {0}
        assert broken.upper() in report.examples[0]


def test_chosen_points_report_the_bound_instead_of_all() -> None:
    """A run over some of the points claims no more than 3 / N."""
    report = cut(WAL_FULL, Cuts(seeds=range(2), points=20, second_cuts=0))
    assert report.cuts == 40
    assert "20 of " in str(report)
    assert "fewer than 7.5e-02" in str(report)  # 3 / 40
    assert "all 20" not in str(report)


def test_reports_of_two_workloads_add_up() -> None:
    """Cuts, findings and points of several workloads are counted together."""
    one = CutReport(cuts=10, lost=1, examples=("a",), points=5, all_points=9, seeds=2)
    other = CutReport(cuts=7, partial=2, corrupt=3, examples=("b",), points=4, all_points=4, seeds=3, second_cuts=6)
    assert one + other == CutReport(17, 1, 2, 3, ("a", "b"), points=9, all_points=13, seeds=3, second_cuts=6)


def write(name: str, offset: int, data: bytes) -> Operation:
    """Write to the first file of a disk."""
    return Operation(Action.WRITE, name, 0, offset, data)


def survivors(disk: SimulatedDisk, cuts: int = 300) -> set[bytes | None]:
    """Return what may be left of `/d/f`; None stands for no such file."""
    return {disk.survivor(seed).get("/d/f") for seed in range(cuts)}


def test_synced_content_survives_every_cut() -> None:
    """Once a file is synced, every later cut leaves exactly that."""
    disk = SimulatedDisk({"/d/f": b"old" * 1000})
    disk.perform(write("/d/f", 100, b"new" * 700))
    disk.perform(Operation(Action.SYNC, "/d/f", 0))
    assert survivors(disk) == {disk.contents()["/d/f"]}


def test_unsynced_sectors_are_kept_lost_or_garbage_each_on_its_own() -> None:
    """Two sectors written once and not synced are seen new, old and as garbage, and one new beside one old."""
    old, new = b"o" * SECTOR_BYTES, b"n" * SECTOR_BYTES
    disk = SimulatedDisk({"/d/f": old * 2})
    disk.perform(write("/d/f", 0, new * 2))
    left = survivors(disk)
    assert {old + old, old + new, new + old, new + new} < left
    assert any(content and content[:SECTOR_BYTES] not in {old, new} for content in left)


def test_a_sector_written_twice_may_hold_the_version_in_between() -> None:
    """The disk may have written out a sector between two writes; a file that grew may be short, or zeros at its end."""
    disk = SimulatedDisk({"/d/f": b""})
    disk.perform(write("/d/f", 0, b"1" * SECTOR_BYTES))
    disk.perform(write("/d/f", 0, b"2" * SECTOR_BYTES))
    assert {b"", *(digit * SECTOR_BYTES for digit in (b"\0", b"1", b"2"))} < survivors(disk)


def test_bytes_beside_a_write_are_never_damaged() -> None:
    """A write of part of a sector leaves the rest of that sector as it was, even where the part turns to garbage."""
    disk = SimulatedDisk({"/d/f": b"o" * SECTOR_BYTES})
    disk.perform(write("/d/f", 100, b"n" * 50))
    for content in survivors(disk):
        assert content is not None
        assert content[:100] + content[150:] == b"o" * (SECTOR_BYTES - 50)


def test_an_unsynced_truncation_is_done_or_undone_but_never_half() -> None:
    """Either the old content is there in full, or the new length."""
    old = bytes(range(256)) * 8
    disk = SimulatedDisk({"/d/f": old})
    disk.perform(Operation(Action.TRUNCATE, "/d/f", 0, 700))
    assert survivors(disk) == {old, old[:700]}


def test_names_are_certain_only_once_their_directory_is_synced() -> None:
    """A new file may be missing and an unlinked one be back, until that directory, and not another, is synced."""
    disk = SimulatedDisk()
    disk.perform(Operation(Action.CREATE, "/d/f"))
    disk.perform(Operation(Action.SYNC_DIRECTORY, "/elsewhere"))
    assert survivors(disk) == {None, b""}
    disk.perform(Operation(Action.SYNC_DIRECTORY, "/d"))
    assert survivors(disk) == {b""}
    disk.perform(Operation(Action.UNLINK, "/d/f"))
    assert survivors(disk) == {None, b""}
    disk.perform(Operation(Action.SYNC_DIRECTORY, "/d"))
    assert survivors(disk) == {None}


@pytest.mark.parametrize(("settings", "is_synced"), [(DELETE_EXTRA, True), (Settings("delete", "FULL"), False)])
def test_directories_are_synced_where_sqlite_syncs_them(settings: Settings, *, is_synced: bool) -> None:
    """A new journal's first sync includes its directory; its unlink does only with synchronous=EXTRA."""
    disk = SimulatedDisk()
    with mounted(disk) as vfs, opened(vfs, settings) as connection:
        connection.execute("CREATE TABLE entry (batch)")
        history = [(operation.action, operation.name) for operation in disk.history]
    journal = f"{DATABASE}-journal"
    first_sync = history.index((Action.SYNC, journal))
    assert history[first_sync + 1] == (Action.SYNC_DIRECTORY, "/data")
    assert history.count((Action.SYNC_DIRECTORY, "/data")) == 1 + is_synced
    assert (history[-2:] == [(Action.UNLINK, journal), (Action.SYNC_DIRECTORY, "/data")]) == is_synced


def test_the_same_history_and_seed_leave_the_same_disk() -> None:
    """A failure can be repeated from what its report says; another seed is another fate."""
    disk, again = SimulatedDisk(), SimulatedDisk()
    with mounted(disk) as vfs, opened(vfs, WAL_FULL) as connection:
        connection.execute("CREATE TABLE entry (batch)")
        for operation in disk.history:
            again.perform(operation)
        left = [disk.survivor(seed) for seed in range(20)]
    assert [again.survivor(seed) for seed in range(20)] == left


def test_what_is_still_open_at_the_end_is_dropped_not_closed() -> None:
    """A connection that nobody closed cannot tidy up: its WAL stays."""
    disk = SimulatedDisk()
    with contextlib.suppress(KeyboardInterrupt), mounted(disk) as vfs, opened(vfs, WAL_FULL) as connection:
        connection.execute("CREATE TABLE entry (batch)")
        raise KeyboardInterrupt
    assert f"{DATABASE}-wal" in disk.contents()


@pytest.mark.parametrize("settings", [WAL_FULL, DELETE_EXTRA], ids=str)
def test_a_program_on_a_dead_disk_changes_nothing_more(settings: Settings) -> None:
    """After an armed cut every call raises, closing and rolling back leave no trace, and the replay agrees."""
    for cut_after in range(12, 40):
        disk = SimulatedDisk(cut_after=cut_after)
        with contextlib.suppress(PowerCut), mounted(disk) as vfs, opened(vfs, settings) as connection:
            connection.execute("CREATE TABLE entry (batch, row, body)")
            for batch in range(100):
                insert_batch(connection, batch)
        assert len(disk.history) == cut_after
        replayed = SimulatedDisk()
        for operation in disk.history:
            replayed.perform(operation)
        assert replayed.survivor(cut_after) == disk.survivor(cut_after)
        with pytest.raises(PowerCut):
            disk.perform(Operation(Action.CREATE, "/data/late"))


def test_two_connections_lock_each_other_out_as_on_a_real_disk() -> None:
    """One writer at a time; a commit waits for readers, and readers do not get past a waiting commit."""
    with mounted(SimulatedDisk()) as vfs, opened(vfs, DELETE_EXTRA) as one, opened(vfs, DELETE_EXTRA) as other:
        one.execute("CREATE TABLE entry (batch); INSERT INTO entry VALUES (1)")
        one.execute("BEGIN IMMEDIATE; INSERT INTO entry VALUES (2)")
        with pytest.raises(apsw.BusyError):
            other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN")
        assert other.execute("SELECT count(*) FROM entry").get == 1
        with pytest.raises(apsw.BusyError):
            one.execute("COMMIT")
        other.execute("COMMIT")
        with pytest.raises(apsw.BusyError):
            other.execute("SELECT count(*) FROM entry").fetchall()
        one.execute("COMMIT")
        assert other.execute("SELECT count(*) FROM entry").get == 2


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """Make a real database that holds batch 1 whole."""
    path = tmp_path / "db"
    with contextlib.closing(apsw.Connection(str(path))) as connection:
        connection.pragma("journal_mode", "wal")
        connection.execute("CREATE TABLE entry (batch INTEGER, row INTEGER, body TEXT)")
    commit_batch(path, 1)
    return path


def batches(path: Path) -> dict[int, int]:
    """Count the rows of each batch in a sound database."""
    with contextlib.closing(apsw.Connection(str(path))) as connection:
        assert connection.pragma("integrity_check") == "ok"
        return dict(connection.execute("SELECT batch, count(*) FROM entry GROUP BY batch"))


def commit_batch(path: Path, batch: int, vfs: str = "") -> None:
    """Commit one batch in one transaction with BEGIN, one statement a row, COMMIT."""
    with contextlib.closing(apsw.Connection(str(path), vfs=vfs or None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO entry VALUES (?, ?, 'body')", [(batch, row) for row in range(ROWS)])
        connection.execute("COMMIT")


@pytest.mark.parametrize("error", [apsw.FullError("full"), apsw.BusyError("busy"), KeyboardInterrupt()], ids=repr)
@pytest.mark.parametrize("lasting", [False, True])
def test_every_statement_and_binding_can_fail(database: Path, error: BaseException, *, lasting: bool) -> None:
    """Each set of bindings counts; the error comes out as it went in; nothing of the batch stays."""

    def run(at: int) -> Fault:
        with failing_statement(at, error, lasting=lasting) as fault:
            commit_batch(database, 2)
        return fault

    seen = collections.Counter[str]()

    def compare(fault: Fault) -> None:
        assert fault.error is error
        assert batches(database) == {1: ROWS}
        seen[fault.place] += 1

    assert for_every_k(run, compare) == ROWS + 2
    assert seen == {"BEGIN IMMEDIATE": 1, "INSERT INTO entry VALUES (?, ?, 'body')": ROWS, "COMMIT": 1}
    assert batches(database) == {1: ROWS, 2: ROWS}  # the run in which nothing failed


@pytest.mark.parametrize("trouble", [Trouble.IO, Trouble.FULL])
def test_every_call_to_the_file_system_can_fail(database: Path, trouble: Trouble) -> None:
    """Opening, writing, syncing, truncating and deleting all get their turn; a batch is there whole or not at all."""
    seen = set[str]()

    def run(at: int) -> Fault:
        with failing_call(at, trouble) as fault:
            commit_batch(database, at + 1, fault.vfs)
        return fault

    def compare(fault: Fault) -> None:
        seen.add(fault.place)
        assert isinstance(fault.error, apsw.IOError | apsw.FullError | apsw.CantOpenError)
        counts = batches(database)
        assert set(counts.values()) == {ROWS}
        if fault.place in {"open db", "open db-wal", "write db-wal"}:
            assert fault.at + 1 not in counts

    failures = for_every_k(run, compare)
    assert batches(database).keys() >= {1, failures + 2}  # the run in which nothing failed
    of_database = {"open db", "write db", "truncate db", "sync db"}
    assert seen == of_database | {"open db-wal", "write db-wal", "sync db-wal", "delete db-wal"}


def test_only_locks_can_be_busy(database: Path) -> None:
    """A lock that another holds stops a batch; SQLite never gets that answer from a write, so neither does a test."""
    with failing_call(1, Trouble.BUSY) as fault:
        commit_batch(database, 2, fault.vfs)
    assert isinstance(fault.error, apsw.BusyError)
    assert fault.place == "lock db"
    assert batches(database) == {1: ROWS}
    with pytest.raises(ValueError, match="only a lock"), failing_call(1, Trouble.BUSY, calls={Call.WRITE}):
        pass


def test_trouble_lasts_until_the_end_of_the_block_and_no_longer(database: Path) -> None:
    """After the first failure the same calls keep failing; afterwards even a connection from inside works."""
    hooks = list(apsw.connection_hooks)
    with failing_call(1, Trouble.FULL, calls={Call.WRITE}, lasting=True) as fault:
        for _ in range(3):
            with pytest.raises(apsw.FullError):
                commit_batch(database, 2, fault.vfs)
    with failing_statement(1, apsw.FullError("full"), lasting=True) as fault:
        connection = apsw.Connection(str(database))
        connection.execute("SELECT 1")
    assert fault.fired
    assert connection.execute("SELECT count(*) FROM entry").get == ROWS
    assert apsw.connection_hooks == hooks


def test_faults_that_miss_their_target_are_an_error() -> None:
    """A loop in which nothing ever failed must not pass for a proof."""
    with pytest.raises(AssertionError, match="no fault fired"):
        for_every_k(Fault, lambda _: None)


def test_an_error_of_the_code_itself_is_not_swallowed() -> None:
    """What leaves the block before the fault has fired is nobody's fault but the code's."""
    with pytest.raises(KeyError), failing_statement(99, apsw.FullError("full")):
        raise KeyError("a mistake")
