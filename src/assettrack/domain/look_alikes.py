"""Names that look alike though they are not written alike: which known names a new one could be taken for.

Owns which letters are twins. Those of Cyrillic and Greek, in either case, and the i without its dot look like the Latin
ones that Unicode's table of confusable characters gives them (Unicode Technical Standard 39, section 4). Must never
decide who somebody is: what a name could be taken for is a doubt, as a near name is (`near_names`).
"""

from collections.abc import Iterable

from assettrack.domain.holders import name_key, near_among

_CYRILLIC = (
    "\u0430\u0432\u0435\u0456\u043a\u043c\u043d\u043e\u0440\u0441\u0442\u0443\u0445\u0455\u0458\u0501\u051b\u051d",
    "abeikmhopctyxsjdqw",
)
_GREEK = ("\u03b1\u03b2\u03b5\u03b6\u03b7\u03b9\u03ba\u03bc\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7", "abezhikmnoptyx")

_TWINS = str.maketrans(dict((*zip(*_CYRILLIC, strict=True), *zip(*_GREEK, strict=True), ("\u0131", "i"))))
_FIGURES = str.maketrans("01i", "oll")
"""Figures that look like letters, and a letter that looks like another, as in "Ian" and "lan"."""


def alike_among(name: str, names: Iterable[str]) -> list[str]:
    """Return those of ``names`` that look like ``name`` or are almost it, without itself: look-alikes first."""
    others = [known for known in names if name_key(known) != name_key(name)]
    seen = _seen(name)
    twins = [known for known in others if looks_like(known, name)]
    near: list[str] = []
    for spelling in near_among(seen, map(_seen, others)):
        near += [known for known in others if _seen(known) == spelling and known not in twins]
    return [*sorted(twins), *near]


def looks_like(name: str, other: str) -> bool:
    """Tell whether two names can't be told apart by what they look like, or are the same one."""
    return _seen(name).translate(_FIGURES) == _seen(other).translate(_FIGURES)


def _seen(name: str) -> str:
    """Return a name by what its letters look like."""
    return name_key(name).translate(_TWINS)
