"""Slots that are free again between others that are filled, because a scan of the queue was removed.

Owns which are told. It changes nothing: what was scanned after keeps the slot that it was shown with.
"""

from assettrack.domain.queued_scans import RowMeant
from assettrack.domain.tags import Place
from assettrack.services.queues import Queue


def freed_by(queue: Queue, removed_at: str) -> list[Place]:
    """Return the slots that what was removed then left free, before one of the same case that is filled after it."""
    rows = [(scan, scan.meant.row.place) for scan in queue.scans if isinstance(scan.meant, RowMeant)]
    kept = {place for scan, place in rows if place and place.slot_position and not scan.removed}
    left = [place for scan, place in rows if place and place.slot_position and scan.removed_at == removed_at]
    last = {
        case: max(each.slot_position or 0 for each in kept if each.case_name == case)
        for case in {each.case_name for each in kept}
    }
    return [place for place in left if place not in kept and (place.slot_position or 0) < last.get(place.case_name, 0)]
