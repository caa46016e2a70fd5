"""Codes of commands: what is said of one that does not fit speaks of what was typed, never of a file."""

import pytest

from assettrack.domain import errors
from assettrack.domain.plans import Options
from assettrack.domain.tags import Place
from assettrack.services import custody, slots
from tests.services.desk import Desk, row
from tests.services.test_custody import issue, replace


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """A1 and A2 are in slots 1 and 2; Jane Smith has nothing."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2", place=("CASE-01", "2")))
    return desk


def test_a_code_of_another_command_names_no_file(stocked: Desk) -> None:
    """Nothing was read from a file, so nothing is said of one: the code was shown for something else."""
    code = custody.preview(stocked.workplace, issue("A1"), Options()).confirm_code
    with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match="was shown for something else") as caught:
        custody.commit(stocked.workplace, issue("A2"), Options(), confirm=code)
    assert "file" not in str(caught.value)


def test_a_stale_replacement_names_no_file(stocked: Desk) -> None:
    """Rows that are made from what is recorded are others once that has changed; that is said as it is."""
    code = custody.preview(stocked.workplace, replace("A1", "A9"), Options()).confirm_code
    slots.move(stocked.workplace, "A1", Place("CASE-01", 3))
    with stocked.unchanged(), pytest.raises(errors.PlanStale) as caught:
        custody.commit(stocked.workplace, replace("A1", "A9"), Options(), confirm=code)
    assert "file" not in str(caught.value)


def test_a_code_that_is_none_says_so_of_a_command_too(stocked: Desk) -> None:
    """What can't be a code, what no preview showed, and other options are told apart as for a file."""
    code = custody.preview(stocked.workplace, issue("A1"), Options()).confirm_code
    for wrong, options, said in (
        ("7", Options(), "8 letters"),
        ("AAAA-AAAA", Options(), "no preview"),
        (code, Options(due_on="2027-01-31"), "other options"),
    ):
        with stocked.unchanged(), pytest.raises(errors.ConfirmCodeWrong, match=said):
            custody.commit(stocked.workplace, issue("A1"), options, confirm=wrong)
