"""Tests of `assettrack.store.examination`."""

import apsw
import pytest

from assettrack.domain import station_errors
from assettrack.store import examination, migrations
from assettrack.store.examination import WANTED_PRAGMAS
from tests.store.conftest import SqliteFile


def test_the_engine_is_the_one_that_opens_the_file() -> None:
    """Versions are the driver's own, and the one that is installed is safe."""
    engine = examination.engine()
    assert (engine.sqlite, engine.apsw) == (apsw.sqlite_lib_version(), apsw.apsw_version())
    assert engine.safe


def test_an_engine_with_the_bug_is_not_safe(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite before 3.51.3 has the WAL-reset corruption bug (sqlite.org/wal.html)."""
    monkeypatch.setattr(apsw, "SQLITE_VERSION_NUMBER", 3_051_002)
    assert not examination.engine().safe


def test_a_good_file_is_as_it_is_wanted(sqlite_file: SqliteFile) -> None:
    """Every setting is read back as wanted, the schema is the newest and without fault, the size that of the file."""
    facts = examination.database_facts(sqlite_file.path)
    assert [(name, wanted) for name, wanted, _ in facts.pragmas] == list(WANTED_PRAGMAS)
    assert [found for _, _, found in facts.pragmas] == ["wal", 2, 1, 1, 0, 1]
    assert (facts.schema_version, facts.schema_faults) == (migrations.latest(), ())
    assert facts.size % 4096 == 0
    assert facts.size > 0


def test_what_is_otherwise_is_found(sqlite_file: SqliteFile) -> None:
    """Another journal mode and a dropped trigger are found."""
    connection = apsw.Connection(str(sqlite_file.path))
    connection.execute("DROP TRIGGER audit_log_keeps")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    facts = examination.database_facts(sqlite_file.path)
    assert facts.pragmas[0] == ("journal_mode", "wal", "delete")
    assert facts.schema_faults == ("The trigger audit_log_keeps is missing.",)


def test_looking_makes_no_file(sqlite_file: SqliteFile) -> None:
    """A file that is not there is not made by looking for it."""
    missing = sqlite_file.path.with_name("missing.db")
    with pytest.raises(station_errors.DatabaseMissing):
        examination.database_facts(missing)
    assert not missing.exists()
