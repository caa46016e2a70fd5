"""What is written to the database: a deed whole, its entries and the state it leads to.

Owns the INSERTs and UPDATEs, and the Merkle tree's growth with the log. Must never write state
without an entry: both are handed over together in one deed, and written by one call.
"""

from collections.abc import Iterator, Sequence
from itertools import islice

from assettrack.domain.deeds import AssetRow, Credential, Deed, Kept, ReceiptText, Record, Signature
from assettrack.domain.facts import FACT_TABLES, Fact
from assettrack.domain.holders import Holder, name_key
from assettrack.domain.merkle import Tree, leaf_hash
from assettrack.domain.scans import BLOCK_ROWS
from assettrack.store.connection import Connection

_INSERT_ENTRY = (
    "INSERT INTO audit_log(seq, batch_id, asset_tag, identity, body, leaf) VALUES (?, ?, ?, ?, CAST(? AS TEXT), ?)"
)
_UPSERT_ASSET = """
    INSERT INTO assets(asset_tag, status, holder_id, equipment_type, building_room, serial_number, manufacturer,
        model, model_code, latest_at, due_on, custody_seq, home_case, home_position)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT(asset_tag) DO UPDATE SET status = excluded.status, holder_id = excluded.holder_id,
        equipment_type = excluded.equipment_type, building_room = excluded.building_room,
        serial_number = excluded.serial_number, manufacturer = excluded.manufacturer, model = excluded.model,
        model_code = excluded.model_code, latest_at = excluded.latest_at, due_on = excluded.due_on,
        custody_seq = excluded.custody_seq, home_case = excluded.home_case, home_position = excluded.home_position
"""
_VACATE = "UPDATE slots SET current_asset_tag = NULL WHERE case_name = ? AND slot_position = ?"
_FILL = "UPDATE slots SET current_asset_tag = ? WHERE case_name = ? AND slot_position = ?"
_INSERT_HOLDER = (
    "INSERT INTO holders(holder_id, name, name_key, organisation_id, identifier, active) VALUES (?, ?, ?, ?, ?, ?)"
)
_UPDATE_HOLDER = """
    UPDATE holders SET name = ?, name_key = ?, organisation_id = ?, identifier = ?, active = ? WHERE holder_id = ?
"""
_UPSERT_CONTACT = """
    INSERT INTO contacts(holder_id, salt, contact) VALUES (?, ?, ?)
    ON CONFLICT(holder_id) DO UPDATE SET salt = excluded.salt, contact = excluded.contact
"""
_UPSERT_CREDENTIAL = """
    INSERT INTO credentials(account_id, kind, text) VALUES (?, ?, ?)
    ON CONFLICT(account_id, kind) DO UPDATE SET text = excluded.text
"""
_NO_HOME = (None, None)
_NO_CUSTODY = (None, *_NO_HOME)


def _insert(kind: type[Fact]) -> str:
    columns = kind._fields
    return f"INSERT INTO {FACT_TABLES[kind].name}({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608 - names of our own


def _update(kind: type[Fact]) -> str:
    table, key_columns, _ = FACT_TABLES[kind]
    key, rest = kind._fields[:key_columns], kind._fields[key_columns:]
    return f"UPDATE {table} SET {', '.join(f'{c} = ?' for c in rest)} WHERE {' AND '.join(f'{c} = ?' for c in key)}"  # noqa: S608 - as above


_INSERT_FACT = {kind: _insert(kind) for kind in FACT_TABLES}
_UPDATE_FACT = {kind: _update(kind) for kind, table in FACT_TABLES.items() if table.may_change}


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
    connection.executemany(_INSERT_HOLDER, map(_holder_values, deed.holders))
    changed = connection.executemany(
        _UPDATE_HOLDER, ((*_holder_values(holder)[1:], holder.holder_id) for holder in deed.changed_holders)
    )
    assert changed == len(deed.changed_holders), "only holders that are registered are changed"
    vacated = connection.executemany(_VACATE, deed.vacated)
    connection.executemany(_UPSERT_ASSET, map(_asset_values, deed.assets))
    filled = connection.executemany(_FILL, ((asset_tag, *place) for place, asset_tag in deed.filled))
    assert (vacated, filled) == (len(deed.vacated), len(deed.filled)), "only slots that exist are emptied and filled"
    _append(connection, tree, deed.records)
    if deed.batch is not None:
        connection.rows("INSERT INTO batches VALUES (?, ?, ?)", deed.batch)
    for fact in deed.facts:
        _save_fact(connection, fact)
    for kept in deed.kept:
        _keep(connection, kept)
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
        asset.manufacturer, asset.model, asset.model_code, row.latest, asset.due_on,
        *(_NO_CUSTODY if row.custody is None else (row.custody.seq, *(row.custody.home or _NO_HOME))),
    )  # fmt: skip


def _holder_values(holder: Holder) -> tuple[str | int | None, ...]:
    return (
        holder.holder_id, holder.name, name_key(holder.name), holder.organisation_id, holder.identifier,
        int(holder.active),
    )  # fmt: skip


def _save_fact(connection: Connection, fact: Fact) -> None:
    """Write a fact in the place of the one with its key, or as a new one.

    Not as an upsert: that is an INSERT to the triggers, which refuse to insert what exists.
    """
    kind = type(fact)
    if kind in _UPDATE_FACT:
        key = FACT_TABLES[kind].key_columns
        if connection.executemany(_UPDATE_FACT[kind], [(*fact[key:], *fact[:key])]):
            return
    connection.rows(_INSERT_FACT[kind], fact)


def _keep(connection: Connection, kept: Kept) -> None:
    """Write what is kept beside the log, or erase it."""
    if isinstance(kept, ReceiptText):
        connection.rows("INSERT INTO receipt_texts VALUES (?, ?)", kept)
    elif isinstance(kept, Signature):
        connection.rows("INSERT INTO signatures VALUES (?, ?, ?)", kept)
    elif isinstance(kept, Credential):
        if kept.text is None:
            connection.rows("DELETE FROM credentials WHERE account_id = ? AND kind = ?", kept[:2])
        else:
            connection.rows(_UPSERT_CREDENTIAL, kept)
    elif kept.contact is None:
        connection.rows("DELETE FROM contacts WHERE holder_id = ?", (kept.holder_id,))
    else:
        connection.rows(_UPSERT_CONTACT, kept)
