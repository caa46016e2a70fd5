"""The desk's file: what the browser station remembers between two requests, beside the database.

Owns the file, its connections (one a thread, because a snapshot can't be shared) and its one-step schema. It is
another file than the station's database so that a scan is stored at once while a long commit holds the write lock.
Must never hold state of assets, holders or people.

What it remembers was said about one history of the station: the answer to a deed is worth nothing where the log does
not have the deed. So it keeps as well how far the log was seen, and what depends on that is forgotten where the
database beside it tells another history.
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path

from assettrack.domain import desk_errors, errors, station_errors
from assettrack.store.connection import APPLICATION_ID, Connection, DatabaseSettings, Purpose, file_exists
from assettrack.store.desk_write_back import WriteBack
from assettrack.store.replacement import SameFile, SeenLog
from assettrack.store.setting_up import make_private_file

_STEPS = ("0001_desk.sql", "0002_desk_log.sql", "0003_desk_queues_under_way.sql")
SCHEMA_NUMBER = len(_STEPS)
SECRET_BYTES = 32

_KEEP_LOG = """
    INSERT INTO desk_log(only_row, size, note) VALUES (1, ?, ?)
    ON CONFLICT(only_row) DO UPDATE SET size = excluded.size, note = excluded.note WHERE excluded.size > size
"""

LogSeen = Callable[[], SeenLog | None]
"""Tells how far the station's log was seen by this process."""


class DeskFile:
    """The desk's file, used by many threads; with each change it is kept how far ``log_seen`` has seen the log."""

    def __init__(self, path: Path, settings: DatabaseSettings | None = None, log_seen: LogSeen = lambda: None) -> None:
        self.path = path
        self._settings = settings or DatabaseSettings()
        self._log_seen = log_seen
        self._log_kept: SeenLog | None = None
        self._same_file = SameFile(path)
        self._write_back = WriteBack(path, self._settings)
        self._of_thread = threading.local()
        self._all: list[tuple[Purpose, Connection]] = []
        self._guard = threading.Lock()

    def set_up(self, station: str) -> None:
        """Make the file where it is missing.

        Raises:
            station_errors.DatabaseForeign: it is no file of ours; it is left as it is.
            station_errors.DeskForeign: it is another station's desk; it is left as it is.
            station_errors.DatabaseVersionDiffers: a newer version made it.
        """
        if not file_exists(self.path):
            make_private_file(self.path)
        connection = Connection(self.path, self._settings, Purpose.MIGRATE)
        try:
            with connection.transaction():
                self._version_of(connection)
            connection.set_journal_mode()
            with connection.transaction():
                found = self._version_of(connection)
                for step in _STEPS[found:]:
                    connection.rows(_schema(step))
                if found < SCHEMA_NUMBER:
                    connection.set_user_version(SCHEMA_NUMBER)
                if not found:
                    values = (1, station, secrets.token_bytes(SECRET_BYTES))
                    connection.rows("INSERT INTO desk_station VALUES (?, ?, ?)", values)
                (owner,) = connection.rows("SELECT station FROM desk_station")[0]
                if owner != station:
                    raise station_errors.DeskForeign(str(self.path), owner, station)
        finally:
            connection.close()

    def _version_of(self, connection: Connection) -> int:
        """Return the schema number of the file, 0 where it is empty."""
        ours = connection.rows("PRAGMA application_id")[0][0] == APPLICATION_ID
        found = int(connection.rows("PRAGMA user_version")[0][0])
        if not ours and (found or connection.rows("SELECT 1 FROM sqlite_schema LIMIT 1")):
            raise station_errors.DatabaseForeign(str(self.path), "it belongs to another program")
        if found > SCHEMA_NUMBER:
            raise station_errors.DatabaseVersionDiffers(str(self.path), found, SCHEMA_NUMBER)
        return found

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """Lend this thread's connection for one change; saved when the block ends well, else undone.

        Raises:
            station_errors.DatabaseReplaced: the file is not the one that was worked with; nothing is kept that counts.
            desk_errors.DeskNotKept: the disk failed, and no deed is in doubt.
        """
        try:
            with self._changing() as connection:
                yield connection
        except (station_errors.StorageFailed, station_errors.CommitUncertain) as error:
            raise desk_errors.DeskNotKept(error.reason) from error

    @contextmanager
    def _changing(self) -> Iterator[Connection]:
        seen = self._log_seen()
        with self._connected(Purpose.DESK) as connection:
            with connection.transaction():
                yield connection
                if seen is not None and seen != self._log_kept:
                    connection.rows(_KEEP_LOG, (seen.size, seen.note))
                self._same_file.require()
            self._same_file.require()
        self._log_kept = seen
        self._write_back.changed()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend this thread's connection for reading."""
        with self._connected(Purpose.READ) as connection, connection.transaction():
            yield connection

    def close(self) -> None:
        """Close the connections of all threads; none of them may be at work."""
        self._write_back.close()
        with self._guard:
            connections, self._all = self._all, []
        self._of_thread = threading.local()
        self._same_file.forget()
        for _, connection in sorted(connections, key=lambda each: each[0] is Purpose.DESK):  # who can write tidies up
            with suppress(errors.AssetTrackError):
                connection.close()

    @contextmanager
    def _connected(self, purpose: Purpose) -> Iterator[Connection]:
        """Lend this thread's connection; after a failure of the disk it is not used again."""
        self._same_file.require()
        opened: dict[Purpose, Connection] = self._of_thread.__dict__.setdefault("opened", {})
        connection = opened.get(purpose)
        if connection is None:
            connection = opened[purpose] = Connection(self.path, self._settings, purpose)
            with self._guard:
                self._all.append((purpose, connection))
        try:
            yield connection
        except (station_errors.StorageFailed, station_errors.CommitUncertain, errors.IntegrityError):
            opened.pop(purpose, None)
            with self._guard:
                self._all.remove((purpose, connection))
            with suppress(errors.AssetTrackError):
                connection.close()
            raise


def _schema(step: str) -> str:
    return (resources.files("assettrack.store") / "desk_schema" / step).read_text(encoding="utf-8")
