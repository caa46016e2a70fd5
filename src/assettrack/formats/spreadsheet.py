"""Anybody's own table as a batch: a CSV file or a workbook with a line of headings, read by a column mapping.

Owns how the columns of such a table become the cells of a batch. Reads only what the mapping names, says what it
leaves, and mends nothing: what a spreadsheet has made of a label is a problem or is said.

This module imports python-calamine: import it only where such a table is read.
"""

import csv
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

from assettrack.domain.column_mapping import LABEL_FIELDS, WORD_FIELDS, ColumnMapping, clean_heading
from assettrack.domain.findings import Finding, finding
from assettrack.domain.scan_traces import NO_TRACE, trace_of
from assettrack.domain.scans import COLUMNS, EVENT_TYPES, FILE_BYTES_MAX, ROWS_MAX
from assettrack.domain.signatures import Drawing
from assettrack.domain.validation import Cells
from assettrack.domain.wording import counted, quoted
from assettrack.formats.encodings import Text, read_text
from assettrack.formats.scan_header import SEPARATORS
from assettrack.formats.workbooks import NotAWorkbook, Value, cell_text, is_workbook, read_sheet

_NAMES_SHOWN = 30
Row = Sequence[Value]


class Table(NamedTuple):
    """A table as read: the name of its sheet (blank for CSV), its headings, and its rows with what a row number is.

    ``unread`` are other sheets with something in them, where none was named.
    """

    sheet: str
    headings: list[str]
    rows: list[Row | Finding]
    unread: Sequence[str] = ()


class MappedTable:
    """A table as a batch: fits the ``BatchSource`` of the services.

    ``traces`` are those of its rows (`domain.scan_traces`) where the table does not say their time: of what it says of
    each, and of nothing that is said at the desk or by the mapping. Else there are none. ``columns`` are the fields
    that its columns told, where it has traces. ``sheet`` is the name of the workbook's sheet that was read.
    """

    event_types = EVENT_TYPES
    drawings: Sequence[Drawing] = ()
    is_timeless = False
    holders_chosen: Sequence[int | None] = ()
    is_typed = False

    def __init__(self, digest: str, problems: Sequence[Finding] = ()) -> None:
        self.sha256 = digest
        self.problems: Sequence[Finding] = problems
        self.notices: Sequence[Finding] = ()
        self.traces: Sequence[str] = ()
        self.columns: tuple[str, ...] = ()
        self.sheet = ""
        self._rows: list[Cells | Finding] = []

    def rows(self) -> Iterator[Cells | Finding]:
        """Yield each row as cells of a batch, or the problem with it."""
        yield from self._rows

    def release(self) -> None:
        """Let go of the rows."""
        self._rows = []

    def take(self, table: Table, mapping: ColumnMapping, name: str, at: str) -> None:
        """Take the rows of a table by a mapping, which fits it."""
        place = {heading: column for column, heading in enumerate(table.headings)}
        columns = {field: place[heading] for field, heading in mapping.columns.items()}
        values = {**mapping.values, **({"timestamp": at} if at else {})}
        numbers: dict[str, list[int]] = {}
        self._rows = [
            row if isinstance(row, Finding) else _cells(number, row, columns, values, numbers)
            for number, row in enumerate(table.rows, 1)
        ]
        self.notices = list(_notices(table, mapping, name, at, numbers))
        self.sheet = table.sheet
        if "timestamp" not in columns:
            self.traces = [_trace(row, columns) for row in self._rows]
            self.columns = tuple(field for field in COLUMNS if field in columns)


def read_mapped(data: bytes, mapping: ColumnMapping, name: str, *, sheet: str = "", at: str = "") -> MappedTable:
    """Return the batch that a table makes by a mapping; ``at`` is a time said for all rows. Raises nothing."""
    made = MappedTable(sha256(data).hexdigest())
    table = read_table(data, sheet=sheet, wanted=list(mapping.columns.values()))
    if isinstance(table, Finding):
        made.problems = [table]
        return made
    made.problems = list(_misfits(table, mapping, name, at))
    if not made.problems:
        made.take(table, mapping, name, at)
    return made


def read_table(data: bytes, *, sheet: str = "", wanted: Sequence[str] = ()) -> Table | Finding:
    """Return a table, or what keeps a file from being one; ``wanted`` headings tell how a CSV file is parted."""
    if len(data) > FILE_BYTES_MAX:
        return finding("file_too_large", size=f"{len(data):,}", limit=f"{FILE_BYTES_MAX:,}")
    if is_workbook(data):
        return _of_workbook(data, sheet)
    if sheet:
        return finding("sheet_missing", sheet=quoted(sheet), sheets="none: it is no workbook")
    text = read_text(data)
    if isinstance(text, Finding):
        return text
    return _table("", _csv_rows(text, wanted))


def _of_workbook(data: bytes, wanted: str) -> Table | Finding:
    try:
        sheet = read_sheet(data, wanted)
    except NotAWorkbook as error:
        return error.problem
    if all(map(_is_blank, sheet.rows)):
        return finding("sheet_empty", sheet=quoted(sheet.name), filled=_shown(sheet.others) or "none")
    table = _table(sheet.name, iter(sheet.rows))
    return table if isinstance(table, Finding) or wanted else table._replace(unread=sheet.others)


def _table(name: str, rows: Iterator[Row | Finding]) -> Table | Finding:
    first = next((row for row in rows if isinstance(row, Finding) or not _is_blank(row)), None)
    if first is None or isinstance(first, Finding):
        return first or finding("file_empty")
    headings = [clean_heading(cell_text(value)) for value in first]
    while headings and not headings[-1]:
        headings.pop()
    kept = list(islice(rows, 2 * ROWS_MAX))
    while kept and not isinstance(kept[-1], Finding) and _is_blank(kept[-1]):
        kept.pop()
    if not kept:
        return finding("file_without_rows")
    if len(kept) > ROWS_MAX:
        return finding("too_many_rows", limit=f"{ROWS_MAX:,}")
    return Table(name, headings, [_checked(number, row, len(headings)) for number, row in enumerate(kept, 1)])


