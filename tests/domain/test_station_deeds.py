"""The rules of a station: which there are, what they may be, and that the replay goes by them as the station did."""

import string
from typing import Any

import pytest

from assettrack.domain import station_deeds
from assettrack.domain.audit_log import decode_body
from assettrack.domain.deeds import Deed
from assettrack.domain.entries.station import SettingEntry
from assettrack.domain.facts import Setting
from assettrack.domain.findings import NotAllowed
from assettrack.domain.station_deeds import ACCEPTANCE, SEPARATOR, SETTINGS
from tests.domain.trial_state import SIGNOFF, TrialState


@pytest.fixture
def trial() -> TrialState:
    """A state in which no rule was ever set."""
    return TrialState()


def set_rule(trial: TrialState, value: str, name: str = ACCEPTANCE) -> Deed | None:
    """The deed that sets a rule."""
    return station_deeds.set_rule(trial.state, name, value, trial.seq, SIGNOFF)


def test_custody_is_recorded_unless_something_else_is_asked_for(trial: TrialState) -> None:
    """Before anybody sets it, the rule is the first of its three values, and is in no table."""
    assert set(SETTINGS[ACCEPTANCE]) == {"recorded", "required", "off"}
    assert station_deeds.rule(trial.state, ACCEPTANCE) == station_deeds.acceptance_rule(trial.state) == "recorded"
    assert list(trial.state.facts(Setting)) == []
    assert trial.state.inventory.acceptance == "recorded"


def test_a_rule_that_is_set_is_one_entry_and_holds(trial: TrialState) -> None:
    """The entry says what was before and after; the rule holds from then on, for batches of the replay too."""
    for before, after in (("recorded", "required"), ("required", "off"), ("off", "recorded")):
        entry = trial.follow(set_rule(trial, after))
        assert isinstance(entry, SettingEntry)
        assert (entry.name, entry.before, entry.after) == (ACCEPTANCE, before, after)
        assert list(trial.state.facts(Setting)) == [Setting(ACCEPTANCE, after)]
        assert station_deeds.acceptance_rule(trial.state) == trial.state.inventory.acceptance == after


def test_another_rule_leaves_that_of_acceptances_alone(trial: TrialState) -> None:
    """What readers send for a separator is a rule of its own, and is the control character GS until it is set."""
    trial.follow(set_rule(trial, "required"))
    assert station_deeds.separator(trial.state) == "\x1d"
    trial.follow(set_rule(trial, "tilde", SEPARATOR))
    assert station_deeds.separator(trial.state) == "~"
    assert trial.state.inventory.acceptance == "required"


def test_no_separator_is_a_letter_of_a_code() -> None:
    """None of them can be in a GS1 number (GS1 General Specifications, character sets 82 and 39)."""
    letters = string.ascii_letters + string.digits + "!\"#%&'()*+,-./:;<=>?_"
    assert not set(station_deeds.SEPARATORS.values()) & set(letters)


def test_what_is_so_already_is_no_deed(trial: TrialState) -> None:
    """Setting a rule to what it is, by default or by a deed, changes nothing and writes nothing."""
    assert set_rule(trial, "recorded") is None
    trial.follow(set_rule(trial, "off"))
    assert set_rule(trial, "off") is None


@pytest.mark.parametrize(
    ("name", "value", "code", "field", "told"),
    [
        ("acceptances", "off", "unknown_setting", "name", "acceptance"),
        ("", "off", "unknown_setting", "name", "acceptance"),
        (ACCEPTANCE, "always", "setting_value_invalid", "value", "required"),
        (ACCEPTANCE, "OFF", "setting_value_invalid", "value", "off"),
        (ACCEPTANCE, "", "setting_value_invalid", "value", "off"),
    ],
)
def test_there_are_no_other_rules_and_values(
    trial: TrialState, name: str, value: str, code: str, field: str, told: str
) -> None:
    """Another name or value is refused, and those that there are, are told."""
    with pytest.raises(NotAllowed) as caught:
        set_rule(trial, value, name)
    assert (caught.value.code, caught.value.field, told in caught.value.sentence) == (code, field, True)


@pytest.mark.parametrize("changes", [{"after": "recorded"}, {"after": "always"}, {"name": "rules"}])
def test_a_forged_rule_is_not_allowed(trial: TrialState, changes: dict[str, Any]) -> None:
    """An entry that sets nothing otherwise, or what can't be, is not decided again."""
    record = trial.forged(set_rule(trial, "required"), **changes)
    with pytest.raises(NotAllowed):
        trial.replay(record)


def test_a_forged_past_of_a_rule_does_not_follow(trial: TrialState) -> None:
    """What an entry says was before is told by the history before it, and not by the entry."""
    record = trial.forged(set_rule(trial, "required"), before="off")
    again = next(trial.replay(record).records)
    entry = decode_body(again.body)
    assert isinstance(entry, SettingEntry)
    assert (again.body == record.body, entry.before) == (False, "recorded")
