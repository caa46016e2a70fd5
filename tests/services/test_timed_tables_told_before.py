"""Tables that tell when each row took place: read again, by whatever mapping, they are never recorded in silence."""

from collections import Counter

import msgspec
import pytest

from assettrack.domain import scan_traces, table_reading
from assettrack.domain.column_mapping import ColumnMapping, mapping_of
from assettrack.domain.plans import Options, Plan
from assettrack.domain.scan_answers import Answers
from assettrack.formats import scan_csv, spreadsheet
from assettrack.services import intake, scan_files, tables_told_before, verification
from assettrack.services.intake import CommitReceipt
from tests.services.desk import Desk

NOTHING, SAME, ANEW = Answers(), Answers(same_scans=True), Answers(scanned_anew=True)
LAPTOP = Options({"equipment_type": "laptop"})
TIMED = {"asset_tag": "Tag", "timestamp": "When", "event_type": "What"}
KIM = {"operator_id": "kim"}
PLAIN = mapping_of(TIMED, KIM)
WITH_MODEL = mapping_of({**TIMED, "model": "Model"}, KIM)
BY_BEN = mapping_of({**TIMED, "model": "Model"}, {"operator_id": "ben"})
ROWS = (
    "LT-1,2026-02-16T09:00:07Z,SCAN,T14",
    "LT-2,2026-02-16T09:00:31Z,SCAN,T14",
    "LT-1,2026-02-16T09:05:00Z,SCAN,T14",
)
ASKED = ["table_told_before"]


def taken(
    desk: Desk, rows: tuple[str, ...], mapping: ColumnMapping, said: Answers, at: str = ""
) -> tuple[tables_told_before.TableBatch, Options]:
    """Return the batch of a table of these rows, and how it is taken."""
    content = "\n".join(["Tag,When,What,Model", *rows]).encode()
    source = spreadsheet.read_mapped(content, mapping, "own", at=at)
    batch = tables_told_before.batch_of(desk.workplace, source, said)
    return batch, tables_told_before.with_reading(LAPTOP, batch)


def commit(
    desk: Desk, rows: tuple[str, ...], mapping: ColumnMapping, said: Answers = NOTHING, at: str = ""
) -> CommitReceipt:
    """Commit a table."""
    batch, options = taken(desk, rows, mapping, said, at)
    return scan_files.commit_file(desk.workplace, batch, "own.csv", options, confirm=None)


def preview(desk: Desk, rows: tuple[str, ...], mapping: ColumnMapping, said: Answers = NOTHING, at: str = "") -> Plan:
    """Preview a table."""
    batch, options = taken(desk, rows, mapping, said, at)
    return scan_files.preview_file(desk.workplace, batch, options)


def asked(plan: Plan) -> list[str]:
    """Return the codes of what stops a batch."""
    return [each.code for each in (*plan.problems, *plan.refusals)]


def rows_of(desk: Desk) -> Counter[str]:
    """Return how many rows each asset has in the log."""
    entries = [msgspec.json.decode(body) for body in desk.entries()]
    return Counter(each["asset_tag"] for each in entries if "row_number" in each)


@pytest.mark.parametrize(("then", "now"), [(PLAIN, WITH_MODEL), (WITH_MODEL, PLAIN), (WITH_MODEL, BY_BEN)])
@pytest.mark.parametrize("more", [(), ("LT-3,2026-02-17T09:00:00Z,SCAN,T14",)])
def test_rows_that_another_mapping_makes_others_are_asked_about(
    desk: Desk, then: ColumnMapping, now: ColumnMapping, more: tuple[str, ...]
) -> None:
    """In the very same file, and in one that was sorted and grew: as the same ones none is recorded twice."""
    commit(desk, ROWS, then)
    later = (*more, *reversed(ROWS)) if more else ROWS
    plan = preview(desk, later, now)
    assert asked(plan) == ASKED
    assert "has 3 rows of what was committed before, as batch 1," in plan.problems[0].message
    receipt = commit(desk, later, now, SAME)
    assert (receipt.committed, receipt.already_committed) == (len(more), not more)
    assert rows_of(desk) == {"LT-1": 2, "LT-2": 1} | ({"LT-3": 1} if more else {})
    assert verification.verify(desk.workplace, [], None).ok
    if not more:
        assert commit(desk, later, now, ANEW).committed == len(ROWS)


