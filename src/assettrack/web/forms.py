"""What a form says: its text fields, trimmed; of one that stands several times the last, or all on request."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData


class Fields:
    """The text fields of a form."""

    def __init__(self, form: FormData) -> None:
        self._pairs = [(name, value.strip()) for name, value in form.multi_items() if isinstance(value, str)]
        self._last = dict(self._pairs)

    def __getitem__(self, name: str) -> str:
        """Return a field, blank where it is missing."""
        return self._last.get(name, "")

    def all(self, name: str) -> Sequence[str]:
        """Return all values of a field that may stand several times, blank ones left out."""
        return [value for found, value in self._pairs if found == name and value]


async def _fields(request: Request) -> Fields:
    return Fields(await request.form())


FormFields = Annotated[Fields, Depends(_fields)]
"""A route's parameter of this type is the form that was sent."""
