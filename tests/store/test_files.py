"""Which files are opened and how: a file is told from what is none, read where nobody can write, and copied whole."""

import os
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import apsw
import pytest

from assettrack.domain import errors
from assettrack.store.connection import Connection, DatabaseSettings, Purpose, file_exists
from tests.store.conftest import SqliteFile

NEW_HOLDER = "INSERT INTO holders(holder_id, name, name_key) VALUES (7, 'Gus', 'gus')"
GUS = "SELECT name FROM holders WHERE holder_id = 7"


@pytest.fixture
def path(furnished_file: SqliteFile) -> Path:
    """Take a database with an asset, a slot and a holder in it."""
    return furnished_file.path


@pytest.mark.parametrize("flag", [os.ST_RDONLY, 0, None], ids=["reading only", "writable", "not told"])
def test_where_nobody_can_write_a_database_is_read_alone(
    path: Path, monkeypatch: pytest.MonkeyPatch, flag: int | None
) -> None:
    """On a medium such as a CD it is read without the files that its journal needs beside it, and only there."""

    def statvfs(_path: Path) -> SimpleNamespace:
        if flag is None:
            raise OSError
        return SimpleNamespace(f_flag=flag)

    monkeypatch.setattr(os, "statvfs", statvfs)
    with closing(Connection(path, DatabaseSettings(), Purpose.READ)) as connection, connection.transaction():
        assert connection.rows("SELECT count(*) FROM assets") == [(2,)]
        beside = [file.name for file in path.parent.iterdir() if file != path]
    assert (beside == []) == (flag == os.ST_RDONLY)


def test_a_log_beside_the_database_is_always_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was committed and not written back belongs to the database, whatever the medium says of itself."""
    with closing(Connection(path, DatabaseSettings(), Purpose.WRITE)) as writer:
        with writer.transaction():
            writer.rows(NEW_HOLDER)
        monkeypatch.setattr(os, "statvfs", lambda _path: SimpleNamespace(f_flag=os.ST_RDONLY))
        with closing(Connection(path, DatabaseSettings(), Purpose.READ)) as reader, reader.transaction():
            assert reader.rows(GUS) == [("Gus",)]


def test_a_file_is_told_from_what_is_none(tmp_path: Path) -> None:
    """There, not there, something else, and what the system does not say, are four answers."""
    file = tmp_path / "a.db"
    assert not file_exists(file)
    file.touch()
    assert file_exists(file)
    assert not file_exists(file / "b.db")
    with pytest.raises(errors.DatabaseForeign, match="folder"):
        file_exists(tmp_path)
    for name in ("x" * 300, "a\0b"):
        with pytest.raises(errors.StorageFailed):
            file_exists(tmp_path / name)


def test_a_copy_is_whole_though_the_log_was_not_written_back(path: Path, tmp_path: Path) -> None:
    """What still lies in the write-ahead log is in the copy; a failing disk is said as such."""
    with closing(Connection(path, DatabaseSettings(), Purpose.WRITE)) as connection:
        with connection.transaction():
            connection.rows(NEW_HOLDER)
        assert path.with_name("station.db-wal").stat().st_size > 0
        connection.copy_to(tmp_path / "copy.db")
        with pytest.raises(errors.StorageFailed):
            connection.copy_to(tmp_path / "no folder" / "copy.db")
    with closing(apsw.Connection(str(tmp_path / "copy.db"))) as copy:
        assert copy.execute(GUS).get == "Gus"
