"""The files that setting up makes: an empty one for a new database, and the copy that is kept of an older one.

Owns the name of that copy and how it gets it: it is made whole under another one first, and has its name only where
nothing had it before. One that an earlier run left is taken where it is the database as it is now, byte for byte. Must
never replace a copy that is there: it may be the only one of a good database.
"""

import filecmp
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from assettrack.domain import errors, station_errors
from assettrack.domain.deeds import Deed
from assettrack.domain.signed_notes import Signer
from assettrack.lasting_files import give_name, is_no_place, make_draft, said_by_system, sync_file, sync_folder
from assettrack.store.connection import Connection

FirstDeed = Callable[[], tuple[Deed, Signer]]
"""Makes the deed that a log begins with, and the key that signs it."""


class Upgrade(msgspec.Struct, frozen=True):
    """A database that was brought up to date: from which schema to which, and where it is kept as it was before."""

    from_schema: int
    to_schema: int
    copy: Path


TellUpgrade = Callable[[Upgrade], None]
"""Told of an upgrade once it is done."""


def make_private_file(path: Path) -> None:
    """Make an empty file that only its owner can read; what SQLite puts beside it has the same rights.

    Raises:
        station_errors.FolderUnusable: it can't be where it was to be.
        station_errors.StorageFailed: the disk fails or is full.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
    except OSError as error:
        if is_no_place(error):
            raise station_errors.FolderUnusable(str(path.parent), error.strerror or str(error)) from error
        raise station_errors.StorageFailed(said_by_system(error), str(path)) from error


def copy_name(path: Path, schema: int) -> Path:
    """Return what the copy of a database of this schema is called: by the schema it was made before."""
    return path.with_name(f"{path.name}.before-schema-{schema + 1}")


class KeptCopy(msgspec.Struct, frozen=True):
    """The copy of a database as it was before it is brought up to date: made in this run, or left by an earlier one.

    Where something else has its name it is neither.
    """

    path: Path
    is_ours: bool
    is_good: bool

    def require_there(self) -> None:
        """Make sure that there is a copy still; to be asked while nobody else can write to the database.

        Raises:
            station_errors.CopyInTheWay: something else has its name.
            station_errors.StorageFailed: another run, whose copy it was, has failed and taken it away.
        """
        if not self.is_good:
            raise station_errors.CopyInTheWay(str(self.path))
        if not os.path.lexists(self.path):
            raise station_errors.StorageFailed("it was taken away meanwhile", str(self.path))


@contextmanager
def copy_kept(connection: Connection, path: Path, schema: int) -> Iterator[KeptCopy]:
    """Keep a copy of a database of this schema, 0 for none as yet, while the block brings it up to date.

    A copy that was made for it is removed again where the block fails, once it is sure that the database is of the old
    schema and stays so. Where that can't be made sure of, the copy stays, and the next run takes it.

    Raises:
        station_errors.StorageFailed: there is no room for it, say; nothing is left of it.
    """
    copy = copy_name(path, schema)
    kept = keep_copy(connection, copy) if schema else KeptCopy(copy, is_ours=False, is_good=False)
    try:
        yield kept
    except (errors.AssetTrackError, OSError, AssertionError, KeyboardInterrupt) as error:
        if kept.is_ours:
            with suppress(errors.AssetTrackError, OSError):
                _give_up(connection, copy, schema, error)
        raise


def _give_up(connection: Connection, copy: Path, schema: int, error: BaseException) -> None:
    if isinstance(error, station_errors.CommitUncertain):
        connection.empty_log()  # what the log may hold of the commit that failed can't come back then
    with connection.transaction():  # nobody else brings it up to date meanwhile and counts on the copy
        if connection.rows("PRAGMA user_version") == [(schema,)]:
            copy.unlink(missing_ok=True)


def keep_copy(connection: Connection, copy: Path) -> KeptCopy:
    """Copy a database to a file beside it that only its owner can read, or find that it is there already.

    Raises:
        station_errors.StorageFailed: there is no room for it, say; nothing is left of it.
    """
    try:
        draft = make_draft(copy.parent)
    except OSError as error:
        raise station_errors.StorageFailed(said_by_system(error), str(copy)) from error
    try:
        connection.copy_to(draft)
        sync_file(draft)
        try:
            give_name(draft, copy)
        except errors.FileExists:
            is_same = _is_same(draft, copy)
            if is_same:
                sync_file(copy)
                sync_folder(copy.parent)
            return KeptCopy(copy, is_ours=False, is_good=is_same)
        try:
            sync_folder(copy.parent)
        except OSError:
            copy.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise station_errors.StorageFailed(said_by_system(error), str(copy)) from error
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            draft.with_name(f"{draft.name}{suffix}").unlink(missing_ok=True)
    return KeptCopy(copy, is_ours=True, is_good=True)


def _is_same(draft: Path, copy: Path) -> bool:
    """Tell whether a copy that is there is a plain file with the same bytes as one that was made now."""
    return stat.S_ISREG(copy.lstat().st_mode) and filecmp.cmp(draft, copy, shallow=False)
