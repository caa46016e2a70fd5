"""Tables whose rows take the time that is said, read by mappings with other columns: never recorded in silence."""

from collections import Counter

import msgspec
import pytest

from assettrack.domain.column_mapping import ColumnMapping, mapping_of
from assettrack.domain.plans import Options, Plan
from assettrack.domain.scan_answers import Answers
from assettrack.formats import spreadsheet
from assettrack.services import intake, scan_files, tables_told_before, verification
from assettrack.services.intake import CommitReceipt
from assettrack.services.tables_told_before import TableBatch
from tests.services.desk import Desk

LAPTOP = Options({"equipment_type": "laptop"})
FIRST, LATER = "2026-02-16T09:00", "2026-02-17T09:00"
NOTHING, SAME = Answers(), Answers(same_scans=True)
MARA, BEN = ({"event_type": "SCAN", "operator_id": operator} for operator in ("mara", "ben"))
TAGS = mapping_of({"asset_tag": "Tag"}, MARA)
NOTED = mapping_of({"asset_tag": "Tag", "notes": "Note"}, MARA)
BY_BEN = mapping_of({"asset_tag": "Tag", "notes": "Note", "serial_number": "Slot"}, BEN)
SHELF = ("LT-1,red,,S1", "LT-2,red,,S2", "LT-2,blue,,S3")


def batch_of(desk: Desk, rows: tuple[str, ...], at: str, said: Answers, mapping: ColumnMapping) -> TableBatch:
    """Return the batch of a table of these rows."""
    content = "\n".join(["Tag,Note,Case,Slot", *rows]).encode()
    return tables_told_before.batch_of(desk.workplace, spreadsheet.read_mapped(content, mapping, "own", at=at), said)


def commit(desk: Desk, *rows: str, mapping: ColumnMapping, at: str = FIRST, said: Answers = NOTHING) -> CommitReceipt:
    """Commit a table."""
    batch = batch_of(desk, rows, at, said, mapping)
    options = tables_told_before.with_reading(LAPTOP, batch)
    return scan_files.commit_file(desk.workplace, batch, "own.csv", options, confirm=None)


def preview(desk: Desk, *rows: str, mapping: ColumnMapping, at: str = LATER, said: Answers = NOTHING) -> Plan:
    """Preview a table."""
    batch = batch_of(desk, rows, at, said, mapping)
    return scan_files.preview_file(desk.workplace, batch, tables_told_before.with_reading(LAPTOP, batch))


def asked(plan: Plan) -> list[str]:
    """Return the codes of what stops a batch."""
    return [each.code for each in (*plan.problems, *plan.refusals)]


def rows_of(desk: Desk) -> Counter[str]:
    """Return how many rows each asset has in the log."""
    entries = [msgspec.json.decode(body) for body in desk.entries()]
    return Counter(each["asset_tag"] for each in entries if "row_number" in each)


@pytest.mark.parametrize(("then", "now"), [(TAGS, NOTED), (NOTED, TAGS), (NOTED, BY_BEN), (BY_BEN, TAGS)])
@pytest.mark.parametrize("at", [FIRST, LATER])
def test_a_table_that_grew_is_asked_about_by_a_mapping_with_other_columns(
    desk: Desk, then: ColumnMapping, now: ColumnMapping, at: str
) -> None:
    """With the same time or another: a row is known by its asset and what both mappings read, wherever it stands."""
    commit(desk, *SHELF, mapping=then)
    grown = ["LT-9,red,,S9", *reversed(SHELF)]
    plan = preview(desk, *grown, at=at, mapping=now)
    assert asked(plan) == ["table_told_before"]
    assert "has 3 rows of what was committed before, as batch 1, such as row 2," in plan.problems[0].message
    assert commit(desk, *grown, at=at, said=SAME, mapping=now).committed == 1
    assert rows_of(desk) == {"LT-1": 1, "LT-2": 2, "LT-9": 1}
    assert preview(desk, *grown, at=at, said=SAME, mapping=now).already_committed
    assert verification.verify(desk.workplace, [], None).ok


def test_a_row_that_says_something_else_in_what_both_mappings_read_is_a_new_one(desk: Desk) -> None:
    """A note or a place of then that is another now: and one that only one of them read counts for nothing."""
    commit(desk, *SHELF, mapping=NOTED)
    assert "has 1 row of" in preview(desk, "LT-1,red,,S7", "LT-2,green,,S2", mapping=BY_BEN).problems[0].message
    place = {"asset_tag": "Tag", "case_number": "Case", "slot_number": "Slot"}
    placed = mapping_of(place, MARA)
    commit(desk, "LT-6,red,,", mapping=placed)
    noted = mapping_of({**place, "notes": "Note"}, MARA)
    assert "table_told_before" not in asked(preview(desk, "LT-6,red,OUT,OUT", mapping=noted))
    assert asked(preview(desk, "LT-6,red,,", mapping=noted)) == ["table_told_before"]


def test_rows_that_another_mapping_makes_the_same_are_known_by_themselves(desk: Desk) -> None:
    """What the other one read beside is blank: that very row comes before one of the same asset that says more."""
    rows = ("LT-1,red,,", "LT-1,,,")
    commit(desk, *rows, mapping=NOTED)
    plan = preview(desk, *rows[1:], at=FIRST, mapping=TAGS)
    assert (asked(plan), plan.already_committed) == ([], True)
    assert asked(preview(desk, *rows, at=FIRST, mapping=BY_BEN)) == ["table_told_before"]


def test_what_an_older_program_committed_without_its_columns_is_known_by_its_traces(desk: Desk) -> None:
    """Which columns both mappings read, nobody can tell then."""
    batch = batch_of(desk, SHELF, FIRST, NOTHING, NOTED)
    options = tables_told_before.with_reading(LAPTOP, batch)
    assert options.table is not None
    assert options.table.columns == ("asset_tag", "notes")
    older = msgspec.structs.replace(options, table=msgspec.structs.replace(options.table, columns=()))
    intake.commit(desk.workplace, batch, "own.csv", older, confirm=None)
    assert "has 3 rows of" in preview(desk, *SHELF, "LT-9,,,", mapping=NOTED).problems[0].message
    assert asked(preview(desk, *SHELF, "LT-9,,,", mapping=TAGS)) == []
