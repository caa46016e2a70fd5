"""New assets of a queue of which nobody said what they are: the type is said once for all of them.

Owns which scans these are, and that all of them are changed or none. Must never touch a scan that says its type, or
that was not shown to whoever says it.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain import desk_errors
from assettrack.domain.facts import Account
from assettrack.domain.queued_scans import RowMeant, written_context, written_meant
from assettrack.services import queues
from assettrack.services.desk_ports import Desk
from assettrack.services.next_free_slots import Asked
from assettrack.services.ports import Workplace
from assettrack.services.queue_lines import Line
from assettrack.services.queues import Queue


class Said(msgspec.Struct, frozen=True):
    """The numbers of the scans of which it was said, and how many lack their type still: nobody was asked about those.

    They came, or were changed, after the form was drawn.
    """

    numbers: Sequence[int]
    left: int


def say_type(workplace: Workplace, desk: Desk, account: Account, asked: Asked, equipment_type: str) -> Said:
    """Say what those new assets of an account's queue are that were shown without a type, as far as they are as shown.

    It goes for the next ones too, where nothing is said of those. Each scan is changed as one is by hand, all in one
    step.

    Raises:
        desk_errors.QueueOther: the present queue is not the one that was shown.
        desk_errors.QueueCommitting, desk_errors.QueueClosed: its scans can't be changed any more.
        desk_errors.QueueChanged: another one kept changing it.
    """
    shown = dict(zip(asked.numbers, asked.marks, strict=False))

    def said(queue: Queue) -> Said | None:
        if queue.row.queue_id != asked.queue_id:
            raise desk_errors.QueueOther
        lacking = [line for line in queues.review(workplace, desk, queue).lines if line.lacks_type]
        meants = _typed([line for line in lacking if shown.get(line.scan.number) == line.mark], equipment_type)
        after = queue.context
        if not after.equipment_type:
            after = msgspec.structs.replace(after, equipment_type=equipment_type)
        if meants and not desk.change_scans(asked.queue_id, meants, queue.row.revision, written_context(after)):
            return None
        return Said([number for number, _ in meants], len(lacking) - len(meants))

    return queues.changing(lambda: queues.current(workplace, desk, account), said)


def _typed(lines: Sequence[Line], equipment_type: str) -> list[tuple[int, str]]:
    """Return what scans mean with a type, by number and as it is kept; all else of them stays."""
    found = []
    for line in lines:
        meant = line.scan.meant
        assert isinstance(meant, RowMeant), "only rows lack a type"
        row, own = (
            each and msgspec.structs.replace(each, equipment_type=equipment_type) for each in (meant.row, meant.own)
        )
        found.append((line.scan.number, written_meant(msgspec.structs.replace(meant, row=row, own=own))))
    return found
