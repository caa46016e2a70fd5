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


NUMBER_MAX = 2**53 - 1
"""The largest number that an address or a form may say: what every program on the way keeps exactly."""

Number = Annotated[int, Field(ge=0, le=NUMBER_MAX)]
"""A route's parameter of this type is a number that the database can look for."""

FormFields = Annotated[Fields, Depends(_fields)]
"""A route's parameter of this type is the form that was sent."""
