"""The sheet of a count as a table, the same each time once the count is signed off."""

from base64 import b64encode

import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.checkpoints import parse_note
from assettrack.paper.table_pdf import table_pdf
from assettrack.services import count_endings, count_sheets
from tests.services import counting
from tests.services.counting import listed, scan, start
from tests.services.desk import Desk, row
from tests.services.insider import Insider


@pytest.fixture
def stocked(desk: Desk) -> Desk:
    """CASE-01 has A1, A2, A3 in its first slots of four; CASE-02 has B1; FREE is in no slot, Jane has HELD, GONE is."""
    return counting.stock(desk)


def test_the_sheet_of_a_count(stocked: Desk) -> None:
    """It says what was counted, by whom and when, how many ended in each result, and each exception."""
    start(stocked)
    scan(stocked, listed(("A1", None, None), ("A2", "CASE-01", 4), ("HELD", None, None)))
    closed = count_endings.close(stocked.workplace, 1, "with Bob")
    table = count_sheets.count_table(stocked.workplace, 1)
    assert table.title == "Count 1: CASE-01"
    begun, signed, remark, total, left_out, origin = table.subtitle
    assert begun.startswith("Begun 2026-07-01T14:00:")
    assert begun.endswith("+02:00 (Europe/Berlin) by gcurl, entry 16")
    assert signed.startswith("Signed off 2026-07-01T14:00:")
    assert signed.endswith(f"by gcurl, entry {closed.last_seq}")
    assert remark == "Remark: with Bob"
    assert total == (
        "3 expected, 3 scans. Missing: 1; In another slot: 1; Seen, though a holder has it: 1; Not expected here: 0; "
        "Unknown tag: 0; Seen, though retired: 0; Moved meanwhile: 0; Found: 1"
    )
    assert left_out == "Listed below is what was not simply found."
    with stocked.workplace.store.read() as snapshot:
        note = parse_note(snapshot.checkpoint_at_least(closed.last_seq) or "")
        station = snapshot.station().station
    root = b64encode(note.root).decode()
    assert origin == f"Of {station}, from {closed.last_seq} entries of the log with root {root}."
    assert [cells[0] for cells in table.in_words().rows] == [
        "Missing", "In another slot", "Seen, though a holder has it"
    ]  # fmt: skip
    assert [tuple(cells[:4]) for cells in table.rows] == [
        ("missing", "A3", "CASE-01 slot 3", "not seen"),
        ("wrong slot", "A2", "CASE-01 slot 2", "CASE-01 slot 4"),
        ("seen in custody", "HELD", "not expected", "here"),
    ]
    assert table.rows[0][4] is None
    assert "Signature" in table.footnotes[0]
    whole = count_sheets.count_table(stocked.workplace, 1, with_found=True)
    assert tuple(whole.rows[-1][:4]) == ("found", "A1", "CASE-01 slot 1", "here")
    assert left_out not in whole.subtitle


def test_a_signed_off_sheet_never_changes(stocked: Desk) -> None:
    """Printed again later, after other deeds, it is the same to the byte; an open one says when it was made."""
    start(stocked)
    stood = count_sheets.count_table(stocked.workplace, 1).subtitle[1]
    assert stood.startswith("Open, as it stood 2026-07-01T14:00:")
    assert count_sheets.count_table(stocked.workplace, 1).subtitle[1] != stood
    count_endings.close(stocked.workplace, 1)
    table = count_sheets.count_table(stocked.workplace, 1)
    assert len(table.subtitle) == 4
    stocked.commit(row("A1", "ISSUE", at="11:00"))
    assert table_pdf(count_sheets.count_table(stocked.workplace, 1)) == table_pdf(table)


def test_the_sheet_of_an_abandoned_count(stocked: Desk) -> None:
    """It says by whom it was abandoned and why, that there is no result, and has nothing to be signed."""
    start(stocked)
    scan(stocked, listed(("A1", None, None), ("A2", "CASE-01", 4)))
    done = count_endings.abandon(stocked.workplace, 1, "the wrong case")
    table = count_sheets.count_table(stocked.workplace, 1, with_found=True)
    _, state, total, origin = table.subtitle
    assert f"from {done.last_seq} entries of the log" in origin
    assert state.startswith("Abandoned 2026-07-01T14:00:")
    assert state.endswith(f"+02:00 (Europe/Berlin) by gcurl, entry {done.last_seq}: the wrong case")
    assert total == "3 expected, 2 scans: no result"
    assert (list(table.rows), list(table.footnotes)) == ([], [])
    stocked.commit(row("A1", "ISSUE", at="11:00"))
    assert table_pdf(count_sheets.count_table(stocked.workplace, 1)) == table_pdf(table)


def test_an_unknown_count_has_no_sheet(stocked: Desk) -> None:
    """The refusal names it."""
    with pytest.raises(errors.DeedRefused, match="There is no count 1"):
        count_sheets.count_table(stocked.workplace, 1)


@pytest.mark.parametrize("statement", ["DELETE FROM checkpoints", "UPDATE checkpoints SET note = 'forged'"])
def test_a_sheet_is_not_made_without_the_log_it_is_tied_to(stocked: Desk, statement: str) -> None:
    """Where no checkpoint covers the count, open or signed off, the database is damaged: no sheet says any root."""
    start(stocked)
    start(stocked, counting.EVERYTHING)
    count_endings.close(stocked.workplace, 1)
    insider = Insider(stocked, [])
    insider.do(statement)
    for count_id in (1, 2):
        with pytest.raises(station_errors.DatabaseDamaged, match="the log has no checkpoint that covers it"):
            count_sheets.count_table(stocked.workplace, count_id)
    insider.close()
