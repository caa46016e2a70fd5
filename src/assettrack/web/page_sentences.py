"""The domain's sentences as a page says them: with its own ways of mending things, and times in the station's zone.

Owns how ``[on_page]`` of the texts takes the place of what would send somebody to a command line. Must never be asked
for what goes into a file, a log or the programming interface: there the catalogue's own sentence stands.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from functools import lru_cache

from assettrack.domain.timestamps import local_text

TABLE = "on_page."
ANYTHING = "…"
"""In a phrase of the domain this stands for any words."""

BY_HAND = frozenset({"scan", "queue", "list", "count"})
"""Where nobody sees the columns of a file, they are called as the fields of the page are."""

KEPT = 64
"""For so many kinds of pages what their sentences need is kept; there are fewer."""

_FIELDS = "fields."
"""The table of what the fields of the pages are called, by the column that each fills."""

_MOMENT = re.compile(r"(?<!timestamp )\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?Z")
"""A time as the log keeps it; not the cell of a row, which is repeated as the file has it."""


def on_page(sentence: str, texts: Mapping[str, str], zone: tzinfo, *, forms: Sequence[str] = ()) -> str:
    """Return what a page says instead of a sentence of the catalogue, or of several of them one after another.

    Some phrases have ``forms`` of their own, for some pages and for some readers; the first that there is counts. So
    nobody is told to do on a page what can't be done there, and an admin is not sent to an admin.
    """
    same = _Same(texts)
    pattern, others = _phrases(same, tuple(forms))
    if others:
        sentence = pattern.sub(lambda found: others[(found.lastindex or 0) - 1], sentence)
    if BY_HAND.intersection(forms):
        sentence = _columns(same).sub(lambda found: _called(found, texts), sentence)
    return _MOMENT.sub(lambda found: _local(found[0], zone), sentence)


def _local(moment: str, zone: tzinfo) -> str:
    """Return a time in the station's zone; what was typed and only looks like one stays as it is."""
    try:
        return local_text(moment, zone)[:19]
    except (ValueError, OverflowError):
        return moment


def phrases_of(texts: Mapping[str, str], *, forms: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return each phrase of the domain that has another on pages, with that other; the longest first."""
    names = [key.removesuffix(".domain") for key in texts if key.startswith(TABLE) and key.endswith(".domain")]
    said = [(name, next((form for form in (*forms, "page") if f"{name}.{form}" in texts), None)) for name in names]
    found = [(texts[f"{name}.domain"], texts[f"{name}.{form}"]) for name, form in said if form is not None]
    return sorted(found, key=lambda pair: -len(pair[0]))


def phrase_pattern(domain: str) -> str:
    """Return the pattern of one phrase."""
    return ".+?".join(re.escape(part) for part in domain.split(ANYTHING))


class _Same:
    """Texts that never change: what was made of them once is found again without a look at thousands of them."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.texts is self.texts

    def __hash__(self) -> int:
        return id(self.texts)


@lru_cache(maxsize=KEPT)
def _columns(same: _Same) -> re.Pattern[str]:
    """Return the pattern of a column's name; what is quoted from outside is skipped with it, and stays as it is."""
    names = "|".join(key.removeprefix(_FIELDS) for key in same.texts if key.startswith(_FIELDS) and "_" in key)
    return re.compile(rf"\"[^\"]*\"|'[^']*'|\b({names})\b")


def _called(found: re.Match[str], texts: Mapping[str, str]) -> str:
    """Return what a column's field is called, small where it does not begin the sentence."""
    if found[1] is None:
        return found[0]
    name = texts[f"{_FIELDS}{found[1]}"]
    begins = found.start() == 0 or found.string[: found.start()].endswith(". ")
    return name if begins else name[:1].lower() + name[1:]


@lru_cache(maxsize=KEPT)
def _phrases(same: _Same, forms: tuple[str, ...]) -> tuple[re.Pattern[str], list[str]]:
    """Return the pattern of all phrases, each a group of it, and what pages say instead of each."""
    phrases = phrases_of(same.texts, forms=forms)
    return re.compile("|".join(f"({phrase_pattern(domain)})" for domain, _ in phrases)), [said for _, said in phrases]
