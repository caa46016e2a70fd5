"""Lists on the screen: rows in columns, streamed, because a list may have a million rows."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

ROWS_MEASURED = 500
_GAP = "  "


def in_columns(headings: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: int = 0) -> Iterator[str]:
    """Yield rows as lines under their headings, the first ``numbers`` columns set to the right.

    Widths come from the first rows; what is wider later on is not cut. The last column has no width.
    """
    remaining = iter(rows)
    first = [headings, *islice(remaining, ROWS_MEASURED)]
    widths = [max(map(len, cells)) for cells in zip(*first, strict=True)][:-1]
    for row in chain(first, remaining):
        cells = [
            cell.rjust(wide) if number < numbers else cell.ljust(wide)
            for number, (cell, wide) in enumerate(zip(row, widths, strict=False))
        ]
        yield _GAP.join((*cells, row[-1])).rstrip()
