"""A database on a disk that nobody can write to can be read: the auditor's CD."""

import os
from pathlib import Path

import pytest

from assettrack.domain import station_errors
from assettrack.store import connection
from assettrack.store.connection import DatabaseSettings, Purpose
from assettrack.store.sqlite import SqliteStore
from tests.store.stations import first_deed, its_signer


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database that was closed cleanly, with an awkward name."""
    path = tmp_path / "a ?#%.db"
    store = SqliteStore(path, its_signer)
    store.set_up(first_deed)
    store.close()
    return path


class _ReadOnly:
    f_flag = getattr(os, "ST_RDONLY", 1)


class _Writable:
    f_flag = 0


def _fails(_path: object) -> None:
    raise OSError


def test_it_is_read_without_the_files_that_wal_needs(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is put beside the database, and what is in it is read."""
    monkeypatch.setattr(os, "statvfs", lambda _path: _ReadOnly, raising=False)
    store = SqliteStore(database, its_signer)

    with store.read() as snapshot:
        assert snapshot.log_size == 1

    assert [path.name for path in database.parent.iterdir()] == [database.name]
    store.close()


def test_only_a_disk_for_reading_is_taken_for_one(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that somebody may write, or that has a write-ahead log beside it, is opened as any other."""
    can_never_change = connection._can_never_change  # noqa: SLF001 - which way a file is opened shows nowhere else
    monkeypatch.setattr(os, "statvfs", lambda _path: _Writable, raising=False)
    assert not can_never_change(database)
    monkeypatch.setattr(os, "statvfs", _fails, raising=False)
    assert not can_never_change(database)
    monkeypatch.setattr(os, "statvfs", lambda _path: _ReadOnly, raising=False)
    assert can_never_change(database)
    database.with_name(f"{database.name}-wal").touch()
    assert not can_never_change(database)
    database.with_name(f"{database.name}-wal").unlink()
    monkeypatch.delattr(os, "statvfs")
    assert not can_never_change(database)


def test_it_can_not_be_written(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The way of reading it is for reading only."""
    monkeypatch.setattr(os, "statvfs", lambda _path: _ReadOnly, raising=False)
    reader = connection.Connection(database, DatabaseSettings(), Purpose.READ)

    with pytest.raises(station_errors.StateImpossible), reader.transaction():
        reader.rows("INSERT INTO holders(holder_id, name, name_key) VALUES (1, 'A', 'a')")

    reader.close()
