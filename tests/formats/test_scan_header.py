"""The header line: separator, columns, and what a file is that is no batch."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.findings import Finding
from assettrack.domain.scans import COLUMNS
from assettrack.formats.scan_header import ScanHeader, missing_columns, read_header

REQUIRED = "asset_tag,timestamp,event_type,operator_id"


def header(*lines: str) -> ScanHeader:
    """Read these lines as the beginning of a file."""
    return read_header(iter(line + "\r\n" for line in lines))


def problem(*lines: str) -> Finding:
    """Return the only problem there is with such a beginning."""
    read = header(*lines)
    assert read.layout is None
    (only,) = read.problems
    return only


@given(
    order=st.permutations(COLUMNS),
    upper=st.lists(st.booleans(), min_size=len(COLUMNS), max_size=len(COLUMNS)),
    padding=st.sampled_from(["", " ", "   ", "\u00a0"]),
    separator=st.sampled_from(",;\t"),
)
def test_columns_are_found_by_name(order: list[str], upper: list[bool], padding: str, separator: str) -> None:
    """Columns may stand in any order, in any case and with spaces around them, behind any of three separators."""
    names = [name.upper() if big else name for name, big in zip(order, upper, strict=True)]
    layout = header(separator.join(padding + name + padding for name in names)).layout
    assert layout is not None
    assert (layout.separator, layout.width) == (separator, len(COLUMNS))
    assert list(layout.pick([*order, ""])) == list(COLUMNS)


def test_absent_columns_are_blank() -> None:
    """A column that the file hasn't is read as blank cells."""
    layout = header("notes," + REQUIRED).layout
    assert layout is not None
    assert list(layout.pick(["n", "a", "t", "e", "o", ""])) == ["a", "t", "e", "o", *[""] * 9, "n"]


@pytest.mark.parametrize(
    ("line", "separator"),
    [
        (REQUIRED, ","),
        (REQUIRED.replace(",", ";"), ";"),
        (REQUIRED.replace(",", "\t"), "\t"),
        (REQUIRED.replace(",", ";") + ';"a,b,c,d,e,f,g"', ";"),
        (REQUIRED.replace(",", ";") + ";a,b,c,d,e,f,g", ";"),
        (REQUIRED + ",model;model;model;model;model", ","),
        (f"{REQUIRED},\t\t\t\t\t", ","),
    ],
)
def test_the_separator_is_the_one_that_makes_the_names_appear(line: str, separator: str) -> None:
    """The contract's names decide on the separator, not how often a mark occurs."""
    layout = header(line).layout
    assert layout is not None
    assert layout.separator == separator


@pytest.mark.parametrize("name", ["ASSET_TAG", " Asset_Tag ", '"asset_tag"'])
def test_spellings_of_a_name(name: str) -> None:
    """A name may be upper case, padded or quoted."""
    assert header(REQUIRED.replace("asset_tag", name)).layout is not None


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        (REQUIRED, []),
        (f" {REQUIRED.upper()} ,notes", []),
        ("\u00a0operator_id,Event_Type,TIMESTAMP,asset_tag", []),
        ("notes,event_type,asset tag", ["asset_tag", "timestamp", "operator_id"]),
        (REQUIRED.replace("asset_tag", "aſſet_tag"), ["asset_tag"]),
        ("", ["asset_tag", "timestamp", "event_type", "operator_id"]),
    ],
)
def test_columns_missing(line: str, missing: list[str]) -> None:
    """What headings lack is told in the contract's order; reading a file by them finds the same."""
    assert missing_columns(line.split(",")) == missing
    assert (header(line).layout is None) == bool(missing)
    if missing:
        assert f"lacks {', '.join(missing)}." in problem(line).message


@pytest.mark.parametrize("name", ["aѕset_tag", "aſſet_tag", "asset_tag\u200b"])
def test_names_that_only_look_right(name: str) -> None:
    """Only ASCII letters are folded: a look-alike letter makes another name, shown so that it can be seen."""
    found = problem(REQUIRED.replace("asset_tag", name))
    assert found.code == "header_missing"
    assert "lacks asset_tag." in found.message


def test_unknown_columns_are_listed_in_one_notice() -> None:
    """Columns outside the contract are counted and listed; odd names are escaped, and one without a name is said so."""
    read = header(f"{REQUIRED},Colour,\u200bx,,Zoë")
    (notice,) = read.notices
    assert read.layout is not None
    assert (notice.code, notice.row_number) == ("unknown_columns", None)
    assert notice.message == ("4 unknown columns, not read and never written: Colour, '⟨U+200B⟩x', (no name), Zoë.")


def test_no_notice_without_unknown_columns() -> None:
    """A header line of known names alone is worth no notice."""
    assert header(REQUIRED).notices == ()


def test_names_are_shown_short_and_few() -> None:
    """However many columns there are and however long their names, the notice stays short."""
    (notice,) = header(REQUIRED + "".join(f",{'x' * 1000}{number}" for number in range(10_000))).notices
    assert "10,000 unknown columns" in notice.message
    assert "and 9,988 more" in notice.message
    assert len(notice.message) < 1000


