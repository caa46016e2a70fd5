"""Buildings and rooms: registered once each, a room in its building, named as batches name it."""

import pytest

from assettrack.domain import errors
from assettrack.services import organisations, rooms, verification
from assettrack.services.rooms import BuildingSummary, RegisteredPlace
from tests.services.desk import Desk


@pytest.fixture
def built(desk: Desk) -> Desk:
    """The desk with the building HQ, its rooms HQ 101 and HQ 102, and the building Annex without a room."""
    rooms.register_building(desk.workplace, "HQ")
    rooms.register_building(desk.workplace, "Annex")
    for room in ("HQ 102", " HQ  101"):
        rooms.register_room(desk.workplace, room, "hq")
    return desk


def test_what_is_registered_is_listed(built: Desk) -> None:
    """Buildings by name with their rooms and the organisations that may use them; rooms by name with their building."""
    organisations.set_use(built.workplace, "Ad Hoc", "HQ", allowed=True)
    organisations.set_use(built.workplace, "Ad Hoc", "Annex", allowed=True)
    organisations.set_use(built.workplace, "Ad Hoc", "Annex", allowed=False)
    assert rooms.all_buildings(built.workplace) == [
        BuildingSummary("Annex", [], []),
        BuildingSummary("HQ", ["HQ 101", "HQ 102"], ["Ad Hoc"]),
    ]
    assert rooms.all_rooms(built.workplace) == [("HQ 101", "HQ"), ("HQ 102", "HQ")]
    assert rooms.all_rooms(built.workplace, "annex") == []
    assert rooms.all_rooms(built.workplace, "hq") == [("HQ 101", "HQ"), ("HQ 102", "HQ")]
    assert verification.verify(built.workplace).ok


def test_names_almost_the_same_are_told(built: Desk) -> None:
    """Buildings among buildings, rooms among rooms; another number is another room."""
    assert rooms.register_building(built.workplace, "Annexe") == RegisteredPlace("Annexe", "Annexe", ["Annex"])
    assert rooms.register_room(built.workplace, "HG 101", "HQ") == RegisteredPlace("HG 101", "HQ", ["HQ 101"])
    assert rooms.register_room(built.workplace, "HQ 103", "HQ").near == []


@pytest.mark.parametrize(("name", "code"), [("ANNEX", "building_exists"), ("hq 101", "room_exists")])
def test_a_name_is_one_place(built: Desk, name: str, code: str) -> None:
    """The name of a building or a room is free for neither."""
    with built.unchanged():
        with pytest.raises(errors.DeedRefused) as caught:
            rooms.register_building(built.workplace, name)
        assert caught.value.code == code
        with pytest.raises(errors.DeedRefused) as caught:
            rooms.register_room(built.workplace, name, "HQ")
        assert caught.value.code == code


def test_a_room_needs_a_known_building(built: Desk) -> None:
    """A building that is not registered has no rooms, and can't get any."""
    with built.unchanged(), pytest.raises(errors.DeedRefused, match="No building Depot is known"):
        rooms.register_room(built.workplace, "Depot 1", "Depot")
    with pytest.raises(errors.DeedRefused, match="No building Depot is known"):
        rooms.all_rooms(built.workplace, "Depot")


@pytest.mark.parametrize("name", ["", "x" * 201, "a\x1bb", "\udcff"])
def test_what_is_no_name(built: Desk, name: str) -> None:
    """A name that can't be kept is unusable, wherever it is given."""
    with built.unchanged():
        with pytest.raises(errors.ValueUnusable):
            rooms.register_building(built.workplace, name)
        with pytest.raises(errors.ValueUnusable):
            rooms.register_room(built.workplace, name, "HQ")
        with pytest.raises(errors.ValueUnusable):
            rooms.register_room(built.workplace, "HQ 7", name)
        with pytest.raises(errors.ValueUnusable):
            rooms.all_rooms(built.workplace, name)
