"""The codes of labels as modules: bars, QR codes and Data Matrices in one form, and how wide a module may be.

Owns the least module width of each code, which is never gone below: what a scanner can read hangs on it.
"""

import math
from functools import lru_cache
from typing import NamedTuple

from assettrack.domain.labels import Symbology
from assettrack.paper import code_128, data_matrix, qr_code

MODULE_MM_LEAST = {Symbology.CODE_128: 0.165, Symbology.QR: 0.25, Symbology.DATA_MATRIX: 0.25}
"""The least width of a module: two dots at 300 dpi for bars (6.7 mil), three for squares (10 mil)."""

MODULE_MM_MOST = {Symbology.CODE_128: 0.45, Symbology.QR: 0.8, Symbology.DATA_MATRIX: 0.8}
"""No module is made wider than this: a code that is larger than a hand is no easier to scan."""

DPI = (203, 300, 600)
"""The resolutions of printers, in dots an inch. Office printers have 600 or 1200, label printers 203 or 300."""

MODULE_MM_AT_ANY_DPI = 0.33
"""From this module width on, a code can be printed at 203 dpi whatever resolution its PDF was made for."""

MODULE_DOTS_MOST = 10
"""No module is more dots wide: what label printers can be told (ZPL II, ^BY and ^BQ)."""

MM_PER_INCH = 25.4


class Symbol(NamedTuple):
    """The modules of a code, a dark one 1, a light one 0: one row of bars, or the rows of a square."""

    symbology: Symbology
    rows: tuple[bytes, ...]
    quiet: int

    @property
    def wide(self) -> int:
        """Its width in modules, quiet zones included."""
        return len(self.rows[0]) + 2 * self.quiet


def modules_in_dots(symbology: Symbology, dpi: int) -> range:
    """Return how many dots of a printer a module may be wide, the widest first."""
    least = math.ceil(MODULE_MM_LEAST[symbology] * dpi / MM_PER_INCH)
    most = math.floor(MODULE_MM_MOST[symbology] * dpi / MM_PER_INCH)
    return range(max(least, min(most, MODULE_DOTS_MOST)), least - 1, -1)


@lru_cache(maxsize=1024)
def symbol_of(text: str, symbology: Symbology) -> Symbol:
    """Return the code of a text.

    Raises:
        ValueError: this kind of code can't hold it.
    """
    if symbology is Symbology.CODE_128:
        return Symbol(symbology, (code_128.modules_of(code_128.encoded(text)),), code_128.QUIET)
    if symbology is Symbology.DATA_MATRIX:
        return Symbol(symbology, data_matrix.matrix(text), data_matrix.QUIET)
    return Symbol(symbology, qr_code.label_rows(text), qr_code.QUIET)
