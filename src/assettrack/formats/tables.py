r"""Tables as CSV and JSON, and what keeps a text harmless that a spreadsheet would run as a formula.

Owns both forms, byte for byte.

* CSV is RFC 4180 in UTF-8 with a byte order mark: without one, common spreadsheets read names as in the code page of
  the last century, and whoever reads it by program has JSON. Headings, then rows; times with their offset.
* JSON is one object for programs. Its texts are never changed.

A text is made harmless by an apostrophe before what would run, and :func:`restored` takes just those away again. What
would run: a text that begins with one of = + - @ in any width, whatever blanks or controls stand before it, or with a
TAB, a line break or a NUL (OWASP ASVS 5.0, 1.2.10); and the same after each semicolon, TAB or line break in it, because
a spreadsheet that parts columns by these begins a cell there. Must never change a text in any other way.
"""

import csv
import io
import re
from collections.abc import Sequence

import msgspec

from assettrack.domain.tables import Kind, Table, Value, exact_local_texts

_BEGINS_FORMULA = "=+\\-@\u207a\u207c\u208a\u208c\u2212\ufb29\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20"
"""= + - @ and all letters that compatibility normalisation makes one of them, and the minus sign U+2212."""

_PASSED_OVER = "'\0-\x08\x0b\x0c\x0e-\x20\x7f-\xa0\xad\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
"""Apostrophes, blanks, controls and marks that can't be seen."""

_WOULD_RUN = re.compile(
    rf"\A(?=[{_PASSED_OVER}]*[{_BEGINS_FORMULA}\t\r\n\0])|(?<=[;\t\r\n])(?=[{_PASSED_OVER}]*[{_BEGINS_FORMULA}])"
)
_MADE_HARMLESS = re.compile(
    rf"\A'(?=[{_PASSED_OVER}]*[{_BEGINS_FORMULA}\t\r\n\0])|(?<=[;\t\r\n])'(?=[{_PASSED_OVER}]*[{_BEGINS_FORMULA}])"
)


_MIGHT_RUN = re.compile(rf"(?:\A|[;\t\r\n])[{_PASSED_OVER}]*[{_BEGINS_FORMULA}\t\r\0]")
"""Found in lines if one of them would run; a line break in a text is a matter of its own."""


def harmless(text: str) -> str:
    """Return a text with an apostrophe before whatever a spreadsheet would run; any other text as it is."""
    return _WOULD_RUN.sub("'", text)


def restored(cell: str) -> str:
    """Return the text from which :func:`harmless` made a cell, whatever the text was."""
    return _MADE_HARMLESS.sub("", cell)


def csv_bytes(table: Table) -> bytes:
    """Return a table as CSV: its headings and rows. Title, subtitle and footnotes would be rows, and are left out.

    Raises:
        ValueError: the values don't fit their columns, see :meth:`Table.by_column`; or a text is no time.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(map(harmless, table.headings()))
    for columns in table.blocks():
        cells = [_cells(column.kind, values, table) for column, values in zip(table.columns, columns, strict=True)]
        writer.writerows(zip(*cells, strict=True))
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def json_bytes(table: Table) -> bytes:
    """Return a table as one object in JSON.

    Its keys are ``title``, ``subtitle``, ``timezone``, ``columns``, ``rows`` and ``footnotes``. Each row is an object
    by the columns' keys. Integers are numbers. A time is its UTC text, and beside it stands, under its key with
    ``_local`` behind, the time in the station's zone with its offset.

    Raises:
        ValueError: as :func:`csv_bytes`.
    """
    blocks = [_objects(table, columns) for columns in table.blocks()]
    head = {"title": table.title, "subtitle": table.subtitle, "timezone": str(table.zone), "columns": table.columns}
    rows = msgspec.Raw(b"[%b]" % b",".join(blocks))
    return msgspec.json.encode({**head, "rows": rows, "footnotes": table.footnotes}) + b"\n"


def _objects(table: Table, columns: Sequence[Sequence[Value]]) -> bytes:
    """Return some rows as objects in JSON, parted by commas."""
    fields: list[tuple[str, Sequence[Value]]] = []
    for column, values in zip(table.columns, columns, strict=True):
        fields.append((column.key, values))
        if column.kind == "time":
            fields.append((f"{column.key}_local", exact_local_texts(values, table.zone)))
    keys = [key for key, _ in fields]
    rows = [dict(zip(keys, row, strict=True)) for row in zip(*(values for _, values in fields), strict=True)]
    return msgspec.json.encode(rows)[1:-1]


def _cells(kind: Kind, values: Sequence[Value], table: Table) -> Sequence[Value]:
    """Return the values of a column as they are written into CSV; None is written as nothing."""
    if kind == "text":
        texts = list(map(str, filter(None, values)))
        lines = "\n".join(texts)  # nearly always all are harmless, as one look tells
        if lines.count("\n") < max(1, len(texts)) and not _MIGHT_RUN.search(lines):
            return values
        return [value and harmless(str(value)) for value in values]
    return exact_local_texts(values, table.zone) if kind == "time" else values
