"""Labels in ZPL II, the language of Zebra's label printers: each a format of its own, from ^XA to ^XZ.

Owns the commands, and that no text can be taken for one: what has a meaning to the printer is written by its number
(^FH), everything else as UTF-8 (^CI28). The commands are those of the ZPL II programming guide. Modules, places and
letters are those of the PDF, in dots of the printer; words are in its own scalable font, which is narrower than ours.
"""

from collections.abc import Iterator, Sequence

from assettrack.domain import errors
from assettrack.domain.labels import Label, Symbology
from assettrack.paper import code_128
from assettrack.paper.label_codes import DPI, MM_PER_INCH
from assettrack.paper.label_layout import EDGE_MM, POINTS_PER_INCH, LabelLayout, PlacedText, laid_out
from assettrack.paper.label_sheets import Pair
from assettrack.paper.labels_pdf import PrintedLabels, require_count
from assettrack.paper.lettering import Lettering

_MARKS = "^~_"
"""What begins a command, and what begins the number of a letter."""

_SET_AT_START = {"B": ">:", "C": ">;"}
_SET_CHANGED = {"B": ">6", "C": ">5"}


USUAL_DPI = 203
"""What most label printers have."""


def labels_zpl(labels: Sequence[Label], size: Pair, dpi: int = USUAL_DPI) -> PrintedLabels:
    """Return labels of this size in millimetres for a printer of so many dots an inch, each a page of its own.

    Raises:
        errors.ValueUnusable: one does not fit; there is none, or too many; or there is no such printer.
    """
    require_count(labels)
    if dpi not in DPI:
        raise errors.ValueUnusable("The resolution", str(dpi), f"it is one of {', '.join(map(str, DPI))} dpi")
    letters = Lettering()
    layouts = [laid_out(label, size, dpi, letters) for label in labels]
    lines = (line for label, layout in zip(labels, layouts, strict=True) for line in _format(layout, label, size))
    data = "".join(f"{line}\n" for line in lines).encode()
    return PrintedLabels(data, len(labels), min(layout.module_mm for layout in layouts), dpi)


def _format(layout: LabelLayout, label: Label, size: Pair) -> Iterator[str]:
    """Yield the commands of one label."""
    wide, high = (round(length * layout.dpi / MM_PER_INCH) for length in size)
    yield "^XA"
    yield "^CI28"
    yield f"^PW{wide}"
    yield f"^LL{high}"
    yield "^LH0,0"
    yield f"^FO{layout.left},{layout.top}{_code(layout, label)}^FS"
    yield from (_words(text, layout.dpi, wide) for text in layout.texts)
    yield "^XZ"


def _code(layout: LabelLayout, label: Label) -> str:
    """Return the command of a code and its data."""
    text = label.text
    if label.symbology is Symbology.QR:
        return f"^BQN,2,{layout.module}^FH^FDMA,{escaped(text)}"
    if label.symbology is Symbology.DATA_MATRIX:
        side = len(layout.symbol.rows)
        return f"^BXN,{layout.module},200,{side},{side},,!^FH^FD{escaped(text)}"
    parts = code_128.encoded(text).parts
    sets = [_SET_AT_START[parts[0][0]], *(_SET_CHANGED[letters_of] for letters_of, _ in parts[1:])]
    data = "".join(change + escaped(part) for change, (_, part) in zip(sets, parts, strict=True))
    return f"^BY{layout.module}^BCN,{layout.high},N,N,N,N^FH^FD{data}"


def _words(text: PlacedText, dpi: int, wide: int) -> str:
    """Return the command of a line of words; a block is set in its middle, where nothing in it would end its lines."""
    high = round(text.style.size * dpi / POINTS_PER_INCH)
    font = f"^A0N,{high},{high}"
    edge = round(EDGE_MM * dpi / MM_PER_INCH)
    if text.centred and "\\" not in text.text:
        return f"^FT{edge},{round(text.y)}{font}^FB{wide - 2 * edge},1,0,C^FH^FD{escaped(text.text)}^FS"
    x = edge if text.centred else round(text.x)
    return f"^FT{x},{round(text.y)}{font}^FH^FD{escaped(text.text)}^FS"


def escaped(text: str) -> str:
    """Return a text as it may stand in a field: what could begin a command is written by its number."""
    return "".join(f"_{ord(letter):02X}" if letter in _MARKS else letter for letter in text)
