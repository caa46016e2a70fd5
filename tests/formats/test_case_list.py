"""Tests of `assettrack.formats.case_list`."""

import pytest

from assettrack.domain import errors
from assettrack.formats import case_list


@pytest.mark.parametrize(
    ("data", "cases"),
    [
        (b"CASE-01,20\ncase-02,4\n", [("CASE-01", 20), ("CASE-02", 4)]),
        (b"\xef\xbb\xbfCASE-01,20\r\n\r\n# room 5\r\n  A B_1 , 007", [("CASE-01", 20), ("A B_1", 7)]),
        ("CASE-01,1\rX,500".encode("utf-16"), [("CASE-01", 1), ("X", 500)]),
    ],
)
def test_lists_are_read(data: bytes, cases: list[tuple[str, int]]) -> None:
    """Each line is a case and its number of slots; blank lines and comments are left out, labels made normal."""
    assert case_list.parse(data, "x") == cases


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "x: it names no case."),
        (b"# only\n\n", "x: it names no case."),
        (b"A,1\n\nB", "x, line 3: a line is written NAME,N"),
        (
            b"case_name,slots\nA,1",
            (
                "x, line 1: a line is written NAME,N (the case, a comma, its number of slots, as in CASE-07,24), "
                "without a heading above. This one is 'case_name,slots'."
            ),
        ),
        (
            b"A,1\nCASE-01;12\r\n",
            (
                "x, line 2: a line is written NAME,N (the case, a comma, its number of slots, as in CASE-07,24), "
                "without a heading above. This one is 'CASE-01;12'."
            ),
        ),
        (b"A,0", "x, line 1: 'A,0' is not NAME,N: slots are numbered from 1 to 500."),
        (b"A,501", "x, line 1: "),
        (b"A,1,2", "x, line 1: "),
        (b"A,", "x, line 1: "),
        (b",1", "x, line 1: ',1' is not NAME,N: it is blank."),
        (b"OUT,1", "x, line 1: "),
        (b"A,1\nat 7,1", "x, line 2: 'at 7,1' is not NAME,N: what begins with AT and a space is read as a scan card"),
        (b"A SLOT-02,1", "x, line 1: 'A SLOT-02,1' is not NAME,N: it is read as the label of a slot"),
        (b"A,1\n#\na ,2", "x, line 3: case A stands in line 1 already."),
        (b"A,1\xff", "x: Line 1, character 4: "),
        (b"A\x00,1", "x: Line 1, character 2: "),
        (b"#" * 1_000_001, "x: it has more than 1,000,000 bytes."),
    ],
)
def test_what_can_not_be_read_stops_the_list(data: bytes, message: str) -> None:
    """The first thing that is wrong is named with its line; nothing is guessed or left out."""
    with pytest.raises(errors.ListFileWrong) as caught:
        case_list.parse(data, "x")
    assert str(caught.value).startswith(message)
    assert str(caught.value).endswith("Nothing was saved. Mend the file and try again.")
