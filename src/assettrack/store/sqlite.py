"""The store on SQLite: snapshots, the one transaction that writes, and setting a database up.

Owns the file and its connections. Must never hand a service anything that could commit.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from assettrack.domain import errors, station_errors
from assettrack.domain.signed_notes import Signer
from assettrack.store import migrations
from assettrack.store.connection import (
    APPLICATION_ID,
    Connection,
    DatabaseSettings,
    Purpose,
    file_exists,
)
from assettrack.store.driver_errors import driver_errors
from assettrack.store.setting_up import FirstDeed, TellUpgrade, Upgrade, copy_kept, make_private_file
from assettrack.store.snapshots import SqliteSnapshot, SqliteTransaction

SignerOf = Callable[[str], Signer]
"""Finds the signing key of a station by the station's name."""


class SqliteStore:
    """One station's database file."""

    def __init__(self, path: Path, signer_of: SignerOf, settings: DatabaseSettings | None = None) -> None:
        self.path = path
        self._signer_of = signer_of
        self._settings = settings or DatabaseSettings()
        self._open: dict[Purpose, Connection] = {}

    @contextmanager
    def read(self) -> Iterator[SqliteSnapshot]:
        """Open a read-only snapshot.

        Raises:
            station_errors.DatabaseMissing: there is no database, or it was never set up.
            station_errors.DatabaseForeign: it is not one of ours.
            station_errors.DatabaseVersionDiffers: it is of another version.
        """
        # A connection that keeps its lock for good is the only one there can be: it reads as well.
        purpose = Purpose.WRITE if self._settings.locking_mode == "exclusive" else Purpose.READ
        with self._connected(purpose) as connection, connection.transaction():
            self._require_ours(connection)
            yield SqliteSnapshot(connection)

    @contextmanager
    def write(self) -> Iterator[SqliteTransaction]:
        """Open the one transaction that may write; saved when the block ends well, else undone.

        Raises:
            station_errors.KeyUnusable: the station's signing key is not there; nothing can be committed without it.
            station_errors.DatabaseBusy: another process kept the write lock too long.
        """
        with self.read() as snapshot:
            station = snapshot.station()
        signer = self._signer_of(station.station)
        if signer.public_key.hex() != station.public_key:
            raise station_errors.KeyUnusable(
                f"of station {station.station}", "it is not the key this database was set up with"
            )
        with self._connected(Purpose.WRITE) as connection, connection.transaction():
            self._require_ours(connection)
            transaction = SqliteTransaction(connection)
            yield transaction
            transaction.end_in_checkpoint(signer)

    def set_up(self, first_deed: FirstDeed, tell_upgrade: TellUpgrade | None = None) -> bool:
        """Make the database, or bring it up to date; return whether there was none.

        A database is made in one transaction, with ``first_deed`` as its first entry. One that is of an
        older version is copied to a file beside it before it is migrated, and ``tell_upgrade`` is told.

        Raises:
            station_errors.CopyInTheWay: something has the name which that copy should have.
        """
        if self._settings.vfs is None and not file_exists(self.path):
            make_private_file(self.path)
        connection = Connection(self.path, self._settings, Purpose.MIGRATE)
        try:
            return self._migrate(connection, first_deed, tell_upgrade)
        except station_errors.CommitUncertain as error:
            raise station_errors.CommitUncertain.of_init(error.reason) from error
        finally:
            with suppress(errors.AssetTrackError):  # what was done is done, and what failed before this is said
                connection.close()

    def scrub(self) -> bool:
        """Bring it about that nothing that was erased is left in the files; tell whether that could be done now.

        Erased bytes are overwritten in the database file itself, but the write-ahead log still holds its pages as
        they were before. While another process reads, they can't be written back and the log emptied; it is done
        whenever somebody who can write is the last to close the database.
        """
        try:
            with self._connected(Purpose.WRITE) as connection:
                connection.empty_log()
        except errors.AssetTrackError:  # what was to be saved is saved: this is no failure of the deed
            return False
        return True

    @property
    def has_writer(self) -> bool:
        """Whether a connection that can write is open."""
        return Purpose.WRITE in self._open

    def close(self) -> None:
        """Close the connections; the store can be used again and opens new ones."""
        for purpose in (Purpose.READ, Purpose.WRITE):  # who can write closes last: only then is the log tidied away
            connection = self._open.pop(purpose, None)
            if connection is not None:
                connection.close()

    @contextmanager
    def _connected(self, purpose: Purpose) -> Iterator[Connection]:
        """Lend the connection for this purpose; after a failure of the disk it is not used again."""
        connection = self._open.get(purpose)
        if connection is None:
            connection = self._open[purpose] = Connection(self.path, self._settings, purpose)
        try:
            yield connection
        except (station_errors.StorageFailed, station_errors.CommitUncertain, errors.IntegrityError):
            self._open.pop(purpose, None)
            with suppress(errors.AssetTrackError):
                connection.close()
            raise

    def _migrate(self, connection: Connection, first_deed: FirstDeed, tell_upgrade: TellUpgrade | None) -> bool:
        """Run the steps that are missing; return whether all of them were. A foreign file is left as it is."""
        with driver_errors(self.path, self._settings.busy_seconds):
            found = self._version_of(connection)
        connection.set_journal_mode()
        if found == migrations.latest():
            return False
        with copy_kept(connection, self.path, found) as copy, connection.transaction():
            if self._version_of(connection) != found:
                return False  # another process was at it, and has done it meanwhile
            if found:
                copy.require_there()
            for step in migrations.steps()[found:]:
                migrations.apply_step(connection, step)
            if not found:
                deed, signer = first_deed()
                transaction = SqliteTransaction(connection)
                transaction.save(deed)
                transaction.end_in_checkpoint(signer)
        if found and tell_upgrade is not None:
            tell_upgrade(Upgrade(found, migrations.latest(), copy.path))
        return not found

    def _version_of(self, connection: Connection) -> int:
        """Return the schema number of the database, 0 where it is empty.

        Raises:
            station_errors.DatabaseForeign: it has tables, but not ours.
            station_errors.DatabaseVersionDiffers: it is newer than this program.
        """
        ours = connection.rows("PRAGMA application_id")[0][0] == APPLICATION_ID
        version = int(connection.rows("PRAGMA user_version")[0][0])
        if not ours:
            if version or connection.rows("SELECT 1 FROM sqlite_schema LIMIT 1"):
                raise station_errors.DatabaseForeign(str(self.path), "it belongs to another program")
            return 0
        if version > migrations.latest():
            raise station_errors.DatabaseVersionDiffers(str(self.path), version, migrations.latest())
        return version

    def _require_ours(self, connection: Connection) -> None:
        version = self._version_of(connection)
        if version == 0:
            raise station_errors.DatabaseMissing(str(self.path))
        if version < migrations.latest():
            raise station_errors.DatabaseVersionDiffers(str(self.path), version, migrations.latest())
