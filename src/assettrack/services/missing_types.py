"""New assets of a queue of which nobody said what they are: the type is said once for all of them.

Owns which scans these are, and that all of them are changed or none. Must never touch a scan that says its type.
"""

import msgspec

from assettrack.domain import desk_errors
from assettrack.domain.queued_scans import RowMeant, written_context, written_meant
from assettrack.services import queues
from assettrack.services.desk_ports import QueueShelf
from assettrack.services.ports import Workplace
from assettrack.services.queues import TRIES, Line, Queue

MISSING = "equipment_type_missing"
"""The code under which the catalogue says that a new asset has no type."""


def lacks_type(line: Line) -> bool:
    """Tell whether a scan is stopped because it is of a new asset, and nobody said what it is."""
    return any(found.code == MISSING for found in (*line.problems, *line.refusals))


def say_type(workplace: Workplace, shelf: QueueShelf, queue: Queue, equipment_type: str) -> list[int]:
    """Say what all new assets of a queue are that lack a type, and the next ones where nothing is said of them.

    Each scan is changed as one is by hand, all in one step. Return their numbers; none lacks a type where that is none.

    Raises:
        desk_errors.QueueCommitting, desk_errors.QueueClosed: they can't be changed any more.
        desk_errors.QueueChanged: another one kept changing the queue.
    """
    for _ in range(TRIES):
        lines = queues.review(workplace, shelf, queue).lines
        rows = [
            (line.scan.number, msgspec.structs.replace(line.scan.meant.row, equipment_type=equipment_type))
            for line in lines
            if isinstance(line.scan.meant, RowMeant) and lacks_type(line)
        ]
        if not rows:
            return []
        meants = [(number, written_meant(RowMeant(row))) for number, row in rows]
        after = queue.context
        if not after.equipment_type:
            after = msgspec.structs.replace(after, equipment_type=equipment_type)
        if shelf.change_scans(queue.row.queue_id, meants, queue.row.revision, written_context(after)):
            return [number for number, _ in rows]
        queue = queues.numbered_by(shelf, queue)
    raise desk_errors.QueueChanged
