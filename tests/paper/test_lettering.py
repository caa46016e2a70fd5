"""Letters and lines: nothing that can't be printed is printed, nothing is lost between two lines."""

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.receipts import escaped
from assettrack.paper.lettering import SIZE_MIN, Lettering, bold, cut, fitted, regular, width_of

STYLE = regular(8)
NUMBER = re.compile(r"\\u\{[0-9A-F]+\}")
texts = st.text() | st.text(st.sampled_from("aW -\\é王")) | st.lists(st.text(st.sampled_from("aW-"))).map(" ".join)


@given(texts)
def test_what_is_shown_can_be_printed(text: str) -> None:
    """A shown text has the letters of the text or their numbers, and shows the same when it is shown again."""
    letters = Lettering()
    shown = letters.shown(text)

    assert letters.wrote_numbers == (shown != text)
    assert {letter for letter in shown if not letter.isascii()} <= set(text)
    assert len(shown) >= len(escaped(text))
    assert all(
        shown.count(letter) in {0, text.count(letter)} for letter in set(text) if letter.isalpha() and letter > "\x7f"
    )
    if not letters.wrote_numbers:
        assert letters.shown(shown) == shown


@given(texts, st.floats(10, 200))
def test_lines_hold_the_whole_text(text: str, width: float) -> None:
    """All letters stand on the lines in their order, none goes beyond the width, and none stands lower than it must."""
    letters = Lettering()
    shown = letters.shown(text)
    lines = letters.lines(shown, width, STYLE)

    assert "".join(lines).replace(" ", "") == shown.replace(" ", "")
    for line in lines:
        assert width_of(line, STYLE) <= width or NUMBER.fullmatch(line)
    if "-" not in shown and all(width_of(word, STYLE) <= width for word in shown.split(" ")):
        for line, following in pairwise(lines):
            assert width_of(f"{line} {following.split(' ')[0]}", STYLE) > width


def test_where_lines_break() -> None:
    """A line breaks at a space, which then goes, after a hyphen, or in a word that is too long for any line."""
    letters = Lettering()
    width = width_of("Shevchenko-", STYLE)

    assert letters.lines("Olha Shevchenko-Bartholomew 1", width, STYLE) == ("Olha", "Shevchenko-", "Bartholome", "w 1")
    assert letters.lines("", width, STYLE) == ("",)


def test_a_number_is_not_broken() -> None:
    """What stands for one letter stays on one line."""
    letters = Lettering()
    shown = letters.shown("王王王\\王")

    lines = letters.lines(shown, width_of("\\u{738B}12", STYLE), STYLE)

    assert lines == ("\\u{738B}", "\\u{738B}", "\\u{738B}\\\\", "\\u{738B}")


def test_a_smaller_size_where_it_must_be() -> None:
    """A text that is too wide is set smaller, so that it fits, but never smaller than can be read."""
    usual = bold(9)
    width = width_of("LAP-00001", usual)

    assert fitted("LAP-00001", width, usual) == usual
    assert usual.size > fitted("LAP-0000001", width, usual).size > SIZE_MIN
    assert width_of("LAP-0000001", fitted("LAP-0000001", width, usual)) <= width
    assert fitted("W" * 30, width, usual).size == SIZE_MIN


@given(texts, st.floats(10, 300))
def test_a_cut_text_fits_and_keeps_its_beginning(text: str, width: float) -> None:
    """What fits is left whole; else an ellipsis says that there was more, and no number is cut in two."""
    shown = Lettering().shown(text)
    found = cut(shown, width, STYLE)
    if width_of(shown, STYLE) <= width:
        assert found == shown
        return
    assert found == "…" or width_of(found, STYLE) <= width
    assert shown.startswith(found.removesuffix("…"))
    assert found.endswith("…")
    assert NUMBER.sub("", found).count("\\u") <= NUMBER.sub("", shown).count("\\u")
