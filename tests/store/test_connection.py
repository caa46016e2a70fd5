"""A connection has the settings it promises, does what its purpose needs and nothing else, and alone ends transactions.

What the authorizer refuses is tried again without it: there the same words must have an effect, or refusing them
would prove nothing.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.store import connection as connection_module
from assettrack.store.connection import Connection, DatabaseSettings, Purpose
from assettrack.store.driver_errors import driver_errors
from assettrack.store.migrations import latest
from tests.faults.failing_statements import Fault, failing_statement
from tests.faults.simulated_disk import SimulatedDisk, mounted
from tests.store.conftest import SqliteFile
from tests.store.databases import all_of

NEW_HOLDER = "INSERT INTO holders(holder_id, name, name_key) VALUES (7, 'Gus', 'gus')"

ENDING_WORDS = (
    "COMMIT", "commit transaction", "END", "; COMMIT", "/* ours */ COMMIT -- now", "SELECT 1 WHERE 0; COMMIT",
    "ROLLBACK", "BEGIN", "BEGIN IMMEDIATE", "SAVEPOINT s", "RELEASE s", "ROLLBACK TO s",
)  # fmt: skip
"""Every way to say that a transaction begins, ends or has a part that does."""

CHANGING_WORDS = (
    "DROP TRIGGER audit_log_keeps",
    "DROP TABLE batches",
    "DROP INDEX slots_by_asset",
    "ALTER TABLE assets ADD COLUMN shade TEXT",
    "ALTER TABLE assets RENAME TO things",
    "CREATE TABLE notes(body TEXT)",
    "CREATE TEMP TABLE notes(body TEXT)",
    "CREATE INDEX assets_by_model ON assets(model)",
    "CREATE VIEW everyone AS SELECT name FROM holders",
    "CREATE TRIGGER more AFTER INSERT ON assets BEGIN SELECT 1; END",
    "CREATE TEMP TRIGGER more AFTER INSERT ON assets BEGIN SELECT 1; END",
    "CREATE VIRTUAL TABLE words USING fts5(body)",
    "ATTACH ':memory:' AS other",
    "REINDEX",
    "ANALYZE",
    "UPDATE audit_log SET body = 'x'",
    "DELETE FROM audit_log",
    "UPDATE audit_subtrees SET hash = zeroblob(32)",
    "UPDATE checkpoints SET note = 'x'",
    "DELETE FROM checkpoints",
    "DELETE FROM batches",
    "DELETE FROM assets",
    "UPDATE assets SET asset_tag = 'B-1'",
    "UPDATE slots SET slot_position = 9",
    "UPDATE cases SET slots = 1",
    "UPDATE holders SET holder_id = 9",
    "DELETE FROM holders",
    "UPDATE organisations SET name = 'x'",
    "DELETE FROM settings",
    "UPDATE settings SET name = 'x'",
    "UPDATE handovers SET holder_id = 2",
    "DELETE FROM handovers",
    "UPDATE counts SET count_id = 9",
    "UPDATE receipts SET holder_id = 2",
    "UPDATE receipt_texts SET text = 'x'",
    "DELETE FROM corrections",
    "UPDATE contact_hashes SET holder_id = 2",
    "DELETE FROM contact_hashes",
    "UPDATE contacts SET holder_id = 2",
    "UPDATE station SET timezone = 'UTC'",
    "INSERT INTO schema_migrations VALUES (9, 'x', 'x')",
    "DELETE FROM schema_migrations",
)
"""What a station has no business doing to its database, as statements that could stand in a transaction."""

SETTING_WORDS = (
    "PRAGMA foreign_keys = OFF",
    "PRAGMA foreign_keys(0)",
    "PRAGMA main.synchronous = OFF",
    "PRAGMA SYNCHRONOUS = NORMAL",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA locking_mode = EXCLUSIVE",
    "PRAGMA recursive_triggers = OFF",
    "PRAGMA trusted_schema = ON",
    "PRAGMA ignore_check_constraints = ON",
    "PRAGMA writable_schema = ON",
    "PRAGMA query_only = OFF",
    "PRAGMA user_version = 9",
    "PRAGMA application_id = 9",
    "PRAGMA wal_checkpoint",
    "PRAGMA wal_autocheckpoint = 0",
    "PRAGMA optimize",
    "DETACH other",
)
"""Settings, some of which can be changed only outside a transaction."""

REFUSED_ANYHOW = (
    "VACUUM",
    "VACUUM INTO 'elsewhere.db'",
    "UPDATE sqlite_schema SET sql = ''",
    "SELECT load_extension('x')",
)
"""What SQLite itself refuses, in a transaction or with our settings."""


def driver_of(path: Path) -> apsw.Connection:
    """Return the driver's connection under the only one that is open to a file."""
    (found,) = (driver for driver in apsw.connections() if driver.db_filename("main") == str(path))
    return found


