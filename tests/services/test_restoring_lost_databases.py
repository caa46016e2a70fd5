"""Restoring where the database is lost, damaged or another: what can still be known decides, and evidence is kept."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.audit_log import decode_body
from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.domain.entries.station import RestoreEntry
from assettrack.domain.restore_plans import RestorePlan
from assettrack.services import restoring
from assettrack.services.present_log import present_log
from assettrack.store.connection import Connection
from tests.services.vault import Vault
from tests.store.stations import STATION, made_up_signer


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A station of four entries, with a backup that is entry 5, and a holder after it."""
    made = Vault(tmp_path)
    made.desk_with_assets()
    made.back_up("monday")
    made.register()
    yield made
    made.store.close()


def preview(vault: Vault) -> RestorePlan:
    """What restoring the backup would do."""
    return restoring.preview(vault.workplace, vault.files, vault.order("monday"))


def replaced(vault: Vault) -> tuple[int, str]:
    """What the restore says that was known before: size and root."""
    entry = decode_body(vault.entries()[-1])
    assert isinstance(entry, RestoreEntry)
    return entry.replaced_entries, entry.replaced_root


def test_a_lost_database_is_restored(vault: Vault) -> None:
    """The key and a backup are enough; what is known outside still tells how much is given up."""
    vault.lose()
    plan = preview(vault)
    assert (plan.now_entries, plan.now_root, plan.damage) == (None, None, None)
    assert (plan.newest_entries, plan.lost_entries, plan.lost) == (6, 2, ())
    done = vault.restore(vault.order("monday"), confirm=plan.confirm_code)
    assert (done.entries, done.seq, done.replaced) == (4, 5, None)
    assert replaced(vault) == (6, plan.newest_root)
    vault.require_good()
    vault.register()


def test_a_lost_folder_is_made_anew(vault: Vault) -> None:
    """Also the folder of the database may be gone."""
    vault.lose()
    vault.live.parent.rmdir()
    assert vault.restore(vault.order("monday")).replaced is None
    vault.register()
    if os.name == "posix":
        assert vault.live.parent.stat().st_mode & 0o777 == 0o700


def test_where_nothing_is_known_the_backup_is_all_there_is(vault: Vault) -> None:
    """On a new machine, with the key alone, nothing is known to be given up."""
    vault.lose()
    (vault.folder / "checkpoints" / f"{STATION}.note").unlink()
    plan = preview(vault)
    assert (plan.newest_entries, plan.newest_root, plan.lost_entries) == (4, plan.root, 0)
    vault.restore(vault.order("monday"))
    assert replaced(vault) == (4, plan.root)


def test_what_is_known_to_be_another_history_is_refused(vault: Vault) -> None:
    """A backup that does not hold what the station is known to have signed is of another history."""
    vault.lose()
    vault.known.keep(STATION, sign_checkpoint(Checkpoint(STATION, 3, bytes(32)), made_up_signer()))
    with pytest.raises(errors.DeedRefused, match="another history"):
        vault.restore(vault.order("monday"))
    assert vault.beside() == []
    vault.known.keep(STATION, sign_checkpoint(Checkpoint(STATION, 9, bytes(32)), made_up_signer()))
    assert vault.restore(vault.order("monday")).lost_entries == 5


def scribbled(vault: Vault, first: int) -> bytes:
    """Write nonsense into the database's file from this byte on, and return what it holds then."""
    vault.store.close()
    content = bytearray(vault.live.read_bytes())
    content[first:] = os.urandom(len(content) - first)
    vault.live.write_bytes(content)
    return bytes(content)


@pytest.mark.parametrize("first", [0, 16, 100, 4096])
def test_a_damaged_database_is_restored_and_kept_as_it_is(vault: Vault, first: int) -> None:
    """Whatever is left of the file, the backup takes its place, and the damaged pages are kept."""
    content = scribbled(vault, first)
    plan = preview(vault)
    assert plan.now_entries is None
    assert plan.damage is not None
    assert (plan.newest_entries, plan.lost_entries, plan.lost) == (6, 2, ())
    done = vault.restore(vault.order("monday"), confirm=plan.confirm_code)
    assert str(done.replaced).endswith("Z-damaged")
    kept = Path(str(done.replaced)).read_bytes()
    assert kept[4096:] == content[4096:]
    assert first == 4096 or kept[:4096] == content[:4096]
    vault.require_good()
    vault.register()


def test_an_empty_file_is_as_good_as_none(vault: Vault) -> None:
    """What an init that was killed, or a full disk, left behind is no database."""
    vault.lose()
    vault.live.write_bytes(b"")
    assert preview(vault).damage is None
    assert vault.restore(vault.order("monday")).entries == 4
    vault.require_good()


def test_another_programs_database_is_left_alone(vault: Vault) -> None:
    """A database that is not ours is not replaced, whatever is asked for."""
    vault.lose()
    with closing(apsw.Connection(str(vault.live))) as connection:
        connection.execute("CREATE TABLE recipes(name)")
    content = vault.live.read_bytes()
    with pytest.raises(station_errors.DatabaseForeign, match="another program"):
        vault.restore(vault.order("monday"))
    assert vault.live.read_bytes() == content


def test_a_log_with_holes_counts_as_damaged(vault: Vault) -> None:
    """Where hashes are missing nobody can say what the log was: what is known outside decides."""
    vault.tamper("DELETE FROM audit_log WHERE seq = 4")
    assert "hashes were found" in str(preview(vault).damage)
    assert vault.restore(vault.order("monday")).lost_entries == 2
    vault.require_good()


def test_a_disk_that_fails_to_read_counts_as_damage(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A disk that can't be read is no reason not to restore from elsewhere."""

    def fail(*_: object) -> None:
        raise station_errors.StorageFailed("disk I/O error")

    vault.store.close()
    monkeypatch.setattr(Connection, "_set_up", fail)
    found = present_log(vault.files, vault.workplace.verify)
    assert (found.entries, found.station) == (None, None)
    assert "disk I/O error" in str(found.damage)


def test_the_point_of_a_log_that_is_not_there_is_not_restored(vault: Vault) -> None:
    """Without a backup there must be a database to take the log from."""
    vault.lose()
    with pytest.raises(station_errors.DatabaseMissing):
        vault.restore(vault.order(at=4))
