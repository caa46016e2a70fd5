"""One server at a station: whoever serves it holds a lock beside the database for as long as they serve.

Owns ``<database>.desk.lock``. A server keeps in its own memory what is being worked on, so two at one desk would not
know of each other. The system lets go of the lock when its process ends, however that is; the file stays and is empty.
Must never be asked for by the commands: they work beside a server.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assettrack.domain import station_errors
from assettrack.lasting_files import said_by_system

_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
"""What systems say of a lock that another holds (flock, and msvcrt.locking in its one-try mode)."""


@contextmanager
def the_only_server(path: Path) -> Iterator[None]:
    """Hold the lock on a file while the block runs; the file is made where it is missing.

    Raises:
        station_errors.AlreadyServed: another server holds it.
        station_errors.StorageFailed: the system does not let us make or lock the file.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise station_errors.StorageFailed(said_by_system(error), str(path)) from error
    try:
        try:
            _lock(handle)
        except OSError as error:
            if error.errno in _TAKEN:
                raise station_errors.AlreadyServed from error
            raise station_errors.StorageFailed(said_by_system(error), str(path)) from error
        yield
    finally:
        os.close(handle)  # lets go of the lock as well


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
