"""The program, but doomed: `python -m tests.journeys.doomed_server [BUG] serve --port 0`.

Without a bug it kills itself (SIGKILL) at a durable step of its work: where the file ``doom`` beside the database says
``before 2``, say, before the second transaction from now is committed, in the log or at the desk; ``after 2`` is after
it. With the name of a bug, the bug is planted: the checks of the day must find it. Everything else is the program's.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from assettrack.cli.main import main
from assettrack.domain.desk_rows import Draft, ScanRow, SessionRow
from assettrack.services import queues
from assettrack.store.connection import Connection, Purpose
from assettrack.store.desk import StationDesk
from assettrack.web import idempotency
from assettrack.web.batches import intake_pages

LATE_SECONDS = 0.5
"""So much later a planted bug does what was answered as done."""

_turn = threading.Lock()
_transaction = Connection.transaction


def plant(owner: object, name: str, other: object) -> None:
    """Put something else in the place of a function."""
    setattr(owner, name, other)


def die_at_steps() -> None:
    """Die at the step that the file says, once there is one."""
    doom = Path(os.environ["ASSETTRACK_DB"]).with_name("doom")

    def reached(when: str) -> None:
        with _turn:
            said, _, left = (doom.read_text("utf-8") if doom.exists() else "").partition(" ")
            if said != when:
                return
            if left == "1":
                doom.unlink()
                os.kill(os.getpid(), signal.SIGKILL)
            doom.write_text(f"{said} {int(left) - 1}", "utf-8")

    @contextmanager
    def stepping(self: Connection) -> Iterator[None]:
        is_durable = self._purpose in {Purpose.WRITE, Purpose.DESK}
        with _transaction(self):
            yield
            if is_durable:
                reached("before")
        if is_durable:
            reached("after")

    plant(Connection, "transaction", stepping)


def scans_not_stored() -> None:
    """A scan is shown as accepted, and is nowhere but in the server's memory."""
    held: list[ScanRow] = []
    stored = StationDesk.scans

    def add_scans(self: StationDesk, queue_id: int, scans: Any, *_context: Any) -> list[int]:  # noqa: ANN401 - handed on
        fresh = [ScanRow(len(self.scans(queue_id)) + number, *scan) for number, scan in enumerate(scans, 1)]
        held.extend(fresh)
        return [row.number for row in fresh]

    plant(StationDesk, "add_scans", add_scans)
    plant(StationDesk, "scans", lambda self, queue_id: [*stored(self, queue_id), *held])


def scans_stored_again() -> None:
    """A scan that is sent again under its name is taken in again."""
    store = StationDesk.add_scans

    def add_scans(self: StationDesk, queue_id: int, scans: Any, context: Any = None, *_name: Any) -> list[int] | None:  # noqa: ANN401 - handed on
        return store(self, queue_id, scans, context)

    plant(StationDesk, "add_scans", add_scans)


def drafts_not_stored() -> None:
    """A list is shown, and is nowhere but in the server's memory."""
    held: dict[str, Draft] = {}
    plant(StationDesk, "keep_draft", lambda _self, draft: held.update({draft.draft: draft}) is None)
    plant(StationDesk, "draft", lambda _self, name, _account_id: held.get(name))


def sessions_not_stored() -> None:
    """Somebody is signed in, and the session is nowhere but in the server's memory."""
    held: dict[bytes, SessionRow] = {}
    plant(StationDesk, "keep_session", lambda _self, row: held.update({row.session_sha256: row}))
    plant(StationDesk, "session", lambda _self, name: held.get(name))


def commits_done_late() -> None:
    """A commit is answered, and its queue closed, before it is durable."""
    counted = iter(range(1, 1000))

    def commit(workplace: Any, shelf: Any, queue: queues.Queue, confirm: str) -> Any:  # noqa: ANN401 - handed on
        late = threading.Timer(LATE_SECONDS, queues.commit, (workplace, shelf, queue, confirm))
        late.daemon = True
        late.start()
        number = next(counted)
        shelf.close_queue(queue.row.queue_id, "2026-01-01T00:00:00.000000Z", number)
        return SimpleNamespace(batch_id=number)

    plant(intake_pages, "commit_queue", commit)


def keys_forgotten() -> None:
    """A request that comes again under its key is done again."""
    done = idempotency.MayRepeat._done  # noqa: SLF001 - the bug goes around what would stop it

    def answered(self: Any, key: str, _digest: bytes, work: Any, *, known_by_rows: bool) -> Any:  # noqa: ANN401 - handed on
        assert known_by_rows is not None, "the planted bug is asked as the program is"
        return done(self, key, work)

    plant(idempotency.MayRepeat, "_answered", answered)


BUGS: dict[str, Callable[[], None]] = {
    bug.__name__: bug
    for bug in (
        scans_not_stored, scans_stored_again, drafts_not_stored, sessions_not_stored, commits_done_late, keys_forgotten
    )
}  # fmt: skip
"""Bugs by name."""


if __name__ == "__main__":
    if sys.argv[1] in BUGS:
        BUGS[sys.argv.pop(1)]()
    else:
        die_at_steps()
    sys.exit(main())
