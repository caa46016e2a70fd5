"""Names: those that are typed are brought into the form in which they are kept, and looked up; others are found."""

from collections.abc import Mapping
from typing import TypeVar

from assettrack.domain import errors, station_errors
from assettrack.domain.holders import Holder, is_name, normal_name, why_no_name
from assettrack.services.ports import Snapshot

Key = TypeVar("Key", int, str)

NEAR_NAMED = 3
"""So many names are offered where nobody has the one that was typed."""


def clean_name(text: str, what: str = "The name") -> str:
    """Return a name in NFC with its spaces collapsed; ``what`` it is goes into the sentence of an error.

    Raises:
        errors.ValueUnusable: it is blank, too long or unprintable.
    """
    clean = normal_name(text)
    if not is_name(clean):
        raise errors.ValueUnusable(what, text, why_no_name(clean))
    return clean


def require_named(snapshot: Snapshot, name: str) -> Holder:
    """Return the holder whom a name means in any spelling.

    Raises:
        errors.ValueUnusable: it can't be a name at all.
        errors.NotFound: there is none; the sentence offers names that are almost the same.
    """
    clean = clean_name(name)
    register = snapshot.holders_named([clean])
    holder = register.named(clean)
    if holder is None:
        raise errors.NotFound("holder", clean, register.near(clean)[:NEAR_NAMED])
    return holder


def require_meant(snapshot: Snapshot, name: str, number: int | None) -> Holder:
    """Return the holder whom a page showed under a name, by number; without one, as `require_named`.

    Raises:
        errors.ValueUnusable, errors.NotFound: as `require_named`, or nobody has that number.
    """
    if number is None:
        return require_named(snapshot, name)
    holder = snapshot.holder(number)
    if holder is None:
        raise errors.NotFound("holder", f"{name} (holder {number})")
    return holder


def name_of(what: str, names: Mapping[Key, str], key: Key) -> str:
    """Return the name of something that something else refers to.

    Raises:
        station_errors.DatabaseDamaged: it is gone.
    """
    if key not in names:
        raise station_errors.DatabaseDamaged(f"{what} {key} is gone, though something refers to it")
    return names[key]
