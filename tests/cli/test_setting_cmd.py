"""Tests of `assettrack.cli.setting_cmd`."""

import pytest

from tests.cli.conftest import Desk

VALUES = ["recorded", "required", "off"]
SEPARATOR = {
    "name": "separator",
    "value": "gs",
    "values": ["gs", "tilde", "bar", "caret", "at", "bracket", "brace"],
}


def test_rules_are_listed_with_their_values(station: Desk) -> None:
    """The first value is how it is before anybody sets it."""
    rule = {"name": "acceptance", "value": "recorded", "values": VALUES}
    assert station.ask("setting", "list") == {"settings": [rule, SEPARATOR]}
    station.tell("setting", "set", "acceptance", "off")
    assert station.ask("setting", "list") == {"settings": [{**rule, "value": "off"}, SEPARATOR]}
    assert station.tell("setting", "list").splitlines() == [
        "setting     value  possible values",
        "acceptance  off    recorded, required, off",
        "separator   gs     gs, tilde, bar, caret, at, bracket, brace",
    ]


def test_a_rule_is_set(station: Desk) -> None:
    """The answer says the value, and whether that changed anything; the log shows both values."""
    wanted = {"name": "acceptance", "value": "required"}
    assert station.ask("setting", "set", "acceptance", "required") == {**wanted, "changed": True}
    assert station.ask("setting", "set", "acceptance", "required") == {**wanted, "changed": False}
    assert station.tell("setting", "set", "acceptance", "off") == "acceptance is now off.\n"
    assert station.tell("setting", "set", "acceptance", "off") == "acceptance is off already; nothing changed.\n"
    assert "setting acceptance: required to off" in station.tell("audit", "show", "--last", "1")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("acceptence", "off", "unknown_setting"),
        ("acceptance", "maybe", "setting_value_invalid"),
        ("", "", "unknown_setting"),
    ],
)
def test_what_can_not_be_set_is_refused(station: Desk, name: str, value: str, code: str) -> None:
    """An unknown rule or value ends with exit code 4, and what is possible is said."""
    error = station.refuse("setting", "set", name, value, exit_code=4)
    assert (error["code"], "acceptance" in error["message"]) == (code, True)
