"""The column mappings of a station, in a plain TOML file beside the database.

Owns ``<database>.mappings.toml``: people may read and edit it. It says how files are read, and nothing of any asset:
what was read is in the log, row by row, and stays whatever becomes of a mapping.
"""

import json
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from assettrack.domain import errors
from assettrack.domain.column_mapping import ColumnMapping, NotAMapping, mapping_of, require_name
from assettrack.lasting_files import said_by_system, written_beside

FILE_BYTES_MAX = 1_000_000
_HEAD = "# How the columns of other tables are read: kept by `assettrack mapping`, and may be edited.\n"


class MappingFile:
    """The mappings in one file; a file that is not there holds none."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> dict[str, ColumnMapping]:
        """Return all mappings by name, in order of their names.

        Raises:
            errors.FileUnreadable: the file can't be read, or somebody made something else of it.
        """
        try:
            if self._path.stat().st_size > FILE_BYTES_MAX:
                raise errors.FileUnreadable(self._path.name, f"it has more than {FILE_BYTES_MAX:,} bytes")
            tables = tomllib.loads(self._path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
            raise errors.FileUnreadable(self._path.name, _reason(error)) from error
        return {name: self._mapping(name, tables[name]) for name in sorted(tables)}

    def keep(self, name: str, mapping: ColumnMapping) -> None:
        """Keep a mapping under a name; one of that name before is replaced.

        Raises:
            errors.FileUnreadable: the file is not what it should be.
            errors.FileUnwritable: the system does not let us write it.
        """
        self._write({**self.all(), name: mapping})

    def remove(self, name: str) -> None:
        """Remove a mapping, if there is one of that name.

        Raises:
            errors.AssetTrackError: as `keep`.
        """
        self._write({kept: mapping for kept, mapping in self.all().items() if kept != name})

    def _mapping(self, name: str, table: object) -> ColumnMapping:
        try:
            require_name(name)
            return mapping_of(*_parts(table))
        except NotAMapping as error:
            raise errors.FileUnreadable(self._path.name, f"mapping {name!a}: {error.reason}") from error

    def _write(self, mappings: Mapping[str, ColumnMapping]) -> None:
        text = _HEAD + "".join(line for name in sorted(mappings) for line in _lines(name, mappings[name]))
        try:
            with written_beside(self._path, [text.encode()]) as written:
                written.replace(self._path)
        except OSError as error:
            raise errors.FileUnwritable(self._path.name, said_by_system(error)) from error


def _parts(table: object) -> tuple[dict[str, str], dict[str, str]]:
    if not isinstance(table, dict) or table.keys() - {"columns", "values"}:
        raise NotAMapping("it has other parts than columns and values")
    return _texts(table.get("columns", {})), _texts(table.get("values", {}))


def _texts(table: object) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise NotAMapping("its columns and values are not all texts")
    return table


def _lines(name: str, mapping: ColumnMapping) -> Iterator[str]:
    for part, texts in (("columns", mapping.columns), ("values", mapping.values)):
        if texts:
            yield f"\n[{name}.{part}]\n"
            for field, text in texts.items():
                # Texts of a mapping can be printed, and such a string of JSON is one of TOML (toml.io, basic strings).
                yield f"{field} = {json.dumps(text, ensure_ascii=False)}\n"


def _reason(error: Exception) -> str:
    if isinstance(error, tomllib.TOMLDecodeError | RecursionError):
        return f"it is no TOML: {error}"
    return "it is not UTF-8" if isinstance(error, UnicodeDecodeError) else said_by_system(error)
