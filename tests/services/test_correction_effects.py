"""What a correction leads to beside the row: later entries told otherwise, and receipts that say something else."""

from contextlib import closing

import pytest

from assettrack.services import corrections, holders, receipts
from assettrack.services.correction_effects import Effects, ReceiptOtherwise, effects
from tests.services.desk import Desk, row
from tests.services.insider import Insider

SCANNED, ISSUED, RETURNED = 6, 8, 10
"""Entries: the SCAN of A1, its ISSUE to Jane Smith by batch 2, and its RETURN by batch 3."""

OF_ISSUE, OF_RETURN = 1, 2
"""Numbers of Jane's receipts of the two batches."""


@pytest.fixture
def returned(desk: Desk) -> Desk:
    """A1 was scanned in slot 1, issued to Jane and taken back into slot 1, with a receipt of each."""
    assert desk.commit(row("A1", place=("CASE-01", "1"))).last_seq == SCANNED
    assert desk.commit(row("A1", "ISSUE", at="10:05")).last_seq == ISSUED
    assert desk.commit(row("A1", "RETURN", at="10:10", place=("CASE-01", "1"))).last_seq == RETURNED
    for batch_id, number in ((2, OF_ISSUE), (3, OF_RETURN)):
        (issued,) = receipts.issue_for_batch(desk.workplace, batch_id).receipts
        assert issued.receipt_id == number
    return desk


def led_to(desk: Desk, seq: int, **values: str) -> Effects:
    """Return what a correction leads to."""
    with desk.unchanged():
        return effects(desk.workplace, corrections.preview(desk.workplace, seq, values))


def told(found: Effects) -> dict[int, list[str]]:
    """What each receipt should say then, by its number."""
    return {each.receipt_id: list(each.says) for each in found.receipts}


def test_only_entries_that_go_elsewhere_are_retold(returned: Desk) -> None:
    """A misread slot: the issue came out of another one, and the return went where it went in any case."""
    found = led_to(returned, SCANNED, slot_number="3")
    (retold,) = found.retold
    assert (retold.seq, retold.kind) == (ISSUED, "ISSUE")
    ways = [[asset and asset.where for asset in became] for became in (retold.was, retold.would)]
    assert ways == [[f"in CASE-01 slot {slot}", "in custody of Jane Smith"] for slot in (1, 3)]
    assert told(found) == {OF_ISSUE: ["from CASE-01 slot 3"]}


def test_a_receipt_that_says_what_it_should_is_not_named(returned: Desk) -> None:
    """What the row before an issue says of the room stands on no receipt; what it says of the asset on every one."""
    assert led_to(returned, SCANNED, building_room="A 12") == Effects([], [], [])
    by_receipt = told(led_to(returned, SCANNED, serial_number="S-9"))
    assert by_receipt == {number: ["serial number S-9"] for number in (OF_ISSUE, OF_RETURN)}


def test_what_was_corrected_before_is_not_said_again(returned: Desk) -> None:
    """Of a row that was corrected already only what this correction changes is said."""
    due = {"due_on": "2027-01-31"}
    assert told(led_to(returned, ISSUED, **due)) == {OF_ISSUE: ["due date 2027-01-31"]}
    by = corrections.correct(returned.workplace, ISSUED, due, "forgotten", confirm=None).seq
    assert told(led_to(returned, by, notes="worn")) == {OF_ISSUE: ["condition worn"]}


def test_a_receipt_that_can_not_be_read_blocks_nothing(returned: Desk) -> None:
    """What is left of it names no lines that could be told otherwise: the other receipt is named as ever."""
    with closing(Insider(returned, [])) as insider:
        insider.do("UPDATE receipt_texts SET text = 'x' WHERE receipt_id = ?", (OF_ISSUE,))
        found = led_to(returned, SCANNED, serial_number="S-9")
    assert found.receipts == [ReceiptOtherwise(OF_RETURN, "Jane Smith", 3, ["serial number S-9"])]


def test_the_receipt_of_somebody_corrected_away_is_named(returned: Desk) -> None:
    """Whoever has a paper about the asset is told of, also where it was corrected that somebody else had it."""
    holders.register(returned.workplace, "Bob Brown")
    wrong = corrections.correct(returned.workplace, ISSUED, {"issued_to_name": "Bob Brown"}, "a name", confirm=None)
    assert told(led_to(returned, wrong.seq, notes="worn"))[OF_ISSUE] == ["condition worn"]
