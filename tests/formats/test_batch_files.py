"""Which kind of batch a file is: what no batch is read from says how it is read."""

import io
import re
from collections.abc import Sequence
from zipfile import ZipFile

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st

from assettrack.domain.findings import Finding
from assettrack.domain.scans import COLUMNS
from assettrack.formats import batch_files
from assettrack.formats.scan_csv import ScanTable
from assettrack.formats.scanner_dump import Asked
from tests.formats.dump_samples import FORMS, Form, written


def workbook() -> bytes:
    """Return a workbook with a tag."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        book.add_worksheet().write_column(0, 0, ["asset_tag", "LT-1"])
    return target.getvalue()


def archive() -> bytes:
    """Return an archive that is no workbook."""
    target = io.BytesIO()
    with ZipFile(target, "w") as made:
        made.writestr("scans.csv", "LT-1")
    return target.getvalue()


@pytest.mark.parametrize("profile", ["", "bare"])
@pytest.mark.parametrize(("data", "code"), [(workbook(), "mapping_unsaid"), (archive(), "not_text")])
def test_a_workbook_is_read_by_a_mapping_that_is_to_be_said(data: bytes, code: str, profile: str) -> None:
    """It is no text, and what reads it is told; another archive is what it was."""
    found = batch_files.read(data, Asked(profile))
    assert isinstance(found, ScanTable)
    assert [each.code for each in found.problems] == [code]
    assert len(found.sha256) == 64


LINES = [f"LT-{number:04},003278,14:00:{number % 60:02},23/11/2025\r\n" for number in range(1, 201)]
"""What a scanner wrote of two hundred scans."""


def nearly(lines: Sequence[str]) -> Finding:
    """The one thing that is said of a file that is nearly of a scanner."""
    found = batch_files.read("".join(lines).encode())
    assert isinstance(found, ScanTable)
    (problem,) = found.problems
    return problem


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        ([*LINES[:-1], "LT-0200,0032"], "Line 200 .*: 'LT-0200,0032'"),
        ([*LINES[:100], "ABC,DEF\r\n", *LINES[100:]], "Line 101 .*: 'ABC,DEF'"),
        ([*LINES[:2], "\r\n", f"{'x' * 90}\r\n"], f"Line 4 .*: '{'x' * 60}…'"),
        ([*LINES[:100], *(line.replace("003278", "003279") for line in LINES[100:])], "Line 101 .*003279"),
    ],
)
def test_the_line_is_named_that_keeps_a_file_from_being_a_scanners(lines: Sequence[str], at: str) -> None:
    """It was cut off, something strange stands in it, or it is of two scanners: not a word of a header line."""
    found = nearly(lines)
    assert found.code == "dump_nearly"
    assert re.match(at, found.message)
    assert "opn-batch-plain, an OPN-200x scanner's SCANNED.TXT" in found.message
    assert "header" not in found.message


def test_all_forms_are_named_that_a_file_nearly_has() -> None:
    """Up to the odd line it may be either."""
    line = f"{'LT-1':30},0000012,10:00:00,25/12/2026\r\n"
    found = nearly([line, line, "and so on"])
    assert "opn-batch-plain, an OPN" in found.message
    assert "; oph-data, an OPL" in found.message


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_a_cut_line_is_named_in_a_file_of_each_form(form: Form) -> None:
    """Its first line may be a line of headings, one of a batch's columns among them, or hold no digit."""
    lines = written(form).decode().splitlines(keepends=True)
    found = nearly([*lines, "LT-1;;0032,"])
    assert found.code == "dump_nearly"
    assert re.match(f"Line {len(lines) + 1} .*: 'LT-1;;0032,'", found.message)
    assert f"read as {form.profile}, " in found.message or f"; {form.profile}, " in found.message


@pytest.mark.parametrize(
    "lines",
    [
        ("AT BEGIN X", "LT-1", "LT-2", "LT-3,;"),
        ("", "LT-1", "LT-2", "LT-3,;"),
        ('"LT-1"', '"LT-2"', '"AT BEGIN X"', '" LT-3'),
        ("LT-1\tQR", "LT-2\tCode 39", "LT-3\tQR", "LT-4"),
    ],
)
def test_a_cut_line_is_named_whatever_stands_first(lines: Sequence[str]) -> None:
    """The first line may be a card, blank, a code in quotation marks, or a code and its kind."""
    found = nearly(["\n".join(lines)])
    assert (found.code, found.message[:7]) == ("dump_nearly", "Line 4 ")


