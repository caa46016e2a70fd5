"""Tables of plain values: what fits together, and how times are told."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.tables import ROWS_AT_ONCE, Column, Table, Value, clock_text, exact_local_text, local_time
from tests.trial_table import BERLIN, trial_table


def table(*rows: tuple[Value, ...]) -> Table:
    """A table of two columns."""
    return Table("Trial", (Column("tag", "Asset"), Column("days", "Days", "integer")), rows, UTC)


def test_the_zone_is_named_with_times_and_nowhere_else() -> None:
    """Whoever reads a time in a column knows whose clock showed it."""
    assert trial_table().headings() == ["Asset", "Holder", "Since (Europe/Berlin)", "Due", "Days"]
    assert trial_table(zone=UTC).headings()[2] == "Since (UTC)"


def test_values_are_handed_out_by_column() -> None:
    """Each column's values come in the order of the rows; a table without rows has columns without values."""
    assert table(("A", 1), ("B", None)).by_column() == [("A", "B"), (1, None)]
    assert table().by_column() == [(), ()]


def test_a_long_table_is_handed_out_in_blocks() -> None:
    """Every row stands in one block, in order, its values by column; a table without rows has no blocks."""
    rows = [(f"A{number}", number) for number in range(2 * ROWS_AT_ONCE + 1)]
    blocks = [list(zip(*columns, strict=True)) for columns in table(*rows).blocks()]
    assert [row for block in blocks for row in block] == rows
    assert max(map(len, blocks)) == ROWS_AT_ONCE
    assert list(table().blocks()) == []


def test_blocks_are_looked_through_too() -> None:
    """A value that does not fit is refused when its block is reached."""
    blocks = table(*[("A", 1)] * ROWS_AT_ONCE, ("A", "1")).blocks()
    assert len(next(blocks)) == 2
    with pytest.raises(ValueError, match="no integer"):
        next(blocks)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (("A",), "each row must have 2 values"),
        (("A", 1, 2), "each row must have 2 values"),
        ((1, 1), "a value of column tag is no text"),
        (("A", "1"), "a value of column days is no integer"),
        (("A", True), "a value of column days is no integer"),
        (("A", 1.5), "a value of column days is no integer"),
    ],
)
def test_values_that_do_not_fit_are_refused(row: tuple[Value, ...], words: str) -> None:
    """A row that is too short or long, and a value of another kind than its column's, is a mistake of the program."""
    with pytest.raises(ValueError, match=words):
        table(("A", 1), row).by_column()


@pytest.mark.parametrize("columns", [(), (Column("a", "A"), Column("a", "B")), (Column("a", "A"), Column("b", "A"))])
def test_columns_are_told_apart(columns: tuple[Column, ...]) -> None:
    """A table has columns, and no two of the same key or heading."""
    with pytest.raises(ValueError, match="told apart"):
        Table("Trial", columns, (), UTC)


@pytest.mark.parametrize(
    ("utc", "local", "exact"),
    [
        ("2026-03-01T12:00:00.000000Z", "2026-03-01 13:00:00", "2026-03-01T13:00:00+01:00"),
        ("2026-07-01T12:34:56.999999Z", "2026-07-01 14:34:56", "2026-07-01T14:34:56+02:00"),
        ("2025-12-31T23:30:00Z", "2026-01-01 00:30:00", "2026-01-01T00:30:00+01:00"),
        ("2026-10-24T23:59:59.000000Z", "2026-10-25 01:59:59", "2026-10-25T01:59:59+02:00"),
        ("2026-10-25T02:00:00.000000Z", "2026-10-25 03:00:00", "2026-10-25T03:00:00+01:00"),
        ("2026-10-25T00:30:00.000000Z", "2026-10-25 02:30:00+02:00", "2026-10-25T02:30:00+02:00"),
        ("2026-10-25T01:30:00.000000Z", "2026-10-25 02:30:00+01:00", "2026-10-25T02:30:00+01:00"),
    ],
)
def test_times_are_told_as_the_clocks_of_the_zone_showed_them(utc: str, local: str, exact: str) -> None:
    """In summer and winter; the hour that a clock shows twice is told apart by its offset. No time is rounded up."""
    assert clock_text(utc, BERLIN) == local
    assert exact_local_text(utc, BERLIN) == exact


def test_zones_of_any_offset() -> None:
    """Zones off by less than an hour, and before Greenwich, are told as well."""
    assert exact_local_text("2026-03-01T12:00:00Z", ZoneInfo("Asia/Kathmandu")) == "2026-03-01T17:45:00+05:45"
    assert exact_local_text("2026-03-01T12:00:00Z", ZoneInfo("America/St_Johns")) == "2026-03-01T08:30:00-03:30"
    assert clock_text("2026-03-01T12:00:00Z", timezone(timedelta(hours=2))) == "2026-03-01 14:00:00"


def test_what_is_no_time_is_refused() -> None:
    """A text that is no time is a mistake of the program."""
    with pytest.raises(ValueError, match="Invalid isoformat"):
        local_time("yesterday", UTC)


ZONES = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Cairo",
]


@given(
    moment=st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1))  # noqa: DTZ001 - taken for UTC below
    | st.datetimes(datetime(2026, 10, 24, 20), datetime(2026, 10, 25, 4)),  # noqa: DTZ001 - a night with an hour twice
    zone=st.sampled_from(ZONES),
)
def test_a_time_is_told_as_the_zone_has_it(moment: datetime, zone: str) -> None:
    """However it is looked up: every moment is shown as the zone's own conversion shows it, offset included."""
    utc = f"{moment.isoformat(timespec='microseconds')}Z"
    shown = datetime.fromisoformat(utc).astimezone(ZoneInfo(zone))
    again = shown.replace(fold=1 - shown.fold).astimezone(UTC).astimezone(ZoneInfo(zone))
    is_twice = again.utcoffset() != shown.utcoffset() and again.replace(tzinfo=None) == shown.replace(tzinfo=None)
    assert clock_text(utc, ZoneInfo(zone)) == shown.isoformat(" ", "seconds")[: None if is_twice else 19]
    assert exact_local_text(utc, ZoneInfo(zone)) == shown.isoformat("T", "seconds")
