"""The domain's sentences as a page says them: with its own ways of mending things, and times in the station's zone.

Owns how ``[on_page]`` of the texts takes the place of what would send somebody to a command line. Must never be asked
for what goes into a file, a log or the programming interface: there the catalogue's own sentence stands.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import cache

from assettrack.domain.timestamps import local_text

TABLE = "on_page."
ANYTHING = "…"
"""In a phrase of the domain this stands for any words."""

_MOMENT = re.compile(r"(?<!timestamp )\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
"""A time as the log keeps it; not the cell of a row, which is repeated as the file has it."""


def on_page(sentence: str, texts: Mapping[str, str], zone: tzinfo, *, forms: Sequence[str] = ()) -> str:
    """Return what a page says instead of a sentence of the catalogue, or of several of them one after another.

    Some phrases have ``forms`` of their own, for some pages and for some readers; the first that there is counts. So
    nobody is told to do on a page what can't be done there, and an admin is not sent to an admin.
    """
    phrases = phrases_of(texts, forms=forms)
    if phrases:
        pattern = _pattern(tuple(domain for domain, _ in phrases))
        sentence = pattern.sub(lambda found: phrases[(found.lastindex or 0) - 1][1], sentence)
    return _MOMENT.sub(lambda found: local_text(found[0], zone)[:19], sentence)


def phrases_of(texts: Mapping[str, str], *, forms: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return each phrase of the domain that has another on pages, with that other; the longest first."""
    names = [key.removesuffix(".domain") for key in texts if key.startswith(TABLE) and key.endswith(".domain")]
    said = [(name, next((form for form in (*forms, "page") if f"{name}.{form}" in texts), None)) for name in names]
    found = [(texts[f"{name}.domain"], texts[f"{name}.{form}"]) for name, form in said if form is not None]
    return sorted(found, key=lambda pair: -len(pair[0]))


def phrase_pattern(domain: str) -> str:
    """Return the pattern of one phrase."""
    return ".+?".join(re.escape(part) for part in domain.split(ANYTHING))


@cache
def _pattern(domain: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"({phrase_pattern(each)})" for each in domain))
