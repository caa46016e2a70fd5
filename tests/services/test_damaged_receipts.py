"""Receipts and proofs beside a database that was tampered with: exit 5 with the reason, never a wrong paper."""

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta

import apsw
import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.receipts import parse_text
from assettrack.domain.tags import OUT, Place
from assettrack.services import audit, corrections, receipt_checks, receipts, slots
from assettrack.services.receipts import PrintedReceipt
from tests.services.desk import Desk, row
from tests.services.test_custody import back, do, issue, transfer

JANE, BOB = "Jane Smith", "Bob Lee"
NO_KEYS = "PRAGMA foreign_keys = OFF"


@pytest.fixture
def handed_out(desk: Desk) -> Desk:
    """Batch 2 issues A1 to Jane, batch 3 transfers it to Bob; A2 was updated and retired in batch 4."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2", place=("CASE-01", "2")))
    do(desk, issue("A1"))
    do(desk, transfer("A1"))
    desk.commit(row("A2", "UPDATE", at="12:01", equipment_type="tablet") + row("A2", "RETIRE", at="12:02"))
    return desk


@pytest.fixture
def paper(handed_out: Desk) -> PrintedReceipt:
    """The receipt of batch 2."""
    (issued,) = receipts.issue_for_batch(handed_out.workplace, 2).receipts
    return receipts.printed(handed_out.workplace, issued.receipt_id)


def tamper(desk: Desk, *statements: str) -> None:
    """Change the database behind the program's back, without its triggers."""
    desk.store.close()
    with closing(apsw.Connection(str(desk.store.path))) as database:
        database.execute(NO_KEYS).fetchall()
        for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
            database.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            database.execute(statement)


def entry_of(desk: Desk, text: str) -> int:
    """The number of the first entry in whose body a text stands."""
    return next(seq for seq, body in enumerate(desk.entries(), 1) if text.encode() in body)


DAMAGE: list[tuple[str, Callable[[Desk], object], str]] = [
    ("DELETE FROM checkpoints", lambda at: receipts.printed(at.workplace, 1), "no checkpoint that covers"),
    (
        "UPDATE receipt_texts SET text = 'x'",
        lambda at: receipts.printed(at.workplace, 1),
        "not the one that was hashed",
    ),
    (
        "UPDATE receipt_texts SET text = 'x'",
        lambda at: receipts.issue_for_batch(at.workplace, 2),
        "not the one that was hashed",
    ),
    ("UPDATE audit_log SET body = '{}' WHERE seq = 9", lambda at: audit.prove(at.workplace, 9), "entry 9 was changed"),
    ("UPDATE station SET public_key = 'none'", lambda at: audit.verifier_key(at.workplace), "public key is none"),
    (
        "DELETE FROM holders WHERE holder_id = 1",
        lambda at: receipts.issue_for_batch(at.workplace, 3, BOB),
        "holder 1 is gone",
    ),
    (
        "UPDATE assets SET custody_seq = 6 WHERE asset_tag = 'A1'",
        lambda at: receipts.issue_hand_receipt(at.workplace, BOB),
        "does not say how Bob Lee came to have asset A1",
    ),
]


@pytest.mark.usefixtures("paper")
@pytest.mark.parametrize(("statement", "ask", "said"), DAMAGE)
def test_what_was_tampered_with_makes_no_paper(
    handed_out: Desk, statement: str, ask: Callable[[Desk], object], said: str
) -> None:
    """Whatever a receipt or proof is made from, if it is not what it was, nothing is made of it."""
    if "public_key" in statement:  # the schema keeps even that from being written
        statement = f"PRAGMA ignore_check_constraints = ON; {statement}"
    tamper(handed_out, statement)
    with pytest.raises(station_errors.DatabaseDamaged, match=said):
        ask(handed_out)


