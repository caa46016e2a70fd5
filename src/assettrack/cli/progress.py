"""Showing that work goes on: a bar or a clock on stderr, after a second, on a terminal only.

Must never slow the work down or end it: whatever is shown is gone when the work is done.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, Timer
from typing import TYPE_CHECKING

from assettrack.cli import output

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

PATIENCE_SECONDS = 1.0


class Display:
    """What is shown while work goes on; ``advance`` is told how much of ``total`` is done."""

    def __init__(self, what: str, total: int | None) -> None:
        self._what = output.inert(what)
        self._total = total
        self._done = 0
        self._over = False
        self._lock = Lock()
        self._shown: tuple[Progress, TaskID] | None = None
        self._timer = Timer(PATIENCE_SECONDS, self._appear)
        self._timer.daemon = True

    def advance(self, done: int) -> None:
        """Tell how much is done by now."""
        self._done = done
        if self._shown is not None:
            progress, task = self._shown
            progress.update(task, completed=done)

    def begin(self) -> None:
        """Wait for the patience to end."""
        self._timer.start()

    def end(self) -> None:
        """Take away what is shown."""
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._shown is not None:
                self._shown[0].stop()

    def _appear(self) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        from assettrack.cli.show.screen import Screen

        with self._lock:
            if self._over:
                return
            columns = (TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
            progress = Progress(*columns, console=Screen(sys.stderr), transient=True)
            task = progress.add_task(self._what, total=self._total, completed=self._done)
            progress.start()
            self._shown = progress, task


@contextmanager
def showing(what: str, total: int | None = None) -> Iterator[Display]:
    """Show that ``what`` goes on while the block runs; with a ``total``, how far it is."""
    display = Display(what, total)
    if not sys.stderr.isatty():
        yield display
        return
    display.begin()
    try:
        yield display
    finally:
        display.end()
