"""Lists of what was scanned: tags with or without a place, and every line that is none is said with its number."""

from hashlib import sha256

import pytest

from assettrack.domain import errors
from assettrack.formats import count_list
from assettrack.formats.count_list import ListedTag


@pytest.mark.parametrize(
    ("line", "listed"),
    [
        ("A1", ListedTag("A1", None, None)),
        (" lt-0042 ", ListedTag("LT-0042", None, None)),
        ("A1,case-01", ListedTag("A1", "CASE-01", None)),
        ("A1;CASE-01;SLOT-07", ListedTag("A1", "CASE-01", 7)),
        ("A1\tCASE 01\t7", ListedTag("A1", "CASE 01", 7)),
        ("A1,,7", ListedTag("A1", None, 7)),
        ("A1,,", ListedTag("A1", None, None)),
    ],
)
def test_a_line_of_a_list(line: str, listed: ListedTag) -> None:
    """A tag, and the case and the slot as far as they are there; separators are those of a batch."""
    data = f"\ufeff# counted by Jonas\r\n\r\n{line}\r\n".encode()
    assert count_list.parse(data, "list.txt") == ([listed], sha256(data).hexdigest())


def test_a_heading_stands_at_the_top() -> None:
    """Further down the same word is the tag of something."""
    assert [each.asset_tag for each in count_list.parse(b"A1\ntag\n", "list.txt").tags] == ["A1", "TAG"]


def test_a_list_keeps_its_order_and_what_stands_twice() -> None:
    """Every line is a scan."""
    assert [each.asset_tag for each in count_list.parse(b"B\nA\nB", "list.txt").tags] == ["B", "A", "B"]


@pytest.mark.parametrize(
    ("data", "line", "said"),
    [
        (b"A1\nA 2\n", 2, "'A 2' is not TAG,CASE,SLOT: "),
        (b"A1\nA2,C1,0\n", 2, "slots are numbered from 1 to 500"),
        (b"A1,OUT,OUT\n", 1, "OUT is reserved"),
        (b"tag\nA1\n", 1, "'tag' reads like a heading; leave the line out, or begin it with #"),
        (b"\n# seen\n Tag ; Case\nA1;C1\n", 3, "'Tag ; Case' reads like a heading"),
        (b"TAG,CASE,SLOT\nA1,C1,1\n", 1, "'TAG,CASE,SLOT' reads like a heading"),
        (b"asset tag\nA1\n", 1, "reads like a heading"),
        (b"A1,C1,1,x\n", 1, "a line is written TAG, TAG,CASE or TAG,CASE,SLOT"),
        (b",C1,1\n", 1, "it is blank"),
        (b"name,room,floor,date\nJ,1,2,3\nK,1,2,3\n", 1, "; 2 more lines can't be read"),
        (b"1E+05\n", 1, "a spreadsheet turned it into a number"),
        ((b"A" * 70) + b"\n", 1, "…' is not TAG,CASE,SLOT: "),
        (b"", None, "it names no tag"),
        (b"# nothing\n\n", None, "it names no tag"),
        (b"%PDF-1.7 nothing", None, "a PDF document"),
        (b"A1\n\xe4\n", None, "is not UTF-8"),
        (b"A1\n\x00\n", None, "NUL"),
    ],
)
def test_what_is_no_list(data: bytes, line: int | None, said: str) -> None:
    """The file and the first bad line are named, what is wrong with it, and how many more there are."""
    with pytest.raises(errors.ListFileWrong) as caught:
        count_list.parse(data, "list.txt")
    assert str(caught.value).startswith(f"list.txt, line {line}: " if line else "list.txt: ")
    assert said in str(caught.value)


def test_a_list_has_its_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many tags and bytes as a batch may have."""
    monkeypatch.setattr(count_list, "ROWS_MAX", 2)
    assert len(count_list.parse(b"A\nB\n", "list.txt").tags) == 2
    with pytest.raises(errors.ListFileWrong, match="at most 2 tags"):
        count_list.parse(b"A\nB\nC\n", "list.txt")
    monkeypatch.setattr(count_list, "FILE_BYTES_MAX", 3)
    with pytest.raises(errors.ListFileWrong, match="more than 3 bytes"):
        count_list.parse(b"A\nB\n", "list.txt")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"asset_tag,timestamp\n", True),
        (b"\n# a comment\n Asset_Tag ;x\n", True),
        (b"\xff\xfea\x00s\x00s\x00e\x00t\x00_\x00t\x00a\x00g\x00", True),
        (b"A1\nasset_tag\n", False),
        (b"", False),
        (b"%PDF-1.7 asset_tag", False),
    ],
)
def test_a_batch_is_told_from_a_list(data: bytes, expected: bool) -> None:  # noqa: FBT001 - the expected answer
    """By the header line, which no tag can look like."""
    assert count_list.is_batch(data) is expected
