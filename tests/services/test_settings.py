"""Settings: rules of the station, each change an entry, in force for what is decided after it."""

import json

import pytest

from assettrack.domain import errors
from assettrack.services import settings, verification
from assettrack.services.settings import Rule
from tests.services.desk import Desk, row

VALUES = ("recorded", "required", "off")
SEPARATOR = Rule("separator", "gs", ("gs", "tilde", "bar", "caret", "at", "bracket", "brace"))


def test_a_rule_is_as_it_is_by_default_until_it_is_set(desk: Desk) -> None:
    """Setting it is one entry with both values; the same value again is none."""
    assert settings.all_rules(desk.workplace) == [Rule("acceptance", "recorded", VALUES), SEPARATOR]
    with desk.unchanged():
        assert not settings.set_rule(desk.workplace, "acceptance", "recorded")
    assert settings.set_rule(desk.workplace, "acceptance", "required")
    assert settings.all_rules(desk.workplace) == [Rule("acceptance", "required", VALUES), SEPARATOR]
    entry = json.loads(desk.entries()[-1])
    assert (entry["event_type"], entry["name"], entry["before"], entry["after"]) == (
        "SETTING",
        "acceptance",
        "recorded",
        "required",
    )
    assert verification.verify(desk.workplace).ok


def test_a_rule_is_in_force(desk: Desk) -> None:
    """Where acceptance is required, a batch that issues without one is refused."""
    desk.commit(row("A1"))
    text = row("A1", "ISSUE", at="10:05")
    assert desk.preview(text).valid
    settings.set_rule(desk.workplace, "acceptance", "required")
    assert [each.code for each in desk.preview(text).refusals] == ["acceptance_missing"]
    settings.set_rule(desk.workplace, "acceptance", "off")
    assert desk.preview(text).valid


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [("acceptence", "off", "unknown_setting"), ("acceptance", "maybe", "setting_value_invalid")],
)
def test_what_can_not_be_set(desk: Desk, name: str, value: str, code: str) -> None:
    """An unknown rule and a value that it can't have are refused."""
    with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        settings.set_rule(desk.workplace, name, value)
    assert caught.value.code == code
