"""What a count proposes to mend is a batch like any other: written, previewed, committed, and then all is in order."""

from functools import partial

import pytest

from assettrack.domain import count_deeds, errors
from assettrack.domain.count_deeds import Closing
from assettrack.domain.scans import COLUMNS
from assettrack.domain.tags import Place
from assettrack.formats.batch_rows import batch_bytes
from assettrack.services import count_endings, count_fixes, slots, verification
from assettrack.services.counts import AskedScope
from tests.services import counting
from tests.services.counting import EVERYTHING, listed, scan, start, typed
from tests.services.desk import Desk, row


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """CASE-01 has A1, A2, A3 in its first slots of four; CASE-02 has B1; FREE is in no slot, Jane has HELD, GONE is."""
    return counting.stock(desk)


def cells(rows: object, *names: str) -> list[tuple[str, ...]]:
    """Some columns of the rows."""
    assert isinstance(rows, list)
    return [tuple(each[COLUMNS.index(name)] for name in names) for each in rows]


def test_what_is_proposed_puts_the_record_right(stocked: Desk) -> None:
    """Wrong slots are mended, swapped ones too; nothing is proposed for what is missing or with a holder."""
    start(stocked, EVERYTHING)
    scan(stocked, listed(("A1", "CASE-01", 2), ("A2", "CASE-01", 1), ("FREE", "CASE-02", 2), ("HELD", "CASE-01", 4)))
    with stocked.unchanged():
        proposed = count_fixes.fixes(stocked.workplace, 1)
    assert cells(proposed.rows, "asset_tag", "event_type", "operator_id", "case_number", "slot_number", "notes") == [
        ("FREE", "UPDATE", "gcurl", "CASE-02", "2", "count 1"),
        ("A2", "UPDATE", "gcurl", "OUT", "OUT", "count 1"),
        ("A1", "UPDATE", "gcurl", "CASE-01", "2", "count 1"),
        ("A2", "UPDATE", "gcurl", "CASE-01", "1", "count 1"),
    ]
    assert proposed.left_out == []
    count_endings.close(stocked.workplace, 1)
    text = batch_bytes(count_fixes.fixes(stocked.workplace, 1).rows).decode()
    plan = stocked.preview(text)
    assert plan.valid
    stocked.commit(text, confirm=plan.confirm_code)
    assert stocked.where("A1", "A2", "FREE", "HELD") == [
        "in CASE-01 slot 2", "in CASE-01 slot 1", "in CASE-02 slot 2", "in custody of Jane Smith",
    ]  # fmt: skip
    mended = count_fixes.fixes(stocked.workplace, 1)
    assert mended.rows == []
    assert {each.code for each in mended.left_out} == {"count_moved_since"}
    assert verification.verify(stocked.workplace).ok


def test_what_can_not_be_proposed_is_said(stocked: Desk) -> None:
    """A slot that is taken, not said or not there, and what was moved since: each is left out with the reason."""
    start(stocked, AskedScope(("CASE-01", "CASE-02")))
    scan(stocked, listed(("A1", "CASE-01", 3), ("A2", "CASE-02", None), ("B1", "CASE-09", 1)))
    proposed = count_fixes.fixes(stocked.workplace, 1)
    assert proposed.rows == []
    assert [(each.asset_tag, each.code) for each in proposed.left_out] == [
        ("A1", "slot_taken"), ("A2", "count_slot_not_said"), ("B1", "unknown_case"),
    ]  # fmt: skip
    count_endings.close(stocked.workplace, 1)
    slots.move(stocked.workplace, "A1", Place("CASE-01", 4))
    left_out = {each.asset_tag: each.code for each in count_fixes.fixes(stocked.workplace, 1).left_out}
    assert left_out == {"A1": "count_moved_since", "A2": "count_slot_not_said", "B1": "unknown_case"}


def test_a_signed_off_count_proposes_by_its_result(stocked: Desk) -> None:
    """What was found by its end is not proposed later, whatever is recorded now."""
    start(stocked)
    scan(stocked, typed("A1", case="CASE-01", slot=1))
    count_endings.close(stocked.workplace, 1)
    stocked.commit(row("A1", "UPDATE", at="11:00", place=("CASE-01", "4")))
    assert count_fixes.fixes(stocked.workplace, 1).rows == []


def test_nothing_is_proposed_for_what_was_moved_since_and_is_back(stocked: Desk) -> None:
    """It is where the count expected it, because somebody put it there since: what the count saw is of before."""
    start(stocked)
    scan(stocked, typed("A1", case="CASE-01", slot=4))
    scan(stocked, typed("A2", case="CASE-02", slot=2))
    count_endings.close(stocked.workplace, 1)
    for slot in (4, 1):
        slots.move(stocked.workplace, "A1", Place("CASE-01", slot))
    proposed = count_fixes.fixes(stocked.workplace, 1)
    assert cells(proposed.rows, "asset_tag") == [("A2",)]
    assert [each.message for each in proposed.left_out] == [
        "Asset A1 was moved on record since the count began; it is in CASE-01 slot 1 by now."
    ]


def test_an_earlier_count_proposes_nothing_for_what_was_moved_meanwhile(
    stocked: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What an earlier version called a wrong slot was in that very slot while it was counted."""
    start(stocked)
    slots.move(stocked.workplace, "A1", Place("CASE-01", 4))
    scan(stocked, typed("A1", case="CASE-01", slot=4))
    slots.move(stocked.workplace, "A1", Place("CASE-01", 1))
    with monkeypatch.context() as earlier:
        earlier.setattr(count_deeds, "RULE", 3)
        earlier.setattr(count_endings, "Closing", partial(Closing, rule=3))
        count_endings.close(stocked.workplace, 1)
    assert counting.ended(stocked)["A1"] == "wrong_slot"
    proposed = count_fixes.fixes(stocked.workplace, 1)
    assert proposed.rows == []
    assert [each.code for each in proposed.left_out] == ["count_moved_since"]
    assert verification.verify(stocked.workplace).ok


def test_a_proposal_needs_a_count_and_an_operator(stocked: Desk) -> None:
    """An unknown count is refused, and somebody must be named as the rows' operator."""
    start(stocked)
    with pytest.raises(errors.DeedRefused, match="There is no count 2"):
        count_fixes.fixes(stocked.workplace, 2)
    with pytest.raises(errors.OperatorUnknown):
        count_fixes.fixes(stocked.manned_by(None), 1)
