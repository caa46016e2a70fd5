"""Every word that the pages show, from one file, ready to be translated.

Keys are the file's tables and names joined by points. A text may hold places in braces. What the rules say (problems,
refusals, notices, errors) comes from the catalogues in `domain`.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources


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
