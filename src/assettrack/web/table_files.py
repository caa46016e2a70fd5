"""Tables as files that a browser takes away: the formats, and how such a file is sent.

Owns their names. How a format is written is `formats` and `paper`; the same table gives the same bytes on every face.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from starlette.responses import Response

from assettrack.domain import errors, station_errors
from assettrack.domain.tables import Table
from assettrack.formats.table_xlsx import xlsx_bytes
from assettrack.formats.tables import csv_bytes, json_bytes
from assettrack.paper.table_pdf import table_pdf

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_WRITERS: Mapping[str, tuple[str, Callable[[Table], bytes]]] = MappingProxyType(
    {
        "csv": ("text/csv; charset=utf-8", csv_bytes),
        "xlsx": (_XLSX, xlsx_bytes),
        "json": ("application/json", json_bytes),
        "pdf": ("application/pdf", table_pdf),
    }
)

FORMATS = tuple(_WRITERS)
"""The names of the formats, which are also the ends of their files' names."""


def table_file(table: Table, name: str, format_name: str) -> Response:
    """Return a table as a file to take away; ``name`` is plain ASCII, and gets the format's end.

    Raises:
        errors.ValueUnusable: there is no such format, or the table is too large for it.
        station_errors.DatabaseDamaged: a value in it is not what its column says.
    """
    if format_name not in _WRITERS:
        raise errors.ValueUnusable("The format", format_name[:20], f"it is one of {', '.join(FORMATS)}")
    media_type, write = _WRITERS[format_name]
    try:
        content = write(table)
    except ValueError as error:
        raise _damaged(error) from error
    return attachment(content, f"{name}.{format_name}", media_type)


def attachment(content: bytes, file_name: str, media_type: str) -> Response:
    """Return a file to take away; its name is plain ASCII."""
    return Response(content, 200, {"content-disposition": f'attachment; filename="{file_name}"'}, media_type)


def _damaged(error: ValueError) -> errors.AssetTrackError:
    return station_errors.DatabaseDamaged(f"a value of the table can't be read ({error})")
