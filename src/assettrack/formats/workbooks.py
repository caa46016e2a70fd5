"""Workbooks (XLSX) as they really come: the values of one sheet, read by calamine, what could harm kept out before.

Owns the way from a workbook's bytes to the values of its cells. A workbook is a ZIP archive of XML, which may unpack to
any size, and say another: it is unpacked here, up to a limit, and handed on without compression. No sheet is handed on
whose cells stand so far apart that the memory for the room between them is not there.

This module imports python-calamine, which costs 10 ms: import it only where a workbook is read.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum, WorksheetNotFound

from assettrack.domain.findings import Finding, finding
from assettrack.domain.scans import FILE_BYTES_MAX, ROWS_MAX
from assettrack.domain.wording import quoted, visible

Value = str | float | bool | date | datetime | time | timedelta

CELLS_MAX = 20_000_000
"""So many cells of a sheet, from its first to its last, are read: as many as a million rows of twenty columns."""

PARTS_MAX = 2_000
_NAMES_SHOWN = 20
_COMPRESSIONS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
"""What ECMA-376 part 2 allows for the parts of such an archive."""

_WHOLE_NUMBERS_END = 1e15
"""From here on a spreadsheet's number has lost digits (IEEE 754 doubles, of which spreadsheets show fifteen)."""