@pytest.fixture
def path(furnished_file: SqliteFile) -> Path:
    """Take a database with an asset, a slot and a holder in it."""
    return furnished_file.path


@pytest.fixture
def open_connection(path: Path) -> Iterator[Callable[[Purpose], Connection]]:
    """Return what opens a connection to it."""
    opened: list[Connection] = []

    def make(purpose: Purpose) -> Connection:
        opened.append(Connection(path, DatabaseSettings(), purpose))
        return opened[-1]

    yield make
    for connection in opened:
        connection.close()


Open = Callable[[Purpose], Connection]


def say(connection: Connection, words: str) -> None:
    """Say something inside a transaction that then ends well."""
    with connection.transaction():
        connection.rows(words)


def has_new_holder(path: Path) -> bool:
    """Tell whether `NEW_HOLDER` was saved."""
    with closing(apsw.Connection(str(path))) as connection:
        return bool(connection.execute("SELECT 1 FROM holders WHERE holder_id = 7").get)


@pytest.mark.parametrize("purpose", Purpose)
def test_the_settings_are_those_of_the_promise(path: Path, open_connection: Open, purpose: Purpose) -> None:
    """WAL, FULL, keys, triggers and distrust are on (DESIGN §9), and a lock is waited for 5 seconds."""
    open_connection(purpose)
    driver = driver_of(path)
    driver.authorizer = None
    expected = {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1, "trusted_schema": 0,
        "cell_size_check": 1, "locking_mode": "normal", "busy_timeout": 5000, "mmap_size": 0, "fullfsync": 1,
        "query_only": int(purpose is Purpose.READ),
    }  # fmt: skip
    assert {name: driver.pragma(name) for name in expected} == expected
    assert driver.config(apsw.SQLITE_DBCONFIG_DEFENSIVE, -1) == 1
    assert driver.readonly("main") == (purpose is Purpose.READ)


@pytest.mark.parametrize("synchronous", ["off", "normal", "full", "extra"])
def test_settings_can_be_others_to_simulate_faults(path: Path, synchronous: str) -> None:
    """What is given is what is set."""
    settings = DatabaseSettings(synchronous=synchronous, journal_mode="delete", busy_seconds=0.25)
    with closing(Connection(path, settings, Purpose.WRITE)):
        driver = driver_of(path)
        driver.authorizer = None
        found = [driver.pragma(name) for name in ("synchronous", "journal_mode", "busy_timeout")]
    assert found == [["off", "normal", "full", "extra"].index(synchronous), "delete", 250]


def test_a_setting_that_cannot_be_made_is_an_error() -> None:
    """SQLite answers with the mode it keeps and no error: a database in memory has no write-ahead log."""
    with (
        closing(Connection(Path(":memory:"), DatabaseSettings(), Purpose.MIGRATE)) as connection,
        pytest.raises(station_errors.StorageFailed, match="journal_mode is 'memory' and can't be made 'wal'"),
    ):
        connection.set_journal_mode()


def test_a_connection_that_cannot_be_set_up_is_closed() -> None:
    """Nothing stays open of it: a disk without shared memory can't have a log that many share."""
    with mounted(SimulatedDisk()) as vfs:
        settings = DatabaseSettings(vfs=vfs)
        with closing(Connection(Path("/d/a.db"), settings, Purpose.MIGRATE)) as connection, connection.transaction():
            connection.rows("CREATE TABLE cases(case_name)")
        with pytest.raises(station_errors.StorageFailed, match="journal_mode is 'delete'"):
            Connection(Path("/d/a.db"), settings, Purpose.WRITE)
        assert [driver for driver in apsw.connections() if driver.open_vfs == vfs] == []


