"""Tables on paper: a report as PDF, upright or, where it is wide, across.

Owns how a table is set: widths, breaking of texts, pages with their headings and "page x of y". The same table gives
the same bytes on every machine; nothing is compressed, because compression differs between machines. Must never cut a
text off: what is too wide is broken into lines, what is too tall goes on on the next page.

This module imports ReportLab, which costs 0.2 s: import it only where something is printed.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import zip_longest
from typing import NamedTuple

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from assettrack.domain.tables import Kind, Table, Value, clock_text
from assettrack.paper.lettering import Lettering, Style, bold, fitted, regular, width_of

SHORT, LONG = 210 * mm, 297 * mm
"""The sheet: A4. Margins leave everything on a US Letter sheet as well."""

SIDE, TOP, BOTTOM = 12 * mm, 19 * mm, 24 * mm
FOOT = 16 * mm
GAP = 3 * mm
"""Between two columns."""

ROWS_MEASURED, TEXTS_MEASURED = 2000, 200
"""By so many rows, and so many different texts of each column, is told how wide it has to be."""

COLUMN_MAX = 90 * mm
"""No sheet is turned across for a column that is wider; it is so wide only where there is room that nothing else needs.
"""

PAD = 2.0
"""Space above and below the lines of a band, in points."""

_TITLE, _LINE, _HEAD, _CELL, _FOOT = bold(14), regular(8.5), bold(8), regular(8), regular(7, 0.35)
_LEADING = 1.25
"""Height of a line, in sizes of its letters."""

_NUMBERS = r"\u{…} stands for a letter, by its Unicode number, that can't be printed here; \\ for one backslash."


class _Column(NamedTuple):
    """Where a column stands: its left edge and width, in points, and whether its values stand at its right edge."""

    left: float
    width: float
    to_right: bool


class _Text(NamedTuple):
    """A text on one line: where it begins, or ends if ``to_right``."""

    x: float
    text: str
    to_right: bool = False


class _Rule(NamedTuple):
    """A level line: its width in points, and its grey from 0 (black) on."""

    width: float
    grey: float


class _Band(NamedTuple):
    """Lines of texts, one below the other, which stay together on a page if they can; a thin rule below."""

    lines: Sequence[Sequence[_Text]]
    style: Style
    rule: _Rule | None = None

    @property
    def height(self) -> float:
        """Its height in points."""
        return len(self.lines) * self.style.size * _LEADING + 2 * PAD


def table_pdf(table: Table) -> bytes:
    """Return a table as PDF, with words in the place of codes.

    Raises:
        ValueError: the values don't fit their columns, see :meth:`Table.by_column`; or a text is no time.
    """
    table, letters = table.in_words(), Lettering()
    cells = _shown_cells(table, letters)
    headings = [letters.shown(heading) for heading in table.headings()]
    wide = _widths_wanted(headings, cells)
    least = [min(COLUMN_MAX, each) for each in wide]
    sheet = (SHORT, LONG) if sum(least) + GAP * (len(wide) - 1) <= SHORT - 2 * SIDE else (LONG, SHORT)
    columns = _columns(table, wide, sheet[0] - 2 * SIDE)
    pages = _Pages(sheet[1])
    _set_lines(pages, [table.title], _TITLE, letters, sheet[0])
    _set_lines(pages, table.subtitle, _LINE, letters, sheet[0])
    head = _row(headings, columns, letters, _HEAD, rule=_Rule(0.8, 0))
    pages.place(_Band((), _LINE))
    pages.place(head)
    for row in zip(*cells, strict=True):
        pages.place(_row(row, columns, letters, _CELL, rule=_Rule(0.4, 0.7)), head)
    pages.place(_Band((), _LINE))
    _set_lines(pages, table.footnotes, _LINE, letters, sheet[0])
    if letters.wrote_numbers:
        _set_lines(pages, [], _LINE, letters, sheet[0], note=_NUMBERS)
    return _printed(pages.pages, sheet, letters.shown(table.title))


def _shown_cells(table: Table, letters: Lettering) -> list[list[str]]:
    """Return the cells of each column in letters that can be printed; a line break stays one."""

    def shown(value: Value, kind: Kind) -> str:
        if value is None:
            return ""
        text = clock_text(str(value), table.zone) if kind == "time" else str(value)
        return "\n".join(letters.shown(line) for line in text.splitlines())

    columns = zip(table.columns, table.by_column(), strict=True)
    return [[shown(value, column.kind) for value in values] for column, values in columns]


def _widths_wanted(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> list[float]:
    """Return how wide each column would be if there were room enough."""
    wanted = []
    for heading, column in zip(headings, cells, strict=True):
        longest = sorted(set(column[:ROWS_MEASURED]), key=len)[-TEXTS_MEASURED:]  # more letters are mostly wider
        widest = max((width_of(line, _CELL) for text in longest for line in text.split("\n")), default=0.0)
        wanted.append(max(widest, *(width_of(word, _HEAD) for word in heading.split()), 1.0) + 0.1)
    return wanted


def _columns(table: Table, wanted: Sequence[float], room: float) -> list[_Column]:
    """Return where the columns stand. Where the room is too narrow, the widest become narrower, all alike."""
    room -= GAP * (len(wanted) - 1)
    share, left = room / len(wanted), list(wanted)
    while left and (narrow := [each for each in left if each <= share]) and len(narrow) < len(left):
        room -= sum(narrow)
        left = [each for each in left if each > share]
        share = room / len(left)
    found, x = [], SIDE
    for column, width in zip(table.columns, wanted, strict=True):
        given = min(width, max(share, 1.0))
        found.append(_Column(x, given, column.kind == "integer"))
        x += given + GAP
    return found


def _row(texts: Iterable[str], columns: Sequence[_Column], letters: Lettering, style: Style, *, rule: _Rule) -> _Band:
    """Return a row, each text broken to its column."""
    broken = []
    for text, column in zip(texts, columns, strict=True):
        lines = [part for line in text.split("\n") for part in _lines(line, column.width, letters, style)]
        x = column.left + (column.width if column.to_right else 0)
        broken.append([_Text(x, line, column.to_right) for line in lines])
    return _Band([[text for text in line if text] for line in zip_longest(*broken)], style, rule)


def _lines(text: str, width: float, letters: Lettering, style: Style) -> Sequence[str]:
    """Return a text in lines. Only those that had to be broken are remembered by the lettering: there may be many."""
    return [text] if width_of(text, style) <= width else letters.lines(text, width, style)


def _set_lines(
    pages: "_Pages", texts: Iterable[str], style: Style, letters: Lettering, width: float, *, note: str = ""
) -> None:
    """Set texts one below the other, over the whole width; ``note`` is one that can be printed as it is."""
    for text in [*map(letters.shown, texts), *filter(None, [note])]:
        pages.place(_Band([[_Text(SIDE, line)] for line in letters.lines(text, width - 2 * SIDE, style)], style))


class _Pages:
    """Sets bands one below the other: on each page the upper edge of each band, in points, and the band."""

    def __init__(self, height: float) -> None:
        self.pages: list[list[tuple[float, _Band]]] = [[]]
        self._top = self._y = height - TOP

    def place(self, band: _Band, head: _Band | None = None) -> None:
        """Set a band, on the next page if it does not fit; ``head`` is set above it where a page begins with it."""
        room = self._top - BOTTOM - (head.height if head else 0) - 2 * PAD
        fitting = max(1, int(room / (band.style.size * _LEADING)))
        for first in range(0, max(1, len(band.lines)), fitting):
            part = band._replace(lines=band.lines[first : first + fitting])
            if self._y - part.height < BOTTOM:
                self.pages.append([])
                self._y = self._top
                if head:
                    self._set(head)
            self._set(part)

    def _set(self, band: _Band) -> None:
        self.pages[-1].append((self._y, band))
        self._y -= band.height


def _printed(pages: Sequence[Sequence[tuple[float, _Band]]], sheet: tuple[float, float], title: str) -> bytes:
    """Return the PDF of pages that are set."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=sheet, pageCompression=0, invariant=1, lang="en")
    canvas.setTitle(title)
    canvas.setCreator("AssetTrack")
    for number, page in enumerate(pages, 1):
        for top, band in page:
            _draw(canvas, top, band, sheet[0] - SIDE)
        end = sheet[0] - SIDE
        _draw(canvas, FOOT, _Band([[_Text(SIDE, title)]], fitted(title, end - 4 * SIDE, _FOOT)), end)
        of = f"page {number} of {len(pages)}"
        _draw(canvas, FOOT, _Band([[_Text(end, of, to_right=True)]], _FOOT), end)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _draw(canvas: Canvas, top: float, band: _Band, end: float) -> None:
    """Draw a band below ``top``, its rule up to ``end``."""
    texts = canvas.beginText()
    style = band.style
    texts.setFont(style.font, style.size)
    texts.setFillGray(style.grey)
    y = top - PAD + 0.25 * style.size
    for line in band.lines:
        y -= style.size * _LEADING
        for x, text, to_right in line:
            texts.setTextOrigin(x - width_of(text, style) if to_right else x, y)
            texts.textOut(text)
    canvas.drawText(texts)
    if band.rule:
        canvas.setLineWidth(band.rule.width)
        canvas.setStrokeGray(band.rule.grey)
        canvas.line(SIDE, top - band.height, end, top - band.height)
