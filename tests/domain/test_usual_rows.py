"""The quick way through validation reads exactly what the cell-by-cell way reads, or gives the block up."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain.findings import Finding, finding
from assettrack.domain.scans import BLOCK_ROWS, COLUMNS, BadRow, Scan
from assettrack.domain.usual_rows import UsualRows
from assettrack.domain.validation import Validator

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Row = Sequence[str] | Finding

USUAL = {
    "asset_tag": ["A1", "B-2", "007", "X" * 30],
    "timestamp": ["2026-02-02T13:00:00Z", "2026-02-02 13:00:01Z", "2026-03-01T12:05:00Z"],
    "event_type": ["SCAN", "scan", "Scan", "ISSUE", "return", "UPDATE", "RETIRE"],
    "operator_id": ["gcurl", "Jürgen"],
    "issued_to_name": ["", "Ann Lee", "Zoë"],
    "case_number": ["CASE-01", "case-01", "OUT", ""],
    "slot_number": ["1", "07", "SLOT-500", "OUT", ""],
    "notes": ["", "fine", "née"],
}
UNUSUAL = {
    "asset_tag": ["", "OUT", "a1", " A1 ", "=1+1", "\u0410-1", "X" * 31, "A1\n"],
    "timestamp": ["", "2026-02-02", "2026-02-02T13:00Z", "2026-02-02T13:00:00+01:00", "2026-02-02T13:00:00",
                  "1999-12-31T23:59:59Z", "2026-03-01T12:05:01Z", "2026-02-30T13:00:00Z", "2026-02-02T24:00:00Z"],
    "event_type": ["", "sCaN", "\u017fcan", "sale"],
    "operator_id": ["", " ", "x" * 64, "x" * 65, "tab\there"],
    "issued_to_name": ["Ann  Lee", "Zoe\u0308", " Ann Lee", "\u200b", "x\u0301"],
    "case_number": ["out", "OuT", "CASE\u2010 1", "-", "X" * 31, "\u212aA"],
    "slot_number": ["0", "501", "\u0663", "slot-7", "out", "1.0"],
    "notes": ["two\nlines", "a\ttab", " spaced ", "x" * 4097, "e\u0301", "\u0301", "\u202e"],
}  # fmt: skip


def cells(values: dict[str, list[str]]) -> st.SearchStrategy[dict[str, str]]:
    """Return rows made of these values; descriptive cells are mostly blank."""
    details = {name: ["", "", "laptop"] for name in COLUMNS if name not in values}
    return st.fixed_dictionaries({name: st.sampled_from((values | details)[name]) for name in COLUMNS})


usual_row = cells(USUAL)
any_row = cells({name: [*USUAL[name], *UNUSUAL[name]] for name in USUAL})
ragged = st.just(finding("row_ragged", 1, cells=3, columns=14, line=2))


def judged(rows: Sequence[Row]) -> tuple[list[Scan | BadRow], list[Finding], list[Finding]]:
    """Return everything that validation has to say about a file's rows."""
    validator = Validator(ZoneInfo("Europe/Berlin"), NOW)
    return list(validator.scans(rows)), validator.problems, validator.notices


def judged_each(rows: Sequence[Row]) -> tuple[list[Scan | BadRow], list[Finding], list[Finding]]:
    """Return the same with the quick way closed."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(UsualRows, "scans", lambda *_: None)
        return judged(rows)


@settings(max_examples=300)
@given(
    st.lists(usual_row | usual_row | usual_row | any_row, max_size=6).map(
        lambda rows: [tuple(r.values()) for r in rows]
    )
)
def test_both_ways_read_the_same(rows: list[tuple[str, ...]]) -> None:
    """Scans, identities, problems and notices are those of the cell-by-cell way, whatever is in the cells."""
    assert judged(rows) == judged_each(rows)


@given(st.lists(any_row.map(lambda row: tuple(row.values())) | ragged, max_size=4))
def test_rows_that_could_not_be_read_close_the_quick_way(rows: list[Row]) -> None:
    """A block with a row that the file did not give closes the quick way, and nothing is lost."""
    assert judged(rows) == judged_each(rows)


def test_the_quick_way_is_taken() -> None:
    """A block of plain rows is read the quick way: a reader that only ever gave up would cost time for nothing."""
    row = ("A1", "2026-02-02T13:00:00Z", "scan", "gcurl", "", "CASE-01", "7", *[""] * 7)
    reader = Validator(UTC, NOW)._usual  # noqa: SLF001 - whether the way was taken shows nowhere else

    scans = reader.scans(5, [row])

    assert scans is not None
    assert [scan.row_number for scan in scans] == [5]


@pytest.mark.parametrize("column", UNUSUAL)
def test_an_unusual_cell_closes_the_quick_way_for_its_block_only(column: str) -> None:
    """A block before and one after an unusual row are read alike, and numbered on."""
    plain = ["A1", "2026-02-02T13:00:00Z", "scan", "gcurl", "", "CASE-01", "7", *[""] * 7]
    for cell in UNUSUAL[column]:
        odd = [cell if name == column else value for name, value in zip(COLUMNS, plain, strict=True)]
        rows = [[f"A{number}", *plain[1:]] for number in range(3 * BLOCK_ROWS)]
        rows[BLOCK_ROWS + 5] = odd

        assert judged(rows) == judged_each(rows)


def test_rows_that_repeat_are_counted_over_both_ways() -> None:
    """Identical rows get ordinals 1, 2, 3 in file order, in whichever block they stand."""
    plain = ["A1", "2026-02-02T13:00:00Z", "scan", "gcurl", "", "CASE-01", "7", *[""] * 7]
    filler = [[f"F{number}", *plain[1:]] for number in range(BLOCK_ROWS)]
    rows = [plain, *filler, plain, *filler[1:], plain]

    scans = [scan for scan in judged(rows)[0] if isinstance(scan, Scan) and scan.asset_tag == "A1"]

    assert [scan.ordinal for scan in scans] == [1, 2, 3]
    assert judged(rows) == judged_each(rows)
