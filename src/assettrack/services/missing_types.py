"""New assets of a queue of which nobody said what they are: the type is said once for all of them.

Owns which scans these are, and that all of them are changed or none. Must never touch a scan that says its type.
"""

import msgspec

from assettrack.domain import desk_errors
from assettrack.domain.facts import Account
from assettrack.domain.queued_scans import RowMeant, written_context, written_meant
from assettrack.services import queues
from assettrack.services.desk_ports import Desk
from assettrack.services.ports import Workplace
from assettrack.services.queue_lines import Line
from assettrack.services.queues import TRIES

MISSING = "equipment_type_missing"
"""The code under which the catalogue says that a new asset has no type."""


def say_type(workplace: Workplace, desk: Desk, account: Account, queue_id: int, equipment_type: str) -> list[int]:
    """Say what the new assets of an account's queue are that lack a type, and the next where nothing is said of those.

    Each scan is changed as one is by hand, all in one step. Return their numbers.

    Raises:
        desk_errors.QueueOther: the present queue is not the one that was shown.
        desk_errors.QueueCommitting, desk_errors.QueueClosed: its scans can't be changed any more.
        desk_errors.QueueChanged: another one kept changing it.
    """
    for _ in range(TRIES):
        queue = queues.current(workplace, desk, account)
        if queue.row.queue_id != queue_id:
            raise desk_errors.QueueOther
        lines = queues.review(workplace, desk, queue).lines
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
        if desk.change_scans(queue.row.queue_id, meants, queue.row.revision, written_context(after)):
            return [number for number, _ in rows]
    raise desk_errors.QueueChanged


def lacks_type(line: Line) -> bool:
    """Tell whether a scan is stopped because it is of a new asset, and nobody said what it is."""
    return any(found.code == MISSING for found in (*line.problems, *line.refusals))
