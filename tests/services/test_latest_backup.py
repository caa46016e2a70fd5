"""The latest backup that the log tells of."""

from pathlib import Path

from assettrack.services.latest_backup import latest_backup
from tests.services.vault import Vault


def test_the_latest_backup_is_known_however_the_log_grows(tmp_path: Path) -> None:
    """None at first, then each new one, whether or not something else came after it."""
    vault = Vault(tmp_path / "station")
    vault.register(3)
    assert latest_backup(vault.workplace) is None
    vault.back_up("first.assettrack")
    vault.register(2)
    found = latest_backup(vault.workplace)
    assert found is not None
    assert found.file == "first.assettrack"
    vault.back_up("second.assettrack")
    found = latest_backup(vault.workplace)
    assert found is not None
    assert (found.file, found.entries) == ("second.assettrack", 7)