def test_a_library_with_the_wal_bug_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before SQLite 3.51.3 two connections could destroy a file in WAL; other journals are not concerned."""
    assert connection_module.WAL_SAFE_VERSION == 3_051_003
    monkeypatch.setattr(connection_module, "WAL_SAFE_VERSION", apsw.SQLITE_VERSION_NUMBER + 1)
    with pytest.raises(station_errors.StorageFailed, match="update apsw"):
        Connection(path, DatabaseSettings(), Purpose.READ)
    Connection(path, DatabaseSettings(journal_mode="delete"), Purpose.READ).close()


@pytest.mark.parametrize("words", [*ENDING_WORDS, *CHANGING_WORDS, *SETTING_WORDS, *REFUSED_ANYHOW])
@pytest.mark.parametrize("purpose", [Purpose.READ, Purpose.WRITE])
def test_what_is_nobodys_business_is_refused(
    path: Path, open_connection: Open, furnished_file: SqliteFile, purpose: Purpose, words: str
) -> None:
    """The authorizer refuses it, whichever way it is said, and undoes what the transaction did before."""
    connection = open_connection(purpose)
    store = furnished_file.open()
    before = all_of(store)

    def after_a_write(run: Callable[[str], object]) -> None:
        with connection.transaction():
            if purpose is Purpose.WRITE:
                connection.rows(NEW_HOLDER)
            run(words)

    ways = (
        connection.rows,
        lambda said: list(connection.execute(said)),
        lambda said: connection.executemany(said, [()]),
        lambda said: list(connection.each(said, [()])),
    )
    for way in ways:
        with pytest.raises(errors.IntegrityError) as caught:
            after_a_write(way)
        assert isinstance(caught.value.__cause__, apsw.AuthError) == (words not in REFUSED_ANYHOW)
    assert all_of(store) == before
    assert not has_new_holder(path)


@pytest.mark.parametrize("words", [*ENDING_WORDS, *CHANGING_WORDS, *SETTING_WORDS])
def test_without_the_authorizer_it_is_not_refused_by_it(path: Path, open_connection: Open, words: str) -> None:
    """The twin: where the guard is gone the same words are refused by nothing but the rules of SQL, if at all."""
    open_connection(Purpose.WRITE)
    driver = driver_of(path)
    driver.authorizer = None
    if words in CHANGING_WORDS:
        driver.execute("BEGIN")
    with suppress(apsw.SQLError, apsw.ConstraintError):  # no such savepoint, say, or a trigger that says no
        driver.execute(words).fetchall()
    assert driver.config(apsw.SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, -1) == 0


def test_who_swallows_the_refusal_has_still_committed_nothing(path: Path, open_connection: Open) -> None:
    """A helper that says COMMIT and passes over the answer leaves the transaction as it is."""
    connection = open_connection(Purpose.WRITE)

    def careless_helper() -> None:
        with connection.transaction():
            connection.rows(NEW_HOLDER)
            for words in ENDING_WORDS:
                with suppress(apsw.Error):
                    connection.rows(words)
            assert connection.in_transaction
            raise LookupError

    with pytest.raises(LookupError):
        careless_helper()
    assert not connection.in_transaction
    assert not has_new_holder(path)


def test_without_the_authorizer_a_helper_commits(path: Path, open_connection: Open) -> None:
    """The twin: its COMMIT would save what the transaction did so far, and the store's own then fails."""
    connection = open_connection(Purpose.WRITE)
    driver_of(path).authorizer = None
    with pytest.raises(station_errors.DatabaseDamaged, match="no transaction is active"):
        say(connection, f"{NEW_HOLDER}; COMMIT")
    assert has_new_holder(path)


class _RememberingConnection(Connection):
    """A planted bug: it lets the driver remember its own words, prepared and authorized."""

    def _say(self, words: str) -> None:
        self._own_words = True
        self._driver.execute(words)
        self._own_words = False


@pytest.mark.parametrize("kind", [Connection, _RememberingConnection])
def test_a_word_said_once_is_not_remembered(path: Path, kind: type[Connection]) -> None:
    """A COMMIT that the connection said itself is not there for a helper to say again; with the planted bug it is."""
    saved_by_helper = kind is _RememberingConnection
    with closing(kind(path, DatabaseSettings(), Purpose.WRITE)) as connection:
        say(connection, "SELECT 1")
        with suppress(errors.AssetTrackError), connection.transaction():
            connection.rows(NEW_HOLDER)
            connection.rows("COMMIT")
    assert has_new_holder(path) == saved_by_helper


@pytest.mark.parametrize("purpose", [Purpose.READ, Purpose.WRITE])
def test_statements_run_in_a_transaction_or_not_at_all(path: Path, open_connection: Open, purpose: Purpose) -> None:
    """Outside of it a write would commit by itself, and a read would see another moment than the one before."""
    connection = open_connection(purpose)
    words = "SELECT 1" if purpose is Purpose.READ else NEW_HOLDER
    for run in (connection.rows, connection.execute, lambda said: connection.executemany(said, [()])):
        with pytest.raises(AssertionError, match="run in a transaction"):
            run(words)
    assert not has_new_holder(path)


