"""What happened at the door is recorded, names only accounts, and changes nothing."""

from typing import Any, get_args

import pytest

from assettrack.domain import account_deeds, security_deeds
from assettrack.domain.entries.accounts import SecurityEntry, SecurityEventKind
from assettrack.domain.findings import NotAllowed
from assettrack.domain.security_deeds import SecurityEvent
from tests.domain.trial_state import SIGNOFF, TrialState


@pytest.fixture
def trial() -> TrialState:
    """A state with one account, Ann's."""
    trial = TrialState()
    trial.follow(account_deeds.register_account(trial.state, "Ann", "admin", trial.seq, SIGNOFF))
    return trial


def recorded(trial: TrialState, happened: SecurityEvent) -> SecurityEntry:
    """Record an event, and replay it."""
    entry = trial.follow(security_deeds.record_event(trial.state, happened, trial.seq, SIGNOFF))
    assert isinstance(entry, SecurityEntry)
    return entry


@pytest.mark.parametrize("kind", get_args(SecurityEventKind))
def test_an_event_says_what_happened_to_whom_from_where(trial: TrialState, kind: SecurityEventKind) -> None:
    """Kind, number and name of the account, address, remark and how often in a row; no fact comes of it."""
    happened = SecurityEvent(kind, 1, "192.0.2.7", "POST /cases", 3)
    entry = recorded(trial, happened)
    assert (entry.event, entry.account_id, entry.name) == (kind, 1, "Ann")
    assert (entry.address, entry.detail, entry.times) == ("192.0.2.7", "POST /cases", 3)
    assert list(security_deeds.record_event(trial.state, happened, trial.seq, SIGNOFF).facts) == []


def test_nobody_is_named_but_accounts(trial: TrialState) -> None:
    """Where no account is meant, no name stands there; what says nothing is left out, and once is the usual."""
    entry = recorded(trial, SecurityEvent("sign_in_refused"))
    assert (entry.account_id, entry.name, entry.address, entry.detail, entry.times) == (None, None, None, None, 1)
    (record,) = security_deeds.record_event(trial.state, SecurityEvent("sign_in_refused"), trial.seq, SIGNOFF).records
    assert b"name" not in record.body


@pytest.mark.parametrize(
    ("happened", "code", "field"),
    [
        (SecurityEvent("signed_in", 2), "unknown_account", "account_id"),
        (SecurityEvent("signed_in", 1, ""), "event_text_invalid", "address"),
        (SecurityEvent("signed_in", 1, "x" * 201), "event_text_invalid", "address"),
        (SecurityEvent("signed_in", 1, None, "two\nlines"), "event_text_invalid", "detail"),
        (SecurityEvent("signed_in", 1, times=0), "event_times_invalid", "times"),
        (SecurityEvent("signed_in", 1, times=-1), "event_times_invalid", "times"),
    ],
)
def test_what_is_no_event(trial: TrialState, happened: SecurityEvent, code: str, field: str) -> None:
    """An account that there is not, a text that is none of one line, or something that never happened."""
    with pytest.raises(NotAllowed) as caught:
        security_deeds.record_event(trial.state, happened, trial.seq, SIGNOFF)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.sentence


@pytest.mark.parametrize("changes", [{"name": "Eve"}, {"name": None}])
def test_a_forged_name_does_not_follow(trial: TrialState, changes: dict[str, Any]) -> None:
    """The name is that of the account, as the history tells it."""
    record = trial.forged(
        security_deeds.record_event(trial.state, SecurityEvent("signed_in", 1), trial.seq, SIGNOFF), **changes
    )
    assert next(trial.replay(record).records) != record


@pytest.mark.parametrize("changes", [{"account_id": 2}, {"times": 0}, {"detail": ""}])
def test_a_forged_event_is_not_allowed(trial: TrialState, changes: dict[str, Any]) -> None:
    """An entry that tells what the rules never allow is not decided again."""
    record = trial.forged(
        security_deeds.record_event(trial.state, SecurityEvent("signed_in", 1), trial.seq, SIGNOFF), **changes
    )
    with pytest.raises(NotAllowed):
        trial.replay(record)
