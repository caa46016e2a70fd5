"""Backups: made while others work, good only once they were restored and verified, recorded, and never in the way."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import apsw
import msgspec
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.audit_log import decode_body
from assettrack.domain.entries.station import BackupEntry
from assettrack.domain.manifests import read_manifest
from assettrack.domain.plans import Options
from assettrack.domain.signed_notes import VerifierKey
from assettrack.services import backups, contacts, verification
from assettrack.station.keys import verify_signature
from assettrack.store.backups import DraftBackup, SqliteBackups
from assettrack.store.connection import Connection, Purpose
from assettrack.store.sqlite import SqliteStore
from tests.services.desk import row
from tests.services.vault import Vault
from tests.store.databases import all_of
from tests.store.stations import STATION, its_signer, made_up_signer, workplace


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    """A station of four entries, with contact data."""
    made = Vault(tmp_path)
    made.register(2)
    contacts.write(made.workplace, "Holder 1", "one@example.org")
    yield made
    made.store.close()


def names(folder: Path) -> list[str]:
    """The names of all that is in a folder."""
    return sorted(path.name for path in folder.iterdir())


def test_a_backup_is_the_whole_database(vault: Vault) -> None:
    """The file is a database that verifies, with everything in it; the manifest states it; the log tells of it."""
    before = vault.everything()
    made = vault.back_up("monday.backup")
    path = vault.shelf / "monday.backup"
    assert (made.file, made.manifest) == (str(path), f"{path}.manifest")
    assert (made.entries, made.seq, made.verified) == (4, 5, True)
    assert made.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    manifest = read_manifest((vault.shelf / "monday.backup.manifest").read_bytes(), verify_signature)
    assert (manifest.entries, manifest.root, manifest.sha256, manifest.size) == (
        made.entries, made.root, made.sha256, path.stat().st_size,
    )  # fmt: skip
    assert (manifest.station, manifest.public_key) == (STATION, made_up_signer().public_key.hex())
    assert (manifest.schema, manifest.version) == (vault.files.schema, vault.workplace.version)
    with closing(SqliteStore(path, its_signer)) as store:
        with store.read() as snapshot:
            assert [contact.contact for contact in snapshot.contacts()] == ["one@example.org"]
        there = vault.manned_by(None)
        assert verification.verify(msgspec.structs.replace(there, store=store), [manifest.checkpoint]).ok
        assert all_of(store) == before


def test_the_log_tells_of_the_backup(vault: Vault) -> None:
    """One entry states what the backup holds, by its own name without folders; the log is good with it."""
    made = vault.back_up("monday.backup")
    entry = decode_body(vault.entries()[-1])
    assert isinstance(entry, BackupEntry)
    assert (entry.entries, entry.root, entry.sha256) == (made.entries, made.root, made.sha256)
    assert (entry.file, entry.operator, entry.seq) == ("monday.backup", "gcurl", made.seq)
    vault.require_good()


def test_a_backup_is_two_private_files_and_nothing_else(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file in rollback mode and its manifest, readable by the owner alone; nothing is left on the way."""
    scratch = vault.folder / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    vault.back_up("monday.backup")
    assert names(vault.shelf) == ["monday.backup", "monday.backup.manifest"]
    assert names(scratch) == []
    assert vault.beside() == ["assettrack.db"]
    if os.name == "posix":
        assert {path.stat().st_mode & 0o777 for path in vault.shelf.iterdir()} == {0o600}
    with closing(apsw.Connection(str(vault.shelf / "monday.backup"), flags=apsw.SQLITE_OPEN_READONLY)) as connection:
        assert connection.pragma("journal_mode") == "delete"


