"""A disk on which no file may grow beyond a size: what is written past it fails for real, in SQLite as elsewhere.

Owns the limit of this process, and that it is gone again. Only for systems that have one (POSIX).
"""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import apsw


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let the system refuse to write beyond so many bytes (EFBIG) to any file, until the block ends."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    told = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, told)


class _FullFile(apsw.VFSFile):
    """A real file that takes nothing."""

    def __init__(self, base: str, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        super().__init__(base, name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: ARG002, N802 - SQLite's names
        raise apsw.exception_for(apsw.SQLITE_FULL)


class _FullVFS(apsw.VFS):
    """The system's files, but for those with some words in their names, which take nothing."""

    def __init__(self, words: str) -> None:
        self._base = apsw.vfs_names()[0]
        super().__init__("full", self._base, makedefault=True)
        self._words = words

    def xOpen(self, name: str | apsw.URIFilename | None, flags: list[int]) -> apsw.VFSFile:  # noqa: N802 - SQLite's name
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        is_full = self._words in (path or "")
        return _FullFile(self._base, name, flags) if is_full else super().xOpen(name, flags)


@contextmanager
def full_where(words: str) -> Iterator[None]:
    """Let the disk be full wherever SQLite writes to a file with these words in its name, until the block ends."""
    vfs = _FullVFS(words)
    try:
        yield
    finally:
        vfs.unregister()
