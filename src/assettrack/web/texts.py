"""Every word that the pages show, from one file, ready to be translated.

Keys are the file's tables and names joined by points. A text may hold places in braces. One that says how many has a
form for each category of plural of its language, by CLDR's words for them: ``key.one`` and ``key.other``. What is said
by the rules (problems, refusals, notices, errors) comes from the catalogues in `domain`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

ARROW = "→"
"""Between what was before and what is after, on pages."""


class TextMissing(KeyError):
    """A text is asked for that is in no file of texts."""


def worded(texts: Mapping[str, str], key: str, places: Mapping[str, object]) -> str:
    """Return a text with its places filled in, in the form that fits its ``count``; that is written with commas.

    Raises:
        TextMissing: there is none such.
    """
    count = places.get("count")
    found = texts.get(key)
    if found is None and isinstance(count, int):
        found = texts.get(f"{key}.{plural_category(count)}")
    if found is None:
        raise TextMissing(key)
    if not places:
        return found
    return found.format_map({**places, "count": f"{count:,}"} if isinstance(count, int) else places)


def plural_category(count: int) -> str:
    """Return the category of plural of a whole number by the rule of English (CLDR): ``one`` or ``other``."""
    return "one" if count == 1 else "other"


@cache
def english() -> Mapping[str, str]:
    """Return all texts by their keys."""
    folder = resources.files("assettrack.web") / "texts"
    found: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            found |= dict(_flat(tomllib.loads(file.read_text(encoding="utf-8"))))
    return found


def _flat(table: Mapping[str, object], above: str = "") -> list[tuple[str, str]]:
    found = []
    for name, value in table.items():
        key = f"{above}{name}"
        found += _flat(value, f"{key}.") if isinstance(value, dict) else [(key, str(value))]
    return found
