"""Receipts of what was corrected: what a correction changes is marked, told of older papers, and void for the wrong."""

import pytest

from assettrack.domain.plans import Acceptance, Options
from assettrack.domain.receipts import Receipt, ReceiptLine, parse_text
from assettrack.services import corrections, holders, receipt_checks, receipts, verification
from assettrack.services.custody import TypedCommand
from assettrack.services.receipts import IssuedReceipt
from tests.services.desk import Desk, row
from tests.services.test_custody import back, do, issue, transfer

JANE, BOB, ZOE = "Jane Smith", "Bob Lee", "Zoe Quill"
SCANNED = """\
asset_tag,timestamp,event_type,operator_id,case_number,slot_number,equipment_type,serial_number
A1,2026-07-01T10:00Z,SCAN,gcurl,CASE-01,1,laptop,S1
A2,2026-07-01T10:00Z,SCAN,gcurl,CASE-01,2,laptop,S2
"""


class Papers:
    """A desk at which A1 and A2 were scanned with their serial numbers into slots 1 and 2, and its receipts."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        holders.register(desk.workplace, ZOE)
        desk.commit(SCANNED)
        self.scanned = desk.log_size - 1
        """The entry of A1's SCAN."""

    def do(self, command: TypedCommand, accepted: Acceptance | None = None) -> int:
        """Commit a command as a batch; return the entry of its last row."""
        do(self.desk, command, options=Options(accepted=accepted))
        return self.desk.log_size

    def correct(self, seq: int, **values: str) -> int:
        """Correct an entry; return that of the correction."""
        return corrections.correct(self.desk.workplace, seq, values, "wrong", confirm=None).seq

    def of_batch(self, batch_id: int) -> dict[str, IssuedReceipt]:
        """Issue the receipts of a batch; by holder."""
        return {each.holder: each for each in receipts.issue_for_batch(self.desk.workplace, batch_id).receipts}

    def of_holder(self, name: str) -> IssuedReceipt:
        """Issue a hand receipt."""
        return receipts.issue_hand_receipt(self.desk.workplace, name).receipts[0]

    def text(self, issued: IssuedReceipt) -> Receipt:
        """What a receipt says."""
        return parse_text(receipts.printed(self.desk.workplace, issued.receipt_id).text)

    def line(self, issued: IssuedReceipt) -> ReceiptLine:
        """The only line of a receipt."""
        (line,) = self.text(issued).lines
        return line

    def remarks(self, issued: IssuedReceipt) -> tuple[str, ...]:
        """What verifying a receipt beside the database says of corrections; it stays genuine."""
        paper = receipts.printed(self.desk.workplace, issued.receipt_id)
        judged = receipt_checks.judge(self.desk.workplace, paper.text, paper.payload)
        assert (judged.ok, judged.log_agrees) == (True, True)
        return judged.remarks


@pytest.fixture
def papers(desk: Desk) -> Papers:
    """Batch 1 scans A1 and A2."""
    return Papers(desk)


def test_a_row_that_rests_on_a_corrected_one_is_told_anew(papers: Papers) -> None:
    """Issued to the wrong one and returned: the return names the right one too, and is void for the wrong one."""
    issued = papers.do(issue("A1"))
    returned = papers.do(back("A1"))
    old_issue, old_return = papers.of_batch(2)[JANE], papers.of_batch(3)[JANE]
    by = papers.correct(issued, issued_to_name=BOB)

    assert papers.remarks(old_issue) == (
        f"Since then entry {issued} (A1, item 1) was corrected by entry {by}. It should say: to {BOB}.",
    )
    rests = f"Since then entry {issued}, on which item 1 (A1) rests, was corrected by entry {by}. "
    assert papers.remarks(old_return) == (f"{rests}It should say: from {BOB}.",)
    void = f"should have been {BOB}, by correction entry {by}"
    for batch_id, entry, moves in ((2, issued, ("CASE-01 slot 1", None)), (3, returned, (None, "CASE-01 slot 1"))):
        new = papers.of_batch(batch_id)
        for name in (JANE, BOB):
            paper, line = papers.text(new[name]), papers.line(new[name])
            assert (line.moved_from, line.moved_to) == tuple(move or name for move in moves)
            assert (line.entry_seq, line.corrected_by, line.void) == (entry, by, void if name == JANE else "")
            assert paper.notes == (f"entry {issued} was corrected by entry {by}: item 1",)
            counted = (new[name].lines, new[name].assets, new[name].void)
            assert counted == ((1, 0, 1) if name == JANE else (1, 1, 0))
            assert (paper.assets, new[name].already_issued) == (counted[1], False)
            assert papers.remarks(new[name]) == ()
    assert verification.verify(papers.desk.workplace).ok


