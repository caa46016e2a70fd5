"""Forms of pages that may have been left open: what was chosen in them, and what came back as their page showed it.

Owns the rule for all of them. What only came back says nothing: a form that was sent for something else, from a page
however old, neither ends what holds by now nor brings back what holds no more. What is chosen over something else than
its page showed is refused, and all of the form with it. Who is stopped is shown as nobody: the form that shows so
withdraws them, and whoever is chosen in it is chosen over nobody.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from assettrack.domain.desk_errors import FormNotAsShown
from assettrack.domain.wording import quoted
from assettrack.web import said_values
from assettrack.web.forms import Fields

Kept = TypeVar("Kept", bound=msgspec.Struct)

Texts = Mapping[str, str]
"""What a form has in its fields, by their names; of a tick ``1`` where it is set, else blank."""


class Part(NamedTuple):
    """Fields that are chosen together, and the fields of what is kept that they say."""

    fields: tuple[str, ...]
    says: tuple[str, ...]


class ShownForm(NamedTuple):
    """What a form consists of.

    ``in_words`` tells what a form has in a part, beside another form from which that differs. ``carried`` names the
    fields that carry what the page showed of others; of any other it is its own name before ``_shown``.
    """

    parts: Sequence[Part]
    in_words: Callable[[Part, Texts, Texts], str]
    carried: Mapping[str, str]

    def kept_in(self, said: Fields, now: Texts) -> Texts:
        """Return what stands in a form where what it says was not done: what was chosen, else what holds ``now``."""
        return {**now, **{name: said[name] for part in self._chosen(said) for name in part.fields}}

    def said_over(self, said: Fields, by_now: Texts, now: Kept, read: Kept) -> Kept:
        """Return what holds ``now`` with what was chosen in a form that reads so; its page would show ``by_now``.

        Raises:
            desk_errors.FormNotAsShown: something is chosen over what the page did not show.
        """
        chosen = [name for part in self._chosen(said) for name in part.says]
        after = msgspec.structs.replace(now, **{name: getattr(read, name) for name in chosen})
        self.require_as_shown(said, by_now, now, after)
        return after

    def require_as_shown(self, said: Fields, by_now: Texts, now: Kept, after: Kept) -> None:
        """Make sure that nothing is said over what the page did not show, where ``after`` would hold and ``now`` does.

        What is chosen and holds already is asked once more by a second click.

        Raises:
            desk_errors.FormNotAsShown: something is.
        """
        shown = self._shown(said)
        moved = [
            part
            for part in self.parts
            if _differ(part, shown, by_now) and any(getattr(now, name) != getattr(after, name) for name in part.says)
        ]
        if moved:
            before = [self.in_words(part, shown, by_now) for part in moved]
            since = [self.in_words(part, by_now, shown) for part in moved]
            raise FormNotAsShown(", ".join(before), ", ".join(since))

    def _chosen(self, said: Fields) -> list[Part]:
        shown = self._shown(said)
        return [part for part in self.parts if any(said[name] != shown[name] for name in part.fields)]

    def _shown(self, said: Fields) -> Texts:
        """Return what a form showed on its page; what it does not say is blank."""
        names = [name for part in self.parts for name in part.fields]
        return {name: said[self.carried.get(name, f"{name}_shown")] for name in names}


HOLDER_CARRIED = {"holder": "holder_shown", "holder_number": "holder_number"}
"""A person's number is shown and never typed: whoever else is named is looked up by name."""


def carried_as_stopped(name: str, number: int | None) -> str:
    """Return what a page that shows nobody in place of a person carries of whom it does so, as ``stopped_shown``."""
    return f"{number} {name}"


def is_withdrawn(said: Fields, name: str, number: int | None) -> bool:
    """Tell whether a form withdraws a person who is kept: its page showed that one as stopped."""
    return said["stopped_shown"] == carried_as_stopped(name, number)


_WORDS = {
    "event_type": ("event {}", "no event"),
    "equipment_type": ("type {}", "no type of new assets"),
    "building_room": ("room {}", "no room"),
    "notes": ("notes {}", "no notes"),
    "due_on": ("due date {}", "no due date"),
    "how": ("acceptance by {}", "no acceptance"),
    "late_reason": ("reason for late rows {}", "no reason for late rows"),
    "operator": ("scanned by {}", "nobody who scanned"),
    "reason": ("reason {}", "no reason"),
}
"""What is said of a field with something in it, and of a blank one."""

_TICK = ("a tick", "no tick")
"""Of a tick that is a part by itself. No page's form hears it: whoever changes one that moved says what holds."""

_QUOTED = {"building_room", "notes", "late_reason", "reason"}


def field_in_words(name: str, form: Texts, other: Texts) -> str:
    """Return in words what a form has in a field, beside another form from which that differs."""
    said = form[name]
    if name == "holder":
        number = said_values.holder_number(form["holder_number"]) or "not registered then"
        number = f" (holder {number})" if said == other[name] else ""
        return f"{said}{number}" if said else "nobody yet"
    something, nothing = _WORDS.get(name, _TICK)
    return something.format(quoted(said) if name in _QUOTED else said) if said else nothing


def _differ(part: Part, form: Texts, other: Texts) -> bool:
    return any(form[name] != other[name] for name in part.fields)
