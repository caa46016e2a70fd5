"""The layout of one label: how wide a module of its code is, where the code stands, and the words beside it.

Owns that a code keeps its quiet zone inside the label, that a module is a whole number of the printer's dots and never
narrower than may be, and that what a code holds can be read by a person whole. Lengths are in dots, from the label's
upper left corner.
"""

from collections.abc import Iterator
from typing import NamedTuple

from assettrack.domain import errors
from assettrack.domain.cards import LENGTH_MAX
from assettrack.domain.labels import Label, Symbology, asset_label
from assettrack.paper.label_codes import MM_PER_INCH, Symbol, modules_in_dots, symbol_of
from assettrack.paper.label_sheets import SHEETS, Pair
from assettrack.paper.lettering import SIZE_MIN, Lettering, Style, bold, cut, regular, width_of

EDGE_MM = 1.0
"""Free at each edge of a label: printers and sheets are off by so much."""

BARS_MM_LEAST, BARS_MM_MOST = 5.0, 18.0
"""How high bars are: lower ones ask for too much aim."""

_BARS_PART = 0.45
"""So much of a label's height is left to the bars, if the words can do with less."""

GAP_MM = 0.8
"""Between a code and its words. Quiet zones are kept besides."""

POINTS_PER_INCH = 72
_LEADING = 1.2
_TITLE_MOST, _SMALL_MOST = 18.0, 8.0
_BROKEN_FROM, _CUT_FROM = 7.5, 6.0
"""In letters of these sizes, in points, a title is broken into lines, and a name cut, rather than made smaller."""


class PlacedText(NamedTuple):
    """A shown text on one line; ``x`` is where it begins, or its middle if it is ``centred``; ``y`` its base line."""

    x: float
    y: float
    text: str
    style: Style
    centred: bool = False


class LabelLayout(NamedTuple):
    """A label laid out for a printer of so many dots an inch.

    ``left`` and ``top`` are those of the first dark module, ``high`` is the height of bars, 0 for a square.
    """

    symbol: Symbol
    module: int
    left: int
    top: int
    high: int
    texts: tuple[PlacedText, ...]
    dpi: int

    @property
    def module_mm(self) -> float:
        """How wide a module is."""
        return self.module * MM_PER_INCH / self.dpi


class _Words(NamedTuple):
    """Lines of words that fit somewhere, and their height in points."""

    lines: tuple[tuple[str, Style], ...]

    @property
    def height(self) -> float:
        return sum(style.size * _LEADING for _, style in self.lines)


class _Box(NamedTuple):
    """What is inside a label's edges, in dots, and what a dot is in points."""

    wide: float
    high: float
    edge: float
    point: float
    dpi: int

    def dots(self, millimetres: float) -> float:
        return millimetres * self.dpi / MM_PER_INCH


def laid_out(label: Label, size: Pair, dpi: int, letters: Lettering) -> LabelLayout:
    """Return a label laid out on one of this size in millimetres.

    Raises:
        errors.ValueUnusable: it does not fit; the sentence says what would.
    """
    found = _layout(label, size, dpi, letters)
    if found is None:
        raise errors.ValueUnusable("The label", label.title[:60], _why_not(label, size, dpi, letters))
    return found


def longest_tag(size: Pair, dpi: int, letters: Lettering) -> int:
    """Return how many letters an asset tag can have at most so that its Code 128 fits on a label of this size."""
    tags = ("A" * length for length in range(LENGTH_MAX, 0, -1))
    return next((len(tag) for tag in tags if _layout(asset_label(tag), size, dpi, letters) is not None), 0)


def _layout(label: Label, size: Pair, dpi: int, letters: Lettering) -> LabelLayout | None:
    """Return a label laid out, or None where it does not fit."""
    edge = EDGE_MM * dpi / MM_PER_INCH
    wide, high = (length * dpi / MM_PER_INCH - 2 * edge for length in size)
    box = _Box(wide, high, edge, POINTS_PER_INCH / dpi, dpi)
    symbol = symbol_of(label.text, label.symbology)
    if label.symbology.is_linear:
        return _with_bars(label, symbol, box, letters)
    modules = [each for each in modules_in_dots(label.symbology, dpi) if symbol.wide * each <= min(wide, high)]
    for smallest in (_BROKEN_FROM, SIZE_MIN):
        for module in modules:
            found = _with_square(label, (symbol, module), box, letters, smallest)
            if found is not None:
                return found
    return None


def _with_bars(label: Label, symbol: Symbol, box: _Box, letters: Lettering) -> LabelLayout | None:
    """Lay out bars above words, both in the middle."""
    module = next((each for each in modules_in_dots(label.symbology, box.dpi) if symbol.wide * each <= box.wide), None)
    gap, least, good = box.dots(GAP_MM), box.dots(BARS_MM_LEAST), box.high * _BARS_PART
    rooms = (Pair(box.wide * box.point, (box.high - gap - bars) * box.point) for bars in (max(least, good), least))
    words = next(filter(None, (_words(label, letters, room, SIZE_MIN) for room in rooms)), None)
    if module is None or words is None:
        return None
    below = words.height / box.point + gap
    bars = int(min(box.dots(BARS_MM_MOST), box.high - below))
    top = box.edge + (box.high - bars - below) / 2
    left = box.edge + (box.wide - symbol.wide * module) / 2 + symbol.quiet * module
    middle = box.edge + box.wide / 2
    texts = _placed(words, Pair(middle, top + bars + gap), box.point, centred=True)
    return LabelLayout(symbol, module, round(left), round(top), bars, texts, box.dpi)


