"""What is read from the database: the slice of inventory that something touches, and lists to show.

Owns the SELECTs. Texts that mean something were brought into their normal form at the edge, so
that equal bytes are compared here and nothing else. Must never write.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, cast

import apsw

from assettrack.domain import station_errors
from assettrack.domain.deeds import BatchRow, Contact, ReceiptText, Record, Signature, Station
from assettrack.domain.facts import FACT_TABLES, AnyFact, Building, BuildingUse, Handover, ReceiptFact, Room, Setting
from assettrack.domain.holders import Holder, HolderRegister, name_key
from assettrack.domain.inventory import AcceptanceRule, Asset, Custody, Inventory
from assettrack.domain.rooms import Rooms
from assettrack.domain.scans import BadRow, Scan
from assettrack.domain.station_deeds import ACCEPTANCE
from assettrack.domain.tags import OUT, Place
from assettrack.store.connection import Connection, Value

_ASSET_COLUMNS = """
    SELECT a.asset_tag, a.latest_at, a.status, s.case_name, s.slot_position, h.name, a.equipment_type,
        a.building_room, a.serial_number, a.manufacturer, a.model, a.model_code, a.due_on
"""
_ASSET_PLACE = """
    LEFT JOIN slots AS s ON s.current_asset_tag = a.asset_tag
    LEFT JOIN holders AS h ON h.holder_id = a.holder_id
"""
_ASSETS_BY_TAG = f"""
    {_ASSET_COLUMNS}, a.custody_seq, a.home_case, a.home_position
    FROM carray(?) AS wanted CROSS JOIN assets AS a ON a.asset_tag = wanted.value {_ASSET_PLACE}
"""
_ALL_ASSETS = f"{_ASSET_COLUMNS} FROM assets AS a {_ASSET_PLACE} ORDER BY a.asset_tag"
_TAGS_BY_SERIAL = """
    SELECT a.serial_number, a.asset_tag
    FROM carray(?) AS wanted CROSS JOIN assets AS a ON a.serial_number = wanted.value
"""
_SLOTS_AT = """
    SELECT s.slot_position, s.current_asset_tag
    FROM carray(?) AS wanted CROSS JOIN slots AS s ON s.case_name = ? AND s.slot_position = wanted.value
"""
_CASES_BY_NAME = """
    SELECT c.case_name, c.slots FROM carray(?) AS wanted CROSS JOIN cases AS c ON c.case_name = wanted.value
"""
_BATCH_OF_ROW = "SELECT identity, batch_id FROM audit_log WHERE asset_tag = ? AND identity = ?"
_HOLDER_COLUMNS = "SELECT h.holder_id, h.name, h.organisation_id, h.identifier, h.active"
_ALL_HOLDERS = f"{_HOLDER_COLUMNS} FROM holders AS h ORDER BY h.holder_id"
_HOLDERS_BY_KEY = f"{_HOLDER_COLUMNS} FROM carray(?) AS wanted CROSS JOIN holders AS h ON h.name_key = wanted.value"
_HOLDER_CALLED = f"{_HOLDER_COLUMNS} FROM holders AS h WHERE h.name_key = ?"
_HOLDER_NUMBERED = f"{_HOLDER_COLUMNS} FROM holders AS h WHERE h.holder_id = ?"
_ACTIVE = {0: False, 1: True}  # any other number is no answer, and equals neither


def load(connection: Connection, inventory: Inventory, rows: Sequence[Scan | BadRow]) -> None:
    """Add to the inventory what these rows of a batch touch and it does not hold yet."""
    scans = [row for row in rows if isinstance(row, Scan)]
    tags = {row.asset_tag for row in rows if row.asset_tag is not None}
    _add_assets(connection, inventory, tags)
    _add_places(connection, inventory, {row.place for row in rows if row.place is not None} - {OUT})
    _add_serials(connection, inventory, {scan.serial_number for scan in scans if scan.serial_number})
    _add_recorded(connection, inventory, [scan for scan in scans if scan.asset_tag in inventory.assets])
    names = {scan.issued_to_name for scan in scans if scan.issued_to_name}
    names.update(asset.holder for tag in tags if (asset := inventory.assets.get(tag)) and asset.holder)
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


def holder_called(connection: Connection, name: str) -> Holder | None:
    """Return the holder whom a name means in any spelling, or None."""
    return next(map(_holder, connection.rows(_HOLDER_CALLED, (name_key(name),))), None)


def all_holders(connection: Connection) -> list[Holder]:
    """Return all holders, by number."""
    return [_holder(row) for row in connection.rows(_ALL_HOLDERS)]


def holder(connection: Connection, holder_id: int) -> Holder | None:
    """Return a holder by number, or None."""
    return next(map(_holder, connection.rows(_HOLDER_NUMBERED, (holder_id,))), None)


def _holder(row: tuple[Any, ...]) -> Holder:
    holder_id, name, organisation_id, identifier, active = row
    return Holder(holder_id, name, organisation_id, identifier, _ACTIVE.get(active, active))


def holder_keys(connection: Connection) -> Iterator[tuple[int, str]]:
    """Yield every holder's number and the stored form by which its name is found."""
    yield from connection.execute("SELECT holder_id, name_key FROM holders ORDER BY holder_id")