def test_rows_that_come_out_the_same_are_known_by_themselves(desk: Desk) -> None:
    """Nothing is asked about them, in whatever zone their times are told."""
    commit(desk, ROWS, PLAIN)
    assert preview(desk, ROWS, PLAIN).already_committed
    grown = (*(row.replace("09:0", "10:0").replace("Z,", "+01:00,") for row in ROWS), "LT-3,2026-02-17T09:00Z,SCAN,T14")
    assert asked(preview(desk, grown, PLAIN)) == ["already_recorded"] * 3


@pytest.mark.parametrize(
    "later",
    [
        tuple(row.replace("-16T", "-17T") for row in ROWS),  # a day later
        tuple(row.replace("T09:0", "T09:1") for row in ROWS),  # and ten minutes
        ("LT-1,2026-02-16T09:00:08Z,SCAN,T14",),  # the next second, which both tell
        ("LT-2,2026-02-16T09:05:00Z,SCAN,T14",),  # another asset
    ],
)
def test_the_same_assets_at_other_times_are_not_asked_about(desk: Desk, later: tuple[str, ...]) -> None:
    """That is other work, by whatever mapping it is read."""
    commit(desk, ROWS, PLAIN)
    assert asked(preview(desk, later, WITH_MODEL)) == []


@pytest.mark.parametrize("is_cut_now", [True, False])
def test_a_row_without_seconds_is_known_by_its_minute(desk: Desk, *, is_cut_now: bool) -> None:
    """A spreadsheet leaves them off as it writes the table anew."""
    cut = tuple(row.replace(":07Z", "Z").replace(":31Z", "Z").replace(":05:00Z", ":05Z") for row in ROWS)
    commit(desk, ROWS if is_cut_now else cut, PLAIN)
    now = (*(cut if is_cut_now else ROWS), "LT-3,2026-02-17T09:00:00Z,SCAN,T14")
    assert asked(preview(desk, now, PLAIN))[:1] == ASKED
    assert commit(desk, now, PLAIN, SAME).committed == 1


def test_two_deeds_of_one_minute_are_each_known_as_what_they_were(desk: Desk) -> None:
    """In whatever order they stand, and one of them alone: the very row comes before one of the same time."""
    first = ("LT-1,2026-02-16T08:00Z,SCAN,T14",)
    two = ("LT-1,2026-02-16T09:00Z,SCAN,T14", "LT-1,2026-02-16T09:00Z,UPDATE,T15")
    commit(desk, (*first, *two), WITH_MODEL)
    assert asked(preview(desk, (two[1], two[0], first[0]), WITH_MODEL)) == []
    assert preview(desk, two[1:], WITH_MODEL).already_committed


def test_a_row_that_is_there_more_often_than_it_was_recorded_is_new_so_often(desk: Desk) -> None:
    """Each of then is one of now, and where it was recorded again, both are that one."""
    commit(desk, ROWS[:1], PLAIN)
    twice = (ROWS[0], ROWS[0])
    assert commit(desk, twice, WITH_MODEL, SAME).committed == 1
    assert "has 2 rows of" in preview(desk, twice, BY_BEN).problems[0].message
    assert preview(desk, ROWS[:1], BY_BEN, SAME).already_committed


def test_rows_beyond_those_with_a_trace_are_known_by_their_times(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where they can't be told before, the rows of then are looked at."""
    for module in (scan_traces, table_reading):
        monkeypatch.setattr(module, "TRACED_MAX", 1)
    commit(desk, ROWS, PLAIN)
    assert "has 2 rows of" in preview(desk, ROWS[1:], WITH_MODEL).problems[0].message
    untimed = mapping_of({"asset_tag": "Tag", "event_type": "What"}, KIM)
    assert asked(preview(desk, ROWS[1:], untimed, at="2026-02-18T09:00Z")) == []
    assert asked(preview(desk, ROWS, untimed, at="2026-02-18T09:00Z")) == ASKED  # the very file


UNTIMED = mapping_of({"asset_tag": "Tag", "event_type": "What"}, KIM)
AT_FOUR = mapping_of({"asset_tag": "Tag", "event_type": "What"}, {**KIM, "timestamp": "2026-02-16T16:00Z"})
NOON = "2026-02-16T12:00Z"
GROWN = (*ROWS, "LT-3,2026-02-17T09:00:00Z,SCAN,T14")


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ((PLAIN, ""), (UNTIMED, NOON)),
        ((UNTIMED, NOON), (PLAIN, "")),
        ((AT_FOUR, ""), (WITH_MODEL, "")),
        ((WITH_MODEL, ""), (AT_FOUR, "")),
    ],
)
def test_a_table_that_grew_is_asked_about_where_its_times_were_told_and_are_said(
    desk: Desk, then: tuple[ColumnMapping, str], now: tuple[ColumnMapping, str]
) -> None:
    """Be they said at the desk or by the mapping, then or now: its rows are known by their assets and their order."""
    commit(desk, ROWS, then[0], at=then[1])
    plan = preview(desk, GROWN, now[0], at=now[1])
    assert asked(plan) == ASKED
    assert "has 3 rows of what was committed before, as batch 1, such as row 1," in plan.problems[0].message
    anew = preview(desk, GROWN, now[0], ANEW, at=now[1])
    assert (asked(anew), anew.rows) == ([], 4)
    assert commit(desk, GROWN, now[0], SAME, at=now[1]).committed == 1
    assert rows_of(desk) == {"LT-1": 2, "LT-2": 1, "LT-3": 1}
    assert preview(desk, GROWN, now[0], SAME, at=now[1]).already_committed
    assert verification.verify(desk.workplace, [], None).ok


