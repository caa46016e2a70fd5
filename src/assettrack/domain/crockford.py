"""Codes that people read aloud and type: Crockford's base 32, in groups of four letters.

Owns how such a code is written and read again (Douglas Crockford, "Base 32", 2019). Must never guess at what is none.
"""

import unicodedata

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""None of them looks like another: I, L and O mean 1, 1 and 0, and U is left out."""

_GROUP = 4
_BITS = 5
_LOOKALIKES = str.maketrans("OIL", "011")


def written(number: int, length: int) -> str:
    """Return the lowest bits of a number as a code of so many letters, five bits each: ``K7QF-2M9X``."""
    return _grouped("".join(LETTERS[number >> shift & 31] for shift in range((length - 1) * _BITS, -1, -_BITS)))


def read(text: str, length: int) -> str | None:
    """Return a typed code of so many letters in the form in which it is shown, or None where it can't be one.

    Case, dashes and spaces don't matter, and O, I and L mean 0, 1 and 1.
    """
    typed = "".join(letter for letter in text if not letter.isspace() and unicodedata.category(letter) != "Pd")
    letters = typed.upper().translate(_LOOKALIKES)
    if not typed.isascii() or len(letters) != length or any(letter not in LETTERS for letter in letters):
        return None
    return _grouped(letters)


def _grouped(letters: str) -> str:
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))