def all_assets(connection: Connection) -> Iterator[tuple[str, str, Asset]]:
    """Yield every asset by tag: its tag, the UTC text of its latest entry, and its state."""
    for tag, latest, *state in connection.execute(_ALL_ASSETS):
        yield tag, latest, Asset(*state)


def assets_tagged(
    connection: Connection, asset_tags: Iterable[str]
) -> Iterator[tuple[str, str, Asset, Custody | None]]:
    """Yield those of the assets that exist, as `all_assets` does, and how each came to the holder it has."""
    wanted = tuple(sorted(tag for tag in asset_tags if "\0" not in tag))  # there it would end, and none has it
    if wanted:
        for tag, latest, *state, seq, case, position in connection.rows(_ASSETS_BY_TAG, (apsw.carray(wanted),)):
            yield tag, latest, Asset(*state), _custody(seq, case, position)


def all_custody(connection: Connection) -> Iterator[tuple[str, Custody]]:
    """Yield every asset in custody, by tag, and how it came to the holder it has."""
    sql = """
        SELECT asset_tag, custody_seq, home_case, home_position FROM assets
        WHERE custody_seq IS NOT NULL OR home_case IS NOT NULL OR home_position IS NOT NULL ORDER BY asset_tag
    """
    for tag, seq, case, position in connection.execute(sql):
        yield tag, Custody(seq, None if case is position is None else Place(case, position))


def assets_of(connection: Connection, holder_id: int) -> list[str]:
    """Return the tags of the assets that a holder has, in order."""
    sql = "SELECT asset_tag FROM assets WHERE holder_id = ? ORDER BY asset_tag"
    return [tag for (tag,) in connection.rows(sql, (holder_id,))]


def facts(connection: Connection, kind: type[AnyFact], key: Sequence[Value]) -> Iterator[AnyFact]:
    """Yield the facts of a kind whose key begins like this, in the order of their keys."""
    table, key_columns, _ = FACT_TABLES[kind]
    columns = kind._fields
    given = " AND ".join(f"{column} = ?" for column in columns[: len(key)]) or "true"
    sql = f"SELECT {', '.join(columns)} FROM {table} WHERE {given} ORDER BY {', '.join(columns[:key_columns])}"  # noqa: S608 - names of our own
    for row in connection.execute(sql, key):
        yield kind(*row)


def last_fact(connection: Connection, kind: type[AnyFact]) -> AnyFact | None:
    """Return the fact of a kind with the greatest key, or None."""
    table, key_columns, _ = FACT_TABLES[kind]
    columns = kind._fields
    key = ", ".join(f"{column} DESC" for column in columns[:key_columns])
    rows = connection.rows(f"SELECT {', '.join(columns)} FROM {table} ORDER BY {key} LIMIT 1")  # noqa: S608 - names of our own
    return kind(*rows[0]) if rows else None


