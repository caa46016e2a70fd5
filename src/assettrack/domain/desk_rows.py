"""What the browser station remembers between two requests, as values. Times are UTC texts of fixed width."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import msgspec


class SessionRow(msgspec.Struct, frozen=True):
    """A session: whose it is, since when, when it was last seen at work, and whether it is locked."""

    session_sha256: bytes
    account_id: int
    name: str
    began_at: str
    seen_at: str
    locked: bool
    address: str


class Failures(msgspec.Struct, frozen=True):
    """How often in a row signing in failed, and when last."""

    failures: int
    last_at: str


Look = Callable[[str, Failures], tuple[Failures, int]]
"""Says of a name or an address what its failures are by now, and how many seconds they make the next try wait yet."""


class QueueRow(msgspec.Struct, frozen=True):
    """A queue of scans: whose it is, its context (JSON), and the batch it became, once it is closed.

    ``revision`` counts its changes. While it is being committed, the scans numbered below ``committing_below`` are the
    batch, in ``committing_context`` (JSON); they can't be changed, and scans that come meanwhile are of the next queue.
    """

    queue_id: int
    account_id: int
    name: str
    opened_at: str
    context: str
    closed_at: str | None = None
    batch_id: int | None = None
    revision: int = 0
    committing_below: int | None = None
    committing_context: str | None = None


class Understood(msgspec.Struct, frozen=True):
    """On which revision of a queue scans were understood, and which scans (earlier ones or of their own) they undo.

    ``meants`` is what earlier scans mean by that, by number (JSON).
    """

    revision: int
    undone: Sequence[int] = ()
    meants: Sequence[tuple[int, str]] = ()


class Carried(NamedTuple):
    """A scan that goes on to the next queue: its number before, its number there, and what it means (JSON)."""

    number_before: int
    number: int
    meant: str


class ScanRow(msgspec.Struct, frozen=True):
    """A scan of a queue: as typed, when, and what it means (JSON). ``number`` counts from 1 and is never reused."""

    number: int
    scanned_at: str
    typed: str
    meant: str
    removed_at: str | None = None


class AtOnce(NamedTuple):
    """What is changed of a queue in one step with its scans: what scans mean, by number, and the context (JSON).

    Without a context that stays. With a ``revision`` it is done only where the queue has no other by now.
    """

    meants: Sequence[tuple[int, str]] = ()
    context: str | None = None
    revision: int | None = None


NOTHING_ELSE = AtOnce()

Carry = Callable[[Sequence[ScanRow], int], Sequence[Carried]]
"""Says of a queue's scans, those numbered below a number being committed, which go on to the next queue."""


class Draft(msgspec.Struct, frozen=True):
    """What was checked on a page: what it is about, its content (JSON), and where its answer is, once there is one."""

    draft: str
    account_id: int
    made_at: str
    kind: str
    body: str
    answer: str | None = None


class KeptAnswer(msgspec.Struct, frozen=True):
    """What was answered to a request with an idempotency key; ``status`` None while it is being worked on.

    ``log_size`` is how many entries the log had when the work began.
    """

    request_sha256: bytes
    log_size: int
    status: int | None
    answer: str | None
