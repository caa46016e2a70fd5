"""Files that were damaged, or changed past the store, end in an error of the catalogue and never in a guess."""

from contextlib import closing
from pathlib import Path

import apsw
import pytest

from assettrack.domain import station_errors
from assettrack.domain.deeds import Deed
from assettrack.store.sqlite import SqliteStore
from tests.store.conftest import SqliteFile
from tests.store.databases import all_of, entries
from tests.store.stations import its_signer


@pytest.fixture
def path(furnished_file: SqliteFile) -> Path:
    """Take a database with an asset, a slot and a holder in it."""
    return furnished_file.path


def change(path: Path, sql: str) -> None:
    """Change a file past the store and its rules."""
    with closing(apsw.Connection(str(path))) as connection:
        triggers = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")]
        connection.execute(";".join(f"DROP TRIGGER {name}" for name in triggers))
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute(sql)


def test_a_database_without_its_station_is_damaged(path: Path) -> None:
    """Nobody can say whose key it needs, so it is not written to."""
    change(path, "DELETE FROM station")
    store = SqliteStore(path, its_signer)
    with closing(store), pytest.raises(station_errors.DatabaseDamaged, match="station"), store.write():
        pass


def test_a_log_without_its_hashes_is_not_continued(sqlite_file: SqliteFile) -> None:
    """Where the hashes of the tree are gone, nothing can be signed that goes with what was signed before."""
    with sqlite_file.open().write() as transaction:
        transaction.save(Deed(entries(2, 300)))
    sqlite_file.close()
    change(sqlite_file.path, "DELETE FROM audit_subtrees")
    with pytest.raises(station_errors.DatabaseDamaged, match="log can't be continued"), sqlite_file.open().write():
        pass


@pytest.mark.parametrize("sql", ["UPDATE audit_log SET leaf = zeroblob(32) WHERE seq = 1", "DELETE FROM checkpoints"])
def test_a_log_that_was_not_signed_is_not_continued(path: Path, sql: str) -> None:
    """No deed is signed on top of hashes that lead to another root than was signed last."""
    change(path, sql)
    with (
        closing(SqliteStore(path, its_signer)) as store,
        pytest.raises(station_errors.DatabaseDamaged, match="another root"),
        store.write(),
    ):
        pass


def test_a_text_that_is_none_is_damage(path: Path) -> None:
    """Bytes that are no UTF-8 in a column of texts are said to be damage."""
    change(path, "UPDATE assets SET model = CAST(x'ff' AS TEXT)")
    with closing(store := SqliteStore(path, its_signer)), pytest.raises(station_errors.DatabaseDamaged):
        all_of(store)


def test_a_table_that_is_gone_is_damage(path: Path) -> None:
    """A query that finds no table says so, and not that the statement was wrong."""
    change(path, "DROP TABLE slots")
    with (
        closing(store := SqliteStore(path, its_signer)),
        pytest.raises(station_errors.DatabaseDamaged, match="no such table"),
    ):
        all_of(store)


def test_overwritten_pages_are_damage(path: Path) -> None:
    """A page of noise in the middle of the file is found as soon as it is read, and by the look at the file."""
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xa5" * 64
    path.write_bytes(content)
    with closing(store := SqliteStore(path, its_signer)), pytest.raises(station_errors.DatabaseDamaged):
        all_of(store)


OTHER_INDEX = "CREATE INDEX assets_by_serial_number ON assets(model)"
FAULTS = {
    "row 1 missing from index assets_by_serial_number": (
        "PRAGMA writable_schema = ON;"
        f"UPDATE sqlite_schema SET sql = '{OTHER_INDEX}' WHERE name = 'assets_by_serial_number'"
    ),
    "table assets refers to a row of holders that is not there": (
        "UPDATE assets SET status = 'IN_CUSTODY', holder_id = 9 WHERE asset_tag = 'A-2'"
    ),
}


@pytest.mark.parametrize("sentence", FAULTS)
def test_what_the_engine_finds_wrong_is_told(path: Path, sentence: str) -> None:
    """Broken indexes and keys each make a sentence."""
    change(path, FAULTS[sentence])
    with closing(store := SqliteStore(path, its_signer)), store.read() as snapshot:
        assert sentence in snapshot.file_faults()


def test_after_a_failure_the_store_works_on(path: Path) -> None:
    """A connection that met damage is not used again; once the damage is gone, the same store reads and writes."""
    sound = path.read_bytes()
    store = SqliteStore(path, its_signer)
    path.write_bytes(sound[:8192] + bytes(len(sound) - 8192))
    with pytest.raises(station_errors.DatabaseDamaged):
        all_of(store)
    path.write_bytes(sound)
    assert all_of(store)["log size"] == 2
    store.close()