def inventory(connection: Connection) -> Inventory:
    """Return an inventory that holds nothing yet but the rules of the station."""
    found = Inventory()
    for setting in facts(connection, Setting, (ACCEPTANCE,)):
        found.acceptance = cast("AcceptanceRule", setting.value)
    if buildings := [fact.building_key for fact in facts(connection, Building, ())]:
        rooms = ((room.room_key, room.building_key) for room in facts(connection, Room, ()))
        uses = ((u.organisation_id, u.building_key) for u in facts(connection, BuildingUse, ()) if u.allowed)
        found.rooms = Rooms(buildings, rooms, uses)
    return found


def contacts(connection: Connection, holder_id: int | None = None) -> Iterator[Contact]:
    """Yield the contact data of every holder of whom there is any, or of one."""
    of, key = ("", ()) if holder_id is None else ("WHERE holder_id = ?", (holder_id,))
    sql = f"SELECT holder_id, salt, contact FROM contacts {of} ORDER BY holder_id"  # noqa: S608 - either of two texts
    for row in connection.execute(sql, key):
        yield Contact(*row)


def open_handovers(connection: Connection, holder_id: int | None = None) -> Iterator[Handover]:
    """Yield what nobody has accepted yet, by batch and holder, or that of one holder."""
    of, key = ("", ()) if holder_id is None else ("AND holder_id = ?", (holder_id,))
    sql = f"SELECT batch_id, holder_id FROM handovers WHERE accepted_seq IS NULL AND asked = 1 {of} ORDER BY 1, 2"  # noqa: S608 - either of two texts
    for batch_id, of_holder in connection.execute(sql, key):
        yield Handover(batch_id, of_holder, None)


def receipts_of(connection: Connection, holder_id: int) -> Iterator[ReceiptFact]:
    """Yield the receipts of a holder, the latest first."""
    sql = """
        SELECT receipt_id, seq, holder_id, batch_id, text_sha256 FROM receipts
        WHERE holder_id = ? ORDER BY receipt_id DESC
    """
    for row in connection.execute(sql, (holder_id,)):
        yield ReceiptFact(*row)


def receipt_texts(connection: Connection, receipt_id: int | None = None) -> Iterator[ReceiptText]:
    """Yield the text of every receipt, or of one."""
    sql = "SELECT receipt_id, text FROM receipt_texts WHERE ?1 IS NULL OR receipt_id = ?1 ORDER BY receipt_id"
    for row in connection.execute(sql, (receipt_id,)):
        yield ReceiptText(*row)


def signatures(connection: Connection, seq: int | None = None) -> Iterator[Signature]:
    """Yield what was drawn as signatures, all or those that one entry holds the hashes of."""
    where, values = ("", ()) if seq is None else ("WHERE seq = ?", (seq,))
    for row in connection.execute(f"SELECT seq, name, strokes FROM signatures {where} ORDER BY seq, name", values):  # noqa: S608 - one of two texts of our own
        yield Signature(*row)


def _custody(seq: int | None, case: str | None, position: int | None) -> Custody | None:
    return None if seq is None else Custody(seq, None if case is None else Place(case, position or 0))


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
    for tag, latest, asset, custody in assets_tagged(connection, wanted):
        inventory.add_asset(tag, asset, latest)
        if custody is not None:
            inventory.custody[tag] = custody
        elif asset.holder is not None:
            raise station_errors.DatabaseDamaged(f"it does not say by which entry asset {tag} came to its holder")


def _add_places(connection: Connection, inventory: Inventory, places: set[Place]) -> None:
    wanted: dict[str, list[int]] = {}
    for place in sorted(place for place in places if place not in inventory.slots):
        wanted.setdefault(place.case_name, []).append(place.slot_position)
    for case, positions in wanted.items():  # one query a case: rows of a batch often go through a case slot by slot
        for position, occupant in connection.rows(_SLOTS_AT, (apsw.carray(array("i", positions)), case)):
            inventory.slots[Place(case, position)] = occupant
    cases = tuple(case for case in wanted if case not in inventory.cases)
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
        register.add(_holder(row))


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
