"""Heavy work that the station does for one person at a time, so that nobody's scan waits for it.

Owns whose turn it is, and how long somebody waits for it. Must never know what the work is.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from assettrack.domain import desk_errors

WAIT_SECONDS = 10.0
"""So long somebody waits for another's work to end; one person's second request does not wait."""


class OneAtATime:
    """Turns, one at a time in the whole station and one for each account; for all threads of a process."""

    def __init__(self, wait_seconds: float = WAIT_SECONDS) -> None:
        self._wait_seconds = wait_seconds
        self._guard = threading.Lock()
        self._turn = threading.Lock()
        self._waiting: set[int] = set()

    @contextmanager
    def turn(self, account_id: int) -> Iterator[None]:
        """Give an account the turn for as long as the block lasts.

        Raises:
            desk_errors.StationBusyChecking: it has it or waits for it already, or another keeps it for too long.
        """
        with self._guard:
            if account_id in self._waiting:
                raise desk_errors.StationBusyChecking(own=True)
            self._waiting.add(account_id)
        try:
            if not self._turn.acquire(timeout=self._wait_seconds):
                raise desk_errors.StationBusyChecking(own=False)
            try:
                yield
            finally:
                self._turn.release()
        finally:
            with self._guard:
                self._waiting.discard(account_id)
