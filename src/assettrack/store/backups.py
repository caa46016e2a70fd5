"""Where backups are made and taken from: files, temporary places, and the station's own database while it is replaced.

Owns the names that are used on the way and that nothing is left of them. A backup is one file in rollback mode, which
any SQLite reads from any medium without files beside it. Must never judge whether a backup is good: that is for the
services, which read it through a store like any other.
"""

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import apsw

from assettrack.domain import errors, station_errors
from assettrack.domain.checkpoints import Checkpoint
from assettrack.domain.deeds import Deed, Station
from assettrack.domain.manifests import MANIFEST_BYTES_MAX
from assettrack.domain.signed_notes import Signer
from assettrack.lasting_files import (
    SCRATCH_PREFIX,
    Digest,
    copy_hashed,
    give_name,
    make_draft,
    remove,
    require_free,
    said_by_system,
    sweep,
    sync_file,
    sync_folder,
    write_synced,
)
from assettrack.store import migrations, rebuilding
from assettrack.store.connection import Connection, DatabaseSettings, Purpose
from assettrack.store.continuity import Witness, require_continued
from assettrack.store.replacing import HeldDatabase, holding
from assettrack.store.snapshots import SqliteSnapshot, SqliteTransaction
from assettrack.store.sqlite import SignerOf, SqliteStore

MANIFEST_SUFFIX = ".manifest"
SINGLE_FILE = DatabaseSettings(journal_mode="delete", synchronous="extra")
"""How a database is opened that is to be one file, with nothing beside it."""

_BESIDE_A_DATABASE = ("", "-wal", "-shm", "-journal")


class _ScratchStore(SqliteStore):
    """A store whose database nobody will ever need again: where a transaction fails, nothing is uncertain."""

    @contextmanager
    def write(self) -> Iterator[SqliteTransaction]:
        """Open the one transaction that may write.

        Raises:
            station_errors.StorageFailed: the disk fails or is full.
        """
        with _thrown_away(self.path), super().write() as transaction:
            yield transaction


class ScratchDatabase:
    """A database in a private folder, apart from the station's own: copied or rebuilt, read, and thrown away."""

    def __init__(self, folder: Path, original: Path, signer_of: SignerOf) -> None:
        self.path = folder / "scratch.db"
        self._original = original
        self.store: SqliteStore = _ScratchStore(self.path, signer_of)

    def take(self, name: str) -> Digest:
        """Copy the file of a backup here; return the hash and size of what was copied.

        Raises:
            errors.FileUnreadable: it can't be read.
            station_errors.StorageFailed: there is no room for it, say.
        """
        source = _readable(name)
        try:
            with source.open("rb"):
                pass
        except OSError as error:
            raise errors.FileUnreadable(name, _reason(error)) from error
        try:
            return copy_hashed(source, self.path)
        except OSError as error:
            raise station_errors.StorageFailed(said_by_system(error), str(self.path)) from error

    def bring_up_to_date(self) -> None:
        """Give a database of an older version the schema of this one.

        Raises:
            errors.AssetTrackError: it is none of ours.
        """
        with _thrown_away(self.path):
            self.store.set_up(_never_anew)
        self.store.close()

    def holding(self) -> AbstractContextManager[HeldDatabase]:
        """Lend the station's own database, to be replaced by this one; nobody else writes to it meanwhile.

        Raises:
            station_errors.DatabaseBusy: somebody is writing, and goes on.
        """
        return holding(self._original, self.path)

    def close(self) -> None:
        """Bring the database to the disk as one file; it can be used again."""
        self.store.close()

    def rebuild(self, source: rebuilding.Source, size: int) -> None:
        """Make the database that the first ``size`` entries of a log lead to; the log had a checkpoint then.

        Raises:
            station_errors.DatabaseDamaged: these entries tell no legal history.
            station_errors.StorageFailed: the disk fails or is full.
        """
        with _thrown_away(self.path):
            rebuilding.rebuild(self.path, source, size)


