"""What a correction points out: the same as a row of a batch with the same values would."""

from collections.abc import Mapping

import pytest

from assettrack.domain.findings import Finding
from assettrack.services import corrections, holders, organisations, rooms
from tests.services.desk import Desk

HEADER = (
    "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,equipment_type,serial_number,"
    "building_room\n"
)
A1, A2, UPDATED, ISSUED = 6, 7, 8, 9
"""Entries: two SCANs, A2's UPDATE with serial number S-2, and the ISSUE of A2 to Jane Smith."""


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A1 has serial number S-1, A2 first none and then S-2; building B1 with a room, which Acme may use, and B2."""
    desk.commit(
        HEADER
        + "A1,2026-07-01T10:00Z,SCAN,gcurl,,,,laptop,S-1,\n"
        + "A2,2026-07-01T10:00Z,SCAN,gcurl,,,,laptop,S-0,\n"
        + "A2,2026-07-01T10:05Z,UPDATE,gcurl,,,,,S-2,\n"
        + "A2,2026-07-01T10:10Z,ISSUE,gcurl,Jane Smith,OUT,OUT,,,\n"
    )
    return desk


def manage_rooms(desk: Desk) -> None:
    """Building B1 with room B1-101 is for Acme alone, whose holder is Cy Young; B2 is for everybody."""
    at = desk.workplace
    organisations.register(at, "Acme")
    for building in ("B1", "B2"):
        rooms.register_building(at, building)
    rooms.register_room(at, "B1-101", "B1")
    organisations.set_use(at, "Acme", "B1", allowed=True)
    holders.register(at, "Cy Young", organisation="Acme")


def noted(desk: Desk, seq: int, values: Mapping[str, str]) -> list[tuple[str, str | None]]:
    """The codes and fields of what a correction points out; it is about no row of a file."""
    found: list[Finding] = list(corrections.preview(desk.workplace, seq, values).notices)
    assert all(notice.row_number is None for notice in found)
    return [(notice.code, notice.field) for notice in found]


SHARED = [("serial_number_twice", "serial_number")]


def test_a_serial_number_that_another_asset_has(stocked: Desk) -> None:
    """It is pointed out where the asset comes to carry it, with the other asset, and blocks nothing."""
    assert noted(stocked, UPDATED, {"serial_number": "S-1"}) == SHARED
    shown = corrections.preview(stocked.workplace, UPDATED, {"serial_number": "S-1"})
    assert shown.notices[0].message == "serial_number S-1 is also that of asset A1."
    done = corrections.correct(stocked.workplace, UPDATED, {"serial_number": "S-1"}, "x", confirm=shown.confirm_code)
    assert done.proposal.notices == shown.notices


def test_what_the_asset_does_not_carry_is_not_pointed_out(stocked: Desk) -> None:
    """A later row gave it another serial number; its own, one that is free and none are nothing to look at."""
    assert noted(stocked, A2, {"serial_number": "S-1"}) == []
    assert noted(stocked, UPDATED, {"serial_number": "S-9"}) == []
    assert noted(stocked, A1, {"serial_number": "S-1", "notes": "x"}) == []
    assert noted(stocked, A1, {"serial_number": ""}) == []


def test_what_was_shared_before_is_not_pointed_out_again(stocked: Desk) -> None:
    """Only a correction by which the asset comes to carry the serial number is told so."""
    corrections.correct(stocked.workplace, UPDATED, {"serial_number": "S-1"}, "x", confirm=None)
    assert noted(stocked, A2, {"notes": "x"}) == []


def test_a_serial_number_that_comes_back_is_looked_at(stocked: Desk) -> None:
    """Taken away from the row that gave it, the one before it counts again, and may be another asset's."""
    corrections.correct(stocked.workplace, A1, {"serial_number": "S-0"}, "x", confirm=None)
    assert noted(stocked, UPDATED, {"serial_number": "", "equipment_type": "tablet"}) == SHARED


def test_a_room_that_nobody_manages(stocked: Desk) -> None:
    """As in a batch: only where the station manages rooms, and only if the room is what is corrected."""
    cellar = {"building_room": "Cellar"}
    assert noted(stocked, A1, cellar) == []
    manage_rooms(stocked)
    assert noted(stocked, A1, cellar) == [("unknown_room", "building_room")]
    assert noted(stocked, A1, {"building_room": "b1-101"}) == []
    assert noted(stocked, A1, {"notes": "x"}) == []


def test_a_building_that_the_holder_may_not_use(stocked: Desk) -> None:
    """Where a corrected row gives an asset to somebody whose organisation may not use the building of its room."""
    manage_rooms(stocked)
    room = {"building_room": "B1-101"}
    forbidden = [("building_not_allowed", "building_room")]
    assert noted(stocked, ISSUED, room) == forbidden
    assert noted(stocked, ISSUED, room | {"issued_to_name": "Cy Young"}) == []
    assert noted(stocked, ISSUED, {"building_room": "B2"}) == []
    assert noted(stocked, A2, room) == []
    corrections.correct(stocked.workplace, A2, room, "x", confirm=None)
    assert noted(stocked, ISSUED, {"issued_to_name": "Bob Lee"}) == forbidden
    assert noted(stocked, ISSUED, {"notes": "x"}) == []


def test_a_correction_that_can_not_be_made_is_looked_at_no_further(stocked: Desk) -> None:
    """Where the asset would not even exist, nothing is pointed out about it."""
    assert noted(stocked, A1, {"equipment_type": "", "serial_number": "S-2"}) == []
