"""A report on the screen: drawn as a table on a terminal, as plain lines into a file or where there are many rows."""

import sys
from collections.abc import Iterable, Iterator

from rich import box
from rich.table import Table as Grid
from rich.text import Text

from assettrack.cli.output import inert
from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.screen import Page, Screen, heading
from assettrack.cli.show.words import counted
from assettrack.domain.tables import Kind, Table, Value, local_text

ROWS_DRAWN = 200
"""The most rows that are drawn as a table; drawing takes its time, and nobody reads more on a screen."""


def report_page(table: Table) -> Page:
    """Yield a report: title, subtitle, its rows under their headings, how many there are, footnotes."""
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
    for row in zip(*_cells(table), strict=True):
        grid.add_row(*map(Text, row))
    return grid


def _lines(table: Table) -> Iterator[str]:
    """Yield the headings and the rows in columns, each row on one line, integers set to the right."""
    columns = []
    for column, title, cells in zip(table.columns, table.headings(), _cells(table), strict=True):
        whole = [title, *cells]
        if column.kind == "integer":
            wide = max(map(len, whole))
            whole = [cell.rjust(wide) for cell in whole]
        columns.append(whole)
    rows = zip(*columns, strict=True)
    return in_columns(next(rows), rows)


def _cells(table: Table) -> list[list[str]]:
    """Return the cells of each column as people read them."""
    columns = zip(table.columns, table.by_column(), strict=True)
    return [_column(values, column.kind, table) for column, values in columns]


def _column(values: Iterable[Value], kind: Kind, table: Table) -> list[str]:
    if kind == "time":
        zone = table.zone
        return ["" if value is None else local_text(str(value), zone) for value in values]
    texts = ["" if value is None else str(value) for value in values]
    return texts if "".join(texts).isprintable() else list(map(inert, texts))
