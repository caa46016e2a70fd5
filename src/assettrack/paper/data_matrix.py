"""Data Matrix ECC 200 (ISO/IEC 16022): a short text as a square of modules.

Owns the squares of one region, 10 to 26 modules wide, which hold up to 44 letters: labels have no more. Letters are
encoded as ASCII, digits in pairs.
"""

import re
from collections.abc import Iterator
from functools import cache

QUIET = 2
"""White modules around the symbol; ISO/IEC 16022 asks for one."""

_SIZES = {10: (3, 5), 12: (5, 7), 14: (8, 10), 16: (12, 12), 18: (18, 14), 20: (22, 18), 22: (30, 20), 24: (36, 24),
          26: (44, 28)}  # fmt: skip
"""By the side in modules: how many codewords of data and of error correction there are (ISO/IEC 16022, table 7)."""

_FIELD = 0x12D
"""The polynomial of the field GF(256) in which errors are corrected."""

_PAD = 129
_UNITS = re.compile(r"[0-9]{2}|.", re.DOTALL)

_CORNERS = (
    ((-1, 0), (-1, 1), (-1, 2), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)),
    ((-3, 0), (-2, 0), (-1, 0), (0, -4), (0, -3), (0, -2), (0, -1), (1, -1)),
    ((-3, 0), (-2, 0), (-1, 0), (0, -2), (0, -1), (1, -1), (2, -1), (3, -1)),
    ((-1, 0), (-1, -1), (0, -3), (0, -2), (0, -1), (1, -3), (1, -2), (1, -1)),
)
"""Where the eight modules of a codeword stand that meets a corner, negative numbers from the far edge (annex F)."""

_USUAL = ((-2, -2), (-2, -1), (-1, -2), (-1, -1), (-1, 0), (0, -2), (0, -1), (0, 0))
"""Where those of any other codeword stand, from its last one."""

Cell = tuple[int, int]


def matrix(text: str) -> tuple[bytes, ...]:
    """Return the modules, a dark one 1, a light one 0, row by row, without the quiet zone.

    Raises:
        ValueError: the text is too long for these squares, blank, or has other letters than ASCII.
    """
    if not text or not text.isascii():
        raise ValueError(f"Data Matrix here holds ASCII only, not {text!a}")
    data = [130 + int(unit) if len(unit) > 1 else ord(unit) + 1 for unit in _UNITS.findall(text)]
    side = next((side for side, (room, _) in _SIZES.items() if len(data) <= room), None)
    if side is None:
        raise ValueError(f"{len(text)} letters fit into no Data Matrix of one region")
    room, corrections = _SIZES[side]
    words = _padded(data, room)
    words += _correction(words, corrections)
    inner = side - 2
    rows = [bytearray(side) for _ in range(side)]
    for at in range(side):
        rows[at][0] = rows[-1][at] = 1
        rows[0][at] = 1 - at % 2
        rows[at][-1] = at % 2
    for (row, column), (word, bit) in _placement(inner).items():
        rows[row + 1][column + 1] = 1 if word < 0 else words[word] >> (7 - bit) & 1
    return tuple(map(bytes, rows))


def _padded(data: list[int], room: int) -> list[int]:
    """Return the codewords filled up: the first pad says that the data end, the others are made to look like chance."""
    padded = list(data)
    while len(padded) < room:
        chance = (_PAD + 149 * (len(padded) + 1) % 253) % 254 + 1
        padded.append(_PAD if len(padded) == len(data) else chance)
    return padded


def _correction(words: list[int], count: int) -> list[int]:
    """Return the Reed-Solomon codewords that correct these."""
    generator = [1]
    for power in range(1, count + 1):
        root = _exponents()[power]
        shifted = [*generator, 0]
        generator = [shifted[0], *(shifted[at] ^ _product(generator[at - 1], root) for at in range(1, len(shifted)))]
    remainder = [0] * count
    for word in words:
        factor = word ^ remainder[0]
        moved = zip([*remainder[1:], 0], generator[1:], strict=True)
        remainder = [left ^ _product(factor, part) for left, part in moved]
    return remainder


@cache
def _exponents() -> tuple[int, ...]:
    """Return the powers of two in the field."""
    powers = [1]
    for _ in range(254):
        doubled = powers[-1] << 1
        powers.append(doubled ^ _FIELD if doubled & 0x100 else doubled)
    return tuple(powers)


@cache
def _logarithms() -> dict[int, int]:
    return {value: power for power, value in enumerate(_exponents())}


def _product(one: int, other: int) -> int:
    if not one or not other:
        return 0
    return _exponents()[(_logarithms()[one] + _logarithms()[other]) % 255]


@cache
def _placement(side: int) -> dict[Cell, tuple[int, int]]:
    """Return, for each module inside the frame, which bit of which codeword it is; codeword -1 is a dark filler."""
    found: dict[Cell, tuple[int, int]] = {}
    count = 0
    for last, corner in _walk(side):
        if corner is None and last in found:
            continue
        cells = _usual_cells(last, side) if corner is None else _corner_cells(corner, side)
        found |= {cell: (count, bit) for bit, cell in enumerate(cells)}
        count += 1
    far = side - 1
    if (far, far) not in found:
        found |= {(far, far): (-1, 0), (far - 1, far - 1): (-1, 0)}
    return found


def _corner_cells(corner: int, side: int) -> list[Cell]:
    return [(row % side, column % side) for row, column in _CORNERS[corner]]


def _usual_cells(last: Cell, side: int) -> list[Cell]:
    """Return where a codeword stands; what runs over an edge goes on at the other one."""
    cells = []
    for down, right in _USUAL:
        row, column = last[0] + down, last[1] + right
        if row < 0:
            row, column = row + side, column + 4 - (side + 4) % 8
        if column < 0:
            row, column = row + 4 - (side + 4) % 8, column + side
        cells.append((row, column))
    return cells


def _walk(side: int) -> Iterator[tuple[Cell, int | None]]:
    """Yield where codewords may end, up and down the diagonals, and which corner each meets (annex F)."""
    row, column = 4, 0
    while row < side or column < side:
        meets = (
            (row, column) == (side, 0),
            (row, column) == (side - 2, 0) and side % 4 != 0,
            (row, column) == (side - 2, 0) and side // 4 % 2 == 1 and side % 4 == 0,
            (row, column) == (side + 4, 2) and side % 8 == 0,
        )
        yield from (((row, column), corner) for corner, met in enumerate(meets) if met)
        while row >= 0 and column < side:
            if row < side and column >= 0:
                yield (row, column), None
            row, column = row - 2, column + 2
        row, column = row + 1, column + 3
        while row < side and column >= 0:
            if row >= 0 and column < side:
                yield (row, column), None
            row, column = row + 2, column - 2
        row, column = row + 3, column + 1
