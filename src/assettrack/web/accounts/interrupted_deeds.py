"""What a form that met the lock is about to do, in words: nobody should send again what they can't name.

Owns how a deed is found by its address. Must never do one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from starlette.routing import BaseRoute, Match, Route

from assettrack.web.handover_events import EVENTS

SUBJECTS = ("tag", "asset_tag", "typed", "holder", "name")
"""The fields that name what a deed is about, the most telling first."""

LETTERS_MAX = 60
"""So many letters of that are shown."""


class Interrupted(NamedTuple):
    """A deed that was not done: under which name the texts have it, in which hand-over, and what it is about."""

    key: str
    event: str = ""
    about: str = ""


def interrupted(
    routes: Iterable[BaseRoute], texts: Mapping[str, str], path: str, fields: Sequence[tuple[str, str]]
) -> Interrupted | None:
    """Return what a form with these fields, sent to this path, is about to do; None where nobody can tell."""
    scope = {"type": "http", "method": "POST", "path": path.partition("?")[0], "root_path": ""}
    found = next((each.path for each in every_route(routes) if each.matches(scope)[0] is Match.FULL), "")
    steps = [step for step in found.split("/") if step and not step.startswith("{")]
    event = EVENTS.get(steps[0], "") if steps else ""
    whole = _key(texts, steps)
    key = whole or _key(texts, steps[1:] if event else steps, shorter=True)
    said = dict(fields)
    about = next((said[name] for name in SUBJECTS if said.get(name)), "")
    return Interrupted(key, event, about[:LETTERS_MAX]) if key else None


def every_route(routes: Iterable[BaseRoute]) -> Iterator[Route]:
    """Yield all routes that have an address of their own, those of areas that were put together too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from every_route(inner.routes)
        elif isinstance(route, Route):
            yield route


def _key(texts: Mapping[str, str], steps: Sequence[str], *, shorter: bool = False) -> str:
    """Return the name under which the texts have a deed, or one that says less of it, or a blank one."""
    for end in range(len(steps), 0 if shorter else len(steps) - 1, -1):
        key = "_".join(steps[:end])
        if f"deeds.{key}" in texts:
            return key
    return ""
