"""Preview cannot write to the database, even by a bug: here its own code tries, in every way it could reach.

The file of scans that it previews is planted: asked for its rows, in the middle of the preview, it runs what a test
gives it, with the very snapshot that preview works on.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import apsw
import pytest

from assettrack.domain import station_errors
from assettrack.domain.deeds import Deed
from assettrack.domain.findings import Finding
from assettrack.domain.plans import Options
from assettrack.domain.validation import Cells
from assettrack.formats.scan_csv import ScanTable
from assettrack.services import intake
from assettrack.store.connection import Connection
from assettrack.store.snapshots import SqliteSnapshot, SqliteTransaction
from assettrack.store.sqlite import SqliteStore
from tests.store.conftest import SqliteFile
from tests.store.databases import all_of, entries, furnished
from tests.store.illegal_writes import LEGAL
from tests.store.stations import batch, created, its_signer, workplace

Bug = Callable[[SqliteSnapshot], None]

WRITES = (
    *(sql.partition(";")[0] for sql in LEGAL.values()),
    "DELETE FROM assets",
    "DROP TABLE audit_log",
    "CREATE TABLE notes(body TEXT)",
    "ALTER TABLE assets ADD COLUMN shade TEXT",
    "PRAGMA user_version = 9",
    "PRAGMA application_id = 9",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA wal_checkpoint(TRUNCATE)",
    "PRAGMA auto_vacuum = FULL",
    "PRAGMA incremental_vacuum",
    "REINDEX",
    "ANALYZE",
    "VACUUM",
)
"""Writes that the schema allows, and some that change the file by other means."""


class _OpenSnapshots(SqliteStore):
    """The real store; it remembers the snapshot that it gave out."""

    snapshot: SqliteSnapshot

    @contextmanager
    def read(self) -> Iterator[SqliteSnapshot]:
        """Open a snapshot, as the store does."""
        with super().read() as snapshot:
            self.snapshot = snapshot
            yield snapshot


class _Planted(ScanTable):
    """A file of scans that runs a bug before it gives its rows."""

    def __init__(self, bug: Callable[[], None], file: ScanTable) -> None:
        super().__init__(file.sha256)
        self._bug = bug
        self._file = file

    def rows(self) -> Iterator[Cells | Finding]:
        """Run the bug, then give the rows."""
        self._bug()
        yield from self._file.rows()


class Trial:
    """A database whose bytes are known, and previews of it with a bug in them."""

    def __init__(self, path: Path, plans: Path) -> None:
        self.path = path
        self._plans = plans
        self.before = self.bytes()

    def bytes(self) -> dict[str, bytes]:
        """Return what the files of the database hold; an empty one holds nothing, and shared memory is not theirs."""
        found = (self.path.with_name(self.path.name + ending) for ending in ("", "-wal", "-journal"))
        return {file.name: file.read_bytes() for file in found if file.exists() and file.stat().st_size}

    def preview(self, bug: Bug) -> None:
        """Preview a good file while its bug runs, and make sure that the preview is none the worse."""
        with closing(_OpenSnapshots(self.path, its_signer)) as store:
            planted = _Planted(lambda: bug(store.snapshot), batch(created("A-9")))
            plan = intake.preview(workplace(store, self._plans), planted, Options())
        assert plan.valid
        assert plan.rows == 1


@pytest.fixture(params=["part of it in the log", "all of it in the file"])
def trial(furnished_file: SqliteFile, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Trial]:
    """Furnish a database; whoever wrote it still has it open, so that part of it lies in the log, or has closed it."""
    writer = furnished_file.open()
    with writer.write() as transaction:
        transaction.save(Deed(entries(3)))
    in_log = request.param == "part of it in the log"
    if not in_log:
        writer.close()
    trial = Trial(furnished_file.path, tmp_path / "plans")
    assert ("station.db-wal" in trial.before) == in_log
    yield trial
    assert trial.bytes() == trial.before
    assert all_of(furnished_file.open())["log size"] == 3
    assert trial.bytes() == trial.before


def connection_of(snapshot: SqliteSnapshot) -> Connection:
    """Return the connection that a snapshot hides."""
    (found,) = (value for value in vars(snapshot).values() if isinstance(value, Connection))
    return found


def driver_of(snapshot: SqliteSnapshot) -> apsw.Connection:
    """Return the driver's connection under it, its authorizer taken off."""
    (found,) = (value for value in vars(connection_of(snapshot)).values() if isinstance(value, apsw.Connection))
    found.authorizer = None
    return found


