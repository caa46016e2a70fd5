"""Any point of history: the database is rebuilt from the first entries of the log, or of a backup, and put there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.audit_log import decode_body
from assettrack.domain.entries.station import RestoreEntry
from assettrack.services import audit, restoring
from tests.services.random_station import tables_of
from tests.services.test_restoring import without_restore
from tests.services.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A station with assets: entry 2 is the case, 3 and 4 the batch, then two holders, 5 and 6."""
    made = Vault(tmp_path)
    made.desk_with_assets()
    made.register(2)
    yield made
    made.store.close()


def test_an_earlier_point_is_put_back(tmp_path: Path) -> None:
    """Everything is as it was at that moment, and one entry more tells of it; what was there is kept."""
    vault = Vault(tmp_path)
    vault.desk_with_assets()
    then = tables_of(vault.live)
    vault.register(3)
    done = vault.restore(vault.order(at=4))
    assert without_restore(tables_of(vault.live)) == then
    assert (done.entries, done.lost_entries, done.seq) == (4, 3, 5)
    assert str(done.replaced).endswith("-7")
    vault.require_good()
    vault.register()
    vault.store.close()


def test_a_point_of_a_backup_is_put_back(vault: Vault) -> None:
    """The log of a backup is cut as well, where the database itself is gone."""
    vault.back_up("monday")
    vault.lose()
    done = vault.restore(vault.order("monday", at=5))
    assert (done.entries, done.seq, done.replaced) == (5, 6, None)
    vault.require_good()


@pytest.mark.parametrize(
    ("at", "near"), [(3, "Choose entry 2 or 4."), (7, "Choose entry 6."), (10**9, "Choose entry 6.")]
)
def test_a_log_ends_only_where_a_transaction_did(vault: Vault, at: int, near: str) -> None:
    """A point in the middle of a batch, or after the end, is refused, and the nearest ones are named."""
    with vault.unchanged(), pytest.raises(errors.DeedRefused) as refused:
        vault.restore(vault.order(at=at))
    assert refused.value.code == "point_unknown"
    assert near in str(refused.value)


def test_the_whole_log_can_be_rebuilt(vault: Vault) -> None:
    """Tables that were forged past the log are made anew from it, and nothing is given up."""
    good = tables_of(vault.live)
    vault.tamper("UPDATE assets SET model = 'XPS'")
    vault.tamper("DELETE FROM holders WHERE holder_id = 2")
    plan = restoring.preview(vault.workplace, vault.files, vault.order(at=6, reason="forged"))
    assert (plan.entries, plan.now_entries, plan.lost_entries) == (6, 6, 0)
    vault.restore(vault.order(at=6, reason="forged"), confirm=plan.confirm_code)
    assert without_restore(tables_of(vault.live)) == good
    vault.require_good()


def test_a_forged_log_is_not_put_back(vault: Vault) -> None:
    """Up to a point before the forgery the log is good, and after it nothing is restored."""
    vault.tamper("UPDATE audit_log SET body = replace(body, 'Holder 1', 'Holder 7') WHERE seq = 5")
    with pytest.raises(station_errors.DatabaseDamaged, match="Entry 5"):
        vault.restore(vault.order(at=6))
    vault.tamper("UPDATE checkpoints SET note = 'forged' WHERE size = 5")
    with pytest.raises(station_errors.DatabaseDamaged, match="point of its log"):
        vault.restore(vault.order(at=5))
    assert vault.restore(vault.order(at=4)).entries == 4
    vault.require_good()


def test_a_copy_put_there_by_hand_is_taken_for_the_right_one_when_that_is_said(vault: Vault) -> None:
    """The station stops before it writes to an older copy; restoring that copy's own end says that it is meant."""
    old = vault.copy()
    vault.register(2)
    given_up = audit.latest_checkpoint(vault.workplace)
    vault.put_back(old)
    with pytest.raises(station_errors.DatabaseOlder, match=r"of 6 entries .* of 8 entries .*--at 6"):
        vault.register()
    done = vault.restore(vault.order(at=6, reason="it was meant"))
    assert (done.entries, done.lost_entries) == (6, 2)
    entry = decode_body(vault.entries()[-1])
    assert isinstance(entry, RestoreEntry)
    assert (entry.entries, entry.replaced_entries) == (6, 8)
    assert entry.replaced_root == given_up.split("\n")[2]
    vault.register()
    vault.require_good()


def test_a_restore_is_undone_by_putting_the_kept_database_back(vault: Vault) -> None:
    """What was kept can be put back by hand and said to be meant: the line that was given up goes on."""
    mistaken = vault.restore(vault.order(at=4))
    assert mistaken.replaced is not None
    kept = Path(mistaken.replaced).rename(vault.folder / "kept.db")
    vault.put_back(kept)
    with pytest.raises(station_errors.DatabaseOlder):
        vault.register()
    done = vault.restore(vault.order(at=6, reason="the restore was a mistake"))
    assert (done.entries, done.seq) == (6, 7)
    entry = decode_body(vault.entries()[-1])
    assert isinstance(entry, RestoreEntry)
    assert entry.replaced_entries == 5
    vault.register()
    vault.require_good()
