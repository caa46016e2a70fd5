"""The slot integrity layer as a rule: every deed on every state and place, and hard stops that say who is where."""

from collections.abc import Callable
from itertools import product

import pytest

from assettrack.domain import slots
from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import Inventory
from assettrack.domain.slots import Move
from assettrack.domain.tags import Place
from tests.domain.trial_room import EMPTY, LATEST, NO_CASE, NO_SLOT, OWN, PLACES, STATES, TAKEN, require_agreement, room

Deed = Callable[[Inventory, str, Place], Move]

TABLE = """
assign | unknown   | empty   | unknown_asset
assign | unknown   | taken   | unknown_asset
assign | unknown   | no slot | unknown_asset
assign | unknown   | no case | unknown_asset
assign | slotted   | own     | nothing
assign | slotted   | empty   | already_slotted
assign | slotted   | taken   | already_slotted
assign | slotted   | no slot | unknown_slot
assign | slotted   | no case | unknown_case
assign | unslotted | empty   | CASE-01 slot 3
assign | unslotted | taken   | slot_taken
assign | unslotted | no slot | unknown_slot
assign | unslotted | no case | unknown_case
assign | held      | empty   | in_custody
assign | held      | taken   | in_custody
assign | held      | no slot | in_custody
assign | held      | no case | in_custody
assign | gone      | empty   | asset_retired
assign | gone      | taken   | asset_retired
assign | gone      | no slot | asset_retired
assign | gone      | no case | asset_retired
move   | unknown   | empty   | unknown_asset
move   | unknown   | taken   | unknown_asset
move   | unknown   | no slot | unknown_asset
move   | unknown   | no case | unknown_asset
move   | slotted   | own     | nothing
move   | slotted   | empty   | CASE-01 slot 3
move   | slotted   | taken   | slot_taken
move   | slotted   | no slot | unknown_slot
move   | slotted   | no case | unknown_case
move   | unslotted | empty   | not_slotted
move   | unslotted | taken   | not_slotted
move   | unslotted | no slot | not_slotted
move   | unslotted | no case | not_slotted
move   | held      | empty   | in_custody
move   | held      | taken   | in_custody
move   | held      | no slot | in_custody
move   | held      | no case | in_custody
move   | gone      | empty   | asset_retired
move   | gone      | taken   | asset_retired
move   | gone      | no slot | asset_retired
move   | gone      | no case | asset_retired
"""
LINES = [tuple(cell.strip() for cell in line.split("|")) for line in TABLE.strip().splitlines()]


def test_the_table_has_every_cell() -> None:
    """Both deeds meet each state with each slot that can be named; only an asset in a slot has one of its own."""
    cells = set(product(["assign", "move"], STATES, set(PLACES) - {"-", "OUT"}))
    own = {(deed, state, "own") for deed, state, _ in cells if state != "slotted"}
    assert sorted(line[:3] for line in LINES) == sorted(cells - own)


@pytest.mark.parametrize(("deed", "state", "place", "expected"), LINES)
def test_a_cell_of_the_table(deed: str, state: str, place: str, expected: str) -> None:
    """The deed puts the asset where the table says, does nothing, or is refused with this code."""
    inventory, tag, target = room(), STATES[state], PLACES[place]
    assert target is not None
    assert outcome(inventory, tag, lambda: getattr(slots, deed)(inventory, tag, target)) == expected


def outcome(inventory: Inventory, tag: str, deed: Callable[[], Move]) -> str:
    """What became of a deed: the asset's new slot, ``nothing``, or the code of the refusal."""
    try:
        done = deed()
    except NotAllowed as refusal:
        return refusal.code
    before, after = inventory.assets[tag], done.after
    assert (done.asset_tag, done.before) == (tag, before)
    inventory.apply(tag, before, after, LATEST)
    require_agreement(inventory)
    if after is before:
        return "nothing"
    assert (after.status, after.holder) == ("STORAGE", None)
    return "unslotted" if after.place is None else str(after.place)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ("unknown", "unknown_asset"),
        ("slotted", "unslotted"),
        ("unslotted", "not_slotted"),
        ("held", "in_custody"),
        ("gone", "asset_retired"),
    ],
)
def test_vacating_by_asset(state: str, expected: str) -> None:
    """An asset in a slot is taken out of it; any other is refused."""
    inventory, tag = room(), STATES[state]
    assert outcome(inventory, tag, lambda: slots.vacate_asset(inventory, tag)) == expected


