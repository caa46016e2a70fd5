"""Opening files that were named: what keeps one from being read is said as its content would be.

Reads bytes only; what they mean is for `formats`.
"""

import os
import select
import stat
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from assettrack.cli.output import inert
from assettrack.domain import errors
from assettrack.domain.findings import Finding, finding
from assettrack.domain.scans import FILE_BYTES_MAX
from assettrack.formats import scan_csv
from assettrack.formats.scan_csv import ScanTable

if TYPE_CHECKING:
    from assettrack.domain.dumped_scans import Dump
    from assettrack.formats.scanner_dump import Asked

PIPE_PATIENCE_SECONDS = 5.0


def read_batch(name: str, asked: "Asked | None" = None) -> "ScanTable | Dump":
    """Return the batch in a file, or one whose only problem is that the file can't be read.

    What it is, its content says; ``asked`` is what somebody said of it.
    """
    content = read_content(name)
    return ScanTable("", (content,)) if isinstance(content, Finding) else _batch(content, asked)


def read_content(name: str) -> bytes | Finding:
    """Return what the file of a batch holds, or the problem that keeps it from being read."""
    try:
        return _content(Path(name))
    except FileNotFoundError:
        return finding("file_not_found", name=inert(name))
    except _TooLarge as error:
        return finding("file_too_large", size=f"{error.size:,}", limit=f"{FILE_BYTES_MAX:,}")
    except (OSError, ValueError) as error:
        return finding("file_unreadable", name=inert(name), reason=_reason(error))


def _batch(content: bytes, asked: "Asked | None") -> "ScanTable | Dump":
    if asked is None or not asked.profile:
        table = scan_csv.parse(content)
        if not table.problems:
            return table
    from assettrack.formats import batch_files  # costs 30 ms, and most files are batches by their header line

    return batch_files.read(content, asked)


def written_at(name: str) -> datetime | None:
    """Return when a file was written last; None where that says nothing, as of a pipe."""
    try:
        found = Path(name).stat()
    except (OSError, ValueError):
        return None
    return datetime.fromtimestamp(found.st_mtime, UTC) if stat.S_ISREG(found.st_mode) else None


def read_file(name: str) -> bytes:
    """Return what a file holds that is no batch.

    Raises:
        errors.FileUnreadable: it can't be read.
    """
    try:
        return _content(Path(name))
    except (OSError, ValueError) as error:
        raise errors.FileUnreadable(inert(name), _reason(error)) from error


def read_list(name: str, numbers: Collection[int] = ()) -> bytes:
    """Return a list of names as text; of a workbook it is its one sheet, as CSV.

    ``numbers`` are the columns, the first being 1, in which a workbook may have whole numbers.

    Raises:
        errors.FileUnreadable: it can't be read.
    """
    content = read_file(name)
    if not content.startswith(b"PK"):
        return content
    from assettrack.formats import workbooks  # most lists are text, and need no reader of workbooks

    try:
        return workbooks.sheet_as_csv(content, numbers)
    except workbooks.NotAWorkbook as error:
        raise errors.FileUnreadable(source_name(name), error.problem.message.rstrip(".")) from error


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
