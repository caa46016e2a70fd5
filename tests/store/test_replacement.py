"""A server notices that its file is gone, is another one, or tells another history; nothing is lost in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import apsw
import pytest

from assettrack.domain import station_errors
from assettrack.domain.deeds import Deed, Record
from assettrack.domain.desk_rows import Draft, Failures, SessionRow
from assettrack.domain.facts import Account
from assettrack.store.connection import Connection
from assettrack.store.desk import StationDesk
from assettrack.store.desk_file import DeskFile
from assettrack.store.replacement import SameFile, SeenLog, holds
from assettrack.store.shared import SharedStore
from assettrack.store.snapshots import SqliteTransaction
from assettrack.store.sqlite import SqliteStore
from tests.store.conftest import SqliteFile
from tests.store.databases import entries
from tests.store.stations import STATION, its_signer

Swap = Callable[[Path], None]


def remove(path: Path) -> None:
    """Take the file away."""
    path.unlink()


def rename_over(path: Path) -> None:
    """Rename a copy of the file, byte for byte the same, over it."""
    copy = path.with_name("copy")
    shutil.copy(path, copy)
    copy.replace(path)


def move_aside(path: Path) -> None:
    """Give the file another name, and put a copy in its place."""
    aside = path.with_name("aside")
    path.rename(aside)
    shutil.copy(aside, path)


SWAPS = pytest.mark.parametrize("swap", [remove, rename_over, move_aside])


@pytest.fixture
def shared(sqlite_file: SqliteFile) -> Iterator[SharedStore]:
    """Share the made-up station's database, as a server does."""
    sqlite_file.close()
    shared = SharedStore(lambda: SqliteStore(sqlite_file.path, its_signer))
    yield shared
    shared.close()


def add_entry(shared: SharedStore | SqliteStore) -> None:
    """Add an entry to the log."""
    with shared.write() as transaction:
        transaction.save(Deed(entries(transaction.log_size + 1)))


def size_of(shared: SharedStore | SqliteStore) -> int:
    """Return how many entries the log has."""
    with shared.read() as snapshot:
        return snapshot.log_size


@SWAPS
def test_a_database_that_was_swapped_is_neither_read_nor_written(
    shared: SharedStore, sqlite_file: SqliteFile, swap: Swap
) -> None:
    """Neither by a thread that has it open, nor by one that would open what lies there now."""
    add_entry(shared)
    lost = sqlite_file.path.with_name("lost")
    os.link(sqlite_file.path, lost)
    swap(sqlite_file.path)
    before = lost.read_bytes()
    with ThreadPoolExecutor(1) as other:
        for ask in (add_entry, size_of):
            with pytest.raises(station_errors.DatabaseReplaced, match="was replaced"):
                ask(shared)
            with pytest.raises(station_errors.DatabaseReplaced, match="was replaced"):
                other.submit(ask, shared).result()
    assert lost.read_bytes() == before
    if swap is not remove:
        with closing(SqliteStore(sqlite_file.path, its_signer)) as found:
            assert size_of(found) <= 2


def save_and(swap: Swap, transaction: SqliteTransaction, path: Path) -> None:
    """Add an entry, and swap the file then."""
    transaction.save(Deed(entries(transaction.log_size + 1)))
    swap(path)


@SWAPS
def test_what_is_being_written_while_it_is_swapped_is_not_saved(
    shared: SharedStore, sqlite_file: SqliteFile, swap: Swap
) -> None:
    """It is looked at once more before it is saved: the lost file does not get it either."""
    size_of(shared)
    lost = sqlite_file.path.with_name("lost")
    os.link(sqlite_file.path, lost)
    with pytest.raises(station_errors.DatabaseReplaced), shared.write() as transaction:
        save_and(swap, transaction, sqlite_file.path)
    shared.close()
    os.replace(lost, sqlite_file.path)  # noqa: PTH105 - put back by hand
    assert size_of(shared) == 1


def test_swapped_in_the_moment_of_saving_is_not_called_saved(sqlite_file: SqliteFile) -> None:
    """Nobody can know in which file it is then, and that is what is said."""
    sqlite_file.close()

    class SwappedWhileSaving(SqliteStore):
        @contextmanager
        def write(self) -> Iterator[SqliteTransaction]:
            with super().write() as transaction:
                yield transaction
            rename_over(self.path)

    with (
        closing(SharedStore(lambda: SwappedWhileSaving(sqlite_file.path, its_signer))) as shared,
        pytest.raises(station_errors.CommitUncertain, match="replaced just then"),
    ):
        add_entry(shared)


def test_another_file_stays_refused_and_a_missing_one_may_come_back(tmp_path: Path) -> None:
    """A thread may have opened the other one meanwhile; of one that was not there nothing can have been opened."""
    path, aside = tmp_path / "one", tmp_path / "aside"
    path.touch()
    same = SameFile(path)
    same.require()
    path.rename(aside)
    with pytest.raises(station_errors.DatabaseReplaced):
        same.require()
    aside.rename(path)
    same.require()
    path.rename(aside)
    path.touch()
    for _ in range(2):
        with pytest.raises(station_errors.DatabaseReplaced):
            same.require()
        os.replace(aside, path) if aside.exists() else None  # noqa: PTH105 - put back by hand
    same.forget()
    same.require()