def _checked(number: int, row: Row | Finding, width: int) -> Row | Finding:
    """Return a row of the table's width, or its problem; cells beyond the headings may only be blank."""
    if isinstance(row, Finding):
        return Finding(number, None, row.code, row.message)
    if _is_blank(row):
        return finding("row_blank", number)
    if any(cell_text(value).strip() for value in row[width:]):
        return finding("row_wider", number, cells=len(row), columns=width)
    return [*row[:width], *[""] * (width - len(row))]


def _csv_rows(text: Text, wanted: Sequence[str]) -> Iterator[Row | Finding]:
    """Yield the rows of a CSV file; after a problem that hides where the next row begins, nothing follows."""
    reader = csv.reader(text.lines(), delimiter=_separator(text, wanted), strict=True)
    width = 0
    line = 1
    try:
        for row in reader:
            width = width or len(row)
            if len(row) != width and not _is_blank(row):
                yield finding("row_ragged", cells=len(row), columns=width, line=line)
            else:
                yield row
            line = reader.line_num + 1
    except csv.Error as error:
        yield finding("csv_broken", line=line, reason=error)


def _separator(text: Text, wanted: Sequence[str]) -> str:
    """Return the separator with which the first line has most of the wanted headings; of two alike, the earlier."""
    header = next((line for line in text.lines() if line.strip()), "")
    readings = {}
    for mark in SEPARATORS:
        try:
            cells = next(csv.reader([header], delimiter=mark))
        except csv.Error:
            cells = []
        known = sum(clean_heading(cell) in wanted for cell in cells)
        readings[mark] = (known, len(cells) if not wanted else 0)
    return max(SEPARATORS, key=lambda mark: readings[mark])


def _is_blank(row: Row) -> bool:
    return not any(cell_text(value).strip() for value in row)


def _cells(
    number: int, row: Row, columns: Mapping[str, int], values: Mapping[str, str], numbers: dict[str, list[int]]
) -> Cells | Finding:
    """Return the cells of a row, or the problem with a label or word that a spreadsheet has made something else of."""
    for field in (*LABEL_FIELDS, *WORD_FIELDS):
        value = row[columns[field]] if field in columns else ""
        if isinstance(value, str):
            continue
        is_number = isinstance(value, float | int) and not isinstance(value, bool)
        if not is_number or not cell_text(value).isdecimal():
            return finding("label_turned", number, field, value=quoted(cell_text(value), 60))
        if field in LABEL_FIELDS:
            numbers.setdefault(field, []).append(number)
    return [cell_text(row[columns[field]]) if field in columns else values.get(field, "") for field in COLUMNS]


def _trace(row: Cells | Finding, columns: Mapping[str, int]) -> str:
    """Return the trace of what a table says of a row itself."""
    if isinstance(row, Finding):
        return NO_TRACE
    return trace_of(*(cell if field in columns else "" for field, cell in zip(COLUMNS, row, strict=True)))


def _misfits(table: Table, mapping: ColumnMapping, name: str, at: str) -> Iterator[Finding]:
    """Yield what keeps a table from being read by a mapping."""
    times = Counter(table.headings)
    missing = [heading for heading in mapping.columns.values() if not times[heading]]
    if missing:
        present = _shown([heading for heading in table.headings if heading])
        yield finding("mapping_column_missing", name=name, missing=_shown(missing), present=present)
    repeated = [heading for heading in mapping.columns.values() if times[heading] > 1]
    if repeated:
        yield finding("header_duplicate", names=_shown(repeated))
    if unsaid := mapping.missing(at=at):
        yield finding("mapping_incomplete", name=name, fields=", ".join(unsaid))
    if at and ("timestamp" in mapping.columns or "timestamp" in mapping.values):
        yield finding("mapping_has_time", name=name)


def _notices(
    table: Table, mapping: ColumnMapping, name: str, at: str, numbers: Mapping[str, Sequence[int]]
) -> Iterator[Finding]:
    where = f"sheet {quoted(table.sheet)}" if table.sheet else "the file"
    taken = ", ".join(f"{field} from {quoted(heading, 60)}" for field, heading in mapping.columns.items())
    values = {**mapping.values, **({"timestamp": at} if at else {})}
    same = ", ".join(f"{field} {quoted(value, 60)}" for field, value in values.items())
    yield finding(
        "mapped_columns", where=where, name=name, taken=taken, same=f"; the same in each row: {same}" if same else ""
    )
    if table.unread:
        yield finding("sheets_unread", sheet=quoted(table.sheet), others=_shown(table.unread))
    mapped = set(mapping.columns.values())
    left = [heading or "(no heading)" for heading in table.headings if heading not in mapped]
    if left:
        yield finding("unmapped_columns", columns=counted(len(left), "column"), names=_shown(left))
    for field, rows in numbers.items():
        cells = f"{counted(len(rows), 'cell')} of {field} {'is' if len(rows) == 1 else 'are'}"
        yield finding("label_number", rows[0], field, cells=cells, numbers="a number" if len(rows) == 1 else "numbers")


def _shown(names: Sequence[str]) -> str:
    more = len(names) - _NAMES_SHOWN
    listed = ", ".join(quoted(name, 60) for name in names[:_NAMES_SHOWN])
    return listed + (f" and {more:,} more" if more > 0 else "")
