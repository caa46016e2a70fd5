"""Which files are opened and how: a file is told from what is none, read where nobody can write, and copied whole."""

import errno
import os
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.store.connection import Connection, DatabaseSettings, Purpose, file_exists
from assettrack.store.sqlite import SqliteStore
from tests.store.conftest import SqliteFile
from tests.store.stations import first_deed, its_signer

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
    with pytest.raises(station_errors.DatabaseForeign, match="folder"):
        file_exists(tmp_path)
    for name in ("x" * 300, "a\0b"):
        with pytest.raises(station_errors.StorageFailed):
            file_exists(tmp_path / name)


def test_a_folder_that_may_not_be_looked_into_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where another user's folder hides whether there is a file, it is the folder that is said, with what to do."""

    def refuse(_path: Path) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(station_errors.FolderUnusable, match=f"{tmp_path} can't be used: Permission denied"):
        file_exists(tmp_path / "a.db")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (errno.EACCES, station_errors.FolderUnusable),
        (errno.EROFS, station_errors.FolderUnusable),
        (errno.ENOSPC, station_errors.StorageFailed),
    ],
)
def test_a_place_where_no_database_can_be_is_told_from_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, kind: type[errors.AssetTrackError]
) -> None:
    """Setting up a station says which: the folder's rights, or the disk; and nothing is made."""

    def refuse(_path: Path, mode: int = 0) -> None:
        raise OSError(code, os.strerror(code), mode)

    monkeypatch.setattr(Path, "touch", refuse)
    with closing(SqliteStore(tmp_path / "a" / "a.db", its_signer)) as store, pytest.raises(kind):
        store.set_up(first_deed)
    assert [path.name for path in tmp_path.rglob("*")] == ["a"]


def test_a_copy_is_whole_though_the_log_was_not_written_back(path: Path, tmp_path: Path) -> None:
    """What still lies in the write-ahead log is in the copy; a failing disk is said as such."""
    with closing(Connection(path, DatabaseSettings(), Purpose.WRITE)) as connection:
        with connection.transaction():
            connection.rows(NEW_HOLDER)
        assert path.with_name("station.db-wal").stat().st_size > 0
        connection.copy_to(tmp_path / "copy.db")
        with pytest.raises(station_errors.StorageFailed):
            connection.copy_to(tmp_path / "no folder" / "copy.db")
    with closing(apsw.Connection(str(tmp_path / "copy.db"))) as copy:
        assert copy.execute(GUS).get == "Gus"
