"""Tests of `assettrack.cli.slot_cmd`."""

import pytest

from tests.cli.conftest import Desk


def slot(case: str, position: int, tag: str | None) -> dict[str, object]:
    """Return what a slot is answered as."""
    return {"case_name": case, "slot_position": position, "current_asset_tag": tag}


def test_an_asset_is_assigned(stocked: Desk) -> None:
    """`slot assign` answers the slot with the asset in it, all names in their normal form."""
    assert stocked.ask("slot", "assign", "lt-2", "case-02", "SLOT-04") == slot("CASE-02", 4, "LT-2")
    assert stocked.ask("slot", "show", "CASE-02", "4") == slot("CASE-02", 4, "LT-2")


def test_an_asset_is_moved(stocked: Desk) -> None:
    """`slot move` answers the new slot; the old one is empty."""
    assert stocked.ask("slot", "move", "LT-1", "CASE-02", "1") == slot("CASE-02", 1, "LT-1")
    assert stocked.ask("slot", "show", "CASE-01", "1") == slot("CASE-01", 1, None)


@pytest.mark.parametrize("way", [["--slot", "case-01", "01"], ["--asset", "lt-1"]])
def test_a_slot_is_vacated_by_either_name(stocked: Desk, way: list[str]) -> None:
    """`slot vacate` answers the emptied slot, whichever way it was named, and the log keeps the reason."""
    assert stocked.ask("slot", "vacate", *way, "--reason", " to be  mended ") == slot("CASE-01", 1, None)
    last = stocked.ask("audit", "show", "--last", "1")["entries"][0]
    assert (last["event_type"], last["asset_tag"]) == ("SLOT_VACATE", "LT-1")
    assert (last["reason"], last["operator"]) == ("to be mended", "gcurl")
    assert stocked.tell("audit", "show", "--last", "1").endswith("in storage, in no slot (to be mended)\n")


@pytest.mark.parametrize(("deed", "tag", "entry"), [("assign", "LT-2", "SLOT_ASSIGN"), ("move", "LT-1", "SLOT_MOVE")])
def test_why_an_asset_came_into_a_slot_is_kept(stocked: Desk, deed: str, tag: str, entry: str) -> None:
    """`slot assign` and `slot move` keep the reason in their entry, if there is one, and `audit verify` agrees."""
    stocked.tell("slot", deed, tag, "CASE-02", "1", "--reason", " near  the window ")
    last = stocked.ask("audit", "show", "--last", "1")["entries"][0]
    assert (last["event_type"], last["asset_tag"], last["reason"]) == (entry, tag, "near the window")
    assert stocked.tell("audit", "show", "--last", "1").endswith(" (near the window)\n")
    stocked.tell("slot", "move", tag, "CASE-02", "2")
    assert stocked.ask("audit", "show", "--last", "1")["entries"][0].get("reason") is None
    assert "is good" in stocked.tell("audit", "verify")


def test_its_own_slot_again_is_no_deed(stocked: Desk) -> None:
    """Assigning an asset to the slot it is in answers the slot and adds no entry."""
    size = stocked.log_size()
    assert stocked.ask("slot", "assign", "LT-1", "CASE-01", "1") == slot("CASE-01", 1, "LT-1")
    assert stocked.log_size() == size


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["assign", "LT-2", "CASE-01", "1"], "slot_taken"),
        (["assign", "LT-1", "CASE-01", "2"], "already_slotted"),
        (["assign", "LT-3", "CASE-01", "2"], "in_custody"),
        (["assign", "LT-4", "CASE-01", "2"], "asset_retired"),
        (["assign", "LT-9", "CASE-01", "2"], "unknown_asset"),
        (["assign", "LT-2", "CASE-09", "2"], "unknown_case"),
        (["assign", "LT-2", "CASE-02", "5"], "unknown_slot"),
        (["move", "LT-2", "CASE-01", "2"], "not_slotted"),
        (["vacate", "--slot", "CASE-01", "2"], "slot_empty"),
        (["vacate", "--asset", "LT-2"], "not_slotted"),
        (["show", "CASE-02", "5"], "unknown_slot"),
        (["show", "CASE-09", "1"], "unknown_case"),
    ],
)
def test_every_conflict_is_a_hard_stop(stocked: Desk, words: list[str], code: str) -> None:
    """What the state does not allow ends with exit code 4 and the refusal's own code, and adds no entry."""
    size = stocked.log_size()
    assert stocked.refuse("slot", *words, exit_code=4)["code"] == code
    assert stocked.log_size() == size


def test_a_conflict_says_who_is_where(stocked: Desk) -> None:
    """The sentence of a taken slot names the slot and the asset in it."""
    message = stocked.refuse("slot", "assign", "LT-2", "CASE-01", "1", exit_code=4)["message"]
    assert message == "CASE-01 slot 1 is taken by asset LT-1. Nothing was saved."


@pytest.mark.parametrize(
    "words",
    [
        ["assign", "LT-1", "CASE-01"],
        ["assign", "ÄT-1", "CASE-01", "1"],
        ["assign", "OUT", "CASE-01", "1"],
        ["assign", "1.23E+05", "CASE-01", "1"],
        ["assign", "LT-1", "CASE/01", "1"],
        ["assign", "LT-1", "CASE-01", "0"],
        ["assign", "LT-1", "CASE-01", "501"],
        ["assign", "LT-1", "CASE-01", "٣"],
        ["assign", "LT-1", "OUT", "OUT"],
        ["vacate"],
        ["vacate", "--slot", "CASE-01"],
        ["vacate", "--slot", "CASE-01", "x"],
        ["vacate", "--slot", "CASE-01", "1", "--asset", "LT-1"],
        ["vacate", "--asset", "LT-1", "--reason", "  "],
        ["assign", "LT-2", "CASE-02", "1", "--reason", "  "],
        ["move", "LT-1", "CASE-02", "1", "--reason", "a\x1b[31mb"],
        ["vacate", "--asset", "LT-1", "--reason", "a\x1b[31mb"],
        ["vacate", "--asset", "LT-1", "--reason", "x" * 5000],
    ],
)
def test_what_is_no_tag_slot_or_reason_is_a_usage_error(stocked: Desk, words: list[str]) -> None:
    """Arguments that can't be read end with exit code 2, and add no entry."""
    size = stocked.log_size()
    stocked.refuse("slot", *words, exit_code=2)
    assert stocked.log_size() == size


def test_a_person_reads_the_slot_in_a_line(stocked: Desk) -> None:
    """A person reads who is in the slot, or that it is empty."""
    assert stocked.tell("slot", "show", "CASE-01", "1") == "CASE-01 slot 1: LT-1\n"
    assert stocked.tell("slot", "vacate", "--asset", "LT-1") == "CASE-01 slot 1 is empty.\n"
