"""What somebody looks for among many assets, and the short forms in which they are listed."""

from typing import NamedTuple

import msgspec

from assettrack.domain.inventory import Status


class AssetFilter(msgspec.Struct, frozen=True):
    """Which assets are wanted; None or blank means any. ``text`` begins the tag, or is the serial number's beginning.

    ``slotted`` tells those in a slot from those in none.
    """

    status: Status | None = None
    case_name: str = ""
    holder_id: int | None = None
    equipment_type: str = ""
    text: str = ""
    slotted: bool | None = None


class ListedAsset(NamedTuple):
    """An asset in a list: what it is, and where or with whom."""

    asset_tag: str
    status: Status
    equipment_type: str
    serial_number: str | None
    case_name: str | None
    slot_position: int | None
    holder: str | None
    building_room: str | None
    due_on: str | None


class Occupant(NamedTuple):
    """A slot of a case, and what is in it; all but the position None where it is empty."""

    slot_position: int
    asset_tag: str | None
    equipment_type: str | None
    serial_number: str | None
    model: str | None
