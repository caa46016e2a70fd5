"""Label sheets: where the labels of a sheet are, in millimetres from its upper left corner.

Owns the measures of sheets that can be bought, and how others are described. The measures are those that the maker
publishes for each product (size of the label, number across and down, top margin, pitch), as they stand in its
templates for word processors. Whoever makes a compatible sheet keeps to the same ones.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from assettrack.domain import errors

INCH = 25.4

PAGES: Mapping[str, tuple[float, float]] = MappingProxyType({"A4": (210.0, 297.0), "Letter": (8.5 * INCH, 11 * INCH)})
"""Sheets of paper by name: width and height in millimetres (ISO 216; ANSI/ASME Y14.1)."""

SIDE_MIN, SIDE_MAX = 5.0, 400.0
"""How small and how large a label can be, in millimetres."""

COUNT_MAX = 50
"""The most labels in a row or column."""


class Pair(NamedTuple):
    """Two lengths in millimetres, or two counts: across, then down."""

    across: float
    down: float


class Sheet(NamedTuple):
    """A sheet of labels; lengths in millimetres. ``gap`` lies between labels, ``start`` before the first.

    ``has_lines`` says that thin lines are printed around the labels, to cut a plain sheet along.
    """

    name: str
    page: Pair
    columns: int
    rows: int
    label: Pair
    start: Pair
    gap: Pair
    has_lines: bool = False

    @property
    def places(self) -> int:
        """How many labels are on the sheet."""
        return self.columns * self.rows

    def corner(self, number: int) -> Pair:
        """Return the upper left corner of a label, counted from 0, row by row."""
        row, column = divmod(number, self.columns)
        across = self.start.across + column * (self.label.across + self.gap.across)
        return Pair(across, self.start.down + row * (self.label.down + self.gap.down))


def _of_letter(name: str, counts: tuple[int, int], label: Pair, start: Pair, gap: float) -> Sheet:
    """Return a Letter sheet whose measures are published in inches, without gaps between rows."""
    size, first = Pair(*(length * INCH for length in label)), Pair(*(length * INCH for length in start))
    return Sheet(name, Pair(*PAGES["Letter"]), *counts, size, first, Pair(gap * INCH, 0))


_A4 = Pair(*PAGES["A4"])

SHEETS: Mapping[str, Sheet] = MappingProxyType(
    {
        sheet.name: sheet
        for sheet in (
            # Avery L7160: 21 labels, 63.5 x 38.1 mm, 3 across, 7 down; gap 2.5 mm across, none down; centred on A4.
            Sheet("L7160", _A4, 3, 7, Pair(63.5, 38.1), Pair(7.25, 15.15), Pair(2.5, 0)),
            # Avery L7163: 14 labels, 99.1 x 38.1 mm, 2 across, 7 down; gap 2.5 mm across, none down; centred on A4.
            Sheet("L7163", _A4, 2, 7, Pair(99.1, 38.1), Pair(4.65, 15.15), Pair(2.5, 0)),
            # Avery L7651: 65 labels, 38.1 x 21.2 mm, 5 across, 13 down; gap 2.5 mm across, none down; centred on A4.
            Sheet("L7651", _A4, 5, 13, Pair(38.1, 21.2), Pair(4.75, 10.7), Pair(2.5, 0)),
            # Avery 5160: 30 labels, 2 5/8 x 1 in; side margin 3/16 in, top 1/2 in; pitch 2 3/4 in across.
            _of_letter("5160", (3, 10), Pair(2.625, 1), Pair(0.1875, 0.5), 0.125),
            # Avery 5163: 10 labels, 4 x 2 in; side margin 5/32 in, top 1/2 in; pitch 4 3/16 in across.
            _of_letter("5163", (2, 5), Pair(4, 2), Pair(0.15625, 0.5), 0.1875),
            # Avery 5167: 80 labels, 1 3/4 x 1/2 in; side margin 9/32 in, top 1/2 in; pitch 2 1/16 in across.
            _of_letter("5167", (4, 20), Pair(1.75, 0.5), Pair(0.28125, 0.5), 0.3125),
        )
    }
)
"""Sheets by their product numbers, all Avery's."""


def sheet_named(name: str) -> Sheet:
    """Return a sheet by its product number, in any case, with or without the maker's name.

    Raises:
        errors.ValueUnusable: it is none of those that are known here.
    """
    wanted = name.strip().upper().removeprefix("AVERY").strip(" -")
    if wanted not in SHEETS:
        reason = f"the sheets known here are {', '.join(SHEETS)}; describe another by its grid or its size"
        raise errors.ValueUnusable("The sheet", name[:40], reason)
    return SHEETS[wanted]


MARGIN, NO_GAP = Pair(10, 10), Pair(0, 0)
"""What is free at the edges of a plain sheet, and between its labels, if nothing else is said."""


def grid(columns: int, rows: int, page: str = "A4", margin: Pair = MARGIN, gap: Pair = NO_GAP) -> Sheet:
    """Return a plain sheet divided evenly; ``margin`` is free at the sides, and above and below.

    Raises:
        errors.ValueUnusable: there is no such paper, or labels would be too small or too many.
    """
    name = f"{columns}x{rows}"
    paper = next((size for known, size in PAGES.items() if known.upper() == page.upper()), None)
    if paper is None:
        raise errors.ValueUnusable("The page", page[:40], f"it is one of {', '.join(PAGES)}")
    if not (1 <= columns <= COUNT_MAX and 1 <= rows <= COUNT_MAX):
        raise errors.ValueUnusable("The grid", name, f"there are 1 to {COUNT_MAX} labels across, and as many down")
    if min(*margin, *gap) < 0:
        raise errors.ValueUnusable("The grid", name, "margins and gaps can't be less than nothing")
    label = Pair(
        (paper[0] - 2 * margin.across - (columns - 1) * gap.across) / columns,
        (paper[1] - 2 * margin.down - (rows - 1) * gap.down) / rows,
    )
    if min(label) < SIDE_MIN:
        reason = f"its labels would be smaller than {SIDE_MIN:g} mm; take fewer, or less margin"
        raise errors.ValueUnusable("The grid", name, reason)
    return Sheet(name, Pair(*paper), columns, rows, label, margin, gap, has_lines=True)


def single(width: float, height: float) -> Sheet:
    """Return a page that is one label, as label printers take it; in millimetres.

    Raises:
        errors.ValueUnusable: there is no such label.
    """
    if not (SIDE_MIN <= width <= SIDE_MAX and SIDE_MIN <= height <= SIDE_MAX):
        reason = f"a label is {SIDE_MIN:g} to {SIDE_MAX:g} mm wide and high"
        raise errors.ValueUnusable("The size", f"{width:g}x{height:g}", reason)
    size = Pair(width, height)
    return Sheet(f"{width:g}x{height:g} mm", size, 1, 1, size, Pair(0, 0), Pair(0, 0))
