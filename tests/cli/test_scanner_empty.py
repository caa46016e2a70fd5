"""`scanner clear` and `scanner pull` of a scanner that holds nothing: that is what is said, and nothing else."""

import pytest

from tests.cli.conftest import Desk
from tests.cli.pocket import LAPTOP, Pocket


@pytest.fixture
def pocket(station: Desk) -> Pocket:
    """A scanner with two laptops."""
    return Pocket(station)


def test_a_clear_asked_once_more_says_that_it_is_done(pocket: Pocket) -> None:
    """By which entry, as the scanner holds nothing; with exit code 0, and no entry more."""
    pocket.ask("pull", *LAPTOP, "--yes")
    first = pocket.ask("clear", "--yes")
    size = pocket.desk.log_size()
    again = pocket.type("clear", "--yes")
    said = f"Nothing happened: scanner 900001 is cleared already (entry {size} of the log), it holds nothing.\n"
    assert (again.exit_code, again.out) == (0, said)
    assert (first["already_cleared"], first["seq"]) == (False, size)
    assert pocket.ask("clear", "--yes") == first | {"already_cleared": True}
    assert pocket.desk.log_size() == size
    assert pocket.desk.ask("scanner", "downloads")["downloads"][0]["state"] == "cleared"


def test_a_scanner_that_holds_something_since_is_not_called_cleared(pocket: Pocket) -> None:
    """One scan since the clear: it is refused as ever, and that scan is kept by the scanner."""
    pocket.ask("pull", *LAPTOP, "--yes", "--clear")
    pocket.scan("LT-9")
    error = pocket.ask("clear", "--yes", exit_code=4)["error"]
    assert error["code"] == "scanner_clear_refused"
    assert pocket.held() == ["LT-9"]


def test_of_an_empty_scanner_it_is_said_that_it_is_empty_however_it_is_asked(station: Desk) -> None:
    """Without a terminal and a word how far to go, it is not the word that is missing."""
    pocket = Pocket(station)
    pocket.change(scans=[])
    for words in ((), ("--yes",), ("--preview",)):
        refused = pocket.type("pull", *words)
        assert refused.exit_code == 4
        assert "Scanner 900001 holds no scans." in refused.err
        assert "--yes" not in refused.err
    assert not list(station.folder.glob("*.scans/*"))


def test_a_scanner_that_can_not_be_asked_is_not_said_to_be_empty(station: Desk) -> None:
    """With no scanner, or one that would erase, the word that is missing is still what stands in the way."""
    pocket = Pocket(station, [])
    pocket.set("0F", "01")
    assert pocket.ask("pull", exit_code=2)["error"]["code"] == "confirmation_missing"
    assert station.refuse("scanner", "pull", exit_code=2)["code"] == "confirmation_missing"


def test_reading_after_a_clear_that_was_cut_off_leads_to_the_clear(pocket: Pocket) -> None:
    """The cable was pulled just after the command: the scanner is empty, and the entry is all that is wanting."""
    pocket.change(faults=["unplugged-after-clear"])
    pocket.ask("pull", *LAPTOP, "--yes", "--clear", exit_code=4)
    pocket.change(faults=[])
    (name,) = (each["name"] for each in pocket.desk.ask("scanner", "downloads")["downloads"])
    said = (
        f"Scanner 900001 holds no scans. What was pulled from it last, {name}, is in batch 1, and the log has no clear "
        f"of it. Nothing was saved. Complete and log the clear with: assettrack scanner clear --emulate {pocket.path}."
    )
    for words in (("--yes",), ("--preview",), ()):
        refused = pocket.type("pull", *words)
        assert (refused.exit_code, f"Error: {said}\n" in refused.err) == (4, True), refused.err
    size = pocket.desk.log_size()
    assert pocket.ask("clear", "--yes")["seq"] == size + 1
    error = pocket.ask("pull", "--yes", exit_code=4)["error"]
    done = f"Scanner 900001 is cleared already (entry {size + 1} of the log), it holds no scans. Nothing was saved. "
    assert (error["code"], error["message"]) == ("scanner_empty", f"{done}Start the next round: it can go out again.")
    assert pocket.desk.log_size() == size + 1
