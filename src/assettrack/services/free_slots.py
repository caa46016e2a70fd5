"""Which slots of a case are free, and what is said of them to whoever named one that is taken.

Owns that the command line, the pages of what is handed over and those of a queue name the same slots. Reads the present
state, and changes nothing.
"""

from collections.abc import Collection, Iterable, Sequence

import msgspec

from assettrack.domain.findings import Finding, finding
from assettrack.domain.queued_scans import QueuedScan, RowMeant
from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services.ports import Snapshot, Workplace

TAKEN = "slot_taken"
"""The code under which the catalogue says that somebody is in a slot."""

FREE_SLOTS_SHOWN = 10
"""So many are named; of more it is said how many there are."""


def slot_of(scan: QueuedScan) -> Place | None:
    """Return the slot that a scan of a queue puts its asset into, if it does."""
    if scan.removed or not isinstance(scan.meant, RowMeant) or scan.meant.row.place == OUT:
        return None
    return scan.meant.row.place


def named_by(scans: Iterable[QueuedScan]) -> set[Place]:
    """Return the slots into which the rows among scans of a queue put their assets, and those that are left to one."""
    places: set[Place | None] = set()
    for scan in scans:
        if not scan.removed and isinstance(scan.meant, RowMeant):
            places |= scan.meant.places
    return {place for place in places if place not in {None, OUT}}


def free_positions(snapshot: Snapshot, case_name: str, wanted: Collection[Place | None]) -> list[int]:
    """Return the slots of a case, in order, that nothing is in and no row is to put anything into: not ``wanted``."""
    slots = snapshot.slots_of(case_name)
    return [position for position, occupant in slots if occupant is None and Place(case_name, position) not in wanted]


def offer(case_name: str, free: Sequence[int]) -> Finding:
    """Return what is said of the ``free`` slots of a case: the first of them, or that there is none."""
    if not free:
        return finding("no_free_slot", case_name=case_name)
    more = f" and {len(free) - FREE_SLOTS_SHOWN} more" if len(free) > FREE_SLOTS_SHOWN else ""
    shown = ", ".join(map(str, free[:FREE_SLOTS_SHOWN])) + more
    return finding("free_slots", case_name=case_name, slots=shown)


def with_offers(workplace: Workplace, rows: Sequence[TypedRow], refusals: list[Finding]) -> list[Finding]:
    """Return what is refused of the rows of a batch; to one whose slot is taken, the free ones of its case are added.

    A slot that another of these rows names is not free for it.
    """
    if all(refusal.code != TAKEN for refusal in refusals):
        return refusals
    wanted = {row.place for row in rows}
    offers: dict[str, str] = {}
    said = []
    with workplace.store.read() as snapshot:
        for refusal in refusals:
            place = rows[refusal.row_number - 1].place if refusal.row_number is not None else None
            if refusal.code != TAKEN or place is None:
                said.append(refusal)
                continue
            case = place.case_name
            if case not in offers:
                offers[case] = offer(case, free_positions(snapshot, case, wanted)).message
            said.append(msgspec.structs.replace(refusal, message=f"{refusal.message} {offers[case]}"))
    return said