def test_a_name_that_can_be_no_file_is_left_to_whoever_opens_it() -> None:
    """There is nothing to compare."""
    SameFile(Path("a\x00b")).require()


def overwrite(path: Path, source: Path) -> None:
    """Write another database over one, as a restore does: the file stays the same."""
    with (
        closing(apsw.Connection(str(source))) as new,
        closing(apsw.Connection(str(path))) as old,
        old.backup("main", new, "main") as backup,
    ):
        backup.step()


def test_another_history_in_the_same_file_is_noticed(shared: SharedStore, sqlite_file: SqliteFile) -> None:
    """As long as it is shorter than what was seen, of the same length, and once it has grown beyond."""
    old = sqlite_file.path.with_name("old")
    size_of(shared)
    shutil.copy(sqlite_file.path, old)
    for _ in range(2):
        add_entry(shared)
    overwrite(sqlite_file.path, old)
    for size in (1, 2, 3, 4):
        for ask in (add_entry, size_of):
            with pytest.raises(station_errors.DatabaseReplaced):
                ask(shared)
        with closing(SqliteStore(sqlite_file.path, its_signer)) as elsewhere, elsewhere.write() as transaction:
            assert transaction.log_size == size
            transaction.save(Deed(iter([Record(size + 1, None, None, None, b"another %d" % size)])))
    shared.close()
    assert size_of(shared) == 5


def test_what_another_process_saves_is_the_same_history(shared: SharedStore, sqlite_file: SqliteFile) -> None:
    """The command line works beside the server, a thread that reads for long beside one that writes."""
    size_of(shared)
    with closing(SqliteStore(sqlite_file.path, its_signer)) as elsewhere:
        add_entry(elsewhere)
    assert size_of(shared) == 2
    with ThreadPoolExecutor(1) as other, shared.read() as snapshot:
        other.submit(add_entry, shared).result()
        assert snapshot.log_size == 2
    assert size_of(shared) == 3


def test_a_checkpoint_that_is_missing_is_made_up_for_by_the_hashes(
    shared: SharedStore, sqlite_file: SqliteFile
) -> None:
    """Whoever deletes one from the tables damages the database, which is for the verification to tell."""
    add_entry(shared)
    with shared.read() as snapshot:
        note = snapshot.checkpoint_at_least(2)
    assert note is not None
    with closing(apsw.Connection(str(sqlite_file.path))) as connection:
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
        connection.execute("DELETE FROM checkpoints")
    assert size_of(shared) == 2
    with shared.read() as snapshot:
        assert holds(snapshot, SeenLog(2, note))
        assert not holds(snapshot, SeenLog(2, "no checkpoint at all"))
        assert not holds(snapshot, SeenLog(3, note))


@pytest.fixture
def desk_path(tmp_path: Path) -> Path:
    """Say where the desk's file is to be."""
    return tmp_path / "station.db.desk"


def desk_of(desk_path: Path, shared: SharedStore | None = None) -> StationDesk:
    """Set up a desk, beside a database or by itself."""
    log_seen = (lambda: None) if shared is None else (lambda: shared.seen)
    desk = StationDesk(DeskFile(desk_path, log_seen=log_seen))
    desk.set_up(STATION)
    return desk


@SWAPS
def test_a_desk_that_was_swapped_takes_no_scans(desk_path: Path, swap: Swap) -> None:
    """A scan that is shown as accepted is found again; so are sessions, and whoever opens the desk first now."""
    with closing(desk_of(desk_path)) as desk:
        desk.keep_preference(1, "theme", "dark")
        lost = desk_path.with_name("lost")
        os.link(desk_path, lost)
        swap(desk_path)
        before = lost.read_bytes()
        with ThreadPoolExecutor(1) as other:
            with pytest.raises(station_errors.DatabaseReplaced):
                desk.open_queue(1, "ben", NOW)
            with pytest.raises(station_errors.DatabaseReplaced):
                other.submit(desk.open_queue, 1, "ben", NOW).result()
            with pytest.raises(station_errors.DatabaseReplaced):
                other.submit(desk.open_queues).result()
        assert lost.read_bytes() == before


def change_and(do: Callable[[], object], connection: Connection) -> None:
    """Change something, and do something else then."""
    connection.rows("INSERT INTO desk_codes VALUES (1, 1)")
    do()


def test_a_desk_that_is_swapped_in_the_middle_of_a_change_does_not_say_that_it_is_kept(desk_path: Path) -> None:
    """Before it is saved, the change is undone."""
    file = DeskFile(desk_path)
    file.set_up(STATION)
    with closing(file):
        aside = desk_path.with_name("aside")
        with pytest.raises(station_errors.DatabaseReplaced), file.changing() as connection:
            change_and(lambda: desk_path.rename(aside), connection)
        aside.rename(desk_path)
        assert StationDesk(file).last_code(1) == 0


