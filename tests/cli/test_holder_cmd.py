"""Tests of `assettrack.cli.holder_cmd`."""

import pytest

from tests.cli.conftest import Desk


def test_a_holder_is_registered_under_a_clean_name(station: Desk) -> None:
    """`holder add` answers the name with its spaces collapsed."""
    assert station.ask("holder", "add", "  Jane   Smith ")["name"] == "Jane Smith"


def test_holders_are_listed_by_number(station: Desk) -> None:
    """`holder list` answers all holders with their numbers."""
    for name in ("Jane Smith", "Åsa Öst"):
        station.tell("holder", "add", name)
    found = [{"holder_id": 1, "name": "Jane Smith"}, {"holder_id": 2, "name": "Åsa Öst"}]
    assert station.ask("holder", "list") == {"holders": found}
    assert station.tell("holder", "list").splitlines()[1:] == ["     1  Jane Smith", "     2  Åsa Öst"]


def test_the_same_name_in_another_spelling_is_refused(station: Desk) -> None:
    """A name that matches a registered one ends with exit code 4 and the first spelling."""
    station.tell("holder", "add", "Jane Smith")
    error = station.refuse("holder", "add", "JANE  smith", exit_code=4)
    assert error["code"] == "holder_exists"
    assert "Jane Smith" in error["message"]


def test_an_almost_equal_name_is_pointed_out(station: Desk) -> None:
    """A name within two letters of a known one is registered, and the likeness is told."""
    station.tell("holder", "add", "Jane Smith")
    answer = station.type("holder", "add", "Jane Smyth")
    assert (answer.exit_code, answer.out) == (0, "Registered Jane Smyth as holder 2.\n")
    assert "Jane Smith" in answer.err


@pytest.mark.parametrize("name", ["", "   ", "a\x1b[31mb", "x" * 201, "\udcff"])
def test_what_is_no_name_is_a_usage_error(station: Desk, name: str) -> None:
    """A blank, unprintable or overlong name ends with exit code 2."""
    assert station.refuse("holder", "add", name, exit_code=2)["code"] == "value_unusable"


def test_nobody_registered_is_an_empty_list_and_advice(station: Desk) -> None:
    """Without holders a machine gets an empty list, a person the command that registers one."""
    assert station.ask("holder", "list") == {"holders": []}
    assert "assettrack holder add" in station.type("holder", "list").err