def test_a_corrected_correction_is_void_for_both_who_were_wrong(papers: Papers) -> None:
    """Whoever an earlier receipt gave the asset to gets a receipt that says that it is not so, and who it was."""
    entry = papers.do(issue("A1"))
    first = papers.correct(entry, issued_to_name=BOB)
    old = papers.of_batch(2)[BOB]
    second = papers.correct(first, issued_to_name=ZOE)
    assert papers.remarks(old) == (
        f"Since then entry {entry} (A1, item 1) was corrected by entry {second}. It should say: to {ZOE}.",
    )
    new = papers.of_batch(2)
    void = f"should have been {ZOE}, by correction entry {second}"
    assert {name: (papers.line(each).moved_to, papers.line(each).void) for name, each in new.items()} == {
        JANE: (JANE, void),
        BOB: (BOB, void),
        ZOE: (ZOE, ""),
    }
    notes = tuple(f"entry {entry} was corrected by entry {by}: item 1" for by in (first, second))
    assert papers.text(new[ZOE]).notes == notes


def test_corrected_there_and_back_it_stands_and_is_marked(papers: Papers) -> None:
    """The first holder was right after all: the line counts, and both corrections are named."""
    entry = papers.do(issue("A1"))
    first = papers.correct(entry, issued_to_name=BOB)
    second = papers.correct(first, issued_to_name=JANE)
    line = papers.line(papers.of_batch(2)[JANE])
    assert (line.moved_to, line.void, line.corrected_by) == (JANE, "", second)


def test_a_corrected_description_is_on_all_receipts(papers: Papers) -> None:
    """The serial number of the first SCAN was mistyped: every receipt of the asset says the right one, and marks it."""
    entry = papers.do(issue("A1"))
    old = [papers.of_batch(2)[JANE], papers.of_holder(JANE)]
    by = papers.correct(papers.scanned, serial_number="S9")
    said = (
        f"Since then entry {papers.scanned}, on which item 1 (A1) rests, was corrected by entry {by}. "
        "It should say: serial number S9."
    )
    assert [papers.remarks(each) for each in old] == [(said,), (said,)]
    for new in (papers.of_batch(2)[JANE], papers.of_holder(JANE)):
        line = papers.line(new)
        assert (line.serial_number, line.entry_seq, line.corrected_by, line.void) == ("S9", entry, by, "")
        assert papers.text(new).notes == (f"entry {papers.scanned} was corrected by entry {by}: item 1",)
        assert (new.already_issued, papers.remarks(new)) == (False, ())


def test_a_corrected_slot_is_on_all_receipts(papers: Papers) -> None:
    """The slot of the first SCAN was mistyped: it was issued from the other one, and came home there."""
    papers.do(issue("A1"))
    old = papers.of_batch(2)[JANE], papers.of_holder(JANE)
    papers.correct(papers.scanned, case_number="CASE-01", slot_number="4")
    for each in old:
        (remark,) = papers.remarks(each)
        assert remark.endswith("It should say: from CASE-01 slot 4.")
    assert [papers.line(each).moved_from for each in (papers.of_batch(2)[JANE], papers.of_holder(JANE))] == [
        "CASE-01 slot 4"
    ] * 2


def test_what_nothing_on_the_paper_hangs_on_is_not_marked(papers: Papers) -> None:
    """No correction of an earlier time changes a receipt, nor one made before its row, nor one of a later row."""
    by = papers.correct(papers.scanned, serial_number="S9")
    papers.do(issue("A1"))
    old = papers.of_batch(2)[JANE]
    assert (papers.line(old).serial_number, papers.line(old).corrected_by) == ("S9", None)
    papers.correct(by, timestamp="2026-07-01T09:00Z")
    returned = papers.do(back("A1"))
    papers.correct(returned, notes="wet")
    assert papers.remarks(old) == ()
    assert papers.of_batch(2)[JANE].already_issued
    assert papers.line(papers.of_batch(3)[JANE]).condition == "wet"


def test_the_row_itself_is_marked_whatever_was_corrected(papers: Papers) -> None:
    """A correction of the line's own entry is named though nothing else on the paper is changed by it."""
    entry = papers.do(issue("A1"))
    old = papers.of_batch(2)[JANE]
    by = papers.correct(entry, operator_id="mara")
    assert papers.remarks(old) == (f"Since then entry {entry} (A1, item 1) was corrected by entry {by}.",)
    assert papers.line(papers.of_batch(2)[JANE]).corrected_by == by