def test_no_transaction_begins_inside_another(path: Path, open_connection: Open) -> None:
    """The inner one is refused before it does anything, and the outer one goes on."""
    connection = open_connection(Purpose.WRITE)
    with connection.transaction():
        connection.rows(NEW_HOLDER)
        with pytest.raises(AssertionError, match="inside another"), connection.transaction():
            pass
    assert has_new_holder(path)


def test_reading_works_for_every_purpose(open_connection: Open) -> None:
    """The guard lets through what looking needs: queries, recursion, functions, and reading the settings."""
    words = (
        "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 3) SELECT max(x) FROM n",
        "SELECT coalesce(max(seq), 0) FROM audit_log",
        "PRAGMA journal_mode",
        "PRAGMA user_version",
        "PRAGMA integrity_check(20)",
        "PRAGMA foreign_key_check",
    )
    for purpose in Purpose:
        connection = open_connection(purpose)
        with connection.transaction():
            found = [connection.rows(said) for said in words]
        assert found == [[(3,)], [(2,)], [("wal",)], [(latest(),)], [("ok",)], []]


@pytest.mark.parametrize("words", ["ATTACH ':memory:' AS other", "DETACH other", "SAVEPOINT s", "COMMIT"])
def test_migrations_too_have_one_file_and_one_transaction(open_connection: Open, words: str) -> None:
    """A migration may change the schema, but reach no other file, and end nothing."""
    connection = open_connection(Purpose.MIGRATE)
    with pytest.raises(station_errors.StateImpossible, match="not authorized"):
        say(connection, words)
    say(connection, "CREATE TABLE notes(body TEXT)")


DRIVER_ERRORS = [kind for kind in vars(apsw).values() if isinstance(kind, type) and issubclass(kind, apsw.Error)]


@pytest.mark.parametrize("kind", [*DRIVER_ERRORS, UnicodeDecodeError])
def test_no_error_of_the_driver_leaves_the_store(kind: type[Exception]) -> None:
    """Each of them, known or not, becomes an error of the catalogue that says that nothing was saved."""
    error = kind("utf-8", b"\xff", 0, 1, "odd") if kind is UnicodeDecodeError else kind("odd")
    with pytest.raises(errors.AssetTrackError, match="Nothing was saved") as caught, driver_errors(Path("a.db"), 5):
        raise error
    assert caught.value.__cause__ is error


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (apsw.BusyError, station_errors.DatabaseBusy),
        (apsw.LockedError, station_errors.DatabaseBusy),
        (apsw.NotADBError, station_errors.DatabaseForeign),
        (apsw.CorruptError, station_errors.DatabaseDamaged),
        (UnicodeDecodeError, station_errors.DatabaseDamaged),
        (apsw.SQLError, station_errors.DatabaseDamaged),
        (apsw.ConstraintError, station_errors.StateImpossible),
        (apsw.AuthError, station_errors.StateImpossible),
        (apsw.FullError, station_errors.StorageFailed),
        (apsw.IOError, station_errors.StorageFailed),
        (apsw.ReadOnlyError, station_errors.StorageFailed),
        (apsw.NoMemError, station_errors.StorageFailed),
    ],
)
def test_errors_of_the_driver_keep_their_meaning(kind: type[Exception], expected: type[Exception]) -> None:
    """Busy, damaged, refused and a failing disk call for different things, and have different exit codes."""
    error = kind("utf-8", b"\xff", 0, 1, "odd") if kind is UnicodeDecodeError else kind("odd")
    with pytest.raises(expected), driver_errors(Path("a.db"), 5):
        raise error


@pytest.mark.parametrize(
    ("purpose", "expected"),
    [(Purpose.READ, station_errors.StorageFailed), (Purpose.WRITE, station_errors.CommitUncertain)],
)
def test_only_what_wrote_is_uncertain_where_its_end_fails(
    sqlite_file: SqliteFile, purpose: Purpose, expected: type[Exception]
) -> None:
    """After a look at the database nothing can be half saved, so a failing disk is just that."""

    def failing_at(at: int) -> Fault:
        with (
            failing_statement(at, apsw.IOError("disk I/O error")) as fault,
            closing(Connection(sqlite_file.path, DatabaseSettings(), purpose)) as opened,
            opened.transaction(),
        ):
            opened.rows("SELECT 1")
        return fault

    last = failing_at(failing_at(0).count)
    assert (last.place, type(last.error)) == ("COMMIT", expected)
