"""Files that a command makes for people to keep: written whole and lasting, or not at all, and never over another.

Owns the way from bytes to such a file: a temporary one beside it, brought to the disk, then given the name. Readable
by its owner alone, because what we export names people. Also how such a file is read again line by line, as it may be
larger than memory. Must never write over what is not a plain file, nor over a file of the station's own.
"""

import errno
from collections.abc import Generator, Iterable
from pathlib import Path

from assettrack.cli.output import inert
from assettrack.domain import errors
from assettrack.lasting_files import give_name, require_free, said_by_system, written_beside
from assettrack.settings import Settings


def write_kept(name: str, pieces: Iterable[bytes], *, station: Settings, force: bool) -> None:
    """Write a file; when this returns, it survives a power cut. With ``force`` it may replace a plain file.

    Raises:
        errors.ValueUnusable: it is one of the station's own files, which nothing is ever written over.
        errors.FileExists: there is something already, and it may not be replaced; it is as it was.
        errors.FileUnwritable: the name is blank, or the system does not let us; what was there is as it was.
    """
    try:
        path = require_apart(name, station)
        if not force:
            require_free(path)
        elif path.exists() and not path.is_file():
            raise errors.FileUnwritable(inert(name), "it is a folder, a device or a pipe")
        with written_beside(path, pieces) as temporary:
            give_name(temporary, path, replace=force)
    except errors.FileExists:
        raise errors.FileExists(inert(name)) from None  # as it was typed
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


def require_apart(name: str, station: Settings) -> Path:
    """Make sure that a file of this name is none of the station's own, and return where it is.

    Raises:
        errors.ValueUnusable: it is one.
        errors.FileUnwritable: there can be no such file.
    """
    path = _path(name)
    if station.owns(path):
        raise errors.ValueUnusable("The file", inert(name), "it is one of the station's own files; name another file")
    return path


def _path(name: str) -> Path:
    """Return where a file of this name is; a link is followed, and stays."""
    if not name.strip():
        raise errors.FileUnwritable("The file", "its name is blank")
    try:
        return Path(name).resolve()
    except (ValueError, RuntimeError) as error:  # the first: a NUL in the name; the second: a ring of links
        raise errors.FileUnwritable(inert(name), str(error)) from error


def _reason(error: Exception, missing: str) -> str:
    """Return why a file can't be written or read, as half a sentence."""
    return missing if isinstance(error, FileNotFoundError) else said_by_system(error)
