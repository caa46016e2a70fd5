"""Whether a server still works with the files it began with, and with the history it has seen.

Owns the comparison of an open file with what lies at its path (the device and number of the file, as POSIX has them:
https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/sys_stat.h.html), and that of a log with what was seen of it.
Whoever renames another file into a file's place leaves whoever has it open with one that nobody finds any more: what is
written there is lost. Must never let anything be written on because only one of the two still fits.
"""

import os
from pathlib import Path

import msgspec

from assettrack.domain import station_errors
from assettrack.domain.checkpoints import stated_root
from assettrack.store.continuity import log_holds
from assettrack.store.snapshots import SqliteSnapshot

_NO_FILE = (-1, -1)
"""What no file is."""


class SameFile:
    """Knows which file lay at a path when it was asked first; for all threads of a process.

    Once another one was met there it stays refused, also where the right one is put back: a thread may have opened the
    other meanwhile.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: tuple[int, int] | None = None

    def require(self) -> None:
        """Make sure that the same file lies there still; the first one that is met is the one from then on.

        Raises:
            station_errors.DatabaseReplaced: another one lies there, or none does.
        """
        found = self._found()
        if self._known is None:
            self._known = found
        elif found != self._known:
            if found is not None:
                self._known = _NO_FILE
            raise station_errors.DatabaseReplaced(str(self._path))

    def forget(self) -> None:
        """Take whatever lies there next for the file, because nothing is open any more."""
        self._known = None

    def _found(self) -> tuple[int, int] | None:
        """Return what tells the file at the path from any other; None where there is none."""
        try:
            state = os.stat(self._path)  # noqa: PTH116 - asked at every request: half the time of Path.stat
        except (OSError, ValueError):  # the second: a name that can't be one, which whoever opens it says
            return None
        return state.st_dev, state.st_ino


class SeenLog(msgspec.Struct, frozen=True):
    """What was seen of a log: so many entries, and the checkpoint in which they end."""

    size: int
    note: str


def seen_in(snapshot: SqliteSnapshot) -> SeenLog | None:
    """Return what a snapshot shows of the log, or None where it is empty or damaged: then there is nothing to hold."""
    size = snapshot.log_size
    note = snapshot.checkpoint_at_least(size) if size else None
    return None if note is None or stated_root(note) is None else SeenLog(size, note)


def holds(snapshot: SqliteSnapshot, seen: SeenLog) -> bool:
    """Tell whether a log begins with what was seen.

    Raises:
        station_errors.DatabaseDamaged: hashes are missing without which it can't be told.
    """
    if snapshot.checkpoint_at_least(seen.size) == seen.note:
        return True
    root = stated_root(seen.note)
    return root is not None and log_holds(snapshot, seen.size, root)
