"""The desk's write-ahead log is written back beside those who write, and not within the commit of one of them.

Owns when that is done, and the thread it is done on. It must never decide what is saved: a change is safe once its
commit has ended, whether or not it was written back.

SQLite writes the log back within the commit that makes it 1,000 pages long (`sqlite3_wal_autocheckpoint`); with
several operators at once that is every 200 scans or so, and for as long all of them wait for the disk.
"""

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path

from assettrack.domain import errors
from assettrack.store.connection import Connection, DatabaseSettings, Purpose

CHANGES_EACH = 64
"""After so many changes the log is written back: at four or five pages a scan, some 300 pages of 4 KiB."""


class WriteBack:
    """Writes the log of one file back after every so many changes, one time after the other."""

    def __init__(self, path: Path, settings: DatabaseSettings, changes_each: int = CHANGES_EACH) -> None:
        self._path = path
        self._settings = settings
        self._changes_each = changes_each
        self._guard = threading.Lock()
        self._changes = 0
        self._thread: ThreadPoolExecutor | None = None
        self._latest: Future[None] | None = None

    def changed(self) -> None:
        """Count one change that is saved; begin to write back where there are enough, and wait for nothing."""
        with self._guard:
            self._changes += 1
            if self._changes < self._changes_each or (self._latest is not None and not self._latest.done()):
                return
            self._changes = 0
            if self._thread is None:
                self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk-write-back")
            self._latest = self._thread.submit(self._write_back)

    def close(self) -> None:
        """Wait for what is under way, and end the thread."""
        with self._guard:
            thread, self._thread, self._latest = self._thread, None, None
        if thread is not None:
            thread.shutdown()

    def _write_back(self) -> None:
        """Write back what can be. A failure loses nothing: the next time, or the commit at the far limit, does it."""
        with (
            suppress(errors.AssetTrackError),
            closing(Connection(self._path, self._settings, Purpose.DESK)) as connection,
        ):
            connection.write_back()
