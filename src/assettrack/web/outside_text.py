"""Text from outside on a page: a tag, a name, a note, the name of a file. It never changes how the page's words read.

Owns how letters are shown that can't be seen and turn the direction of what stands around them. Must never be asked for
what goes into a file or a log: there the text stands as it came.
"""

import re
import unicodedata

from markupsafe import Markup

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""General categories (Unicode, chapter 4.5) of letters that can't be seen: controls, formats and ends of lines."""

_OF_THE_PAGE = frozenset("\n\r\t")
"""Controls that a page shows as what they are: in a checkpoint, or in notes of several lines."""

_TO_THE_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
"""The blocks whose letters are written from right to left (Unicode bidirectional classes R, AL and AN)."""

_RUN = re.compile(f"[{_TO_THE_LEFT}](?:[ {_TO_THE_LEFT}]*[{_TO_THE_LEFT}])?")
_FIRST_STRONG_ISOLATE, _POP = "\u2068", "\u2069"


def shown(text: str) -> str:
    """Return a text with each letter that can't be seen as its Unicode number, such as ``⟨U+202E⟩``."""
    return text if text.isprintable() else "".join(map(_seen, text))


def finalized(value: object) -> object:
    """Return a value as a template puts it on a page; what is markup already was put together from such values."""
    return shown(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def sentence(text: str) -> Markup:
    """Return a sentence as markup, in which what is written from right to left turns round no word beside it.

    What is written so stands between FSI and PDI (UAX #9): the way of isolating that goes into attributes too.
    """
    return Markup.escape(_RUN.sub(_isolated, shown(text)))


def _isolated(found: re.Match[str]) -> str:
    return f"{_FIRST_STRONG_ISOLATE}{found[0]}{_POP}"


def _seen(letter: str) -> str:
    if letter in _OF_THE_PAGE or unicodedata.category(letter) not in _UNSEEN:
        return letter
    return f"⟨U+{ord(letter):04X}⟩"
