"""What the browser station remembers between two requests, as Protocols; `store.desk` fulfils them.

Nothing here is state of assets, holders or people: that lives in the log. Losing the desk's file loses
sessions and scans that were not committed yet, and nothing else. Every call is one transaction, saved when
it returns. Times are UTC texts of fixed width (`domain.timestamps`).
"""

from collections.abc import Sequence
from typing import BinaryIO, Protocol

from assettrack.domain.desk_rows import (
    NOTHING_ELSE,
    AtOnce,
    Carry,
    Draft,
    Failures,
    KeptAnswer,
    Look,
    QueueRow,
    ScanRow,
    SessionRow,
    Understood,
)


class SessionShelf(Protocol):
    """Sessions, failed sign-ins and one-time links."""

    def secret(self) -> bytes:
        """Return the desk's own secret (32 bytes), by which it knows what it wrote into a page."""

    def keep_session(self, session: SessionRow) -> None:
        """Keep a new session. Nothing else brings one into being, so one that was ended never comes back."""

    def see_session(self, session_sha256: bytes, seen_at: str) -> bool:
        """Keep when somebody was seen at a session; False where it ended, is locked, or was seen later than that."""

    def lock_session(self, session_sha256: bytes, seen_at: str | None = None) -> bool:
        """Lock a session, with ``seen_at`` only while it was seen last then; tell whether it was open until now."""

    def unlock_session(self, session_sha256: bytes, seen_at: str) -> bool:
        """Open a locked session, in which somebody is seen; tell whether it was locked until now."""

    def session(self, session_sha256: bytes) -> SessionRow | None:
        """Return a session, or None."""

    def sessions_of(self, account_id: int) -> Sequence[SessionRow]:
        """Return the sessions of an account, the one seen last first."""

    def end_session(self, session_sha256: bytes) -> bool:
        """Forget a session; tell whether there was one such."""

    def end_sessions_of(self, account_id: int, but: bytes | None = None) -> int:
        """Forget the sessions of an account, but one; return how many there were."""

    def begin_try(self, subjects: Sequence[str], now: str, look: Look) -> tuple[int, Sequence[Failures]]:
        """Count a try to sign in as a failure of names and addresses, before anything is checked.

        ``look`` says of each what its failures are by now, and how many seconds they make it wait yet. Returns the most
        seconds left, and the failures of each with this one; where seconds are left, nothing is counted, but a last
        failure ahead of now is kept as one of now. Of tries at once each sees the ones counted before it.
        """

    def end_try(self, name: str, address: str) -> None:
        """Forget all failures of a name, and one of an address, because a try was none."""

    def failures(self, subject: str) -> Failures | None:
        """Return how often in a row signing in failed for a name or an address, or None."""

    def forget_failures(self, subject: str) -> None:
        """Forget how often it failed."""

    def sweep_failures(self, before: str, now: str) -> None:
        """Forget failures of which the last was before a moment; those ahead of now are kept as of now."""

    def last_code(self, account_id: int) -> int:
        """Return the step of the last second-factor code that was accepted, 0 before the first."""

    def keep_code(self, account_id: int, step: int) -> bool:
        """Keep the step of an accepted code; return False where that one or a later one was accepted before."""

    def keep_setup_link(self, link_sha256: bytes, made_at: str) -> None:
        """Keep a one-time link in the place of all earlier ones."""

    def setup_link_made_at(self, link_sha256: bytes) -> str | None:
        """Return when a one-time link was made, or None where there is none such."""

    def end_setup_links(self) -> None:
        """Forget all one-time links."""


