"""Tests of `assettrack.cli.case_cmd`."""

import pytest

from tests.cli.conftest import Desk

EMPTY_FOUR = [{"slot_position": position, "current_asset_tag": None} for position in (1, 2, 3, 4)]


def test_a_new_case_is_answered_with_its_empty_slots(station: Desk) -> None:
    """`case init` answers the case under its normal name, with slots 1 to N, all empty."""
    assert station.ask("case", "init", " case-09 ", "--slots", "4") == {"case_name": "CASE-09", "slots": EMPTY_FOUR}


def test_cases_from_a_file_are_prepared_together(station: Desk) -> None:
    """A list prepares all its cases; blank lines and comments are left out."""
    cases = station.file("cases.txt", "# room 5", "", "CASE-07,4", " case-08 , 2")
    answer = station.ask("case", "init", "--from", cases)
    assert [(case["case_name"], len(case["slots"])) for case in answer["cases"]] == [("CASE-07", 4), ("CASE-08", 2)]
    assert station.log_size() == 5


@pytest.mark.parametrize(
    ("lines", "place"),
    [
        (["CASE-07,4", "CASE-08"], "cases.txt, line 2: a line is written NAME,N"),
        (["CASE-07,4", "CASE-07,5"], "cases.txt, line 2: case CASE-07 stands in line 1 already"),
        (["CASE-07,501"], "cases.txt, line 1:"),
        (["# nothing"], "cases.txt: it names no case"),
        (["CASE-07,4", "at 7,4"], "cases.txt, line 2: 'at 7,4' is not NAME,N: what begins with AT and a space"),
    ],
)
def test_a_wrong_line_stops_the_whole_list(station: Desk, lines: list[str], place: str) -> None:
    """A line that can't be read ends with exit code 3, its number and the reason; no case is prepared."""
    error = station.refuse("case", "init", "--from", station.file("cases.txt", *lines), exit_code=3)
    assert error["code"] == "list_file_wrong"
    assert error["message"].startswith(place)
    assert station.log_size() == 3


def test_a_case_that_exists_stops_the_whole_list(station: Desk) -> None:
    """A list with a case that exists is refused with exit code 4, and none of its cases is prepared."""
    cases = station.file("cases.txt", "CASE-07,4", "CASE-01,4")
    assert station.refuse("case", "init", "--from", cases, exit_code=4)["code"] == "case_exists"
    assert station.log_size() == 3


def test_a_list_that_can_not_be_opened_is_a_problem_of_the_file(station: Desk) -> None:
    """A missing list and a folder end with exit code 3."""
    for name in ("nosuch.txt", str(station.folder)):
        assert station.refuse("case", "init", "--from", name, exit_code=3)["code"] == "file_unreadable"


@pytest.mark.parametrize(
    "words",
    [
        ["case", "init"],
        ["case", "init", "CASE-09"],
        ["case", "init", "--slots", "4"],
        ["case", "init", "CASE-09", "--slots", "0"],
        ["case", "init", "CASE-09", "--slots", "501"],
        ["case", "init", "CASE-09", "--slots", "four"],
        ["case", "init", "CASE-09", "--slots", "4", "--from", "cases.txt"],
        ["case", "init", "CASE-09", "--from", "cases.txt"],
        ["case", "init", "OUT", "--slots", "4"],
        ["case", "init", "C*", "--slots", "4"],
        ["case", "init", "AT ESCANC", "--slots", "4"],
        ["case", "init", "CASE-01 SLOT-02", "--slots", "4"],
        ["case", "show"],
    ],
)
def test_what_is_no_case_is_a_usage_error(station: Desk, words: list[str]) -> None:
    """A name or number that can't be a case's, or not exactly one way to say it, ends with exit code 2."""
    station.refuse(*words, exit_code=2)


def test_all_cases_are_listed_by_name_with_their_slots(stocked: Desk) -> None:
    """`case list` answers each case as `case show` does."""
    answer = stocked.ask("case", "list")
    assert answer == {"cases": [stocked.ask("case", "show", name) for name in ("CASE-01", "CASE-02")]}


def test_a_person_reads_how_full_each_case_is(stocked: Desk) -> None:
    """The list for a person counts slots, taken and empty ones."""
    lines = [line.split() for line in stocked.tell("case", "list").splitlines()]
    assert lines == [["slots", "taken", "empty", "case"], ["12", "1", "11", "CASE-01"], ["4", "0", "4", "CASE-02"]]


def test_a_station_without_cases_says_how_to_prepare_one(desk: Desk) -> None:
    """An empty list is an empty answer for a machine, and advice for a person."""
    desk.tell("init")
    assert desk.ask("case", "list") == {"cases": []}
    answer = desk.type("case", "list")
    assert (answer.exit_code, answer.out) == (0, "")
    assert "assettrack case init" in answer.err


def test_a_case_is_answered_with_who_is_where(stocked: Desk) -> None:
    """`case show` answers all slots by position, each with its asset or null."""
    answer = stocked.ask("case", "show", "case-01")
    assert answer["case_name"] == "CASE-01"
    assert [slot["slot_position"] for slot in answer["slots"]] == list(range(1, 13))
    assert {slot["slot_position"]: slot["current_asset_tag"] for slot in answer["slots"]}[1] == "LT-1"
    assert sum(slot["current_asset_tag"] is not None for slot in answer["slots"]) == 1


def test_a_person_sees_the_case_as_its_grid(stocked: Desk) -> None:
    """The grid has a heading with counts, every position once, the asset in its slot and the others marked empty."""
    out = stocked.tell("case", "show", "CASE-01")
    assert out.startswith("CASE-01: 12 slots, 1 taken, 11 empty\n")
    assert "│  1 LT-1    │" in out
    assert out.count("(empty)") == 11


def test_an_unknown_case_is_not_found(station: Desk) -> None:
    """A case that does not exist ends with exit code 4."""
    assert station.refuse("case", "show", "CASE-77", exit_code=4)["code"] == "not_found"


def test_without_a_database_the_advice_is_to_make_one(desk: Desk) -> None:
    """A command before init ends with exit code 4 and names init."""
    error = desk.refuse("case", "list", exit_code=4)
    assert error["code"] == "database_missing"
    assert "assettrack init" in error["message"]
