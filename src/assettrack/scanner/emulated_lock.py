"""One program at an emulated scanner: whoever works with its memory holds a lock beside it for as long.

Owns ``.<memory>.<digest>.lock`` beside the file itself, wherever a link to it lies; the digest is that of its whole
path, for long names may begin alike. A real scanner is on one cable; two programs at one memory would each write back
what they read of it, and a scan would be gone. The system lets go of the lock when its process ends, however that is;
the file stays, and is empty.
"""

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from assettrack.domain import errors, scanner_errors

_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}
"""What systems say of a lock that another holds (flock, and msvcrt.locking in its one-try mode)."""


@contextmanager
def the_only_user(memory: Path) -> Iterator[None]:
    """Hold the lock of a memory while the block runs.

    Raises:
        scanner_errors.PortBusy: another program works with it.
        errors.FileUnwritable: the system does not let us make or lock the file.
    """
    try:
        handle = os.open(_beside(memory), os.O_RDWR | os.O_CREAT, 0o600)
    except (OSError, ValueError) as error:
        raise errors.FileUnwritable(str(memory), getattr(error, "strerror", None) or str(error)) from error
    try:
        try:
            _lock(handle)
        except OSError as error:
            if error.errno in _TAKEN:
                raise scanner_errors.PortBusy(f"of the emulated scanner {memory}") from error
            raise errors.FileUnwritable(str(memory), error.strerror or str(error)) from error
        yield
    finally:
        os.close(handle)  # lets go of the lock as well


def _beside(memory: Path) -> Path:
    """Return where the lock of a memory is."""
    file = Path(os.path.realpath(memory))
    digest = sha256(os.fsencode(os.path.normcase(file))).hexdigest()[:32]
    return file.with_name(f".{file.name[:50]}.{digest}.lock")


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
