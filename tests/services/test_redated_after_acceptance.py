"""Due dates that were corrected after an acceptance: the other date is open until somebody accepts it."""

import pytest
from msgspec.structs import replace

from assettrack.domain import receipt_deeds
from assettrack.domain.plans import Acceptance, AcceptedHow, Options
from assettrack.domain.receipt_deeds import ReceiptFacts
from assettrack.domain.receipts import text_of, text_sha256
from assettrack.services import (
    acceptances,
    batch_papers,
    corrections,
    custody_reports,
    holders,
    problem_reports,
    receipt_checks,
    receipts,
)
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.correction_effects import HandoverOtherwise, effects
from assettrack.services.reports import Filters
from assettrack.services.typed_deeds import signoff
from tests.services.desk import Desk, row
from tests.services.test_added_after_acceptance import (
    BOB,
    JANE,
    correct,
    receipt_of,
    said_of_lines,
    still_open,
    verified,
)

OF_A1, OF_A2, OF_A3 = 11, 12, 13
"""The rows by which Jane was given A1 and A2, and Bob A3, all due on one day, by batch 2."""

DAY, LATER, EARLIER = "2027-01-31", "2027-03-31", "2026-12-31"


@pytest.fixture(params=["paper", "typed", "screen", "later"])
def accepted(desk: Desk, request: pytest.FixtureRequest) -> Desk:
    """All of batch 2 was accepted: with the batch, in each way, or by acceptances recorded later."""
    how: AcceptedHow | None = None if request.param == "later" else request.param
    holders.register(desk.workplace, "Zoë Quill")
    desk.commit(row("A1") + row("A2") + row("A3"))
    rows = row("A1", "ISSUE", at="10:10") + row("A2", "ISSUE", at="10:10")
    rows += row("A3", "ISSUE", at="10:10", issued_to_name=BOB)
    done = desk.commit(rows, Options(due_on=DAY, accepted=None if how is None else Acceptance(how)))
    assert done.last_seq == OF_A3
    for name in (JANE, BOB) if how is None else ():
        acceptances.record(desk.workplace, 2, name, SaidAcceptance("paper"))
    return desk


@pytest.mark.parametrize("due_on", [LATER, EARLIER, ""])
def test_another_date_is_open(accepted: Desk, due_on: str) -> None:
    """Later, earlier or none: it is not what was signed. Every list says so, the check page first."""
    at = accepted.workplace
    with accepted.unchanged():
        found = effects(at, corrections.preview(at, OF_A1, {"due_on": due_on}))
    assert found.handovers == [HandoverOtherwise(2, JANE, asked=True)]
    correct(accepted, OF_A1, due_on=due_on)
    assert still_open(accepted) == [(2, JANE, ("A1",))]
    assert said_of_lines(receipt_of(accepted, JANE)) == {"A1": "open", "A2": ""}
    assert said_of_lines(receipt_of(accepted, BOB)) == {"A3": ""}
    jane, bob = batch_papers.papers(at, 2).holders
    assert (jane.added, dict(jane.redated)) == (["A1"], {"A1": (DAY, due_on or None)})
    assert (bob.added, dict(bob.redated), bob.asked) == ([], {}, None)
    of_holders = custody_reports.holders(at, Filters()).table.rows
    assert {each[0]: each[-1] for each in of_holders} == {JANE: 1, BOB: 0, "Zoë Quill": 0}
    assert any("acceptance_open" in each for each in problem_reports.problems(at).table.rows)


def test_the_other_date_is_accepted_apart(accepted: Desk) -> None:
    """Once, and alone: then nothing is open, and a receipt says of the line how it was accepted."""
    at = accepted.workplace
    correct(accepted, OF_A1, due_on=LATER)
    acceptances.record(at, 2, JANE, SaidAcceptance("typed", by=JANE))
    verified(accepted)
    assert still_open(accepted) == []
    said = said_of_lines(receipt_of(accepted, JANE))
    assert (said["A1"].startswith(f"typed, by {JANE}, "), said["A2"]) == (True, "")
    correct(accepted, OF_A2, due_on=LATER)
    assert still_open(accepted) == [(2, JANE, ("A2",))]


def test_the_date_that_was_accepted_is_accepted_again_when_it_comes_back(accepted: Desk) -> None:
    """The check page of that correction says so; a correction of anything else opens nothing."""
    at = accepted.workplace
    by = correct(accepted, OF_A1, due_on=LATER)
    found = effects(at, corrections.preview(at, by, {"due_on": DAY}))
    assert found.handovers == [HandoverOtherwise(2, JANE, asked=False)]
    by = correct(accepted, by, due_on=DAY)
    assert still_open(accepted) == []
    correct(accepted, by, notes="with a bag")
    assert still_open(accepted) == []


def test_what_came_back_was_taken_in_whenever_it_was_due(accepted: Desk) -> None:
    """The date is of what the holder was given; who took it back accepted no date."""
    accepted.commit(row("A1", "RETURN", at="10:20", place=("OUT", "OUT")), Options(accepted=Acceptance("paper")))
    correct(accepted, OF_A1, due_on=LATER)
    assert still_open(accepted) == [(2, JANE, ("A1",))]


def test_what_is_of_somebody_else_by_now_was_never_accepted_at_all(accepted: Desk) -> None:
    """Another person and another day: that is no other date, but another list."""
    correct(accepted, OF_A1, issued_to_name=BOB, due_on=LATER)
    papers = {each.holder: each for each in batch_papers.papers(accepted.workplace, 2).holders}
    assert (papers[BOB].added, dict(papers[BOB].redated), papers[JANE].added) == (["A1"], {}, [])


def test_a_paper_of_before_says_what_was_accepted(accepted: Desk) -> None:
    """One that says of the other date that it was accepted is told of; the date that was accepted stands with it."""
    correct(accepted, OF_A1, due_on="")
    right = receipt_of(accepted, JANE)
    lines = tuple(replace(line, acceptance="") for line in right.lines)
    wrong = text_of(replace(right, receipt_id=2, lines=lines))
    with accepted.store.write() as transaction:
        holder = transaction.holder(right.holder_id)
        assert holder is not None
        facts = ReceiptFacts(2, holder, 2, text_sha256(wrong), len(lines), right.assets)
        seq = transaction.log_size + 1
        transaction.save(receipt_deeds.issue_receipt(facts, wrong, seq, signoff(accepted.workplace)))
    paper = receipts.printed(accepted.workplace, 2)
    judged = receipt_checks.judge(accepted.workplace, paper.text, paper.payload)
    said = f"Item 1 (A1) was accepted as due on {DAY}, and corrected since to no date: nobody has accepted that."
    assert (judged.ok, judged.remarks) == (True, (said,))
