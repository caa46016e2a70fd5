"""Tests of `assettrack.cli.show.findings`."""

import pytest

from assettrack.cli.show.findings import grouped, sections
from assettrack.domain.findings import Finding

A = [Finding(row, "timestamp", "a", "A is wrong.") for row in (1, 4, 5, 6)]
A_OTHER = Finding(2, "timestamp", "a", "A is wrong otherwise.")
B = Finding(3, None, "b", "B is wrong.")
FILE = Finding(None, "timestamp", "c", "The file is odd.")


def test_each_sentence_stands_once_with_its_rows() -> None:
    """Equal sentences are drawn together, and those of one code stand together, in the order of first occurrence."""
    assert grouped([A[0], A_OTHER, B, *A[1:], FILE]) == [
        ("rows 1, 4-6, timestamp", "A is wrong."),
        ("row 2, timestamp", "A is wrong otherwise."),
        ("row 3", "B is wrong."),
        ("whole file, timestamp", "The file is odd."),
    ]


def test_kinds_have_their_count_and_empty_kinds_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each kind is headed by how many findings it has; long sentences are wrapped under their rows."""
    monkeypatch.setenv("COLUMNS", "40")
    long = Finding(1, None, "d", "word " * 12)
    lines = [str(part) for part in sections([("problem", [long]), ("refusal", []), ("notice", A)])]
    assert lines == [
        "1 problem", "  row 1", "    word word word word word word word", "    word word word word word", "",
        "4 notices", "  rows 1, 4-6, timestamp", "    A is wrong.", "",
    ]  # fmt: skip


def test_beyond_the_limit_sentences_are_counted() -> None:
    """With a limit the rest is counted and the way to see it is told."""
    lines = [str(part) for part in sections([("notice", [*A, A_OTHER, B])], limit=1)]
    assert lines[0] == "6 notices"
    assert lines[3] == "  and 2 more; --all shows them"
    assert not any("otherwise" in line for line in lines)


def test_of_findings_that_say_themselves_what_they_are_about_no_place_is_said() -> None:
    """Such as those of a download, which name their scans: a field that is in no row is nobody's."""
    lines = [str(part) for part in sections([("refusal", [FILE, B])], whole="")]
    assert lines == ["2 refusals", "    The file is odd.", "  row 3", "    B is wrong.", ""]
