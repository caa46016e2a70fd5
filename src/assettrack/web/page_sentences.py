"""The domain's sentences as a page says them: with its own ways of mending things, and times in the station's zone.

Owns how ``[on_page]`` of the texts takes the place of what would send somebody to a command line. Must never be asked
for what goes into a file, a log or the programming interface: there the catalogue's own sentence stands.
"""

import re
from collections.abc import Mapping
from datetime import tzinfo
from functools import cache

from assettrack.domain.timestamps import local_text

TABLE = "on_page."
ANYTHING = "…"
"""In a phrase of the domain this stands for any words."""

_MOMENT = re.compile(r"(?<!timestamp )\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
"""A time as the log keeps it; not the cell of a row, which is repeated as the file has it."""


def on_page(sentence: str, texts: Mapping[str, str], zone: tzinfo, *, to_admin: bool = False) -> str:
    """Return what a page says instead of a sentence of the catalogue, or of several of them one after another.

    An admin is not sent to an admin: some phrases have a form of their own for them.
    """
    phrases = phrases_of(texts, to_admin=to_admin)
    if phrases:
        pattern = _pattern(tuple(domain for domain, _ in phrases))
        sentence = pattern.sub(lambda found: phrases[(found.lastindex or 0) - 1][1], sentence)
    return _MOMENT.sub(lambda found: local_text(found[0], zone)[:19], sentence)


def phrases_of(texts: Mapping[str, str], *, to_admin: bool = False) -> list[tuple[str, str]]:
    """Return each phrase of the domain that has another on pages, with that other; the longest first."""
    names = [key.removesuffix(".domain") for key in texts if key.startswith(TABLE) and key.endswith(".domain")]
    found = [
        (texts[f"{name}.domain"], texts[f"{name}.admin" if to_admin and f"{name}.admin" in texts else f"{name}.page"])
        for name in names
    ]
    return sorted(found, key=lambda pair: -len(pair[0]))


def phrase_pattern(domain: str) -> str:
    """Return the pattern of one phrase."""
    return ".+?".join(re.escape(part) for part in domain.split(ANYTHING))


@cache
def _pattern(domain: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"({phrase_pattern(each)})" for each in domain))
