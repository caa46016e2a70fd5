"""Tests of `assettrack.cli.show.columns`."""

from itertools import islice

from assettrack.cli.show.columns import ROWS_MEASURED, Cells, in_columns


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    """Numbers are set to the right, texts to the left, and nothing trails behind the last column."""
    rows = [("1", "LT-1", "laptop"), ("10", "LONG-TAG", "tablet"), ("2", "X", "")]
    assert list(in_columns(("row", "asset", "type"), rows, numbers=1)) == [
        "row  asset     type",
        "  1  LT-1      laptop",
        " 10  LONG-TAG  tablet",
        "  2  X",
    ]


def test_a_column_can_be_known_to_become_wider() -> None:
    """Numbers stand below one another from the first line on, however wide the widest of them is; so do the last."""
    rows: list[Cells] = [("LT-1", 7, ""), ("LT-2", 12345, 8)]
    assert list(in_columns(("asset", "entry", "batch"), rows, widths={1: 7, 2: 0})) == [
        "asset    entry  batch",
        "LT-1         7",
        "LT-2     12345      8",
    ]


def test_a_list_without_end_begins_at_once() -> None:
    """Only the first rows are measured; a wider cell further down is not cut."""
    wide = "w" * 40
    rows = ((wide if number > ROWS_MEASURED + 5 else "a", "b") for number in iter(range(10**9)))
    lines = list(islice(in_columns(("x", "y"), rows), ROWS_MEASURED + 10))
    assert lines[1] == "a  b"
    assert lines[-1] == f"{wide}  b"
