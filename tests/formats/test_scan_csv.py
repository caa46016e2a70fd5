"""Batch files as they really come: read right, or refused with place and reason."""

import csv
import io
import random
import tracemalloc
from datetime import UTC, datetime
from hashlib import sha256
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain.findings import Finding
from assettrack.domain.scans import CELL_BYTES_MAX, COLUMNS, FILE_BYTES_MAX, ROWS_MAX
from assettrack.domain.validation import Validator
from assettrack.formats import scan_csv
from assettrack.formats.scan_csv import parse
from tests.formats.test_encodings import FORBIDDEN

HEADER = "asset_tag,timestamp,event_type,operator_id"
ROW = "LT-1,2031-02-03T04:05:06Z,SCAN,ada"
FULL_HEADER = ",".join(COLUMNS)


def read(text: str | bytes) -> list[list[str] | Finding]:
    """Read a file that is right as a whole, into a list of its rows."""
    table = parse(text if isinstance(text, bytes) else text.encode())
    assert table.problems == ()
    return [row if isinstance(row, Finding) else list(row) for row in table.rows()]


def rows_of(*lines: str) -> list[list[str] | Finding]:
    """Read these lines under a header of the four required columns, each row cut to those four."""
    read_rows = read("\n".join([HEADER, *lines]))
    return [row if isinstance(row, Finding) else row[:4] for row in read_rows]


def findings_of(*lines: str) -> list[tuple[int | None, str]]:
    """Return row number and code of each row that can't be read."""
    return [(row.row_number, row.code) for row in rows_of(*lines) if isinstance(row, Finding)]


def problem(data: bytes) -> Finding:
    """Return the only problem of a file that is wrong as a whole, and see that it has no rows."""
    table = parse(data)
    assert list(table.rows()) == []
    (only,) = table.problems
    assert only.row_number is None
    return only


# Cells as the contract allows them: anything that can be written but control and reordering characters.
LETTERS = st.one_of(
    st.sampled_from(" ,;\t\"'\r\n=+-éŁ🧰"),
    st.characters(codec="utf-8", exclude_characters="".join(map(chr, FORBIDDEN))),
)
CELLS = st.text(LETTERS, max_size=12)
TAGS = CELLS.filter(lambda cell: cell.strip())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be"])
@given(data=st.data(), separator=st.sampled_from(",;\t"), line_end=st.sampled_from(["\r\n", "\n", "\r"]))
@settings(max_examples=200)
def test_written_cells_come_back(data: st.DataObject, encoding: str, separator: str, line_end: str) -> None:
    """Whatever is written into the cells of a batch, in any of its forms, comes back as it was."""
    optional = data.draw(st.lists(st.sampled_from(COLUMNS[4:]), unique=True))
    names = data.draw(st.permutations([*COLUMNS[:4], *optional, "Colour"]))
    one_row = st.tuples(*(TAGS if name == "asset_tag" else CELLS for name in names))
    rows = data.draw(st.lists(one_row, min_size=1, max_size=5))
    target = io.StringIO(newline="")
    writer = csv.writer(target, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_ALL)
    if not any(mark in cell for row in rows for cell in row for mark in "\r\n"):
        writer = csv.writer(target, delimiter=separator, lineterminator=line_end)
    writer.writerows([names, *rows])
    mark = "\ufeff" if encoding.startswith("utf-16") else ""

    read_rows = read((mark + target.getvalue()).encode(encoding))

    by_name = [dict(zip(names, row, strict=True)) for row in rows]
    assert read_rows == [[row.get(name, "") for name in COLUMNS] for row in by_name]