class QueueShelf(Protocol):
    """Queues of scans, durable before a scan is shown as accepted."""

    def open_queue(self, account_id: int, name: str, now: str) -> QueueRow:
        """Return the open queue of an account, opened now where there is none."""

    def queue(self, queue_id: int) -> QueueRow | None:
        """Return a queue, or None."""

    def open_queues(self) -> Sequence[QueueRow]:
        """Return all open queues, the oldest first."""

    def scans(self, queue_id: int) -> Sequence[ScanRow]:
        """Return the scans of a queue in their order, removed ones too."""

    def sent_before(self, account_id: int, sent_as: str) -> Sequence[tuple[int, int]]:
        """Return the queues and numbers of what was sent under this name into one of an account's latest queues."""

    def add_scans(
        self,
        queue_id: int,
        scans: Sequence[tuple[str, str, str]],
        context: str | None = None,
        sent_as: str | None = None,
        understood: Understood | None = None,
    ) -> list[int] | None:
        """Append scans (scanned_at, typed, meant), all or none, with a new context; return their numbers.

        What was sent under this name before, because an answer was lost, is not added again. Where the queue is not
        any more what they were ``understood`` on, nothing is added, and None is returned.

        Raises:
            desk_errors.QueueClosed: the queue is closed.
            desk_errors.QueueCommitting: they undo one that is being committed. So it is with all changes below.
        """

    def change_scans(
        self, queue_id: int, meants: Sequence[tuple[int, str]], revision: int, context: str | None = None
    ) -> bool:
        """Let scans (number, meant) mean something else, all or none, with a new context, which stays without one.

        False where the queue has another ``revision`` by now: nothing is changed then.
        """

    def remove_scans(
        self, queue_id: int, numbers: Sequence[int], now: str, besides: AtOnce = NOTHING_ELSE
    ) -> int | None:
        """Mark scans as removed, and change in the same step what is said ``besides``, also of those scans.

        Return how many were not removed before; None where the queue has another revision by now, and nothing is done.
        """

    def restore_scans(self, queue_id: int, removed_at: str, besides: AtOnce = NOTHING_ELSE) -> int | None:
        """Bring back the scans that were removed at that moment, and change in the same step what is said ``besides``.

        Return how many; None as `remove_scans`.
        """

    def begin_commit(self, queue_id: int, now: str) -> QueueRow | None:
        """Mark a queue as being committed with the scans that it has now; return it, or None where it is closed.

        Raises:
            desk_errors.QueueCommitting: it is marked already.
        """

    def end_commit(self, queue_id: int) -> None:
        """Take the mark away: nothing of the queue was committed."""

    def close_queue(
        self, queue_id: int, now: str, batch_id: int | None, revision: int | None = None, carry: Carry | None = None
    ) -> bool:
        """Close a queue, as the batch it became; return False where that can't be.

        It can't where it was closed before, has another ``revision`` by now, or is being committed and nothing
        is said of the scans that came since. What they ``carry`` on is, with the context, the next open queue.
        """


class DraftShelf(Protocol):
    """What was checked and may be committed, answers to repeated requests, and what people prefer."""

    def keep_draft(self, draft: Draft) -> bool:
        """Keep a draft; return False where one of the same name has an answer, or is somebody else's: that stays."""

    def draft(self, draft: str, account_id: int) -> Draft | None:
        """Return a draft of an account, or None."""

    def answer_draft(self, draft: str, answer: str) -> None:
        """Keep where the answer to a draft is."""

    def kinds_answered(self, answer: str) -> Sequence[str]:
        """Return of which kinds drafts are whose answer is this one, as far as they are kept."""

    def begin_answer(
        self, account_id: int, key: str, request_sha256: bytes, now: str, log_size: int
    ) -> KeptAnswer | None:
        """Return what is kept under an idempotency key; where that is nothing, keep that the work begins now."""

    def keep_answer(self, account_id: int, key: str, status: int, answer: str) -> None:
        """Keep the answer to a request."""

    def forget_answer(self, account_id: int, key: str) -> None:
        """Forget a request that did nothing, so that it can be tried again."""

    def preference(self, account_id: int, name: str) -> str | None:
        """Return what somebody prefers, or None."""

    def keep_preference(self, account_id: int, name: str, value: str) -> None:
        """Keep what somebody prefers."""

    def sweep(self, before: str) -> None:
        """Forget sessions last seen, and drafts and answers made, before a moment."""


class UploadShelf(Protocol):
    """Files that were sent and wait to be checked, each account's its own. Losing one costs sending it again."""

    def keep(self, account_id: int, sent: BinaryIO) -> str:
        """Keep what an account sent; return the name by which it is found.

        Raises:
            desk_errors.UploadsFull: too much of the account waits already.
            station_errors.StorageFailed: it can't be kept.
        """

    def find(self, name: str) -> bytes | None:
        """Return what was kept under a name, or None where it is gone or is something else."""

    def drop(self, name: str) -> None:
        """Remove what is not needed any more."""

    def sweep(self) -> None:
        """Remove what has waited for too long."""


class Desk(SessionShelf, QueueShelf, DraftShelf, Protocol):
    """All of it."""