@pytest.mark.parametrize(
    "text",
    [
        f"{LINES[0]}LT-2\n",
        "Dear all; 12 of\nthe labels; are\ngone.\n",
        "Asset Tag,Serial\nLT-1,1\nLT-2\n",
        "a\nb\n,\n",
        "Room 12\tType\nLT-1\tCode 39\nLT-2\tlaptop\nnone\n",
        "Inventory 2026; Kind\nLT-1; EAN-13\nLT-2; desk\nlast line\n",
        "Office365, Type\nA1, QR\nA2, phone\nA3\n",
        '"Inventory 2026","Type"\n"LT-1","Code 128"\n"LT-2","laptop"\n"a","b","c"\nx\n',
        '"Item no. 1"\n"Chair"\n"Table"\nLamp\n',
        '"Name,Asset Tag 2,Serial"\n"Chair,A1,S1"\n"Table,A2,S2"\nLamp\n',
        "[net1]\nhost=web1\nname = my host\n",
    ],
)
def test_what_was_never_like_a_scanners_file_is_told_what_a_batch_is(text: str) -> None:
    """One line tells no form, and neither do lines of something else."""
    assert nearly([text]).code == "header_missing"


def test_no_form_is_named_that_the_lines_before_are_not_of_either() -> None:
    """Each of these fits some form in part, but no line shows where that form's columns are."""
    kinds = ["QR Code,Lenovo,02:47:46,2026-10-07 20:12:15", "EAN-13,Lenovo,16:21:05,2026-09-23 04:49:32", "x"]
    assert nearly(["\n".join(kinds)]).code == "header_missing"


@pytest.mark.parametrize(
    "lines",
    [
        ["LT-1;1;697227;11:22:00;12/04/2026", "LT-2;1;697227;07:13:08;18/05/2026", "x"],
        *([*written(form).decode().splitlines(), "LT-1;;0032,"] for form in FORMS.values()),
    ],
)
def test_what_stands_before_the_odd_line_is_of_each_form_that_is_named(lines: Sequence[str]) -> None:
    """So it is said. Which order its dates have may still be asked."""
    found = nearly(["\n".join(lines)])
    assert found.code == "dump_nearly"
    names = re.findall(r"(?:read as|;) ([a-z0-9-]+), ", found.message)
    assert names
    for name in names:
        before = batch_files.read("\n".join(lines[:-1]).encode(), Asked(profile=name))
        assert {each.code for each in getattr(before, "problems", ())} <= {"dump_dates_unclear"}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("heading", ["", "assettag", "Asset Tag", "barcode", "asset_tag2"])
def test_a_batch_that_lacks_a_column_is_never_taken_for_a_scanners(heading: str, separator: str) -> None:
    """Without its first column, or with that misspelt, it lacks asset_tag, though each row tells a code and a time."""
    cells = ["LT-1", "2026-02-03 09:05:07", "SCAN", "697227"]
    names = [heading, "timestamp", "event_type", "operator_id"]
    rows = [names, cells, cells, cells[:2]] if heading else [names[1:], cells[1:], cells[1:], cells[:2]]
    found = nearly([separator.join(row) + "\n" for row in rows])
    assert (found.code, "lacks asset_tag." in found.message) == ("header_missing", True)


WORDS = st.from_regex(r"(?![Aa][Tt] )[A-Za-z][A-Za-z_ -]{0,18}[A-Za-z]", fullmatch=True) | st.sampled_from(COLUMNS)
"""Headings. What begins as a card does is one, or as good as one."""

CELLS = st.one_of(
    WORDS,
    st.sampled_from(["", " LT-1", "LT-1", "AT BEGIN X", "Code 128", "QR", "697227", "12", "3278", "SCAN"]),
    st.sampled_from(["09:05:07", "9:05", "03/02/2026", "2026-02-03", "2026-02-03 09:05:07", "issue", "return"]),
)


@given(
    headings=st.lists(WORDS, min_size=1, max_size=5),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=5), max_size=6),
    separator=st.sampled_from([",", ";", "\t", ", ", "; "]),
    quote=st.sampled_from(["", '"']),
)
@example(["Label"], [["LT-1"], [" LT-2"]], ",", '"')
@example(["Label", "Kind"], [["LT-1", "Code 128"], ["LT-2", "QR"], ["LT-3"]], "\t", "")
@example(["Label", "Kind"], [["LT-1", "Code 128"], ["LT-2", "QR"], [" LT-3", "QR"]], ",", '"')
def test_a_table_under_words_is_never_taken_for_a_scanners(
    headings: Sequence[str], rows: Sequence[Sequence[str]], separator: str, quote: str
) -> None:
    """Whatever stands below: a line of words is a line of headings, even where a code could be any text."""
    lines = [separator.join(f"{quote}{cell}{quote}" for cell in row) for row in (headings, *rows)]
    found = batch_files.read("\n".join(lines).encode())
    assert "dump_nearly" not in {each.code for each in getattr(found, "problems", ())}