def _with_square(
    label: Label, sized: tuple[Symbol, int], box: _Box, letters: Lettering, smallest: float
) -> LabelLayout | None:
    """Lay out a square with words to its right, or where the label is higher than wide, below it."""
    symbol, module = sized
    side, quiet, gap = symbol.wide * module, symbol.quiet * module, box.dots(GAP_MM)
    beside = Pair((box.wide - side - gap) * box.point, box.high * box.point)
    below = Pair(box.wide * box.point, (box.high - side - gap) * box.point)
    for is_beside in (True, False) if box.wide >= box.high else (False, True):
        words = _words(label, letters, beside if is_beside else below, smallest)
        if words is None:
            continue
        high = words.height / box.point
        if is_beside:
            left, top = box.edge, box.edge + (box.high - side) / 2
            texts = _placed(words, Pair(left + side + gap, box.edge + (box.high - high) / 2), box.point)
        else:
            left, top = box.edge + (box.wide - side) / 2, box.edge + (box.high - side - gap - high) / 2
            texts = _placed(words, Pair(box.edge + box.wide / 2, top + side + gap), box.point, centred=True)
        return LabelLayout(symbol, module, round(left + quiet), round(top + quiet), 0, texts, box.dpi)
    return None


def _words(label: Label, letters: Lettering, room: Pair, smallest: float) -> _Words | None:
    """Return the words of a label in the largest letters with which they fit into ``room``, in points, or None."""
    title = label.title if letters.can_write(label.title) else label.numbered or letters.shown(label.title)
    size = min(_TITLE_MOST, max(smallest, 0.4 * room.down))
    while size >= smallest:
        style = bold(size)
        small = _small_lines(label, letters, room.across, regular(min(_SMALL_MOST, max(SIZE_MIN, 0.6 * size))))
        for lines in _title_lines(title, letters, (room.across, style), cuttable=label.cuttable):
            words = _Words((*((line, style) for line in lines), *small))
            fits = all(width_of(line, each) <= room.across for line, each in words.lines)
            if fits and words.height <= room.down:
                return words
        size -= 0.5
    return None


def _title_lines(title: str, letters: Lettering, set_in: tuple[float, Style], *, cuttable: bool) -> Iterator[list[str]]:
    """Yield a title in the lines it may be set in, in this width and style, the best first."""
    width, style = set_in
    yield [title]
    if style.size <= _BROKEN_FROM or cuttable:
        lines = list(letters.lines(title, width, style))
        if not cuttable or len(lines) <= 2:  # noqa: PLR2004 - a name takes two lines at most
            yield lines
        if len(lines) > 1 and cuttable and style.size <= _CUT_FROM:
            yield [lines[0], cut(title[len(lines[0]) :].strip(), width, style)]
            yield [cut(title, width, style)]


def _small_lines(label: Label, letters: Lettering, width: float, style: Style) -> list[tuple[str, Style]]:
    """Return what stands below the title: what it is, and what the code holds, whole; nothing if the title says it."""
    if label.text == label.title:
        return []
    text = letters.shown(label.text)
    together = " · ".join(filter(None, [label.what, text]))
    lines = [together] if width_of(together, style) <= width else [label.what, *letters.lines(text, width, style)]
    return [(line, style) for line in lines if line]


def _placed(words: _Words, at: Pair, point: float, *, centred: bool = False) -> tuple[PlacedText, ...]:
    """Return words below ``at``, beginning there, or centred on it."""
    placed, y = [], at.down
    for line, style in words.lines:
        placed.append(PlacedText(at.across, y + 0.95 * style.size / point, line, style, centred))
        y += _LEADING * style.size / point
    return tuple(placed)


def _why_not(label: Label, size: Pair, dpi: int, letters: Lettering) -> str:
    """Say why a label does not fit, and what would."""
    least = modules_in_dots(label.symbology, dpi)[-1] * MM_PER_INCH / dpi
    needed = symbol_of(label.text, label.symbology).wide * least
    free = size.across - 2 * EDGE_MM
    kind = label.symbology.said
    if needed > free:
        why = f"in {kind} it needs {needed:.1f} mm, and the label has {free:.1f} mm between its edges"
    else:
        why = f"its {kind} and its words are higher than the label, which is {size.down:.1f} mm high"
    ways = []
    others = [each for each in Symbology if not each.is_linear and each is not label.symbology and label.plain]
    fitting = [each for each in others if _layout(label.in_code(each), size, dpi, letters) is not None]
    if fitting:
        ways.append(f"{' or '.join(each.said for each in fitting)} would fit")
    sheets = [sheet for sheet in SHEETS.values() if _layout(label, sheet.label, dpi, letters) is not None]
    smallest = min(sheets, key=lambda sheet: sheet.label.across * sheet.label.down, default=None)
    if smallest is not None:
        across, down = smallest.label
        ways.append(f"a larger label would, such as {across:.1f} x {down:.1f} mm (sheet {smallest.name})")
    return f"{why}; {', or '.join(ways)}" if ways else f"{why}; take a larger label"
