"""The inventory: the slice of the present state that a batch or deed touches.

Owns what is known while something is decided, and how a decided change moves it on.
A store loads it (or a replay rebuilds it) and the decision uses it up. It must never
come to hold a state that the schema would refuse: `apply` asserts that.
"""

from typing import Literal, NamedTuple

import msgspec

from assettrack.domain.holders import HolderRegister
from assettrack.domain.rooms import Rooms
from assettrack.domain.tags import Place

Status = Literal["STORAGE", "IN_CUSTODY", "RETIRED"]
AcceptanceRule = Literal["required", "recorded", "off"]
"""Whether a batch that hands something over is refused without an acceptance, is listed as open, or neither."""

SlotKey = tuple[str, int]
"""Case name and position: a `Place`, or the plain tuple that equals it and costs less to make."""


class Asset(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The state of an asset, as it stands before or after a change.

    Storage without a case means unslotted. ``holder`` is the holder's name, set exactly
    while the asset is in custody; ``due_on`` is the date on which the holder is to return it, if one was set.
    """

    status: Status
    case_name: str | None
    slot_position: int | None
    holder: str | None
    equipment_type: str
    building_room: str | None = None
    serial_number: str | None = None
    manufacturer: str | None = None
    model: str | None = None
    model_code: str | None = None
    due_on: str | None = None

    @property
    def place(self) -> Place | None:
        """The slot the asset is in, or None."""
        if self.case_name is None or self.slot_position is None:
            return None
        return Place(self.case_name, self.slot_position)

    @property
    def where(self) -> str:
        """Where the asset is, as half a sentence."""
        if self.holder is not None:
            return f"in custody of {self.holder}"
        if self.status == "RETIRED":
            return "retired"
        place = self.place
        return "in storage, in no slot" if place is None else f"in {place}"


class Custody(NamedTuple):
    """How an asset came into the custody in which it is: the entry, and the slot it was issued from, its home."""

    seq: int
    home: SlotKey | None


def stored(asset: Asset, place: Place | None) -> Asset:
    """Return the asset in storage, in ``place`` or in no slot."""
    return _with_custody(asset, "STORAGE", place, None)


def in_custody(asset: Asset, holder: str) -> Asset:
    """Return the asset in custody of ``holder``."""
    return _with_custody(asset, "IN_CUSTODY", None, holder)


def retired(asset: Asset) -> Asset:
    """Return the asset at its end."""
    return _with_custody(asset, "RETIRED", None, None)


def _with_custody(asset: Asset, status: Status, place: Place | None, holder: str | None) -> Asset:
    case, slot = place or (None, None)
    return Asset(
        status, case, slot, holder, asset.equipment_type, asset.building_room, asset.serial_number,
        asset.manufacturer, asset.model, asset.model_code,
    )  # fmt: skip


class Inventory:
    """What is known of assets, slots, cases and holders while something is decided.

    An asset, slot or case that is absent here does not exist. ``latest`` holds the UTC text of
    each asset's latest entry, ``recorded`` the batch of each row identity that is already in
    the log, ``serials`` the assets that carry a serial number, ``custody`` how each asset that has
    a holder came to the holder. ``moved`` remembers, for each slot that changed hands, who was in
    it at first. ``acceptance`` and ``rooms`` are the station's rules, as far as a batch is bound by them.
    """

    def __init__(self) -> None:
        self.acceptance: AcceptanceRule = "recorded"
        self.rooms = Rooms()
        self.custody: dict[str, Custody] = {}
        self.assets: dict[str, Asset] = {}
        self.latest: dict[str, str] = {}
        self.slots: dict[SlotKey, str | None] = {}
        self.cases: dict[str, int] = {}
        self.holders = HolderRegister()
        self.recorded: dict[bytes, int] = {}
        self.serials: dict[str, tuple[str, ...]] = {}
        self.moved: dict[SlotKey, str | None] = {}

    def add_asset(self, asset_tag: str, asset: Asset, latest: str) -> None:
        """Add an asset as it was found, with the slot it is in."""
        self.assets[asset_tag] = asset
        self.latest[asset_tag] = latest
        place = asset.place
        if place is not None:
            self.slots[place] = asset_tag
        if asset.serial_number is not None:
            self.add_serial(asset.serial_number, asset_tag)

    def add_serial(self, serial_number: str, asset_tag: str) -> None:
        """Remember that an asset carries a serial number."""
        carriers = self.serials.get(serial_number, ())
        if asset_tag not in carriers:
            self.serials[serial_number] = (*carriers, asset_tag)

    def add_case(self, case_name: str, slots: int) -> None:
        """Add a new case with all its slots empty."""
        self.cases[case_name] = slots
        for position in range(1, slots + 1):
            self.slots[Place(case_name, position)] = None

    def apply(self, asset_tag: str, before: Asset | None, after: Asset, occurred_at: str) -> None:
        """Move the inventory on by one decided change."""
        if occurred_at > self.latest.get(asset_tag, ""):
            self.latest[asset_tag] = occurred_at
        if after is before:
            return
        source = None if before is None or before.case_name is None else (before.case_name, before.slot_position or 0)
        target = None if after.case_name is None else (after.case_name, after.slot_position or 0)
        if source != target:
            self._vacate(source, asset_tag)
            self._fill(target, asset_tag)
        self.assets[asset_tag] = after
        serial, earlier = after.serial_number, None if before is None else before.serial_number
        if serial is not None and serial != earlier:
            self.add_serial(serial, asset_tag)
            if earlier is not None:
                self.serials[earlier] = tuple(tag for tag in self.serials[earlier] if tag != asset_tag)

    def _vacate(self, place: SlotKey | None, asset_tag: str) -> None:
        if place is not None:
            assert self.slots[place] == asset_tag, "an asset leaves only the slot it is in"
            self.moved.setdefault(place, asset_tag)
            self.slots[place] = None

    def _fill(self, place: SlotKey | None, asset_tag: str) -> None:
        if place is not None:
            assert self.slots[place] is None, "only an empty slot is filled"
            self.moved.setdefault(place, None)
            self.slots[place] = asset_tag
