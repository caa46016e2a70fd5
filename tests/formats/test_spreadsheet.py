"""Anybody's table as a batch: only what the mapping names is read, and what a spreadsheet did to a label is said."""

import io
from collections.abc import Sequence
from datetime import date, datetime
from datetime import time as time_of_day
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain.column_mapping import WORD_FIELDS, ColumnMapping, mapping_of
from assettrack.domain.findings import Finding
from assettrack.domain.scans import COLUMNS
from assettrack.formats import workbooks
from assettrack.formats.spreadsheet import MappedTable, read_mapped

SCAN = {"event_type": "SCAN", "operator_id": "mara"}
TAGS = mapping_of({"asset_tag": "Asset Tag", "serial_number": "Serial", "model": "Model"}, SCAN)
AT = "2026-02-17T09:00"
Value = str | float | bool | datetime | date | time_of_day


def workbook(rows: Sequence[Sequence[Value]], *others: str, hidden: str = "") -> bytes:
    """Write a workbook whose first sheet holds these values."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        if hidden:
            book.add_worksheet(hidden).hide()
        sheet = book.add_worksheet("Old list")
        sheet.activate()
        sheet.set_first_sheet()
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, str):
                    sheet.write_string(number, column, value)
                else:
                    sheet.write(number, column, value)
        for name in others:
            book.add_worksheet(name).write_row(0, 0, ["Asset Tag", "Serial", "Model"])
            book.get_worksheet_by_name(name).write_row(1, 0, [f"IN-{name}".upper(), "1", "2"])
    return target.getvalue()


def batch(data: bytes, mapping: ColumnMapping = TAGS, *, sheet: str = "", at: str = AT) -> MappedTable:
    """Return the batch of a table."""
    return read_mapped(data, mapping, "old-list", sheet=sheet, at=at)


def rows(made: MappedTable, *fields: str) -> list[list[str] | str]:
    """Return some cells of each row, or the code of its problem."""
    assert made.problems == [], made.problems
    return [
        row.code if isinstance(row, Finding) else [dict(zip(COLUMNS, row, strict=True))[field] for field in fields]
        for row in made.rows()
    ]


def problems(made: MappedTable) -> list[str]:
    """Return the codes of what is wrong with a table."""
    assert list(made.rows()) == []
    return [each.code for each in made.problems]


def said(made: MappedTable, code: str) -> str:
    """Return the one notice of a code, blank where there is none."""
    return next((each.message for each in made.notices if each.code == code), "")


def codes_of(found: Sequence[Finding]) -> list[str]:
    """Return the codes of what is said."""
    return [each.code for each in found]


HEADINGS = ["Asset  Tag", "Colour", "Serial", "Model"]


def test_only_what_is_named_is_read() -> None:
    """Mapped columns and set values become cells, in any order of columns; the others are named and not written."""
    data = workbook([HEADINGS, ["LT-1", "red", "S1", "Note 14"], ["LT-2", "blue", "", ""]])
    made = batch(data)
    fields = ("asset_tag", "timestamp", "event_type", "operator_id", "serial_number", "model", "notes")
    assert rows(made, *fields) == [
        ["LT-1", AT, "SCAN", "mara", "S1", "Note 14", ""],
        ["LT-2", AT, "SCAN", "mara", "", "", ""],
    ]
    assert "sheet 'Old list' by mapping old-list: asset_tag from 'Asset Tag'" in said(made, "mapped_columns")
    assert f"timestamp '{AT}'" in said(made, "mapped_columns")
    assert said(made, "unmapped_columns") == "1 column of the table not written anywhere: 'Colour'."
    made.release()
    assert list(made.rows()) == []


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_csv_file_is_a_table_too(separator: str) -> None:
    """Separators are found by the headings that are wanted; values stay as they stand."""
    lines = ["\ufeffAsset Tag,Notes,Serial,Model", '0012,"a, b; c",1E5,x']
    text = "\r\n".join(line.replace(",", separator) if line[0] == "\ufeff" else line for line in lines)
    row = separator.join(["0012", '"a, b; c"', "1E5", "x"])
    assert rows(batch(f"{text.splitlines()[0]}\r\n{row}\r\n".encode()), "asset_tag", "serial_number") == [
        ["0012", "1E5"]
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("0012", "0012"),
        (12, "12"),
        (1.5, "label_turned"),
        (1.0e15, "label_turned"),
        (-3, "label_turned"),
        (datetime(2026, 2, 3), "label_turned"),  # noqa: DTZ001 - spreadsheets know no zone
        (True, "label_turned"),
    ],
)
def test_what_a_spreadsheet_made_of_a_tag_is_a_problem(value: Value, expected: str) -> None:
    """A whole number may be a tag that lost its zeros, which is said; anything else that is no text is a problem."""
    made = batch(workbook([HEADINGS, [value, "", "", ""]]))
    assert rows(made, "asset_tag") == [expected if expected == "label_turned" else [expected]]
    assert ("they are lost" in said(made, "label_number")) == (value == 12)


@pytest.mark.parametrize("field", WORD_FIELDS)
@pytest.mark.parametrize(("value", "is_kept"), [(5440, True), (3.1, False), (date(2026, 3, 12), False), (True, False)])
def test_what_a_spreadsheet_made_of_a_word_is_a_problem(field: str, value: Value, is_kept: bool) -> None:  # noqa: FBT001 - a case of the table
    """Room 3-12 is no day and model 3.10 no 3.1; a model may well be a whole number."""
    same = {name: cell for name, cell in SCAN.items() if name != field}
    made = batch(
        workbook([["Asset Tag", "Word"], ["LT-1", value]]), mapping_of({"asset_tag": "Asset Tag", field: "Word"}, same)
    )
    assert rows(made, field) == [["5440"] if is_kept else "label_turned"]


def test_the_tables_own_times_are_dates() -> None:
    """A date with a time is one of the station's zone, as any batch would write it; a date alone stays a date."""
    mapping = mapping_of({"asset_tag": "Asset Tag", "timestamp": "When", "notes": "Serial"}, SCAN)
    data = workbook([
        ["Asset Tag", "When", "Serial"],
        ["LT-1", datetime(2026, 2, 3, 4, 5, 6), 14.5],  # noqa: DTZ001 - as above
        ["LT-2", "2026-02-03T04:05:06Z", True],
    ])  # fmt: skip
    assert rows(batch(data, mapping, at=""), "timestamp", "notes") == [
        ["2026-02-03T04:05:06", "14.5"],
        ["2026-02-03T04:05:06Z", "TRUE"],
    ]
    assert problems(batch(data, mapping)) == ["mapping_has_time"]


