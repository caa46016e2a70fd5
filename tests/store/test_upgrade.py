"""A database of an earlier schema is brought up to date by init, and what its log says is then in the new tables."""

import errno
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import apsw
import pytest

from assettrack.domain import station_errors
from assettrack.domain.deeds import Deed
from assettrack.domain.facts import Handover, Organisation
from assettrack.domain.inventory import Custody
from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.services import verification
from assettrack.station.keys import StationSigner
from assettrack.store import migrations
from assettrack.store.connection import Connection, DatabaseSettings
from assettrack.store.migrations import MigrationStep
from assettrack.store.setting_up import KeptCopy, Upgrade, keep_copy
from assettrack.store.sqlite import SqliteStore
from tests.faults.failing_statements import CHANGING_CALLS, MAX_FAILURES, Call, Fault, Trouble, failing_call, for_some_k
from tests.sampling import Sample
from tests.services.desk import Desk, row

SAMPLE = (Path(__file__).parent / "samples" / "schema-1.sql").read_text(encoding="utf-8")
LOG = "SELECT seq, batch_id, asset_tag, identity, leaf, CAST(body AS BLOB) FROM audit_log ORDER BY seq"
KEPT = ("audit_subtrees", "batches", "cases", "checkpoints", "slots", "station")
"""Tables that both schemas have alike."""

BACKFILL = "-- What the log already says"
"""Where in its step the statements begin that fill the new tables and columns from the log."""


def no_deed() -> tuple[Deed, StationSigner]:
    """Stand in for a first deed where none is asked for."""
    raise AssertionError("a first deed is asked for though there is a database")


