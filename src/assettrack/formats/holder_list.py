"""A list of holders to register: a CSV file with a header line of `name`, and if wanted `organisation`, `identifier`.

Columns are separated by commas, semicolons or tabs, found by their names in any order; blank rows are left out. Owns
how such a file is read; whether the holders may be registered is for `services.holders`. Must never skip a row it
can't read, nor a column it does not know: that could be contact data, which has another way in.
"""

import csv
from collections.abc import Iterator

from assettrack.domain import errors
from assettrack.domain.findings import Finding
from assettrack.domain.holders import NAME_RULE, is_name, name_key, normal_name
from assettrack.domain.people_deeds import Registration
from assettrack.domain.wording import quoted
from assettrack.formats.encodings import read_text
from assettrack.formats.scan_header import SEPARATORS

LIST_BYTES_MAX = 4_000_000
COLUMNS = Registration._fields
LINES_NAMED = 20
"""So many of the lines that are wrong are named."""


def parse(data: bytes, name: str) -> dict[int, Registration]:
    """Return the holders of a list by their lines; ``name`` is the file's, for the sentence of an error.

    Raises:
        errors.ListFileWrong: it is no such table, a name can't be one or stands there twice, or there is none. Names
            all lines that are wrong.
    """
    if len(data) > LIST_BYTES_MAX:
        raise errors.ListFileWrong(name, None, f"it has more than {LIST_BYTES_MAX:,} bytes")
    text = read_text(data)
    if isinstance(text, Finding):
        raise errors.ListFileWrong(name, None, text.message.rstrip("."))
    lines = list(text.lines())
    if not lines:
        raise errors.ListFileWrong(name, None, "it is empty")
    found, wrong = _registrations(lines)
    if wrong:
        (line, reason), *others = wrong
        said = [reason, *(f"line {number}: {why}" for number, why in others[: LINES_NAMED - 1])]
        said += [f"and {len(wrong) - LINES_NAMED:,} more"] * (len(wrong) > LINES_NAMED)
        raise errors.ListFileWrong(name, line, "; ".join(said))
    if not found:
        raise errors.ListFileWrong(name, None, "it names no holder")
    return found


def _registrations(lines: list[str]) -> tuple[dict[int, Registration], list[tuple[int, str]]]:
    """Return the holders by their lines, and the lines that are wrong, each with the reason."""
    rows = csv.reader(lines, delimiter=_separator(lines[0]), strict=True)
    found: dict[int, Registration] = {}
    wrong: list[tuple[int, str]] = []
    seen: dict[str, int] = {}
    try:
        columns = _columns(next(rows))
        for row in rows:
            if any(cell.strip() for cell in row):
                try:
                    found[rows.line_num] = each = _registration(columns, row)
                    _require_new(seen, each.name, rows.line_num)
                except _Wrong as error:
                    wrong.append((rows.line_num, str(error)))
    except (_Wrong, csv.Error) as error:  # the header line, or what can't be taken apart from there on
        wrong.append((rows.line_num or 1, str(error)))
    return found, wrong


class _Wrong(ValueError):
    """A line is not what it should be; the text says why, as half a sentence."""


def _separator(header: str) -> str:
    """Return the separator with which the header line has most of our columns; of two the earlier."""
    return max(SEPARATORS, key=lambda mark: sum(cell.strip().lower() in COLUMNS for cell in header.split(mark)))


def _columns(cells: list[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    if "name" not in names:
        raise _Wrong("the header line has no column called name")
    if unknown := [name for name in names if name not in COLUMNS]:
        raise _Wrong(f"there is a column {quoted(unknown[0], 40)}; the columns are {', '.join(COLUMNS)}")
    if len(set(names)) < len(names):
        raise _Wrong("a column stands there twice")
    return names


def _registration(columns: list[str], row: list[str]) -> Registration:
    if len(row) != len(columns):
        raise _Wrong(f"it has {len(row)} cells, the header line has {len(columns)}")
    cells = dict(_clean(columns, row))
    if "name" not in cells:
        raise _Wrong("the name is blank")
    return Registration(**cells)


def _clean(columns: list[str], row: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the cells that are not blank, each with its column."""
    for column, cell in zip(columns, row, strict=True):
        clean = normal_name(cell)
        if clean and not is_name(clean):
            raise _Wrong(f"{column} {quoted(clean, 40)} can't be kept: {NAME_RULE}")
        if clean:
            yield column, clean


def _require_new(seen: dict[str, int], name: str, line: int) -> None:
    first = seen.setdefault(name_key(name), line)
    if first != line:
        raise _Wrong(f"{name} stands in line {first} already")
