"""Verifying the log beside the requests: one at a time, its outcome kept until the next.

Reading a log of a million entries takes half a minute, which no request can wait for.
"""

import threading
from collections.abc import Sequence
from functools import partial

import msgspec

from assettrack.domain import errors
from assettrack.domain.timestamps import utc_text
from assettrack.services import audit, verification
from assettrack.services.ports import Workplace
from assettrack.services.verification import DatabaseVerification
from assettrack.web.background import Background


class Run(msgspec.Struct, frozen=True):
    """A verification: who started it when, how far it is, and once it ended when, and what it found.

    ``entries`` of ``total`` were read. Where it ended without finding anything out, ``failed`` may say why.
    """

    by: str
    started_at: str
    total: int
    with_notes: bool
    entries: int = 0
    ended_at: str | None = None
    found: DatabaseVerification | None = None
    failed: str = ""

    @property
    def is_going_on(self) -> bool:
        """Whether it has not ended yet."""
        return self.ended_at is None


class _Stopped(Exception):
    """The server ends."""


class VerificationRun:
    """The verification that goes on, or the last one; for all threads of a process."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._background = Background(1, "verification")
        self._stopped = threading.Event()
        self._run: Run | None = None

    @property
    def latest(self) -> Run | None:
        """The verification that goes on, else the last one, or None."""
        return self._run

    def start(self, workplace: Workplace, notes: Sequence[str]) -> bool:
        """Start verifying; return False where one goes on already, to which nothing is done.

        ``notes`` are checkpoints kept elsewhere, as `verification.verify` takes them.
        """
        total = audit.log_size(workplace)
        with self._guard:
            if self._run is not None and self._run.is_going_on:
                return False
            self._run = Run(workplace.operator or "", utc_text(workplace.now()), total, with_notes=bool(notes))
        self._background.run(partial(self._verify, workplace, notes))
        return True

    def close(self) -> None:
        """End what goes on, and wait for it."""
        self._stopped.set()
        self._background.close()

    def _verify(self, workplace: Workplace, notes: Sequence[str]) -> None:
        found, failed = None, ""
        try:
            found = verification.verify(workplace, notes, self._advance)
        except errors.AssetTrackError as error:
            failed = str(error)
        except _Stopped:
            pass
        finally:
            self._change(ended_at=utc_text(workplace.now()), found=found, failed=failed)

    def _advance(self, entries: int) -> None:
        if self._stopped.is_set():
            raise _Stopped
        self._change(entries=entries)

    def _change(self, **facts: object) -> None:
        with self._guard:
            assert self._run is not None, "it was started"
            self._run = msgspec.structs.replace(self._run, **facts)