def test_others_may_write_meanwhile(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    """What others have not saved is not in it, what they save while it is verified comes after it; both are good."""
    fill = DraftBackup.fill

    def while_others_write(draft: DraftBackup) -> None:
        with closing(apsw.Connection(str(vault.live))) as other:
            other.execute("BEGIN IMMEDIATE; INSERT INTO settings VALUES ('half', 'done')")
            fill(draft)
            other.execute("ROLLBACK")
        vault.register()

    monkeypatch.setattr(DraftBackup, "fill", while_others_write)
    made = vault.back_up("monday.backup")
    assert (made.entries, made.seq) == (4, 6)
    assert backups.check(vault.workplace, vault.files, made.file).entries == 4
    vault.require_good()


def test_a_backup_is_never_replaced_by_mistake(vault: Vault) -> None:
    """A name that is taken, by a backup, its manifest or something else, is refused and left as it is."""
    first = vault.back_up("monday.backup")
    (vault.shelf / "tuesday.backup.manifest").write_text("something")
    (vault.shelf / "link").symlink_to("nowhere")
    content = Path(first.file).read_bytes()
    for name in ("monday.backup", "tuesday.backup"):
        with vault.unchanged(), pytest.raises(errors.FileExists):
            vault.back_up(name)
    assert Path(first.file).read_bytes() == content
    assert len(names(vault.shelf)) == 4


def test_a_backup_is_replaced_when_it_is_meant(vault: Vault) -> None:
    """With force the new pair is there, and only a backup is ever replaced."""
    vault.back_up("monday.backup")
    vault.register()
    made = vault.back_up("monday.backup", force=True)
    assert backups.check(vault.workplace, vault.files, made.file).entries == 6
    assert vault.back_up("tuesday.backup", force=True).entries == 7
    (vault.shelf / "letter.txt").write_text("dear")
    with pytest.raises(errors.FileUnwritable, match="no backup"):
        vault.back_up("letter.txt", force=True)
    assert (vault.shelf / "letter.txt").read_text() == "dear"


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", errors.FileUnwritable),
        ("folder", errors.FileUnwritable),
        ("nowhere/monday.backup", errors.FileUnwritable),
        ("file/monday.backup", errors.FileUnwritable),
        ("pipe", errors.FileUnwritable),
        ("ring", errors.FileUnwritable),
        ("a\0b", errors.FileUnwritable),
        ("x" * 300, errors.FileUnwritable),
        ("../live/assettrack.db", errors.ValueUnusable),
        ("../live/assettrack.db-wal", errors.ValueUnusable),
        ("../live/assettrack.db-journal", errors.ValueUnusable),
        ("live-by-link", errors.ValueUnusable),
        ("live-by-second-name", errors.ValueUnusable),
    ],
)
def test_hostile_names_are_refused(
    vault: Vault, name: str, error: type[errors.AssetTrackError], *, force: bool
) -> None:
    """Folders, missing ones, devices, rings of links, the station's own files under any name: nothing is made."""
    (vault.shelf / "folder").mkdir()
    (vault.shelf / "file").write_text("a file")
    os.mkfifo(vault.shelf / "pipe")
    (vault.shelf / "ring").symlink_to("ring")
    (vault.shelf / "live-by-link").symlink_to(vault.live)
    (vault.shelf / "live-by-second-name").hardlink_to(vault.live)
    before = names(vault.shelf)
    expected = errors.FileExists if name == "pipe" and not force else error
    with vault.unchanged(), pytest.raises(expected):
        vault.back_up(name, force=force)
    assert names(vault.shelf) == before
    vault.require_good()


def test_a_link_is_followed_and_stays(vault: Vault) -> None:
    """A name that leads elsewhere, such as to a stick, leaves the backup there."""
    (vault.folder / "stick").mkdir()
    (vault.shelf / "latest").symlink_to(vault.folder / "stick" / "monday.backup")
    made = vault.back_up("latest")
    assert made.file == str((vault.folder / "stick" / "monday.backup").resolve())
    assert names(vault.folder / "stick") == ["monday.backup", "monday.backup.manifest"]
    assert backups.check(vault.workplace, vault.files, str(vault.shelf / "latest")).entries == 4


def test_a_name_that_cannot_be_printed_is_told_so_that_it_can(vault: Vault) -> None:
    """The entry holds the name with what can't be printed escaped."""
    vault.back_up("a\nb")
    entry = decode_body(vault.entries()[-1])
    assert isinstance(entry, BackupEntry)
    assert entry.file == "a\\nb"


@pytest.mark.parametrize("table", ["slots", "audit_log", "checkpoints", "assets"])
def test_a_database_that_is_not_good_has_no_backup(vault: Vault, table: str) -> None:
    """What was read back is verified: a forged database leaves no file, and no entry."""
    vault.desk_with_assets()
    statements = {
        "slots": "UPDATE slots SET current_asset_tag = NULL",
        "audit_log": "UPDATE audit_log SET body = replace(body, 'Holder 2', 'Holder 7')",
        "checkpoints": "DELETE FROM checkpoints WHERE size = 2",
        "assets": "UPDATE assets SET model = 'XPS'",
    }
    vault.tamper(statements[table])
    with vault.unchanged(), pytest.raises(station_errors.BackupDamaged) as found:
        vault.back_up("monday.backup")
    assert names(vault.shelf) == []
    assert ("Entry 3" if table == "audit_log" else table[:-1]) in str(found.value)


def test_a_damaged_file_has_no_backup(vault: Vault) -> None:
    """A database that can't be read whole is said to be damaged, and leaves nothing."""
    vault.store.close()
    content = bytearray(vault.live.read_bytes())
    content[8192:] = os.urandom(len(content) - 8192)
    vault.live.write_bytes(content)
    with pytest.raises(errors.IntegrityError):
        vault.back_up("monday.backup")
    assert names(vault.shelf) == []


def test_without_its_checkpoint_a_log_has_no_backup(vault: Vault) -> None:
    """The last checkpoint gone: nothing would say what the backup holds."""
    vault.tamper("DELETE FROM checkpoints WHERE size = 4")
    with pytest.raises(station_errors.DatabaseDamaged, match="no checkpoint"):
        vault.back_up("monday.backup")
    assert names(vault.shelf) == []


