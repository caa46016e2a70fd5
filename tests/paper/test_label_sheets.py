"""Label sheets: labels lie where the maker publishes that they are, and never off the paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain import errors
from assettrack.paper.label_sheets import COUNT_MAX, PAGES, SHEETS, Pair, Sheet, grid, sheet_named, single

PUBLISHED = {
    "L7160": (21, 63.5, 38.1),
    "L7163": (14, 99.1, 38.1),
    "L7651": (65, 38.1, 21.2),
    "5160": (30, 66.675, 25.4),
    "5163": (10, 101.6, 50.8),
    "5167": (80, 44.45, 12.7),
}
"""Labels on a sheet, and their width and height in millimetres, as the products are sold."""


def is_on_paper(sheet: Sheet) -> bool:
    """Tell whether all labels are on the paper, and none on another."""
    last = sheet.corner(sheet.places - 1)
    ends = last.across + sheet.label.across, last.down + sheet.label.down
    apart = min(sheet.gap) >= 0 and min(sheet.start) >= 0
    return apart and ends[0] <= sheet.page.across + 1e-6 and ends[1] <= sheet.page.down + 1e-6


@pytest.mark.parametrize("name", PUBLISHED)
def test_sheets_that_can_be_bought(name: str) -> None:
    """Number and size are the published ones; what is left of the paper is the same left and right, above and below."""
    sheet = SHEETS[name]
    assert (sheet.places, *sheet.label) == pytest.approx(PUBLISHED[name])
    assert is_on_paper(sheet)
    last = sheet.corner(sheet.places - 1)
    right = sheet.page.across - last.across - sheet.label.across
    below = sheet.page.down - last.down - sheet.label.down
    assert (right, below) == pytest.approx((sheet.start.across, sheet.start.down), abs=0.01)
    assert sheet_named(f" avery {name.lower()} ") == sheet


def test_labels_are_counted_row_by_row() -> None:
    """The fourth label of a sheet of three columns begins the second row."""
    sheet = SHEETS["L7160"]
    assert sheet.corner(0) == pytest.approx((7.25, 15.15))
    assert sheet.corner(2) == pytest.approx((7.25 + 2 * 66, 15.15))
    assert sheet.corner(3) == pytest.approx((7.25, 15.15 + 38.1))


@given(
    st.integers(-1, COUNT_MAX + 1), st.integers(-1, COUNT_MAX + 1), st.sampled_from(sorted(PAGES)), st.floats(-1, 200)
)
def test_any_grid_is_on_the_paper_or_refused(columns: int, rows: int, page: str, margin: float) -> None:
    """Labels fill what the margins leave, and are never too small to hold anything."""
    try:
        sheet = grid(columns, rows, page, Pair(margin, margin), Pair(1, 2))
    except errors.ValueUnusable:
        return
    assert is_on_paper(sheet)
    assert min(sheet.label) >= 5
    assert sheet.places == columns * rows


def test_what_is_no_sheet() -> None:
    """An unknown product, paper or size is refused, and what is known is named."""
    with pytest.raises(errors.ValueUnusable, match="L7160, L7163, L7651, 5160, 5163, 5167"):
        sheet_named("L9999")
    with pytest.raises(errors.ValueUnusable, match="A4, Letter"):
        grid(3, 8, "A3")
    for size in ((4, 25), (50, 401)):
        with pytest.raises(errors.ValueUnusable, match="5 to 400 mm"):
            single(*size)
    assert single(50, 25).label == single(50, 25).page == (50, 25)
