"""Who has to accept what a batch exchanged with a holder: never whoever gave it back."""

import pytest

from assettrack.domain import typed_rows
from assettrack.domain.plans import Options
from assettrack.services import acceptances, corrections, custody
from assettrack.services.custody import TypedCommand
from tests.services.desk import Desk, row

JANE, BOB = "Jane Smith", "Bob Lee"


@pytest.fixture
def held(desk: Desk) -> Desk:
    """Batch 1 creates A1 to A4, and batch 2 issues A1 to A3 to Jane."""
    desk.commit(row("A1") + row("A2") + row("A3") + row("A4"))
    desk.commit("".join(row(tag, "ISSUE", at="10:05") for tag in ("A1", "A2", "A3")))
    return desk


def said(desk: Desk, batch_id: int) -> dict[str, str]:
    """What is said of what a batch left open, by holder."""
    return {each.holder: each.words for each in acceptances.all_open(desk.workplace).open if each.batch_id == batch_id}


def test_what_was_issued_waits_for_the_holder(held: Desk) -> None:
    """The holder was given it."""
    assert said(held, 2) == {JANE: "Jane Smith has not accepted what was issued"}


def test_what_came_back_waits_for_an_operator(held: Desk) -> None:
    """Into a slot or retired: nobody is named, and least of all whoever gave it back."""
    held.commit(row("A1", "RETURN", at="10:10", place=("OUT", "OUT")))
    held.commit(row("A2", "RETIRE", at="10:10", notes="broken"))
    words = "an operator has to accept what came back from Jane Smith; nobody has yet"
    assert (said(held, 3), said(held, 4)) == ({JANE: words}, {JANE: words})
    found = [each for each in acceptances.all_open(held.workplace, JANE).open if each.batch_id == 3]
    assert [(each.deed, list(each.acceptors)) for each in found] == [("RETURN", [])]


def test_what_was_transferred_waits_for_whoever_has_it_now(held: Desk) -> None:
    """Said on the part of who passed it on too; the list of one holder names the other."""
    command = TypedCommand(["A1"], lambda _: typed_rows.transfers(["A1"], BOB))
    custody.commit(held.workplace, command, Options(), confirm=None)
    words = {
        BOB: "Bob Lee has not accepted what was transferred",
        JANE: "Bob Lee has not accepted what was transferred from Jane Smith",
    }
    assert said(held, 3) == words
    only = [each for each in acceptances.all_open(held.workplace, JANE).open if each.batch_id == 3]
    assert [(each.deed, list(each.acceptors)) for each in only] == [("TRANSFER", [BOB])]


def test_who_is_given_anything_accepts_whatever_else_came_back(held: Desk) -> None:
    """A batch may give to and take from the same holder, in any order of its rows."""
    held.commit(row("A1", "RETURN", at="10:10", place=("OUT", "OUT")) + row("A4", "ISSUE", at="10:11"))
    assert said(held, 3) == {JANE: "Jane Smith has not accepted what was issued"}


def test_it_is_said_as_it_should_have_been(held: Desk) -> None:
    """A row that was corrected to be another's waits for the other."""
    last = held.commit(row("A4", "ISSUE", at="10:10")).last_seq
    corrections.correct(held.workplace, last, {"issued_to_name": BOB}, "wrong person", confirm=None)
    assert said(held, 3) == {BOB: "Bob Lee has not accepted what was issued"}
    assert said(held, 2) == {JANE: "Jane Smith has not accepted what was issued"}
