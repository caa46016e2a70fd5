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
    set_out = (f"%{'' if number < numbers else '-'}{wide}s{_GAP}" for number, wide in enumerate(widths))
    line = "".join((*set_out, "%s"))  # one template for all rows is the quickest way
    for row in chain(first, remaining):
        yield (line % tuple(row)).rstrip()
