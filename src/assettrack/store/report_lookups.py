"""What is read from the database for reports: counts of the present state, lists of it, and passes over the log.

Owns the SELECTs for it. What is about a few assets goes by an index; a pass over the log reads each page once, in the
order in which they lie, and hands bodies on as they are. Must never write.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import apsw
import msgspec

from assettrack.domain.custody_intervals import LogRow
from assettrack.domain.holdings import (
    CaseFill,
    Doubted,
    Doubtful,
    HeldAsset,
    HeldCount,
    Holding,
    Living,
    Marks,
    Narrowed,
    StockCount,
    Unslotted,
)
from assettrack.domain.standings import Recorded
from assettrack.store.connection import Connection, Value

Row = TypeVar("Row", HeldAsset, Holding, HeldCount, StockCount, CaseFill, Unslotted, Recorded)

_HELD = "SELECT asset_tag, equipment_type, holder_id, due_on FROM assets"
_ALL_HELD = f"{_HELD} WHERE holder_id IS NOT NULL ORDER BY asset_tag"
_HELD_BY = f"{_HELD} WHERE holder_id = ? ORDER BY asset_tag"
_OVERDUE = f"{_HELD} WHERE due_on < ? ORDER BY due_on, asset_tag"
_HOLDING_COLUMNS = """
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
_WANTED = "carray(?) AS wanted CROSS JOIN assets AS a ON a.asset_tag = wanted.value"
_HOLDINGS = f"{_HOLDING_COLUMNS} FROM {_WANTED} {_HANDED_OVER} WHERE a.holder_id IS NOT NULL"
_HELD_COUNTS = """
    SELECT holder_id, equipment_type, count(*), coalesce(sum(due_on < ?), 0)
    FROM assets WHERE holder_id IS NOT NULL GROUP BY holder_id, equipment_type
"""
_STOCK_COUNTS = """
    SELECT a.equipment_type, a.status, s.current_asset_tag IS NOT NULL AS slotted, count(*)
    FROM assets AS a LEFT JOIN slots AS s ON s.current_asset_tag = a.asset_tag GROUP BY 1, 2, 3
"""
_CASE_FILLS = "SELECT case_name, count(*), count(current_asset_tag) FROM slots GROUP BY case_name ORDER BY case_name"
# What is in storage and what is in slots, both by tag: one pass over them takes half the time of looking for the slot
# of each asset. {} is what narrows it.
_IN_NO_SLOT = """
    SELECT a.asset_tag AS asset_tag FROM assets AS a WHERE a.status = 'STORAGE' {}
    EXCEPT SELECT current_asset_tag FROM slots INDEXED BY slots_by_asset WHERE current_asset_tag IS NOT NULL ORDER BY 1
"""
_UNSLOTTED_COLUMNS = "SELECT a.asset_tag, a.equipment_type, a.serial_number, a.building_room"
_UNSLOTTED = f"""{_UNSLOTTED_COLUMNS}
    FROM ({_IN_NO_SLOT.format("")}) AS u CROSS JOIN assets AS a ON a.asset_tag = u.asset_tag ORDER BY a.asset_tag
"""
_RECORDED = f"""{_RECORDED_COLUMNS}
    FROM assets AS a LEFT JOIN slots AS s ON s.current_asset_tag = a.asset_tag {_HANDED_OVER}
    WHERE a.status <> 'RETIRED' ORDER BY a.asset_tag
"""
_RECORDED_OF = f"""{_RECORDED_COLUMNS}
    FROM {_WANTED} LEFT JOIN slots AS s ON s.current_asset_tag = a.asset_tag {_HANDED_OVER}
    WHERE a.status <> 'RETIRED'
"""
# The serial numbers that more than one asset has stand in the index alone; only of those each asset is looked at.
_SHARED_SERIALS = """
    SELECT serial_number, asset_tag FROM (
        SELECT a.serial_number, a.asset_tag, count(*) OVER (PARTITION BY a.serial_number) AS carriers
        FROM (
            SELECT serial_number FROM assets WHERE serial_number IS NOT NULL
            GROUP BY serial_number HAVING count(*) > 1
        ) AS shared CROSS JOIN assets AS a ON a.serial_number = shared.serial_number
        WHERE a.status <> 'RETIRED'
    ) WHERE carriers > 1 ORDER BY serial_number, asset_tag
"""
# The batch by which a holder has an asset is the one among whose entries that entry lies. Each part goes by an index;
# {} is what narrows it.
_DOUBTFUL = f"""
    SELECT asset_tag, 0 FROM ({_IN_NO_SLOT.format("{0}")})
    UNION ALL SELECT a.asset_tag, 1 FROM assets AS a WHERE a.due_on < ?1 {{0}}
    UNION ALL SELECT a.asset_tag, 1 FROM assets AS a WHERE a.holder_id IN (SELECT value FROM carray(?2)) {{0}}
    UNION ALL SELECT a.asset_tag, 1 FROM handovers AS h CROSS JOIN batches AS b ON b.batch_id = h.batch_id
        CROSS JOIN assets AS a ON a.holder_id = h.holder_id AND a.custody_seq BETWEEN b.first_seq AND b.last_seq
        WHERE h.accepted_seq IS NULL AND h.asked = 1 AND ?3 {{0}}
"""  # noqa: S608 - of our own texts alone
# Many tags as one text, which takes half the time of as many rows; no tag has a comma in it.
_LIVING = """
    SELECT count(*) - count(a.holder_id), count(a.holder_id) {}
    FROM assets AS a WHERE a.status <> 'RETIRED' AND ?1 IS NOT NULL {}
"""
_OLD = """,
    group_concat(a.asset_tag) FILTER (WHERE a.holder_id IS NULL AND a.latest_at < ?1),
    group_concat(a.asset_tag) FILTER (WHERE a.holder_id IS NOT NULL AND a.latest_at < ?1)
"""
_LIVING_TAGS = "SELECT a.asset_tag FROM assets AS a WHERE a.status <> 'RETIRED'"
_OF_TYPES = " AND a.equipment_type IN (SELECT value FROM carray(?{}))"
_OF_HOLDERS = " AND a.holder_id IN (SELECT value FROM carray(?{}))"
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
_LAST_ABOUT = """
    SELECT l.seq, l.asset_tag, CAST(l.body AS BLOB) FROM carray(?) AS wanted
    CROSS JOIN audit_log AS l ON l.seq = (SELECT max(seq) FROM audit_log WHERE asset_tag = wanted.value)
"""
_COUNT_ABOUT = "SELECT count(*) FROM audit_log WHERE asset_tag = ?"
_BATCHES_WITH = """
    SELECT b.first_seq, b.last_seq FROM handovers AS h CROSS JOIN batches AS b ON b.batch_id = h.batch_id
    WHERE h.holder_id = ? ORDER BY b.first_seq
"""
# NOT INDEXED: this and what was touched are of a stretch of the log; the index of assets would read all of it.
_SAYING_BETWEEN = """
    SELECT DISTINCT asset_tag FROM audit_log NOT INDEXED
    WHERE seq BETWEEN ? AND ? AND asset_tag IS NOT NULL AND instr(body, ?) > 0
"""
_COUNT_EXPECTS = """
    SELECT asset_tag, case_name, slot_position, holder_id FROM count_expected WHERE count_id = ? ORDER BY asset_tag
"""
_COUNT_SCANS = """
    SELECT c.seq, CAST(l.body AS BLOB) FROM count_scans AS c LEFT JOIN audit_log AS l ON l.seq = c.seq
    WHERE c.count_id = ? AND c.seq > ? ORDER BY c.seq
"""
_TOUCHED = "SELECT DISTINCT asset_tag FROM audit_log NOT INDEXED WHERE seq > ? AND asset_tag IS NOT NULL"
_STORED = "SELECT asset_tag FROM assets WHERE status = 'STORAGE'"
_IN_ROOMS = "SELECT asset_tag, building_room FROM assets WHERE building_room IS NOT NULL AND status <> 'RETIRED'"
_HELD_OF_OPEN = """
    SELECT g.batch_id, g.holder_id, l.seq, l.asset_tag, CAST(l.body AS BLOB) FROM (
        SELECT h.batch_id, h.holder_id, min(a.custody_seq) AS seq
        FROM handovers AS h CROSS JOIN batches AS b ON b.batch_id = h.batch_id
            CROSS JOIN assets AS a ON a.holder_id = h.holder_id AND a.custody_seq BETWEEN b.first_seq AND b.last_seq
        WHERE h.accepted_seq IS NULL AND h.asked = 1 {} GROUP BY 1, 2
    ) AS g CROSS JOIN audit_log AS l ON l.seq = g.seq
"""
_CORRECTIONS = """
    SELECT CAST(l.body AS BLOB) FROM corrections AS c CROSS JOIN audit_log AS l ON l.seq = c.seq ORDER BY c.seq
"""

