"""What is read from the database to look around in it: short lists by filter, the slots of a case, and a search.

Owns the SELECTs for it. Each reads by an index or stops early; none reads all assets where a page shows fifty.
"""

from collections.abc import Sequence

from assettrack.domain.browsing import AssetFilter, ListedAsset, Occupant
from assettrack.domain.holders import Holder
from assettrack.store.connection import Connection, Value

_LISTED = """
    SELECT a.asset_tag, a.status, a.equipment_type, a.serial_number, s.case_name, s.slot_position, h.name,
        a.building_room, a.due_on
    FROM {source} LEFT JOIN holders AS h ON h.holder_id = a.holder_id
"""
_FROM_ASSETS = "assets AS a LEFT JOIN slots AS s ON s.current_asset_tag = a.asset_tag"
_FROM_CASE = "slots AS s CROSS JOIN assets AS a ON a.asset_tag = s.current_asset_tag"
_OCCUPANTS = """
    SELECT s.slot_position, a.asset_tag, a.equipment_type, a.serial_number, a.model
    FROM slots AS s LEFT JOIN assets AS a ON a.asset_tag = s.current_asset_tag
    WHERE s.case_name = ? ORDER BY s.slot_position
"""
_BY_SERIAL = """
    SELECT asset_tag FROM assets WHERE serial_number >= ? AND serial_number < ? ORDER BY serial_number LIMIT ?
"""
_CASES_FROM = "SELECT case_name FROM cases WHERE case_name >= ? AND case_name < ? ORDER BY case_name LIMIT ?"
_HOLDERS_WITH = """
    SELECT holder_id, name, organisation_id, identifier, active FROM holders
    WHERE instr(name_key, ?) > 0 ORDER BY name_key LIMIT ?
"""
_STATUS_COUNTS = "SELECT status, count(*) FROM assets GROUP BY status"
_TYPES = "SELECT DISTINCT equipment_type FROM assets"  # they are few: to put all assets in order takes much longer


class StoredBrowsing:
    """The present state as somebody looks around in it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def assets(self, wanted: AssetFilter, after: str, limit: int) -> Sequence[ListedAsset]:
        """Return the first assets of a filter after a tag, by tag."""
        conditions, values = _conditions(wanted)
        source = _FROM_CASE if wanted.case_name else _FROM_ASSETS
        where = " AND ".join(["a.asset_tag > ?", *conditions])
        sql = f"{_LISTED.format(source=source)} WHERE {where} ORDER BY a.asset_tag LIMIT ?"
        return [ListedAsset(*found) for found in self._connection.rows(sql, (after, *values, limit))]

    def count(self, wanted: AssetFilter) -> int:
        """Return how many assets a filter has."""
        conditions, values = _conditions(wanted)
        source = _FROM_CASE if wanted.case_name else _FROM_ASSETS if wanted.slotted is not None else "assets AS a"
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        sql = f"SELECT count(*) FROM {source}{where}"  # noqa: S608 - all of it words of our own; values are bound
        return int(self._connection.rows(sql, values)[0][0])

    def status_counts(self) -> dict[str, int]:
        """Return how many assets have each status."""
        return {str(status): int(count) for status, count in self._connection.rows(_STATUS_COUNTS)}

    def equipment_types(self) -> Sequence[str]:
        """Return all equipment types, in order."""
        return sorted(str(found) for (found,) in self._connection.rows(_TYPES))

    def occupants(self, case_name: str) -> Sequence[Occupant]:
        """Return the slots of a case with what is in them; nothing for an unknown case."""
        return [Occupant(*found) for found in self._connection.rows(_OCCUPANTS, (case_name,))]

    def tags_by_serial(self, beginning: str, limit: int) -> Sequence[str]:
        """Return the assets whose serial number begins like this."""
        found = self._connection.rows(_BY_SERIAL, (beginning, _after_all(beginning), limit))
        return [str(tag) for (tag,) in found]

    def cases_from(self, beginning: str, limit: int) -> Sequence[str]:
        """Return the cases whose name begins like this."""
        found = self._connection.rows(_CASES_FROM, (beginning, _after_all(beginning), limit))
        return [str(name) for (name,) in found]

    def holders_with(self, part: str, limit: int) -> Sequence[Holder]:
        """Return the holders whose name has this part, both in the form that all spellings have in common."""
        found = self._connection.rows(_HOLDERS_WITH, (part, limit))
        return [Holder(number, name, group, known, active == 1) for number, name, group, known, active in found]


def _after_all(beginning: str) -> str:
    """Return a text after all that begin like this one, in the order of their bytes."""
    return f"{beginning}\U0010ffff"


def _conditions(wanted: AssetFilter) -> tuple[list[str], list[Value]]:
    conditions: list[str] = []
    values: list[Value] = []
    for column, value in (
        ("a.status", wanted.status),
        ("s.case_name", wanted.case_name or None),
        ("a.holder_id", wanted.holder_id),
        ("a.equipment_type", wanted.equipment_type or None),
    ):
        if value is not None:
            conditions.append(f"{column} = ?")
            values.append(value)
    if wanted.text:
        conditions.append("(a.asset_tag >= ? AND a.asset_tag < ?)")
        values += [wanted.text, _after_all(wanted.text)]
    if wanted.slotted is not None:
        conditions.append(f"s.current_asset_tag IS {'NOT ' if wanted.slotted else ''}NULL")
    return conditions, values
