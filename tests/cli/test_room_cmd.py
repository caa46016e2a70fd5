"""Tests of `assettrack.cli.room_cmd`."""

import pytest

from tests.cli.conftest import HEADER, Desk


@pytest.fixture
def built(station: Desk) -> Desk:
    """The station with the buildings HQ and Annex."""
    for name in ("HQ", "Annex"):
        station.tell("building", "add", name)
    return station


def test_rooms_are_registered_and_listed(built: Desk) -> None:
    """By name, each with its building; those of one building when it is named."""
    assert built.ask("room", "add", "HQ 101", "--building", "hq") == {"name": "HQ 101", "building": "HQ", "near": []}
    built.tell("room", "add", "Annex 7", "--building", "Annex")
    rooms = [{"name": "Annex 7", "building": "Annex"}, {"name": "HQ 101", "building": "HQ"}]
    assert built.ask("room", "list") == {"rooms": rooms}
    assert built.ask("room", "list", "--building", "ANNEX") == {"rooms": rooms[:1]}
    assert built.tell("room", "list").splitlines() == ["building  room", "Annex     Annex 7", "HQ        HQ 101"]
    assert "room HQ 101 in building HQ" in built.tell("audit", "show")


def test_no_room_is_an_empty_list_and_advice(built: Desk) -> None:
    """A machine gets an empty list, a person the command that registers one."""
    assert built.ask("room", "list", "--building", "HQ") == {"rooms": []}
    assert "assettrack room add" in built.type("room", "list").err


def test_names_are_judged(built: Desk) -> None:
    """One that is taken is refused, one that is almost taken pointed out, one that can't be is a usage error."""
    assert built.tell("room", "add", "Lab", "--building", "HQ") == "Registered room Lab in building HQ.\n"
    built.tell("room", "add", "Workshop", "--building", "HQ")
    answer = built.type("room", "add", "Workshops", "--building", "HQ")
    assert (answer.exit_code, "registered: Workshop." in answer.err) == (0, True)
    assert built.refuse("room", "add", "LAB", "--building", "Annex", exit_code=4)["code"] == "room_exists"
    assert built.refuse("room", "add", "annex", "--building", "HQ", exit_code=4)["code"] == "building_exists"
    assert built.refuse("room", "add", "Depot 1", "--building", "Depot", exit_code=4)["code"] == "unknown_building"
    assert built.refuse("room", "list", "--building", "Depot", exit_code=4)["code"] == "unknown_building"
    assert built.refuse("room", "add", "", "--building", "HQ", exit_code=2)["code"] == "value_unusable"
    assert built.refuse("room", "add", "Depot 1", exit_code=2)["code"] == "usage"


def test_a_batch_points_out_a_room_that_is_not_registered(built: Desk) -> None:
    """Rooms and buildings that are registered are known in any spelling."""
    built.tell("room", "add", "HQ 101", "--building", "HQ")
    header = f"{HEADER},building_room"
    rows = [
        f"LT-{number},2026-02-01T08:00:00Z,SCAN,anna,,,,laptop,,{room}"
        for number, room in enumerate(("hq 101", "Annex", "HQ 102"), 1)
    ]
    found = built.ask("preview", built.file("rooms.csv", header, *rows))
    assert [(each["row_number"], each["code"]) for each in found["notices"]] == [(3, "unknown_room")]


def test_a_building_without_rooms_is_named(station: Desk) -> None:
    """Whoever asks for one building's rooms is told that it has none, not that there are none at all."""
    station.tell("building", "add", "HQ")
    station.tell("building", "add", "Annex")
    station.tell("room", "add", "HQ 101", "--building", "HQ")
    answer = station.type("room", "list", "--building", "Annex")
    assert answer.exit_code == 0
    assert answer.err.startswith("No room of Annex is registered.")
