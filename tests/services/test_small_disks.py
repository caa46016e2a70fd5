"""Disks without room: the file that failed is named, and what was not touched is said to be as it was."""

import errno
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.domain import errors, station_errors
from assettrack.services.restoring import RestoreOrder
from tests.services.vault import Vault
from tests.store.small_disk import files_of_at_most, full_where

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs limits on resources")

SIZES = range(0, 400_000, 4096)
SHM_BYTES = 32_768
"""What SQLite needs beside a database only to read it."""

NOT_SAVED = "Nothing was saved"


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A station with a backup of four entries, and one entry more."""
    made = Vault(tmp_path)
    made.desk_with_assets()
    made.back_up("monday")
    made.register()
    made.store.close()
    yield made
    made.store.close()


def failure_of(vault: Vault, order: RestoreOrder, size: int) -> errors.AssetTrackError | None:
    """Restore where no file may grow beyond so many bytes, and return what was said of it; None where all fitted."""
    try:
        with files_of_at_most(size):
            vault.restore(order)
    except (station_errors.StorageFailed, station_errors.CommitUncertain) as failure:
        vault.store.close()
        return failure
    return None


@pytest.mark.parametrize("order", ["backup", "point of a backup", "point of the log"])
def test_a_scratch_that_fails_is_no_uncertainty(vault: Vault, order: str) -> None:
    """While the database itself is not written over, nothing is uncertain, and it is said which file had no room."""
    asked = {"backup": vault.order("monday"), "point of a backup": vault.order("monday", 4)}
    said = Counter[str]()
    before = vault.everything()
    for size in SIZES:
        failure = failure_of(vault, asked.get(order, vault.order(at=4)), size)
        if failure is None:
            break
        assert vault.everything() == before
        assert "not an error" not in str(failure)
        if isinstance(failure, station_errors.CommitUncertain):  # only of writing over the database itself
            assert str(vault.live) in str(failure.__cause__), size
        said["scratch" if ".assettrack-scratch-" in str(failure) else "database"] += 1
    assert said["scratch"] > 10, said
    vault.require_good()


def test_a_stick_without_room_is_named(vault: Vault) -> None:
    """The backup has no room: its own name is said and why, in words, and no part of it is left."""
    before = sorted(vault.shelf.iterdir())
    for size in (SHM_BYTES, 100_000):
        with files_of_at_most(size), pytest.raises(station_errors.StorageFailed) as failed:
            vault.back_up("tuesday")
        assert str(failed.value).startswith(f"{vault.shelf / 'tuesday'} or the database could not be read or written")
        assert "not an error" not in str(failed.value)
        assert NOT_SAVED in str(failed.value)
        assert sorted(vault.shelf.iterdir()) == before


def test_a_full_stick_is_called_full(vault: Vault) -> None:
    """Where SQLite meets a full disk while it copies, the backup is named, and that its disk is full."""
    with full_where(".assettrack-draft-"), pytest.raises(station_errors.StorageFailed) as failed:
        vault.back_up("tuesday")
    assert str(failed.value).startswith(f"{vault.shelf / 'tuesday'} could not be read or written: the disk is full.")


def test_a_full_shelf_is_called_full(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system says the same of a manifest that has no room."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("assettrack.store.backups.write_synced", full)
    with pytest.raises(errors.FileUnwritable, match=r"tuesday can't be written: the disk is full\."):
        vault.back_up("tuesday")
