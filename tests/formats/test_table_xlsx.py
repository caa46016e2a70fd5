"""Tables as workbooks, read back by another implementation than the one that wrote them."""

import io
import re
import tempfile
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from assettrack.domain import errors
from assettrack.domain.tables import Column, Table, Value
from assettrack.formats import table_xlsx
from assettrack.formats.table_xlsx import ROWS_MAX, xlsx_bytes
from assettrack.formats.tables import harmless, restored
from tests.formats.test_tables import texts, would_run
from tests.trial_table import ROWS, trial_table

HEAD = 4
"""The row of the headings, counted from 0: above are the title, two lines of subtitle and a blank row."""


def read(data: bytes) -> list[list[object]]:
    """The sheet's rows."""
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names == ["Report"]
    return [list(row) for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False)]


def part(data: bytes, name: str) -> str:
    """One file of the workbook."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return book.read(name).decode()


def local(text: str) -> datetime:
    """What a sheet says of a time: the zone stands in the heading."""
    return datetime.fromisoformat(text)


def texts_only(*rows: str) -> Table:
    """A table of one column of texts."""
    return Table("Trial", (Column("a", "A"),), [(row,) for row in rows], UTC)


def test_everything_stands_in_its_place() -> None:
    """Title and subtitle, a blank row, headings with the zone, values as what they are, a blank row, footnotes."""
    assert read(xlsx_bytes(trial_table())) == [
        ["Custody now", "", "", "", ""],
        ["As of 2026-03-02 10:30:00, Europe/Berlin", "", "", "", ""],
        ["'+ all organisations", "", "", "", ""],
        ["", "", "", "", ""],
        ["Asset", "Holder", "Since (Europe/Berlin)", "Due", "Days"],
        ["000123", "Zoë Petrović", local("2026-03-01 13:00:00"), date(2026, 3, 31), 30],
        ["LT-2", '\'=HYPERLINK("x")', local("2026-07-01 14:34:56"), "", -5],
        ["LT-3", "", "", date(2026, 12, 24), ""],
        ["LT-4", 'comma, "quote"\nnew line', local("2026-10-25 02:30:00"), "", 0],
        ["LT-5", "", local("2026-10-25 02:30:00"), "", "10000000000000000"],
        ["", "", "", "", ""],
        ["5 assets", "", "", "", ""],
        ["'@ the end", "", "", "", ""],
    ]


def test_there_is_no_formula_and_no_link() -> None:
    """What looks like a formula, an address or a number is a text."""
    data = xlsx_bytes(texts_only("=1+1", "{=1}", "https://example.org", "mailto:a@b", "007", "1e5", "TRUE"))
    sheet = part(data, "xl/worksheets/sheet1.xml")
    assert not re.search("<f|<hyperlink", sheet)
    assert [row[0] for row in read(data)[3:]] == [
        "'=1+1", "{=1}", "https://example.org", "mailto:a@b", "007", "1e5", "TRUE",
    ]  # fmt: skip


OUT_OF_REACH = re.compile("[\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
"""What the two implementations don't agree about: letters that are none, and escapes spelled out in a text."""


@settings(max_examples=60)
@given(st.lists(texts.filter(lambda text: not OUT_OF_REACH.search(text)), max_size=20))
def test_any_text_comes_back(column: list[str]) -> None:
    """Read back and restored, each cell is the text it was made from; none would run."""
    rows = read(xlsx_bytes(texts_only(*column, "end")))[3:]
    cells = [str(row[0]) for row in rows]
    assert cells == [*map(harmless, column), "end"]
    assert [restored(cell) for cell in cells] == [*column, "end"]
    assert not any(map(would_run, cells))


def test_the_same_table_gives_the_same_bytes() -> None:
    """Nothing of the moment or the machine is in a workbook: it says it was made at a fixed time."""
    data = xlsx_bytes(trial_table())
    assert xlsx_bytes(trial_table()) == data
    properties = part(data, "docProps/core.xml")
    assert set(re.findall(r"\d{4}-\d{2}-\d{2}T[\d:]+Z", properties)) == {"2000-01-01T00:00:00Z"}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        assert {entry.date_time[0] for entry in book.infolist()} == {1980}


def test_headings_stay_in_sight_and_can_be_filtered_by() -> None:
    """The rows down to the headings are frozen; the filter goes over just the table."""
    sheet = part(xlsx_bytes(trial_table()), "xl/worksheets/sheet1.xml")
    assert '<pane ySplit="5" topLeftCell="A6" ' in sheet
    assert '<autoFilter ref="A5:E10"/>' in sheet


def test_columns_are_as_wide_as_what_stands_in_them() -> None:
    """As the heading or the widest value, but not without end."""
    table = Table("T", (Column("a", "A"), Column("b", "A longer heading"), Column("c", "C")),
                  [("twelve signs", "x", "y" * 500)], UTC)  # fmt: skip
    widths = re.findall(r'<col min="\d" max="\d" width="([\d.]+)"', part(xlsx_bytes(table), "xl/worksheets/sheet1.xml"))
    assert [round(float(width) - 0.7109375) for width in widths] == [14, 18, 62]


def test_an_empty_report_is_a_workbook() -> None:
    """Without rows there are the headings."""
    rows = read(xlsx_bytes(trial_table(())))
    assert rows[HEAD] == ["Asset", "Holder", "Since (Europe/Berlin)", "Due", "Days"]
    assert rows[HEAD + 2][0] == "5 assets"


def test_more_rows_than_a_sheet_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """What does not fit is not cut off: the user is told to choose another format."""
    assert ROWS_MAX == 2**20
    monkeypatch.setattr(table_xlsx, "ROWS_MAX", HEAD + 1 + len(ROWS) + 3)
    assert len(read(xlsx_bytes(trial_table()))) == table_xlsx.ROWS_MAX
    monkeypatch.setattr(table_xlsx, "ROWS_MAX", table_xlsx.ROWS_MAX - 1)
    with pytest.raises(errors.ValueUnusable, match="choose csv"):
        xlsx_bytes(trial_table())


def test_a_text_too_long_for_a_cell_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No text is cut off, and what was begun leaves no file behind."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert read(xlsx_bytes(texts_only("x" * 32_767)))[3] == ["x" * 32_767]
    for text in ("x" * 32_768, "=" + "x" * 32_766, "🙂" * 16_384):
        with pytest.raises(errors.ValueUnusable, match="more characters than a cell can hold"):
            xlsx_bytes(texts_only(text))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("values", [("text", 5), ("time", "now"), ("date", "2026-02-30")])
def test_a_value_that_does_not_fit_is_a_mistake(values: tuple[str, Value]) -> None:
    """What is no text, time or date can't be written as one."""
    kind, value = values
    column = {"text": Column("a", "A"), "time": Column("a", "A", "time"), "date": Column("a", "A", "date")}[kind]
    with pytest.raises(ValueError, match=r"no text|isoformat|day is out of range"):
        xlsx_bytes(Table("Trial", (column,), [(value,)], UTC))


@pytest.mark.parametrize(
    ("number", "cell"), [(10**15 - 1, 10**15 - 1), (10**15, "1000000000000000"), (-(10**15), "'-1000000000000000")]
)
def test_integers_are_not_rounded(number: int, cell: object) -> None:
    """Integers of more digits than a spreadsheet keeps are texts."""
    assert read(xlsx_bytes(Table("T", (Column("n", "N", "integer"),), [(number,)], UTC)))[3] == [cell]
