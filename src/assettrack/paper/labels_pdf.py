"""Labels as PDF: sheet after sheet, or one label a page. The same labels give the same bytes.

Owns where a label stands on its sheet, and that bars begin on whole dots of the printer it is made for. Nothing is
compressed, because compression differs between machines. Print it at its actual size: scaled to fit, nothing meets its
label.

This module imports ReportLab, which costs 0.2 s: import it only where something is printed.
"""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from assettrack.domain import errors
from assettrack.domain.labels import LABELS_MAX, Label
from assettrack.paper.label_codes import DPI, MODULE_MM_AT_ANY_DPI, Symbol
from assettrack.paper.label_layout import POINTS_PER_INCH, LabelLayout, laid_out
from assettrack.paper.label_sheets import INCH, Pair, Sheet
from assettrack.paper.lettering import Lettering, width_of
from assettrack.paper.pages import Pen
from assettrack.paper.qr_code import dark_runs

USUAL_DPI = 300
"""Modules are whole dots at this resolution, and so at 600 and 1200 dpi, which office printers have."""

_LINE_GREY = 0.7
_HAIR = 0.002


class PrintedLabels(NamedTuple):
    """Labels that are ready to be printed: the file, its pages, and how many millimetres the narrowest module has.

    ``dpi`` is the resolution that the modules are made for.
    """

    data: bytes
    pages: int
    module_mm: float
    dpi: int = USUAL_DPI

    @property
    def at_203_dpi(self) -> bool:
        """Whether every code can be printed at 203 dpi."""
        return self.dpi == DPI[0] or self.module_mm >= MODULE_MM_AT_ANY_DPI


def labels_pdf(labels: Sequence[Label], sheet: Sheet, skip: int = 0, dpi: int = USUAL_DPI) -> PrintedLabels:
    """Return labels on sheets, row by row; the first ``skip`` labels of the first sheet are used already.

    Raises:
        errors.ValueUnusable: one does not fit; there is none, or too many; or the sheet has no more than ``skip``.
    """
    require_count(labels)
    if not 0 <= skip < sheet.places:
        raise errors.ValueUnusable("The number of used labels", str(skip), f"the sheet has {sheet.places}")
    letters = Lettering()
    layouts = [laid_out(label, sheet.label, dpi, letters) for label in labels]
    places = [*[None] * skip, *layouts]
    pages = [places[first : first + sheet.places] for first in range(0, len(places), sheet.places)]
    width, height = page_in_points(sheet.page, dpi)
    file = BytesIO()
    canvas = Canvas(file, pagesize=(width, height), pageCompression=0, invariant=1, lang="en")
    canvas.setTitle("Labels")
    canvas.setCreator("AssetTrack")
    for page in pages:
        pen = Pen(canvas)
        if sheet.has_lines:
            _draw_lines(canvas, sheet, height)
        for number, layout in enumerate(page):
            if layout is not None:
                draw_label(pen, layout, sheet.corner(number), height)
        pen.finish()
    canvas.save()
    return PrintedLabels(file.getvalue(), len(pages), min(layout.module_mm for layout in layouts), dpi)


def page_in_points(page: Pair, dpi: int) -> tuple[float, float]:
    """Return how wide and high a page is in points, as the nearest whole dots of a printer.

    Whoever renders a page rounds it up to whole dots and stretches what is on it by as much: of a page that is no whole
    number of dots wide (A4 is 1678.35 at 203 dpi), a bar of two dots becomes one of three somewhere, and nobody can
    read it. So the page is less than half a dot smaller or larger than the paper, and a hair less than whole dots, for
    a PDF's numbers are rounded too.
    """
    across, down = ((round(length * dpi / INCH) - _HAIR) * POINTS_PER_INCH / dpi for length in page)
    return across, down


def require_count(labels: Sequence[Label]) -> None:
    """Make sure that there are labels, and not too many.

    Raises:
        errors.ValueUnusable: there are none or too many.
    """
    if not 1 <= len(labels) <= LABELS_MAX:
        raise errors.ValueUnusable("The number of labels", f"{len(labels)}", f"it is from 1 to {LABELS_MAX:,}")


def draw_label(pen: Pen, layout: LabelLayout, corner: Pair, height: float) -> None:
    """Draw a label with its upper left corner at ``corner``, in millimetres, on a page so many points high."""
    dot = POINTS_PER_INCH / layout.dpi
    left, top = (round(length * layout.dpi / INCH) for length in corner)
    _draw_symbol(pen.canvas, layout, (left + layout.left) * dot, height - (top + layout.top) * dot)
    for text in layout.texts:
        x = (left + text.x) * dot - (width_of(text.text, text.style) / 2 if text.centred else 0)
        pen.text(x, height - (top + text.y) * dot, text.text, text.style)


def _draw_symbol(canvas: Canvas, layout: LabelLayout, x: float, y: float) -> None:
    """Draw the modules, as one shape so that no viewer leaves seams in it, below and right of ``x`` and ``y``."""
    canvas.saveState()
    canvas.translate(x, y)
    side = layout.module * POINTS_PER_INCH / layout.dpi
    canvas.scale(side, -side)
    canvas.setFillGray(0)
    canvas.addLiteral("".join(_rectangles(layout.symbol, layout.high / layout.module or 1)))
    canvas.addLiteral("f")
    canvas.restoreState()


def _rectangles(symbol: Symbol, high: float) -> Iterable[str]:
    """Return each run of dark modules in PDF's own words; ``high`` is the height of a row in modules."""
    for row, modules in enumerate(symbol.rows):
        for first, length in dark_runs(modules):
            yield f"{first} {row} {length} {high:g} re "


def _draw_lines(canvas: Canvas, sheet: Sheet, height: float) -> None:
    """Draw thin lines around all labels of a plain sheet, to cut along."""
    canvas.setStrokeGray(_LINE_GREY)
    canvas.setLineWidth(0.3)
    point = POINTS_PER_INCH / INCH
    for number in range(sheet.places):
        across, down = sheet.corner(number)
        wide, high = sheet.label
        canvas.rect(across * point, height - (down + high) * point, wide * point, high * point)
