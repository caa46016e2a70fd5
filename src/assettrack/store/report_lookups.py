"""What is read from the database for reports: counts of the present state, lists of it, and passes over the log.

Owns the SELECTs for it. What is about a few assets goes by an index; a pass over the log reads each page once, in the
order in which they lie, and hands bodies on as they are. Must never write.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import msgspec

from assettrack.domain.custody_intervals import LogRow
from assettrack.domain.holdings import CaseFill, HeldCount, Holding, Marks, StockCount, Unslotted
from assettrack.domain.standings import Recorded
from assettrack.store.connection import Connection, Value

Row = TypeVar("Row", Holding, HeldCount, StockCount, CaseFill, Unslotted, Recorded)

_HELD_COLUMNS = """
    SELECT a.asset_tag, a.equipment_type, a.serial_number, a.holder_id, a.due_on, a.custody_seq, l.batch_id,
        CASE WHEN h.accepted_seq IS NOT NULL THEN 'accepted' WHEN h.asked = 1 THEN 'open' ELSE 'not asked' END,
        CAST(l.body AS BLOB)
"""
_RECORDED_COLUMNS = """
    SELECT a.asset_tag, a.equipment_type, a.status, s.case_name, s.slot_position, a.holder_id, a.due_on, a.latest_at,
        l.batch_id, h.batch_id IS NOT NULL AND h.accepted_seq IS NULL AND h.asked = 1
"""
_HANDED_OVER = """
    LEFT JOIN audit_log AS l ON l.seq = a.custody_seq
    LEFT JOIN handovers AS h ON h.batch_id = l.batch_id AND h.holder_id = a.holder_id
"""
_HELD = f"{_HELD_COLUMNS} FROM assets AS a {_HANDED_OVER}"
_ALL_HELD = f"{_HELD} WHERE a.holder_id IS NOT NULL ORDER BY a.asset_tag"
_HELD_BY = f"{_HELD} WHERE a.holder_id = ? ORDER BY a.asset_tag"
_OVERDUE = f"{_HELD} WHERE a.due_on < ? ORDER BY a.due_on, a.asset_tag"
_HELD_COUNTS = """
    SELECT holder_id, equipment_type, count(*), coalesce(sum(due_on < ?), 0)
    FROM assets WHERE holder_id IS NOT NULL GROUP BY holder_id, equipment_type
"""
_STOCK_COUNTS = """
    SELECT a.equipment_type, a.status, s.current_asset_tag IS NOT NULL AS slotted, count(*)
    FROM assets AS a LEFT JOIN slots AS s ON s.current_asset_tag = a.asset_tag GROUP BY 1, 2, 3
"""
_CASE_FILLS = "SELECT case_name, count(*), count(current_asset_tag) FROM slots GROUP BY case_name ORDER BY case_name"
_UNSLOTTED = """
    SELECT a.asset_tag, a.equipment_type, a.serial_number, a.building_room
    FROM assets AS a LEFT JOIN slots AS s ON s.current_asset_tag = a.asset_tag
    WHERE a.status = 'STORAGE' AND s.current_asset_tag IS NULL ORDER BY a.asset_tag
"""
_RECORDED = f"""{_RECORDED_COLUMNS}
    FROM assets AS a LEFT JOIN slots AS s ON s.current_asset_tag = a.asset_tag {_HANDED_OVER}
    WHERE a.status <> 'RETIRED' ORDER BY a.asset_tag
"""
_SHARED_SERIALS = """
    SELECT serial_number, asset_tag FROM assets
    WHERE status <> 'RETIRED' AND serial_number IN (
        SELECT serial_number FROM assets WHERE serial_number IS NOT NULL AND status <> 'RETIRED'
        GROUP BY serial_number HAVING count(*) > 1
    ) ORDER BY serial_number, asset_tag
"""
_ROOMS = """
    SELECT building_room, count(*), min(asset_tag) FROM assets
    WHERE status <> 'RETIRED' AND building_room IS NOT NULL GROUP BY building_room ORDER BY building_room
"""
_ROOMS_OF_HELD = """
    SELECT asset_tag, building_room, holder_id FROM assets
    WHERE holder_id IS NOT NULL AND building_room IS NOT NULL ORDER BY asset_tag
"""
_ABOUT_ASSETS = "SELECT seq, asset_tag, CAST(body AS BLOB) FROM audit_log WHERE asset_tag IS NOT NULL ORDER BY seq"
_ABOUT_ONE = "SELECT seq, asset_tag, CAST(body AS BLOB) FROM audit_log WHERE asset_tag = ? ORDER BY seq"
_CORRECTIONS = """
    SELECT CAST(l.body AS BLOB) FROM corrections AS c CROSS JOIN audit_log AS l ON l.seq = c.seq ORDER BY c.seq
