"""Setting a database up and bringing it up to date: in one transaction, only by init, and never what is not ours."""

import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import sha256
from itertools import count
from pathlib import Path

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.deeds import Deed
from assettrack.station.keys import StationSigner
from assettrack.store import migrations
from assettrack.store.connection import APPLICATION_ID, DatabaseSettings
from assettrack.store.migrations import MigrationStep
from assettrack.store.sqlite import SqliteStore
from tests.store.conftest import SqliteFile
from tests.store.databases import all_of
from tests.store.stations import first_deed, its_signer

NEXT = migrations.latest() + 1
NOTES = "CREATE TABLE notes(body TEXT) STRICT"
NEXT_STEP = MigrationStep(NEXT, f"{NEXT:04}_notes.sql", f"{NOTES}; INSERT INTO notes VALUES ('migrated')")
BROKEN_STEP = MigrationStep(NEXT, f"{NEXT:04}_broken.sql", f"{NOTES}; CREATE TABLE assets(body TEXT)")


def store_at(path: Path, settings: DatabaseSettings | None = None) -> SqliteStore:
    """Return the store of a file."""
    return SqliteStore(path, its_signer, settings)


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask a file something, past the store."""
    with closing(apsw.Connection(str(path))) as connection:
        return connection.execute(sql).fetchall()


def mode(path: Path) -> int:
    """Return who may do what with a file."""
    return stat.S_IMODE(path.stat().st_mode)


def no_deed() -> tuple[Deed, StationSigner]:
    """Stand in for a first deed where none is asked for."""
    raise AssertionError("a first deed is asked for though there is a database")


@pytest.fixture
def path(furnished_file: SqliteFile) -> Path:
    """Take a database with an asset, a slot and a holder in it."""
    return furnished_file.path


@contextmanager
def with_steps(*steps: MigrationStep) -> Iterator[None]:
    """Let the program be of a later version, with these steps after its own."""
    later = (*migrations.steps(), *steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "steps", lambda: later)
        migrations.expected_schema.cache_clear()
        yield
    migrations.expected_schema.cache_clear()


def test_steps_are_numbered_from_one_without_gaps() -> None:
    """The number is in the name of the file, and each step knows the hash of its text."""
    steps = migrations.steps()
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert all(step.name.startswith(f"{step.number:04}_") and step.name.endswith(".sql") for step in steps)
    assert [step.sha256 for step in steps] == [sha256(step.sql.encode()).hexdigest() for step in steps]
    assert migrations.latest() == len(steps)


def test_a_new_database_is_ours_and_of_this_version(tmp_path: Path) -> None:
    """It carries the application's mark, the schema's number and the record of each step, and is in WAL mode."""
    path = tmp_path / "new" / "folder" / "station.db"
    assert store_at(path).set_up(first_deed) is True
    assert ask(path, "PRAGMA application_id") == [(APPLICATION_ID,)]
    assert ask(path, "PRAGMA user_version") == [(migrations.latest(),)]
    assert ask(path, "PRAGMA journal_mode") == [("wal",)]
    recorded = [(step.number, step.name, step.sha256) for step in migrations.steps()]
    assert ask(path, "SELECT number, name, sha256 FROM schema_migrations") == recorded


def test_a_new_database_is_private(tmp_path: Path) -> None:
    """Nobody but its owner can read the file, its log, or a folder that was made for it."""
    store = store_at(tmp_path / "new" / "station.db")
    store.set_up(first_deed)
    with store.write(), store.read():
        made = sorted(file.name for file in store.path.parent.iterdir())
        assert made == ["station.db", "station.db-shm", "station.db-wal"]
        assert {mode(store.path.with_name(name)) for name in made} == {0o600}
    store.close()
    assert mode(store.path.parent) == 0o700


def test_a_second_run_changes_nothing(path: Path) -> None:
    """Where the database is of this version there is nothing to do, and no station is made."""
    before = path.read_bytes()
    assert store_at(path).set_up(no_deed) is False
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["station.db"]


def test_a_first_run_that_fails_leaves_nothing(tmp_path: Path) -> None:
    """A station that could not be made leaves no tables, and the next run makes the database whole."""
    store = store_at(tmp_path / "station.db")

    def no_key() -> tuple[Deed, StationSigner]:
        raise station_errors.KeyUnusable("station.key", "there is no room for it")

    with pytest.raises(station_errors.KeyUnusable):
        store.set_up(no_key)
    assert ask(store.path, "SELECT * FROM sqlite_schema") == []
    with pytest.raises(station_errors.DatabaseMissing), store.read():
        pass
    store.close()
    assert store.set_up(first_deed) is True
    assert all_of(store)["log size"] == 1
    store.close()


@pytest.mark.parametrize("begin", ["read", "write"])
def test_only_init_makes_or_migrates_a_database(tmp_path: Path, path: Path, begin: str) -> None:
    """Reading and writing a file that is not there make none; one of an older version is left as it is."""
    with pytest.raises(station_errors.DatabaseMissing), getattr(store_at(tmp_path / "none.db"), begin)():
        pass
    assert not (tmp_path / "none.db").exists()
    before = path.read_bytes()
    store = store_at(path)
    with (
        with_steps(NEXT_STEP),
        pytest.raises(station_errors.DatabaseVersionDiffers, match="Run init"),
        getattr(store, begin)(),
    ):
        pass
    store.close()
    assert path.read_bytes() == before


def test_an_older_database_is_copied_and_brought_up_to_date(path: Path) -> None:
    """The missing steps are run, the copy holds what was there before, and nobody else can read it."""
    store, before = store_at(path), path.read_bytes()
    state = all_of(store)
    store.close()
    with with_steps(NEXT_STEP):
        assert store.set_up(no_deed) is False
        assert all_of(store) == state
        with store.read() as snapshot:
            assert list(snapshot.schema_faults()) == []
        store.close()
        assert store.set_up(no_deed) is False
    assert ask(path, "SELECT body FROM notes") == [("migrated",)]
    assert ask(path, "PRAGMA user_version") == [(NEXT,)]
    copy = path.with_name(f"station.db.before-schema-{NEXT}")
    assert mode(copy) == 0o600
    copied, original = store_at(copy), store_at(Path(shutil.copy(copy, path.with_name("again.db"))))
    assert all_of(copied) == all_of(original) == state
    copied.close()
    original.close()
    assert len(copy.read_bytes()) == len(before)


def test_a_step_that_fails_leaves_the_database_as_it_was(path: Path) -> None:
    """All steps are one transaction: what the broken one did before it failed is gone too."""
    before = path.read_bytes()
    with with_steps(BROKEN_STEP), pytest.raises(station_errors.DatabaseDamaged, match="already exists"):
        store_at(path).set_up(no_deed)
    assert path.read_bytes() == before
    with closing(store_at(path)) as store:
        assert all_of(store)["log size"] == 2


@pytest.mark.parametrize("begin", ["read", "write", "set_up"])
def test_a_newer_database_is_left_alone(path: Path, begin: str) -> None:
    """A version that this program does not know is not opened, nor taken back."""
    with with_steps(NEXT_STEP):
        store_at(path).set_up(no_deed)
    before = path.read_bytes()
    check_left_alone(path, begin, station_errors.DatabaseVersionDiffers)
    assert path.read_bytes() == before


def check_left_alone(path: Path, begin: str, expected: type[errors.AssetTrackError]) -> None:
    """Make sure that a file is refused, whatever one tries to begin with it, and stays as it is."""
    before = path.read_bytes()
    with closing(store_at(path)) as store, pytest.raises(expected):
        start(store, begin)
    assert path.read_bytes() == before


def start(store: SqliteStore, begin: str) -> None:
    """Begin to read or to write, or set the database up."""
    if begin == "set_up":
        store.set_up(no_deed)
    else:
        getattr(store, begin)().__enter__()


FOREIGN = {
    "another program's database": "CREATE TABLE songs(title TEXT)",
    "another program's empty database": "PRAGMA user_version = 1; PRAGMA journal_mode = delete",
    "another kind of database": f"PRAGMA application_id = {APPLICATION_ID + 1}; PRAGMA user_version = 3",
}


@pytest.mark.parametrize("begin", ["read", "write", "set_up"])
@pytest.mark.parametrize("kind", [*FOREIGN, "a text", "a folder"])
def test_a_foreign_file_is_left_alone(tmp_path: Path, kind: str, begin: str) -> None:
    """What is not ours is refused and not touched, not even its journal mode."""
    path = tmp_path / "foreign.db"
    if kind == "a folder":
        path.mkdir()
        with pytest.raises(station_errors.DatabaseForeign):
            start(store_at(path), begin)
        return
    if kind == "a text":
        path.write_text("This is a list of laptops, and no database at all. " * 100)
    else:
        ask(path, FOREIGN[kind])
    check_left_alone(path, begin, station_errors.DatabaseForeign)


def test_an_empty_file_can_become_a_database(tmp_path: Path) -> None:
    """A file of no bytes is nobody's; it is missing as a database until init makes it one."""
    path = tmp_path / "station.db"
    path.touch()
    with pytest.raises(station_errors.DatabaseMissing), store_at(path).read():
        pass
    assert store_at(path).set_up(first_deed) is True


