"""Tests of `assettrack.cli.show.words`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.cli.show.words import counted, moment, row_numbers


@pytest.mark.parametrize(
    ("rows", "written"),
    [
        ([7], "row 7"),
        ([3, 5, 6, 7, 8, 9, 12], "rows 3, 5-9, 12"),
        ([1, 2], "rows 1-2"),
        ([2, 1, 1], "rows 1-2"),
        ([1, 3], "rows 1, 3"),
    ],
)
def test_numbers_of_rows_are_drawn_together(rows: list[int], written: str) -> None:
    """Runs are written with a hyphen, the rest with commas."""
    assert row_numbers(rows) == written


@given(st.sets(st.integers(1, 300), min_size=1))
def test_no_row_is_lost_or_added(rows: set[int]) -> None:
    """What is written names exactly the rows."""
    named: set[int] = set()
    for part in row_numbers(sorted(rows)).split(" ", 1)[1].split(", "):
        first, _, last = part.partition("-")
        named.update(range(int(first), int(last or first) + 1))
    assert named == rows


def test_counts_have_their_noun() -> None:
    """One is singular, everything else plural, thousands are set apart."""
    assert [counted(count, "scan") for count in (0, 1, 2, 12000)] == ["0 scans", "1 scan", "2 scans", "12,000 scans"]


def test_moments_are_shown_to_the_second() -> None:
    """The fraction of a second is left out on the screen."""
    assert moment("2026-02-02T13:00:00.123456Z") == "2026-02-02T13:00:00Z"
