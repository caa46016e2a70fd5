"""Corrections of due dates: assets, reports and receipts follow the date that it should have been, and mark it."""

import json
from collections.abc import Mapping
from contextlib import closing

import pytest

from assettrack.domain import errors, typed_rows
from assettrack.domain.plans import Options
from assettrack.domain.receipts import Receipt, parse_text
from assettrack.services import corrections, custody, custody_reports, receipts, verification
from assettrack.services.custody import TypedCommand
from assettrack.services.reports import Filters
from tests.services.desk import Desk, row
from tests.services.insider import Insider

FIRST, SECOND = 9, 10
"""Entries: the ISSUE of A1, and that of A2, both to Jane Smith by batch 2, due on 31 January 2027."""


@pytest.fixture
def due(desk: Desk) -> Desk:
    """Jane Smith has A1 and A2, both due on one date."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("A2"))
    rows = row("A1", "ISSUE", at="10:05") + row("A2", "ISSUE", at="10:06")
    assert desk.commit(rows, Options(due_on="2027-01-31")).last_seq == SECOND
    return desk


def correct(desk: Desk, seq: int, values: Mapping[str, str]) -> int:
    """Correct a row, and make sure that verifying agrees."""
    done = corrections.correct(desk.workplace, seq, values, "mistyped", confirm=None)
    found = verification.verify(desk.workplace)
    assert found.ok, found
    return done.seq


def receipt_of(desk: Desk, batch_id: int | None = None) -> Receipt:
    """Jane's receipt of a batch, or (None) of all she has, as it is issued now."""
    at = desk.workplace
    issued = (
        receipts.issue_hand_receipt(at, "Jane Smith")
        if batch_id is None
        else receipts.issue_for_batch(at, batch_id, "Jane Smith")
    )
    return parse_text(receipts.printed(at, issued.receipts[0].receipt_id).text)


def test_the_asset_is_due_when_it_should_have_been(due: Desk) -> None:
    """The row's own asset, and no other one of the batch; the entry says what is otherwise, and the state."""
    correct(due, FIRST, {"due_on": "2027-02-28"})
    assert (due.asset("A1").due_on, due.asset("A2").due_on) == ("2027-02-28", "2027-01-31")
    entry = json.loads(due.entries()[-1])
    assert entry["changed"] == {"due_on": "2027-02-28"}
    assert (entry["before"]["due_on"], entry["after"]["due_on"]) == ("2027-01-31", "2027-02-28")


def test_it_is_corrected_again_and_taken_back(due: Desk) -> None:
    """With other values of the row, to no date, and to the one that it had."""
    seq = correct(due, FIRST, {"due_on": "", "notes": "on loan"})
    assert due.asset("A1").due_on is None
    seq = correct(due, seq, {"notes": ""})
    assert due.asset("A1").due_on is None
    correct(due, seq, {"due_on": " 2027-01-31 "})
    assert due.asset("A1").due_on == "2027-01-31"


def test_a_date_before_the_day_of_the_deed_is_pointed_out(due: Desk) -> None:
    """The row is of 1 July 2026: an earlier date gets a notice, as a command would, and is taken; of another none."""
    for due_on, found in (("2026-06-30", ["due_in_past"]), ("2026-07-01", [])):
        assert [each.code for each in corrections.preview(due.workplace, FIRST, {"due_on": due_on}).notices] == found
    correct(due, FIRST, {"due_on": "2026-06-30"})
    assert corrections.preview(due.workplace, 11, {"notes": "on loan"}).notices == []


@pytest.mark.parametrize(("due_on", "reason"), [("1927-01-31", "before the year 2000"), ("2927-01-31", "100 years")])
def test_a_date_that_can_not_be_meant_is_a_problem(due: Desk, due_on: str, reason: str) -> None:
    """A mistyped century is no correction; nothing is saved."""
    with due.unchanged(), pytest.raises(errors.CorrectionHasProblems) as caught:
        corrections.correct(due.workplace, FIRST, {"due_on": due_on}, "mistyped", confirm=None)
    ((code, field, message),) = [(each.code, each.field, each.message) for each in caught.value.problems]
    assert (code, field) == ("due_on_out_of_range", "due_on")
    assert reason in message


def test_what_was_given_without_a_date_gets_one(due: Desk) -> None:
    """A transfer gives too; the date of whoever had the asset before is another row's."""
    command = TypedCommand(["A1"], lambda _: typed_rows.transfers(["A1"], "Bob Lee"))
    transferred = custody.commit(due.workplace, command, Options(), confirm=None).last_seq
    correct(due, FIRST, {"due_on": "2027-02-28"})
    assert due.asset("A1").due_on is None
    correct(due, transferred, {"due_on": "2027-03-31"})
    assert due.asset("A1").due_on == "2027-03-31"