def test_without_the_key_there_is_no_backup(vault: Vault) -> None:
    """The manifest has to be signed, with the key that the station was set up with."""
    other = SqliteBackups(vault.store, lambda name: made_up_signer(name, seed=2), vault.known)
    with (
        vault.unchanged(),
        pytest.raises(station_errors.KeyUnusable, match=r"The signing key of station .* is not the key"),
    ):
        backups.make(vault.workplace, other, str(vault.shelf / "monday.backup"))
    with vault.unchanged(), pytest.raises(errors.OperatorUnknown):
        backups.make(vault.manned_by(None), vault.files, str(vault.shelf / "monday.backup"))
    assert names(vault.shelf) == []


def test_a_good_backup_is_kept_though_its_entry_cannot_be_written(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the log can't be written to just now the backup is there, and it is said that no entry tells of it."""
    monkeypatch.setattr(vault.store, "_settings", msgspec.structs.replace(vault.store._settings, busy_seconds=0))  # noqa: SLF001 - so that nobody waits
    vault.store.close()
    with closing(apsw.Connection(str(vault.live))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(station_errors.BackupNotLogged, match=r"made and good.*Another process") as caught:
            vault.back_up("monday.backup")
        assert caught.value.saved is False
        other.execute("ROLLBACK")
    assert backups.check(vault.workplace, vault.files, str(vault.shelf / "monday.backup")).entries == 4
    assert vault.log_size == 4


def test_where_the_disk_fails_over_its_entry_nobody_knows_whether_it_is_there(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fails just when the entry is saved: it may be there, so it is not said that nothing was saved."""
    commit = Connection._commit  # noqa: SLF001 - the moment of saving is meant

    def commit_and_fail(connection: Connection) -> None:
        commit(connection)
        if connection._purpose is Purpose.WRITE and connection._path == vault.live:  # noqa: SLF001 - the entry's
            raise station_errors.CommitUncertain("disk I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(Connection, "_commit", commit_and_fail)
        with pytest.raises(station_errors.BackupNotLogged, match=r"made and good.*audit show --last 1") as caught:
            vault.back_up("monday.backup")
    assert caught.value.saved is None
    assert vault.log_size == 5


@pytest.mark.parametrize("taken", ["monday.backup", "monday.backup.manifest"])
def test_a_name_that_is_taken_meanwhile_is_left_alone(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, taken: str
) -> None:
    """Somebody makes a file of that name while the backup is verified: theirs stays, and the backup is not there."""
    fill = DraftBackup.fill

    def while_somebody_takes_the_name(draft: DraftBackup) -> None:
        fill(draft)
        (vault.shelf / taken).write_text("theirs")

    monkeypatch.setattr(DraftBackup, "fill", while_somebody_takes_the_name)
    with vault.unchanged(), pytest.raises(errors.FileExists):
        vault.back_up("monday.backup")
    assert names(vault.shelf) == [taken]
    assert (vault.shelf / taken).read_text() == "theirs"


def test_a_good_backup_is_checked_without_a_station(vault: Vault, tmp_path: Path) -> None:
    """Another machine, with neither database nor key, finds it good, and knows by the key whose it is."""
    made = vault.back_up("monday.backup")
    nowhere = SqliteStore(tmp_path / "nowhere" / "assettrack.db", its_signer)
    auditor = workplace(nowhere, tmp_path / "plans")
    files = SqliteBackups(nowhere, its_signer, vault.known)
    before = {path.name: path.read_bytes() for path in vault.shelf.iterdir()}
    key = VerifierKey(STATION, made_up_signer().public_key)
    assert backups.check(auditor, files, made.file).vkey == backups.check(auditor, files, made.file, key=key).vkey
    with pytest.raises(station_errors.BackupDamaged, match="not the key"):
        backups.check(auditor, files, made.file, key=VerifierKey(STATION, made_up_signer(seed=2).public_key))
    assert {path.name: path.read_bytes() for path in vault.shelf.iterdir()} == before
    assert not (tmp_path / "nowhere").exists()


def test_an_empty_station_has_a_backup(tmp_path: Path) -> None:
    """A station that was just set up can be backed up."""
    vault = Vault(tmp_path)
    assert vault.back_up("first.backup").entries == 1
    vault.store.close()


def test_progress_is_told(vault: Vault) -> None:
    """Who waits is told how many entries were verified."""
    seen: list[int] = []
    vault.desk_with_assets()
    backups.make(vault.workplace, vault.files, str(vault.shelf / "monday.backup"), progress=seen.append)
    assert seen[-1] == vault.log_size - 1


def test_options_of_a_batch_are_in_the_backup(vault: Vault) -> None:
    """A batch that was committed before is known to the backup by its rows."""
    vault.desk_with_assets()
    made = vault.back_up("monday.backup")
    with closing(SqliteStore(Path(made.file), its_signer)) as store, store.read() as snapshot:
        assert snapshot.last_batch_id() == 1
    assert vault.commit(row("A1", place=("C1", "1")), Options()).already_committed