def test_a_desk_that_is_swapped_in_the_moment_of_saving_does_not_say_that_it_is_kept(
    desk_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What went into the lost file is nowhere."""
    with closing(desk_of(desk_path)) as desk:
        commit = Connection._commit  # noqa: SLF001 - nothing else is called in that moment

        def commit_and_swap(connection: Connection) -> None:
            commit(connection)
            rename_over(desk_path)

        monkeypatch.setattr(Connection, "_commit", commit_and_swap)
        with pytest.raises(station_errors.DatabaseReplaced):
            desk.keep_code(1, 1)


NOW = "2026-03-02T09:00:00.000000Z"


def remember(desk: StationDesk) -> None:
    """Let the desk remember some of everything."""
    desk.keep_session(SessionRow(b"s" * 32, 1, "ann", NOW, NOW, locked=False, address="192.0.2.1"))
    desk.keep_setup_link(b"l" * 32, NOW)
    desk.keep_draft(Draft("d", 1, NOW, "issue", "{}"))
    desk.begin_answer(1, "k", b"a" * 32, NOW, 1)
    desk.keep_preference(1, "signed_in_at", NOW)
    desk.keep_code(1, 100)
    desk.begin_try(["name ann"], NOW, lambda _, failed: (failed, 0))


def test_a_desk_goes_on_beside_the_history_it_was_kept_beside(shared: SharedStore, desk_path: Path) -> None:
    """Also where the log has grown since, and where nothing is known of the log because the desk is older than that."""
    add_entry(shared)
    with closing(desk_of(desk_path, shared)) as desk:
        remember(desk)
    for _ in range(2):
        add_entry(shared)
        with closing(desk_of(desk_path)) as desk, shared.read() as snapshot:
            assert not desk.settle_beside(snapshot)
            assert desk.session(b"s" * 32) is not None
    with closing(apsw.Connection(str(desk_path))) as connection:
        connection.execute("DELETE FROM desk_log")
    with closing(desk_of(desk_path)) as desk, shared.read() as snapshot:
        assert not desk.settle_beside(snapshot)
        assert desk.draft("d", 1) is not None


def accounts_of(*names: str) -> tuple[Account, ...]:
    """Return accounts of these names, numbered from 1."""
    return tuple(Account(number, name, name, "admin", active=1) for number, name in enumerate(names, 1))


def test_a_desk_forgets_what_was_said_about_another_history(shared: SharedStore, desk_path: Path) -> None:
    """Sessions, drafts and answers go. Scans wait for whoever has the account still, and for nobody else."""
    old = desk_path.with_name("old")
    with shared.write() as transaction:
        transaction.save(Deed(entries(2), facts=accounts_of("ann", "eve")))
    shared.close()
    shutil.copy(desk_path.with_name("station.db"), old)
    add_entry(shared)
    with closing(desk_of(desk_path, shared)) as desk:
        remember(desk)
        for number, name in enumerate(("ann", "ben", "cas"), 1):  # 2 is eve's there, and 3 nobody's
            desk.add_scans(desk.open_queue(number, name, NOW).queue_id, [(NOW, name, "{}")])
    shared.close()
    old.replace(desk_path.with_name("station.db"))
    with closing(desk_of(desk_path, shared)) as desk:
        with shared.read() as snapshot:
            assert desk.settle_beside(snapshot)
            assert not desk.settle_beside(snapshot)
        assert desk.session(b"s" * 32) is None
        assert desk.setup_link_made_at(b"l" * 32) is None
        assert desk.draft("d", 1) is None
        assert desk.begin_answer(1, "k", b"b" * 32, NOW, 1) is None
        assert desk.preference(1, "signed_in_at") is None
        assert not desk.keep_code(1, 100)
        assert desk.failures("name ann") == Failures(1, NOW)
        assert [each.name for each in desk.open_queues()] == ["ann"]
        assert desk.scans(desk.open_queue(2, "eve", NOW).queue_id) == []


def test_beside_a_log_that_ends_in_no_checkpoint_nothing_is_known(shared: SharedStore, desk_path: Path) -> None:
    """A damaged database is told by whoever reads it; the desk forgets, and has nothing to go by."""
    with closing(desk_of(desk_path, shared)) as desk:
        add_entry(shared)
        remember(desk)
    shared.close()
    with closing(apsw.Connection(str(desk_path.with_name("station.db")))) as connection:
        connection.config(apsw.SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
        connection.execute("DELETE FROM checkpoints")
    with closing(apsw.Connection(str(desk_path))) as connection:
        connection.execute("UPDATE desk_log SET size = 9")
    with closing(desk_of(desk_path, shared)) as desk, shared.read() as snapshot:
        assert desk.settle_beside(snapshot)
        assert not desk.settle_beside(snapshot)
        assert desk.session(b"s" * 32) is None
