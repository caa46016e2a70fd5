"""Where backups are made and taken from: what the system refuses is said, and nothing is left of what failed."""

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.manifests import Manifest, read_manifest, signed_manifest
from assettrack.services import backups
from assettrack.station.keys import verify_signature
from assettrack.store import migrations
from tests.services.vault import Vault
from tests.store.stations import made_up_signer


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A station with a backup of two entries."""
    made = Vault(tmp_path)
    made.register()
    made.back_up("monday")
    yield made
    made.store.close()


def full(*_: object, **__: object) -> None:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def check(vault: Vault, name: str = "monday") -> Manifest:
    """Check a backup on the shelf."""
    return backups.check(vault.workplace, vault.files, str(vault.shelf / name))


def test_the_schema_is_the_newest(vault: Vault) -> None:
    """A backup states the number of the schema that this program makes."""
    assert vault.files.schema == migrations.latest() == check(vault).schema


@pytest.mark.parametrize("name", ["os.fsync", "os.link", "assettrack.store.backups.sync_folder", "tempfile.mkstemp"])
def test_a_disk_that_refuses_leaves_no_backup(vault: Vault, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Whatever the system refuses while a backup is made is said, and no part of it is left under any name."""
    before = sorted(vault.shelf.iterdir())
    with monkeypatch.context() as patch:
        patch.setattr(name, full)
        with (
            vault.unchanged(),
            pytest.raises((errors.FileUnwritable, station_errors.StorageFailed), match="the disk is full"),
        ):
            vault.back_up("tuesday")
    left = [path.name for path in sorted(vault.shelf.iterdir()) if path not in before]
    assert left == (["tuesday", "tuesday.manifest"] if "sync_folder" in name else [])


def test_without_room_for_a_scratch_nothing_is_checked(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """The temporary folder can't be written to, or is full: it is said that the disk refused."""
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "mkdtemp", full)
        with pytest.raises(station_errors.StorageFailed, match="the disk is full"):
            check(vault)
    monkeypatch.setattr("assettrack.store.backups.copy_hashed", full)
    with pytest.raises(station_errors.StorageFailed, match="the disk is full"):
        check(vault)


def test_what_may_not_be_read_is_said(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file or manifest that the system does not let us read is named."""
    opened = Path.open

    def refusing(ending: str) -> Callable[..., object]:
        def open_or_refuse(path: Path, mode: str) -> object:
            if path.name.endswith(ending):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return opened(path, mode)

        return open_or_refuse

    for ending in ("monday", ".manifest"):
        with monkeypatch.context() as patch:
            patch.setattr(Path, "open", refusing(ending))
            with pytest.raises(errors.FileUnreadable, match=f"{ending} can't be read: Permission denied"):
                check(vault)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("folder", "it is a folder"),
        ("nowhere", "there is no such file"),
        ("pipe", "a device or a pipe"),
        ("ring", "ring"),
        ("a\0b", "null"),
        ("x" * 300, "too long"),
        ("half", "half.manifest can't be read: there is no such file"),
        ("../live/assettrack.db", "manifest can't be read"),
    ],
)
def test_what_is_no_backup_is_said(vault: Vault, name: str, reason: str) -> None:
    """Folders, devices, names that can't be one, files without a manifest, the live database itself."""
    (vault.shelf / "folder").mkdir()
    os.mkfifo(vault.shelf / "pipe")
    (vault.shelf / "ring").symlink_to("ring")
    (vault.shelf / "half").write_text("a file")
    with pytest.raises(errors.FileUnreadable) as found:
        check(vault, name)
    assert reason in str(found.value)


def resigned(vault: Vault, name: str, **changes: object) -> None:
    """Sign a manifest for the file as it is now, with the station's key, that also states something else."""
    path = vault.shelf / name
    manifest = read_manifest((vault.shelf / "monday.manifest").read_bytes(), verify_signature)
    content = path.read_bytes()
    stated = {"sha256": hashlib.sha256(content).hexdigest(), "size": len(content)} | changes
    changed = msgspec.structs.replace(manifest, **stated)
    path.with_name(f"{name}.manifest").write_text(signed_manifest(changed, made_up_signer()))


def test_a_signature_makes_no_database(vault: Vault) -> None:
    """Whoever has the key can sign anything: what is in the file decides."""
    for name, content, reason in (
        ("empty", b"", "database_damaged"),
        ("letter", b"dear " * 2000, "database_foreign"),
    ):
        (vault.shelf / name).write_bytes(content)
        resigned(vault, name)
        with pytest.raises(station_errors.BackupDamaged, match=reason):
            check(vault, name)


def test_a_manifest_states_the_whole_log(vault: Vault) -> None:
    """A manifest with an earlier checkpoint of the same log does not fit a file that holds more."""
    vault.back_up("tuesday")
    resigned(vault, "tuesday")
    with pytest.raises(station_errors.BackupDamaged, match="not the one that its manifest states"):
        check(vault, "tuesday")