def ask(path: Path, sql: str) -> list[tuple[object, ...]]:
    """Ask a file something, past the store."""
    with closing(apsw.Connection(str(path))) as connection:
        return connection.execute(sql).fetchall()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make the database of schema 1, as its own program left it."""
    path = tmp_path / "assettrack.db"
    with closing(apsw.Connection(str(path))) as connection:
        connection.execute(SAMPLE)
        connection.execute("PRAGMA journal_mode = wal")
    return path


@pytest.fixture
def upgraded(path: Path) -> Iterator[Desk]:
    """Bring it up to date, and go to work there."""
    desk = Desk(path.parent, set_up=False)
    assert desk.store.set_up(no_deed) is False
    yield desk
    desk.store.close()


def test_the_sample_is_of_the_schema_that_was_released(path: Path) -> None:
    """The file is what the first step makes, to the letter; that step was released and is never edited."""
    (first, *_) = migrations.steps()
    with closing(apsw.Connection(":memory:")) as connection:
        connection.execute(first.sql)
        made = set(connection.execute(migrations.SCHEMA_OBJECTS))
    assert set(ask(path, migrations.SCHEMA_OBJECTS)) == made
    assert ask(path, "SELECT * FROM schema_migrations") == [(1, first.name, first.sha256)]


def test_an_upgraded_database_verifies(path: Path, upgraded: Desk) -> None:
    """The log, with every body and checkpoint as it was, leads to just what is in the new tables and columns."""
    found = verification.verify(upgraded.workplace)
    assert (found.ok, found.entries) == (True, 26), found.message
    with closing(apsw.Connection(":memory:")) as sample:
        sample.execute(SAMPLE)
        assert ask(path, LOG) == sample.execute(LOG).fetchall()
        for table in KEPT:
            assert ask(path, f"SELECT * FROM {table}") == sample.execute(f"SELECT * FROM {table}").fetchall(), table


def test_custody_is_told_from_the_log(upgraded: Desk) -> None:
    """Who has what since which entry, from which slot, and what each batch exchanged with whom, nothing accepted."""
    jane, zoe, bob = 1, 2, 3
    with upgraded.store.read() as snapshot:
        assert dict(snapshot.all_custody()) == {
            "A1": Custody(21, Place("C1", 4)),
            "A3": Custody(15, None),
            "A5": Custody(23, Place("C2", 2)),
        }
        exchanged = [(1, jane), (1, zoe), (1, bob), (2, jane), (2, zoe), (2, bob)]
        assert list(snapshot.facts(Handover)) == [Handover(batch, holder, None) for batch, holder in exchanged]
        assert list(snapshot.facts(Organisation)) == [Organisation(1, "Ad Hoc", "ad hoc")]
        assert {(holder.organisation_id, holder.identifier, holder.active) for holder in snapshot.all_holders()} == {
            (1, None, True)
        }


def test_work_goes_on_where_it_was(upgraded: Desk) -> None:
    """Assets given out before the upgrade come back to their slots after it, and the log still verifies."""
    upgraded.commit(row("A1", "RETURN", at="11:00", place=("C1", "4")) + row("A3", "RETIRE", at="11:00"), Options())
    found = verification.verify(upgraded.workplace)
    assert found.ok, found.message
    with upgraded.store.read() as snapshot:
        assert [tag for tag, _ in snapshot.all_custody()] == ["A5"]


def test_a_copy_of_the_old_database_is_kept(path: Path, upgraded: Desk) -> None:
    """Beside it lies the database as it was, schema and all; the store works on with the new one alone."""
    copy = path.with_name("assettrack.db.before-schema-2")
    assert ask(copy, "PRAGMA user_version") == [(1,)]
    with closing(apsw.Connection(":memory:")) as sample:
        sample.execute(SAMPLE)
        for (table,) in sample.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
            assert ask(copy, f"SELECT * FROM {table}") == sample.execute(f"SELECT * FROM {table}").fetchall(), table
    assert upgraded.log_size == 26


def test_a_copy_that_is_there_is_never_replaced(path: Path) -> None:
    """Whatever has the name of the copy stays as it is, it is named, and the database stays of its schema."""
    copy = path.with_name("assettrack.db.before-schema-2")
    copy.write_bytes(b"the only good copy")
    desk = Desk(path.parent, set_up=False)
    with pytest.raises(station_errors.CopyInTheWay, match=r"before-schema-2 is there already.*Move that file away"):
        desk.store.set_up(no_deed)
    assert copy.read_bytes() == b"the only good copy"
    assert ask(path, "PRAGMA user_version") == [(1,)]
    copy.unlink()
    copy.mkdir()
    with pytest.raises(station_errors.CopyInTheWay):
        desk.store.set_up(no_deed)
    copy.rmdir()
    assert desk.store.set_up(no_deed) is False
    assert ask(copy, "PRAGMA user_version") == [(1,)]
    assert sorted(each.name for each in path.parent.iterdir() if each.is_file()) == [path.name, copy.name]


def test_an_upgrade_is_told(path: Path) -> None:
    """From which schema to which, and where the copy is; a second run has nothing to tell."""
    told: list[Upgrade] = []
    desk = Desk(path.parent, set_up=False)
    desk.store.set_up(no_deed, told.append)
    desk.store.set_up(no_deed, told.append)
    assert told == [Upgrade(1, migrations.latest(), path.with_name("assettrack.db.before-schema-2"))]


@pytest.mark.parametrize("refusing", ["make_draft", "sync_file"])
def test_without_room_for_the_copy_nothing_is_changed(
    path: Path, monkeypatch: pytest.MonkeyPatch, refusing: str
) -> None:
    """The disk is full: the copy is named, no part of it is left, and the database stays of its schema."""

    def full(_: Path) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(f"assettrack.store.setting_up.{refusing}", full)
    with pytest.raises(station_errors.StorageFailed, match=r"before-schema-2 could not .*: the disk is full"):
        Desk(path.parent, set_up=False).store.set_up(no_deed)
    assert ask(path, "PRAGMA user_version") == [(1,)]
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_folder_that_can_not_be_synced_leaves_no_copy(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The copy has its name and its folder is not brought to the disk: it is gone again, and init can be run again."""

    def refuse(_: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr("assettrack.store.setting_up.sync_folder", refuse)
        with pytest.raises(station_errors.StorageFailed, match="before-schema-2 could not"):
            Desk(path.parent, set_up=False).store.set_up(no_deed)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    require_upgraded(path)


BROKEN = (*migrations.steps()[:1], MigrationStep(2, "0002_broken.sql", "NO SQL"))
"""The steps of a program whose second one fails."""


def require_upgraded(path: Path) -> None:
    """Run init again; the database is new then, and the copy beside it is of the old schema."""
    desk = Desk(path.parent, set_up=False)
    assert desk.store.set_up(no_deed) is False
    assert verification.verify(desk.workplace).ok
    desk.store.close()
    assert ask(path.with_name("assettrack.db.before-schema-2"), "PRAGMA user_version") == [(1,)]


def test_an_upgrade_that_is_refused_takes_its_copy_away(path: Path) -> None:
    """A step fails, all of it is undone, and the copy that was made for it is gone; the next init is not hindered."""
    with planted(BROKEN), pytest.raises(station_errors.DatabaseDamaged):
        Desk(path.parent, set_up=False).store.set_up(no_deed)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    require_upgraded(path)


def test_a_copy_that_a_killed_run_left_is_taken(path: Path) -> None:
    """It is the database as it is now, byte for byte, so it is the copy; one of an older state is in the way."""
    copy = path.with_name("assettrack.db.before-schema-2")
    with (
        planted(BROKEN),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr("assettrack.store.setting_up._give_up", lambda *_: None)
        with pytest.raises(station_errors.DatabaseDamaged):
            Desk(path.parent, set_up=False).store.set_up(no_deed)
    before = (copy.stat().st_ino, copy.read_bytes())
    ask(path, "PRAGMA user_version = 0; PRAGMA user_version = 1; CREATE TABLE later(word)")
    with pytest.raises(station_errors.CopyInTheWay, match="not the database as it is now"):
        Desk(path.parent, set_up=False).store.set_up(no_deed)
    ask(path, "DROP TABLE later")
    path.write_bytes(copy.read_bytes())
    require_upgraded(path)
    assert (copy.stat().st_ino, copy.read_bytes()) == before


def test_a_copy_that_is_taken_away_meanwhile_stops_the_upgrade(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No upgrade without a copy: whoever made it may have failed, and removed it before this run had the lock."""

    def keep_and_lose(connection: Connection, copy: Path) -> KeptCopy:
        kept = keep_copy(connection, copy)
        copy.unlink()
        return kept

    monkeypatch.setattr("assettrack.store.setting_up.keep_copy", keep_and_lose)
    with pytest.raises(station_errors.StorageFailed, match="taken away meanwhile"):
        Desk(path.parent, set_up=False).store.set_up(no_deed)
    assert ask(path, "PRAGMA user_version") == [(1,)]


@pytest.mark.parametrize("trouble", [Trouble.IO, Trouble.FULL])
@pytest.mark.parametrize("lasting", [False, True])
def test_an_upgrade_that_fails_anywhere_can_be_run_again(
    path: Path, sample: Sample, trouble: Trouble, *, lasting: bool
) -> None:
    """The old database with no copy in the way, or the new one with its copy; where it is uncertain init is advised.

    In `make test` some of all calls to the file system fail, each sync and one of each other kind among them and others
    in each run; in `make soak` each of them does.
    """
    template = path.read_bytes()
    copy = path.with_name("assettrack.db.before-schema-2")
    uncertain = 0
    calls = CHANGING_CALLS if trouble is Trouble.IO else {Call.WRITE}

    def run(at: int) -> Fault:
        for each in path.parent.iterdir():
            each.unlink()
        path.write_bytes(template)
        with failing_call(at, trouble, calls=calls, lasting=lasting) as fault:
            SqliteStore(path, no_key, DatabaseSettings(vfs=fault.vfs)).set_up(no_deed)
        return fault

    def compare(fault: Fault) -> None:
        nonlocal uncertain
        if isinstance(fault.error, station_errors.CommitUncertain):
            uncertain += 1
            assert "run init again" in str(fault.error)
        if fault.error is not None and not lasting:
            is_new = ask(path, "PRAGMA user_version") != [(1,)]
            assert copy.exists() is is_new, (fault.at, fault)
        require_upgraded(path)

    for_some_k(run, compare, lambda points: sample(points, 25, kind=lambda point: point.kind))
    compare(run(MAX_FAILURES))
    assert uncertain


def test_an_upgrade_of_which_nobody_knows_whether_it_is_done_advises_init(path: Path) -> None:
    """A sync of the commit fails for good: the error says what to do, and init then brings the database up to date."""
    template, told = path.read_bytes(), list[str]()
    for at in count(1):
        path.write_bytes(template)
        with failing_call(at, Trouble.IO, calls={Call.SYNC}, lasting=True) as fault:
            SqliteStore(path, no_key, DatabaseSettings(vfs=fault.vfs)).set_up(no_deed)
        if isinstance(fault.error, station_errors.CommitUncertain):
            told.append(str(fault.error))
        require_upgraded(path)
        for each in path.parent.iterdir():
            each.unlink()
        if not fault.fired:
            break
    assert told
    assert all("run init again" in each for each in told)


def no_key(_: str) -> StationSigner:
    """Stand in for a key where none is needed."""
    raise AssertionError("a key is asked for though nothing is signed")


def without_backfill(number: int) -> tuple[MigrationStep, ...]:
    """Return the steps of this version without one of the statements that fill the new tables."""
    first, second, *later = migrations.steps()
    schema, _, told = second.sql.partition(BACKFILL)
    statements = told.partition("\n")[2].split(";\n")
    del statements[number]
    return first, MigrationStep(second.number, second.name, schema + ";\n".join(statements)), *later


@contextmanager
def planted(steps: tuple[MigrationStep, ...]) -> Iterator[None]:
    """Let the program be one with these steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(migrations, "steps", lambda: steps)
        migrations.expected_schema.cache_clear()
        yield
    migrations.expected_schema.cache_clear()


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "Table organisations lacks (1,)"),
        (1, "Table assets"),
        (2, "Table assets says otherwise of A1"),
        (3, "Table handovers lacks (1, 1)"),
    ],
)
def test_without_any_part_of_the_backfill_verifying_complains(path: Path, number: int, said: str) -> None:
    """The twin: each statement that fills the new tables is needed, or the log leads to something else."""
    with planted(without_backfill(number)):
        desk = Desk(path.parent, set_up=False)
        desk.store.set_up(no_deed)
        found = verification.verify(desk.workplace)
        desk.store.close()
    assert (found.ok, found.first_bad_seq) == (False, None)
    assert said in found.message
