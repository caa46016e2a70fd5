"""Restoring: what was shown is what happens, nothing is given up unseen, and what is there is kept."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.audit_log import decode_body
from assettrack.domain.checkpoints import stated_root
from assettrack.domain.entries.station import RestoreEntry
from assettrack.domain.restore_plans import RestorePlan
from assettrack.services import contacts, restoring
from assettrack.services.present_log import LOST_SHOWN_MAX
from assettrack.services.restoring import RestoreOrder
from assettrack.store import replacing
from assettrack.store.backups import ScratchDatabase, SqliteBackups
from assettrack.store.connection import DatabaseSettings
from assettrack.store.replacing import HeldDatabase
from assettrack.store.sqlite import SqliteStore
from tests.services.random_station import Tables, tables_of
from tests.services.vault import Vault
from tests.store.stations import its_signer, made_up_signer, made_up_station
from tests.store.test_migrations import NEXT_STEP, with_steps


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A station with assets: entry 2 is the case, 3 and 4 the batch, 5 the backup; then two holders, 6 and 7."""
    made = Vault(tmp_path)
    made.desk_with_assets()
    made.back_up("monday")
    made.register(2)
    yield made
    made.store.close()


def preview(vault: Vault, order: RestoreOrder) -> RestorePlan:
    """What a restore would do."""
    return restoring.preview(vault.workplace, vault.files, order)


def told(vault: Vault) -> RestoreEntry:
    """The last entry of the log, which tells of a restore."""
    entry = decode_body(vault.entries()[-1])
    assert isinstance(entry, RestoreEntry)
    return entry


def without_restore(tables: Tables) -> Tables:
    """All tables without the last entry and its checkpoint."""
    log, notes = tables["audit_log"], tables["checkpoints"]
    last = max(int(str(found[0])) for found in log)
    return tables | {
        "audit_log": [found for found in log if found[0] != last],
        "checkpoints": [found for found in notes if found[0] != last],
    }


def test_a_backup_is_put_back(vault: Vault) -> None:
    """Everything is as it was in the backup, and one entry more tells of it; what was there is kept whole."""
    before = vault.everything()
    made = tables_of(vault.shelf / "monday")
    done = vault.restore(vault.order("monday"))
    assert (done.entries, done.lost_entries, done.seq) == (4, 3, 5)
    assert without_restore(tables_of(vault.live)) == made
    vault.require_good(done.checkpoint)
    entry = told(vault)
    assert (entry.seq, entry.entries, entry.replaced_entries, entry.reason) == (5, 4, 7, "the disk failed")
    assert entry.operator == "gcurl"
    assert done.replaced is not None
    assert {key: before[key] for key in ("records", "holders")} == _kept(Path(done.replaced))


def _kept(path: Path) -> dict[str, object]:
    with closing(SqliteStore(path, its_signer)) as store, store.read() as snapshot:
        return {"records": list(snapshot.records()), "holders": list(snapshot.all_holders())}


def test_the_kept_database_is_named_for_when_and_how_much(vault: Vault) -> None:
    """The name says when it was replaced by the station's clock, and how many entries it has; nothing else is left."""
    done = vault.restore(vault.order("monday"))
    stamp = told(vault).recorded_at[:19].replace("-", "").replace(":", "")
    assert done.replaced == f"{vault.live}.replaced-{stamp}Z-7"
    assert vault.beside() == ["assettrack.db", f"assettrack.db.replaced-{stamp}Z-7"]


def test_work_goes_on_after_a_restore(vault: Vault) -> None:
    """What is known outside is the restored log, so that deeds and backups go on from there."""
    done = vault.restore(vault.order("monday"))
    known = vault.known.newest(made_up_station())
    assert known is not None
    assert (known.size, stated_root(done.checkpoint)) == (5, known.root)
    vault.register()
    assert vault.back_up("tuesday").entries == 6
    vault.require_good()
    assert vault.restore(vault.order("tuesday")).seq == 7


def test_a_preview_shows_what_is_given_up(vault: Vault) -> None:
    """What is there, what will be there and each entry that is given up; nothing is changed by looking."""
    with vault.unchanged():
        plan = preview(vault, vault.order("monday"))
    assert (plan.entries, plan.now_entries, plan.newest_entries, plan.lost_entries) == (4, 7, 7, 3)
    assert plan.now_root == plan.newest_root != plan.root
    assert [json.loads(body)["event_type"] for body in plan.lost] == ["BACKUP", "HOLDER", "HOLDER"]
    assert [json.loads(body)["seq"] for body in plan.lost] == [5, 6, 7]
    assert (plan.file, plan.at, plan.damage) == (str(vault.shelf / "monday"), None, None)
    assert plan.made_at is not None
    assert vault.beside() == ["assettrack.db"]


