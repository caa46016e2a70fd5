"""What is to be known of scans that were removed, before somebody brings them back: what is not as it was by now.

Owns what is told of it. It brings nothing back.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain.queued_scans import Repeated, RowMeant
from assettrack.domain.tags import Place
from assettrack.services.free_slots import slot_of
from assettrack.services.queues import Queue
from assettrack.services.repeated_scans import after_return


class Crowded(msgspec.Struct, frozen=True):
    """An asset that comes back into a slot which another row of the queue names by now."""

    asset_tag: str
    place: Place
    named_by: str


class ComingBack(msgspec.Struct, frozen=True):
    """What comes back and is there: assets of which other scans say the same, and those whose slots others name."""

    repeats: Sequence[str] = []
    crowded: Sequence[Crowded] = []


def coming_back(queue: Queue, removed_at: str) -> ComingBack:
    """Return what is to be known of the scans that were removed then."""
    back = [scan for scan in queue.scans if scan.removed_at == removed_at]
    meants = after_return(queue.scans, {scan.number for scan in back})
    named = {
        place: scan.meant.row
        for scan in queue.scans
        if isinstance(scan.meant, RowMeant) and (place := slot_of(scan)) is not None
    }
    again = {meant.number for number, meant in meants.items() if isinstance(meant, Repeated)}
    repeats: list[str] = []
    crowded: list[Crowded] = []
    for scan in back:
        if not isinstance(scan.meant, RowMeant):
            continue
        row = scan.meant.row
        if scan.number in again or isinstance(meants.get(scan.number), Repeated):
            repeats.append(row.asset_tag)
        elif row.place is not None and row.place in named and named[row.place].tag != row.tag:
            crowded.append(Crowded(row.asset_tag, row.place, named[row.place].asset_tag))
    return ComingBack(repeats, crowded)
