"""The files that setting up makes: an empty one for a new database, and the copy that is kept of an older one.

Owns the name of that copy and how it gets it: it is made whole under another one first, and has its name only where
nothing had it before. Must never replace a copy that is there: it may be the only one of a good database.
"""

from collections.abc import Callable
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


def keep_copy(connection: Connection, copy: Path) -> bool:
    """Copy a database to a file beside it that only its owner can read; return False where its name is taken.

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
        give_name(draft, copy)
        sync_folder(copy.parent)
    except errors.FileExists:
        return False
    except OSError as error:
        raise station_errors.StorageFailed(said_by_system(error), str(copy)) from error
    finally:
        for suffix in ("", "-wal", "-shm", "-journal"):
            draft.with_name(f"{draft.name}{suffix}").unlink(missing_ok=True)
    return True
