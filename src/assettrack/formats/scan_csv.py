"""Batch files as they really come: bytes in, rows of raw cells out (DESIGN §4).

Owns the way from a file's bytes to the cells of each row. Judges no cell (`domain.validation` does), repairs
nothing, and answers any bytes whatever with rows or with problems, never with an exception.
"""

import csv
from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import islice

from assettrack.domain.findings import Finding, finding
from assettrack.domain.scans import EVENT_TYPES, FILE_BYTES_MAX, ROWS_MAX
from assettrack.domain.signatures import Drawing
from assettrack.domain.validation import Cells
from assettrack.formats.encodings import LINE_CHARACTERS_MAX, Text, read_text
from assettrack.formats.scan_header import Layout, read_header

_ROWS_READ_MAX = 2 * ROWS_MAX
"""Most rows that are read in search of the end, blank ones included; a whole sheet of Excel has 1,048,576."""

# The csv module has one limit for the whole process and refuses cells over 128 KiB. Cells too long for a batch must
# come through, so that validation names each; a quote left open must not gather the rest of a big file in memory.
csv.field_size_limit(LINE_CHARACTERS_MAX)


class ScanTable:
    """A batch file as read.

    ``sha256`` is that of the raw bytes, in hex. ``problems`` are about the whole file; when there are any, there are
    no rows. ``notices`` are about the whole file too, and block nothing. ``is_list`` says that the file is no batch but
    a list of assets from another program, which a mapping reads.
    """

    event_types = EVENT_TYPES
    drawings: Sequence[Drawing] = ()
    is_timeless = False
    holders_chosen: Sequence[int | None] = ()
    is_typed = False

    __slots__ = ("_layout", "_text", "is_list", "notices", "problems", "sha256")

    def __init__(
        self,
        digest: str,
        problems: tuple[Finding, ...] = (),
        *,
        notices: tuple[Finding, ...] = (),
        text: Text | None = None,
        layout: Layout | None = None,
        is_list: bool = False,
    ) -> None:
        self.sha256 = digest
        self.problems = problems
        self.notices = notices
        self.is_list = is_list
        self._text = text
        self._layout = layout

    def rows(self) -> Iterator[Cells | Finding]:
        """Yield the rows in file order: the contract's 14 cells as they stand in the file, or the row's problem.

        Every item is one row, numbered from 1 over data rows. A column that the file hasn't is an empty text. Blank
        rows at the end are left out. After a problem that hides where the next row begins, nothing follows.
        May be asked for again; each time the rows are decoded anew, none is kept.
        """
        if self._text is None or self._layout is None:
            return iter(())
        return _read_rows(self._text, self._layout)

    def release(self) -> None:
        """Let go of the file's content; there are no rows after that."""
        self._text = None


def parse(data: bytes) -> ScanTable:
    """Read a batch file from its bytes. Raises nothing: what is wrong with the file is in the answer."""
    digest = sha256(data).hexdigest()
    if len(data) > FILE_BYTES_MAX:
        return ScanTable(digest, (finding("file_too_large", size=f"{len(data):,}", limit=f"{FILE_BYTES_MAX:,}"),))
    text = read_text(data)
    if isinstance(text, Finding):
        return ScanTable(digest, (text,))
    if _is_empty(text):
        return ScanTable(digest, (finding("file_empty"),))
    header = read_header(text.lines())
    if header.layout is None:
        return ScanTable(digest, header.problems, is_list=header.is_list)
    if next(_read_rows(text, header.layout), None) is None:
        return ScanTable(digest, (finding("file_without_rows"),))
    return ScanTable(digest, notices=header.notices, text=text, layout=header.layout)


def _is_empty(text: Text) -> bool:
    return not any(line.strip(' \t\r\n,;"') for line in islice(text.lines(), ROWS_MAX))


def _read_rows(text: Text, layout: Layout) -> Iterator[Cells | Finding]:
    separator, width, tag_column, pick = layout
    reader = csv.reader(text.lines(), delimiter=separator, strict=True)
    next(reader)
    row_number = blanks = 0
    line = reader.line_num + 1
    try:
        for row_number, row in enumerate(reader, 1):
            # A row with a tag and the right number of cells is by far the most likely, so it is asked for first.
            if (len(row) != width or not row[tag_column].strip()) and not any(map(str.strip, row)):
                blanks += 1
                if row_number > _ROWS_READ_MAX:
                    yield finding("too_many_rows", row_number - blanks + 1, limit=f"{ROWS_MAX:,}")
                    return
            else:
                if blanks:
                    yield from _blank_rows(row_number - blanks, row_number)
                    blanks = 0
                if row_number > ROWS_MAX:
                    yield finding("too_many_rows", ROWS_MAX + 1, limit=f"{ROWS_MAX:,}")
                    return
                if len(row) == width:
                    row.append("")
                    yield pick(row)
                else:
                    yield finding("row_ragged", row_number, cells=len(row), columns=width, line=line)
            line = reader.line_num + 1
    except csv.Error as error:
        yield from _blank_rows(row_number - blanks + 1, row_number + 1)
        yield finding("csv_broken", row_number + 1, line=line, reason=error)


def _blank_rows(first: int, end: int) -> Iterator[Finding]:
    """Yield a problem for each of these blank rows, as far as rows are read at all."""
    problem = finding("row_blank", first)
    for row_number in range(first, min(end, ROWS_MAX + 1)):
        yield Finding(row_number, None, problem.code, problem.message)  # a million of them share one sentence
