"""What verifying says of a checkpoint that a restore has given up: it does not fit, and here is why."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.services import audit, verification
from assettrack.services.verification import Verification
from tests.services.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A station of four entries."""
    made = Vault(tmp_path)
    made.register(3)
    yield made
    made.store.close()


def verify(vault: Vault, *notes: str) -> Verification:
    """What verifying says."""
    return verification.verify(vault.workplace, notes)


def note(vault: Vault) -> str:
    """The checkpoint of the log as it is now."""
    return audit.latest_checkpoint(vault.workplace)


def test_a_checkpoint_of_what_was_given_up_never_fits_again(vault: Vault) -> None:
    """Larger than the log, or as long by now: it fails, and the restore with its reason is named."""
    before = note(vault)
    vault.register(3)
    lost = note(vault)
    vault.restore(vault.order(at=4, reason="training was done here."))
    remark = " Entries from 5 on were given up by the restore of entry 5, when 7 were known: training was done here."
    found = verify(vault, before, lost)
    assert (found.ok, found.first_bad_seq) == (False, 6)
    assert found.message == f"Entries from 6 on are missing: a checkpoint states 7 entries.{remark}"
    vault.register(2)
    found = verify(vault, lost, before)
    assert (found.ok, found.first_bad_seq) == (False, 5)
    assert "is not what was signed" in found.message
    assert found.message.endswith(remark)
    assert verify(vault, before, note(vault)).ok


def test_without_a_restore_nothing_is_explained(vault: Vault) -> None:
    """An older copy in the database's place fails as ever."""
    old = vault.copy()
    vault.register()
    lost = note(vault)
    vault.put_back(old)
    assert verify(vault, lost).message == "Entries from 5 on are missing: a checkpoint states 5 entries."


def test_a_restore_explains_only_what_came_after_it(vault: Vault) -> None:
    """A checkpoint of another history from before the restored point is not excused by it."""
    vault.restore(vault.order(at=3))
    vault.tamper("UPDATE audit_log SET leaf = zeroblob(32) WHERE seq = 2")
    vault.known.keep(vault.signer.name, "")
    found = verify(vault)
    assert not found.ok
    assert "given up" not in found.message


def test_of_several_restores_those_that_fit_are_named(vault: Vault) -> None:
    """Each line that was given up has its own restore; what none of them knew of is told by the first."""
    vault.register(6)
    first_line = note(vault)  # 10 entries
    vault.restore(vault.order(at=4, reason="first"))  # entry 5
    vault.register(2)
    second_line = note(vault)  # 7 entries
    vault.restore(vault.order(at=6, reason="second"))  # entry 7
    assert "the restore of entry 5, when 10 were known: first." in verify(vault, first_line).message
    assert "second" not in verify(vault, first_line).message
    both = verify(vault, second_line).message
    assert "the restore of entry 7, when 7 were known: second." in both
    assert "the restore of entry 5" in both
    vault.restore(vault.order(at=4, reason="third"))  # entry 5 again: the first is given up itself
    assert "the restore of entry 5, when 7 were known: third." in verify(vault, first_line).message


def test_what_cannot_be_read_explains_nothing(vault: Vault) -> None:
    """A forged entry that says it is a restore is named as forged, and excuses nothing."""
    before = note(vault)
    vault.register(2)
    lost = note(vault)
    vault.restore(vault.order(at=4))
    vault.tamper('UPDATE audit_log SET body = \'{"event_type":"RESTORE"}\' WHERE seq = 5')
    found = verify(vault, lost)
    assert not found.ok
    assert found.message == "Entry 5 was changed: its text does not have the hash that is stored with it."
    vault.tamper("DELETE FROM audit_log WHERE seq = 2")
    assert "given up" not in verify(vault, lost).message
    assert "given up" not in verify(vault, before).message
