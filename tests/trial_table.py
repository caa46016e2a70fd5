"""Owns the table from which every writer of tables is tested: each kind of column, blanks, and texts that would run."""

from datetime import tzinfo
from zoneinfo import ZoneInfo

from assettrack.domain.tables import Column, Table, Value

BERLIN = ZoneInfo("Europe/Berlin")

COLUMNS = (
    Column("asset_tag", "Asset"),
    Column("holder", "Holder"),
    Column("since", "Since", "time"),
    Column("due", "Due", "date"),
    Column("days", "Days", "integer"),
)

ROWS: tuple[tuple[Value, ...], ...] = (
    ("000123", "Zoë Petrović", "2026-03-01T12:00:00.000000Z", "2026-03-31", 30),
    ("LT-2", '=HYPERLINK("x")', "2026-07-01T12:34:56.789000Z", None, -5),
    ("LT-3", None, None, "2026-12-24", None),
    ("LT-4", 'comma, "quote"\nnew line', "2026-10-25T00:30:00.000000Z", None, 0),
    ("LT-5", "", "2026-10-25T01:30:00.000000Z", None, 10**16),
)


def trial_table(rows: tuple[tuple[Value, ...], ...] = ROWS, zone: tzinfo = BERLIN) -> Table:
    """A small report."""
    subtitle = ("As of 2026-03-02 10:30:00, Europe/Berlin", "+ all organisations")
    return Table("Custody now", COLUMNS, rows, zone, subtitle, ("5 assets", "@ the end"))
