"""Tables as XLSX: a workbook of one sheet, for people who go on working in a spreadsheet.

Owns how a table is laid out in it. Texts stay texts, whatever they look like: a tag keeps its leading zeros, and what
would run is made harmless, so that it stays so when somebody saves the sheet as CSV. Times are real dates in the
station's zone, which the heading names; they can't carry an offset, so the hour that a clock shows twice in autumn
stands there twice (CSV and JSON tell them apart). The same table gives the same bytes.

This module imports XlsxWriter, which costs 0.1 s: import it only where a workbook is written.
"""

import io
from collections.abc import Sequence
from datetime import date, datetime

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from assettrack.domain import errors
from assettrack.domain.tables import Table, Value, local_time
from assettrack.formats.tables import harmless

ROWS_MAX = 1_048_576
"""The most rows a sheet can have (ECMA-376 has no limit; spreadsheets do)."""

SHEET = "Report"
ROWS_MEASURED = 500
WIDTH_MAX = 60
"""The widest that a column is made, in characters."""

_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - the same for every workbook: it only has to be constant
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - serial number 0 of spreadsheets; their dates know no zone
_SECONDS_A_DAY = 86_400
_DATE_WIDTHS = {"time": 19, "date": 10}

_INTEGERS_END = 10**15
_CUT_OFF = -2
"""What XlsxWriter answers when a text was too long for a cell (32,767 UTF-16 units), and was cut off."""


def xlsx_bytes(table: Table) -> bytes:
    """Return a table as a workbook: title and subtitle, headings and rows with words in place of codes, footnotes.

    Raises:
        errors.ValueUnusable: it has more rows or longer texts than a sheet can hold.
        ValueError: the values don't fit their columns, see :meth:`Table.by_column`; or a text is no time or date.
    """
    table = table.in_words()
    columns = table.by_column()
    content = io.BytesIO()
    # Each row goes out as soon as the next one is begun. Texts are written as texts, so nothing is guessed of them.
    book = Workbook(content, {"constant_memory": True})
    book.set_properties({"title": harmless(table.title), "created": _CREATED})
    try:
        sheet = _Sheet(book, table)
        sheet.set_widths(columns)
        sheet.write_head()
        sheet.write_rows()
        sheet.write_footnotes()
    finally:
        book.close()  # also what can't be finished leaves no temporary file
    return content.getvalue()


class _Sheet:
    """The sheet, written from top to bottom."""

    def __init__(self, book: Workbook, table: Table) -> None:
        self._table = table
        self._head = 1 + len(table.subtitle) + 1
        if self._head + 1 + len(table.rows) + 1 + len(table.footnotes) > ROWS_MAX:
            raise errors.ValueUnusable("The format", "xlsx", f"a sheet has {ROWS_MAX:,} rows, too few; choose csv")
        self._sheet: Worksheet = book.add_worksheet(SHEET)
        self._bold = book.add_format({"bold": True})
        self._formats = {
            "time": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        }

    def set_widths(self, columns: Sequence[Sequence[Value]]) -> None:
        """Make each column as wide as its heading and its first values need."""
        for place, (column, heading) in enumerate(zip(self._table.columns, self._table.headings(), strict=True)):
            measured = (len(str(value)) for value in columns[place][:ROWS_MEASURED])
            wide = _DATE_WIDTHS.get(column.kind) or max(measured, default=0)
            self._sheet.set_column(place, place, 2 + min(WIDTH_MAX, max(wide, len(heading))))

    def write_head(self) -> None:
        """Write title, subtitle and headings; these stay in sight, and can be filtered by."""
        table, sheet = self._table, self._sheet
        for row, line in enumerate([table.title, *table.subtitle]):
            self._write_text(row, 0, line, None if row else self._bold)
        for place, heading in enumerate(table.headings()):
            self._write_text(self._head, place, heading, self._bold)
        sheet.freeze_panes(self._head + 1, 0)
        sheet.autofilter(self._head, 0, self._head + len(table.rows), len(table.columns) - 1)

    def write_rows(self) -> None:
        """Write the values, each as what it is."""
        kinds = [column.kind for column in self._table.columns]
        for row, values in enumerate(self._table.rows, self._head + 1):
            for place, (kind, value) in enumerate(zip(kinds, values, strict=True)):
                if value is None:
                    continue
                if kind == "text" or _loses_digits(value):
                    self._write_text(row, place, str(value))
                else:
                    self._sheet.write_number(row, place, self._number(kind, value), self._formats.get(kind))

    def write_footnotes(self) -> None:
        """Write the lines at the end."""
        for row, line in enumerate(self._table.footnotes, self._head + len(self._table.rows) + 2):
            self._write_text(row, 0, line)

    def _write_text(self, row: int, place: int, text: str, form: Format | None = None) -> None:
        if self._sheet.write_string(row, place, harmless(text), form) == _CUT_OFF:
            raise errors.ValueUnusable("The format", "xlsx", "a text has more characters than a cell can hold")

    def _number(self, kind: str, value: Value) -> float:
        """Return an integer, or the serial number of a time or date."""
        if kind == "time":
            since = local_time(str(value), self._table.zone).replace(tzinfo=None) - _DAY_ZERO
            return since.days + since.seconds / _SECONDS_A_DAY
        return (date.fromisoformat(str(value)) - _DAY_ZERO.date()).days if kind == "date" else int(str(value))


def _loses_digits(value: Value) -> bool:
    """Tell whether a spreadsheet, whose numbers have 15 digits, would change an integer."""
    return isinstance(value, int) and abs(value) >= _INTEGERS_END
