"""Names that are printed on labels: asset tags, case names and slot positions.

Owns how such a text is read and what its normal form is. Everything past the edge
works with normal forms only; nothing else upper-cases, trims or compares loosely.
Must never guess: a text that is not clearly a tag is refused.
"""

import re
from typing import Final, NamedTuple

from assettrack.domain.wording import quoted

SLOTS_PER_CASE_MAX = 500
"""Most slots one case can have (DESIGN §2)."""

OUT_WORD: Final = "OUT"
"""What stands in both the case and the slot column for something that is in no case."""

USUAL_CASE_FORM: Final = "CASE-#"
"""The form of the name that a first case is usually given; see `form_of`."""

_ASSET_TAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,29}")
_CASE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _-]{0,29}")
_DIGITS = re.compile("[0-9]+")
_SLOT = re.compile(r"(?:SLOT-)?([0-9]+)", re.IGNORECASE | re.ASCII)
_LOOKS_LIKE_A_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?E[+-]?[0-9]+", re.IGNORECASE | re.ASCII)


class Place(NamedTuple):
    """A slot in a case, or :data:`OUT`."""

    case_name: str
    slot_position: int

    def __str__(self) -> str:
        """Return the place as people write it: ``CASE-01 slot 7`` or ``OUT``."""
        return OUT_WORD if self == OUT else f"{self.case_name} slot {self.slot_position}"


OUT = Place(OUT_WORD, 0)
"""The place of something that is in no case; slot 0 exists in no case."""


class NotATag(ValueError):
    """A text is not an asset tag, case name or slot position; ``reason`` says why in half a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_asset_tag(text: str) -> str:
    """Return the normal form of an asset tag: trimmed, ASCII upper case, leading zeros kept.

    Raises:
        NotATag: the text is not `[A-Z0-9][A-Z0-9-]{0,29}` or is the reserved word OUT (DESIGN §2).
    """
    trimmed = text.strip()
    if _ASSET_TAG.fullmatch(trimmed) is None:
        raise NotATag(_why_not(trimmed, "letters A-Z, digits and '-'", 30))
    tag = trimmed.upper()
    if tag == OUT_WORD:
        raise NotATag("OUT is reserved and can't be an asset tag")
    return tag


def parse_case_name(text: str) -> str:
    """Return the normal form of a case name: trimmed, ASCII upper case.

    Raises:
        NotATag: the text is not `[A-Z0-9][A-Z0-9 _-]{0,29}` or is the reserved word OUT (DESIGN §2).
    """
    trimmed = text.strip()
    if not _CASE_NAME.fullmatch(trimmed):
        raise NotATag(_why_not(trimmed, "letters A-Z, digits, spaces, '_' and '-'", 30))
    name = trimmed.upper()
    if name == OUT_WORD:
        raise NotATag("OUT is reserved and can't be a case name")
    return name


def parse_slot_position(text: str) -> int:
    """Return a slot position, 1 to 500, from ``7``, ``07`` or ``SLOT-07`` (ASCII digits only).

    Raises:
        NotATag: anything else.
    """
    trimmed = text.strip()
    match = _SLOT.fullmatch(trimmed)
    if not match:
        raise NotATag("a slot is a number such as 7, 07 or SLOT-07, in the digits 0-9")
    digits = match[1].lstrip("0")
    if not digits or len(digits) > len(str(SLOTS_PER_CASE_MAX)) or int(digits) > SLOTS_PER_CASE_MAX:
        raise NotATag(f"slots are numbered from 1 to {SLOTS_PER_CASE_MAX}")
    return int(digits)


def form_of(name: str) -> str:
    """Return a case's name or an asset's tag, in its normal form, with each number in it as ``#``."""
    return _DIGITS.sub("#", name)


def is_out(text: str) -> bool:
    """Tell whether a case or slot cell says OUT, in any ASCII case."""
    return ascii_upper(text) == OUT_WORD


def ascii_upper(text: str) -> str:
    """Return an ASCII text in upper case, any other unchanged: `upper` would make an S of the long s."""
    return text.upper() if text.isascii() else text


def _why_not(text: str, alphabet: str, length_max: int) -> str:
    """Say which rule a label text breaks, most telling first."""
    if not text:
        return "it is blank"
    if _LOOKS_LIKE_A_NUMBER.fullmatch(text):
        return "a spreadsheet turned it into a number; format the column as text and export again"
    strange = next((letter for letter in text if not letter.isascii() or not letter.isprintable()), None)
    if strange is not None:
        return f"{quoted(strange)} (U+{ord(strange):04X}) is not allowed, even where it looks like an ordinary letter"
    if len(text) > length_max:
        return f"it is {len(text)} characters long, {length_max} are allowed"
    return f"only {alphabet} are allowed, beginning with a letter or digit"