def test_random_damage_is_always_answered() -> None:
    """Two thousand files with damaged bytes: each is read or refused, row by row, and none raises."""
    text = f'\ufeff{FULL_HEADER}\r\n{ROW}{"," * 9}"two\r\nlines, ""quoted"""\r\n{ROW},Zoë 🧰{"," * 9}\r\n,,,\r\n'
    originals = [text.encode("utf-8"), text[1:].encode("utf-8"), text.encode("utf-16-le"), text.encode("utf-16-be")]
    chance = random.Random(20310203)
    spice = [0x00, 0x0A, 0x0D, 0x22, 0x2C, 0x3B, 0x09, 0x80, 0xC3, 0xD8, 0xFE, 0xFF]
    answers: set[str] = set()
    for number in range(2000):
        damaged = bytearray(originals[number % len(originals)])
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(damaged))
            byte = chance.choice(spice) if chance.random() < 0.5 else chance.randrange(256)
            damaged[at : at + chance.choice([0, 1, 1, 1, 40])] = bytes([byte])
        table = parse(bytes(damaged))
        rows = list(table.rows())
        assert bool(table.problems) != bool(rows)
        for row_number, row in enumerate(rows, 1):
            if isinstance(row, Finding):
                assert row.row_number == row_number
            else:
                assert len(row) == len(COLUMNS)
        found = [*table.problems, *(row for row in rows if isinstance(row, Finding))]
        answers.update(finding.code for finding in found)
    assert {"encoding_unknown", "encoding_broken", "control_character", "header_missing", "csv_broken"} <= answers


@given(st.binary(max_size=200))
def test_any_bytes_are_answered(data: bytes) -> None:
    """Any bytes whatever are read or refused."""
    table = parse(data)
    assert bool(table.problems) != bool(list(table.rows()))


def test_the_hash_is_of_the_bytes_as_they_came() -> None:
    """The file is named by the SHA-256 of its raw bytes, whether it can be read or not."""
    for data in (f"{HEADER}\n{ROW}\n".encode(), b"", b"\xff\xfe\x00"):
        assert parse(data).sha256 == sha256(data).hexdigest()


def test_rows_can_be_read_twice() -> None:
    """Asking for the rows again begins at the first."""
    table = parse(f"{HEADER}\n{ROW}\n".encode())
    assert list(table.rows()) == list(table.rows()) != []


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_the_last_line_needs_no_end(line_end: str) -> None:
    """The last row counts, whether its line is ended or not."""
    assert read(line_end.join([HEADER, ROW, ROW])) == read(line_end.join([HEADER, ROW, ROW, ""]))
    assert len(read(line_end.join([HEADER, ROW, ROW]))) == 2


def test_line_ends_may_be_mixed() -> None:
    """CRLF, LF and CR may stand in one file, one inside a quoted cell too."""
    assert [row[0] for row in read(f'{HEADER}\r\n1,,,\n2,,,\r"3\r\n",,,\r\n4,,,') if isinstance(row, list)] == [
        "1",
        "2",
        "3\r\n",
        "4",
    ]


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "1.23E+05", "\u0410", "\u0661\u0662", " padded ", "00042", "@SUM(A1)", "it's", "2"],
)
def test_cells_come_through_untouched(cell: str) -> None:
    """Odd cells are not this module's to judge: no formula is run, no number made, nothing trimmed."""
    assert rows_of(f"{cell},t,e,o") == [[cell, "t", "e", "o"]]


def test_huge_cell_comes_through() -> None:
    """A cell of 5 MB arrives whole, so that validation can say which cell of which row it is."""
    cell = "x" * 5_000_000
    validator = Validator(UTC, datetime(2031, 2, 4, tzinfo=UTC))
    list(validator.scans(parse(f"{HEADER},notes\n{ROW},{cell}\n".encode()).rows()))
    (found,) = validator.problems
    assert (found.row_number, found.field, found.code) == (1, "notes", "cell_too_long")
    assert str(CELL_BYTES_MAX) in found.message


