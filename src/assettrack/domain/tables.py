"""Tables: what a report says, as plain values under columns, before anybody knows how it will be shown.

Owns the form in which a report is handed to whatever writes it, and how its times are told in the station's zone.
Must never know a format, and never change a value: what a format can't take is for its writer to say.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from types import NoneType
from typing import Literal, cast

import msgspec

Kind = Literal["text", "integer", "time", "date"]
"""What the values of a column are: see :data:`Value`."""

Value = str | int | None
"""A text or an integer; a time as UTC text such as `2026-03-01T12:00:00.000000Z`; a date such as `2026-03-01`; None."""

ROWS_AT_ONCE = 500
"""So many rows are handed out together where a table is written bit by bit."""


class Column(msgspec.Struct, frozen=True):
    """A column: ``key`` names it for programs, ``heading`` for people."""

    key: str
    heading: str
    kind: Kind = "text"


class Table(msgspec.Struct, frozen=True):
    """A report: its title, lines below that (when it was made, what it is about), columns, rows, and lines at its end.

    ``zone`` is the station's; times are told in it, and it is named in the headings of their columns. ``words`` says,
    by the keys of columns whose values are codes, what people are to read in their place; several codes are parted by
    ", ".

    Raises:
        ValueError: there is no column, or two have the same key or heading.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    zone: tzinfo
    subtitle: Sequence[str] = ()
    footnotes: Sequence[str] = ()
    words: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        for names in ([column.key for column in self.columns], self.headings()):
            if not names or len(set(names)) < len(names):
                raise ValueError(f"columns are told apart by their names, and these are {names}")

    def headings(self) -> list[str]:
        """Return the columns' headings, those of times with the zone."""
        return [f"{each.heading} ({self.zone})" if each.kind == "time" else each.heading for each in self.columns]

    def in_words(self) -> "Table":
        """Return the table as people read it, with words in the place of codes."""
        spoken = [self.words.get(column.key) for column in self.columns]
        if not any(spoken):
            return self
        rows = [
            [_worded(value, words) if words else value for value, words in zip(row, spoken, strict=True)]
            for row in self.rows
        ]
        return msgspec.structs.replace(self, rows=rows, words={})

    def by_column(self) -> list[Sequence[Value]]:
        """Return the values of each column, in the order of the rows.

        Raises:
            ValueError: a row has not one value for each column, or a value is not of its column's kind.
        """
        return self._by_column(self.rows)

    def blocks(self) -> Iterator[list[Sequence[Value]]]:
        """Yield the values of each column of some rows at a time: what is made of a long table never exists whole.

        Raises:
            ValueError: as :meth:`by_column`, when the block is reached.
        """
        for first in range(0, len(self.rows), ROWS_AT_ONCE):
            yield self._by_column(self.rows[first : first + ROWS_AT_ONCE])

    def _by_column(self, rows: Sequence[Sequence[Value]]) -> list[Sequence[Value]]:
        count = len(self.columns)
        if not set(map(len, rows)) <= {count}:
            raise ValueError(f"each row must have {count} values")
        values = list(zip(*rows, strict=True)) or [()] * count
        for column, found in zip(self.columns, values, strict=True):
            if not set(map(type, found)) <= {NoneType, int if column.kind == "integer" else str}:
                raise ValueError(f"a value of column {column.key} is no {column.kind}")
        return [*values]


def _worded(value: Value, words: Mapping[str, str]) -> Value:
    """Return what is read for a value that is one code or several."""
    return ", ".join(words.get(code, code) for code in value.split(", ")) if isinstance(value, str) else value


def local_time(utc: str, zone: tzinfo) -> datetime:
    """Return a moment, given as UTC text, as the clocks of a zone showed it.

    Raises:
        ValueError: the text is no time.
    """
    return datetime.fromisoformat(utc).astimezone(zone)


def clock_text(utc: str, zone: tzinfo) -> str:
    """Return a moment to the second as a clock shows it, for people who know the zone: ``2026-03-01 13:00:00``.

    In the hour that a clock shows twice, because it was put back, the offset is told as well.
    """
    return clock_texts([utc], zone)[0]


def exact_local_text(utc: str, zone: tzinfo) -> str:
    """Return a moment to the second with its offset, so that it is clear also when clocks are put back.

    ISO 8601: ``2026-03-01T13:00:00+01:00``.
    """
    return cast("str", exact_local_texts([utc], zone)[0])


def clock_texts(values: Sequence[Value], zone: tzinfo) -> list[str]:
    """Return the times of a column as :func:`clock_text` tells them; where there is none, a text without letters.

    Raises:
        ValueError: a text is no time.
    """
    moments = cast("Sequence[str | None]", values)
    hours = _hours_of(zone)
    try:
        return ["" if utc is None else hours[utc[:13]] + utc[13:19] for utc in moments]
    except _NotWhole:
        return ["" if utc is None else _clock_text(local_time(utc, zone)) for utc in moments]


def exact_local_texts(values: Sequence[Value], zone: tzinfo) -> list[str | None]:
    """Return the times of a column as :func:`exact_local_text` tells them; where there is none, None.

    Raises:
        ValueError: a text is no time.
    """
    moments = cast("Sequence[str | None]", values)
    hours = _hours_of(zone)
    try:
        return [None if utc is None else hours.exact(utc) for utc in moments]
    except _NotWhole:
        return [None if utc is None else local_time(utc, zone).isoformat("T", "seconds") for utc in moments]


def _clock_text(local: datetime) -> str:
    text = local.isoformat(" ", "seconds")
    return text if _is_shown_twice(local) else text[:19]


def _is_shown_twice(local: datetime) -> bool:
    """Tell whether a moment has a clock time that another moment has, too (PEP 495)."""
    return local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()


class _NotWhole(Exception):
    """An hour in UTC is no whole hour in the zone, or one that its clocks show twice."""


class _Hours(dict[str, str]):
    """How a zone's clocks show each hour in UTC (``YYYY-MM-DDThh``), up to the hour: ``2026-03-01 13``.

    Reports show the same hours again and again, and looking each time up in the zone is the most of what they would
    cost. An hour in which clocks are put or that they show twice, or one of a zone that is not whole hours from UTC, is
    not told.
    """

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        self._offsets: dict[str, str] = {}

    def exact(self, utc: str) -> str:
        """Return a moment with its offset."""
        begins = self[utc[:13]]
        return f"{begins[:10]}T{begins[11:]}{utc[13:19]}{self._offsets[utc[:13]]}"

    def __missing__(self, hour: str) -> str:
        begins = local_time(f"{hour}:00:00Z", self._zone)
        ends = local_time(f"{hour}:59:59Z", self._zone)
        offset = begins.utcoffset()
        twice = _is_shown_twice(begins) or _is_shown_twice(ends)
        if twice or offset is None or offset != ends.utcoffset() or offset.total_seconds() % 3600:
            raise _NotWhole
        told = begins.isoformat(" ", "seconds")
        self._offsets[hour] = told[19:]
        self[hour] = told[:13]
        return told[:13]


@lru_cache(maxsize=8)
def _hours_of(zone: tzinfo) -> _Hours:
    return _Hours(zone)
