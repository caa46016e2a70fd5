"""Queues of scans in the desk's file: a scan is durable before it is shown as accepted."""

from collections.abc import Sequence

from assettrack.domain import desk_errors
from assettrack.domain.desk_rows import NOTHING_ELSE, AtOnce, Carried, Carry, QueueRow, ScanRow, Understood
from assettrack.domain.timestamps import after_all
from assettrack.store.connection import Connection
from assettrack.store.desk_file import DeskFile

_QUEUE = """
    SELECT queue_id, account_id, name, opened_at, context, closed_at, batch_id, revision, committing_below,
        committing_context
    FROM desk_queues
"""
_OPEN_QUEUE = "INSERT INTO desk_queues(account_id, name, opened_at, context) VALUES (?, ?, ?, '{}')"
_BEGIN_COMMIT = """
    UPDATE desk_queues SET committing_at = ?, committing_below = next_number, committing_context = context
    WHERE queue_id = ? AND closed_at IS NULL AND committing_below IS NULL
"""
_END_COMMIT = """
    UPDATE desk_queues SET committing_at = NULL, committing_below = NULL, committing_context = NULL
    WHERE queue_id = ? AND closed_at IS NULL
"""
_CLOSE_QUEUE = "UPDATE desk_queues SET closed_at = ?, batch_id = ? WHERE queue_id = ?"
_NEXT_QUEUE = "INSERT INTO desk_queues(account_id, name, opened_at, context, next_number) VALUES (?, ?, ?, ?, ?)"
_CARRY_SCAN = "UPDATE desk_scans SET queue_id = ?, number = ?, meant = ? WHERE queue_id = ? AND number = ?"
_SCANS = "SELECT number, scanned_at, typed, meant, removed_at FROM desk_scans WHERE queue_id = ? ORDER BY number"
_ADD_SCAN = "INSERT INTO desk_scans(queue_id, sent_as, number, scanned_at, typed, meant) VALUES (?, ?, ?, ?, ?, ?)"
_SENT_AS = "SELECT number FROM desk_scans WHERE queue_id = ? AND sent_as = ? ORDER BY number"
_SENT_BEFORE = (
    "SELECT queue_id, number FROM desk_scans WHERE queue_id IN "
    "(SELECT queue_id FROM desk_queues WHERE account_id = ? ORDER BY queue_id DESC LIMIT 8) "
    "AND sent_as = ? ORDER BY queue_id, number"
)
_CHANGE_SCAN = "UPDATE desk_scans SET meant = ? WHERE queue_id = ? AND number = ? AND removed_at IS NULL"
_REMOVE_SCAN = "UPDATE desk_scans SET removed_at = ? WHERE queue_id = ? AND number = ? AND removed_at IS NULL"
_REMOVED_AT = "SELECT removed_at FROM desk_scans WHERE queue_id = ? AND removed_at IS NOT NULL"
_RESTORE_SCANS = "UPDATE desk_scans SET removed_at = NULL WHERE queue_id = ? AND removed_at = ?"


