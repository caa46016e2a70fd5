"""Code 128: what is encoded is read by another program, and in as few modules as the digits allow."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.graphics.barcode.code128 import Code128

from assettrack.paper.code_128 import encoded, modules_of
from tests.paper.symbols import picture_of, read_symbols

TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=30)
DIGITS = st.from_regex(r"[A-Z]{0,3}[0-9]{1,20}[A-Z]{0,3}[0-9]{0,9}", fullmatch=True)


@settings(max_examples=60)
@given(TEXTS | DIGITS)
def test_every_text_is_read_back(text: str) -> None:
    """By an independent reader, from bars three pixels a module; and it is as wide as is said."""
    bars = modules_of(encoded(text))
    assert len(bars) == encoded(text).modules
    assert read_symbols(picture_of([bars] * 20, 10, 3)) == [text]


@given(DIGITS)
def test_no_more_symbols_than_another_encoder_needs(text: str) -> None:
    """ReportLab's encoder is the measure."""
    other = Code128(text, barWidth=1, quiet=0)
    assert encoded(text).modules <= other.width


def test_digits_are_paired_where_it_pays() -> None:
    """Four at an end, six in the middle (ISO/IEC 15417, annex E), or all: fewer cost as much as they save."""
    assert encoded("LT-0042").parts == (("B", "LT-"), ("C", "0042"))
    assert encoded("12").parts == (("C", "12"),)
    assert encoded("A12345").parts == (("B", "A1"), ("C", "2345"))
    assert encoded("A1234B").parts == (("B", "A1234B"),)
    assert encoded("A123456B").parts == (("B", "A"), ("C", "123456"), ("B", "B"))


@pytest.mark.parametrize("text", ["", "ä", "\n", "\x7f"])
def test_what_bars_can_not_hold(text: str) -> None:
    """Letters beyond printable ASCII, or none."""
    with pytest.raises(ValueError, match="printable ASCII"):
        encoded(text)