def test_an_entry_that_a_receipt_names_is_looked_at(handed_out: Desk, paper: PrintedReceipt) -> None:
    """The receipt's own entry is untouched, but the row on which a line stands was changed: the log does not agree."""
    assert receipt_checks.judge(handed_out.workplace, paper.text, paper.payload).ok
    seq = entry_of(handed_out, '"event_type":"ISSUE"')
    tamper(handed_out, f"UPDATE audit_log SET body = replace(body, '{JANE}', 'Mallory X') WHERE seq = {seq}")
    judged = receipt_checks.judge(handed_out.workplace, paper.text, paper.payload)
    assert (judged.ok, judged.code, judged.log_agrees) == (False, "log_differs", False)
    assert f"entry {seq}, on which its item 1 stands, was changed" in judged.message


def test_missing_hashes_don_t_agree(handed_out: Desk, paper: PrintedReceipt) -> None:
    """Where hashes are missing nobody can tell that the log is the one that was signed, so it is not said."""
    tamper(handed_out, "DELETE FROM audit_log WHERE seq = 2")
    assert receipt_checks.judge(handed_out.workplace, paper.text, paper.payload).code == "log_differs"


def test_a_text_of_a_later_version_names_no_entries(handed_out: Desk) -> None:
    """What can't be parsed here names no lines that could be looked at."""
    with handed_out.store.read() as snapshot:
        assert receipt_checks._changed_line(snapshot, "another version\n") is None  # noqa: SLF001 - no such text can be signed here


def test_a_damaged_history_of_a_corrected_asset_makes_no_receipt(handed_out: Desk) -> None:
    """The history is told anew where something was corrected; what can't be read then ends it."""
    seq = entry_of(handed_out, '"event_type":"ISSUE"')
    corrections.correct(handed_out.workplace, seq, {"notes": "scratched"}, "forgotten", confirm=None)
    tamper(handed_out, "UPDATE audit_log SET body = '{}' WHERE seq = 6")
    with pytest.raises(station_errors.DatabaseDamaged, match="asset A1 can't be read"):
        receipts.issue_for_batch(handed_out.workplace, 2)


def test_what_is_retired_out_of_storage_stands_on_no_receipt(handed_out: Desk) -> None:
    """A row that hands nothing over concerns no holder, even where its asset's history was corrected."""
    seq = entry_of(handed_out, '"event_type":"UPDATE"')
    corrections.correct(handed_out.workplace, seq, {"model": "X1"}, "forgotten", confirm=None)
    do(handed_out, back("A1"))
    with pytest.raises(errors.DeedRefused, match="handed nothing over"):
        receipts.issue_for_batch(handed_out.workplace, 4)
    handed_out.commit(row("A3") + row("A3", "ISSUE", at="12:03") + row("A4") + row("A4", "RETIRE", at="12:03"))
    (issued,) = receipts.issue_for_batch(handed_out.workplace, 6).receipts
    assert (issued.holder, issued.lines) == (JANE, 1)


def test_a_corrected_asset_comes_from_where_its_history_leads(desk: Desk) -> None:
    """Moved by an UPDATE and by hand, seen again, described in custody: receipts name where it really came from."""
    desk.commit(row("B1", place=("CASE-01", "1")))
    desk.commit(row("B1", "UPDATE", at="10:10", place=("CASE-01", "2")))
    desk.commit(row("B1", at="10:20"))
    slots.move(desk.workplace, "B1", Place("CASE-01", 3))
    do(desk, issue("B1"))
    desk.commit(row("B1", "UPDATE", at="12:03", equipment_type="tablet"))
    desk.clock += timedelta(minutes=5)
    do(desk, back("B1", place=OUT))
    desk.commit(row("B1", "RETIRE", at="12:08"))
    seq = entry_of(desk, '"event_type":"SCAN"')
    corrections.correct(desk.workplace, seq, {"notes": "new"}, "forgotten", confirm=None)
    moves = {}
    for batch_id in (4, 6):
        (issued,) = receipts.issue_for_batch(desk.workplace, batch_id).receipts
        (line,) = parse_text(receipts.printed(desk.workplace, issued.receipt_id).text).lines
        moves[batch_id] = (line.event, line.moved_from, line.moved_to)
    assert moves == {4: ("ISSUE", "CASE-01 slot 3", JANE), 6: ("RETURN", JANE, "unslotted")}
