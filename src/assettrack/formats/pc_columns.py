"""The Barcodes file of Opticon's program for the PC: any of its columns but the code can be left out.

Owns how its columns are found: Barcode, Symbology, Scan Time, Scan Date, Time Now, Date Now, S/N, in this order, parted
by a comma or semicolon with a space or by a tab, or each in quotation marks without any escaping. No line names them. A
time and a date tell themselves, and those of scanning stand before those of the clock.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from assettrack.formats.code_names import number_of
from assettrack.formats.dump_dates import DATE, TIME
from assettrack.formats.shapes import CODE, Shape, shape

RTC_OFF = "Real Time Clock (RTC) Disabled"
"""What stands in the place of a time, of a date or of both where the scanner stored none."""

_OFF = re.escape(RTC_OFF)
_CELLS = (("T", re.compile(TIME)), ("D", re.compile(DATE)), ("X", re.compile(_OFF)), ("S", re.compile("[0-9]{6,8}")))
_COLUMNS = re.compile("K?(?:|T|D|TD|TT|DD|TDT|TDD|TDTD|XX?|XX?T|XX?D|XX?TD)S?")
"""Kind, then times (T) and dates (D) or that there are none (X), then the scanner; those of the clock behind."""

_SEPARATORS = (", ", "; ", "\t")
_QUOTED_SEPARATORS = ('","', '";"')
_QUOTED = re.compile('"(.+)"')
_WITHOUT_TIME = ("", "K")
"""Columns besides the code that any two words may stand for."""


def pc_shapes(lines: Sequence[str]) -> Iterator[Shape]:
    """Yield the shapes that a file with these first lines may have."""
    for separator in _SEPARATORS:
        if columns := _columns(line.split(separator) for line in lines):
            yield _shape(separator, columns)
    inside = [match[1] for line in lines if (match := _QUOTED.fullmatch(line))]
    for separator in _QUOTED_SEPARATORS:
        if columns := _columns(line.split(separator) for line in inside):
            yield _quoted(_shape(separator, columns, apart='"'))
    if inside and not any(separator in line for line in inside for separator in _QUOTED_SEPARATORS):
        yield _quoted(_shape('","', "", apart='"'))


def _columns(rows: Iterable[list[str]]) -> str:
    """Return the columns after the code, a letter each, of the first row that tells them all; blank where none does."""
    for row in rows:
        letters = "".join(map(_letter, row[1:]))
        if letters and _COLUMNS.fullmatch(letters):
            return letters
    return ""


def _letter(cell: str) -> str:
    known = next((letter for letter, shape_ in _CELLS if shape_.fullmatch(cell)), "")
    return known or ("K" if number_of(cell) is not None else "?")


def _shape(separator: str, columns: str, apart: str = "") -> Shape:
    cells, seen = [CODE], set("TD") if "X" in columns else set[str]()
    for letter in columns:
        if letter == "K":
            cells.append(r"(?P<kind>[^\t\"]{1,40}?)")
        elif letter == "S":
            cells.append("(?P<serial>[0-9]{6,8})")
        elif letter == "X":
            cells.append(_OFF)
        else:
            name, form = ("time", TIME) if letter == "T" else ("date", DATE)
            cells.append(f"(?P<{name}_now>{form})" if letter in seen else f"(?:(?P<{name}>{form})|{_OFF})")
            seen.add(letter)
    return msgspec.structs.replace(shape(separator, *cells, apart=apart), fits_words=columns in _WITHOUT_TIME)


def _quoted(plain: Shape) -> Shape:
    strict, loose = re.compile(f'"{plain.strict.pattern}"'), re.compile(f'"{plain.loose.pattern}"')
    return msgspec.structs.replace(plain, strict=strict, loose=loose)
