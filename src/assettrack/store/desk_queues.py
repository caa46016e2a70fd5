"""Queues of scans in the desk's file: a scan is durable before it is shown as accepted."""

from collections.abc import Sequence

from assettrack.domain import desk_errors
from assettrack.domain.desk_rows import QueueRow, ScanRow
from assettrack.store.connection import Connection
from assettrack.store.desk_file import DeskFile

_QUEUE = "SELECT queue_id, account_id, name, opened_at, context, closed_at, batch_id FROM desk_queues"
_OPEN_QUEUE = "INSERT INTO desk_queues(account_id, name, opened_at, context) VALUES (?, ?, ?, '{}')"
_CLOSE_QUEUE = "UPDATE desk_queues SET closed_at = ?, batch_id = ? WHERE queue_id = ? AND closed_at IS NULL"
_SCANS = "SELECT number, scanned_at, typed, meant, removed_at FROM desk_scans WHERE queue_id = ? ORDER BY number"
_ADD_SCAN = "INSERT INTO desk_scans(queue_id, sent_as, number, scanned_at, typed, meant) VALUES (?, ?, ?, ?, ?, ?)"
_SENT_AS = "SELECT number FROM desk_scans WHERE queue_id = ? AND sent_as = ? ORDER BY number"
_CHANGE_SCAN = "UPDATE desk_scans SET meant = ? WHERE queue_id = ? AND number = ? AND removed_at IS NULL"
_REMOVE_SCAN = "UPDATE desk_scans SET removed_at = ? WHERE queue_id = ? AND number = ? AND removed_at IS NULL"
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

    def add_scans(
        self,
        queue_id: int,
        scans: Sequence[tuple[str, str, str]],
        context: str | None = None,
        sent_as: str | None = None,
    ) -> list[int]:
        """Append scans (scanned_at, typed, meant), all or none, with a new context; return their numbers.

        What was sent under this name before, because an answer was lost, is not added again.

        Raises:
            desk_errors.QueueClosed: the queue is closed.
        """
        with self._file.changing() as connection:
            first = _next_number(connection, queue_id)
            sent = connection.rows(_SENT_AS, (queue_id, sent_as)) if sent_as is not None else []
            if sent:
                return [number for (number,) in sent]
            numbers = list(range(first, first + len(scans)))
            values = [(queue_id, sent_as, number, *scan) for number, scan in zip(numbers, scans, strict=True)]
            connection.executemany(_ADD_SCAN, values)
            sql = "UPDATE desk_queues SET next_number = ? WHERE queue_id = ?"
            connection.rows(sql, (first + len(scans), queue_id))
            if context is not None:
                connection.rows("UPDATE desk_queues SET context = ? WHERE queue_id = ?", (context, queue_id))
        return numbers

    def change_scan(self, queue_id: int, number: int, meant: str) -> bool:
        """Let a scan mean something else; return False where there is none such that is not removed."""
        with self._file.changing() as connection:
            _next_number(connection, queue_id)
            return connection.executemany(_CHANGE_SCAN, [(meant, queue_id, number)]) > 0

    def remove_scans(self, queue_id: int, numbers: Sequence[int], now: str) -> int:
        """Mark scans as removed; return how many were not so before."""
        with self._file.changing() as connection:
            _next_number(connection, queue_id)
            return connection.executemany(_REMOVE_SCAN, [(now, queue_id, number) for number in numbers])

    def restore_scans(self, queue_id: int, removed_at: str) -> int:
        """Bring back the scans that were removed at that moment; return how many."""
        with self._file.changing() as connection:
            _next_number(connection, queue_id)
            return connection.executemany(_RESTORE_SCANS, [(queue_id, removed_at)])

    def close_queue(self, queue_id: int, now: str, batch_id: int | None) -> bool:
        """Close a queue, as the batch it became; return False where it was closed before."""
        with self._file.changing() as connection:
            return connection.executemany(_CLOSE_QUEUE, [(now, batch_id, queue_id)]) > 0


def _next_number(connection: Connection, queue_id: int) -> int:
    """Return the number that the next scan of an open queue gets.

    Raises:
        desk_errors.QueueClosed: the queue is closed.
    """
    found = connection.rows("SELECT next_number FROM desk_queues WHERE queue_id = ? AND closed_at IS NULL", (queue_id,))
    if not found:
        raise desk_errors.QueueClosed
    return int(found[0][0])
