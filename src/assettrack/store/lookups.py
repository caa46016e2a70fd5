"""What is read from the database: the slice of inventory that something touches, and lists to show.

Owns the SELECTs. Texts that mean something were brought into their normal form at the edge, so
that equal bytes are compared here and nothing else. Must never write.
"""

from collections.abc import Iterable, Iterator, Sequence

import apsw

from assettrack.domain.deeds import BatchRow, Record, Station
from assettrack.domain.holders import Holder, HolderRegister, name_key
from assettrack.domain.inventory import Asset, Inventory
from assettrack.domain.scans import BadRow, Scan
from assettrack.domain.tags import OUT, Place
from assettrack.store.connection import Connection

_ASSET_COLUMNS = """
    SELECT a.asset_tag, a.latest_at, a.status, s.case_name, s.slot_position, h.name, a.equipment_type,
        a.building_room, a.serial_number, a.manufacturer, a.model, a.model_code
"""
_ASSET_PLACE = """
    LEFT JOIN slots AS s ON s.current_asset_tag = a.asset_tag
    LEFT JOIN holders AS h ON h.holder_id = a.holder_id
"""
_ASSETS_BY_TAG = f"""
    {_ASSET_COLUMNS} FROM carray(?) AS wanted CROSS JOIN assets AS a ON a.asset_tag = wanted.value {_ASSET_PLACE}
"""
_ALL_ASSETS = f"{_ASSET_COLUMNS} FROM assets AS a {_ASSET_PLACE} ORDER BY a.asset_tag"
_TAGS_BY_SERIAL = """
    SELECT a.serial_number, a.asset_tag
    FROM carray(?) AS wanted CROSS JOIN assets AS a ON a.serial_number = wanted.value
"""
_SLOT_AT = "SELECT case_name, slot_position, current_asset_tag FROM slots WHERE case_name = ? AND slot_position = ?"
_CASES_BY_NAME = """
    SELECT c.case_name, c.slots FROM carray(?) AS wanted CROSS JOIN cases AS c ON c.case_name = wanted.value
"""
_BATCH_OF_ROW = "SELECT identity, batch_id FROM audit_log WHERE asset_tag = ? AND identity = ?"
_ALL_HOLDERS = "SELECT holder_id, name FROM holders ORDER BY holder_id"
_HOLDERS_BY_KEY = """
    SELECT h.holder_id, h.name FROM carray(?) AS wanted CROSS JOIN holders AS h ON h.name_key = wanted.value
"""


def load(connection: Connection, inventory: Inventory, rows: Sequence[Scan | BadRow]) -> None:
    """Add to the inventory what these rows of a batch touch and it does not hold yet."""
    scans = [row for row in rows if isinstance(row, Scan)]
    _add_assets(connection, inventory, {row.asset_tag for row in rows if row.asset_tag is not None})
    _add_places(connection, inventory, {row.place for row in rows if row.place is not None and row.place != OUT})
    _add_serials(connection, inventory, {scan.serial_number for scan in scans if scan.serial_number})
    _add_recorded(connection, inventory, [scan for scan in scans if scan.asset_tag in inventory.assets])
    names = {scan.issued_to_name for scan in scans if scan.issued_to_name}
    names.update(asset.holder for row in rows if (asset := inventory.assets.get(row.asset_tag or "")) and asset.holder)
    _add_holders(connection, inventory.holders, names)


def inventory_of(connection: Connection, asset_tags: Sequence[str], places: Sequence[Place]) -> Inventory:
    """Return the slice of inventory that a typed deed about assets, slots or cases touches."""
    inventory = Inventory()
    _add_places(connection, inventory, set(places))
    occupants = {tag for place in places if (tag := inventory.slots.get(place)) is not None}
    _add_assets(connection, inventory, occupants.union(asset_tags))
    return inventory


def holders_named(connection: Connection, names: Iterable[str]) -> HolderRegister:
    """Return the holders of these names; all there are when one of the names is unknown, to find those like it."""
    register = HolderRegister()
    _add_holders(connection, register, names)
    return register


def all_holders(connection: Connection) -> list[Holder]:
    """Return all holders, by number."""
    return [Holder(*row) for row in connection.rows(_ALL_HOLDERS)]


def holder_keys(connection: Connection) -> Iterator[tuple[int, str]]:
    """Yield every holder's number and the stored form by which its name is found."""
    yield from connection.execute("SELECT holder_id, name_key FROM holders ORDER BY holder_id")


def all_assets(connection: Connection) -> Iterator[tuple[str, str, Asset]]:
    """Yield every asset by tag: its tag, the UTC text of its latest entry, and its state."""
    for tag, latest, *state in connection.execute(_ALL_ASSETS):
        yield tag, latest, Asset(*state)


def assets_tagged(connection: Connection, asset_tags: Iterable[str]) -> Iterator[tuple[str, str, Asset]]:
    """Yield those of the assets that exist, as `all_assets` does."""
    wanted = tuple(sorted(asset_tags))
    if wanted:
        for tag, latest, *state in connection.rows(_ASSETS_BY_TAG, (apsw.carray(wanted),)):
            yield tag, latest, Asset(*state)


def all_cases(connection: Connection) -> dict[str, int]:
    """Return all cases by name, with their number of slots."""
    return dict(connection.rows("SELECT case_name, slots FROM cases ORDER BY case_name"))


def all_slots(connection: Connection) -> Iterator[tuple[Place, str | None]]:
    """Yield every slot and who is in it, by case and position."""
    sql = "SELECT case_name, slot_position, current_asset_tag FROM slots ORDER BY case_name, slot_position"
    for case, position, occupant in connection.execute(sql):
        yield Place(case, position), occupant


