"""Rooms and buildings: which text names one that is managed, and what is pointed out when something is handed over."""

import pytest

from assettrack.domain.holders import Holder, HolderRegister, name_key
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import Plan
from assettrack.domain.rooms import Rooms
from assettrack.domain.tags import OUT
from tests.domain.trial_room import EMPTY, JANE, decided, room, scan

ACME = 2
CY = Holder(2, "Cy Young", ACME)
MANAGED = Rooms(["b1", "b2", name_key("Straße 3")], [("b1-101", "b1"), ("b2 lab", "b2")], [(ACME, "b1")])
"""Three buildings, two rooms; only Acme may use the first building, and anybody the others."""


@pytest.mark.parametrize("text", ["b1", "B1", " b1-101 ", "B2\u00a0 lab", "STRASSE 3", "Straße 3"])
def test_a_managed_name_is_known_in_any_spelling(text: str) -> None:
    """Names of rooms are compared as names of people are, and a building's own name is good for a room."""
    assert MANAGED.knows(text)


@pytest.mark.parametrize("text", ["B9", "B1-102", "b1 101", "lab", ""])
def test_any_other_name_is_not(text: str) -> None:
    """What is no managed room or building is unknown, unless none is managed: then every text is good."""
    assert not MANAGED.knows(text)
    assert (Rooms().knows(text), Rooms().managed, MANAGED.managed) == (True, False, True)


@pytest.mark.parametrize(
    ("organisation", "text", "expected"),
    [
        (ACME, "B1-101", True),
        (ACME, "b1", True),
        (1, "B1-101", False),
        (1, "b1", False),
        (1, "B2 lab", True),
        (1, "b2", True),
        (1, "somewhere else", True),
        (ACME, "b2", True),
    ],
)
def test_a_building_is_free_until_it_is_given_to_somebody(organisation: int, text: str, *, expected: bool) -> None:
    """From then on it, with all its rooms, is for those it was given to alone."""
    assert MANAGED.may_use(organisation, text) is expected


def managed_room() -> Inventory:
    """The usual room, where rooms are managed; everything is in B1-101, Jane is of no organisation and Cy of Acme."""
    inventory = room()
    inventory.rooms = MANAGED
    inventory.holders = HolderRegister([JANE, CY], last_id=2)
    return inventory


def pointed_out(plan: Plan) -> list[str]:
    """The codes of what is said about rooms; it never keeps a batch from being committed."""
    assert plan.valid
    assert all(notice.field == "building_room" for notice in plan.notices if "room" in notice.code)
    return [notice.code for notice in plan.notices if notice.code in {"unknown_room", "building_not_allowed"}]


@pytest.mark.parametrize(
    ("event", "tag", "name", "cell", "codes"),
    [
        ("ISSUE", "FREE", JANE.name, "", ["building_not_allowed"]),
        ("ISSUE", "FREE", CY.name, "", []),
        ("ISSUE", "FREE", JANE.name, "B2 Lab", []),
        ("ISSUE", "FREE", JANE.name, "b1", ["building_not_allowed"]),
        ("ISSUE", "FREE", JANE.name, "B9", ["unknown_room"]),
        ("TRANSFER", "HELD", CY.name, "", []),
        ("TRANSFER", "HELD", CY.name, "B9", ["unknown_room"]),
        ("SCAN", "FREE", "", "B9", ["unknown_room"]),
        ("SCAN", "NEW", "", "b9", ["unknown_room"]),
        ("UPDATE", "FREE", "", "B2 lab", []),
        ("UPDATE", "HELD", "", "B1", []),
        ("UPDATE", "HELD", "", "B1-102", ["unknown_room"]),
        ("RETIRE", "HELD", "", "", []),
    ],
)
def test_what_is_pointed_out_about_rooms(event: str, tag: str, name: str, cell: str, codes: list[str]) -> None:
    """A room that nobody manages on any row; a building only where something is given to who may not use it."""
    place = OUT if event in {"ISSUE", "TRANSFER"} else None
    row = scan(event, tag, place, issued_to_name=name, building_room=cell, equipment_type="laptop")
    assert pointed_out(decided([row], managed_room())) == codes
    assert pointed_out(decided([row], unmanaged())) == []


def test_a_transfer_to_who_may_not_use_the_building_is_pointed_out() -> None:
    """The room where the asset is recorded counts where the row names none, and what it named before in the file."""
    rows = [
        scan("TRANSFER", "HELD", OUT, issued_to_name=CY.name),
        scan("UPDATE", "HELD", building_room="B2 lab"),
        scan("TRANSFER", "HELD", OUT, issued_to_name=JANE.name),
        scan("UPDATE", "HELD", building_room="B1"),
        scan("RETURN", "HELD", EMPTY),
        scan("ISSUE", "HELD", OUT, issued_to_name=JANE.name),
    ]
    plan = decided(rows, managed_room())
    assert plan.valid
    (notice,) = [notice for notice in plan.notices if notice.code == "building_not_allowed"]
    assert all(word in notice.message for word in ("Jane Smith", "'B1'"))  # so it is the last row's


def unmanaged() -> Inventory:
    """The same, where no rooms are managed."""
    inventory = managed_room()
    inventory.rooms = Rooms()
    return inventory
