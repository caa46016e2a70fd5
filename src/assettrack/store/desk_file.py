"""The desk's file: what the browser station remembers between two requests, beside the database.

Owns the file, its connections (one a thread, because a snapshot can't be shared) and its one-step schema. It is
another file than the station's database so that a scan is stored at once while a long commit holds the write lock.
Must never hold state of assets, holders or people.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path

from assettrack.domain import errors, station_errors
from assettrack.store.connection import APPLICATION_ID, Connection, DatabaseSettings, Purpose, file_exists
from assettrack.store.setting_up import make_private_file

SCHEMA_NUMBER = 1
SECRET_BYTES = 32


class DeskFile:
    """The desk's file, used by many threads."""

    def __init__(self, path: Path, settings: DatabaseSettings | None = None) -> None:
        self.path = path
        self._settings = settings or DatabaseSettings()
        self._of_thread = threading.local()
        self._all: list[tuple[Purpose, Connection]] = []
        self._guard = threading.Lock()

    def set_up(self, station: str) -> None:
        """Make the file where it is missing.

        Raises:
            station_errors.DatabaseForeign: it is no file of ours, or another station's desk; it is left as it is.
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
                if self._version_of(connection) == 0:
                    connection.rows(_schema())
                    values = (1, station, secrets.token_bytes(SECRET_BYTES))
                    connection.rows("INSERT INTO desk_station VALUES (?, ?, ?)", values)
                    connection.set_user_version(SCHEMA_NUMBER)
                (owner,) = connection.rows("SELECT station FROM desk_station")[0]
                if owner != station:
                    raise station_errors.DatabaseForeign(str(self.path), f"it is the desk of station {owner}")
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
        """Lend this thread's connection for one change; saved when the block ends well, else undone."""
        with self._connected(Purpose.DESK) as connection, connection.transaction():
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Lend this thread's connection for reading."""
        with self._connected(Purpose.READ) as connection, connection.transaction():
            yield connection

    def close(self) -> None:
        """Close the connections of all threads; none of them may be at work."""
        with self._guard:
            connections, self._all = self._all, []
        self._of_thread = threading.local()
        for _, connection in sorted(connections, key=lambda each: each[0] is Purpose.DESK):  # who can write tidies up
            with suppress(errors.AssetTrackError):
                connection.close()

    @contextmanager
    def _connected(self, purpose: Purpose) -> Iterator[Connection]:
        """Lend this thread's connection; after a failure of the disk it is not used again."""
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


def _schema() -> str:
    return (resources.files("assettrack.store") / "desk_schema" / "0001_desk.sql").read_text(encoding="utf-8")
