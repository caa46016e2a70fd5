"""Rows written as a batch are read as the same rows."""

from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.findings import Finding
from assettrack.domain.scans import COLUMNS
from assettrack.domain.validation import Cells
from assettrack.formats import scan_csv
from assettrack.formats.batch_rows import batch_bytes

TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=8)


def row(**cells: str) -> list[str]:
    """The cells of a row."""
    return [cells.get(name, "") for name in COLUMNS]


def test_optional_columns_that_are_blank_are_left_out() -> None:
    """Those that the contract requires are always there."""
    rows = [row(asset_tag="A", event_type="UPDATE", notes="a,b"), row(asset_tag="B", slot_number="2")]
    assert batch_bytes(rows).decode() == (
        "asset_tag,timestamp,event_type,operator_id,slot_number,notes\n"
        'A,,UPDATE,,,"a,b"\n'
        "B,,,,2,\n"
    )  # fmt: skip


@given(st.lists(st.lists(TEXTS, min_size=len(COLUMNS), max_size=len(COLUMNS)), min_size=1))
def test_what_is_written_is_read(texts: list[list[str]]) -> None:
    """Whatever the cells hold, they come back as they were."""
    rows: list[Cells | Finding] = [("T", *cells[1:]) for cells in texts]
    read = scan_csv.parse(batch_bytes([["T", *cells[1:]] for cells in texts]))
    assert read.problems == ()
    assert list(read.rows()) == rows
