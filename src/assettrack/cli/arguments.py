"""Typed arguments: texts become tags, case names, positions and reasons here, or exit code 2 with the reason.

Past this edge nothing is trimmed, upper-cased or checked again.
"""

import datetime as dt
import unicodedata
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from assettrack.domain import errors, plans, tags
from assettrack.domain.holders import NAME_RULE, is_name
from assettrack.domain.scans import CELL_BYTES_MAX
from assettrack.domain.tags import Place

Parsed = TypeVar("Parsed")

NUMBER = click.IntRange(1, 2**53)
"""The number of an entry, a batch, a receipt or a count; JSON readers hold none above 2**53 exactly (RFC 8259 §6)."""


def asset_tag(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Read an asset tag, where it is given (a Click callback, as all of this signature here)."""
    return None if value is None else _read("The asset tag", value, tags.parse_asset_tag)


def asset_tags(_: click.Context, __: click.Parameter, values: Sequence[str]) -> list[str]:
    """Read asset tags.

    Raises:
        errors.ValueUnusable: one of them is none, or is given twice.
    """
    found: list[str] = []
    for value in values:
        tag = _read("The asset tag", value, tags.parse_asset_tag)
        if tag in found:
            raise errors.ValueUnusable("The asset tag", value, "it is given twice")
        found.append(tag)
    return found


def person(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Read a person's name, where it is given.

    Raises:
        errors.ValueUnusable: nobody can be registered by it.
    """
    if value is None:
        return None
    what = f"The name for {option.opts[0]}"
    name = read_text(what, value)
    if not is_name(name):
        raise errors.ValueUnusable(what, f"{name[:20]}…", NAME_RULE)
    return name


def notes(_: click.Context, option: click.Parameter, value: str) -> str:
    """Read notes; blank where there are none."""
    return read_text(f"The text for {option.opts[0]}", value) if value else ""


def date(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Read a date, where it is given, and return it as ``YYYY-MM-DD``.

    Raises:
        errors.ValueUnusable: it is no date, or written otherwise.
    """
    if value is None:
        return None
    try:
        found = dt.date.fromisoformat(value).isoformat()
    except ValueError:
        found = ""
    if not found or found != value:
        raise errors.ValueUnusable(
            f"The date for {option.opts[0]}", value, "write it as YYYY-MM-DD, such as 2027-01-31"
        )
    return found


def case_name(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
    """Read a case name, where it is given."""
    return None if value is None else _read("The case name", value, tags.parse_case_name)


def slot_position(_: click.Context, __: click.Parameter, value: str) -> int:
    """Read a slot position."""
    return _read("The slot", value, tags.parse_slot_position)


def place(_: click.Context, __: click.Parameter, value: tuple[str, str] | None) -> Place | None:
    """Read a case name and a slot position, where they are given."""
    if value is None:
        return None
    case, slot = value
    return Place(_read("The case name", case, tags.parse_case_name), _read("The slot", slot, tags.parse_slot_position))


def _read(what: str, text: str, parse: Callable[[str], Parsed]) -> Parsed:
    """Return what a label says.

    Raises:
        errors.ValueUnusable: it is no such label.
    """
    try:
        return parse(text)
    except tags.NotATag as error:
        raise errors.ValueUnusable(what, text, error.reason) from error


def read_text(what: str, text: str) -> str:
    """Return a typed text as the log keeps it: NFC, spaces collapsed.

    Raises:
        errors.ValueUnusable: it is blank, too long, or has letters that can't be printed.
    """
    clean = " ".join(unicodedata.normalize("NFC", text).split())
    if not clean:
        raise errors.ValueUnusable(what, text, "it is blank")
    if not clean.isprintable():
        raise errors.ValueUnusable(what, text, "it contains letters that can't be printed")
    if len(clean.encode()) > CELL_BYTES_MAX:
        raise errors.ValueUnusable(what, f"{text[:20]}…", f"at most {CELL_BYTES_MAX} bytes are allowed")
    return clean


def reason(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Read the reason that an option takes, where it is given (a Click callback)."""
    return None if value is None else read_text(f"The reason for {option.opts[0]}", value)


def defaults(_: click.Context, __: click.Parameter, values: Sequence[str]) -> dict[str, str]:
    """Read `field=value` pairs (a Click callback).

    Raises:
        errors.ValueUnusable: a pair is no pair, its field can't have a default, or two differ.
    """
    found: dict[str, str] = {}
    for pair in values:
        field, equals, value = pair.partition("=")
        field = field.strip().lower()
        if not equals:
            raise errors.ValueUnusable("The default", pair, "it is written FIELD=VALUE")
        if field not in plans.DEFAULT_COLUMNS:
            raise errors.ValueUnusable("The default", pair, f"it is possible for {', '.join(plans.DEFAULT_COLUMNS)}")
        clean = read_text(f"The default for {field}", value)
        if found.setdefault(field, clean) != clean:
            raise errors.ValueUnusable("The default", pair, f"{field} has another default already")
    return found
