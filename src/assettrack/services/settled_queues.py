"""What became of a queue whose commit was cut off: found in the log at the next use, and told to its owner once.

Owns what is still to be told. It is noted before the queue is closed, so that a server which ends in between forgets
nothing. Finding it out is `queues`'.
"""

from typing import NamedTuple

from assettrack.domain import desk_errors
from assettrack.domain.desk_rows import QueueRow
from assettrack.domain.facts import Account
from assettrack.domain.queued_scans import QueuedBatch, read_scan
from assettrack.services.after_deeds import after_deed
from assettrack.services.committed_codes import require_committed_with
from assettrack.services.desk_ports import DraftShelf, QueueShelf
from assettrack.services.ports import Workplace

_TO_TELL = "queue to be told of"


class Became(NamedTuple):
    """The batch that a queue became, and how many scans of the queue are its rows."""

    batch_id: int
    scans: int


def note(shelf: DraftShelf, row: QueueRow) -> None:
    """Note that the owner of a queue is to be told what became of it."""
    shelf.keep_preference(row.account_id, _TO_TELL, str(row.queue_id))


def batch_of(workplace: Workplace, row: QueueRow, confirm: str) -> int:
    """Return the batch that a closed queue became with this code.

    Raises:
        desk_errors.QueueClosed: it became none.
        desk_errors.CommittedOtherwise: it became one with another code.
    """
    if row.batch_id is None:
        raise desk_errors.QueueClosed
    require_committed_with(workplace, row.batch_id, confirm, "queue")
    return row.batch_id


def tell(queues: QueueShelf, shelf: DraftShelf, account: Account) -> Became | None:
    """Return what is to be told to somebody, this once, or None."""
    noted = shelf.preference(account.account_id, _TO_TELL)
    row = queues.queue(int(noted)) if noted else None
    if row is None or row.batch_id is None or (row.account_id, row.name) != (account.account_id, account.name):
        return None
    with after_deed("what became of a queue is told again"):
        shelf.keep_preference(account.account_id, _TO_TELL, "")
    scans = [read_scan(each) for each in queues.scans(row.queue_id)]
    return Became(row.batch_id, len(QueuedBatch(row.queue_id, scans, row.name).queued))