def test_a_file_that_cannot_be_made_is_an_error(tmp_path: Path) -> None:
    """Where the folder can't be made, the place is at fault, and the sentence says so."""
    (tmp_path / "file").touch()
    with pytest.raises(station_errors.FolderUnusable):
        store_at(tmp_path / "file" / "station.db").set_up(no_deed)


_vfs_numbers = count(1)


class _WaitingVFS(apsw.VFS):
    """The system's files; whoever waits for a lock is told of, and then waits for real."""

    def __init__(self, name: str, waits: threading.Event) -> None:
        super().__init__(name, "")
        self._waits = waits

    def xSleep(self, microseconds: int) -> int:  # noqa: N802 - SQLite's name
        """Tell that somebody waits."""
        self._waits.set()
        return super().xSleep(microseconds)


def test_two_first_runs_at_once_make_one_database(tmp_path: Path) -> None:
    """The slower one waits for the lock, finds the work done, and makes no second station."""
    path, waits, answers = tmp_path / "station.db", threading.Event(), list[bool]()
    name = f"waiting-{next(_vfs_numbers)}"
    vfs = _WaitingVFS(name, waits)
    slower = threading.Thread(
        target=lambda: answers.append(store_at(path, DatabaseSettings(vfs=name)).set_up(no_deed)), daemon=True
    )

    def while_another_waits() -> tuple[Deed, StationSigner]:
        slower.start()
        assert waits.wait(timeout=60)
        return first_deed()

    assert store_at(path).set_up(while_another_waits) is True
    slower.join(timeout=60)
    vfs.unregister()
    assert answers == [False]
    with closing(store_at(path)) as store:
        assert all_of(store)["log size"] == 1


