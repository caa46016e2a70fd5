"""Tests of `assettrack.cli.output`."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.cli import output


@given(st.text())
def test_inert_text_is_printable_whatever_it_was(text: str) -> None:
    """Nothing that is not printable comes through: no control character, no mark that reorders, no lone surrogate."""
    shown = output.inert(text)
    assert shown.isprintable()
    assert not {unicodedata.category(letter) for letter in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(st.text(st.characters(exclude_categories=["C", "Zl", "Zp", "Zs"])))
def test_printable_text_is_left_alone(text: str) -> None:
    """What can be printed is shown as it is."""
    assert output.inert(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\u202eb", "a\\u202eb"),
        ("\x9bm", "\\x9bm"),
        ("a\nb", "a\\nb"),
        ("Åsa Öst", "Åsa Öst"),
    ],
)
def test_what_could_move_the_cursor_is_escaped(text: str, shown: str) -> None:
    """Escape sequences, the eight-bit one too, marks of direction and line breaks are shown as what they are."""
    assert output.inert(text) == shown


@pytest.mark.parametrize("count", [0, 1, 2, 999, 1000, 1001, 2001, 2002])
def test_an_array_has_each_item_once(capsysbinary: pytest.CaptureFixture[bytes], count: int) -> None:
    """However many items there are, they come out in order with commas in between."""
    items = [str(number).encode() for number in range(count)]
    output.write_array(b'{"a":', iter(items), b"}")
    assert capsysbinary.readouterr().out == b'{"a":[' + b",".join(items) + b"]}\n"


@pytest.mark.parametrize("count", [0, 1, 1000, 2001])
def test_lines_come_out_each_on_its_own(capsys: pytest.CaptureFixture[str], count: int) -> None:
    """Lines are written in order, each inert."""
    output.lines(f"{number}\t" for number in range(count))
    assert capsys.readouterr().out == "".join(f"{number}\\t\n" for number in range(count))


def test_text_and_bytes_keep_their_order(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    """Bytes written after text come after it."""
    output.lines(["first"])
    output.write_bytes(b"second\n")
    output.lines(["third"])
    assert capsysbinary.readouterr().out == b"first\nsecond\nthird\n"


def test_a_missing_stream_swallows_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without stdout and stderr, as in a program without a console, writing is no error."""
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    output.prepare()
    output.lines(["x"])
    output.write_json({"x": 1})
    output.tell("x")
    output.finish()
