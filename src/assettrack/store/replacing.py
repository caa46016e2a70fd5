"""Putting another database in the place of the station's own: the old one or the new one is there, always.

Owns the way. A database that can be opened is written over by SQLite itself, in one transaction, page by page out of
the new one: whoever is killed in the middle leaves the old one, whoever reads goes on reading what was there when the
reading began, and whoever waits for the lock then meets the new one. (Renaming a file over a database would leave the
write-ahead log of the old one beside the new one, and connections that write to a file nobody sees.) Only what can't
be opened at all, or is not there, is moved aside and given up to a file renamed into its place.

Must never replace anything before it holds the write lock, and never without keeping what was there.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Protocol

import apsw

from assettrack.domain import errors, station_errors
from assettrack.lasting_files import give_name, make_draft, said_by_system, sync_file, sync_folder
from assettrack.store.connection import DatabaseSettings, file_exists
from assettrack.store.driver_errors import driver_errors

_BESIDE = ("-wal", "-shm", "-journal", "")  # the log first: never is it there beside a database it does not belong to
_MAGIC = b"SQLite format 3\0"
"""How every database file begins (https://www.sqlite.org/fileformat.html)."""

_NOT_OPEN = (apsw.NotADBError, apsw.CorruptError, apsw.IOError)


class HeldDatabase(Protocol):
    """The station's own database, to which nobody else writes now; ``opened`` unless SQLite can't, or it is missing."""

    opened: bool

    def replace(self, label: str) -> str | None:
        """Put the new database in its place; return where the old one is kept, or None where there was none.

        It is kept beside, under its name with ``.replaced-`` and the label.

        Raises:
            station_errors.StorageFailed: the disk fails or is full; the old one is in its place.
            station_errors.CommitUncertain: it fails in the moment of replacing; either one is in its place, whole, and
                where the old one is kept is said.
        """
        ...


@contextmanager
def holding(path: Path, new: Path, settings: DatabaseSettings | None = None) -> Iterator[HeldDatabase]:
    """Hold a station's database so that nobody else writes to it, until the block ends.

    Raises:
        station_errors.DatabaseBusy: somebody is writing, and goes on for longer than the busy time.
        station_errors.DatabaseForeign, station_errors.StorageFailed: it is no file, or nothing may be written to it.
    """
    source = apsw.Connection(os.fspath(new))
    try:
        found = overwriting(path, source, settings or DatabaseSettings()) if _begins_well(path) else None
        held = found or _MovingAside(path, new)
        try:
            yield held
        finally:
            held.release()
    finally:
        source.close()


def _begins_well(path: Path) -> bool:
    """Tell whether there is a file that begins as a database does, or is empty.

    Others are not even opened: SQLite would tidy away the log beside a file that it can make nothing of.
    """
    if not file_exists(path):
        return False
    try:
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) in {_MAGIC, b""}
    except OSError as error:
        raise station_errors.StorageFailed(said_by_system(error), str(path)) from error


def overwriting(path: Path, source: apsw.Connection, settings: DatabaseSettings) -> "Overwriting | None":
    """Take the write lock of the database at ``path``, to write ``source`` over it; None where SQLite can't open it.

    Raises:
        station_errors.DatabaseBusy: somebody is writing, and goes on for longer than the busy time.
        station_errors.StorageFailed: nothing may be written to it.
    """
    with driver_errors(path, settings.busy_seconds), ExitStack() as undo:
        target = apsw.Connection(os.fspath(path), flags=apsw.SQLITE_OPEN_READWRITE, vfs=settings.vfs)
        undo.callback(target.close)
        try:
            target.set_busy_timeout(int(settings.busy_seconds * 1000))
            for name, value in (
                ("locking_mode", settings.locking_mode),
                ("journal_mode", settings.journal_mode),
                ("synchronous", settings.synchronous),
                ("fullfsync", 1),
                ("mmap_size", 0),
            ):
                target.execute(f"PRAGMA {name} = {value}").fetchall()
            held = Overwriting(path, target.backup("main", source, "main"), target, settings.busy_seconds)
            undo.callback(held.release)
            held.lock()
        except _NOT_OPEN:
            return None
        undo.pop_all()
    return held


