"""QR codes on paper: a symbol of fixed module size, drawn as one shape so that no viewer leaves seams in it.

Must never scale a symbol to fit: what a scanner can read hangs on the size of a module.
"""

from collections.abc import Iterator

import segno
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

MODULE = 0.45 * mm
"""Side of a module in points: three pixels at 170 dpi, and well above what a phone or 2-D scanner needs."""

QUIET = 4
"""White modules around the symbol (ISO/IEC 18004)."""

_MASK = 4
"""All eight masks are as good for a payload that looks like chance, and trying them takes four times as long."""


class Symbol:
    """The QR code of a text in Base45's alphabet; ``side`` is its width and height in points, quiet zone included.

    It can lose 15 % and still be read (level M), or 7 % (L) where more would not fit.

    Raises:
        ValueError: the text has other characters, or is too long for any QR code.
    """

    def __init__(self, text: str) -> None:
        self._rows = _rows(text)
        self.side = (len(self._rows) + 2 * QUIET) * MODULE

    def draw(self, canvas: Canvas, x: float, y: float) -> None:
        """Draw the symbol with its lower left corner at ``x`` and ``y``."""
        canvas.saveState()
        canvas.translate(x + QUIET * MODULE, y + self.side - QUIET * MODULE)
        canvas.scale(MODULE, -MODULE)
        canvas.setFillGray(0)
        # In PDF's own words: thousands of rectangles, and all their numbers are whole.
        for row, modules in enumerate(self._rows):
            canvas.addLiteral("".join(f"{first} {row} {length} 1 re " for first, length in dark_runs(modules)))
        canvas.addLiteral("f")
        canvas.restoreState()


def _rows(text: str) -> tuple[bytes, ...]:
    """Return the modules, a dark one 1, a light one 0, row by row."""
    for level in ("m", "l"):
        try:
            code = segno.make_qr(text, error=level, mode="alphanumeric", mask=_MASK, boost_error=False)
        except segno.DataOverflowError:
            continue
        return tuple(map(bytes, code.matrix))
    raise ValueError(f"{len(text)} characters fit into no QR code")


def label_rows(text: str) -> tuple[bytes, ...]:
    """Return the modules of a label's code, a dark one 1, a light one 0, row by row; 15 % of it may be lost (level M).

    Raises:
        ValueError: the text is too long for any QR code, or has letters beyond ASCII.
    """
    if not text or not text.isascii():
        raise ValueError(f"a label's QR code holds ASCII only, not {text!a}")
    return tuple(map(bytes, segno.make_qr(text, error="m", boost_error=False).matrix))


def dark_runs(modules: bytes) -> Iterator[tuple[int, int]]:
    """Yield start and length of each unbroken run of dark modules."""
    start = modules.find(1)
    while start >= 0:
        end = modules.find(0, start)
        end = len(modules) if end < 0 else end
        yield start, end - start
        start = modules.find(1, end)