def test_what_was_shown_is_restored(vault: Vault) -> None:
    """The code of the preview restores just that."""
    plan = preview(vault, vault.order("monday"))
    done = vault.restore(vault.order("monday"), confirm=plan.confirm_code.lower())
    assert (done.entries, done.root, done.lost_entries) == (plan.entries, plan.root, plan.lost_entries)


@pytest.mark.parametrize("code", ["K7QF-2M9X", "nonsense!"])
def test_another_code_restores_nothing(vault: Vault, code: str) -> None:
    """A code that was not shown for this, or is none, is refused before the database is touched."""
    with vault.unchanged(), pytest.raises(errors.ConfirmCodeWrong):
        vault.restore(vault.order("monday"), confirm=code)
    assert vault.beside() == ["assettrack.db"]


def test_a_code_is_of_one_reason_and_one_loss(vault: Vault) -> None:
    """With another reason, or after somebody has committed, the code does not fit any more."""
    plan = preview(vault, vault.order("monday"))
    with vault.unchanged(), pytest.raises(errors.ConfirmCodeWrong):
        vault.restore(vault.order("monday", reason="training"), confirm=plan.confirm_code)
    vault.register()
    with vault.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="given up by now"):
        vault.restore(vault.order("monday"), confirm=plan.confirm_code)


