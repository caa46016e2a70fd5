"""Returns of a queue into another slot than the asset comes from, where other lines of it may have said that slot.

Owns that it is told: a line keeps the slot with which it was shown, also where one before it, by which that was the
asset's own, was removed or changed since. Must never move a row by itself.
"""

from collections import Counter
from collections.abc import Sequence

from assettrack.domain.findings import Finding, finding
from assettrack.domain.plans import Plan
from assettrack.domain.queued_scans import QueuedScan, RowMeant
from assettrack.domain.tags import Place
from assettrack.services.ports import Workplace


def with_homes(workplace: Workplace, scans: Sequence[QueuedScan], plan: Plan) -> list[Finding]:
    """Return the notices of the plan of a queue's ``scans``, with those of returns into a slot that is not the asset's.

    Only of assets of which there is another row, removed or not: the place of any other was said for it alone.
    """
    rows = Counter(scan.meant.row.tag for scan in scans if isinstance(scan.meant, RowMeant))
    again = {each.asset_tag for each in plan.changes if each.event_type == "RETURN" and rows[each.asset_tag] > 1}
    if not again:
        return plan.notices
    with workplace.store.read() as snapshot:
        custody = snapshot.inventory_of(sorted(again), []).custody
    homes = {tag: Place(*each.home) for tag, each in custody.items() if each.home is not None}
    found: list[Finding] = []
    for change in plan.changes:
        tag, place = change.asset_tag, change.after.place
        if change.event_type == "ISSUE" and change.before is not None:
            homes.pop(tag, None)
            homes |= {} if change.before.place is None else {tag: change.before.place}
        elif change.event_type == "RETURN" and tag in again and place != homes.get(tag):
            facts = {"asset_tag": tag, "home": homes.get(tag) or "no slot", "place": place or "none"}
            found.append(finding("returned_elsewhere", change.row_number, "slot_number", **facts))
    return sorted([*plan.notices, *found], key=lambda each: each.row_number or 0)
