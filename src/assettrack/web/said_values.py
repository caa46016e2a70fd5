"""What a form or a program says, brought into the form in which it is kept, or refused with what is wrong about it."""

import datetime as dt
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from assettrack.domain import desk_errors, errors
from assettrack.domain.card_catalogue import NUMBER_DIGITS_MAX
from assettrack.domain.plans import DEFAULT_COLUMNS
from assettrack.domain.scans import CELL_BYTES_MAX
from assettrack.domain.tags import NotATag, Place, parse_asset_tag, parse_case_name, parse_slot_position
from assettrack.services.chosen_holders import number_meant
from assettrack.services.intake import require_due_date
from assettrack.services.names import clean_name
from assettrack.web.forms import Fields
from assettrack.web.station import Visit

Parsed = TypeVar("Parsed")

SHOWN = 40
"""So many letters of a text that can't be used are repeated in the sentence about it."""


def asset_tag(text: str) -> str:
    """Return an asset tag.

    Raises:
        errors.ValueUnusable: it is none. So do all functions here, of what they read.
    """
    return _read("The asset tag", text, parse_asset_tag)


def asset_tags(texts: Sequence[str]) -> list[str]:
    """Return asset tags, none of them twice."""
    found: dict[str, None] = {}
    for each in texts:
        tag = asset_tag(each)
        if tag in found:
            raise errors.ValueUnusable("The asset tag", tag, "it is given twice")
        found[tag] = None
    return list(found)


def case_name(text: str) -> str:
    """Return a case name."""
    return _read("The case name", text, parse_case_name)


def place(case: str, position: int) -> Place:
    """Return a slot."""
    return Place(case_name(case), _read("The slot", str(position), parse_slot_position))


def slot(case: str, position: str) -> Place:
    """Return a slot whose position is written as on a label: ``7``, ``07`` or ``SLOT-07``."""
    return Place(case_name(case), _read("The slot", position, parse_slot_position))


def holder_number(said: str) -> int | None:
    """Return the number of a holder that a page carried, or None where it carried none."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) <= NUMBER_DIGITS_MAX else None


def number_beside(said: str) -> int | None:
    """Return the number of a holder that stands beside a name, or None where none does: the name alone says who.

    Raises:
        errors.ValueUnusable: nobody can have it. Whoever has the name may not be who was meant.
    """
    number = holder_number(said)
    if number is None and said:
        reason = "nobody can have it. Open the page anew and choose the person again"
        raise errors.ValueUnusable("The number of the holder", _short(said), reason)
    return number


def holder_chosen(visit: Visit, said: Fields, name: str) -> int | None:
    """Return the number of the holder whom a form names: of whom the form showed, where the name is as it stood there.

    Else it is whoever has the name now, None where nobody has.
    """
    number = number_beside(said["holder_number"])
    if number is not None and name == said["holder_shown"]:
        return number
    return number_meant(visit.workplace, name)


def optional(what: str, said: str) -> str:
    """Return a text as the log keeps it, blank where nothing is said."""
    return text(what, said) or "" if said.strip() else ""


def due_date(visit: Visit, said: str) -> str | None:
    """Return a date on which something can be due back, or None where nothing is said."""
    found = date("The due date", said or None)
    if found is not None:
        require_due_date(visit.workplace, found)
    return found


def named_place(case: str | None, position: int | None) -> Place:
    """Return a slot of which both parts must be said."""
    if case is None or position is None:
        raise errors.ValueUnusable("The slot", _short(case or ""), "case_name and slot_position go together")
    return place(case, position)


def person(text: str, what: str) -> str:
    """Return a name that somebody can be registered by; ``what`` it is goes into the sentence of an error."""
    return clean_name(_printable(what, text), what)


def text(what: str, said: str | None) -> str | None:
    """Return a text as the log keeps it, NFC and its spaces collapsed, or None where nothing is said."""
    if said is None:
        return None
    clean = " ".join(unicodedata.normalize("NFC", _printable(what, said)).split())
    if not clean:
        raise errors.ValueUnusable(what, _short(said), "it is blank")
    if len(clean.encode()) > CELL_BYTES_MAX:
        raise errors.ValueUnusable(what, _short(clean), f"at most {CELL_BYTES_MAX} bytes are allowed")
    return clean


def date(what: str, said: str | None) -> str | None:
    """Return a date as ``YYYY-MM-DD``, or None where nothing is said."""
    if said is None:
        return None
    try:
        found = dt.date.fromisoformat(said).isoformat()
    except ValueError:
        found = ""
    if found != said:
        raise errors.ValueUnusable(what, _short(said), "write it as YYYY-MM-DD, such as 2027-01-31")
    return found


def defaults(pairs: Sequence[str]) -> dict[str, str]:
    """Return the defaults that ``field=value`` pairs say, none of them in two ways."""
    found: dict[str, str] = {}
    for pair in pairs:
        field, equals, value = pair.partition("=")
        field = field.strip().lower()
        if not equals:
            raise errors.ValueUnusable("The default", _short(pair), "it is written FIELD=VALUE")
        if field not in DEFAULT_COLUMNS:
            possible = ", ".join(DEFAULT_COLUMNS)
            raise errors.ValueUnusable("The default", _short(pair), f"it is possible for {possible}")
        clean = text(f"The default for {field}", value) or ""
        if found.setdefault(field, clean) != clean:
            raise errors.ValueUnusable("The default", _short(pair), f"{field} has another default already")
    return found


def one_way(ways: Mapping[str, bool]) -> None:
    """Make sure that exactly one of the ways in which something can be said was taken.

    Raises:
        desk_errors.RequestUnclear: none was, or several were.
    """
    if sum(ways.values()) != 1:
        raise desk_errors.RequestUnclear(list(ways), [way for way, taken in ways.items() if taken])


def _read(what: str, said: str, parse: Callable[[str], Parsed]) -> Parsed:
    try:
        return parse(said)
    except NotATag as error:
        raise errors.ValueUnusable(what, _short(said), error.reason) from error


def _printable(what: str, said: str) -> str:
    if not " ".join(said.split()).isprintable():
        raise errors.ValueUnusable(what, _short(said), "it contains letters that can't be printed")
    return said


def _short(said: str) -> str:
    return said if len(said) <= SHOWN else f"{said[:SHOWN]}…"
