"""What a form says: its text fields, trimmed; of one that stands several times the last, or all on request."""

from collections.abc import Sequence
from itertools import count, takewhile
from typing import Annotated

from fastapi import Depends, Request
from pydantic import Field
from starlette.datastructures import FormData


class Fields:
    """The text fields of a form, and the ``path`` that it was sent to."""

    def __init__(self, form: FormData, path: str = "") -> None:
        self.path = path
        self._pairs = [(name, value.strip()) for name, value in form.multi_items() if isinstance(value, str)]
        self._last = dict(self._pairs)

    def __getitem__(self, name: str) -> str:
        """Return a field, blank where it is missing."""
        return self._last.get(name, "")

    def all(self, name: str) -> Sequence[str]:
        """Return all values of a field that may stand several times, blank ones left out."""
        return [value for found, value in self._pairs if found == name and value]

    def each(self, name: str) -> Sequence[str]:
        """Return the fields ``name.0``, ``name.1`` and so on, up to the first that is missing."""
        return [self._last[key] for key in takewhile(self._last.__contains__, (f"{name}.{n}" for n in count()))]

    def everything(self) -> Sequence[tuple[str, str]]:
        """Return all fields with their names, as they stand in the form."""
        return tuple(self._pairs)


async def _fields(request: Request) -> Fields:
    return Fields(await request.form(), request.url.path)


NUMBER_MAX = 2**53
"""The largest number that is said to the station: JSON readers keep none above it exactly (RFC 8259, section 6)."""

Number = Annotated[int, Field(ge=0, le=NUMBER_MAX)]
"""A route's parameter of this type is a number that the database can look for."""


def whole_number(text: str, most: int = NUMBER_MAX) -> int | None:
    """Return the number from 0 to ``most`` that an address or a form says in digits, or None where it says none."""
    digits = text.lstrip("0") or text[:1]
    if not (text.isascii() and text.isdecimal() and len(digits) <= len(str(most))):
        return None
    number = int(digits)
    return number if number <= most else None


FormFields = Annotated[Fields, Depends(_fields)]
"""A route's parameter of this type is the form that was sent."""
