"""Shapes of lines: what a whole line of a file must look like, and whether a whole file does.

Owns how cells become an expression, and the rule by which a file fits. Must never take a line for what it isn't: one
line that does not fit, and the file does not.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from assettrack.formats.code_names import number_of

CODE = "<code>"
"""Stands for the cell of the code itself among the cells of a shape."""

CODE_LENGTH_MAX = 1024
"""Longest code, in characters. No label that a person can hold a scanner to has more."""

LINE_LENGTH_MAX = 4096
"""Longest line: no cell of a batch may be longer either."""

BARE = (
    r"(?:[Aa][Tt] [0-9A-Za-z ]{2,27}"  # a card
    r"|[0-9A-Za-z][0-9A-Za-z _-]{0,29}[ /][Ss][Ll][Oo][Tt][ -]?[0-9]{1,3}"  # the label of a slot
    r"|(?=[!-~]*[0-9])[0-9A-Za-z\[\]()][!#-+.-:<-~-]{0,99})"  # any code with a digit in it, and no separator
)
"""A code that shows by itself that it is one, and no words."""

_BARE = re.compile(BARE)


class Shape(msgspec.Struct, frozen=True):
    """How each line of a file looks: as ``loose``, and at least one of them as ``strict``.

    The first line must be one of ``heads``, where there are any; others may be, because files are put together.
    ``is_csv`` says that a code may stand in quotation marks, ``constant_serial`` that all lines name one scanner,
    ``fits_words`` that words alone, such as those of headings, may make up a line.
    """

    strict: re.Pattern[str]
    loose: re.Pattern[str]
    heads: re.Pattern[str] | None = None
    is_csv: bool = False
    constant_serial: bool = False
    fits_words: bool = False

    def is_head(self, line: str) -> bool:
        """Tell whether a line holds no scan but is one of the file's own."""
        return self.heads is not None and self.heads.fullmatch(line) is not None

    def is_told_by(self, first: str) -> bool:
        """Tell whether a first line shows the shape; where words fit too, it does by its code and its kind of code."""
        if not self.fits_words:
            return True
        match = self.strict.fullmatch(first)
        if match is None or not _BARE.fullmatch(match["code"].strip()):
            return False
        return "kind" not in match.re.groupindex or number_of(match["kind"]) is not None


def shape(separator: str, *cells: str, apart: str = "") -> Shape:
    """Return the shape of cells with a separator between them, one of them with :data:`CODE` in it.

    ``apart`` is what no code has in a strict line, by default the separator.
    """
    mark, never = re.escape(separator), re.escape(apart or separator)
    strict = rf"(?P<code>(?!\s)(?:(?!{never}).){{1,{CODE_LENGTH_MAX}}}(?<!\s))"
    loose = rf"(?P<code>(?!\s).{{1,{CODE_LENGTH_MAX}}}(?<!\s))"
    line = mark.join(cells)
    return Shape(re.compile(line.replace(CODE, strict)), re.compile(line.replace(CODE, loose)))


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, without their ends, each with its number from 1."""
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        if text and not text.isspace():
            yield number, text


def fits(found: Shape, lines: Iterable[str]) -> int | None:
    """Return None where a whole file is of a shape, else the number of the first line that is not.

    That is 0 where each line is, but none tells where the columns are.
    """
    serial, begun, is_strict = "", False, False
    for number, line in numbered(lines):
        if found.is_head(line):
            begun = True
            continue
        match = found.loose.fullmatch(line) if len(line) <= LINE_LENGTH_MAX else None
        if match is None or (found.heads is not None and not begun):
            return number
        if found.constant_serial:
            if serial and match["serial"] != serial:
                return number
            serial = match["serial"]
        is_strict = is_strict or found.strict.fullmatch(line) is not None
        begun = True
    return None if is_strict and begun else 0