def commit_before_the_lock(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let somebody commit after all was looked at, in the moment before the database is held."""
    hold = ScratchDatabase.holding

    def after_another(scratch: ScratchDatabase) -> AbstractContextManager[HeldDatabase]:
        vault.register()
        return hold(scratch)

    monkeypatch.setattr(ScratchDatabase, "holding", after_another)


def test_what_is_committed_in_the_last_moment_is_not_given_up_unseen(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is looked once more when nobody else can write: with a code the restore stops, and the commit stays."""
    plan = preview(vault, vault.order("monday"))
    commit_before_the_lock(vault, monkeypatch)
    with pytest.raises(errors.ConfirmCodeWrong):
        vault.restore(vault.order("monday"), confirm=plan.confirm_code)
    assert vault.log_size == 8
    vault.require_good()


def test_without_a_code_what_is_committed_in_the_last_moment_is_counted(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Done in one go, the entry tells of what was there in the end, and that is kept."""
    commit_before_the_lock(vault, monkeypatch)
    done = vault.restore(vault.order("monday"))
    assert (done.lost_entries, told(vault).replaced_entries) == (4, 8)
    assert str(done.replaced).endswith("-8")


def test_who_writes_is_waited_for_and_then_said(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """While another process writes nothing is restored: busy."""
    hold = replacing.holding

    def impatient(path: Path, new: Path) -> AbstractContextManager[HeldDatabase]:
        return hold(path, new, DatabaseSettings(busy_seconds=0))

    monkeypatch.setattr("assettrack.store.backups.holding", impatient)
    vault.store.close()
    with closing(apsw.Connection(str(vault.live))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(station_errors.DatabaseBusy):
            vault.restore(vault.order("monday"))
        other.execute("ROLLBACK")
    assert vault.log_size == 7


def test_who_reads_is_not_disturbed(vault: Vault) -> None:
    """A snapshot stays what it was while the database is replaced under it."""
    with closing(SqliteStore(vault.live, its_signer)) as other:
        with other.read() as snapshot:
            vault.restore(vault.order("monday"))
            assert (snapshot.log_size, len(list(snapshot.records()))) == (7, 7)
        with other.read() as snapshot:
            assert snapshot.log_size == 5


def test_a_newer_backup_of_the_same_history_gives_nothing_up(vault: Vault) -> None:
    """Where the database is the older one, nothing is lost by restoring the newer."""
    old = vault.copy()
    vault.back_up("tuesday")
    newest = vault.log_size
    vault.put_back(old)
    plan = preview(vault, vault.order("tuesday"))
    assert (plan.now_entries, plan.entries, plan.newest_entries) == (7, 7, newest)
    assert plan.lost_entries == 1  # the entry that told of the backup
    assert vault.restore(vault.order("tuesday")).seq == newest
    vault.register()


def test_another_history_is_refused(vault: Vault) -> None:
    """After a restore the line that was given up is another history: its backups are refused, its beginning is not."""
    vault.back_up("tuesday")
    vault.restore(vault.order("monday"))
    with vault.unchanged(), pytest.raises(errors.DeedRefused, match="another history") as refused:
        vault.restore(vault.order("tuesday"))
    assert refused.value.code == "backup_forked"
    vault.register(5)  # longer than the other
    with vault.unchanged(), pytest.raises(errors.DeedRefused, match="another history"):
        preview(vault, vault.order("tuesday"))
    assert vault.restore(vault.order("tuesday", at=4)).entries == 4


def test_what_the_station_signed_counts_and_not_what_was_made_of_it(vault: Vault) -> None:
    """A log whose hashes were forged since is not taken for another history: what was signed then tells."""
    vault.tamper("UPDATE audit_log SET leaf = zeroblob(32) WHERE seq = 3")
    plan = preview(vault, vault.order("monday"))
    assert plan.lost_entries == 3
    vault.restore(vault.order("monday"))
    vault.require_good()


def test_entries_that_cannot_be_read_are_counted_all_the_same(vault: Vault) -> None:
    """Of a forged log what can be read is shown, and all is counted."""
    vault.tamper("UPDATE audit_log SET body = 'x' WHERE seq = 6")
    plan = preview(vault, vault.order("monday"))
    assert (plan.lost_entries, [json.loads(body)["seq"] for body in plan.lost]) == (3, [5, 7])


@pytest.mark.parametrize("statement", ["UPDATE checkpoints SET note = 'forged'", "DELETE FROM checkpoints"])
def test_a_log_without_good_checkpoints_is_compared_by_its_hashes(vault: Vault, statement: str) -> None:
    """Where every checkpoint was forged or taken away, the newest that is known outside still tells."""
    vault.tamper(statement)
    plan = preview(vault, vault.order("monday"))
    assert (plan.newest_entries, plan.lost_entries) == (7, 3)
    old = preview(vault, vault.order("monday", at=2))
    assert (old.entries, old.lost_entries) == (2, 5)


def test_not_all_of_a_long_loss_is_shown(vault: Vault) -> None:
    """The first thousand entries are shown, and all are counted."""
    vault.commit("".join(f"B{number},2026-07-01T10:00Z,SCAN,gcurl,,,,laptop,\n" for number in range(1100)))
    plan = preview(vault, vault.order("monday"))
    assert (len(plan.lost), plan.lost_entries) == (LOST_SHOWN_MAX, 1104)


def test_without_key_operator_or_reason_nothing_is_restored(vault: Vault) -> None:
    """The restore is signed with the station's key, by somebody, for a reason."""
    order = vault.order("monday")
    other = SqliteBackups(vault.store, lambda name: made_up_signer(name, seed=2), vault.known)
    with vault.unchanged(), pytest.raises(station_errors.KeyUnusable):
        restoring.restore(vault.workplace, other, order, confirm=None)
    with vault.unchanged(), pytest.raises(station_errors.KeyUnusable):
        restoring.preview(vault.workplace, other, vault.order(at=2))
    with vault.unchanged(), pytest.raises(errors.OperatorUnknown):
        restoring.restore(vault.manned_by(None), vault.files, order, confirm=None)
    with vault.unchanged(), pytest.raises(errors.DeedRefused, match="nobody says why"):
        vault.restore(vault.order("monday", reason=" "))
    assert vault.beside() == ["assettrack.db"]


def test_what_can_be_read_but_not_written_is_not_moved_aside(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is only protected is a matter for its owner."""
    monkeypatch.setattr(replacing, "overwriting", lambda *_: None)
    with vault.unchanged(), pytest.raises(station_errors.StorageFailed, match="not opened for writing"):
        vault.restore(vault.order("monday"))
    assert vault.beside() == ["assettrack.db"]


def test_a_backup_of_an_older_version_is_brought_up_to_date(vault: Vault) -> None:
    """A backup whose schema is older is migrated apart, then verified, then restored; the file stays as it was."""
    content = (vault.shelf / "monday").read_bytes()
    vault.store.close()
    with with_steps(NEXT_STEP):
        vault.store.set_up(lambda: (_ for _ in ()).throw(AssertionError))
        plan = preview(vault, vault.order("monday"))
        assert vault.restore(vault.order("monday"), confirm=plan.confirm_code).entries == 4
        assert tables_of(vault.live)["notes"] == [("migrated",)]
        vault.require_good()
        vault.store.close()
    assert (vault.shelf / "monday").read_bytes() == content


def test_a_database_of_another_version_is_left_alone(vault: Vault) -> None:
    """An older database is first brought up to date by init; it is not replaced unseen."""
    with with_steps(NEXT_STEP), pytest.raises(station_errors.DatabaseVersionDiffers):
        vault.restore(vault.order("monday"))
    assert vault.log_size == 7


def test_contact_data_that_was_erased_comes_back_with_a_backup(vault: Vault) -> None:
    """A backup holds what was there, contact data too; whoever erased it since has to erase it again."""
    contacts.write(vault.workplace, "Holder 1", "one@example.org")
    vault.back_up("tuesday")
    contacts.erase(vault.workplace, "Holder 1")
    vault.restore(vault.order("tuesday"))
    assert contacts.contact_of(vault.workplace, "Holder 1")[1] == "one@example.org"
    vault.require_good()


def test_progress_is_told(vault: Vault) -> None:
    """Who waits is told how many entries were verified."""
    seen: list[int] = []
    restoring.restore(vault.workplace, vault.files, vault.order("monday"), confirm=None, progress=seen.append)
    assert seen[-1] == 4
