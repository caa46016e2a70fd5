"""Tests of `assettrack.cli.show.case_grid`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.cli.show.case_grid import case_page, slots_across
from assettrack.cli.show.screen import show
from assettrack.services.slots import Case


@given(st.integers(1, 500), st.integers(9, 40), st.integers(20, 300))
def test_the_grid_fits_the_screen(slots: int, cell: int, columns: int) -> None:
    """As many slots stand side by side as fit, never more than there are, and at least one."""
    across = slots_across(slots, cell, columns)
    assert 1 <= across <= slots
    assert across == 1 or across * (cell + 3) + 1 <= columns


@pytest.mark.parametrize(
    ("slots", "columns", "across"),
    [(12, 100, 6), (4, 100, 4), (12, 61, 4), (12, 60, 3), (7, 46, 3), (500, 100, 5), (1, 10, 1), (500, 10, 1)],
)
def test_rows_are_full_where_that_is_possible(slots: int, columns: int, across: int) -> None:
    """With cells of 12 columns: a number that fills the last row is taken, unless it would halve the width."""
    assert slots_across(slots, 12, columns) == across


@pytest.mark.parametrize("columns", [30, 80, 200])
def test_every_slot_stands_once_and_no_line_is_too_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    """The page has each position once with who is in it, within the width of the screen."""
    monkeypatch.setenv("COLUMNS", str(columns))
    tags = [f"LT-{position:04}" if position % 3 else None for position in range(1, 51)]
    show(case_page(Case("CASE-01", list(enumerate(tags, 1)))))
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= max(columns, 30)
    assert out.count("(empty)") == 16
    for position, tag in enumerate(tags, 1):
        assert f" {position:>2} {tag or '(empty)'} " in out


def test_a_long_tag_is_shown_whole(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest tag there can be is not cut where the screen has room for it."""
    monkeypatch.setenv("COLUMNS", "80")
    tag = "A" * 30
    show(case_page(Case("CASE-01", [(1, tag), (2, None)])))
    assert f"1 {tag} " in capsys.readouterr().out
