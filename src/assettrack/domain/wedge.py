"""What a keyboard-wedge scanner types: the text that the code holds, freed of what the scanner adds.

Owns terminators and AIM identifiers. What Caps Lock inverts is found all the same: tags are in capitals, and names
match in any case. Must never change what the code itself holds: what is not clearly an addition stays.
"""

import re

import msgspec

LENGTH_MAX = 500
"""No code that we read is longer; what is, is shown as unreadable and not looked up."""

_AIM = re.compile(r"\][A-Za-z][0-9m]")
"""AIM identifier: the flag character, a letter for the symbology and a modifier (ISO/IEC 15424)."""

_ENDS = "\r\n\t"


class Typed(msgspec.Struct, frozen=True):
    """What a scan holds, and the AIM identifier it came with, blank where there was none."""

    text: str
    aim: str = ""


def read_typed(raw: str) -> Typed:
    """Return what a wedge typed, without its end (Enter, Tab, CR+LF), the spaces around it and its AIM identifier."""
    text = raw.strip(_ENDS).strip(" ")
    found = _AIM.match(text)
    if found is None or found.end() == len(text):
        return Typed(text)
    return Typed(text[found.end() :], found[0])


def split_scans(raw: str) -> list[str]:
    """Return the scans in what came at once: one a line or tab; a CR+LF ends one scan, not two."""
    return [part for part in re.split(r"[\r\n\t]+", raw) if part.strip()]
