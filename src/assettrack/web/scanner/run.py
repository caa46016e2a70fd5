"""What is done with the scanner beside the requests: one thing at a time, its outcome kept until the next.

A scanner is asked for seconds, one that is full for minutes, which no request can wait for. Owns that nobody else can
begin meanwhile, and that a server which ends breaks off reading, but never a clear.
"""

import threading
from collections.abc import Callable
from functools import partial
from typing import Literal

import msgspec

from assettrack.domain import errors
from assettrack.domain.timestamps import utc_text
from assettrack.services.ports import Workplace
from assettrack.services.scanner_ports import Progress
from assettrack.services.scanner_sessions import Seen
from assettrack.web.background import Background

Kind = Literal["look", "read", "safe", "clock", "clear"]


class Outcome(msgspec.Struct, frozen=True):
    """What came of a run: where it leads, blank for nowhere, and the scanner as seen at its end, None if not known.

    ``failed`` says why it ended with a problem, blank where it did not; it leads then to where that is mended.
    """

    leads_to: str
    seen: Seen | None = None
    failed: str = ""


class Run(msgspec.Struct, frozen=True):
    """Something that is done with the scanner: what, by whom, since when, how many bytes came so far.

    Once it ended there is ``leads_to``, or ``failed`` says what was the problem; with both it leads to where that is
    mended. ``about`` is the path of the page that it was begun on.
    """

    name: str
    kind: Kind
    by: str
    account_id: int
    started_at: str
    about: str
    received: int = 0
    ended_at: str | None = None
    leads_to: str = ""
    failed: str = ""

    @property
    def is_going_on(self) -> bool:
        """Whether it has not ended yet."""
        return self.ended_at is None


class Asked(msgspec.Struct, frozen=True):
    """What somebody wants to be done with the scanner, under a name that nobody can guess, and from which page."""

    name: str
    kind: Kind
    account_id: int
    about: str


Work = Callable[[Progress], Outcome]
"""What is done; it tells how many bytes have come. Being told so may break it off."""


class _Stopped(Exception):
    """The server ends."""


class ScannerRun:
    """What is done with the scanner, or was done last; for all threads of a process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._background = Background(1, "scanner")
        self._stopped = threading.Event()
        self._run: Run | None = None
        self._seen: Seen | None = None

    @property
    def latest(self) -> Run | None:
        """What goes on, else what was done last, or None."""
        return self._run

    @property
    def seen(self) -> Seen | None:
        """The scanner as it was seen last, or None."""
        return self._seen

    def start(self, workplace: Workplace, asked: Asked, work: Work) -> Run:
        """Begin, and return it; where something goes on already, return that, to which nothing is done."""
        started = utc_text(workplace.now())
        with self._guard:
            if self._run is not None and self._run.is_going_on:
                return self._run
            by = workplace.operator or ""
            self._run = begun = Run(asked.name, asked.kind, by, asked.account_id, started, asked.about)
        self._background.run(partial(self._do, workplace, work))
        return begun

    def close(self) -> None:
        """End what goes on, and wait for it; a clear is done to its end."""
        self._stopped.set()
        self._background.close()

    def _do(self, workplace: Workplace, work: Work) -> None:
        found, failed = Outcome(""), ""
        try:
            found = work(self._advance)
        except errors.AssetTrackError as error:
            failed = str(error)
        except _Stopped:
            pass
        finally:
            ended = utc_text(workplace.now())
            with self._guard:
                self._seen = found.seen or self._seen
            self._change(ended_at=ended, leads_to=found.leads_to, failed=failed or found.failed)

    def _advance(self, received: int) -> None:
        if self._stopped.is_set():
            raise _Stopped
        self._change(received=received)

    def _change(self, **facts: object) -> None:
        with self._guard:
            assert self._run is not None, "it was started"
            self._run = msgspec.structs.replace(self._run, **facts)