def test_a_table_that_does_not_fit_its_mapping_is_told() -> None:
    """A heading that is gone or stands twice, and a field that nothing says, are problems of the whole table."""
    assert problems(batch(workbook([["Asset Tag", "Model"], ["LT-1", "x"]]))) == ["mapping_column_missing"]
    assert problems(batch(workbook([[*HEADINGS, "Model"], ["LT-1"]]))) == ["header_duplicate"]
    assert problems(batch(workbook([HEADINGS, ["LT-1"]]), at="")) == ["mapping_incomplete"]
    bare = mapping_of({"asset_tag": "Asset Tag"}, {})
    (problem,) = batch(workbook([HEADINGS, ["LT-1"]]), bare).problems
    assert "says nothing of event_type, operator_id" in problem.message


def test_rows_that_are_odd_are_problems() -> None:
    """Blank rows between others, and cells beyond the headings; blank rows at the end are nothing."""
    data = workbook([HEADINGS, ["LT-1"], [], ["LT-2", "", "", "", "far out"], ["", "", "", " "]])
    assert rows(batch(data), "asset_tag") == [["LT-1"], "row_blank", "row_wider"]
    text = b'Asset Tag,Serial,Model\nLT-1,S\nLT-2,S,M\n"LT-3,S,M\n'
    assert rows(batch(text), "asset_tag") == ["row_ragged", ["LT-2"], "csv_broken"]


def test_a_sheet_is_the_first_that_is_seen_or_the_named_one() -> None:
    """Hidden sheets are read only by name; one that there is not is told with those there are."""
    data = workbook([HEADINGS, ["LT-1", "", "", ""]], "Second", hidden="Ghost")
    assert rows(batch(data), "asset_tag") == [["LT-1"]]
    assert rows(batch(data, sheet="Second"), "asset_tag") == [["IN-SECOND"]]
    (problem,) = batch(data, sheet="Third").problems
    assert (problem.code, "'Ghost', 'Old list', 'Second'" in problem.message) == ("sheet_missing", True)
    assert problems(batch(b"Asset Tag\nLT-1\n", sheet="Old list")) == ["sheet_missing"]


@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_nothing_is_empty(data: bytes) -> None:
    """A file without anything is said to be empty; one with headings alone has no rows."""
    assert problems(batch(data)) == ["file_empty"]
    assert problems(batch(workbook([HEADINGS]))) == ["file_without_rows"]


