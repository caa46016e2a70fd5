"""Lists on the screen: rows in columns, streamed, because a list may have a million rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice

ROWS_MEASURED = 500
_GAP = "  "


Cells = Sequence[str | int]
"""A row, as it is shown."""


def in_columns(
    headings: Sequence[str], rows: Iterable[Cells], *, numbers: int = 0, widths: Mapping[int, int] | None = None
) -> Iterator[str]:
    """Yield rows as lines under their headings, the first ``numbers`` columns set to the right.

    Widths come from the first rows; what is wider later on is not cut. The last column has no width. ``widths`` names
    further columns that are set to the right, by their places, each with the width that it has at least.
    """
    remaining = iter(rows)
    first = [headings, *islice(remaining, ROWS_MEASURED)]
    to_right = dict.fromkeys(range(numbers), 0) | dict(widths or {})
    set_out = []
    for number, cells in enumerate(zip(*first, strict=True)):
        wide = max(len(str(cell)) for cell in cells)
        if number in to_right:
            set_out.append(f"%{max(wide, to_right[number])}s")
        else:
            set_out.append(f"%-{wide}s" if number < len(headings) - 1 else "%s")
    line = _GAP.join(set_out)  # one template for all rows, and no loop in Python, is the quickest way
    yield from map(str.rstrip, map(line.__mod__, map(tuple, chain(first, remaining))))
