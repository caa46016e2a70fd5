"""Receipts of what was accepted, and corrected since: new ones state it as it should have been, old ones are marked."""

import pytest

from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.receipts import Acknowledgement, Receipt, parse_text
from assettrack.services import (
    acceptance_corrections,
    acceptances,
    corrections,
    receipt_checks,
    receipts,
    settings,
)
from assettrack.services.acceptances import SaidAcceptance
from assettrack.services.receipts import PrintedReceipt
from tests.services.desk import Desk, row


@pytest.fixture
def accepted(desk: Desk) -> Desk:
    """Batch 2 gives A1 to Jane Smith at 10:05, and she accepts it at 10:30 (UTC), by entry 9."""
    desk.commit(row("A1"))
    desk.commit(row("A1", "ISSUE", at="10:05"))
    said = SaidAcceptance("typed", at="2026-07-01T10:30Z")
    assert acceptances.record(desk.workplace, 2, "Jane Smith", said).seq == 9
    return desk


def paper(desk: Desk) -> tuple[PrintedReceipt, Receipt]:
    """Jane's receipt of batch 2 as it is issued now: what it is made from, and what it says."""
    (issued,) = receipts.issue_for_batch(desk.workplace, 2, "Jane Smith").receipts
    printed = receipts.printed(desk.workplace, issued.receipt_id)
    return printed, parse_text(printed.text)


def remarks(desk: Desk, printed: PrintedReceipt) -> tuple[str, ...]:
    """What is remarked of a genuine receipt."""
    judged = receipt_checks.judge(desk.workplace, printed.text, printed.payload)
    assert judged.ok
    return judged.remarks


def test_receipts_follow_a_corrected_acceptance(accepted: Desk) -> None:
    """The next receipt says it as it should have been, with a note; one issued before is genuine, and marked."""
    before, said = paper(accepted)
    at = "2026-07-01T10:30:00.000000Z"
    assert said.acknowledgement == Acknowledgement("Jane Smith", "typed", at, "2026-07-01 12:30:00+02:00")
    assert remarks(accepted, before) == ()
    values = {"by": "Ann Poe", "how": "paper"}
    seq = acceptance_corrections.correct(accepted.workplace, 9, values, "mistyped", confirm=None).seq
    after, says = paper(accepted)
    assert says.acknowledgement == Acknowledgement("Ann Poe", "paper", at, "2026-07-01 12:30:00+02:00")
    assert f"acceptance of entry 9 was corrected by entry {seq}" in says.notes
    assert says.receipt_id == said.receipt_id + 1
    assert remarks(accepted, before) == (f"Since then its acceptance was corrected by entry {seq}.",)
    assert remarks(accepted, after) == ()


def test_what_was_not_accepted_yet_is_not_marked(desk: Desk) -> None:
    """A receipt that states no acceptance has none that could be corrected; nor has one of all that a holder has."""
    desk.commit(row("A1"))
    desk.commit(row("A1", "ISSUE", at="10:05"))
    before, _ = paper(desk)
    (whole,) = receipts.issue_hand_receipt(desk.workplace, "Jane Smith").receipts
    seq = acceptances.record(desk.workplace, 2, "Jane Smith", SaidAcceptance("paper")).seq
    acceptance_corrections.correct(desk.workplace, seq, {"how": "typed"}, "mistyped", confirm=None)
    assert remarks(desk, before) == ()
    assert remarks(desk, receipts.printed(desk.workplace, whole.receipt_id)) == ()


def test_a_text_of_a_later_version_is_not_marked(accepted: Desk) -> None:
    """What can't be parsed here states no acceptance that could be compared."""
    with accepted.store.read() as snapshot:
        assert list(receipt_checks._accepted_otherwise(snapshot, "x\n")) == []  # noqa: SLF001 - no such text can be signed here


def test_what_a_correction_added_is_open_only_where_somebody_is_asked(desk: Desk) -> None:
    """While the station goes without acceptances the line says that none was asked for; it never says there was one."""
    desk.commit(row("A1") + row("A2"))
    given = row("A1", "ISSUE", at="10:05") + row("A2", "ISSUE", at="10:05", issued_to_name="Bob Lee")
    last = desk.commit(given, Options(new_holders=True, accepted=Acceptance("paper"))).last_seq
    corrections.correct(desk.workplace, last, {"issued_to_name": "Jane Smith"}, "wrong person", confirm=None)
    for rule, said in (("off", "not asked"), ("recorded", "open"), ("required", "open")):
        settings.set_rule(desk.workplace, "acceptance", rule)
        assert [line.acceptance for line in paper(desk)[1].lines] == ["", said]
