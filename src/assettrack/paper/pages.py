"""Pages: how bands of text, rules and drawings are set one below the other on sheets of paper.

Owns the sheet (A4, with margins that leave everything on a US Letter sheet as well), the splitting of what is
taller than a page, and "page x of y". Must never know what is printed.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.pdfgen.textobject import PDFTextObject

from assettrack.paper.lettering import Style, regular, width_of

PAGE_WIDTH, PAGE_HEIGHT = 210 * mm, 297 * mm
LEFT, RIGHT = 15 * mm, 198 * mm
TOP, BOTTOM = 278 * mm, 27 * mm
"""Where bands begin and end. A Letter sheet is 18 mm shorter, so 19 mm stay free above and below."""

FOOT = 20 * mm
BODY_HEIGHT = TOP - BOTTOM

_FOOT_STYLE = regular(7, 0.35)


class Pen:
    """Draws on one page. Points are measured from the lower left corner, texts stand on their base line."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self._texts: PDFTextObject = canvas.beginText()
        self._style: Style | None = None

    def text(self, x: float, y: float, text: str, style: Style) -> None:
        """Print a shown text on one line."""
        texts = self._texts
        if style is not self._style:
            texts.setFont(style.font, style.size)
            texts.setFillGray(style.grey)
            self._style = style
        texts.setTextOrigin(x, y)
        texts.textOut(text)

    def text_right(self, x: float, y: float, text: str, style: Style) -> None:
        """Print a shown text that ends at ``x``."""
        self.text(x - width_of(text, style), y, text, style)

    def rule(self, y: float, *, left: float = LEFT, right: float = RIGHT, width: float = 0.4, grey: float = 0) -> None:
        """Draw a level line."""
        self.canvas.setStrokeGray(grey)
        self.canvas.setLineWidth(width)
        self.canvas.line(left, y, right, y)

    def box(self, x: float, y: float, width: float, height: float) -> None:
        """Draw a frame whose lower left corner is at ``x`` and ``y``."""
        self.canvas.setStrokeGray(0)
        self.canvas.setLineWidth(0.6)
        self.canvas.rect(x, y, width, height)

    def shade(self, y: float, height: float) -> None:
        """Lay a light grey under a band."""
        self.canvas.saveState()
        self.canvas.setFillGray(0.9)
        self.canvas.rect(LEFT, y, RIGHT - LEFT, height, stroke=0, fill=1)
        self.canvas.restoreState()

    def finish(self) -> None:
        """Print the texts, above all lines and shades, and end the page."""
        self.canvas.drawText(self._texts)
        self.canvas.showPage()


class Band(NamedTuple):
    """Something of this height in points that stays on one page; ``draw`` is told where its upper edge is.

    ``head`` is set above it where the band before it has another one, or stands on another page.
    """

    height: float
    draw: Callable[[Pen, float], None]
    head: "Band | None" = None


class Cell(NamedTuple):
    """Lines of shown text, each with its style, that begin at ``x``."""

    x: float
    lines: tuple[tuple[str, Style], ...]


class Row(NamedTuple):
    """Cells beside each other. ``leading`` is the height of a line, ``pad`` the space above and below all."""

    cells: tuple[Cell, ...]
    leading: float
    pad: float
    ruled: bool = False


def row_bands(row: Row, head: Band | None = None) -> list[Band]:
    """Return the bands of a row: one, or several where it is taller than a page."""
    room = BODY_HEIGHT - (0 if head is None else head.height) - 2 * row.pad
    fit = int(room / row.leading)
    tallest = max(len(cell.lines) for cell in row.cells)
    parts = [
        row._replace(cells=tuple(cell._replace(lines=cell.lines[first : first + fit]) for cell in row.cells))
        for first in range(0, tallest, fit)
    ]
    return [_row_band(part, head) for part in parts]


def blank(height: float) -> Band:
    """Return empty space."""
    return Band(height, lambda _pen, _top: None)


def set_pages(bands: Iterable[Band]) -> list[list[tuple[float, Band]]]:
    """Return what stands on each page: the upper edge of each band, and the band."""
    pages: list[list[tuple[float, Band]]] = [[]]
    y, last_head = TOP, None
    for band in bands:
        heads = [] if band.head is None or band.head is last_head else [band.head]
        if y - band.height - sum(head.height for head in heads) < BOTTOM and pages[-1]:
            pages.append([])
            y, heads = TOP, [] if band.head is None else [band.head]
        for part in (*heads, band):
            pages[-1].append((y, part))
            y -= part.height
        last_head = band.head
    return pages


def draw_pages(canvas: Canvas, pages: Sequence[Sequence[tuple[float, Band]]], foot: str) -> None:
    """Draw all pages, each with the foot line and its number."""
    for number, page in enumerate(pages, 1):
        pen = Pen(canvas)
        for top, band in page:
            band.draw(pen, top)
        pen.rule(FOOT + 9)
        pen.text(LEFT, FOOT, foot, _FOOT_STYLE)
        pen.text_right(RIGHT, FOOT, f"page {number} of {len(pages)}", _FOOT_STYLE)
        pen.finish()


def _row_band(row: Row, head: Band | None) -> Band:
    height = max(len(cell.lines) for cell in row.cells) * row.leading + 2 * row.pad

    def draw(pen: Pen, top: float) -> None:
        for cell in row.cells:
            y = top - row.pad + 0.25 * row.leading
            for text, style in cell.lines:
                y -= row.leading
                pen.text(cell.x, y, text, style)
                if style.struck and text:
                    pen.rule(y + 0.3 * style.size, left=cell.x, right=cell.x + width_of(text, style), grey=style.grey)
        if row.ruled:
            pen.rule(top - height, grey=0.6)

    return Band(height, draw, head)
