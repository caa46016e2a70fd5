"""What doctor says of backups where the log can't be asked, and of what is known outside the database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.services import doctor
from assettrack.services.doctor import KnownOutside
from tests.services.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A station of two entries."""
    made = Vault(tmp_path)
    made.register()
    yield made
    made.store.close()


def test_without_a_database_there_is_no_telling(vault: Vault) -> None:
    """What can't be opened is said as it is, and is no damage by itself."""
    vault.lose()
    found = doctor.about_backup(vault.workplace)
    assert (found.name, found.ok, found.integrity) == ("backup", False, False)
    assert "There is no AssetTrack database" in found.message


def test_an_entry_that_cannot_be_read_is_damage(vault: Vault) -> None:
    """A forged entry is a matter for audit verify."""
    vault.tamper("UPDATE audit_log SET body = 'x' WHERE seq = 1")
    found = doctor.about_backup(vault.workplace)
    assert (found.ok, found.integrity) == (False, True)
    assert "Run audit verify." in found.message


def test_what_is_known_is_counted() -> None:
    """With and without a checkpoint that is known the station is fit for work."""
    nothing = doctor.about_checkpoint(KnownOutside("a.note"))
    assert nothing.ok
    assert "the next deed leaves one" in nothing.message
    alone = doctor.about_checkpoint(KnownOutside("a.note", 7, unwritable="Read-only file system"))
    assert not alone.ok
    assert "No deed can leave its checkpoint at a.note (Read-only file system)" in alone.message
    assert "checkpoint of 7 entries" in doctor.about_checkpoint(KnownOutside("a.note", 7)).message
    assert "checkpoint of 1 entry that" in doctor.about_checkpoint(KnownOutside("a.note", 1)).message