def test_numbering_agrees_with_validation() -> None:
    """A row that can't be read keeps its number, and those after it theirs, blank and ragged ones counted."""
    validator = Validator(UTC, datetime(2031, 2, 4, tzinfo=UTC))
    data = f"{HEADER}\n{ROW}\n\n,,,\n{ROW},x\n{ROW}\nLT 2,,,\n".encode()
    scans = list(validator.scans(parse(data).rows()))
    assert [scan.row_number for scan in scans] == [1, 2, 3, 4, 5, 6]
    assert [problem.row_number for problem in validator.problems][:4] == [2, 3, 4, 6]


@pytest.mark.parametrize("blank", ["", ",,,", ",", " , ,\t,", '"",,," "', ",,,,,,,,", "\u00a0,,,"])
def test_blank_rows(blank: str) -> None:
    """Rows of only blanks and separators, however many, are dropped at the end and a problem anywhere else."""
    assert findings_of(ROW, blank, blank, blank) == []
    assert len(rows_of(ROW, blank, blank, blank)) == 1
    assert findings_of(ROW, blank, blank, ROW, blank) == [(2, "row_blank"), (3, "row_blank")]


def test_row_without_a_tag_is_not_blank() -> None:
    """A row with anything in it is a row, even with its first cell blank."""
    assert rows_of(",,,o") == [["", "", "", "o"]]


def test_ragged_rows_say_their_line() -> None:
    """A row with too many or too few cells is a problem with both numbers and the line where it begins."""
    found = [
        row.message for row in rows_of('"two\nlines",,,', "a,b,c", '"two\nlines",,,,', ROW) if isinstance(row, Finding)
    ]
    assert found == [
        "The row has 3 cells, the header line has 4 (line 4 of the file).",
        "The row has 5 cells, the header line has 4 (line 5 of the file).",
    ]
    assert findings_of('"two\nlines",,,', "a,b,c", '"two\nlines",,,,', ROW) == [(2, "row_ragged"), (3, "row_ragged")]


def test_ragged_row_after_blank_ones_says_its_line() -> None:
    """Blank rows count as lines and as rows."""
    (_, _, ragged, _) = rows_of("", ",,,", "a", ROW)
    assert isinstance(ragged, Finding)
    assert (ragged.row_number, ragged.code) == (3, "row_ragged")
    assert "line 4 " in ragged.message


def test_short_row_without_the_tag_s_column() -> None:
    """A row that ends before the column of the tag is ragged, like any other."""
    found = read("notes,timestamp,event_type,operator_id,asset_tag\nx\n,,,,LT-1\n")
    assert isinstance(found[0], Finding)
    assert (found[0].row_number, found[0].code) == (1, "row_ragged")


@pytest.mark.parametrize("broken", ['"never closed,,,', '"closed"x,,,'])
def test_broken_quotes_stop_the_reading(broken: str) -> None:
    """Quotes that can't be read are a problem of the row and line they begin in, and nothing after it is read."""
    rows = rows_of(ROW, "", broken, ROW, ROW)
    assert findings_of(ROW, "", broken, ROW, ROW) == [(2, "row_blank"), (3, "csv_broken")]
    assert isinstance(rows[-1], Finding)
    assert rows[-1].message.startswith("Line 4: ")


def test_quote_left_open_in_the_only_row() -> None:
    """A file whose first row can't be read has rows, of which the first is a problem."""
    assert findings_of('"never closed') == [(1, "csv_broken")]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"\n\r\n", b" ,,;\t\n\n", b'""\n'])
def test_empty_file(data: bytes) -> None:
    """A file with nothing but blanks and separators in it is empty."""
    assert problem(data).code == "file_empty"


