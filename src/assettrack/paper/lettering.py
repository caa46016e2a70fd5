r"""Lettering: the fonts of our papers, which letters they can print, and how texts are broken into lines.

Owns that nothing is printed that can't be read: a letter which the fonts lack, or which would need to be joined
or turned around as a script asks (Arabic, Hebrew, Devanagari, a lone accent), is printed as ``\u{HEX}``, its
Unicode number, never as a blank box. The fonts are Open Sans (Apache License 2.0): Latin, Greek and Cyrillic.

Must never ask the machine for its fonts: the same text gives the same paper everywhere.
"""

import re
import unicodedata
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from assettrack.domain.receipts import escape, escaped

FONTS = {"AssetTrack-Regular": "OpenSans-Regular.ttf", "AssetTrack-Bold": "OpenSans-SemiBold.ttf"}
"""The names under which our fonts are known to ReportLab, and their files."""

SIZE_MIN = 5.0
"""The smallest letters, in points."""

_PIECES = re.compile(r"( *)([^ \d-]*\d{4}-\d\d-\d\d(?!\d)[^ -]*-*|[^ -]*-+|[^ -]+)")
"""A word, or a part of one up to a hyphen, with the spaces before it; a date (``2026-03-01``) stays whole."""

_UNITS = re.compile(r"\\u\{[0-9A-F]+\}|\\\\|.", re.DOTALL)


class Style(NamedTuple):
    """How a text is printed: its font, its size in points, its grey, from 0 (black) on, and whether struck through."""

    font: str
    size: float
    grey: float = 0.0
    struck: bool = False


def regular(size: float, grey: float = 0.0) -> Style:
    """Return the plain style of this size in points."""
    return Style("AssetTrack-Regular", size, grey)


def bold(size: float, grey: float = 0.0) -> Style:
    """Return the heavy style of this size in points."""
    return Style("AssetTrack-Bold", size, grey)


class Lettering:
    """Shows texts in the letters of our fonts; one for each paper. ``wrote_numbers`` tells whether any was escaped."""

    def __init__(self) -> None:
        self.wrote_numbers = False
        self._printable = _load_fonts()
        self._broken: dict[tuple[str, float, Style], tuple[str, ...]] = {}

    def shown(self, text: str) -> str:
        """Return a text as it is printed: escaped as in the text of a receipt, and what the fonts lack as well."""
        shown = escaped(text)
        if not self._printable.issuperset(shown):
            shown = "".join(letter if letter in self._printable else escape(letter) for letter in shown)
        if shown != text:
            self.wrote_numbers = True
        return shown

    def can_write(self, text: str) -> bool:
        """Tell whether a text can be printed as it is, each letter by itself; a backslash is one like any other."""
        plain = text.replace("\\", "")
        return escaped(plain) == plain and self._printable.issuperset(text)

    def lines(self, text: str, width: float, style: Style) -> tuple[str, ...]:
        """Return a shown text in lines no wider than ``width`` points, broken in a word only if need be."""
        key = text, width, style
        if key not in self._broken:
            fits = width_of(text, style) <= width
            self._broken[key] = (text,) if fits else tuple(_broken(text, width, style))
        return self._broken[key]


def width_of(text: str, style: Style) -> float:
    """Return the width of a shown text in points."""
    _load_fonts()
    return float(pdfmetrics.stringWidth(text, style.font, style.size))


def fitted(text: str, width: float, style: Style) -> Style:
    """Return the style, smaller where it must be for a shown text to fit into ``width`` points on one line.

    No smaller than can be read, :data:`SIZE_MIN`.
    """
    wide = width_of(text, style)
    return style if wide <= width else style._replace(size=max(SIZE_MIN, style.size * 0.999 * width / wide))


def cut(text: str, width: float, style: Style) -> str:
    """Return a shown text that fits into ``width`` points on one line, its end replaced by ``…`` where it must be."""
    if width_of(text, style) <= width:
        return text
    kept = ""
    for unit in _UNITS.findall(text):
        if width_of(f"{kept}{unit}…", style) > width:
            break
        kept += unit
    return f"{kept.rstrip()}…"


def _broken(text: str, width: float, style: Style) -> list[str]:
    lines = [""]
    for space, piece in _PIECES.findall(text):
        line = f"{lines[-1]}{space}{piece}"
        if width_of(line, style) <= width:
            lines[-1] = line
            continue
        if lines[-1]:
            lines.append("")
        for unit in _UNITS.findall(piece):
            if lines[-1] and width_of(lines[-1] + unit, style) > width:
                lines.append("")
            lines[-1] += unit
    return lines


@cache
def _load_fonts() -> frozenset[str]:
    """Make the fonts known to ReportLab; return the letters that both can print as they stand."""
    package = find_spec("ttf_opensans")  # found without running it, which would load an image library
    assert package is not None, "the fonts are among our dependencies"
    assert package.submodule_search_locations, "the fonts are a folder"
    folder = Path(package.submodule_search_locations[0]) / "ttf"
    # Shaping and readable codes are set here, for they hang on other packages and on the user's settings.
    fonts = [TTFont(name, str(folder / file), shapable=False, asciiReadable=True) for name, file in FONTS.items()]
    for font in fonts:
        pdfmetrics.registerFont(font)
    letters = map(chr, set.intersection(*(set(font.face.charToGlyph) for font in fonts)))
    # Marks would need to be placed on their letter; controls and spaces but one can't be seen.
    return frozenset(letter for letter in letters if letter == " " or unicodedata.category(letter)[0] not in "CMZ")
