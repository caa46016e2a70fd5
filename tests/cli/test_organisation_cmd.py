"""Tests of `assettrack.cli.organisation_cmd`."""

import pytest

from tests.cli.conftest import Desk

AD_HOC = {"organisation_id": 1, "name": "Ad Hoc", "holders": 0, "buildings": []}


def test_an_organisation_is_registered_and_listed(station: Desk) -> None:
    """Its name is cleaned; it is listed after Ad Hoc with its holders and buildings."""
    answer = station.ask("organisation", "add", " Fire  Department ")
    assert answer == {"organisation_id": 2, "name": "Fire Department", "near": []}
    station.tell("building", "add", "HQ")
    station.tell("organisation", "allow", "fire department", "hq")
    station.tell("holder", "add", "Jane Smith", "--organisation", "Fire Department")
    fire = {"organisation_id": 2, "name": "Fire Department", "holders": 1, "buildings": ["HQ"]}
    assert station.ask("organisation", "list") == {"organisations": [AD_HOC, fire]}
    assert station.tell("organisation", "list").splitlines() == [
        "number  holders  organisation     buildings",
        "     1        0  Ad Hoc",
        "     2        1  Fire Department  HQ",
    ]


def test_an_almost_equal_name_is_pointed_out(station: Desk) -> None:
    """It is registered all the same; the same name is refused."""
    assert station.tell("organisation", "add", "Police") == "Registered Police as organisation 2.\n"
    answer = station.type("organisation", "add", "Polices")
    assert (answer.exit_code, answer.out) == (0, "Registered Polices as organisation 3.\n")
    assert "almost the same name is registered: Police." in answer.err
    assert station.refuse("organisation", "add", "POLICE", exit_code=4)["code"] == "organisation_exists"
    assert station.refuse("organisation", "add", " ", exit_code=2)["code"] == "value_unusable"


def test_a_building_is_allowed_and_no_longer(station: Desk) -> None:
    """The answer has both names in full, and whether anything changed; the log shows it in a line."""
    station.tell("building", "add", "HQ")
    use = {"organisation": "Ad Hoc", "building": "HQ"}
    assert station.ask("organisation", "allow", "ad hoc", "hq") == {**use, "allowed": True, "changed": True}
    said = station.tell("organisation", "allow", "ad hoc", "hq")
    assert said == "Ad Hoc may use HQ. It was so already; nothing changed.\n"
    said = station.tell("organisation", "disallow", "Ad Hoc", "HQ")
    assert said == "Ad Hoc has no leave of its own to use HQ.\n"
    assert station.ask("organisation", "disallow", "Ad Hoc", "HQ") == {**use, "allowed": False, "changed": False}
    lines = station.tell("audit", "show", "--last", "3").splitlines()[1:]
    assert [line.partition("gcurl")[2].strip() for line in lines] == [
        "building HQ",
        "Ad Hoc may use HQ",
        "Ad Hoc may no longer use HQ",
    ]


@pytest.mark.parametrize("command", ["allow", "disallow"])
def test_what_is_not_registered_is_refused(station: Desk, command: str) -> None:
    """An unknown building or organisation ends with exit code 4."""
    assert station.refuse("organisation", command, "Ad Hoc", "HQ", exit_code=4)["code"] == "unknown_building"
    assert station.refuse("organisation", command, "Police", "HQ", exit_code=4)["code"] == "unknown_organisation"