def charted(*sheets: tuple[str, Sequence[str]], drawn_first: bool) -> bytes:
    """Return a workbook with a sheet that is a chart before or behind these, each with its tags."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        drawn = book.add_chartsheet("Drawn") if drawn_first else None
        for name, tags in sheets:
            sheet = book.add_worksheet(name)
            if tags:
                sheet.write_column(0, 0, ["Asset Tag", *tags])
        chart = book.add_chart({"type": "pie"})
        chart.add_series({"values": f"={sheets[0][0]}!$A$1:$A$1"})
        (drawn or book.add_chartsheet("Drawn")).set_chart(chart)
    return target.getvalue()


TAG_ALONE = mapping_of({"asset_tag": "Asset Tag"}, SCAN)


@pytest.mark.parametrize("drawn_first", [True, False])
def test_a_sheet_that_is_a_chart_is_none_to_be_read(*, drawn_first: bool) -> None:
    """It has no cells: the first sheet with cells is read, wherever the chart stands."""
    made = batch(charted(("List", ["LT-1"]), drawn_first=drawn_first), TAG_ALONE)
    assert (rows(made, "asset_tag"), codes_of(made.notices)) == ([["LT-1"]], ["mapped_columns"])


def test_an_empty_sheet_is_said_to_be_empty_and_not_the_file() -> None:
    """With its name, and with those that have something in them."""
    assert problems(batch(workbook([]))) == ["sheet_empty"]
    (problem,) = batch(charted(("List", []), drawn_first=True), TAG_ALONE).problems
    assert (problem.code, "'List' is empty" in problem.message, "none" in problem.message) == (
        "sheet_empty",
        True,
        True,
    )
    (problem,) = batch(charted(("List", []), ("More", ["LT-1"]), drawn_first=True), TAG_ALONE).problems
    assert "'More'" in problem.message
    (problem,) = batch(charted(("List", ["LT-1"]), drawn_first=True), TAG_ALONE, sheet="Drawn").problems
    assert (problem.code, "'List'" in problem.message) == ("sheet_empty", True)


def test_a_workbook_of_charts_alone_has_no_sheet_to_be_read() -> None:
    """Its only sheet with cells is hidden."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        drawn = book.add_chartsheet("Drawn")
        chart = book.add_chart({"type": "pie"})
        chart.add_series({"values": "=Hidden!$A$1:$A$1"})
        drawn.set_chart(chart)
        drawn.activate()
        drawn.set_first_sheet()
        book.add_worksheet("Hidden").hide()
    (problem,) = batch(target.getvalue(), TAG_ALONE).problems
    assert "no sheet with cells that can be seen" in problem.message


def test_what_stands_in_another_sheet_is_said_not_to_be_read() -> None:
    """Of those that can be seen and have something in them, if no sheet was named; a broken one may have."""
    data = workbook([HEADINGS, ["LT-1", "", "", ""]], "Second", "Third", hidden="Ghost")
    unread = said(batch(data), "sheets_unread")
    assert ("'Old list'" in unread, "'Second', 'Third'" in unread, "Ghost" in unread) == (True, True, False)
    assert "sheets_unread" not in codes_of(batch(data, sheet="Second").notices)
    assert "sheets_unread" not in codes_of(batch(workbook([HEADINGS, ["LT-1"]])).notices)
    broken = io.BytesIO()
    with ZipFile(io.BytesIO(workbook([HEADINGS, ["LT-1"]], "More"))) as old, ZipFile(broken, "w") as made:
        for part in old.namelist():
            content = b"<worksheet><sheetData><row></worksheet>" if part.endswith("sheet2.xml") else old.read(part)
            made.writestr(part, content)
    found = batch(broken.getvalue())
    assert rows(found, "asset_tag") == [["LT-1"]]
    assert "'More'" in said(found, "sheets_unread")


def with_part(name: str, content: bytes) -> bytes:
    """Return a workbook with another part in place of one of its own."""
    target = io.BytesIO()
    with ZipFile(io.BytesIO(workbook([HEADINGS, ["LT-1"]]))) as old, ZipFile(target, "w", ZIP_DEFLATED) as made:
        for part in old.namelist():
            made.writestr(part, content if part == name else old.read(part))
        if name not in old.namelist():
            made.writestr(name, content)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04", "workbook_unreadable"),
        (with_part(SHEET, b"<worksheet>"), "workbook_unreadable"),
        (
            with_part(SHEET, b'<worksheet><sheetData><row r="1"><c r="&#65;1"/></row></sheetData></worksheet>'),
            "workbook_unreadable",
        ),
        (with_part("xl/workbook.xml", b""), "workbook_unreadable"),
        (
            with_part(
                SHEET,
                b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row>'
                b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>',
            ),
            "workbook_too_large",
        ),
    ],
)
def test_workbooks_that_can_do_harm_are_refused(data: bytes, code: str) -> None:
    """Damaged ones, and those whose two cells stand as far apart as cells can."""
    assert problems(batch(data)) == [code]


