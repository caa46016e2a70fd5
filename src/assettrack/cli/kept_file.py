"""Files that a command makes for people to keep: written whole and lasting, or not at all, and never over another.

Owns the way from bytes to such a file: a temporary one beside it, brought to the disk, then given the name. Readable
by its owner alone, because what we export names people. Also how such a file is read again line by line, as it may be
larger than memory. Must never write over what is not a plain file.
"""

import errno
import os
import tempfile
from collections.abc import Generator, Iterable
from pathlib import Path
from typing import BinaryIO

from assettrack.cli.output import inert
from assettrack.domain import errors

_NOT_ABLE = {errno.EPERM, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What file systems say that know no links, or can't sync a folder, such as those of memory sticks."""


def write_kept(name: str, pieces: Iterable[bytes], *, force: bool) -> None:
    """Write a file; when this returns, it survives a power cut. With ``force`` it may replace a plain file.

    Raises:
        errors.FileExists: there is something already, and it may not be replaced; it is as it was.
        errors.FileUnwritable: the system does not let us; what was there is as it was.
    """
    try:
        path = Path(name).resolve()  # a link is followed, and stays
        if not force:
            _require_free(path, name)
        elif path.exists() and not path.is_file():
            raise errors.FileUnwritable(inert(name), "it is a folder, a device or a pipe")
    except (OSError, ValueError, RuntimeError) as error:  # the second: a NUL in the name; the third: a ring of links
        raise errors.FileUnwritable(inert(name), _reason(error, "there is no such folder")) from error
    try:
        _write(path, name, pieces, force=force)
    except OSError as error:
        raise errors.FileUnwritable(inert(name), _reason(error, "there is no such folder")) from error


def read_lines(name: str, bytes_max: int) -> Generator[bytes, None, None]:
    """Yield the lines of a file with their ends; of one that is longer than ``bytes_max`` a part without its end.

    Raises:
        errors.FileUnreadable: it can't be read.
    """
    try:
        if Path(name).is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")  # Windows would say that the rights are missing
        with Path(name).open("rb") as file:
            while line := file.readline(bytes_max):
                yield line
    except (OSError, ValueError) as error:
        raise errors.FileUnreadable(inert(name), _reason(error, "there is no such file")) from error


def _write(path: Path, name: str, pieces: Iterable[bytes], *, force: bool) -> None:
    handle, temporary_name = tempfile.mkstemp(prefix=f".{path.name[:100]}.", dir=path.parent)  # made with mode 0600
    temporary = Path(temporary_name)
    try:
        with open(handle, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
            _fill(file, pieces)
        if force:
            temporary.replace(path)
        else:
            _give_free_name(temporary, path, name)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(path.parent)


def _fill(file: BinaryIO, pieces: Iterable[bytes]) -> None:
    file.writelines(pieces)
    file.flush()
    os.fsync(file.fileno())


def _give_free_name(temporary: Path, path: Path, name: str) -> None:
    """Give a finished file its name, unless somebody has taken that meanwhile."""
    try:
        path.hardlink_to(temporary)  # a rename would replace silently; a link refuses
    except FileExistsError:
        raise errors.FileExists(inert(name)) from None
    except OSError as error:
        if error.errno not in _NOT_ABLE:
            raise
        _require_free(path, name)
        temporary.replace(path)


def _require_free(path: Path, name: str) -> None:
    if os.path.lexists(path):
        raise errors.FileExists(inert(name))


def _sync_folder(folder: Path) -> None:
    """Make the names in a folder last; Windows does it by itself and can't open folders."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NOT_ABLE:
            raise
    finally:
        os.close(handle)


def _reason(error: Exception, missing: str) -> str:
    """Return why a file can't be written or read, as half a sentence."""
    if isinstance(error, FileNotFoundError):
        return missing
    return str(getattr(error, "strerror", None) or error)
