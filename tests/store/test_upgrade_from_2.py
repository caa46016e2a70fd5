"""A database of schema 2 is brought up to date by init: nothing of it changes, and accounts can then be made."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from assettrack.services import accounts, verification
from assettrack.store import migrations
from tests.services.desk import Desk, row
from tests.services.front_door import ANNS, PASSWORDS
from tests.store.test_upgrade import ask, no_deed

SAMPLE = (Path(__file__).parent / "samples" / "schema-2.sql").read_text(encoding="utf-8")
ENTRIES = 51
TABLES = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'schema_migrations'"


@pytest.fixture
def sample() -> Iterator[apsw.Connection]:
    """Hold the database of schema 2, as its own program left it, in memory."""
    with closing(apsw.Connection(":memory:")) as connection:
        connection.execute(SAMPLE)
        yield connection


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Make it in a file."""
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


def test_the_sample_is_of_the_schema_that_was_released(sample: apsw.Connection) -> None:
    """It is what the first two steps make, to the letter; they were released and are never edited."""
    steps = migrations.steps()[:2]
    with closing(apsw.Connection(":memory:")) as connection:
        for step in steps:
            connection.execute(step.sql)
        made = set(connection.execute(migrations.SCHEMA_OBJECTS))
    assert set(sample.execute(migrations.SCHEMA_OBJECTS)) == made
    recorded = sample.execute("SELECT * FROM schema_migrations ORDER BY number").fetchall()
    assert recorded == [(step.number, step.name, step.sha256) for step in steps]


def test_an_upgraded_database_verifies(path: Path, upgraded: Desk, sample: apsw.Connection) -> None:
    """Every row of every table is as it was, the new tables are empty, and the log leads to just that."""
    found = verification.verify(upgraded.workplace)
    assert (found.ok, found.entries) == (True, ENTRIES), found.message
    before = [str(name) for (name,) in sample.execute(TABLES)]
    filled = [table for table in before if sample.execute(f"SELECT count(*) FROM {table}").get]
    assert len(filled) >= 20
    for table in before:
        assert ask(path, f"SELECT * FROM {table}") == sample.execute(f"SELECT * FROM {table}").fetchall(), table
    added = {"accounts", "api_tokens", "credentials", "signature_hashes", "signatures"}
    assert {str(name) for (name,) in ask(path, TABLES)} - set(before) == added
    for table in added:
        assert ask(path, f"SELECT * FROM {table}") == []


def test_a_copy_of_the_old_database_is_kept(path: Path, upgraded: Desk, sample: apsw.Connection) -> None:
    """Beside it lies the database as it was, named by the step that came first."""
    copy = path.with_name("assettrack.db.before-schema-3")
    assert upgraded.log_size == ENTRIES
    assert ask(copy, "PRAGMA user_version") == [(2,)]
    for (table,) in sample.execute(TABLES).fetchall():
        assert ask(copy, f"SELECT * FROM {table}") == sample.execute(f"SELECT * FROM {table}").fetchall(), table


def test_work_goes_on_with_accounts(upgraded: Desk) -> None:
    """The station that had none gets its first admin, scans go on, and all of it verifies."""
    ann = accounts.set_up_first_admin(upgraded.workplace, PASSWORDS, "Ann", ANNS)
    upgraded.commit(row("Z1", at="11:00"))
    assert (ann.account_id, upgraded.log_size) == (1, ENTRIES + 4)
    found = verification.verify(upgraded.workplace)
    assert found.ok, found.message
