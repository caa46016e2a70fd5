"""The files that setting up makes where the disk does not let it; how an older database is copied: `test_upgrade`."""

import errno
import os
from contextlib import closing
from pathlib import Path

import pytest

from assettrack.domain import station_errors
from assettrack.store.connection import Connection, DatabaseSettings, Purpose
from assettrack.store.setting_up import copy_kept, copy_name, make_private_file


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No room even for an empty file: the database's path is said, and that the disk is full."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "touch", full)
    path = tmp_path / "station.db"
    with pytest.raises(station_errors.StorageFailed) as failed:
        make_private_file(path)
    assert str(failed.value).startswith(f"{path} could not be read or written: the disk is full.")


def test_a_place_where_no_file_can_be_is_said(tmp_path: Path) -> None:
    """A file in the place of the folder is no fault of the disk."""
    (tmp_path / "file").touch()
    with pytest.raises(station_errors.FolderUnusable):
        make_private_file(tmp_path / "file" / "station.db")


def test_a_copy_is_called_by_the_schema_it_was_made_before() -> None:
    """The copy of a database of schema 3 is from before schema 4."""
    assert copy_name(Path("a", "station.db"), 3) == Path("a", "station.db.before-schema-4")


def break_off(connection: Connection, *, first_to: int | None) -> None:
    """Bring a database to a schema, or leave it as it is, and be broken off from the keyboard."""
    if first_to is not None:
        with connection.transaction():
            connection.set_user_version(first_to)
    raise KeyboardInterrupt


@pytest.mark.parametrize("is_new", [True, False])
def test_a_copy_stays_where_the_database_is_no_longer_of_the_old_schema(tmp_path: Path, *, is_new: bool) -> None:
    """It may be the only one of the old database then; where the database is still as it was the copy goes."""
    path = tmp_path / "station.db"
    with closing(Connection(path, DatabaseSettings(), Purpose.MIGRATE)) as connection:
        with connection.transaction():
            connection.rows("CREATE TABLE words(word)")
            connection.set_user_version(3)
        with pytest.raises(KeyboardInterrupt), copy_kept(connection, path, 3) as kept:
            break_off(connection, first_to=4 if is_new else None)
    assert kept.is_ours
    assert kept.path.exists() is is_new