class DeskQueues:
    """Fulfils ``QueueShelf``."""

    def __init__(self, file: DeskFile) -> None:
        self._file = file

    def open_queue(self, account_id: int, name: str, now: str) -> QueueRow:
        """Return the open queue of an account, opened now where there is none."""
        sql = f"{_QUEUE} WHERE account_id = ? AND closed_at IS NULL"
        with self._file.reading() as connection:
            found = connection.rows(sql, (account_id,))
        if not found:
            with self._file.changing() as connection:
                found = connection.rows(sql, (account_id,))  # another request may have opened it meanwhile
                if not found:
                    connection.rows(_OPEN_QUEUE, (account_id, name, now))
                    found = connection.rows(sql, (account_id,))
        return QueueRow(*found[0])

    def queue(self, queue_id: int) -> QueueRow | None:
        """Return a queue, or None."""
        with self._file.reading() as connection:
            found = connection.rows(f"{_QUEUE} WHERE queue_id = ?", (queue_id,))
        return QueueRow(*found[0]) if found else None

    def open_queues(self) -> Sequence[QueueRow]:
        """Return all open queues, the oldest first."""
        with self._file.reading() as connection:
            found = connection.rows(f"{_QUEUE} WHERE closed_at IS NULL ORDER BY queue_id")
        return [QueueRow(*values) for values in found]

    def scans(self, queue_id: int) -> Sequence[ScanRow]:
        """Return the scans of a queue in their order, removed ones too."""
        with self._file.reading() as connection:
            return [ScanRow(*values) for values in connection.rows(_SCANS, (queue_id,))]

    def sent_before(self, account_id: int, sent_as: str) -> Sequence[tuple[int, int]]:
        """Return the queues and numbers of what was sent under this name into one of an account's latest queues."""
        with self._file.reading() as connection:
            return [(queue, number) for queue, number in connection.rows(_SENT_BEFORE, (account_id, sent_as))]

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
            desk_errors.QueueCommitting: they undo one that is being committed.
        """
        undone, meants = ((), ()) if understood is None else (understood.undone, understood.meants)
        with self._file.changing() as connection:
            first, revision, below = _counts(connection, queue_id)
            sent = connection.rows(_SENT_AS, (queue_id, sent_as)) if sent_as is not None else []
            if sent:
                return [number for (number,) in sent]
            if understood is not None and understood.revision != revision:
                return None
            _require_not_in_batch([*undone, *(number for number, _ in meants)], below)
            _count_change(connection, queue_id)
            numbers = list(range(first, first + len(scans)))
            values = [(queue_id, sent_as, number, *scan) for number, scan in zip(numbers, scans, strict=True)]
            connection.executemany(_ADD_SCAN, values)
            sql = "UPDATE desk_queues SET next_number = ? WHERE queue_id = ?"
            connection.rows(sql, (first + len(scans), queue_id))
            _change_besides(connection, queue_id, AtOnce(meants, context))
            if undone:
                gone = connection.rows(_REMOVED_AT, (queue_id,))
                moment = after_all(scans[-1][0], (str(at) for (at,) in gone))
                connection.executemany(_REMOVE_SCAN, [(moment, queue_id, number) for number in undone])
        return numbers

    def change_scans(
        self, queue_id: int, meants: Sequence[tuple[int, str]], revision: int, context: str | None = None
    ) -> bool:
        """Let scans (number, meant) that are not removed mean something else, all or none, with a new context or not.

        False where the queue has another ``revision`` by now: nothing is changed then.

        Raises:
            desk_errors.QueueClosed: the queue is closed.
            desk_errors.QueueCommitting: one of them is being committed.
        """
        with self._file.changing() as connection:
            _, now, below = _counts(connection, queue_id)
            if now != revision:
                return False
            _require_not_in_batch([number for number, _ in meants], below)
            _count_change(connection, queue_id)
            _change_besides(connection, queue_id, AtOnce(meants, context))
            return True

    def remove_scans(
        self, queue_id: int, numbers: Sequence[int], now: str, besides: AtOnce = NOTHING_ELSE
    ) -> int | None:
        """Mark scans as removed, and change in the same step what is said ``besides``, also of those scans.

        Return how many were not removed before; None where the queue has another revision by now, and nothing is done.
        """
        with self._file.changing() as connection:
            _, latest, below = _counts(connection, queue_id)
            if besides.revision not in {None, latest}:
                return None
            _require_not_in_batch([*numbers, *(number for number, _ in besides.meants)], below)
            _count_change(connection, queue_id)
            _change_besides(connection, queue_id, besides)
            return connection.executemany(_REMOVE_SCAN, [(now, queue_id, number) for number in numbers])

    def restore_scans(self, queue_id: int, removed_at: str, besides: AtOnce = NOTHING_ELSE) -> int | None:
        """Bring back the scans that were removed at that moment, and change in the same step what is said ``besides``.

        Return how many; None as `remove_scans`.
        """
        with self._file.changing() as connection:
            _, latest, below = _counts(connection, queue_id)
            if below is not None:
                raise desk_errors.QueueCommitting
            if besides.revision not in {None, latest}:
                return None
            _count_change(connection, queue_id)
            count = connection.executemany(_RESTORE_SCANS, [(queue_id, removed_at)])
            _change_besides(connection, queue_id, besides)
            return count

    def begin_commit(self, queue_id: int, now: str) -> QueueRow | None:
        """Mark a queue as being committed with the scans that it has now; return it, or None where it is closed.

        Raises:
            desk_errors.QueueCommitting: it is marked already.
        """
        with self._file.changing() as connection:
            marked = connection.executemany(_BEGIN_COMMIT, [(now, queue_id)])
            found = connection.rows(f"{_QUEUE} WHERE queue_id = ? AND closed_at IS NULL", (queue_id,))
            if found and not marked:
                raise desk_errors.QueueCommitting
        return QueueRow(*found[0]) if found else None

    def end_commit(self, queue_id: int) -> None:
        """Take the mark away: nothing of the queue was committed."""
        with self._file.changing() as connection:
            connection.rows(_END_COMMIT, (queue_id,))

    def close_queue(
        self, queue_id: int, now: str, batch_id: int | None, revision: int | None = None, carry: Carry | None = None
    ) -> bool:
        """Close a queue, as the batch it became; return False where that can't be.

        It can't where it was closed before, has another ``revision`` by now, or is being committed and nothing
        is said of the scans that came since. What they ``carry`` on is, with the context, the next open queue.
        """
        with self._file.changing() as connection:
            found = connection.rows(f"{_QUEUE} WHERE queue_id = ? AND closed_at IS NULL", (queue_id,))
            row = QueueRow(*found[0]) if found else None
            if row is None or (revision is not None and revision != row.revision):
                return False
            if row.committing_below is not None and carry is None:
                return False
            connection.rows(_CLOSE_QUEUE, (now, batch_id, queue_id))
            if row.committing_below is not None and carry is not None:
                scans = [ScanRow(*values) for values in connection.rows(_SCANS, (queue_id,))]
                _open_next(connection, row, now, carry(scans, row.committing_below))
            return True


def _open_next(connection: Connection, row: QueueRow, now: str, going: Sequence[Carried]) -> None:
    """Open the queue after one that was closed, where anything came to it while it was being committed."""
    if going or row.context != row.committing_context:
        connection.rows(_NEXT_QUEUE, (row.account_id, row.name, now, row.context, len(going) + 1))
        sql = "SELECT queue_id FROM desk_queues WHERE account_id = ? AND closed_at IS NULL"
        (following,) = connection.rows(sql, (row.account_id,))[0]
        moves = [(following, each.number, each.meant, row.queue_id, each.number_before) for each in going]
        connection.executemany(_CARRY_SCAN, moves)


def _counts(connection: Connection, queue_id: int) -> tuple[int, int, int | None]:
    """Return the number of an open queue's next scan, its revision, and below which number scans are being committed.

    Raises:
        desk_errors.QueueClosed: the queue is closed.
    """
    sql = "SELECT next_number, revision, committing_below FROM desk_queues WHERE queue_id = ? AND closed_at IS NULL"
    found = connection.rows(sql, (queue_id,))
    if not found:
        raise desk_errors.QueueClosed
    following, revision, below = found[0]
    return int(following), int(revision), below


def _change_besides(connection: Connection, queue_id: int, besides: AtOnce) -> None:
    """Let scans that are not removed mean something else, and the queue have another context."""
    connection.executemany(_CHANGE_SCAN, [(meant, queue_id, number) for number, meant in besides.meants])
    if besides.context is not None:
        connection.rows("UPDATE desk_queues SET context = ? WHERE queue_id = ?", (besides.context, queue_id))


def _count_change(connection: Connection, queue_id: int) -> None:
    connection.rows("UPDATE desk_queues SET revision = revision + 1 WHERE queue_id = ?", (queue_id,))


def _require_not_in_batch(numbers: Sequence[int], below: int | None) -> None:
    """Make sure that none of these scans is being committed.

    Raises:
        desk_errors.QueueCommitting: one of them is.
    """
    if below is not None and any(number < below for number in numbers):
        raise desk_errors.QueueCommitting