def test_a_hand_receipt_says_what_is_so_now(papers: Papers) -> None:
    """Described anew after a correction it says the latest; only what was corrected after it was issued is told."""
    entry = papers.do(issue("A1"))
    by = papers.correct(papers.scanned, serial_number="S9")
    papers.desk.commit(row("A1", "UPDATE", at="12:01", equipment_type="tablet"))
    paper = papers.of_holder(JANE)
    line = papers.line(paper)
    assert (line.serial_number, line.equipment_type, line.corrected_by) == ("S9", "tablet", by)
    update = papers.desk.log_size - 1
    later = papers.correct(update, equipment_type="notebook")
    (remark,) = papers.remarks(paper)
    assert remark == (
        f"Since then entry {update}, on which item 1 (A1) rests, was corrected by entry {later}. "
        "It should say: equipment type notebook."
    )
    assert papers.line(papers.of_holder(JANE)).entry_seq == entry


def test_a_corrected_due_date_is_told_of_the_old_paper(papers: Papers) -> None:
    """The date on which it is due stands on the receipt, so its correction is told."""
    entry = papers.do(issue("A1"))
    old = papers.of_batch(2)[JANE]
    papers.correct(entry, due_on="2026-12-24")
    (remark,) = papers.remarks(old)
    assert remark.endswith("It should say: due date 2026-12-24.")
    assert papers.text(papers.of_batch(2)[JANE]).due_date == "2026-12-24"


def test_from_the_wrong_giver_a_transfer_is_void(papers: Papers) -> None:
    """The asset was the right one's, so the right one gave it away; the receiver's line is marked, and stands."""
    issued = papers.do(issue("A1"))
    papers.do(transfer("A1"))
    by = papers.correct(issued, issued_to_name=ZOE)
    new = papers.of_batch(3)
    lines = {name: papers.line(each) for name, each in new.items()}
    void = f"should have been {ZOE}, by correction entry {by}"
    assert {name: (line.moved_from, line.moved_to, line.void) for name, line in lines.items()} == {
        JANE: (JANE, BOB, void),
        BOB: (ZOE, BOB, ""),
        ZOE: (ZOE, BOB, ""),
    }
    assert {line.corrected_by for line in lines.values()} == {by}


def test_who_gives_away_says_who_accepted(papers: Papers) -> None:
    """In a transfer the receiver accepts, on both papers; a correction made later does not change who signed."""
    papers.do(issue("A1", "A2"))
    entry = papers.do(transfer("A1"), accepted=Acceptance("paper"))
    accepted = {name: papers.text(each).acknowledgement for name, each in papers.of_batch(3).items()}
    assert {name: each and each.accepted_by for name, each in accepted.items()} == {JANE: BOB, BOB: BOB}
    papers.correct(entry, issued_to_name=ZOE)
    later = {name: papers.text(each).acknowledgement for name, each in papers.of_batch(3).items()}
    assert {name: each and each.accepted_by for name, each in later.items()} == {JANE: BOB, BOB: BOB, ZOE: None}


def test_assets_are_counted_once(papers: Papers) -> None:
    """Given and taken back in one batch one asset has two lines; so it stands in the receipt's entry too."""
    papers.desk.commit(row("A1", "ISSUE", at="12:01") + row("A1", "RETURN", at="12:02", place=("CASE-01", "1")))
    new = papers.of_batch(2)[JANE]
    assert (new.lines, new.assets, new.void, papers.text(new).assets) == (2, 1, 0, 1)
    body = papers.desk.entries()[new.seq - 1]
    assert b'"assets":1' in body
    assert b'"lines":2' in body


def test_both_lines_of_one_asset_are_marked(papers: Papers) -> None:
    """What the two lines of an asset rest on is corrected once: one note names both, and verifying tells of both."""
    papers.desk.commit(row("A1", "ISSUE", at="12:01") + row("A1", "RETURN", at="12:02", place=("CASE-01", "1")))
    old = papers.of_batch(2)[JANE]
    by = papers.correct(papers.scanned, serial_number="")
    assert [remark.rsplit(". ", 1)[1] for remark in papers.remarks(old)] == [
        "It should say: serial number (blank)."
    ] * 2
    assert papers.text(papers.of_batch(2)[JANE]).notes == (
        f"entry {papers.scanned} was corrected by entry {by}: items 1, 2",
    )