def test_a_snapshot_has_nothing_to_write_with(trial: Trial) -> None:
    """It neither saves nor hands out what could."""

    def bug(snapshot: SqliteSnapshot) -> None:
        public = [name for name in dir(snapshot) if not name.startswith("_")]
        assert not {"save", "seal", "write", "commit", "execute", "connection"} & set(public)
        assert not any(isinstance(vars(snapshot).get(name), Connection | apsw.Connection) for name in public)

    trial.preview(bug)


def test_a_transaction_made_of_a_snapshot_saves_nothing(trial: Trial) -> None:
    """Who makes a transaction of the snapshot's connection is stopped at its first statement."""

    def bug(snapshot: SqliteSnapshot) -> None:
        with pytest.raises(apsw.AuthError):
            SqliteTransaction(connection_of(snapshot)).save(furnished(4))

    trial.preview(bug)


@pytest.mark.parametrize("sql", WRITES)
def test_the_connection_of_a_snapshot_refuses_to_write(trial: Trial, sql: str) -> None:
    """The authorizer says no; without it the connection does, and without that the file is open for reading only."""

    def bug(snapshot: SqliteSnapshot) -> None:
        connection = connection_of(snapshot)
        with pytest.raises((apsw.AuthError, apsw.SQLError)):
            connection.rows(sql)
        driver = driver_of(snapshot)
        for words in ("", "PRAGMA query_only = OFF", "ROLLBACK"):
            driver.execute(words)
            with suppress(apsw.Error):
                driver.execute(sql).fetchall()
        driver.execute("BEGIN")

    trial.preview(bug)


def test_a_snapshot_of_a_file_open_for_writing_would_be_written_to(trial: Trial, tmp_path: Path) -> None:
    """The twin: on a connection that may write, the same steps past the guard do change the file."""
    copy = tmp_path / "copy.db"
    with closing(_OpenSnapshots(trial.path, its_signer)) as store:
        with store.read() as snapshot:
            connection_of(snapshot).copy_to(copy)
        with closing(_OpenSnapshots(copy, its_signer)) as writing, writing.write() as transaction:
            driver_of(transaction).execute("UPDATE assets SET model = 'x'")
    with closing(_OpenSnapshots(copy, its_signer)) as store, store.read() as snapshot:
        assert {asset.model for _, _, asset in snapshot.all_assets()} == {"x"}


def test_there_is_no_other_way_into_the_file(trial: Trial) -> None:
    """Neither blobs nor backups, nor the same file attached again, write through a snapshot's connection."""

    def bug(snapshot: SqliteSnapshot) -> None:
        driver = driver_of(snapshot)
        driver.execute("PRAGMA query_only = OFF")
        with pytest.raises(apsw.ReadOnlyError):
            driver.blob_open("main", "audit_log", "body", 1, True)  # noqa: FBT003 - apsw's parameter: for writing
        driver.execute("ROLLBACK")
        with closing(apsw.Connection(":memory:")) as other:
            other.execute("CREATE TABLE notes(body TEXT)")
            backup = driver.backup("main", other, "main")
            with pytest.raises(apsw.ReadOnlyError):
                backup.step()
            with suppress(apsw.ReadOnlyError):  # it says so again
                backup.close()
        for name in (str(trial.path), f"file:{trial.path}?mode=rw"):
            with suppress(apsw.SQLError, apsw.CantOpenError, apsw.PermissionsError):
                driver.execute("ATTACH ? AS again", (name,))
                with pytest.raises(apsw.ReadOnlyError):
                    driver.execute("UPDATE again.assets SET model = 'x'")
                driver.execute("DETACH again")
        driver.execute("BEGIN")

    trial.preview(bug)


def test_a_preview_of_a_missing_database_makes_none(tmp_path: Path) -> None:
    """Looking never creates a file."""
    with closing(SqliteStore(tmp_path / "none.db", its_signer)) as store, pytest.raises(station_errors.DatabaseMissing):
        intake.preview(workplace(store, tmp_path / "plans"), batch(created("A-9")), Options())
    assert not (tmp_path / "none.db").exists()
