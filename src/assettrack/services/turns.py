"""One at a time: the locks by which requests of one account wait for each other.

Owns which requests wait for which. One server serves a station, so that a lock of its process is enough; what has to
outlive the process is kept at the desk.
"""

import threading
from weakref import WeakKeyDictionary


class Turns:
    """A lock for each account at each desk."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._locks: WeakKeyDictionary[object, dict[int, threading.Lock]] = WeakKeyDictionary()

    def of(self, desk: object, account_id: int) -> threading.Lock:
        """Return the lock of an account, the same each time."""
        with self._guard:
            return self._locks.setdefault(desk, {}).setdefault(account_id, threading.Lock())