class DraftBackup:
    """A backup in the making, under a temporary name beside the one it will have."""

    def __init__(self, store: SqliteStore, witness: Witness, target: Path, temporary: Path, *, replaces: bool) -> None:
        self.file = str(target)
        self.manifest = f"{target}{MANIFEST_SUFFIX}"
        self.draft = str(temporary)
        self._store = store
        self._witness = witness
        self._target = target
        self._temporary = temporary
        self._replaces = replaces

    def fill(self) -> None:
        """Copy the database here, whole and as it is at one moment; when this returns, the copy is on the disk.

        Raises:
            station_errors.DatabaseOlder: it does not hold what the station is known to have signed.
            station_errors.StorageFailed: it can't be read, or there is no room for it.
        """
        with self._store.read() as snapshot:
            require_continued(snapshot, self._witness.newest(snapshot.station()))
            try:
                snapshot.copy_to(self._temporary)
                make_single(self._temporary)
            except station_errors.StorageFailed as error:
                is_there = isinstance(error.__cause__, apsw.FullError | OSError)  # else the database may be the one
                what = self.file if is_there else f"{self.file} or the database"
                raise station_errors.StorageFailed(error.reason, what) from error

    def place(self, manifest: str) -> None:
        """Write the manifest and give both files their names, the manifest last; both last when this returns.

        Raises:
            errors.FileExists: one of the names was taken meanwhile.
            errors.FileUnwritable: the system does not let us.
        """
        temporary = self._temporary.with_name(f"{self._temporary.name}{MANIFEST_SUFFIX}")
        beside = Path(self.manifest)
        try:
            write_synced(temporary, manifest.encode())
            if not self._replaces:
                require_free(beside)
            give_name(self._temporary, self._target, replace=self._replaces)
            give_name(temporary, beside, replace=self._replaces)
            sync_folder(self._target.parent)
        except OSError as error:
            raise errors.FileUnwritable(self.file, _reason(error)) from error
        finally:
            temporary.unlink(missing_ok=True)


