"""The card sheet: all cards of a round on one page, with what each does and how they are used.

Owns the page: two columns of large cards, to be pointed at with a glove on, and three sentences above them. More cards
than a page has room for go on on the next one.
"""

from collections.abc import Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from assettrack.domain.labels import Label
from assettrack.paper.label_layout import POINTS_PER_INCH, LabelLayout, laid_out
from assettrack.paper.label_sheets import INCH, PAGES, Pair, Sheet
from assettrack.paper.labels_pdf import USUAL_DPI, PrintedLabels, draw_label, page_in_points, require_count
from assettrack.paper.lettering import Lettering, bold, regular, width_of
from assettrack.paper.pages import Pen

HOW_TO = (
    "1. Scan Begin, then what happens, and for Issue and Transfer the holder's badge: each holds until replaced.",
    "2. Scan the assets; where one goes into a slot, scan the slot's label right before it, or No slot for none.",
    "3. Undo right after a wrong scan takes it back; scan End at the end, and look at the preview before it is saved.",
)
"""How the cards are used."""

_COLUMNS, _ROWS = 2, 5
_SIDE, _TOP, _FOOT, _GAP = 12.0, 46.0, 12.0, Pair(6, 3)
_MEANING_MM = 9.0
_TITLE, _TEXT, _MEANING = bold(16), regular(10), regular(8.5)
_LEADING = 1.25


def card_sheet_pdf(
    rounds: Sequence[Sequence[Label]], station: str, page: str = "A4", dpi: int = USUAL_DPI
) -> PrintedLabels:
    """Return a sheet for each round, which is the cards that one person needs; ``page`` is one of `PAGES`.

    Raises:
        errors.ValueUnusable: a card does not fit, or there are none, or too many.
    """
    require_count([card for cards in rounds for card in cards])
    sheet, letters = _sheet(page), Lettering()
    room = Pair(sheet.label.across, sheet.label.down - _MEANING_MM)
    width, height = page_in_points(sheet.page, dpi)
    file = BytesIO()
    canvas = Canvas(file, pagesize=(width, height), pageCompression=0, invariant=1, lang="en")
    canvas.setTitle("Scan cards")
    canvas.setCreator("AssetTrack")
    pages, layouts = 0, list[LabelLayout]()
    for cards in rounds:
        for first in range(0, len(cards), sheet.places):
            pen = Pen(canvas)
            _draw_head(pen, letters, station, width, height)
            for number, card in enumerate(cards[first : first + sheet.places]):
                layout = laid_out(card, room, dpi, letters)
                _draw_card(pen, letters, card, (layout, sheet.corner(number), sheet.label), height)
                layouts.append(layout)
            pen.finish()
            pages += 1
    canvas.save()
    return PrintedLabels(file.getvalue(), pages, min(layout.module_mm for layout in layouts), dpi)


def _sheet(page: str) -> Sheet:
    paper = Pair(*PAGES[page])
    across = (paper.across - 2 * _SIDE - _GAP.across) / _COLUMNS
    down = (paper.down - _TOP - _FOOT - (_ROWS - 1) * _GAP.down) / _ROWS
    return Sheet("cards", paper, _COLUMNS, _ROWS, Pair(across, down), Pair(_SIDE, _TOP), _GAP)


def _draw_head(pen: Pen, letters: Lettering, station: str, width: float, height: float) -> None:
    """Draw the title, and how the cards are used."""
    side = _points(_SIDE)
    y = height - _points(16)
    pen.text(side, y, "Scan cards", _TITLE)
    pen.text_right(width - side, y, letters.shown(station), _MEANING)
    y -= 4
    for sentence in HOW_TO:
        for line in letters.lines(sentence, width - 2 * side, _TEXT):
            y -= _LEADING * _TEXT.size
            pen.text(side, y, line, _TEXT)


def _draw_card(
    pen: Pen, letters: Lettering, card: Label, placed: tuple[LabelLayout, Pair, Pair], height: float
) -> None:
    """Draw a card in its frame, with what it means below its code."""
    layout, corner, size = placed
    x, y = _points(corner.across), height - _points(corner.down + size.down)
    wide = _points(size.across)
    pen.box(x, y, wide, _points(size.down))
    draw_label(pen, layout, corner, height)
    lines = letters.lines(card.meaning, wide - _points(4), _MEANING)
    y += _points(1.5) + _LEADING * _MEANING.size * (len(lines) - 1) + 0.25 * _MEANING.size
    for line in lines:
        pen.text(x + (wide - width_of(line, _MEANING)) / 2, y, line, _MEANING)
        y -= _LEADING * _MEANING.size


def _points(millimetres: float) -> float:
    return millimetres * POINTS_PER_INCH / INCH
