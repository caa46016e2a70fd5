"""A report on the screen: drawn as a table on a terminal, as plain lines into a file or where there are many rows."""

import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import cast

from rich import box
from rich.table import Table as Grid
from rich.text import Text

from assettrack.cli.output import inert
from assettrack.cli.show.columns import Cells, in_columns
from assettrack.cli.show.screen import Block, Page, Screen, heading
from assettrack.cli.show.words import counted
from assettrack.domain.tables import ROWS_AT_ONCE, Kind, Table, Value, clock_texts

ROWS_DRAWN = 200
"""The most rows that are drawn as a table; drawing takes its time, and nobody reads more on a screen."""


def report_page(table: Table) -> Page:
    """Yield a report: title, subtitle, its rows in words under their headings, how many there are, footnotes."""
    table = table.in_words()
    yield heading(table.title)
    yield from table.subtitle
    yield ""
    if len(table.rows) <= ROWS_DRAWN and Screen(sys.stdout).is_terminal:
        yield _drawn(table)
    else:
        yield from _lines(table)
    yield ""
    yield from table.footnotes or (counted(len(table.rows), "row"),)


def _drawn(table: Table) -> Grid:
    """Return the table drawn by Rich: a text that is too wide for its column goes on below."""
    grid = Grid(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column, title in zip(table.columns, table.headings(), strict=True):
        grid.add_column(Text(inert(title)), justify="right" if column.kind == "integer" else "left", overflow="fold")
    for row in _rows(table):
        grid.add_row(*(Text(str(cell)) for cell in row))
    return grid


def _lines(table: Table) -> Iterator[Block]:
    """Yield the headings and the rows in columns, each row on one line, integers set to the right."""
    widths = {number: _widest(table, number) for number, each in enumerate(table.columns) if each.kind == "integer"}
    lines = in_columns(list(map(inert, table.headings())), _rows(table), widths=widths)
    while block := list(islice(lines, ROWS_AT_ONCE)):
        yield Block("\n".join(block))


def _widest(table: Table, number: int) -> int:
    """Return how wide the integers of a column are at most."""
    found = [value for row in table.rows if isinstance(value := row[number], int)]
    return max(len(str(min(found))), len(str(max(found)))) if found else 0


def _rows(table: Table) -> Iterator[Cells]:
    """Yield the rows as people read them."""
    for columns in table.blocks():
        cells = [_cells(column.kind, values, table) for column, values in zip(table.columns, columns, strict=True)]
        yield from zip(*cells, strict=True)


def _cells(kind: Kind, values: Sequence[Value], table: Table) -> Cells:
    if kind == "integer":
        return ["" if value is None else value for value in values]
    if kind == "time":
        texts = clock_texts(values, table.zone)
    else:
        texts = [value or "" for value in cast("Sequence[str | None]", values)]
    return texts if "".join(texts).isprintable() else list(map(inert, texts))
