"""What a batch is otherwise than it was shown: a person may go on with it in another tab.

Owns which rows are named then. What is committed is bound to the code of the plan, whatever is named here.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain.plans import Change
from assettrack.domain.queued_scans import RowMeant
from assettrack.services.ports import Workplace
from assettrack.services.queues import Queue


class Row(NamedTuple):
    """A row as a person knows it again."""

    asset_tag: str
    event_type: str


class Since(NamedTuple):
    """What is otherwise than it was shown: the numbers of the batch's rows, and those that are not in it any more."""

    moved: Sequence[int] = ()
    gone: Sequence[Row] = ()


def shown_changes(workplace: Workplace, confirm: str) -> list[Change]:
    """Return what the plan would do that was shown with a code; nothing where it is not kept any more."""
    shown = workplace.plans.find(confirm)
    try:
        return [] if shown is None else [msgspec.json.decode(line, type=Change) for line in shown.lines]
    except msgspec.ValidationError:  # another version of the program kept it
        return []


def shown_tags(workplace: Workplace, confirm: str) -> list[str]:
    """Return the assets of the plan that was shown with a code, in order; none where it is not kept any more."""
    return [change.asset_tag for change in shown_changes(workplace, confirm)]


def since(queue: Queue, shown: Sequence[Change], now: Sequence[Change]) -> Since:
    """Return what is otherwise in a queue since it would do what was ``shown``; nothing where that is not known."""
    left: dict[Row, list[Change]] = {}
    for change in shown:
        left.setdefault(Row(change.asset_tag, change.event_type), []).append(_unnumbered(change))
    does = {change.row_number: _unnumbered(change) for change in now}
    moved = []
    for number, scan in enumerate(queue.batch().queued, 1):
        assert isinstance(scan.meant, RowMeant), "only rows are queued"
        alike = left.get(Row(scan.meant.row.asset_tag.upper(), scan.meant.row.event_type), [])
        if does.get(number) in alike:
            alike.remove(does[number])
        else:
            moved.append(number)
            del alike[:1]
    return Since(moved, [row for row, rest in left.items() for _ in rest]) if shown else Since()


def _unnumbered(change: Change) -> Change:
    return msgspec.structs.replace(change, row_number=0)
