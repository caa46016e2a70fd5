"""Files brought to the disk: written whole, copied with their hash, synced, and given a name that is free.

Owns the system calls by which a file and its name last, for all that the program writes outside its database. Must
never give a file a name that another has, unless it is told to replace that one, and must know nothing of what is in
a file.
"""

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO, NamedTuple

from assettrack.domain import errors

DRAFT_PREFIX = ".assettrack-draft-"
SCRATCH_PREFIX = ".assettrack-scratch-"
IS_WINDOWS = os.name == "nt"
_PIECE_BYTES = 1 << 20
_SECONDS_OF_A_DAY = 24 * 60 * 60
_NOT_ABLE = {errno.EPERM, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What file systems say that know no links, or can't sync a folder, such as those of memory sticks."""

_NO_PLACE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EEXIST}
"""What the system says where no folder is or can be made, or none that we may write to or look into."""


_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
"""No room is left on the disk, or none for this user."""


class Digest(NamedTuple):
    """The SHA-256 (hex) and the size (bytes) of a file."""

    sha256: str
    size: int


def copy_hashed(source: Path, target: Path) -> Digest:
    """Copy a file's bytes into a new file that only its owner can read; the hash is of what was copied.

    Raises:
        OSError: the system does not let us.
    """
    hashed, size = sha256(), 0
    with _new_file(target) as copy, source.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            hashed.update(piece)
            copy.write(piece)
            size += len(piece)
    return Digest(hashed.hexdigest(), size)


def write_synced(path: Path, content: bytes) -> None:
    """Write a new file that only its owner can read; when this returns, its content is on the disk.

    Raises:
        OSError: the system does not let us, or there is such a file already.
    """
    with _new_file(path) as file:
        _fill(file, [content])


@contextmanager
def written_beside(path: Path, pieces: Iterable[bytes]) -> Iterator[Path]:
    """Write a file that only its owner can read in the folder of ``path``, and lend it to be given that name.

    Its content is on the disk then. The name lasts when this ends well; otherwise nothing of the file is left.

    Raises:
        OSError: the system does not let us.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)  # made with mode 0600
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            _fill(file, pieces)
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def _new_file(path: Path) -> BinaryIO:
    """Make a file that only its owner can read, and that was not there, and open it."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    return os.fdopen(handle, "wb")


def _fill(file: BinaryIO, pieces: Iterable[bytes]) -> None:
    file.writelines(pieces)
    file.flush()
    os.fsync(file.fileno())


def sync_file(path: Path) -> None:
    """Bring a file's content to the disk."""
    handle = os.open(path, os.O_RDWR | getattr(os, "O_BINARY", 0))
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last; Windows does it by itself and can't open folders."""
    if IS_WINDOWS:
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NOT_ABLE:
            raise
    finally:
        os.close(handle)


def give_name(temporary: Path, path: Path, *, replace: bool = False) -> None:
    """Give a finished file its name in the same folder; a name that is taken only where it is to be replaced.

    Raises:
        errors.FileExists: the name is taken.
        OSError: the system does not let us.
    """
    if replace:
        temporary.replace(path)
        return
    try:
        path.hardlink_to(temporary)  # a rename would replace silently; a link refuses
    except FileExistsError:
        raise errors.FileExists(str(path)) from None
    except OSError as error:
        if error.errno not in _NOT_ABLE:
            raise
        require_free(path)
        temporary.replace(path)
    else:
        temporary.unlink()


def require_free(path: Path) -> None:
    """Make sure that nothing has this name.

    Raises:
        errors.FileExists: something has.
    """
    if os.path.lexists(path):
        raise errors.FileExists(str(path))


def is_no_place(error: OSError) -> bool:
    """Tell whether the system refused because of where a file was to be, and not because the disk failed or is full."""
    return error.errno in _NO_PLACE


def said_by_system(error: Exception) -> str:
    """Return why the system did not let us read or write, as half a sentence."""
    if isinstance(error, OSError) and error.errno in _FULL:
        return "the disk is full"
    return str(getattr(error, "strerror", None) or error)


def make_draft(folder: Path) -> Path:
    """Make an empty file that only its owner can read, under a name that `sweep` knows, and return its path.

    Raises:
        OSError: the system does not let us.
    """
    handle, name = tempfile.mkstemp(prefix=DRAFT_PREFIX, dir=folder)
    os.close(handle)
    return Path(name)


def sweep(folder: Path) -> None:
    """Remove what a process that was killed has left of its drafts and scratch folders a day ago or longer."""
    with suppress(OSError):
        for path in folder.iterdir():
            if path.name.startswith((DRAFT_PREFIX, SCRATCH_PREFIX)):
                with suppress(OSError):
                    if path.stat().st_mtime < time.time() - _SECONDS_OF_A_DAY:
                        remove(path)
                        path.unlink(missing_ok=True)


def remove(folder: Path) -> None:
    """Remove a folder of our own with all that is in it, as far as the system lets us."""
    with suppress(OSError):
        shutil.rmtree(folder)
