"""Files that were sent to the station and are waiting to be checked, in a folder beside the database.

Owns ``<database>.uploads/``: private to the user, each file named by who sent it and its content's hash, so that nobody
takes away what another is checking; how much of it one account may have; old ones are swept. Must never be taken for
what was committed: the log holds that.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from assettrack.domain import desk_errors, station_errors
from assettrack.lasting_files import said_by_system, written_beside

KEPT_SECONDS = 24 * 3600
"""A file that was not committed is swept after so long."""

BYTES_MAX = 512 * 1024 * 1024
"""So much may wait of one account: two files of the largest size that is read."""

_BLOCK_BYTES = 1024 * 1024
_ANY = "sent"
"""How a file is called until its hash is known; what was broken off in the middle is swept like any other."""


class Uploads:
    """The files sent to one station; each account has at most ``bytes_max`` of them."""

    def __init__(self, folder: Path, bytes_max: int = BYTES_MAX) -> None:
        self._folder = folder
        self._bytes_max = bytes_max
        self._guard = threading.Lock()

    def keep(self, account_id: int, sent: BinaryIO) -> str:
        """Keep what an account sent, block by block; return the name by which it is found.

        Raises:
            desk_errors.UploadsFull: too much of the account waits already.
            station_errors.StorageFailed: the system does not let us, or the disk is full.
        """
        digest = sha256()

        def blocks(left: int) -> Iterator[bytes]:
            while block := sent.read(_BLOCK_BYTES):
                left -= len(block)
                if left < 0:
                    raise desk_errors.UploadsFull(self._bytes_max)
                digest.update(block)
                yield block

        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.sweep()
            with self._guard:  # of two at once each counts the other
                left = self._bytes_max - self._waiting(account_id)
                with written_beside(self._folder / _ANY, blocks(left)) as written:
                    name = f"{account_id}-{digest.hexdigest()}"
                    written.replace(self._folder / name)
        except OSError as error:
            raise station_errors.StorageFailed(said_by_system(error), str(self._folder)) from error
        return name

    def find(self, name: str) -> bytes | None:
        """Return what was kept under a name, or None where it is gone or is something else."""
        try:
            content = (self._folder / name).read_bytes()
        except OSError:
            return None
        return content if sha256(content).hexdigest() == name.rpartition("-")[2] else None

    def drop(self, name: str) -> None:
        """Remove what is not needed any more."""
        with suppress(OSError):
            (self._folder / name).unlink()

    def sweep(self) -> None:
        """Remove what has waited for too long."""
        with suppress(OSError):
            for path in self._folder.iterdir():
                with suppress(OSError):
                    if path.stat().st_mtime < time.time() - KEPT_SECONDS:
                        path.unlink()

    def _waiting(self, account_id: int) -> int:
        """Return how many bytes of an account wait."""
        found = 0
        for path in self._folder.glob(f"{account_id}-*"):
            with suppress(OSError):  # swept meanwhile
                found += path.stat().st_size
        return found
