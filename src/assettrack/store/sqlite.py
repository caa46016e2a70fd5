"""The store on SQLite: snapshots, the one transaction that writes, and setting a database up.

Joins connection, migrations, lookups and records to what `services.ports` asks for. Must never
hand a service anything that could commit.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from assettrack.domain import errors, station_errors
from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint, stated_root
from assettrack.domain.deeds import BatchRow, Contact, Deed, ReceiptText, Record, Station
from assettrack.domain.facts import AnyFact, Handover, KeyPart, ReceiptFact
from assettrack.domain.holders import Holder, HolderRegister
from assettrack.domain.inventory import Asset, Custody, Inventory
from assettrack.domain.merkle import HashesMissing, Tree
from assettrack.domain.scans import BadRow, Scan
from assettrack.domain.signed_notes import Signer
from assettrack.domain.tags import Place
from assettrack.store import lookups, migrations, records, station_lookups
from assettrack.store.connection import (
    APPLICATION_ID,
    Connection,
    DatabaseSettings,
    Purpose,
    driver_errors,
    file_exists,
)
from assettrack.store.history_lookups import StoredHistories
from assettrack.store.report_lookups import StoredReports
from assettrack.store.setting_up import FirstDeed, TellUpgrade, Upgrade, copy_kept, make_private_file

SignerOf = Callable[[str], Signer]
"""Finds the signing key of a station by the station's name."""


class SqliteSnapshot:
    """One unchanging view of the database, on a connection that can't write."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def log_size(self) -> int:
        """How many entries the log has."""
        return records.log_size(self._connection)

    @property
    def hashes(self) -> records.StoredHashes:
        """The stored hashes of the log's tree."""
        return records.StoredHashes(self._connection)

    @property
    def histories(self) -> StoredHistories:
        """Single histories of the log."""
        return StoredHistories(self._connection)

    @property
    def reports(self) -> StoredReports:
        """The present state and the log, as reports ask for them."""
        return StoredReports(self._connection)

    def station(self) -> Station:
        """Return the station's own facts."""
        station = lookups.station_of(self._connection)
        if station is None:
            raise station_errors.DatabaseDamaged("it does not say which one station it belongs to")
        return station

    def inventory(self) -> Inventory:
        """Return an inventory that holds nothing yet but the rules of the station."""
        return lookups.inventory(self._connection)

    def fact(self, kind: type[AnyFact], *key: KeyPart) -> AnyFact | None:
        """Return the fact of this kind and key, or None."""
        return next(lookups.facts(self._connection, kind, key), None)

    def last(self, kind: type[AnyFact]) -> AnyFact | None:
        """Return the fact of this kind with the greatest key, or None."""
        return lookups.last_fact(self._connection, kind)

    def facts(self, kind: type[AnyFact], *key: KeyPart) -> Iterator[AnyFact]:
        """Yield all facts of a kind whose key begins like this, in the order of their keys."""
        return lookups.facts(self._connection, kind, key)

    def holder(self, holder_id: int) -> Holder | None:
        """Return a holder by number, or None."""
        return lookups.holder(self._connection, holder_id)

    def assets_of(self, holder_id: int) -> Sequence[str]:
        """Return the tags of the assets that a holder has, in order."""
        return lookups.assets_of(self._connection, holder_id)

    def all_custody(self) -> Iterator[tuple[str, Custody]]:
        """Yield every asset in custody, by tag, and how it came to the holder it has."""
        return lookups.all_custody(self._connection)

    def contacts(self, holder_id: int | None = None) -> Iterator[Contact]:
        """Yield the contact data of every holder of whom there is any, or of one."""
        return lookups.contacts(self._connection, holder_id)

    def open_handovers(self, holder_id: int | None = None) -> Iterator[Handover]:
        """Yield what nobody has accepted yet, by batch and holder, or that of one holder."""
        return lookups.open_handovers(self._connection, holder_id)

    def receipts_of(self, holder_id: int) -> Iterator[ReceiptFact]:
        """Yield the receipts of a holder, the latest first."""
        return lookups.receipts_of(self._connection, holder_id)

    def receipt_texts(self, receipt_id: int | None = None) -> Iterator[ReceiptText]:
        """Yield the text of every receipt, or of one."""
        return lookups.receipt_texts(self._connection, receipt_id)

    def load(self, inventory: Inventory, rows: Sequence[Scan | BadRow]) -> None:
        """Add to the inventory what these rows of a batch touch and it does not hold yet."""
        lookups.load(self._connection, inventory, rows)

    def inventory_of(self, asset_tags: Sequence[str], places: Sequence[Place]) -> Inventory:
        """Return what a typed deed about assets, slots and cases touches."""
        return lookups.inventory_of(self._connection, asset_tags, places)

    def holders_named(self, names: Sequence[str]) -> HolderRegister:
        """Return the holders of these names, and all others when one is unknown."""
        return lookups.holders_named(self._connection, names)

    def all_holders(self) -> Sequence[Holder]:
        """Return all holders, by number."""
        return lookups.all_holders(self._connection)

    def holder_keys(self) -> Iterator[tuple[int, str]]:
        """Yield every holder's number and the stored form by which its name is found."""
        return lookups.holder_keys(self._connection)

    def all_assets(self) -> Iterator[tuple[str, str, Asset]]:
        """Yield every asset by tag: tag, UTC text of its latest entry, state."""
        return lookups.all_assets(self._connection)

    def asset(self, asset_tag: str) -> Asset | None:
        """Return the state of one asset, or None."""
        return next((asset for _, _, asset, _ in lookups.assets_tagged(self._connection, [asset_tag])), None)

    def all_cases(self) -> dict[str, int]:
        """Return all cases by name, with their number of slots."""
        return lookups.all_cases(self._connection)

    def all_slots(self) -> Iterator[tuple[Place, str | None]]:
        """Yield every slot and who is in it, by case and position."""
        return lookups.all_slots(self._connection)

    def slots_of(self, case_name: str) -> Sequence[tuple[int, str | None]]:
        """Return the positions of a case and who is in them; nothing for an unknown case."""
        return lookups.slots_of(self._connection, case_name)

    def all_batches(self) -> Sequence[BatchRow]:
        """Return where every batch stands in the log."""
        return lookups.all_batches(self._connection)

    def batch(self, batch_id: int) -> BatchRow | None:
        """Return where a batch stands in the log, or None."""
        return lookups.batch(self._connection, batch_id)

    def last_batch_id(self) -> int:
        """Return the number of the latest batch, 0 before the first."""
        return lookups.last_batch_id(self._connection)

    def records(self, first_seq: int = 1, last_seq: int | None = None) -> Iterator[tuple[Record, bytes]]:
        """Yield stored records with their stored leaves, in the order of the log."""
        return lookups.records(self._connection, first_seq, last_seq)

    def bodies_about(self, asset_tag: str) -> Sequence[bytes]:
        """Return the bodies of all entries about an asset, in the order of the log."""
        return lookups.bodies_about(self._connection, asset_tag)

    def checkpoints(self) -> Iterator[tuple[int, str]]:
        """Yield the size and the note of every stored checkpoint, smallest first."""
        return lookups.checkpoints(self._connection)

    def checkpoint_at_least(self, size: int) -> str | None:
        """Return the first stored checkpoint whose log has at least ``size`` entries."""
        return lookups.checkpoint_at_least(self._connection, size)

    def subtrees(self) -> Iterator[tuple[int, int, bytes]]:
        """Yield level, number and hash of every stored subtree."""
        return lookups.subtrees(self._connection)

    def deeds_of_kind(self, event_type: str) -> Iterator[bytes]:
        """Yield the bodies of all typed deeds of a kind, newest first; reads the log from its end."""
        return station_lookups.deeds_of_kind(self._connection, event_type)

    def copy_to(self, target: Path) -> None:
        """Copy the database, as this view has it, into a file; others may write meanwhile."""
        self._connection.copy_to(target)

    def schema_faults(self) -> Sequence[str]:
        """Return what differs between the schema and the one this version makes, in sentences."""
        return migrations.faults(self._connection)

    def file_faults(self) -> Sequence[str]:
        """Return what the database engine finds wrong with its file, in sentences."""
        return lookups.file_faults(self._connection)


