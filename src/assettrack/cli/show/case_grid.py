"""A case on the screen, drawn as the grid of its slots."""

from rich import box
from rich.table import Table
from rich.text import Text

from assettrack.cli.output import inert
from assettrack.cli.show.screen import Page, heading, width
from assettrack.cli.show.words import counted
from assettrack.services.slots import Case

EMPTY = "(empty)"
_FRAME = 3
"""Columns that the frame takes for each slot: a line and a blank on both sides."""


def case_page(case: Case) -> Page:
    """Yield a case: its counts, then its slots row by row, each with its position and who is in it."""
    taken = sum(tag is not None for _, tag in case.slots)
    total = len(case.slots)
    yield heading(f"{case.case_name}: {counted(total, 'slot')}, {taken} taken, {total - taken} empty")
    digits = len(str(total))
    cells = [_cell(position, tag, digits) for position, tag in case.slots]
    across = slots_across(total, max(map(len, cells)), width())
    grid = Table(box=box.SQUARE, show_header=False, show_lines=True, pad_edge=True)
    for _ in range(across):
        grid.add_column(no_wrap=True, overflow="fold")
    for start in range(0, total, across):
        grid.add_row(*cells[start : start + across])
    yield grid


def slots_across(slots: int, cell: int, columns: int) -> int:
    """Return how many slots of this width stand side by side: as many as fit, or fewer to fill the last row."""
    fitting = max(1, min(slots, (columns - 1) // (cell + _FRAME)))
    even = (across for across in range(fitting, fitting // 2, -1) if slots % across == 0)
    return next(even, fitting)


def _cell(position: int, tag: str | None, digits: int) -> Text:
    number = (f"{position:>{digits}} ", "dim")
    return Text.assemble(number, (EMPTY, "dim") if tag is None else (inert(tag), "bold"))
