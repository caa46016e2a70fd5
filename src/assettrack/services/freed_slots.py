"""Slots that are free again between others that are filled, because a scan of the queue was removed.

Owns which are told, and whether the next scan goes into one of them. It changes nothing: what was scanned after keeps
the slot that it was shown with.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain.tags import Place
from assettrack.services.free_slots import free_positions, named_by
from assettrack.services.ports import Workplace
from assettrack.services.queues import Queue

_FILLING = {"SCAN", "UPDATE"}
"""The events whose scans take the free slots of a case in order."""


class Freed(msgspec.Struct, frozen=True):
    """The slots that are free again, and which of them the next scan fills (None where it fills none of them)."""

    places: Sequence[Place] = []
    filled_next: Place | None = None


def freed_by(workplace: Workplace, queue: Queue, removed_at: str) -> Freed:
    """Return the slots that what was removed then left free, before one of the same case that the queue fills.

    Free is what nothing is in and no row of the queue names.
    """
    gone = (scan for scan in queue.scans if scan.removed_at == removed_at)
    left = sorted(named_by(msgspec.structs.replace(scan, removed_at=None) for scan in gone))  # as they stood
    named = named_by(queue.scans)
    last = {case: max(position for each, position in named if each == case) for case, _ in named}
    between = [place for place in left if place.slot_position < last.get(place.case_name, 0)]
    if not between:
        return Freed()
    with workplace.store.read() as snapshot:
        free = {case: free_positions(snapshot, case, named) for case in {case for case, _ in between}}
    places = [place for place in between if place.slot_position in free[place.case_name]]
    context = queue.context
    filled_next = None
    is_held = context.ended or context.place_removed
    if context.fills and context.event_type in _FILLING and not is_held:
        filled_next = next((Place(context.case_name, first) for first in free.get(context.case_name, [])), None)
    return Freed(places, filled_next if filled_next in places else None)