"""

# Rows of a batch say nothing of when they were recorded: their batch's entry does. Inside a text of JSON every quote is
# escaped, so what is searched for here and below can stand nowhere else in a body.
_LATEST = "SELECT seq, CAST(body AS BLOB) FROM audit_log ORDER BY seq DESC"
_LATEST_FROM = """
    SELECT seq, CAST(body AS BLOB) FROM audit_log
    WHERE CASE
        WHEN identity IS NULL THEN substr(body, instr(body, '"recorded_at":"') + 15, 27) >= ?1
        ELSE batch_id IN (
            SELECT b.batch_id FROM batches AS b CROSS JOIN audit_log AS f ON f.seq = b.first_seq
            WHERE substr(f.body, instr(f.body, '"recorded_at":"') + 15, 27) >= ?1
        ) END
    ORDER BY seq DESC
"""


class StoredReports:
    """The present state and the log, as reports ask for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, holder_id: int | None = None) -> Iterator[Holding]:
        """Yield all assets in custody by tag, or those of one holder, each with the entry by which it is there."""
        if holder_id is None:
            return self._each(_ALL_HELD, Holding)
        return self._each(_HELD_BY, Holding, (holder_id,))

    def overdue(self, today: str) -> Iterator[Holding]:
        """Yield the assets that were due before a date, those that are due longest first."""
        return self._each(_OVERDUE, Holding, (today,))

    def held_counts(self, today: str) -> Iterator[HeldCount]:
        """Yield how many assets of each type each holder has, and how many of them were due before today."""
        return self._each(_HELD_COUNTS, HeldCount, (today,))

    def stock_counts(self) -> Iterator[StockCount]:
        """Yield how many assets of each type are in each status, those in slots apart from those in none."""
        return self._each(_STOCK_COUNTS, StockCount)

    def case_fills(self) -> Iterator[CaseFill]:
        """Yield how many slots each case has, and how many of them are taken."""
        return self._each(_CASE_FILLS, CaseFill)

    def unslotted(self) -> Iterator[Unslotted]:
        """Yield the assets that are in storage in no slot, by tag."""
        return self._each(_UNSLOTTED, Unslotted)

    def recorded(self) -> Iterator[Recorded]:
        """Yield what is recorded of each asset that is not retired, by tag."""
        return self._each(_RECORDED, Recorded)

    def shared_serials(self) -> Iterator[tuple[str, str]]:
        """Yield serial number and tag of each asset that shares its serial number, retired ones aside."""
        return self._connection.execute(_SHARED_SERIALS)

    def rooms(self) -> Iterator[tuple[str, int, str]]:
        """Yield each room that assets are recorded in, how many there are, and the first of them; none is retired."""
        return self._connection.execute(_ROOMS)

    def rooms_of_held(self) -> Iterator[tuple[str, str, int]]:
        """Yield tag, room and holder of each asset in custody whose room is recorded."""
        return self._connection.execute(_ROOMS_OF_HELD)

    def log_about_assets(self) -> Iterator[LogRow]:
        """Yield every entry about an asset in the order of the log: number, asset, body."""
        return self._connection.execute(_ABOUT_ASSETS)

    def entries_about(self, asset_tags: Iterable[str]) -> Iterator[LogRow]:
        """Yield the entries about some assets: those of one asset together, in the order of the log."""
        return self._connection.each(_ABOUT_ONE, ((tag,) for tag in asset_tags))

    def correction_bodies(self) -> Iterator[bytes]:
        """Yield the bodies of all corrections, in the order of the log."""
        for (body,) in self._connection.execute(_CORRECTIONS):
            yield body

    def latest(self, marks: Marks) -> list[tuple[int, bytes]]:
        """Return the latest entries with these marks, newest first: number and body."""
        if marks.recorded_from is None:
            rows = self._connection.execute(_LATEST)
        else:
            rows = self._connection.execute(_LATEST_FROM, (marks.recorded_from,))
        for column, value in (("event_type", marks.kind), ("operator", marks.by)):
            if value is not None:
                rows = _saying(rows, column, value)
        return list(islice(rows, marks.last))

    def _each(self, sql: str, kind: type[Row], values: Sequence[Value] = ()) -> Iterator[Row]:
        return map(kind._make, self._connection.execute(sql, values))


def _saying(rows: Iterator[tuple[int, bytes]], column: str, value: str) -> Iterator[tuple[int, bytes]]:
    """Yield the entries that say this; of a row, whose operator the scanner knows, that is `operator_id`."""
    text = msgspec.json.encode(value)
    first, second = (f'"{name}":'.encode() + text for name in (column, f"{column}_id"))
    return (row for row in rows if first in row[1] or second in row[1])
