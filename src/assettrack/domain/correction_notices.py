"""What is worth a look about a correction: the notices that a row of a batch would be given for the same values.

Owns nothing but when such a notice is due; what each says, and the rules behind it, are those of batches. Notices block
nothing and are a part of no entry.
"""

from datetime import tzinfo

import msgspec

from assettrack.domain.assets import note_shared_serial
from assettrack.domain.correction_deeds import Proposal
from assettrack.domain.corrections import DUE
from assettrack.domain.due_dates import day_of
from assettrack.domain.findings import Finding, finding
from assettrack.domain.inventory import Inventory
from assettrack.domain.rooms import Rooms
from assettrack.domain.scans import GIVING, Scan
from assettrack.domain.wording import quoted


def looked_at(proposal: Proposal) -> Scan:
    """Return the row with the serial number that the asset has in the end: what is said of it must be known."""
    scan, after = proposal.row_after.scan, proposal.after.asset
    assert scan is not None, "only rows are corrected"
    serial_number = "" if after is None else after.serial_number or ""
    return msgspec.structs.replace(scan, serial_number=serial_number)


def notices_of(proposal: Proposal, inventory: Inventory, zone: tzinfo) -> list[Finding]:
    """Return what is worth a look; the inventory must hold what the row of `looked_at` touches, and the rooms.

    ``zone`` is the station's.
    """
    found: list[Finding] = []

    def note(code: str, field: str | None = None, /, **facts: object) -> None:
        found.append(finding(code, None, field, **facts))

    scan, before, after = looked_at(proposal), proposal.before.asset, proposal.after.asset
    due_on, day = proposal.row_after.due_on, day_of(scan.occurred_at, zone)
    if due_on is not None and due_on < day and not proposal.changed.keys().isdisjoint({DUE, "timestamp"}):
        note("due_in_past", DUE, due_on=due_on, day=day)
    if after is None or before is None:
        return found
    if after.serial_number != before.serial_number:
        note_shared_serial(scan, inventory, note)
    found += _about_rooms(proposal, scan, inventory.rooms)
    return found


def _about_rooms(proposal: Proposal, scan: Scan, rooms: Rooms) -> list[Finding]:
    """Return whether the room is one that nobody manages, or that the holder's organisation may not use."""
    found: list[Finding] = []
    changed, value, after = proposal.changed, scan.building_room, proposal.after.asset
    if "building_room" in changed and value and not rooms.knows(value):
        found.append(finding("unknown_room", None, "building_room", value=quoted(value)))
    room = value or (after.building_room if after is not None else None)
    if room is None or scan.event_type not in GIVING or changed.keys().isdisjoint({"building_room", "issued_to_name"}):
        return found
    holders = {holder.holder_id: holder for holder in proposal.holders}
    holder = holders[proposal.row_after.holder_id or 0]
    if not rooms.may_use(holder.organisation_id, room):
        facts = {"holder": holder.name, "value": quoted(room)}
        found.append(finding("building_not_allowed", None, "building_room", **facts))
    return found