class SqliteTransaction(SqliteSnapshot):
    """The one transaction that writes. It has no commit: `SqliteStore.write` ends it."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        try:
            self._tree = Tree.restore(self.log_size, self.hashes)
        except HashesMissing as missing:
            raise station_errors.DatabaseDamaged(f"its log can't be continued: {missing}") from missing
        self._require_signed_root()
        self._checkpointed_size = self._tree.size
        self._checkpoint = ""
        self._is_whole = True

    @property
    def checkpoint(self) -> str:
        """The signed checkpoint in which the transaction ended; empty before it ended."""
        return self._checkpoint

    def save(self, deed: Deed) -> None:
        """Write a deed: its entries and the state it leads to."""
        self._is_whole = False
        records.save(self._connection, self._tree, deed)
        self._is_whole = True

    def _require_signed_root(self) -> None:
        """Make sure that the stored hashes lead to the root that was signed last: no log is continued from others."""
        size = self._tree.size
        note = self.checkpoint_at_least(size) if size else None
        if size and (note is None or stated_root(note) != self._tree.root()):
            raise station_errors.DatabaseDamaged(
                "its log can't be continued: the stored hashes lead to another root than was signed"
            )

    def end_in_checkpoint(self, signer: Signer) -> None:
        """Sign the log as it now stands, if it grew; called by the store before it commits."""
        assert self._is_whole, "a deed that failed halfway is never committed, whoever swallowed its error"
        if self._tree.size > self._checkpointed_size:
            self._checkpoint = sign_checkpoint(Checkpoint(signer.name, self._tree.size, self._tree.root()), signer)
            records.save_checkpoint(self._connection, self._tree.size, self._checkpoint)
            self._checkpointed_size = self._tree.size


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
