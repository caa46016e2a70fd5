"""Tables whose rows take the time that is said: again, or grown, they are never recorded in silence."""

from collections import Counter

import msgspec
import pytest

from assettrack.domain import download_errors, errors, scan_traces, station_errors, table_reading
from assettrack.domain.column_mapping import ColumnMapping, mapping_of
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.plans import Options, Plan
from assettrack.domain.scan_answers import Answers
from assettrack.formats import spreadsheet
from assettrack.services import intake, scan_files, tables_told_before, verification
from assettrack.services.intake import CommitReceipt
from assettrack.services.stored_entries import entry_at
from assettrack.services.tables_told_before import TableBatch
from tests.services.desk import Desk, read, row
from tests.services.insider import Insider

LAPTOP = Options({"equipment_type": "laptop"})
FIRST, LATER = "2026-02-16T09:00", "2026-02-17T09:00"
NOTHING, SAME, ANEW = Answers(), Answers(same_scans=True), Answers(scanned_anew=True)
COLUMNS = {"asset_tag": "Tag", "event_type": "What", "issued_to_name": "Who", "slot_number": "Slot"}
MAPPING = mapping_of({**COLUMNS, "case_number": "Case"}, {"operator_id": "mara"})
TRIP = ("LT-1,SCAN,,,", "LT-1,ISSUE,Jane Smith,OUT,OUT", "LT-1,RETURN,,OUT,OUT")


def table(*rows: str, mapping: ColumnMapping = MAPPING, at: str = FIRST) -> spreadsheet.MappedTable:
    """Return a table of these rows, read by a mapping."""
    content = "\n".join(["Tag,What,Who,Case,Slot", *rows]).encode()
    return spreadsheet.read_mapped(content, mapping, "own", at=at)


def batch_of(
    desk: Desk, *rows: str, at: str = FIRST, said: Answers = NOTHING, mapping: ColumnMapping = MAPPING
) -> TableBatch:
    """Return the batch of a table."""
    return tables_told_before.batch_of(desk.workplace, table(*rows, mapping=mapping, at=at), said)


def commit(
    desk: Desk, *rows: str, at: str = FIRST, said: Answers = NOTHING, mapping: ColumnMapping = MAPPING
) -> CommitReceipt:
    """Commit a table."""
    batch = batch_of(desk, *rows, at=at, said=said, mapping=mapping)
    options = tables_told_before.with_reading(LAPTOP, batch)
    return scan_files.commit_file(desk.workplace, batch, "own.csv", options, confirm=None)


def preview(desk: Desk, *rows: str, at: str = LATER, said: Answers = NOTHING, mapping: ColumnMapping = MAPPING) -> Plan:
    """Preview a table."""
    batch = batch_of(desk, *rows, at=at, said=said, mapping=mapping)
    return scan_files.preview_file(desk.workplace, batch, tables_told_before.with_reading(LAPTOP, batch))


def asked(plan: Plan) -> list[str]:
    """Return the codes of what stops a batch."""
    return [each.code for each in (*plan.problems, *plan.refusals)]


def rows_of(desk: Desk) -> Counter[str]:
    """Return how many rows each asset has in the log."""
    entries = [msgspec.json.decode(body) for body in desk.entries()]
    return Counter(each["asset_tag"] for each in entries if "row_number" in each)


def test_the_same_table_with_another_time_is_asked_about(desk: Desk) -> None:
    """Issues and returns would be recorded a second time; as the same rows nothing is, as new ones all are."""
    commit(desk, *TRIP)
    plan = preview(desk, *TRIP)
    assert asked(plan) == ["table_told_before"]
    assert "3 rows of what was committed before, as batch 1, such as row 1," in plan.problems[0].message
    with pytest.raises(errors.BatchHasProblems):
        commit(desk, *TRIP, at=LATER)
    plan = preview(desk, *TRIP, said=SAME)
    assert (asked(plan), plan.already_committed, plan.recorded_in) == ([], True, [1])
    assert commit(desk, *TRIP, at=LATER, said=SAME).already_committed
    assert rows_of(desk) == {"LT-1": 3}
    assert commit(desk, *TRIP, at=LATER, said=ANEW).committed == 3
    assert verification.verify(desk.workplace, [], None).ok


