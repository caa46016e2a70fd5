"""What counts instead of the rows of a batch, by all the corrections of each."""

import pytest

from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.plans import Options
from assettrack.services import batch_papers, corrections, holders
from assettrack.services.batch_papers import CorrectedRow
from assettrack.services.effective_history import superseded_about
from assettrack.services.stored_entries import entry_at
from tests.services.desk import Desk, row

ISSUED, RETURNED = 9, 11
"""The row by which Jane Smith was given A1, due on one day, and that by which it came back."""

OPTIONS = Options(due_on="2027-01-31")


@pytest.fixture
def told(desk: Desk) -> Desk:
    """A1 was issued to Jane Smith by batch 2, and came back by batch 3."""
    holders.register(desk.workplace, "Zoë Quill")
    desk.commit(row("A1", place=("CASE-01", "1")))
    assert desk.commit(row("A1", "ISSUE", at="10:05"), OPTIONS).last_seq == ISSUED
    assert desk.commit(row("A1", "RETURN", at="10:20", place=("CASE-01", "1"))).last_seq == RETURNED
    return desk


def correct(desk: Desk, seq: int, **values: str) -> int:
    """Correct a row; the correction's entry."""
    return corrections.correct(desk.workplace, seq, values, "mistyped", confirm=None).seq


def instead(desk: Desk, seq: int = ISSUED) -> dict[int, CorrectedRow]:
    """What counts instead of one row."""
    with desk.store.read() as snapshot:
        found = entry_at(snapshot, seq, RowEntry)
    return batch_papers.corrected_rows(desk.workplace, [found], OPTIONS if seq == ISSUED else Options())


def test_all_corrections_of_a_row_count_together(told: Desk) -> None:
    """The latest is named; what an earlier one changed still counts, and what came back is not told."""
    assert instead(told) == {}
    by = correct(told, ISSUED, due_on="2027-03-31", notes="with a bag")
    assert instead(told) == {ISSUED: CorrectedRow(by, {"notes": "with a bag", "due_on": "2027-03-31"})}
    by = correct(told, by, issued_to_name="bob lee", notes="")
    assert instead(told) == {ISSUED: CorrectedRow(by, {"issued_to_name": "Bob Lee", "due_on": "2027-03-31"})}
    by = correct(told, by, issued_to_name="jane  SMITH", due_on="2027-01-31")
    assert instead(told) == {ISSUED: CorrectedRow(by, {})}


def test_whoever_is_called_otherwise_by_now_is_told_by_that_name(told: Desk) -> None:
    """It is the person whom the row names, and not the letters that were typed."""
    by = correct(told, ISSUED, issued_to_name="Bob Lee")
    holders.change(told.workplace, "Bob Lee", holders.HolderUpdate(name="Bob Jones", reason="married"))
    assert instead(told) == {ISSUED: CorrectedRow(by, {"issued_to_name": "Bob Jones"})}


def test_a_place_is_told_whole_and_a_name_that_decides_nothing_as_it_was_written(told: Desk) -> None:
    """Case and slot go together; who is named on a return changes nothing, and is said all the same."""
    by = correct(told, RETURNED, slot_number="2", issued_to_name="Whoever")
    said = {"issued_to_name": "Whoever", "case_number": "CASE-01", "slot_number": "2"}
    assert instead(told, RETURNED) == {RETURNED: CorrectedRow(by, said)}


def fields(desk: Desk) -> dict[int, tuple[int, set[str], bool]]:
    """What counts no longer of the corrected entries about A1: by which entry, which fields, and whether all of it."""
    found = superseded_about(desk.workplace, "A1")
    return {seq: (each.by, set(each.fields), each.is_whole) for seq, each in found.items()}


def test_what_of_an_entry_counts_no_longer_is_what_is_otherwise_now(told: Desk) -> None:
    """Corrections accumulate: one that says something else leaves the one before it as it is."""
    assert fields(told) == {}
    first = correct(told, ISSUED, due_on="2027-03-31")
    assert fields(told) == {ISSUED: (first, {"due_on"}, False)}
    second = correct(told, first, notes="with a bag")
    assert fields(told) == {ISSUED: (first, {"due_on", "notes"}, False), first: (second, set(), False)}
    third = correct(told, second, notes="", due_on="2027-01-31")
    assert fields(told) == {
        ISSUED: (first, set(), False),
        first: (second, {"due_on"}, True),
        second: (third, {"notes"}, True),
    }
    fourth = correct(told, third, due_on="2027-03-31")
    assert fields(told)[first] == (second, set(), False)
    assert fields(told)[third] == (fourth, {"due_on"}, False)


def test_whom_an_entry_names_is_a_person_and_not_letters(told: Desk) -> None:
    """Called otherwise since, it is still the same; somebody else who took the name is not."""
    first = correct(told, ISSUED, issued_to_name="Bob Lee")
    second = correct(told, first, issued_to_name="jane  SMITH", operator_id="zoe")
    assert fields(told) == {ISSUED: (first, {"operator_id"}, False), first: (second, {"issued_to_name"}, True)}
    holders.change(told.workplace, "Jane Smith", holders.HolderUpdate(name="Jane Hill", reason="married"))
    holders.register(told.workplace, "Jane Smith")
    third = correct(told, second, issued_to_name="Jane Hill ", notes="asked")
    assert fields(told)[second] == (third, set(), False)


def test_a_place_and_a_name_that_decides_nothing_count_as_they_were_written(told: Desk) -> None:
    """A return names nobody who would be known by number; several assets' entries are never mixed."""
    told.commit(row("A2", at="10:30"))
    first = correct(told, RETURNED, slot_number="2", issued_to_name="Whoever")
    second = correct(told, first, issued_to_name="Nobody")
    assert fields(told) == {
        RETURNED: (first, {"case_number", "slot_number", "issued_to_name"}, False),
        first: (second, {"issued_to_name"}, False),
    }
    third = correct(told, second, slot_number="3", issued_to_name="Whoever")
    assert fields(told)[first] == (second, {"case_number", "slot_number"}, False)
    assert fields(told)[second] == (third, {"issued_to_name"}, True)
    assert superseded_about(told.workplace, "A2") == {}
