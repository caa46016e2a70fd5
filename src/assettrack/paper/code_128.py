"""Code 128 (ISO/IEC 15417): a text as bars, in as few modules as its digits allow.

Owns the patterns and the choice between sets B (letters) and C (pairs of digits). Must never know how wide a module is.
"""

from typing import NamedTuple

QUIET = 10
"""White modules before and after the bars (ISO/IEC 15417)."""

_PATTERNS = (
    "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221"
    "223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321"
    "112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131"
    "311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114"
    "122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141"
    "214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232"
)
"""Six digits for each value from 0 to 105: how wide its bars and spaces are, in turn."""

_STOP = "2331112"
_START_B, _START_C, _TO_B, _TO_C = 104, 105, 100, 99

_OTHER = {"B": "C", "C": "B"}
_TAKEN = {"B": 1, "C": 2}
"""How many letters a symbol of each set holds."""

_NEVER = 1_000_000


class Encoded(NamedTuple):
    """A text as the values of its symbols, start first, and the parts of it in each set (``B`` or ``C``)."""

    values: tuple[int, ...]
    parts: tuple[tuple[str, str], ...]

    @property
    def modules(self) -> int:
        """How wide it is in modules, quiet zones left out: 11 for each symbol and the check, 13 for the stop."""
        return 11 * (len(self.values) + 1) + 13


def encoded(text: str) -> Encoded:
    """Return a text as symbols.

    Raises:
        ValueError: it has other letters than printable ASCII, or none.
    """
    if not text or not (text.isascii() and text.isprintable()):
        raise ValueError(f"Code 128 here holds printable ASCII only, not {text!a}")
    parts = _parts(text)
    values = [_START_C if parts[0][0] == "C" else _START_B]
    for number, (letters_of, part) in enumerate(parts):
        if number:
            values.append(_TO_C if letters_of == "C" else _TO_B)
        if letters_of == "C":
            values += [int(part[at : at + 2]) for at in range(0, len(part), 2)]
        else:
            values += [ord(letter) - 32 for letter in part]
    return Encoded(tuple(values), tuple(parts))


def modules_of(code: Encoded) -> bytes:
    """Return the modules in order, a dark one 1, a light one 0, quiet zones left out."""
    check = (code.values[0] + sum(at * value for at, value in enumerate(code.values))) % 103
    widths = "".join([*(_PATTERNS[6 * value : 6 * value + 6] for value in (*code.values, check)), _STOP])
    return b"".join(bytes([1 - at % 2]) * int(width) for at, width in enumerate(widths))


def _parts(text: str) -> list[tuple[str, str]]:
    """Return a text cut where the set changes, so that it has the fewest symbols."""
    costs = _costs(text)
    parts: list[tuple[str, str]] = []
    at, current = 0, "C" if costs["C"][0] < costs["B"][0] else "B"
    while at < len(text):
        stays, changed = _step(costs, text, at, current), 1 + _step(costs, text, at, _OTHER[current])
        current = current if stays <= changed else _OTHER[current]
        taken = text[at : at + _TAKEN[current]]
        if parts and parts[-1][0] == current:
            parts[-1] = (current, parts[-1][1] + taken)
        else:
            parts.append((current, taken))
        at += len(taken)
    return parts


def _costs(text: str) -> dict[str, list[int]]:
    """Return how many symbols the rest of a text has at least, by the set that holds before it."""
    costs = {letters_of: [_NEVER] * len(text) + [0] for letters_of in _OTHER}
    for at in reversed(range(len(text))):
        steps = {letters_of: _step(costs, text, at, letters_of) for letters_of in _OTHER}
        for letters_of, other in _OTHER.items():
            costs[letters_of][at] = min(steps[letters_of], 1 + steps[other])
    return costs


def _step(costs: dict[str, list[int]], text: str, at: int, letters_of: str) -> int:
    """Return how many symbols the rest has if the next one is of this set; more than can be where it can't be."""
    taken = text[at : at + _TAKEN[letters_of]]
    if letters_of == "C" and not (len(taken) > 1 and taken.isdecimal()):
        return _NEVER
    return 1 + costs[letters_of][at + len(taken)]
