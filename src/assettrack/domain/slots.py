"""Slots and cases: what is allowed to be where, and the typed deeds about it (DESIGN §7).

Owns the hard stops that say who is where. Each deed is decided here and takes effect as a
change; none of them ever moves an asset aside, or provisions a slot by mentioning it.
"""

from typing import NamedTuple

from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import Asset, Inventory, stored
from assettrack.domain.tags import SLOTS_PER_CASE_MAX, Place


class Move(NamedTuple):
    """What a typed deed does to one asset."""

    asset_tag: str
    before: Asset
    after: Asset


def require_slot(inventory: Inventory, place: Place) -> str | None:
    """Return who is in ``place``, or None when it is empty.

    Raises:
        NotAllowed: there is no such case, or the case has no such slot.
    """
    try:
        return inventory.slots[place]
    except KeyError:
        pass
    slots = inventory.cases.get(place.case_name)
    if slots is None:
        raise NotAllowed("unknown_case", "case_number", case_name=place.case_name)
    raise NotAllowed(
        "unknown_slot", "slot_number", case_name=place.case_name, slots=slots, slot_position=place.slot_position
    )


def require_empty_slot(inventory: Inventory, place: Place) -> None:
    """Make sure that ``place`` exists and is empty.

    Raises:
        NotAllowed: it does not exist, or somebody is in it.
    """
    occupant = require_slot(inventory, place)
    if occupant is not None:
        raise NotAllowed("slot_taken", "slot_number", place=place, occupant=occupant)


def require_new_case(inventory: Inventory, case_name: str, slots: int) -> None:
    """Make sure that a case of this name and size can be prepared.

    Raises:
        NotAllowed: it exists already, or no case has so many slots.
    """
    known = inventory.cases.get(case_name)
    if known is not None:
        raise NotAllowed("case_exists", "case_name", case_name=case_name, slots=known)
    if not 1 <= slots <= SLOTS_PER_CASE_MAX:
        raise NotAllowed("case_size_invalid", "case_name", case_name=case_name, slots=slots, limit=SLOTS_PER_CASE_MAX)


def assign(inventory: Inventory, asset_tag: str, place: Place) -> Move:
    """Put an unslotted asset into an empty slot; into its own slot it changes nothing.

    Raises:
        NotAllowed: asset or slot unknown, not in storage, slotted elsewhere, or the slot is taken.
    """
    asset = _require_in_storage(inventory, asset_tag)
    here = asset.place
    if here == place:
        return Move(asset_tag, asset, asset)
    require_slot(inventory, place)
    if here is not None:
        raise NotAllowed("already_slotted", "asset_tag", asset_tag=asset_tag, place=here)
    require_empty_slot(inventory, place)
    return Move(asset_tag, asset, stored(asset, place))


def move(inventory: Inventory, asset_tag: str, place: Place, *, expected: Place | None = None) -> Move:
    """Move a slotted asset to an empty slot; into its own slot it changes nothing.

    ``expected`` is the slot it must be in now; None where that does not matter.

    Raises:
        NotAllowed: asset or slot unknown, the asset is in no slot, or in another than expected, or the slot is taken.
    """
    asset = _require_in_storage(inventory, asset_tag)
    if asset.place is None:
        raise NotAllowed("not_slotted", "asset_tag", asset_tag=asset_tag)
    if asset.place == place:
        return Move(asset_tag, asset, asset)
    if expected is not None and asset.place != expected:
        raise NotAllowed("asset_moved_since", "asset_tag", asset_tag=asset_tag, place=asset.place, expected=expected)
    require_empty_slot(inventory, place)
    return Move(asset_tag, asset, stored(asset, place))


def vacate_slot(inventory: Inventory, place: Place, *, expected: str | None = None) -> Move:
    """Take whoever is in ``place`` out of it.

    ``expected`` is the asset that must be in it now; None where that does not matter.

    Raises:
        NotAllowed: there is no such slot, it is empty, or another asset than the expected one is in it.
    """
    occupant = require_slot(inventory, place)
    if occupant is None:
        raise NotAllowed("slot_empty", "slot_position", place=place)
    if expected is not None and occupant != expected:
        raise NotAllowed("slot_other_asset", "asset_tag", place=place, occupant=occupant, asset_tag=expected)
    return vacate_asset(inventory, occupant)


def vacate_asset(inventory: Inventory, asset_tag: str) -> Move:
    """Take an asset out of the slot it is in.

    Raises:
        NotAllowed: the asset is unknown, or in no slot.
    """
    asset = _require_in_storage(inventory, asset_tag)
    if asset.place is None:
        raise NotAllowed("not_slotted", "asset_tag", asset_tag=asset_tag)
    return Move(asset_tag, asset, stored(asset, None))


def _require_in_storage(inventory: Inventory, asset_tag: str) -> Asset:
    asset = inventory.assets.get(asset_tag)
    if asset is None:
        raise NotAllowed("unknown_asset", "asset_tag", asset_tag=asset_tag)
    if asset.holder is not None:
        raise NotAllowed("in_custody", "asset_tag", asset_tag=asset_tag, holder=asset.holder)
    if asset.status == "RETIRED":
        raise NotAllowed("asset_retired", "asset_tag", asset_tag=asset_tag)
    return asset
