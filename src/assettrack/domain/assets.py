"""What a SCAN, an UPDATE and a RETIRE do to an asset (DESIGN §3).

A rule takes a scan, the asset before it (None when the tag is unknown), the inventory and
a way to add a notice. It returns the asset after it, which is the very same value where
nothing changes, or raises NotAllowed. ISSUE and RETURN are in `custody`.
"""

from typing import Protocol

from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import name_key
from assettrack.domain.inventory import Asset, Inventory, retired, stored
from assettrack.domain.scans import DETAIL_COLUMNS, Scan
from assettrack.domain.slots import require_empty_slot
from assettrack.domain.tags import OUT, Place
from assettrack.domain.wording import quoted


class Note(Protocol):
    """Adds a notice about the row that is being decided."""

    def __call__(self, code: str, field: str | None = None, /, **facts: object) -> None:
        """Add the notice ``code`` of the catalogue, with its facts."""


def sight_or_create(scan: Scan, asset: Asset | None, inventory: Inventory, note: Note) -> Asset:
    """Create an unknown asset; see a known one, which never changes it."""
    note_other_holder(scan, asset, note)
    if asset is None:
        return _create(scan, inventory, note)
    seen = None if scan.place == OUT else scan.place
    if seen is not None and seen in inventory.slots and seen != asset.place:
        # It says too that a holder has the asset, or that it is retired: that is not said a second time.
        note("sighted_elsewhere", "slot_number", asset_tag=scan.asset_tag, seen=seen, where=asset.where)
    elif asset.holder is not None:
        note("sighted_in_custody", None, asset_tag=scan.asset_tag, holder=asset.holder)
    elif asset.status == "RETIRED":
        note("sighted_retired", None, asset_tag=scan.asset_tag)
    if seen is not None and seen not in inventory.slots:
        note("sighted_unknown_place", "slot_number", asset_tag=scan.asset_tag, seen=seen)
    note_other_details(scan, asset, note)
    return asset


def update(scan: Scan, asset: Asset | None, inventory: Inventory, note: Note) -> Asset:
    """Move a stored asset to the named slot and change the descriptive fields that are given."""
    asset = require_living(scan, asset)
    if scan.issued_to_name:
        note("holder_ignored", "issued_to_name", name=scan.issued_to_name, event="UPDATE")
    after = asset
    if scan.place is not None:
        if asset.holder is not None and scan.place != OUT:  # OUT is where an asset in custody is
            raise NotAllowed("in_custody", "slot_number", asset_tag=scan.asset_tag, holder=asset.holder)
        after = _moved(scan.place, asset, inventory)
        if after is not asset and scan.place == OUT:
            note("unslotted", None, asset_tag=scan.asset_tag, place=asset.place)
    after = _described(scan, after)
    if after.serial_number != asset.serial_number:
        note_shared_serial(scan, inventory, note)
    if after is asset:
        note("update_without_change", None, asset_tag=scan.asset_tag)
    return after


def retire(scan: Scan, asset: Asset | None, inventory: Inventory, note: Note) -> Asset:  # noqa: ARG001 - all rules look alike
    """End an asset: its slot is freed, its holder cleared; the notes say why."""
    asset = require_living(scan, asset)
    if scan.place is not None and scan.place != OUT:
        note("place_ignored", "slot_number", place=scan.place)
    note_other_details(scan, asset, note)
    return retired(asset)


def require_living(scan: Scan, asset: Asset | None) -> Asset:
    """Return the asset that a row is about.

    Raises:
        NotAllowed: it is unknown or retired.
    """
    if asset is None:
        raise NotAllowed("unknown_asset", "asset_tag", asset_tag=scan.asset_tag)
    if asset.status == "RETIRED":
        raise NotAllowed("asset_retired", "asset_tag", asset_tag=scan.asset_tag)
    return asset


def note_other_details(scan: Scan, asset: Asset, note: Note) -> None:
    """Add a notice for each descriptive field that the row gives otherwise than it is recorded."""
    if not (
        scan.building_room
        or scan.equipment_type
        or scan.serial_number
        or scan.manufacturer
        or scan.model
        or scan.model_code
    ):
        return
    for field in DETAIL_COLUMNS:
        value, recorded = getattr(scan, field), getattr(asset, field)
        if value and value != recorded:
            facts = {"value": quoted(value), "recorded": quoted(recorded or "blank")}
            note("details_differ", field, asset_tag=scan.asset_tag, **facts)


def note_other_holder(scan: Scan, asset: Asset | None, note: Note) -> None:
    """Add a notice when the row names somebody who is not the asset's holder: only an ISSUE gives it to one."""
    name = scan.issued_to_name
    holder = None if asset is None else asset.holder
    if name and (holder is None or name_key(name) != name_key(holder)):
        note("holder_ignored", "issued_to_name", name=name, event=scan.event_type)


def note_shared_serial(scan: Scan, inventory: Inventory, note: Note) -> None:
    """Add a notice when another asset carries the row's serial number."""
    others = [tag for tag in inventory.serials.get(scan.serial_number, ()) if tag != scan.asset_tag]
    if others:
        note("serial_number_twice", "serial_number", value=scan.serial_number, other=min(others))


def _create(scan: Scan, inventory: Inventory, note: Note) -> Asset:
    if not scan.equipment_type:
        raise NotAllowed("equipment_type_missing", "equipment_type", asset_tag=scan.asset_tag)
    place = None if scan.place == OUT else scan.place
    if place is not None:
        require_empty_slot(inventory, place)
    if scan.serial_number in inventory.serials:
        note_shared_serial(scan, inventory, note)
    case, slot = place or (None, None)
    return Asset(
        "STORAGE", case, slot, None, scan.equipment_type, scan.building_room or None, scan.serial_number or None,
        scan.manufacturer or None, scan.model or None, scan.model_code or None,
    )  # fmt: skip


def _moved(place: Place, asset: Asset, inventory: Inventory) -> Asset:
    target = None if place == OUT else place
    if target == asset.place:
        return asset
    if target is not None:
        require_empty_slot(inventory, target)
    return stored(asset, target)


def _described(scan: Scan, asset: Asset) -> Asset:
    """Return the asset with the fields that the row gives; a blank cell never erases."""
    after = Asset(
        asset.status, asset.case_name, asset.slot_position, asset.holder, scan.equipment_type or asset.equipment_type,
        scan.building_room or asset.building_room, scan.serial_number or asset.serial_number,
        scan.manufacturer or asset.manufacturer, scan.model or asset.model, scan.model_code or asset.model_code,
        asset.due_on,
    )  # fmt: skip
    return asset if after == asset else after
