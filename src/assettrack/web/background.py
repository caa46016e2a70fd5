"""Work beside the requests, on a few threads of its own: each of them keeps its view of the database.

Owns the threads. Whoever gives work must be able to end it: the server waits for all of it before it ends.
"""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

_log = logging.getLogger("assettrack.web")


class Background:
    """A few threads that are there once there is work for them."""

    def __init__(self, threads: int, name: str) -> None:
        self._threads = threads
        self._name = name
        self._guard = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None

    def run(self, work: Callable[[], None]) -> None:
        """Do some work, when a thread is free; what it breaks off with stands in the server's log."""
        with self._guard:
            self._pool = self._pool or ThreadPoolExecutor(self._threads, self._name)
            self._pool.submit(work).add_done_callback(_say_what_broke)

    def close(self) -> None:
        """Wait for all work to end; there can be none after that."""
        with self._guard:
            if self._pool is not None:
                self._pool.shutdown()


def _say_what_broke(future: "Future[None]") -> None:
    error = future.exception()
    if error is not None:
        _log.error("work beside the requests broke off", exc_info=error)