@pytest.mark.parametrize("tail", ["", "\n", "\r\n\r\n", "\n,,,\n , ,\n"])
def test_header_only(tail: str) -> None:
    """A header line without rows is a problem; blank rows are none."""
    assert problem((HEADER + tail).encode()).code == "file_without_rows"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04" + bytes(60), "not_text"),
        (f"{HEADER}\nLT-1\x00,,,\n".encode(), "control_character"),
        (f"{HEADER}\nLT-1,,,Zoë\n".encode("cp1252"), "encoding_unknown"),
        (f"{HEADER}\n{ROW}\n".encode("utf-16")[:-1], "encoding_broken"),
        (f"{HEADER},Asset_Tag\n{ROW},\n".encode(), "header_duplicate"),
        (b"asset_tag,notes\nLT-1,\n", "header_missing"),
        (b'"asset_tag\n', "csv_broken"),
    ],
)
def test_whole_file_problems_leave_no_rows(data: bytes, code: str) -> None:
    """What is wrong with the file as a whole is told once, and no row is read."""
    assert problem(data).code == code


def test_unknown_columns_are_noticed_and_not_read() -> None:
    """Cells of unknown columns are dropped; a notice says which."""
    table = parse(f"Colour,{HEADER}\nred,{ROW}\n".encode())
    assert [list(row)[:4] for row in table.rows() if not isinstance(row, Finding)] == [ROW.split(",")]
    assert [notice.code for notice in table.notices] == ["unknown_columns"]


def test_hundred_thousand_columns() -> None:
    """A hundred thousand columns are read, and the notice about them stays short."""
    names = ",".join(f"column {number}" for number in range(100_000))
    table = parse(f"{HEADER},{names}\n{ROW}{',x' * 100_000}\n".encode())
    (row,) = table.rows()
    assert not isinstance(row, Finding)
    assert list(row) == ROW.split(",") + [""] * 10
    assert len(table.notices[0].message) < 1000


def test_file_size_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file over 256 MiB is refused, one of just that size is not."""
    assert FILE_BYTES_MAX == 256 * 1024 * 1024
    data = f"{HEADER}\n{ROW}\n".encode()
    monkeypatch.setattr(scan_csv, "FILE_BYTES_MAX", len(data))
    assert parse(data).problems == ()
    monkeypatch.setattr(scan_csv, "FILE_BYTES_MAX", len(data) - 1)
    assert problem(data).code == "file_too_large"


def test_million_rows_are_read_and_not_one_more() -> None:
    """Row 1,000,001 is a problem at which the reading stops."""
    rows = parse(f"{HEADER}\n".encode() + b"1,,,\n" * 1_000_003).rows()
    assert not any(isinstance(row, Finding) for row in islice(rows, 1_000_000))
    (last,) = rows
    assert isinstance(last, Finding)
    assert (last.row_number, last.code) == (1_000_001, "too_many_rows")


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([ROW] * 3 + [""] * 3, []),
        ([ROW] * 3 + [""] * 4, [(4, "too_many_rows")]),
        ([ROW] * 2 + [""] * 5, [(3, "too_many_rows")]),
        ([ROW] * 3 + ["", ROW], [(4, "too_many_rows")]),
        ([ROW] * 2 + ["", ROW], [(3, "row_blank"), (4, "too_many_rows")]),
        ([ROW] * 2 + ["", "", "", ROW], [(3, "row_blank"), (4, "too_many_rows")]),
        ([ROW] * 2 + [""] * 9 + [ROW], [(3, "too_many_rows")]),
    ],
)
def test_row_limit(monkeypatch: pytest.MonkeyPatch, lines: list[str], expected: list[tuple[int, str]]) -> None:
    """Blank rows at the end don't count towards the limit, up to as many again; blank rows before a row do."""
    assert ROWS_MAX == 1_000_000
    monkeypatch.setattr(scan_csv, "ROWS_MAX", 3)
    monkeypatch.setattr(scan_csv, "_ROWS_READ_MAX", 6)
    assert findings_of(*lines, "") == expected


def test_reading_needs_little_beyond_the_bytes() -> None:
    """The file is never held as text, nor its rows: reading takes far less memory than the file has bytes."""
    data = f"{FULL_HEADER}\n".encode() + f"{ROW}{',' * 9}{'x' * 400},\n".encode() * 20_000
    tracemalloc.start()
    try:
        for _ in parse(data).rows():
            pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < len(data) // 4