def test_the_same_table_with_the_same_time_is_known_by_itself(desk: Desk) -> None:
    """Nothing is asked, in whatever form the time is said."""
    commit(desk, *TRIP)
    for at in (FIRST, "2026-02-16T08:00Z"):
        plan = preview(desk, *TRIP, at=at)
        assert (asked(plan), plan.already_committed) == ([], True)


def test_a_table_that_grows_is_recorded_once(desk: Desk) -> None:
    """As the same rows only the new ones are, with the time that is said now, and the answer stands in the log."""
    rows = [f"LT-{number},SCAN,,," for number in range(1, 8)]
    commit(desk, *rows[:3])
    for day, count in ((17, 5), (18, 7)):
        at = f"2026-02-{day}T09:00"
        assert asked(preview(desk, *rows[:count], at=at)) == ["table_told_before"]
        assert commit(desk, *rows[:count], at=at, said=SAME).committed == 2
        assert commit(desk, *rows[:count], at=at, said=SAME).already_committed
    assert rows_of(desk) == {f"LT-{number}": 1 for number in range(1, 8)}
    with desk.store.read() as snapshot:
        row = snapshot.batch(2)
        assert row is not None
        reading = entry_at(snapshot, row.first_seq, BatchEntry).options.table
    assert reading is not None
    assert (reading.rows, reading.same_scans, len(reading.asked)) == (5, True, 1)


@pytest.mark.parametrize(("count", "number"), [(1, 0), (3, 2), (6, 3), (9, 5), (12, 2), (12, 11), (12, 12)])
def test_a_table_of_which_one_row_was_changed_is_recorded_once(desk: Desk, count: int, number: int) -> None:
    """Asked is about every other row, wherever the changed one stands; as the same rows they stay what they were."""
    rows = [f"LT-{each},SCAN,,," for each in range(1, count + 1)]
    commit(desk, *rows)
    changed = ["LT-99,SCAN,,," if each == number else row for each, row in enumerate(rows, 1)]
    same = count - (1 if number else 0)
    plan = preview(desk, *changed)
    assert asked(plan) == ["table_told_before"]
    assert f"has {same} row{'s' if same > 1 else ''} of what was committed before" in plan.problems[0].message
    done = commit(desk, *changed, at=LATER, said=SAME)
    assert (done.committed, done.already_committed) == (count - same, count == same)
    assert rows_of(desk) == {f"LT-{each}": 1 for each in [*range(1, count + 1), *([99] if number else [])]}


def test_a_table_with_rows_put_in_between_is_recorded_once(desk: Desk) -> None:
    """What stands between the known rows is new, and only that; a row that is there twice is known as often as then."""
    rows = [f"LT-{each},SCAN,,," for each in range(1, 5)]
    commit(desk, *rows, rows[0])
    more = [rows[3], "LT-9,SCAN,,,", rows[0], rows[1], rows[0], "LT-8,SCAN,,,", rows[2], rows[0]]
    assert "has 5 rows of what was committed before" in preview(desk, *more).problems[0].message
    assert commit(desk, *more, at=LATER, said=SAME).committed == 3
    assert rows_of(desk) == {"LT-1": 3, "LT-2": 1, "LT-3": 1, "LT-4": 1, "LT-8": 1, "LT-9": 1}


def test_rows_of_several_tables_are_asked_about_together(desk: Desk) -> None:
    """A table put together of two earlier ones has the rows of both."""
    commit(desk, "LT-1,SCAN,,,", "LT-2,SCAN,,,")
    commit(desk, "LT-3,SCAN,,,")
    together = ["LT-3,SCAN,,,", "LT-4,SCAN,,,", "LT-2,SCAN,,,", "LT-1,SCAN,,,"]
    assert "has 3 rows of what was committed before, as batch 2" in preview(desk, *together).problems[0].message
    assert commit(desk, *together, at=LATER, said=SAME).committed == 1