# Rows of a batch say nothing of when they were recorded: their batch's entry does. Inside a text of JSON every quote is
# escaped, so what is searched for here and below can stand nowhere else in a body.
_LATEST = "SELECT seq, CAST(body AS BLOB) FROM audit_log WHERE seq >= ?1 AND seq < ?2"
_RECORDED_FROM = """
    CASE
        WHEN identity IS NULL THEN substr(body, instr(body, '"recorded_at":"') + 15, 27) >= ?3
        ELSE batch_id IN (
            SELECT b.batch_id FROM batches AS b CROSS JOIN audit_log AS f ON f.seq = b.first_seq
            WHERE b.first_seq < ?2
                AND b.first_seq >= (SELECT coalesce(max(first_seq), 0) FROM batches WHERE first_seq <= ?1)
                AND substr(f.body, instr(f.body, '"recorded_at":"') + 15, 27) >= ?3
        ) END
"""


class StoredReports:
    """The present state and the log, as reports ask for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, holder_id: int | None = None) -> Iterator[HeldAsset]:
        """Yield all assets in custody by tag, or those of one holder."""
        if holder_id is None:
            return self._each(_ALL_HELD, HeldAsset)
        return self._each(_HELD_BY, HeldAsset, (holder_id,))

    def overdue(self, today: str) -> Iterator[HeldAsset]:
        """Yield the assets that were due before a date, those that are due longest first."""
        return self._each(_OVERDUE, HeldAsset, (today,))

    def holdings(self, asset_tags: Iterable[str]) -> Iterator[Holding]:
        """Yield those of some assets that are in custody, each with the entry by which it is there; in no order."""
        return map(Holding._make, self._connection.rows(_HOLDINGS, (_texts(asset_tags),)))

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

    def recorded_of(self, asset_tags: Iterable[str]) -> Iterator[Recorded]:
        """Yield what is recorded of those of some assets that are not retired, in no order."""
        return map(Recorded._make, self._connection.rows(_RECORDED_OF, (_texts(asset_tags),)))

    def doubtful(self, asked: Doubted, narrowed: Narrowed) -> Sequence[Doubtful]:
        """Return what the present state leaves in doubt, in no order, some assets more than once; none is retired."""
        conditions, values = _narrowing(narrowed, asked.today, _numbers(asked.inactive), int(asked.open_matters))
        return self._connection.rows(_DOUBTFUL.format(conditions), values)

    def living(self, seen_from: str, narrowed: Narrowed) -> Living:
        """Return what is in storage and in custody; old is what has no entry since a moment (UTC text, blank: none)."""
        conditions, values = _narrowing(narrowed, seen_from)
        ((stored, held, *old),) = self._connection.rows(_LIVING.format(_OLD if seen_from else "", conditions), values)
        return Living(stored, held, *(tags.split(",") if tags else () for tags in old))

    def living_tags(self, narrowed: Narrowed, skip: int, limit: int | None) -> Sequence[str]:
        """Return at most so many of the assets that are not retired, by tag, the first ``skip`` left out."""
        conditions, values = _narrowing(narrowed, -1 if limit is None else limit, skip)
        sql = f"{_LIVING_TAGS}{conditions} ORDER BY a.asset_tag LIMIT ?1 OFFSET ?2"
        return [str(tag) for (tag,) in self._connection.rows(sql, values)]

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

    def last_about(self, asset_tags: Iterable[str]) -> Iterator[LogRow]:
        """Yield the last entry about each of some assets, in no order."""
        yield from self._connection.rows(_LAST_ABOUT, (_texts(asset_tags),))

    def count_about(self, asset_tags: Iterable[str]) -> int:
        """Return how many entries there are about some assets."""
        return sum(count for (count,) in self._connection.each(_COUNT_ABOUT, ((tag,) for tag in asset_tags)))

    def batches_with(self, holder_id: int) -> Sequence[tuple[int, int]]:
        """Return the first and the last entry of each batch that exchanged something with a holder."""
        return self._connection.rows(_BATCHES_WITH, (holder_id,))

    def assets_given(self, holder_id: int, first_seq: int, last_seq: int) -> Sequence[str]:
        """Return the assets of which an entry between two says that this holder has or had them."""
        found = self._connection.rows(_SAYING_BETWEEN, (first_seq, last_seq, f'"holder_id":{holder_id},'))
        return [str(tag) for (tag,) in found]

    def held_of_open(self, holder_id: int | None) -> Iterator[tuple[int, int, LogRow]]:
        """Yield batch and holder of each open hand-over by which the holder has something, with the first row of it.

        Or only those of one holder.
        """
        of, values = ("", ()) if holder_id is None else ("AND h.holder_id = ?", (holder_id,))
        for batch_id, of_holder, *row in self._connection.execute(_HELD_OF_OPEN.format(of), values):
            yield batch_id, of_holder, (row[0], row[1], row[2])

    def correction_bodies(self) -> Iterator[bytes]:
        """Yield the bodies of all corrections, in the order of the log."""
        for (body,) in self._connection.execute(_CORRECTIONS):
            yield body

    def count_expects(self, count_id: int) -> Iterator[tuple[str, str | None, int | None, int | None]]:
        """Yield what a count expects, by tag: the asset, and its case, slot and holder as recorded at its beginning."""
        yield from self._connection.rows(_COUNT_EXPECTS, (count_id,))

    def count_scans(self, count_id: int, after: int) -> Sequence[tuple[int, bytes | None]]:
        """Return the entries with scans of a count after an entry: number and body, no body where one is gone."""
        return self._connection.rows(_COUNT_SCANS, (count_id, after))

    def touched(self, after: int) -> Sequence[str]:
        """Return the assets about which there are entries after an entry; whatever changes an asset is about it."""
        return [str(tag) for (tag,) in self._connection.rows(_TOUCHED, (after,))]

    def stored(self) -> Sequence[str]:
        """Return the assets that are in storage."""
        return [str(tag) for (tag,) in self._connection.rows(_STORED)]

    def in_rooms(self) -> Sequence[tuple[str, str]]:
        """Return the assets of which a room is recorded, each with the room; none is retired."""
        return self._connection.rows(_IN_ROOMS)

    def latest(self, marks: Marks) -> list[tuple[int, bytes]]:
        """Return the latest entries with these marks, newest first: number and body."""
        below = 2**62 if marks.below is None else marks.below
        values: tuple[Value, ...] = (marks.first_seq, below)
        sql = _LATEST
        if marks.recorded_from is not None:
            sql, values = f"{sql} AND {_RECORDED_FROM}", (*values, marks.recorded_from)
        rows = self._connection.execute(f"{sql} ORDER BY seq DESC", values)
        for column, value in (("event_type", marks.kind), ("operator", marks.by)):
            if value is not None:
                rows = _saying(rows, column, value)
        return list(islice(rows, marks.last))

    def _each(self, sql: str, kind: type[Row], values: Sequence[Value] = ()) -> Iterator[Row]:
        return map(kind._make, self._connection.execute(sql, values))


def _narrowing(narrowed: Narrowed, *others: object) -> tuple[str, list[object]]:
    """Return what stands in a statement where only some assets are asked for, and its values after all others."""
    conditions, values = "", list(others)
    if narrowed.types is not None:
        values.append(_texts(narrowed.types))
        conditions += _OF_TYPES.format(len(values))
    if narrowed.holder_ids is not None:
        values.append(_numbers(narrowed.holder_ids))
        conditions += _OF_HOLDERS.format(len(values))
    return conditions, values


def _texts(texts: Iterable[str]) -> object:
    """Return texts as one value of a statement. It can't be empty, so a blank goes first: nothing is called so."""
    return apsw.carray(("", *texts))


def _numbers(numbers: Iterable[int]) -> object:
    """Return numbers as one value of a statement, after a 0: nothing has that number."""
    return apsw.carray(array("q", (0, *numbers)))


def _saying(rows: Iterator[tuple[int, bytes]], column: str, value: str) -> Iterator[tuple[int, bytes]]:
    """Yield the entries that say this; of a row, whose operator the scanner knows, that is `operator_id`."""
    text = msgspec.json.encode(value)
    first, second = (f'"{name}":'.encode() + text for name in (column, f"{column}_id"))
    return (row for row in rows if first in row[1] or second in row[1])
