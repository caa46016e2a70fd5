"""Opening files that were named: what keeps one from being read is said as its content would be.

Reads bytes only; what they mean is for `formats`.
"""

import os
import select
import stat
from pathlib import Path
from typing import BinaryIO

from assettrack.cli.output import inert
from assettrack.domain import errors
from assettrack.domain.findings import finding
from assettrack.domain.scans import FILE_BYTES_MAX
from assettrack.formats import scan_csv
from assettrack.formats.scan_csv import ScanTable

PIPE_PATIENCE_SECONDS = 5.0


def read_batch(name: str) -> ScanTable:
    """Return the batch in a file, or one whose only problem is that the file can't be read."""
    try:
        return scan_csv.parse(_content(Path(name)))
    except FileNotFoundError:
        problem = finding("file_not_found", name=inert(name))
    except _TooLarge as error:
        problem = finding("file_too_large", size=f"{error.size:,}", limit=f"{FILE_BYTES_MAX:,}")
    except (OSError, ValueError) as error:
        problem = finding("file_unreadable", name=inert(name), reason=_reason(error))
    return ScanTable("", (problem,))


def read_file(name: str) -> bytes:
    """Return what a file holds that is no batch.

    Raises:
        errors.FileUnreadable: it can't be read.
    """
    try:
        return _content(Path(name))
    except (OSError, ValueError) as error:
        raise errors.FileUnreadable(inert(name), _reason(error)) from error


def source_name(name: str) -> str:
    """Return the file's own name without its folder, printable, as the log keeps it."""
    return inert(Path(name).name)


class _TooLarge(ValueError):
    """A file is larger than any file may be; ``size`` in bytes."""

    def __init__(self, size: int) -> None:
        super().__init__(f"it has {size:,} bytes, more than any file that is read")
        self.size = size


def _content(path: Path) -> bytes:
    """Return the bytes of a file, at most one more than a batch may have.

    Raises:
        OSError: the system does not let us.
        ValueError: the name can't be a file's, or the file is too large.
    """
    found = path.stat()
    if stat.S_ISDIR(found.st_mode):
        raise IsADirectoryError  # Windows would say that the rights are missing
    if found.st_size > FILE_BYTES_MAX:
        raise _TooLarge(found.st_size)
    with _open_pipe(path) if stat.S_ISFIFO(found.st_mode) else path.open("rb") as file:
        return file.read() if stat.S_ISREG(found.st_mode) else file.read(FILE_BYTES_MAX + 1)  # a device may never end


def _open_pipe(path: Path) -> BinaryIO:
    """Open a pipe into which somebody writes.

    Raises:
        ValueError: nobody does, and waiting would be for ever.
    """
    pipe = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    if not select.select([pipe], [], [], PIPE_PATIENCE_SECONDS)[0]:
        os.close(pipe)
        raise ValueError("it is a pipe, and nothing comes out of it")
    os.set_blocking(pipe, True)
    return os.fdopen(pipe, "rb")


def _reason(error: OSError | ValueError) -> str:
    """Return why a file can't be read, as half a sentence."""
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    if isinstance(error, FileNotFoundError):
        return "there is no such file"
    return str(getattr(error, "strerror", None) or error)
