"""Small words of every page: counts with their noun, times, and numbers of rows in as few signs as possible."""

import sys
from collections.abc import Iterator, Sequence

from assettrack.domain.wording import assets_in_lines, counted

__all__ = ["arrow", "assets_in_lines", "counted", "moment", "row_numbers"]


def row_numbers(rows: Sequence[int]) -> str:
    """Return numbers of rows with runs drawn together: ``row 7``, ``rows 3, 5-9, 12``."""
    written = [str(first) if first == last else f"{first}-{last}" for first, last in _runs(sorted(set(rows)))]
    return f"row{'' if len(written) == 1 and written[0].isdecimal() else 's'} {', '.join(written)}"


def _runs(rows: Sequence[int]) -> Iterator[tuple[int, int]]:
    first = last = rows[0]
    for row in rows[1:]:
        if row != last + 1:
            yield first, last
            first = row
        last = row
    yield first, last


def moment(utc: str) -> str:
    """Return the UTC text of a moment to the second."""
    return f"{utc[:19]}Z"


def arrow() -> str:
    """Return an arrow that the screen can show."""
    return "→" if (sys.stdout.encoding or "").lower().startswith("utf") else "->"