_CELL = re.compile(rb"""[\s<]r\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_SHEET_PART = re.compile(r"/?xl/worksheets/[^/]*", re.IGNORECASE)
_SHEET_END = re.compile(rb"</(?:\w+:)?worksheet\s*>\s*\Z")
_END_BYTES = 1_000
_REFERENCE = re.compile(rb"([A-Z]{0,3})([0-9]{1,7})")


class NotAWorkbook(ValueError):
    """A file is no workbook that is read; ``problem`` says why."""

    def __init__(self, problem: Finding) -> None:
        super().__init__(problem.message)
        self.problem = problem


def is_workbook(data: bytes) -> bool:
    """Tell whether a file says of itself that it is a ZIP archive, as every workbook is."""
    return data.startswith(b"PK\x03\x04")


class Sheet(NamedTuple):
    """A sheet of a workbook: its name, its rows, and which others that can be seen have something in them, or may."""

    name: str
    rows: list[Sequence[Value]]
    others: Sequence[str]


def read_sheet(data: bytes, name: str = "") -> Sheet:
    """Return a workbook's sheet: the first that can be seen where none is named. One of a chart has no cells.

    Raises:
        NotAWorkbook: it is none, has no such sheet, or is larger than what is read.
    """
    plain = io.BytesIO(_unpacked(data))
    names: list[str] = []
    try:
        workbook = CalamineWorkbook.from_filelike(plain)
        names = workbook.sheet_names
        seen = [
            each.name
            for each in workbook.sheets_metadata
            if each.visible == SheetVisibleEnum.Visible and each.typ == SheetTypeEnum.WorkSheet
        ]
        if not name and not seen:
            raise NotAWorkbook(finding("workbook_unreadable", reason="it has no sheet with cells that can be seen"))
        wanted = name or seen[0]
        sheet = workbook.get_sheet_by_name(wanted)
        if sheet.total_height > ROWS_MAX + 1:
            raise NotAWorkbook(finding("too_many_rows", limit=f"{ROWS_MAX:,}"))
        others = [each for each in seen if each != wanted and _may_be_filled(workbook, each)]
        return Sheet(wanted, list(sheet.to_python(skip_empty_area=False)), others)
    except WorksheetNotFound:
        there = ", ".join(map(ascii, names[:_NAMES_SHOWN])) or "none"
        raise NotAWorkbook(finding("sheet_missing", sheet=quoted(name), sheets=there)) from None
    except CalamineError as error:
        raise NotAWorkbook(finding("workbook_unreadable", reason=_said(error))) from None


def _may_be_filled(workbook: CalamineWorkbook, name: str) -> bool:
    """Tell whether a sheet has something in a cell; of one that can't be read nobody can tell."""
    try:
        return workbook.get_sheet_by_name(name).total_height > 0
    except CalamineError:
        return True


def cell_text(value: Value) -> str:
    """Return a cell's value as a batch would have it written."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float | int):
        is_whole = float(value).is_integer() and abs(value) < _WHOLE_NUMBERS_END
        return str(int(value)) if is_whole else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds" if value.microsecond else "seconds")
    return value.isoformat() if isinstance(value, date | time) else str(value)


def sheet_as_csv(data: bytes, numbers: Collection[int] = ()) -> bytes:
    """Return the one sheet of a workbook as CSV, row by row, for lists that are read from text and have no preview.

    ``numbers`` are the columns, the first being 1, in which whole numbers are meant as such.

    Raises:
        NotAWorkbook: as `read_sheet`; several of its sheets have something in them; or a cell is no text, so that a
            spreadsheet may have made something else of what was typed.
    """
    name, rows, _ = read_sheet(data)
    if others := [each for each in _filled_sheets(data) if each != name]:
        reason = f"beside sheet {quoted(name)} there is something in {', '.join(map(quoted, others[:_NAMES_SHOWN]))}"
        raise NotAWorkbook(finding("workbook_unreadable", reason=f"{reason}; a list is one sheet"))
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            is_number = column in numbers and isinstance(value, float | int) and not isinstance(value, bool)
            if not isinstance(value, str) and not (is_number and cell_text(value).isdecimal()):
                raise NotAWorkbook(finding("workbook_unreadable", reason=_turned(number, column, value)))
    texts = [[cell_text(value).strip() for value in row] for row in rows]
    width = max((column for row in texts for column, text in enumerate(row, 1) if text), default=0)
    made = io.StringIO(newline="")
    csv.writer(made, lineterminator="\n").writerows(row[:width] if any(row) else [] for row in texts)
    return made.getvalue().encode()


def _filled_sheets(data: bytes) -> list[str]:
    """Return the sheets with something in a cell, hidden ones too; one of a chart has no cells.

    Raises:
        NotAWorkbook: one of them can't be read.
    """
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(_unpacked(data)))
        names = [each.name for each in workbook.sheets_metadata if each.typ == SheetTypeEnum.WorkSheet]
        return [name for name in names if workbook.get_sheet_by_name(name).total_height]
    except CalamineError as error:
        raise NotAWorkbook(finding("workbook_unreadable", reason=_said(error))) from None


def _turned(row: int, column: int, value: Value) -> str:
    where = f"row {row}, column {column}, holds {quoted(cell_text(value), 60)}, which is no text"
    return f"{where}; what was typed may have been something else. Format the column as text, and write it anew"


def _unpacked(data: bytes) -> bytes:
    """Return the workbook with its parts as they are, none of them packed.

    Raises:
        NotAWorkbook: it is damaged, encrypted or too large.
    """
    made = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(made, "w") as plain:
            parts = packed.infolist()
            if len(parts) > PARTS_MAX or sum(part.file_size for part in parts) > FILE_BYTES_MAX:
                raise NotAWorkbook(_too_large())
            if len({part.filename for part in parts}) < len(parts) or any(
                part.compress_type not in _COMPRESSIONS for part in parts
            ):
                raise NotAWorkbook(finding("workbook_unreadable", reason="its archive is not one of a workbook"))
            for part in parts:
                if part.filename.startswith("xl/media/") or part.is_dir():
                    continue
                content = packed.read(part)  # never more than it is said to be, and its checksum has to fit
                if _SHEET_PART.fullmatch(part.filename):
                    _require_room(content)
                plain.writestr(part.filename, content)
    except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError, OSError, ValueError) as error:
        if isinstance(error, NotAWorkbook):
            raise
        raise NotAWorkbook(finding("workbook_unreadable", reason=_said(error))) from None
    return made.getvalue()


def _require_room(sheet: bytes) -> None:
    """Make sure that a sheet is whole, and that its cells stand in a room that can be read."""
    if not _SHEET_END.search(sheet[-_END_BYTES:]):
        raise NotAWorkbook(finding("workbook_unreadable", reason="a sheet of it is cut off"))
    rows = columns = 0
    for match in _CELL.finditer(sheet):
        found = _REFERENCE.fullmatch((match[1] or match[2] or b"").strip())
        if found is None:
            raise NotAWorkbook(finding("workbook_unreadable", reason="a cell does not say where it stands"))
        rows = max(rows, int(found[2]))
        columns = max(columns, _column(found[1]))
    if rows * max(columns, 1) > CELLS_MAX:
        raise NotAWorkbook(_too_large())


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _too_large() -> Finding:
    return finding("workbook_too_large", limit=f"{FILE_BYTES_MAX:,}", cells=f"{CELLS_MAX:,}")


def _said(error: Exception) -> str:
    """Return what a library says, in letters that can be shown, and short."""
    return visible(str(error))[:100] or "it is damaged"
