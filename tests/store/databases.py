"""Databases as the store's contract meets them: opened by a protocol, written by hand, told whole.

Owns deeds that nobody decided, so that a store is tested without the rules. It must never know an engine.
"""

from collections.abc import Callable, Iterator
from typing import Protocol

from assettrack.domain.deeds import AssetRow, BatchRow, Deed, Record
from assettrack.domain.facts import FACT_TABLES
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset
from assettrack.domain.signed_notes import Signer
from assettrack.domain.tags import Place
from assettrack.services.ports import Snapshot, Store
from tests.store.stations import NOW_TEXT, its_signer

SignerOf = Callable[[str], Signer]


class Database(Protocol):
    """One database, set up for the made-up station and otherwise empty."""

    def open(self, signer_of: SignerOf = its_signer) -> Store:
        """Open it, once more if it is open already; what is open is closed after the test."""
        ...


NewDatabase = Callable[[], Database]

UNSLOTTED = Asset("STORAGE", None, None, None, "laptop")


def entries(first_seq: int, count: int = 1) -> Iterator[Record]:
    """Yield entries that belong to no batch and no asset."""
    return (Record(seq, None, None, None, b"entry %d" % seq) for seq in range(first_seq, first_seq + count))


def row_entry(seq: int, batch_id: int, asset_tag: str, identity: bytes | None) -> Record:
    """Return the entry of a batch's row."""
    return Record(seq, batch_id, asset_tag, identity, b"row %d" % seq)


def stored(asset_tag: str, place: Place | None = None) -> AssetRow:
    """Return an asset in storage, in a slot or in none."""
    case, position = place or (None, None)
    return AssetRow(asset_tag, Asset("STORAGE", case, position, None, "laptop"), None, NOW_TEXT)


def furnished(seq: int) -> Deed:
    """Return the deed that prepares case C with 3 slots, registers Ada, and puts A-1 into slot 1, A-2 into none."""
    return Deed(
        entries(seq),
        cases=(("C", 3),),
        holders=(Holder(1, "Ada"),),
        assets=(stored("A-1", Place("C", 1)), stored("A-2")),
        filled=((Place("C", 1), "A-1"),),
    )


def furnish(store: Store) -> None:
    """Do that deed."""
    with store.write() as transaction:
        transaction.save(furnished(transaction.log_size + 1))


def one_batch(seq: int, batch_id: int, *rows: Record) -> Deed:
    """Return a deed that records a batch of these rows, its facts first."""
    facts = Record(seq, batch_id, None, None, b"batch %d" % batch_id)
    return Deed(iter([facts, *rows]), batch=BatchRow(batch_id, seq, seq + len(rows)))


def told(snapshot: Snapshot) -> dict[str, object]:
    """Return everything that a snapshot tells of its database, to be compared."""
    return {
        "log size": snapshot.log_size,
        "station": snapshot.station(),
        "cases": snapshot.all_cases(),
        "slots": list(snapshot.all_slots()),
        "holders": list(snapshot.all_holders()),
        "holder keys": list(snapshot.holder_keys()),
        "assets": list(snapshot.all_assets()),
        "custody": list(snapshot.all_custody()),
        "facts": {table.name: list(snapshot.facts(kind)) for kind, table in FACT_TABLES.items()},
        "contacts": list(snapshot.contacts()),
        "credentials": list(snapshot.accounts.credentials()),
        "receipt texts": list(snapshot.receipt_texts()),
        "signatures": list(snapshot.signatures()),
        "batches": list(snapshot.all_batches()),
        "records": list(snapshot.records()),
        "subtrees": list(snapshot.subtrees()),
        "checkpoints": list(snapshot.checkpoints()),
    }


def all_of(store: Store) -> dict[str, object]:
    """Return everything that is in a database at this moment."""
    with store.read() as snapshot:
        return told(snapshot)
