"""Texts that are told once: a one-time password, an API token. They are in this process's memory and nowhere else.

Owns for how long and to whom a text is shown: to the session that asked for it, for a few minutes or until it says that
it has noted it. That a form which is sent twice tells the same text is `once`'s.
"""

import threading
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from assettrack.web.permissions import Permission

KEPT = timedelta(minutes=5)

TextKind = Literal["password", "token"]


class OneTimeText(msgspec.Struct, frozen=True):
    """A text, what it is, of whom or what, to which session it is told, until when, and where to go on.

    ``needed`` is what making it needed: whoever lost that is not told it any more.
    """

    kind: TextKind
    of: str
    text: str
    owner: bytes
    until: datetime
    back: str
    needed: Permission


class OneTimeTexts:
    """What is told once; for all threads of a process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._told: dict[str, OneTimeText] = {}

    def keep(self, name: str, now: datetime, told: OneTimeText) -> None:
        """Keep a text under the name of the form that asked for it; what had its time is forgotten."""
        with self._guard:
            self._told = {each: told for each, told in self._told.items() if told.until > now}
            self._told[name] = told

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
