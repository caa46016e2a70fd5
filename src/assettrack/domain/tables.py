"""Tables: what a report says, as plain values under columns, before anybody knows how it will be shown.

Owns the form in which a report is handed to whatever writes it, and how its times are told in the station's zone.
Must never know a format, and never change a value: what a format can't take is for its writer to say.
"""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from functools import lru_cache
from types import NoneType
from typing import Literal

import msgspec

Kind = Literal["text", "integer", "time", "date"]
"""What the values of a column are: see :data:`Value`."""

Value = str | int | None
"""A text or an integer; a time as UTC text such as `2026-03-01T12:00:00.000000Z`; a date such as `2026-03-01`; None."""


class Column(msgspec.Struct, frozen=True):
    """A column: ``key`` names it for programs, ``heading`` for people."""

    key: str
    heading: str
    kind: Kind = "text"


class Table(msgspec.Struct, frozen=True):
    """A report: its title, lines below that (when it was made, what it is about), columns, rows, and lines at its end.

    ``zone`` is the station's; times are told in it, and it is named in the headings of their columns.

    Raises:
        ValueError: there is no column, or two have the same key or heading.
    """

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Value]]
    zone: tzinfo
    subtitle: Sequence[str] = ()
    footnotes: Sequence[str] = ()

    def __post_init__(self) -> None:
        for names in ([column.key for column in self.columns], self.headings()):
            if not names or len(set(names)) < len(names):
                raise ValueError(f"columns are told apart by their names, and these are {names}")

    def headings(self) -> list[str]:
        """Return the columns' headings, those of times with the zone."""
        return [f"{each.heading} ({self.zone})" if each.kind == "time" else each.heading for each in self.columns]

    def by_column(self) -> list[Sequence[Value]]:
        """Return the values of each column, in the order of the rows.

        Raises:
            ValueError: a row has not one value for each column, or a value is not of its column's kind.
        """
        count = len(self.columns)
        if any(len(row) != count for row in self.rows):
            raise ValueError(f"each row must have {count} values")
        values = list(zip(*self.rows, strict=True)) or [()] * count
        for column, found in zip(self.columns, values, strict=True):
            if not set(map(type, found)) <= {NoneType, int if column.kind == "integer" else str}:
                raise ValueError(f"a value of column {column.key} is no {column.kind}")
        return [*values]


def local_time(utc: str, zone: tzinfo) -> datetime:
    """Return a moment, given as UTC text, as the clocks of a zone showed it.

    Raises:
        ValueError: the text is no time.
    """
    return datetime.fromisoformat(utc).astimezone(zone)


def local_text(utc: str, zone: tzinfo) -> str:
    """Return a moment to the second for people who know the zone: ``2026-03-01 13:00:00``."""
    hour = _whole_hour(utc[:13], zone)
    if hour is not None:
        return f"{hour[:10]} {hour[11:13]}{utc[13:19]}"
    return local_time(utc, zone).isoformat(" ", "seconds")[:19]


def exact_local_text(utc: str, zone: tzinfo) -> str:
    """Return a moment to the second with its offset, so that it is clear also when clocks are put back.

    ISO 8601: ``2026-03-01T13:00:00+01:00``.
    """
    hour = _whole_hour(utc[:13], zone)
    if hour is not None:
        return f"{hour[:13]}{utc[13:19]}{hour[19:]}"
    return local_time(utc, zone).isoformat("T", "seconds")


@lru_cache(maxsize=4096)
def _whole_hour(utc_hour: str, zone: tzinfo) -> str | None:
    """Return the local time of the beginning of an hour in UTC (``YYYY-MM-DDThh``), where all of it is like that.

    None where the zone is not whole hours from UTC, or puts its clocks within the hour. Reports show the same
    hours again and again, and looking each time up in the zone is the most of what they would cost.
    """
    begins = local_time(f"{utc_hour}:00:00Z", zone)
    ends = local_time(f"{utc_hour}:59:59Z", zone)
    offset = begins.utcoffset()
    if offset is None or offset != ends.utcoffset() or offset.total_seconds() % 3600:
        return None
    return begins.isoformat("T", "seconds")
