"""Scans behind a card that is not known here, at the command line: one question, and nothing of them is a guess."""

import pytest

from tests.cli.conftest import Desk
from tests.cli.pocket import BEGIN, LAPTOP, Pocket
from tests.domain.trial_scans import event, slot


@pytest.fixture
def pocket(station: Desk) -> Pocket:
    """A scanner with a laptop in its slot, and two behind the label of a slot of a case that is not prepared."""
    label = slot("CASE-99", 2)
    return Pocket(station, (BEGIN, event("UPDATE"), slot("CASE-01", 1), "LT-1", label, "LT-2", "LT-3"))


def test_what_hangs_on_a_label_that_is_not_known_here_waits_for_it(pocket: Pocket) -> None:
    """Its case is what is asked about; nobody is told to leave out what was scanned behind it."""
    answer = pocket.ask("pull", "--preview", *LAPTOP, exit_code=3)
    assert [each["code"] for each in answer["problems"]] == ["slot_unknown_here"]
    assert answer["held"] == [5]
    told = [each["message"] for each in answer["notices"] if each["code"] == "scans_wait"]
    assert told == [
        "Until it is answered what scan 5 was, nothing is decided about scan 6, LT-2, and 1 scan after it."
    ]  # fmt: skip
    scans = pocket.desk.ask("scanner", "show")["scans"]
    assert [each["said"] for each in scans[4:]] == ["held", "waits", "waits"]
    assert scans[5]["read_as"] == "waits for scan 5"
    assert "LT-2 Code 128 waits for scan 5" in " ".join(pocket.desk.tell("scanner", "show").split())


def test_once_the_case_is_prepared_all_is_read(pocket: Pocket) -> None:
    """The answer to the label alone settles what waited: here two assets for one slot."""
    pocket.type("pull", "--preview", *LAPTOP)
    pocket.desk.ask("case", "init", "CASE-99", "--slots", "2")
    scans = pocket.desk.ask("scanner", "show")["scans"]
    assert [each["said"] for each in scans[4:]] == ["card", "row", "held"]
