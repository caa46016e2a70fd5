"""Texts that are told once: a one-time password, an API token. They are in this process's memory and nowhere else.

Owns for how long and to whom a text is shown: to the session that asked for it, for a few minutes or until it says that
it has noted it. Sending a form twice tells the same text, so that a double click loses nothing.
"""

import re
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from assettrack.domain import errors

KEPT = timedelta(minutes=5)

TextKind = Literal["password", "token"]

_NAME = re.compile("[0-9a-f]{32}")
NAME_BYTES = 16


class OneTimeText(msgspec.Struct, frozen=True):
    """A text, what it is, of whom or what, to which session it is told, until when, and where to go on."""

    kind: TextKind
    of: str
    text: str
    owner: bytes
    until: datetime
    back: str


class OneTimeTexts:
    """What is told once; for all threads of a process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._told: dict[str, OneTimeText] = {}

    def tell(self, name: str, now: datetime, owner: bytes, make: Callable[[], OneTimeText]) -> None:
        """Make a text and keep it under a name that its form was given; what is kept so already is not made again.

        Raises:
            errors.ValueUnusable: no form has such a name.
        """
        if not _NAME.fullmatch(name):
            raise errors.ValueUnusable("The form", name[:40], "it is not one of the station's; open the page anew")
        with self._guard:
            self._told = {each: told for each, told in self._told.items() if told.until > now}
            told = self._told.get(name)
            if told is None:
                self._told[name] = make()
            elif told.owner != owner:
                raise errors.ValueUnusable("The form", name, "it belongs to another session; open the page anew")

    def find(self, name: str, now: datetime, owner: bytes) -> OneTimeText | None:
        """Return a text to the session it is told to, or None."""
        with self._guard:
            told = self._told.get(name)
            return told if told is not None and told.owner == owner and told.until > now else None

    def forget(self, name: str, owner: bytes) -> None:
        """Forget a text, because it was noted."""
        with self._guard:
            told = self._told.get(name)
            if told is not None and told.owner == owner:
                del self._told[name]