def test_an_answer_that_settles_nothing_is_said(desk: Desk) -> None:
    """Where no row is one of then, nobody is to think that what was said of the same rows kept any from being taken."""
    commit(desk, *TRIP)
    other = ("LT-2,SCAN,,,", "LT-3,SCAN,,,")
    plan = preview(desk, *other, said=SAME)
    assert "same_rows_none" in [each.code for each in plan.notices]
    assert (plan.valid, plan.rows) == (True, 2)
    for rows, said in ((other, NOTHING), (TRIP, SAME)):
        assert "same_rows_none" not in [each.code for each in preview(desk, *rows, said=said).notices]
    timed = mapping_of({**COLUMNS, "case_number": "Case"}, {"operator_id": "mara", "timestamp": LATER})
    source = table(*other, mapping=timed, at="")
    assert [each.code for each in tables_told_before.batch_of(desk.workplace, source, SAME).notices][-1:] == [
        "same_rows_none"
    ]


def test_rows_that_are_known_by_themselves_are_settled(desk: Desk) -> None:
    """With the time of then nothing is asked, and the answer that goes with it is no answer to nothing."""
    commit(desk, *TRIP)
    plan = preview(desk, *TRIP, at=FIRST, said=SAME)
    assert plan.already_committed
    assert "same_rows_none" not in [each.code for each in plan.notices]