def test_what_unpacks_to_more_than_is_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The size counts as it comes out, not as the archive says it is."""
    bomb = with_part("xl/extra.xml", bytes(3_000_000))
    assert len(bomb) < 20_000
    assert rows(batch(bomb), "asset_tag") == [["LT-1"]]
    monkeypatch.setattr(workbooks, "FILE_BYTES_MAX", 2_000_000)
    assert problems(batch(bomb)) == ["workbook_too_large"]
    # The archive's directory says less than comes out: what comes out then does not fit its own checksum.
    lying = bomb.replace((3_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little"))
    assert lying != bomb
    assert problems(batch(lying)) == ["workbook_unreadable"]


def test_archives_that_are_none_of_a_workbook_are_refused() -> None:
    """A part that stands there twice, and parts that are packed as no workbook's are."""
    target = io.BytesIO(workbook([HEADINGS, ["LT-1"]]))
    with ZipFile(target, "a") as made, pytest.warns(UserWarning, match="Duplicate"):
        made.writestr(SHEET, b"<worksheet></worksheet>")
    assert problems(batch(target.getvalue())) == ["workbook_unreadable"]
    with ZipFile(target, "w", ZIP_LZMA) as made:
        made.writestr(SHEET, b"<worksheet></worksheet>")
    assert problems(batch(target.getvalue())) == ["workbook_unreadable"]


CELLS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=12)


@given(table=st.lists(st.tuples(CELLS.filter(str.strip), CELLS, CELLS), min_size=1, max_size=5))
@settings(max_examples=50)
def test_texts_of_a_workbook_come_back(table: list[tuple[str, str, str]]) -> None:
    """Whatever is text in a workbook comes back as it was, whatever it looks like."""
    made = batch(workbook([["Asset Tag", "Serial", "Model"], *table]))
    assert rows(made, "asset_tag", "serial_number", "model") == [list(row) for row in table]


def test_a_sheet_as_text_is_read_by_what_reads_lists() -> None:
    """Rows stay rows, numbers are written whole, and blank columns at the end are left out."""
    data = workbook([["CASE-01", 12, "", " "], [], ["A, B", "x"]])
    assert workbooks.sheet_as_csv(data, {2}) == b'CASE-01,12\n\n"A, B",x\n'
    assert workbooks.is_workbook(data)


@pytest.mark.parametrize(("value", "shown"), [(date(2026, 2, 1), "2026-02-01"), (7, "7"), (True, "TRUE"), (1.5, "1.5")])
def test_what_a_spreadsheet_made_of_a_name_is_in_no_list(value: Value, shown: str) -> None:
    """A list has no preview: nothing in it is guessed, and only a number that is wanted is one."""
    with pytest.raises(workbooks.NotAWorkbook, match=f"row 2, column 1, holds '{shown}', which is no text"):
        workbooks.sheet_as_csv(workbook([["CASE-01", 12], [value, 12]]), {2})


def test_a_list_is_one_sheet() -> None:
    """What stands in another one is not passed over; an empty one is nothing."""
    assert workbooks.sheet_as_csv(workbook([["CASE-01"]], hidden="Empty")) == b"CASE-01\n"
    with pytest.raises(workbooks.NotAWorkbook, match="there is something in 'More'; a list is one sheet"):
        workbooks.sheet_as_csv(workbook([["CASE-01"]], "More"))


def test_what_stands_beside_a_list_may_be_a_chart_and_must_be_readable() -> None:
    """A chart has no cells; another sheet that is broken is told, and no traceback."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet("List").write_string(0, 0, "CASE-01")
        chart = book.add_chart({"type": "pie"})
        chart.add_series({"values": "=List!$A$1:$A$1"})
        book.add_chartsheet("Drawn").set_chart(chart)
    assert workbooks.sheet_as_csv(target.getvalue()) == b"CASE-01\n"
    broken = io.BytesIO()
    with ZipFile(io.BytesIO(workbook([["CASE-01"]], "More"))) as old, ZipFile(broken, "w") as made:
        for part in old.namelist():
            content = b"<worksheet><sheetData><row></worksheet>" if part.endswith("sheet2.xml") else old.read(part)
            made.writestr(part, content)
    with pytest.raises(workbooks.NotAWorkbook, match="can't be read"):
        workbooks.sheet_as_csv(broken.getvalue())
