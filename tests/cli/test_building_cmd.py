"""Tests of `assettrack.cli.building_cmd`."""

from tests.cli.conftest import Desk


def test_buildings_are_registered_and_listed(station: Desk) -> None:
    """By name, with their rooms and the organisations that may use them; where there are none, all may."""
    assert station.ask("building", "add", " HQ ") == {"name": "HQ", "near": []}
    station.tell("building", "add", "Annex")
    station.tell("room", "add", "HQ 101", "--building", "HQ")
    station.tell("organisation", "allow", "Ad Hoc", "HQ")
    annex = {"name": "Annex", "rooms": [], "organisations": []}
    hq = {"name": "HQ", "rooms": ["HQ 101"], "organisations": ["Ad Hoc"]}
    assert station.ask("building", "list") == {"buildings": [annex, hq]}
    assert station.tell("building", "list").splitlines() == [
        "rooms  building  used by",
        "    0  Annex     (all)",
        "    1  HQ        Ad Hoc",
    ]


def test_no_building_is_an_empty_list_and_advice(station: Desk) -> None:
    """A machine gets an empty list, a person the command that registers one."""
    assert station.ask("building", "list") == {"buildings": []}
    assert "assettrack building add" in station.type("building", "list").err


def test_names_are_judged(station: Desk) -> None:
    """One that is taken is refused, one that is almost taken pointed out, one that can't be is a usage error."""
    assert station.tell("building", "add", "Annex") == "Registered building Annex.\n"
    answer = station.type("building", "add", "Annexe")
    assert (answer.exit_code, "registered: Annex." in answer.err) == (0, True)
    assert station.refuse("building", "add", "ANNEX", exit_code=4)["code"] == "building_exists"
    assert station.refuse("building", "add", "", exit_code=2)["code"] == "value_unusable"
