"""Tests of `assettrack.cli.acceptance_cmd`; Jane Smith has LT-3 by batch 1, and has not accepted it."""

import pytest

from tests.cli.conftest import Desk

NOW = "2026-03-01T12:00:00.000000Z"


def test_what_is_open_is_listed(stocked: Desk) -> None:
    """Batch, holder, when it was recorded (for machines in UTC, for people in the station's zone), and who accepts."""
    said = {"batch_id": 1, "holder": "Jane Smith", "recorded_at": NOW}
    waiting = {**said, "deed": "ISSUE", "acceptors": ["Jane Smith"], "added": []}
    assert stocked.ask("acceptance", "open") == {"rule": "recorded", "timezone": "Europe/Berlin", "open": [waiting]}
    assert stocked.ask("acceptance", "open", "--holder", "jane smith")["open"] == [waiting]
    assert stocked.tell("acceptance", "open").splitlines() == [
        "batch  recorded                                   holder",
        "    1  2026-03-01 13:00:00+01:00 (Europe/Berlin)  Jane Smith",
    ]


def test_an_acceptance_is_recorded(stocked: Desk) -> None:
    """The answer has all that the entry says, and then nothing is open."""
    answer = stocked.ask("acceptance", "record", "1", "--holder", "JANE smith", "--how", "paper")
    assert answer == {
        "seq": 12,
        "batch_id": 1,
        "holder": "Jane Smith",
        "how": "paper",
        "accepted_by": "Jane Smith",
        "accepted_at": NOW,
        "timezone": "Europe/Berlin",
        "notices": [],
    }
    assert stocked.ask("acceptance", "open")["open"] == []
    assert "Nothing is open" in stocked.type("acceptance", "open").err
    assert "batch 1 with Jane Smith accepted by Jane Smith (paper)" in stocked.tell("audit", "show", "--last", "1")
    assert stocked.refuse("acceptance", "record", "1", "--holder", "Jane Smith", "--how", "typed", exit_code=4)[
        "code"
    ] == ("already_accepted")
    assert stocked.ask("audit", "verify")["ok"]


def test_who_and_when_can_be_said(stocked: Desk) -> None:
    """A time without a zone is the station's, and so is the one that is shown."""
    options = ["--holder", "Jane Smith", "--how", "typed", "--by", "Ann Poe", "--at", "2026-03-01 10:30"]
    assert stocked.tell("acceptance", "record", "1", *options) == (
        "Entry 12: what batch 1 exchanged with Jane Smith was accepted by Ann Poe (typed), "
        "2026-03-01 10:30:00+01:00 (Europe/Berlin).\n"
    )


@pytest.mark.parametrize(
    ("words", "exit_code", "code"),
    [
        (["2", "--holder", "Jane Smith", "--how", "paper"], 4, "not_found"),
        (["1", "--holder", "Eve", "--how", "paper"], 4, "not_found"),
        (["1", "--holder", "Jane Smith", "--how", "paper", "--at", "2026-03-01T12:01Z"], 4, "acceptance_time_wrong"),
        (["1", "--holder", "Jane Smith", "--how", "paper", "--at", "noon"], 2, "value_unusable"),
        (["1", "--holder", "Jane Smith", "--how", "paper", "--by", ""], 2, "value_unusable"),
        (["1", "--holder", "Jane Smith", "--how", "hearsay"], 2, "usage"),
        (["1", "--holder", "Jane Smith"], 2, "usage"),
        (["0", "--holder", "Jane Smith", "--how", "paper"], 2, "usage"),
        (["x", "--holder", "Jane Smith", "--how", "paper"], 2, "usage"),
    ],
)
def test_what_can_not_be_accepted(stocked: Desk, words: list[str], exit_code: int, code: str) -> None:
    """Each ends with its exit code, and nothing is saved."""
    assert stocked.refuse("acceptance", "record", *words, exit_code=exit_code)["code"] == code
    assert len(stocked.ask("acceptance", "open")["open"]) == 1


def test_almost_the_name_of_who_gave_back_is_pointed_out(stocked: Desk) -> None:
    """By the preview of a return, with the answer of an acceptance afterwards, and by the preview of its correction."""
    slip = "Jane Smyth, who accepts it, is written almost like Jane Smith, who gave back"
    near = ("--accepted", "paper", "--accepted-by", "Jane Smyth")
    assert slip in " ".join(stocked.tell("return", "LT-3", *near, "--preview").split())
    stocked.tell("return", "LT-3", "--yes")
    told = stocked.type("acceptance", "record", "2", "--holder", "Jane Smith", "--how", "paper", "--by", "Jane Smyth")
    assert told.err.startswith(f"Note: {slip} what batch 2 took in. Is it the same person?")
    assert told.err.endswith("If it is, correct it: assettrack correct 14 --set by=NAME\n")
    change = ("correct", "14", "--set", "by=Jane Smitt", "--preview")
    assert [each["code"] for each in stocked.ask(*change)["notices"]] == ["accepted_by_near_giver"]
    assert "Jane Smitt, who accepts it, is written almost like" in " ".join(stocked.tell(*change).split())


def test_a_station_that_wants_none_says_so(stocked: Desk) -> None:
    """With the rule off nothing is open, and a person is told why."""
    stocked.tell("setting", "set", "acceptance", "off")
    assert stocked.ask("acceptance", "open") == {"rule": "off", "timezone": "Europe/Berlin", "open": []}
    assert "asks for no acceptances" in stocked.type("acceptance", "open").err