class SqliteBackups:
    """Backups of one station's database; ``signer_of`` finds its key, ``witness`` what it is known to have signed."""

    def __init__(self, store: SqliteStore, signer_of: SignerOf, witness: Witness) -> None:
        self._store = store
        self._signer_of = signer_of
        self._witness = witness

    @property
    def _path(self) -> Path:
        """Where the station's database is, or would be; a link is followed, and stays."""
        return self._store.path.resolve()

    @property
    def schema(self) -> int:
        """The number of the newest schema that this program works with."""
        return migrations.latest()

    def signer(self, station: str) -> Signer:
        """Return the station's key, ready to sign.

        Raises:
            station_errors.KeyUnusable: it is not there.
        """
        return self._signer_of(station)

    def known(self, station: Station) -> Checkpoint | None:
        """Return the newest checkpoint that a station is known to have signed, or None."""
        return self._witness.newest(station)

    def remember(self, station: str, note: str) -> None:
        """Keep a checkpoint as the newest of a station."""
        self._witness.keep(station, note)

    @contextmanager
    def present(self) -> Iterator[SqliteSnapshot]:
        """Open a snapshot of the station's database; what is no database at all any more counts as damaged here.

        Raises:
            station_errors.DatabaseDamaged: its first page is gone, say; what SQLite can't tell from a letter is no
                database.
            errors.AssetTrackError: as for any reading.
        """
        try:
            with self._store.read() as snapshot:
                yield snapshot
        except station_errors.DatabaseForeign as error:
            if isinstance(error.__cause__, apsw.NotADBError):
                raise station_errors.DatabaseDamaged("it is no database any more") from error
            raise

    @contextmanager
    def drafting(self, name: str, *, force: bool) -> Iterator[DraftBackup]:
        """Lend a backup in the making; whatever is not placed when the block ends is gone.

        Raises:
            errors.FileExists: the file or its manifest is there, and may not be replaced.
            errors.FileUnwritable: nothing can be written there.
            errors.ValueUnusable: it is the station's own database.
        """
        try:
            target = Path(name).resolve()  # a link is followed, and stays
            self._require_target(target, name, force=force)
            sweep(target.parent)
            temporary = make_draft(target.parent)
        except (OSError, ValueError, RuntimeError) as error:  # the second: a NUL in it; the third: a ring of links
            raise errors.FileUnwritable(name, _reason(error)) from error
        try:
            yield DraftBackup(self._store, self._witness, target, temporary, replaces=force)
        finally:
            for suffix in _BESIDE_A_DATABASE:
                temporary.with_name(f"{temporary.name}{suffix}").unlink(missing_ok=True)

    def manifest_of(self, name: str) -> bytes:
        """Return what stands in the manifest of a backup.

        Raises:
            errors.FileUnreadable: there is none, or it can't be read.
        """
        manifest = f"{_readable(name)}{MANIFEST_SUFFIX}"
        try:
            with _readable(manifest).open("rb") as file:
                return file.read(MANIFEST_BYTES_MAX + 1)
        except OSError as error:
            raise errors.FileUnreadable(manifest, _reason(error)) from error

    @contextmanager
    def scratch(self, *, beside: bool) -> Iterator[ScratchDatabase]:
        """Lend an empty place for a database in the system's temporary folder, or beside the station's own.

        Raises:
            station_errors.StorageFailed: no folder can be made there.
        """
        parent = self._path.parent
        try:
            if beside:
                parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            sweep(parent if beside else Path(tempfile.gettempdir()))
            folder = Path(tempfile.mkdtemp(prefix=SCRATCH_PREFIX, dir=parent if beside else None))
        except OSError as error:
            raise station_errors.StorageFailed(said_by_system(error), str(parent)) from error
        scratch = ScratchDatabase(folder, self._path, self._signer_of)
        try:
            yield scratch
        finally:
            scratch.store.close()
            remove(folder)

    def _require_target(self, target: Path, name: str, *, force: bool) -> None:
        manifest = Path(f"{target}{MANIFEST_SUFFIX}")
        own = [self._path.with_name(f"{self._path.name}{end}") for end in _BESIDE_A_DATABASE]
        for path in (target, manifest):
            if path in own or any(path.exists() and each.exists() and path.samefile(each) for each in own):
                raise errors.ValueUnusable("The file", name, "it is the station's own database; name another file")
        if target.is_dir():
            raise errors.FileUnwritable(name, "it is a folder")
        if not force:
            require_free(target)
            require_free(manifest)
        elif target.exists() and not (target.is_file() and manifest.is_file()):
            raise errors.FileUnwritable(name, "it has no manifest, so it is no backup and is not replaced")


@contextmanager
def _thrown_away(path: Path) -> Iterator[None]:
    """Let a commit that failed in a scratch database be a failure: what is in it is not used then, whatever it is."""
    try:
        yield
    except station_errors.CommitUncertain as error:
        raise station_errors.StorageFailed(error.reason, str(path)) from error


def make_single(path: Path) -> None:
    """Make a copied database one whole file with nothing beside it, on the disk.

    Raises:
        station_errors.StorageFailed: the disk fails.
    """
    connection = Connection(path, SINGLE_FILE, Purpose.MIGRATE)
    try:
        connection.set_journal_mode()
    finally:
        connection.close()
    try:
        sync_file(path)
    except OSError as error:
        raise station_errors.StorageFailed(said_by_system(error), str(path)) from error


def _readable(name: str) -> Path:
    """Return the path of a plain file.

    Raises:
        errors.FileUnreadable: there is none.
    """
    try:
        path = Path(name).resolve()
        if path.is_dir():
            raise errors.FileUnreadable(name, "it is a folder")
        if not path.exists():
            raise errors.FileUnreadable(name, "there is no such file")
        if not path.is_file():
            raise errors.FileUnreadable(name, "it is a device or a pipe")
    except (OSError, ValueError, RuntimeError) as error:
        raise errors.FileUnreadable(name, _reason(error)) from error
    return path


def _never_anew() -> tuple[Deed, Signer]:
    raise station_errors.DatabaseDamaged("it is empty")


def _reason(error: Exception) -> str:
    """Return why a file can't be read or written, as half a sentence."""
    if isinstance(error, FileNotFoundError):
        return "there is no such folder"
    return said_by_system(error)