def test_hundred_thousand_duplicates_are_one_short_problem() -> None:
    """All repeated names are one problem, cut where they are too many to list."""
    found = problem(REQUIRED + ",".join(["", *(f"c{number // 2}" for number in range(100_000))]))
    assert found.code == "header_duplicate"
    assert "c0, c1, " in found.message
    assert "and 49,988 more" in found.message


@pytest.mark.parametrize("extra", ["Asset_Tag", " asset_tag", "NOTES,notes"])
def test_repeated_column(extra: str) -> None:
    """A column that stands twice is a problem, whatever its spelling: which one counts would be a guess."""
    found = problem(f"{REQUIRED},{extra}")
    assert (found.code, found.row_number) == ("header_duplicate", None)


def test_columns_without_names_are_no_duplicates() -> None:
    """Separators at the end of the header line, as spreadsheets leave them, make unnamed columns, not repeated ones."""
    read = header(f"{REQUIRED},,,")
    assert read.layout is not None
    assert read.layout.width == 7


def test_every_fault_of_the_header_is_told_at_once() -> None:
    """A header line that both lacks a column and repeats one is told both."""
    read = header("asset_tag,timestamp,event_type,notes,notes")
    assert [found.code for found in read.problems] == ["header_missing", "header_duplicate"]
    assert "lacks operator_id." in read.problems[0].message


@pytest.mark.parametrize(
    "line",
    [
        "9999999990017,3,004711,08:15:01,24/12/2031",
        "9999999990017,004711,08:15:01,24/12/2031",
        "9999999990017",
        '"9999999990017","004711"',
        "LT-0001;LT-0002",
        "LT-ABC,2031-12-24T08:15:01Z,scan,someone",
    ],
)
def test_scanner_dump_without_header(line: str) -> None:
    """A first line of scanned data is told to be a raw file without a header line."""
    found = problem(line, line)
    assert found.code == "header_missing"
    assert "scanner's raw file" in found.message
    assert REQUIRED in found.message


@pytest.mark.parametrize(
    "line",
    [
        "Company,Asset Tag,Serial,Model,Location",
        "XY.location,XY.name,XY.quantity,XY.description",
        '"cf: Serial number,type:text",title,"cf:brand, type:option"',
        "assetModel;Title",
        "asset_tag,name,serial_number",
    ],
)
def test_list_of_assets(line: str) -> None:
    """The columns of an asset list are told to be that, with the header line that a batch needs instead."""
    found = problem(line)
    assert header(line).is_list
    assert found.code == "header_missing"
    assert "list of assets from another program" in found.message
    assert REQUIRED in found.message


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("Asset Tag,TimeStamp,Event-Type,operator id", "Write asset_tag instead of Asset Tag, event_type instead of"),
        ("asset_tag,timestamp,event_type,OperatorID,name,model", "Write operator_id instead of OperatorID."),
        ("Asset Tag;Time Stamp;Event Type;Operator ID;Name;Location", "Write asset_tag instead of Asset Tag, "),
        ("sep=;", "only Excel understands"),
        ("sep=,", "only Excel understands"),
        ("", "The first line is blank"),
        (",,,", "The first line is blank"),
        ("<!DOCTYPE html>", "web page"),
        ('{"asset_tag": 1}', "web page or program data"),
        ("asset_tag|timestamp|event_type|operator_id", "commas, semicolons or tabs"),
    ],
)
def test_hints(line: str, words: str) -> None:
    """What the first line is instead of a header line is said where it can be known."""
    found = problem(line, REQUIRED)
    assert found.code == "header_missing"
    assert words in found.message
    assert not header(line, REQUIRED).is_list


@pytest.mark.parametrize("others", ["whatever", "name, location, model"])
def test_no_hint_where_nothing_is_known(others: str) -> None:
    """Of a batch that lacks a column, only what it lacks and has is said, whatever other columns it has."""
    expected = "This is not an OPN-2004 v1 batch: the header line lacks operator_id. It has asset_tag, timestamp, "
    assert problem(f"asset_tag,timestamp,event_type,{others}").message == f"{expected}event_type, {others}."


@pytest.mark.parametrize("line", ["Red,Green", "Red;Green", '"Red";"Green"', "Red\tGreen"])
def test_columns_of_a_foreign_file_are_shown_apart(line: str) -> None:
    """The columns of a file that is no batch are shown one by one, whatever separates them."""
    assert "It has Red, Green." in problem(line).message


@pytest.mark.parametrize(
    "line",
    [
        '"asset_tag,timestamp',
        'asset_tag,"timestamp"x,event_type',
        '"asset_tag"x,timestamp,event_type',
        f'"a"b,{REQUIRED}',
    ],
)
def test_broken_quotes_in_the_header(line: str) -> None:
    """Quotes in the header line that can't be read are a problem of line 1."""
    found = problem(line, *["LT-1,,,"] * 100)
    assert (found.code, found.message[:7]) == ("csv_broken", "Line 1:")


def test_quoted_line_breaks_in_the_header() -> None:
    """A column name may hold a line break inside quotes; it is unknown, and what can't be seen is shown by number."""
    (notice,) = header(f'{REQUIRED},"two', 'lines"').notices
    assert "'two⟨U+000D⟩⟨U+000A⟩lines'" in notice.message
