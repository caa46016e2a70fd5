"""The files that setting up makes where the disk does not let it; how an older database is copied: `test_upgrade`."""

import errno
import os
from pathlib import Path

import pytest

from assettrack.domain import station_errors
from assettrack.store.setting_up import copy_name, make_private_file


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