def test_a_table_that_grew_day_by_day_is_known_whole_where_its_times_are_said_now(desk: Desk) -> None:
    """Each batch has what was new then, and one or two rows alone would be known nowhere but at first."""
    for count in range(1, 5):
        commit(desk, GROWN[:count], PLAIN, SAME)
    again = ("LT-1,2026-02-16T09:00:07Z,SCAN,T14", *GROWN[1:])
    assert "has 4 rows of" in preview(desk, (*again, "LT-8,,SCAN,"), UNTIMED, at=NOON).problems[0].message
    commit(desk, ROWS[1:2], BY_BEN, ANEW)
    assert "has 4 rows of" in preview(desk, (*again, "LT-8,,SCAN,"), UNTIMED, at=NOON).problems[0].message


@pytest.mark.parametrize(
    "later",
    [
        ("LT-3,,SCAN,", "LT-4,,SCAN,"),  # other assets
        ("LT-9,,SCAN,", "LT-2,,SCAN,", "LT-1,,SCAN,"),  # two of them, behind another
        ("LT-2,,SCAN,", "LT-9,,SCAN,", "LT-1,,SCAN,"),  # or parted
    ],
)
def test_other_work_on_the_same_assets_is_not_asked_about_where_times_are_said_now(
    desk: Desk, later: tuple[str, ...]
) -> None:
    """Without times on both sides, a few assets in another order are no sign of the same rows."""
    commit(desk, ROWS, PLAIN)
    assert asked(preview(desk, later, UNTIMED, at=NOON)) == []


def test_a_row_that_can_not_be_read_keeps_no_other_from_being_asked_about(desk: Desk) -> None:
    """It is a problem of its own, now as then."""
    commit(desk, ROWS, PLAIN)
    plan = preview(desk, ("LT-9,yesterday,SCAN,T14", *ROWS), WITH_MODEL)
    assert "has 3 rows of" in next(each.message for each in plan.problems if each.code in ASKED)


def test_of_a_table_that_a_mapping_does_not_fit_nothing_is_kept(desk: Desk) -> None:
    """It has no rows to be known by."""
    batch, options = taken(desk, ROWS, mapping_of({**TIMED, "serial_number": "Serial"}, KIM), SAME)
    assert [each.code for each in batch.problems] == ["mapping_column_missing"]
    assert options == LAPTOP


def test_the_bytes_of_a_batch_file_that_a_mapping_reads_are_asked_about(desk: Desk) -> None:
    """What was committed as it stands, or by a program that said nothing of tables, is known by its bytes."""
    content = b"asset_tag,timestamp,event_type,operator_id,Kind\nLT-1,2026-02-16T09:00Z,SCAN,kim,laptop\n"
    intake.commit(desk.workplace, scan_csv.parse(content), "own.csv", LAPTOP, confirm=None)
    columns = {each: each for each in ("asset_tag", "timestamp", "event_type", "operator_id")}
    source = spreadsheet.read_mapped(content, mapping_of({**columns, "equipment_type": "Kind"}, {}), "own")
    assert [each.code for each in tables_told_before.batch_of(desk.workplace, source, NOTHING).problems] == ASKED
    source = spreadsheet.read_mapped(content, mapping_of(columns, {}), "own")
    assert tables_told_before.batch_of(desk.workplace, source, NOTHING).problems == []
