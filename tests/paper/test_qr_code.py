"""The code on paper: what it refuses to draw, and how large it is."""

import pytest

from assettrack.paper.qr_code import MODULE, Symbol

LONGEST = 4296
"""What ISO/IEC 18004 says that version 40 holds at level L."""


@pytest.mark.parametrize("text", ["0" * (LONGEST + 1), "small letters", "ÄÖÜ", "1;2"])
def test_what_no_code_holds(text: str) -> None:
    """A text that is too long, or has characters that a scanner would not type back, is refused."""
    with pytest.raises(ValueError, match=r"\w"):
        Symbol(text)


@pytest.mark.parametrize(("text", "modules"), [("AT1:0.", 21), ("0" * 3391, 177), ("0" * LONGEST, 177)])
def test_how_large_a_code_is(text: str, modules: int) -> None:
    """The side is that of the version's modules, each of fixed size, and of four white ones at each end."""
    assert Symbol(text).side == pytest.approx((modules + 8) * MODULE)
