"""What is written to the database: a deed whole, its entries and the state it leads to.

Owns the INSERTs and UPDATEs, and the Merkle tree's growth with the log. Must never write state
without an entry: both are handed over together in one deed, and written by one call.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from assettrack.domain.deeds import AssetRow, Deed, Record
from assettrack.domain.holders import name_key
from assettrack.domain.merkle import Tree, leaf_hash
from assettrack.domain.scans import BLOCK_ROWS
from assettrack.store.connection import Connection

_INSERT_ENTRY = (
    "INSERT INTO audit_log(seq, batch_id, asset_tag, identity, body, leaf) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?)"
)
_UPSERT_ASSET = """
    INSERT INTO assets(asset_tag, status, holder_id, equipment_type, building_room, serial_number, manufacturer,
        model, model_code, latest_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT(asset_tag) DO UPDATE SET status = excluded.status, holder_id = excluded.holder_id,
        equipment_type = excluded.equipment_type, building_room = excluded.building_room,
        serial_number = excluded.serial_number, manufacturer = excluded.manufacturer, model = excluded.model,
        model_code = excluded.model_code, latest_at = excluded.latest_at
"""
_VACATE = "UPDATE slots SET current_asset_tag = NULL WHERE case_name = ? AND slot_position = ?"
_FILL = "UPDATE slots SET current_asset_tag = ? WHERE case_name = ? AND slot_position = ?"


class StoredHashes:
    """The hashes that the database keeps, as the tree asks for them; indexes are from 0."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def leaves(self, first: int, count: int) -> Sequence[bytes]:
        """Return ``count`` leaves from index ``first`` on."""
        sql = "SELECT leaf FROM audit_log WHERE seq BETWEEN ? AND ? ORDER BY seq"
        return [leaf for (leaf,) in self._connection.rows(sql, (first + 1, first + count))]

    def subtrees(self, level: int, first: int, count: int) -> Sequence[bytes]:
        """Return the hashes of ``count`` full subtrees of a level, from number ``first`` on."""
        sql = "SELECT hash FROM audit_subtrees WHERE level = ? AND number BETWEEN ? AND ? ORDER BY number"
        return [found for (found,) in self._connection.rows(sql, (level, first, first + count - 1))]


def log_size(connection: Connection) -> int:
    """Return how many entries the log has."""
    return int(connection.rows("SELECT coalesce(max(seq), 0) FROM audit_log")[0][0])


def save(connection: Connection, tree: Tree, deed: Deed) -> None:
    """Write a deed whole: its state and its entries, the tree growing with them."""
    size = tree.size
    if deed.station is not None:
        station = deed.station
        values = (1, station.station, station.timezone, station.public_key)
        connection.rows("INSERT INTO station VALUES (?, ?, ?, ?)", values)
    for case_name, slots in deed.cases:
        connection.rows("INSERT INTO cases VALUES (?, ?)", (case_name, slots))
        positions = ((case_name, position) for position in range(1, slots + 1))
        connection.executemany("INSERT INTO slots VALUES (?, ?, NULL)", positions)
    holders = ((holder.holder_id, holder.name, name_key(holder.name)) for holder in deed.holders)
    connection.executemany("INSERT INTO holders VALUES (?, ?, ?)", holders)
    vacated = connection.executemany(_VACATE, deed.vacated)
    connection.executemany(_UPSERT_ASSET, map(_asset_values, deed.assets))
    filled = connection.executemany(_FILL, ((asset_tag, *place) for place, asset_tag in deed.filled))
    assert (vacated, filled) == (len(deed.vacated), len(deed.filled)), "only slots that exist are emptied and filled"
    _append(connection, tree, deed.records)
    if deed.batch is not None:
        connection.rows("INSERT INTO batches VALUES (?, ?, ?)", deed.batch)
    assert tree.size > size, "nothing is written without an entry"


def save_checkpoint(connection: Connection, size: int, note: str) -> None:
    """Write the signed statement of the log's size and root."""
    connection.rows("INSERT INTO checkpoints VALUES (?, ?)", (size, note))


def _append(connection: Connection, tree: Tree, records: Iterator[Record]) -> None:
    while block := list(islice(records, BLOCK_ROWS)):
        leaves = [leaf_hash(record.body) for record in block]
        subtrees = tree.append(leaves)
        connection.executemany(_INSERT_ENTRY, [(*record, leaf) for record, leaf in zip(block, leaves, strict=True)])
        connection.executemany("INSERT INTO audit_subtrees VALUES (?, ?, ?)", subtrees)


def _asset_values(row: AssetRow) -> tuple[str | int | None, ...]:
    asset = row.asset
    return (
        row.asset_tag, asset.status, row.holder_id, asset.equipment_type, asset.building_room, asset.serial_number,
        asset.manufacturer, asset.model, asset.model_code, row.latest,
    )  # fmt: skip