def test_later_rows_keep_the_corrected_date(due: Desk) -> None:
    """A description in custody leaves it, a return ends it."""
    due.commit(row("A1", "UPDATE", at="10:10", equipment_type="tablet"))
    correct(due, FIRST, {"due_on": "2027-02-28"})
    assert due.asset("A1").due_on == "2027-02-28"
    due.commit(row("A1", "RETURN", at="10:20", place=("CASE-01", "1")))
    assert due.asset("A1").due_on is None
    correct(due, 15, {"notes": "late"})


@pytest.mark.parametrize(
    ("seq", "values", "code"),
    [
        (FIRST, {"due_on": "2027-01-31"}, "nothing_changes"),
        (FIRST, {"due_on": "next week"}, "correction_has_problems"),
        (FIRST, {"due_on": "2027-02-30"}, "correction_has_problems"),
        (FIRST, {"due_on": "20270228"}, "correction_has_problems"),
        (6, {"due_on": "2027-02-28"}, "due_not_correctable"),
        (8, {"due_on": "2027-02-28"}, "entry_not_correctable"),
    ],
)
def test_what_can_not_be_due(due: Desk, seq: int, values: dict[str, str], code: str) -> None:
    """No date, the same date, a row that gives nothing, and the batch itself: its rows are corrected one by one."""
    with due.unchanged(), pytest.raises(errors.AssetTrackError) as caught:
        corrections.correct(due.workplace, seq, values, "mistyped", confirm=None)
    assert caught.value.code == code


def test_reports_follow_and_mark_it(due: Desk) -> None:
    """What is overdue by the corrected date is listed with both dates; what is not any more is not."""
    assert list(custody_reports.overdue(due.workplace, Filters()).table.rows) == []
    seq = correct(due, FIRST, {"due_on": "2026-06-30"})
    (line,) = custody_reports.overdue(due.workplace, Filters()).table.rows
    assert (line[6], line[7]) == ("2026-06-30", 1)
    assert line[-1] == f"entry {seq} corrects entry {FIRST}: due 2026-06-30, was 2027-01-31"
    correct(due, seq, {"due_on": ""})
    assert list(custody_reports.overdue(due.workplace, Filters()).table.rows) == []
    details = list(custody_reports.custody(due.workplace, Filters(), details=True).table.rows)
    assert "due (blank), was 2026-06-30" in str(details[0][-1])


def test_receipts_follow_it(due: Desk) -> None:
    """One date of all stands on top; where dates differ, each is told with its items, and what was corrected too."""
    assert receipt_of(due, 2).due_date == "2027-01-31"
    seq = correct(due, FIRST, {"due_on": "2027-02-28"})
    mixed = receipt_of(due, 2)
    assert mixed.due_date is None
    assert [note for note in mixed.notes if note.startswith("due")] == [
        "due 2027-01-31: item 2",
        "due 2027-02-28: item 1",
    ]
    assert mixed.lines[0].corrected_by == seq
    correct(due, SECOND, {"due_on": "2027-02-28"})
    assert receipt_of(due, 2).due_date == "2027-02-28"
    assert "due 2027-02-28: items 1, 2" in receipt_of(due).notes


FORGERIES = {
    "another date": (b'"changed":{"due_on":"2027-02-28"}', b'"changed":{"due_on":"2027-03-28"}'),
    "no date": (b'"changed":{"due_on":"2027-02-28"}', b'"changed":{"due_on":"soon"}'),
    "not as dates are written": (b'"changed":{"due_on":"2027-02-28"}', b'"changed":{"due_on":"20270228"}'),
    "another outcome": (
        b'"after":{"case_name":null,"due_on":"2027-02-28"',
        b'"after":{"case_name":null,"due_on":"2027-03-28"',
    ),
    "a row that gives nothing": (b'"corrects":9', b'"corrects":6'),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_verifying_names_a_forged_correction(due: Desk, what: str) -> None:
    """One that the rules would not make so is named; so is a table that does not follow it."""
    seq = correct(due, FIRST, {"due_on": "2027-02-28"})
    old, new = FORGERIES[what]
    with closing(Insider(due, [])) as insider:
        body = insider.body(seq)
        assert old in body
        insider.write_body(seq, body.replace(old, new), rehash=True)
        insider.must_be_caught(seq)
        insider.write_body(seq, body, rehash=True)
        insider.do("UPDATE assets SET due_on = '2027-01-31' WHERE asset_tag = 'A1'")
        assert "Table assets says otherwise of A1" in insider.must_be_caught(None)
