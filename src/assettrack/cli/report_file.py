"""Reports as files: joins the formats that a table can be written in.

Owns their names, and nothing of the formats themselves. What is heavy is imported only where it is written.
"""

from collections.abc import Callable

from assettrack.domain.tables import Table


def write_table(table: Table, format_name: str) -> bytes:
    """Return a table in one of :data:`FORMATS`. The same table gives the same bytes.

    Raises:
        errors.ValueUnusable: the table is too large for the format.
    """
    return _WRITERS[format_name](table)


def _csv(table: Table) -> bytes:
    from assettrack.formats.tables import csv_bytes

    return csv_bytes(table)


def _json(table: Table) -> bytes:
    from assettrack.formats.tables import json_bytes

    return json_bytes(table)


def _xlsx(table: Table) -> bytes:
    from assettrack.formats.table_xlsx import xlsx_bytes

    return xlsx_bytes(table)


def _pdf(table: Table) -> bytes:
    from assettrack.paper.table_pdf import table_pdf

    return table_pdf(table)


_WRITERS: dict[str, Callable[[Table], bytes]] = {"csv": _csv, "json": _json, "xlsx": _xlsx, "pdf": _pdf}

FORMATS = tuple(_WRITERS)
"""The names of the formats, which are also the ends of their files' names."""