def test_rows_beyond_those_with_a_trace_are_known_by_their_cells(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """One changed row before or behind makes no other row unknown; what the mapping says tells none apart."""
    for module in (scan_traces, table_reading, tables_told_before):
        monkeypatch.setattr(module, "TRACED_MAX", 3)
    rows = [f"LT-{each},SCAN,,," for each in range(1, 8)]
    commit(desk, *rows, rows[6])
    other = mapping_of({**COLUMNS, "case_number": "Case"}, {"operator_id": "ben"})
    now = [rows[0], rows[5], "LT-98,SCAN,,,", rows[2], "LT-99,SCAN,,,", rows[6], rows[4], rows[3], rows[6], rows[6]]
    assert "has 7 rows of what was committed before" in preview(desk, *now, mapping=other).problems[0].message
    assert commit(desk, *now, at=LATER, said=SAME, mapping=other).committed == 3
    assert rows_of(desk) == {f"LT-{each}": 1 for each in (1, 2, 3, 4, 5, 6, 98, 99)} | {"LT-7": 3}


def test_a_row_without_a_trace_that_says_something_else_is_a_new_one(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As the same rows those that are so stay what they were, and the one that was changed is taken."""
    for module in (scan_traces, table_reading, tables_told_before):
        monkeypatch.setattr(module, "TRACED_MAX", 1)
    noted = mapping_of({"asset_tag": "Tag", "serial_number": "Who"}, {"event_type": "SCAN", "operator_id": "mara"})
    commit(desk, "LT-1,,S1,,", "LT-2,,S2,,", "LT-3,,S3,,", mapping=noted)
    now = ("LT-1,,S1,,", "LT-2,,S20,,", "LT-3,,S3,,")
    assert "has 2 rows of" in preview(desk, *now, mapping=noted).problems[0].message
    assert commit(desk, *now, at=LATER, said=SAME, mapping=noted).committed == 1


def test_rows_without_a_trace_are_known_where_none_with_one_is_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off from the rows before them, they are still asked about."""
    for module in (scan_traces, table_reading, tables_told_before):
        monkeypatch.setattr(module, "TRACED_MAX", 1)
    rows = [f"LT-{each},SCAN,,," for each in range(1, 4)]
    commit(desk, *rows)
    assert "has 2 rows of" in preview(desk, *rows[1:]).problems[0].message
    assert asked(preview(desk, "LT-9,SCAN,,,")) == []


def test_a_table_that_was_sorted_in_between_is_known_as_a_whole(desk: Desk) -> None:
    """All rows of an earlier one are there, in whatever order."""
    rows = [f"LT-{number},SCAN,,," for number in range(1, 5)]
    commit(desk, *rows[1:])
    assert asked(preview(desk, *reversed(rows))) == ["table_told_before"]
    assert commit(desk, *reversed(rows), at=LATER, said=SAME).committed == 1
    assert rows_of(desk) == {f"LT-{number}": 1 for number in range(1, 5)}


def test_what_the_mapping_says_of_each_row_makes_no_other_table(desk: Desk) -> None:
    """Another operator, or one column more: as the same rows they stay what they were."""
    commit(desk, *TRIP)
    other = mapping_of({**COLUMNS, "case_number": "Case"}, {"operator_id": "ben"})
    assert asked(preview(desk, *TRIP, mapping=other)) == ["table_told_before"]
    assert asked(preview(desk, *TRIP, mapping=other, at=FIRST)) == ["table_told_before"]
    assert preview(desk, *TRIP, mapping=other, said=SAME).already_committed
    fewer = mapping_of({"asset_tag": "Tag"}, {"event_type": "SCAN", "operator_id": "mara"})
    assert preview(desk, *TRIP, mapping=fewer, said=SAME).already_committed


def test_a_single_row_is_known_wherever_it_stands(desk: Desk) -> None:
    """A row of an earlier table in the middle of another would be recorded twice in silence: it is asked about."""
    commit(desk, *TRIP)
    plan = preview(desk, "LT-2,SCAN,,,", TRIP[1], "LT-3,SCAN,,,")
    assert asked(plan) == ["table_told_before"]
    assert "1 row of what was committed before, as batch 1, such as row 2," in plan.problems[0].message


def test_other_rows_are_not_asked_about(desk: Desk) -> None:
    """No row of now is one of then."""
    commit(desk, *TRIP)
    assert asked(preview(desk, "LT-2,SCAN,,,", "LT-3,SCAN,,,")) == []


def test_the_very_file_is_asked_about_whatever_says_its_times(desk: Desk) -> None:
    """The same bytes are the same rows, though now the mapping says when they took place, or nothing did then."""
    commit(desk, *TRIP)
    said = mapping_of({**COLUMNS, "case_number": "Case"}, {"operator_id": "mara", "timestamp": LATER})
    assert asked(preview(desk, *TRIP, mapping=said, at="")) == ["table_told_before"]
    assert preview(desk, *TRIP, mapping=said, at="", said=SAME).already_committed


def test_another_sheet_or_column_of_the_same_file_is_another_table(desk: Desk) -> None:
    """Rows in the same place of the same file are the same only if they are of one sheet and of one asset."""
    commit(desk, *TRIP)
    other = mapping_of({"asset_tag": "What"}, {"event_type": "SCAN", "operator_id": "mara"})
    assert asked(preview(desk, *TRIP, mapping=other)) == []
    fewer = mapping_of({"asset_tag": "Tag"}, {"event_type": "SCAN", "operator_id": "mara"})
    source = table(*TRIP, mapping=fewer, at=LATER)
    assert len(tables_told_before.batch_of(desk.workplace, source, NOTHING).problems) == 1
    source.sheet = "Returns"
    assert tables_told_before.batch_of(desk.workplace, source, NOTHING).problems == []


def test_what_was_committed_between_check_and_commit_is_asked_about(desk: Desk) -> None:
    """The table is judged under the write lock, by what the log has then."""
    batch = batch_of(desk, *TRIP, at=LATER)
    options = tables_told_before.with_reading(LAPTOP, batch)
    commit(desk, *TRIP)
    with pytest.raises(errors.BatchHasProblems) as stopped:
        scan_files.commit_file(desk.workplace, batch, "own.csv", options, confirm=None)
    assert [each.code for each in stopped.value.problems] == ["table_told_before"]
    assert rows_of(desk) == {"LT-1": 3}


def test_a_code_that_was_shown_commits_what_was_shown(desk: Desk) -> None:
    """Preview and commit with its code, with the answer."""
    commit(desk, *TRIP)
    more = [*TRIP, "LT-9,SCAN,,,"]
    code = preview(desk, *more, said=SAME).confirm_code
    batch = batch_of(desk, *more, at=LATER, said=SAME)
    options = tables_told_before.with_reading(LAPTOP, batch)
    assert scan_files.commit_file(desk.workplace, batch, "own.csv", options, confirm=code).committed == 1


@pytest.mark.parametrize("said", [SAME, ANEW])
def test_an_answer_to_what_is_asked_only_since_is_none(desk: Desk, said: Answers) -> None:
    """Whoever answered before anything was asked has not seen the question: nothing is saved."""
    batch = batch_of(desk, *TRIP, at=LATER, said=said)
    options = tables_told_before.with_reading(LAPTOP, batch)
    commit(desk, *TRIP)
    with pytest.raises(download_errors.FileMoved):
        scan_files.commit_file(desk.workplace, batch, "own.csv", options, confirm=None)
    assert rows_of(desk) == {"LT-1": 3}


def test_rows_that_an_earlier_table_alone_has_are_not_asked_about(desk: Desk) -> None:
    """Both begin with the same three rows; the fourth of then is none of those of now, and the other way round."""
    same = [f"LT-{number},SCAN,,," for number in range(1, 4)]
    commit(desk, *same, "LT-4,SCAN,,,")
    plan = preview(desk, *same, "LT-5,SCAN,,,")
    assert asked(plan) == ["table_told_before"]
    assert "3 rows of what was committed before, as batch 1, such as row 1," in plan.problems[0].message
    assert commit(desk, *same, "LT-5,SCAN,,,", at=LATER, said=SAME).committed == 1


def test_a_row_that_can_not_be_read_now_keeps_no_other_from_being_asked_about(desk: Desk) -> None:
    """It is a problem of its own, and no other row than then; the two beside it would be."""
    rows = ("LT-1,SCAN,,,", "LT-2,LOOKED AT,,,", "LT-3,SCAN,,,")
    commit(desk, *rows, mapping=mapping_of({"asset_tag": "Tag"}, {"event_type": "SCAN", "operator_id": "mara"}))
    plan = preview(desk, *rows)
    (question,) = [each.message for each in plan.problems if each.code == "table_told_before"]
    assert "2 rows of what was committed before, as batch 1, such as row 1," in question
    assert {each.row_number for each in plan.problems if each.code != "table_told_before"} == {2}


def test_a_batch_file_that_is_called_table_is_none(desk: Desk) -> None:
    """What a batch was made of is told by how it was read, and by no name of a file."""
    intake.commit(desk.workplace, read(row("A1")), "table", LAPTOP, confirm=None)
    commit(desk, *TRIP)
    assert "committed before, as batch 2, such as row 1," in preview(desk, *TRIP).problems[0].message


@pytest.mark.parametrize(
    ("forged", "said"),
    [
        ((b'"event_type":"SCAN"', b'"event_type":"NONE"'), "entry {seq} of the log can't be read"),
        ((b":00.000000Z", b":00Z"), "entry {seq} of the log can't be read .its time is not in the form"),
        (None, "entry {seq} of the log is not what it should be"),
    ],
)
def test_a_damaged_row_of_then_is_compared_with_nothing(
    desk: Desk, forged: tuple[bytes, bytes] | None, said: str
) -> None:
    """An entry that can't be read, that tells a time in another form, or that is no row: the database is damaged."""
    commit(desk, *TRIP)
    seq = desk.log_size - 2  # the first of three rows
    insider = Insider(desk, [])
    body = insider.body(seq)
    insider.write_body(seq, insider.body(1) if forged is None else body.replace(*forged))
    assert insider.body(seq) != body
    with pytest.raises(station_errors.DatabaseDamaged, match=said.format(seq=seq)):
        batch_of(desk, *TRIP, at=LATER)
    insider.close()


def test_a_batch_that_says_something_else_is_not_passed_over(desk: Desk) -> None:
    """Where an entry of another kind stands in the place of a batch, nobody can tell what was recorded of a table."""
    commit(desk, *TRIP)
    seq = desk.log_size - 3
    insider = Insider(desk, [])
    insider.write_body(seq, insider.body(3).replace(b'"Jane Smith"', b'"table"'))
    with pytest.raises(station_errors.DatabaseDamaged, match=f"entry {seq} of the log is not what it should be"):
        batch_of(desk, *TRIP, at=LATER)
    insider.close()