def slots_of(connection: Connection, case_name: str) -> list[tuple[int, str | None]]:
    """Return the positions of a case and who is in them; nothing for an unknown case."""
    sql = "SELECT slot_position, current_asset_tag FROM slots WHERE case_name = ? ORDER BY slot_position"
    return connection.rows(sql, (case_name,))


def station_of(connection: Connection) -> Station | None:
    """Return the station whose database this is; None unless the table has its one row."""
    rows = connection.rows("SELECT only_row, station, timezone, public_key FROM station")
    return Station(*rows[0][1:]) if [row[0] for row in rows] == [1] else None


def batch(connection: Connection, batch_id: int) -> BatchRow | None:
    """Return where a batch stands in the log, or None."""
    rows = connection.rows("SELECT batch_id, first_seq, last_seq FROM batches WHERE batch_id = ?", (batch_id,))
    return BatchRow(*rows[0]) if rows else None


def all_batches(connection: Connection) -> list[BatchRow]:
    """Return where every batch stands in the log."""
    return [BatchRow(*row) for row in connection.rows("SELECT batch_id, first_seq, last_seq FROM batches ORDER BY 1")]


def last_batch_id(connection: Connection) -> int:
    """Return the number of the latest batch, 0 before the first."""
    return int(connection.rows("SELECT coalesce(max(batch_id), 0) FROM batches")[0][0])


def records(connection: Connection, first_seq: int = 1, last_seq: int | None = None) -> Iterator[tuple[Record, bytes]]:
    """Yield the stored records from ``first_seq`` to ``last_seq``, each with its stored leaf."""
    sql = """
        SELECT seq, batch_id, asset_tag, identity, CAST(body AS BLOB), leaf FROM audit_log
        WHERE seq BETWEEN ? AND ? ORDER BY seq
    """
    for *columns, leaf in connection.execute(sql, (first_seq, 2**62 if last_seq is None else last_seq)):
        yield Record(*columns), leaf


def bodies_about(connection: Connection, asset_tag: str) -> list[bytes]:
    """Return the bodies of all entries about an asset, in the order of the log."""
    sql = "SELECT CAST(body AS BLOB) FROM audit_log WHERE asset_tag = ? ORDER BY seq"
    return [body for (body,) in connection.rows(sql, (asset_tag,))]


def _add_assets(connection: Connection, inventory: Inventory, asset_tags: set[str]) -> None:
    wanted = [tag for tag in asset_tags if tag not in inventory.assets]  # a set less a dict's keys costs the whole dict
    for tag, latest, asset in assets_tagged(connection, wanted):
        inventory.add_asset(tag, asset, latest)


def _add_places(connection: Connection, inventory: Inventory, places: set[Place]) -> None:
    wanted = sorted(place for place in places if place not in inventory.slots)
    if not wanted:
        return
    for case, position, occupant in connection.each(_SLOT_AT, wanted):
        inventory.slots[Place(case, position)] = occupant
    cases = tuple({place.case_name for place in wanted if place.case_name not in inventory.cases})
    if cases:
        inventory.cases.update(connection.rows(_CASES_BY_NAME, (apsw.carray(cases),)))


def _add_serials(connection: Connection, inventory: Inventory, serials: set[str]) -> None:
    wanted = tuple(sorted(serials))
    if wanted:
        for serial, tag in connection.rows(_TAGS_BY_SERIAL, (apsw.carray(wanted),)):
            if tag not in inventory.assets:  # of those that are, rows before these may have changed it
                inventory.add_serial(serial, tag)


def _add_recorded(connection: Connection, inventory: Inventory, scans: list[Scan]) -> None:
    """Look up which rows are in the log already; only an asset that exists can have any."""
    inventory.recorded.update(connection.each(_BATCH_OF_ROW, sorted((scan.asset_tag, scan.identity) for scan in scans)))


def _add_holders(connection: Connection, register: HolderRegister, names: Iterable[str]) -> None:
    """Add the holders of these names. When one is unknown all holders are added, once, to find those like it."""
    keys = {name_key(name) for name in names if register.named(name) is None}
    if not keys or register.is_complete:
        return
    found = connection.rows(_HOLDERS_BY_KEY, (apsw.carray(tuple(sorted(keys))),))
    if len(found) < len(keys):
        register.is_complete = True
        register.last_id = int(connection.rows("SELECT coalesce(max(holder_id), 0) FROM holders")[0][0])
        found = connection.rows(_ALL_HOLDERS)
    for row in found:
        register.add(Holder(*row))


def checkpoints(connection: Connection) -> Iterator[tuple[int, str]]:
    """Yield the size and the note of every stored checkpoint, smallest first."""
    yield from connection.execute("SELECT size, note FROM checkpoints ORDER BY size")


def checkpoint_at_least(connection: Connection, size: int) -> str | None:
    """Return the first stored checkpoint whose log has at least ``size`` entries."""
    rows = connection.rows("SELECT note FROM checkpoints WHERE size >= ? ORDER BY size LIMIT 1", (size,))
    return rows[0][0] if rows else None


def subtrees(connection: Connection) -> Iterator[tuple[int, int, bytes]]:
    """Yield level, number and hash of every stored subtree."""
    yield from connection.execute("SELECT level, number, hash FROM audit_subtrees ORDER BY 1, 2")


def file_faults(connection: Connection) -> list[str]:
    """Return what SQLite's own checks find wrong with the file: damaged pages, broken indexes and keys."""
    checked = [str(text) for (text,) in connection.rows("PRAGMA integrity_check(20)")]
    keys = [f"table {table} refers to a row of {parent} that is not there" for table, _, parent, _ in
            connection.rows("PRAGMA foreign_key_check")]  # fmt: skip
    return [text for text in checked if text != "ok"] + keys[:20]
