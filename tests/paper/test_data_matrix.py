"""Data Matrix: what is encoded is read by another program, damaged too."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.paper.data_matrix import QUIET, matrix
from tests.paper.symbols import picture_of, read_symbols

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=44)


@settings(max_examples=80)
@given(TEXTS | st.from_regex(r"[A-Z]{0,3}[0-9]{1,60}", fullmatch=True))
def test_every_text_is_read_back(text: str) -> None:
    """By an independent reader, with no more quiet zone than we print."""
    assert read_symbols(picture_of(matrix(text), QUIET, 4)) == [text]


@pytest.mark.parametrize(
    ("length", "side"), [(3, 10), (4, 12), (6, 14), (9, 16), (13, 18), (19, 20), (23, 22), (31, 24)]
)
def test_the_smallest_square_is_taken(length: int, side: int) -> None:
    """One letter more than the next smaller one holds (ISO/IEC 16022, table 7: 3, 5, 8, 12, 18, 22, 30, 36, 44)."""
    assert {len(row) for row in matrix("A" * length)} == {len(matrix("A" * length))} == {side}
    assert len(matrix("A" * 37)) == 26


def test_a_damaged_square_is_still_read() -> None:
    """A 22 x 22 square corrects ten wrong codewords: 20 modules next to each other that are turned over are no more."""
    rows = [bytearray(row) for row in matrix("LT-0042-LT-0042-LT-0042-LT-0042")]
    assert len(rows) == 22
    for row in range(4, 8):
        for column in range(6, 11):
            rows[row][column] ^= 1
    assert read_symbols(picture_of([bytes(row) for row in rows], QUIET, 4)) == ["LT-0042-LT-0042-LT-0042-LT-0042"]


@pytest.mark.parametrize("text", ["", "ä", "A" * 45])
def test_what_a_square_can_not_hold(text: str) -> None:
    """Letters beyond ASCII, none, or too many."""
    with pytest.raises(ValueError, match="Data Matrix"):
        matrix(text)