@pytest.mark.parametrize(
    ("place", "tag", "expected"),
    [
        (OWN, "SLOTTED", "unslotted"),
        (TAKEN, "OTHER", "unslotted"),
        (EMPTY, "", "slot_empty"),
        (NO_SLOT, "", "unknown_slot"),
        (NO_CASE, "", "unknown_case"),
    ],
)
def test_vacating_by_position(place: Place, tag: str, expected: str) -> None:
    """Whoever is in the slot is taken out of it; an empty slot, or one that isn't there, is refused."""
    inventory = room()
    assert outcome(inventory, tag, lambda: slots.vacate_slot(inventory, place)) == expected


@pytest.mark.parametrize(
    ("deed", "tag", "place", "said"),
    [
        (slots.assign, "FREE", TAKEN, "CASE-01 slot 2 is taken by asset OTHER."),
        (slots.assign, "SLOTTED", TAKEN, "Asset SLOTTED is already in CASE-01 slot 1."),
        (slots.assign, "HELD", EMPTY, "Asset HELD is in custody of Jane Smith"),
        (slots.move, "FREE", EMPTY, "Asset FREE is in no slot."),
        (slots.move, "SLOTTED", TAKEN, "CASE-01 slot 2 is taken by asset OTHER."),
        (slots.move, "GONE", EMPTY, "Asset GONE is retired"),
        (slots.move, "SLOTTED", NO_SLOT, "Case CASE-01 has slots 1 to 4; there is no slot 99."),
        (slots.move, "SLOTTED", NO_CASE, "There is no case CASE-99."),
        (slots.assign, "NEW", EMPTY, "No asset NEW is known."),
    ],
)
def test_a_hard_stop_says_who_is_where(deed: Deed, tag: str, place: Place, said: str) -> None:
    """Each refusal names the asset, the slot, the occupant or the holder that stands in the way."""
    with pytest.raises(NotAllowed) as caught:
        deed(room(), tag, place)
    assert said in caught.value.sentence


def test_vacating_an_empty_slot_names_it() -> None:
    """The refusal of an empty slot says which one."""
    with pytest.raises(NotAllowed) as caught:
        slots.vacate_slot(room(), EMPTY)
    assert caught.value.sentence == "CASE-01 slot 3 is already empty."


def test_a_case_is_prepared_once() -> None:
    """A case of a known name can't be prepared again, and the refusal says how many slots it has; a new name can."""
    inventory = room()
    with pytest.raises(NotAllowed) as caught:
        slots.require_new_case(inventory, "CASE-01", 5)
    assert (caught.value.code, caught.value.sentence) == ("case_exists", "Case CASE-01 already exists, with 4 slots.")
    slots.require_new_case(inventory, "CASE-02", 5)


@pytest.mark.parametrize("count", [-1, 0, 501])
def test_a_case_has_one_to_five_hundred_slots(count: int) -> None:
    """Any other number is refused."""
    with pytest.raises(NotAllowed) as caught:
        slots.require_new_case(room(), "CASE-02", count)
    assert (caught.value.code, "a case has 1 to 500" in caught.value.sentence) == ("case_size_invalid", True)
    for good in (1, 500):
        slots.require_new_case(room(), "CASE-02", good)


def test_who_is_in_a_slot() -> None:
    """A slot is asked for its occupant; an empty one has none, and one that isn't there is refused."""
    inventory = room()
    assert slots.require_slot(inventory, TAKEN) == "OTHER"
    assert slots.require_slot(inventory, EMPTY) is None
    for place, code in ((NO_SLOT, "unknown_slot"), (NO_CASE, "unknown_case"), (Place("CASE-01", 5), "unknown_slot")):
        with pytest.raises(NotAllowed) as caught:
            slots.require_slot(inventory, place)
        assert caught.value.code == code