TAMPERED = {
    "The trigger audit_log_keeps is missing.": "DROP TRIGGER audit_log_keeps",
    "The index slots_by_asset is missing.": "DROP INDEX slots_by_asset",
    "The table notes does not belong there.": "CREATE TABLE notes(body TEXT)",
    "The view everyone does not belong there.": "CREATE VIEW everyone AS SELECT name FROM holders",
    "The trigger assets_stay was changed.": (
        "DROP TRIGGER assets_stay; CREATE TRIGGER assets_stay BEFORE DELETE ON assets BEGIN SELECT 1; END"
    ),
    "The table batches was changed.": "ALTER TABLE batches ADD COLUMN shade TEXT",
    "The record of migrations is not that of this version.": "UPDATE schema_migrations SET sha256 = 'x'",
}


@pytest.mark.parametrize("sentence", TAMPERED)
def test_a_changed_schema_is_named(path: Path, sentence: str) -> None:
    """Whatever is missing, added or changed is said in a sentence, and nothing else."""
    ask(path, TAMPERED[sentence])
    with closing(store := store_at(path)), store.read() as snapshot:
        assert list(snapshot.schema_faults()) == [sentence]


def test_the_schema_that_is_expected_is_the_one_that_is_made(path: Path) -> None:
    """What is compared with is made by the same steps, and is all there is in a file."""
    found = {(kind, name): sql for kind, name, sql in ask(path, "SELECT type, name, sql FROM sqlite_schema") if sql}
    assert found == migrations.expected_schema()