class Overwriting:
    """A database that can be opened: it is written over in one transaction."""

    opened = True

    def __init__(self, path: Path, backup: apsw.Backup, target: apsw.Connection, busy_seconds: float) -> None:
        self._path = path
        self._backup = backup
        self._target = target
        self._busy_seconds = busy_seconds

    def lock(self) -> None:
        """Take the write lock; no page is written yet."""
        self._backup.step(0)

    def release(self) -> None:
        """Let go of the database; what was not finished is undone."""
        with suppress(apsw.Error):
            self._backup.finish()
        self._target.close()

    def replace(self, label: str) -> str | None:
        """Keep a copy beside, in one tidy file, then write over the database."""
        kept = self._keep(label)
        try:
            self.overwrite()
        except station_errors.CommitUncertain as error:
            raise station_errors.CommitUncertain.of_restore(error.reason, str(kept)) from error.__cause__
        except errors.AssetTrackError:
            kept.unlink(missing_ok=True)  # the old one is in its place, and the room may be needed
            raise
        return str(kept)

    def overwrite(self) -> None:
        """Write over the database; when this returns, the new one is there for good.

        Raises:
            station_errors.StorageFailed: the disk is full; the old one is there.
            station_errors.CommitUncertain: the disk fails; either one is there.
        """
        try:
            with driver_errors(self._path, self._busy_seconds):
                self._backup.step(-1)
                self._backup.finish()
        except station_errors.StorageFailed as error:
            if isinstance(error.__cause__, apsw.FullError):
                raise
            raise station_errors.CommitUncertain(error.reason) from error
        with suppress(apsw.Error):  # who still reads the old one keeps the log from being written back: it is, later
            self._target.set_busy_timeout(0)
            self._target.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)

    def _keep(self, label: str) -> Path:
        """Copy what is there into a file beside it, what still lies in the write-ahead log included."""
        try:
            temporary = make_draft(self._path.parent)
        except OSError as error:
            raise station_errors.StorageFailed(said_by_system(error), str(self._path.parent)) from error
        try:
            with driver_errors(self._path, self._busy_seconds):
                _copy(self._path, temporary)
            sync_file(temporary)
            kept = _free_name(self._path, label)
            give_name(temporary, kept)
            try:
                sync_folder(kept.parent)
            except OSError:
                kept.unlink(missing_ok=True)
                raise
        except OSError as error:
            raise station_errors.StorageFailed(said_by_system(error), str(temporary)) from error
        finally:
            for suffix in _BESIDE:
                temporary.with_name(f"{temporary.name}{suffix}").unlink(missing_ok=True)
        return kept


class _MovingAside:
    """A database that is not there, or that SQLite can't open: what there is of it is moved aside."""

    opened = False

    def __init__(self, path: Path, new: Path) -> None:
        self._path = path
        self._new = new

    def replace(self, label: str) -> str | None:
        """Move what there is aside, file by file, and give the new database its name."""
        kept = _free_name(self._path, label)
        found = [suffix for suffix in _BESIDE if os.path.lexists(f"{self._path}{suffix}")]
        told = str(kept) if found else None
        try:
            sync_file(self._new)
            for suffix in found:
                Path(f"{self._path}{suffix}").rename(f"{kept}{suffix}")
            sync_folder(self._path.parent)
            self._new.rename(self._path)
        except OSError as error:
            reason = f"{said_by_system(error)}{self._moved_back(kept)}"
            raise station_errors.StorageFailed(reason, str(self._path)) from error
        try:
            sync_folder(self._path.parent)
        except OSError as error:
            raise station_errors.CommitUncertain.of_restore(said_by_system(error), told) from error
        return told

    def _moved_back(self, kept: Path) -> str:
        """Give what was moved aside its names again; return what is to be said where the system does not let us."""
        try:
            for suffix in reversed(_BESIDE):
                if os.path.lexists(f"{kept}{suffix}"):
                    Path(f"{kept}{suffix}").rename(f"{self._path}{suffix}")
        except OSError:
            return f"; what was there is kept as {kept}"
        return ""

    def release(self) -> None:
        """Let go of nothing."""


def _copy(path: Path, target: Path) -> None:
    """Copy a database page by page, whether or not they are sound, and make the copy one file if they are."""
    source = apsw.Connection(os.fspath(path), flags=apsw.SQLITE_OPEN_READONLY)
    copy = apsw.Connection(os.fspath(target))
    try:
        with copy.backup("main", source, "main") as backup:
            backup.step()
        with suppress(apsw.CorruptError, apsw.NotADBError):
            copy.execute("PRAGMA journal_mode = delete").fetchall()
    finally:
        copy.close()
        source.close()


def _free_name(path: Path, label: str) -> Path:
    """Return a name beside the database that nothing has, and nothing beside a database of that name."""
    number = 1
    while True:
        name = f"{path.name}.replaced-{label}{f'-{number}' if number > 1 else ''}"
        if not any(os.path.lexists(path.with_name(f"{name}{suffix}")) for suffix in _BESIDE):
            return path.with_name(name)
        number += 1
