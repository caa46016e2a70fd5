"""Files that were sent to the station and are waiting to be checked, in a folder beside the database.

Owns ``<database>.uploads/``: private to the user, each file named by its content's hash, old ones swept. Must never be
taken for what was committed: the log holds that.
"""

import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from assettrack.domain import station_errors
from assettrack.lasting_files import said_by_system, written_beside

KEPT_SECONDS = 24 * 3600
"""A file that was not committed is swept after so long."""

_BLOCK_BYTES = 1024 * 1024
_ANY = "sent"
"""How a file is called until its hash is known; what was broken off in the middle is swept like any other."""


class Uploads:
    """The files sent to one station."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sent: BinaryIO) -> str:
        """Keep what was sent, block by block; return the SHA-256 (hex) by which it is found.

        Raises:
            station_errors.StorageFailed: the system does not let us, or the disk is full.
        """
        digest = sha256()

        def blocks() -> Iterator[bytes]:
            while block := sent.read(_BLOCK_BYTES):
                digest.update(block)
                yield block

        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._sweep()
            with written_beside(self._folder / _ANY, blocks()) as written:
                written.replace(self._folder / digest.hexdigest())
        except OSError as error:
            raise station_errors.StorageFailed(said_by_system(error), str(self._folder)) from error
        return digest.hexdigest()

    def find(self, name: str) -> bytes | None:
        """Return what was kept under a hash, or None where it is gone or is something else."""
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return None
        return content if sha256(content).hexdigest() == name else None

    def drop(self, name: str) -> None:
        """Remove what is not needed any more."""
        with suppress(OSError):
            (self._folder / name).unlink()

    def _sweep(self) -> None:
        for path in self._folder.iterdir():
            with suppress(OSError):
                if path.stat().st_mtime < time.time() - KEPT_SECONDS:
                    path.unlink()
