"""Tests of `assettrack.cli.show.columns`."""

from itertools import islice

from assettrack.cli.show.columns import ROWS_MEASURED, in_columns


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    """Numbers are set to the right, texts to the left, and nothing trails behind the last column."""
    rows = [("1", "LT-1", "laptop"), ("10", "LONG-TAG", "tablet"), ("2", "X", "")]
    assert list(in_columns(("row", "asset", "type"), rows, numbers=1)) == [
        "row  asset     type",
        "  1  LT-1      laptop",
        " 10  LONG-TAG  tablet",
        "  2  X",
    ]


def test_a_list_without_end_begins_at_once() -> None:
    """Only the first rows are measured; a wider cell further down is not cut."""
    wide = "w" * 40
    rows = ((wide if number > ROWS_MEASURED + 5 else "a", "b") for number in iter(range(10**9)))
    lines = list(islice(in_columns(("x", "y"), rows), ROWS_MEASURED + 10))
    assert lines[1] == "a  b"
    assert lines[-1] == f"{wide}  b"
