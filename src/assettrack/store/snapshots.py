"""What a service is lent of the database: an unchanging view, and the one transaction that writes.

Joins lookups and records to what `services.ports` asks for. Must never hand a service anything that could commit.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from assettrack.domain import station_errors
from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint, stated_root
from assettrack.domain.deeds import BatchRow, Contact, Deed, ReceiptText, Record, Signature, Station
from assettrack.domain.facts import AnyFact, Handover, KeyPart, ReceiptFact
from assettrack.domain.holders import Holder, HolderRegister
from assettrack.domain.inventory import Asset, Custody, Inventory
from assettrack.domain.merkle import HashesMissing, Tree
from assettrack.domain.scans import BadRow, Scan
from assettrack.domain.signed_notes import Signer
from assettrack.domain.tags import Place
from assettrack.store import lookups, migrations, records, station_lookups
from assettrack.store.account_lookups import StoredAccounts
from assettrack.store.browse_lookups import StoredBrowsing
from assettrack.store.connection import (
    Connection,
)
from assettrack.store.history_lookups import StoredHistories
from assettrack.store.report_lookups import StoredReports


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
    def browsing(self) -> StoredBrowsing:
        """The present state, as somebody looks around in it."""
        return StoredBrowsing(self._connection)

    @property
    def reports(self) -> StoredReports:
        """The present state and the log, as reports ask for them."""
        return StoredReports(self._connection)

    @property
    def accounts(self) -> StoredAccounts:
        """Accounts, and what they sign in with."""
        return StoredAccounts(self._connection)

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

    def signatures(self, seq: int | None = None) -> Iterator[Signature]:
        """Yield what was drawn as signatures, all or those that one entry holds the hashes of."""
        return lookups.signatures(self._connection, seq)

    def load(self, inventory: Inventory, rows: Sequence[Scan | BadRow]) -> None:
        """Add to the inventory what these rows of a batch touch and it does not hold yet."""
        lookups.load(self._connection, inventory, rows)

    def inventory_of(self, asset_tags: Sequence[str], places: Sequence[Place]) -> Inventory:
        """Return what a typed deed about assets, slots and cases touches."""
        return lookups.inventory_of(self._connection, asset_tags, places)

    def holder_called(self, name: str) -> Holder | None:
        """Return the holder whom a name means in any spelling, or None; nobody else is read."""
        return lookups.holder_called(self._connection, name)

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

    def batches_with_holders(self) -> Sequence[int]:
        """Return the first entries of the batches that registered holders, newest first."""
        return station_lookups.batches_with_holders(self._connection)

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

    @property
    def checkpointed_size(self) -> int:
        """How many entries the latest signed checkpoint has."""
        return self._checkpointed_size

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
