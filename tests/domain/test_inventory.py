"""The inventory: how a decided change moves it on, and that it never comes to hold an impossible state."""

import msgspec
import pytest

from assettrack.domain.inventory import Asset, Inventory, in_custody, retired, stored
from assettrack.domain.tags import Place
from tests.domain.trial_room import EMPTY, LAPTOP, LATEST, OWN, TAKEN, room

LATER = "2026-02-02T10:00:00.000001Z"
EARLIER = "2026-02-02T09:59:59.999999Z"
SLOTTED = stored(LAPTOP, OWN)


@pytest.mark.parametrize(
    ("asset", "where", "place"),
    [
        (SLOTTED, "in CASE-01 slot 1", OWN),
        (LAPTOP, "in storage, in no slot", None),
        (in_custody(SLOTTED, "Jane Smith"), "in custody of Jane Smith", None),
        (retired(SLOTTED), "retired", None),
    ],
)
def test_where_an_asset_is(asset: Asset, where: str, place: Place | None) -> None:
    """Where an asset is can be said in half a sentence; only one in a slot has a place."""
    assert (asset.where, asset.place) == (where, place)


def test_custody_and_slot_exclude_each_other() -> None:
    """Storage has no holder, custody and retirement have no slot, and nothing else of the asset changes."""
    held = in_custody(SLOTTED, "Jane Smith")
    back = stored(held, EMPTY)
    end = retired(held)
    assert (held.status, held.place, held.holder) == ("IN_CUSTODY", None, "Jane Smith")
    assert (back.status, back.place, back.holder) == ("STORAGE", EMPTY, None)
    assert (end.status, end.place, end.holder) == ("RETIRED", None, None)
    assert stored(end, OWN) == SLOTTED


def test_the_latest_entry_is_never_an_earlier_one() -> None:
    """An entry accepted late, or a late sighting, leaves the time of the latest; a later one is it."""
    inventory = room()
    asset = inventory.assets["FREE"]
    inventory.apply("FREE", asset, asset, EARLIER)
    assert inventory.latest["FREE"] == LATEST
    inventory.apply("FREE", asset, asset, LATER)
    assert inventory.latest["FREE"] == LATER
    inventory.apply("NEW", None, LAPTOP, EARLIER)
    assert inventory.latest["NEW"] == EARLIER


def test_moved_slots_remember_who_was_in_them_at_first() -> None:
    """However often a slot changes hands, the first occupant is remembered, and untouched slots are not."""
    inventory = room()
    first = inventory.assets["SLOTTED"]
    inventory.apply("SLOTTED", first, stored(first, EMPTY), LATER)
    free = inventory.assets["FREE"]
    inventory.apply("FREE", free, stored(free, OWN), LATER)
    inventory.apply("FREE", stored(free, OWN), free, LATER)
    inventory.apply("SLOTTED", stored(first, EMPTY), first, LATER)
    assert inventory.moved == {OWN: "SLOTTED", EMPTY: None}
    assert (inventory.slots[OWN], inventory.slots[EMPTY], inventory.slots[TAKEN]) == ("SLOTTED", None, "OTHER")


def test_a_change_that_moves_nothing_touches_no_slot() -> None:
    """Describing an asset anew leaves every slot as it is."""
    inventory = room()
    before = inventory.assets["SLOTTED"]
    inventory.apply("SLOTTED", before, msgspec.structs.replace(before, model="XPS"), LATER)
    assert (inventory.moved, inventory.slots[OWN]) == ({}, "SLOTTED")


def test_serial_numbers_follow_their_assets() -> None:
    """Who carries a serial number is known for assets found and created, and forgotten when it is changed."""
    inventory = Inventory()
    inventory.add_asset("A1", msgspec.structs.replace(LAPTOP, serial_number="S"), LATEST)
    inventory.apply("A2", None, msgspec.structs.replace(LAPTOP, serial_number="S"), LATEST)
    assert carriers(inventory) == {"S": {"A1", "A2"}}
    before = inventory.assets["A1"]
    inventory.apply("A1", before, msgspec.structs.replace(before, serial_number="T"), LATEST)
    inventory.add_asset("A3", LAPTOP, LATEST)
    inventory.apply("A3", LAPTOP, msgspec.structs.replace(LAPTOP, serial_number="U"), LATEST)
    inventory.add_serial("U", "A3")  # found once more
    before = inventory.assets["A3"]
    inventory.apply("A3", before, msgspec.structs.replace(before, model="XPS"), LATEST)
    assert carriers(inventory) == {"S": {"A2"}, "T": {"A1"}, "U": {"A3"}}
    assert inventory.serials["U"] == ("A3",)


def carriers(inventory: Inventory) -> dict[str, set[str]]:
    """Who carries each serial number."""
    return {serial: set(tags) for serial, tags in inventory.serials.items()}


def test_a_case_begins_with_all_its_slots_empty() -> None:
    """A case of N slots has the positions 1 to N, with nobody in them."""
    inventory = Inventory()
    inventory.add_case("CASE-07", 3)
    assert inventory.cases == {"CASE-07": 3}
    assert inventory.slots == {Place("CASE-07", position): None for position in (1, 2, 3)}


def test_a_taken_slot_is_never_filled() -> None:
    """A change into a taken slot is a mistake of the program, and stops it."""
    inventory = room()
    with pytest.raises(AssertionError, match="only an empty slot is filled"):
        inventory.apply("FREE", inventory.assets["FREE"], stored(LAPTOP, TAKEN), LATER)


def test_an_asset_only_leaves_the_slot_it_is_in() -> None:
    """A change out of a slot in which another asset is recorded is a mistake of the program, and stops it."""
    inventory = room()
    with pytest.raises(AssertionError, match="an asset leaves only the slot it is in"):
        inventory.apply("FREE", stored(LAPTOP, TAKEN), LAPTOP, LATER)
