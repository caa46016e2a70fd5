"""Tests of `assettrack.cli.show.screen`."""

import sys

import pytest

from assettrack.cli.show.screen import Block, Screen, heading, show


def test_styled_text_takes_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """What looks like Rich's markup or an emoji's name is shown as it is, whoever prints it."""
    show([heading("[red]a[/red]"), "[b]b"])
    Screen(sys.stdout).print("[red]c[/red] :smile: 12")
    assert capsys.readouterr().out == "[red]a[/red]\n[b]b\n[red]c[/red] :smile: 12\n"


def test_blocks_of_lines_stand_among_lines(capsys: pytest.CaptureFixture[str]) -> None:
    """Each part of a page comes in its turn, whether it is one line or many; what a line could do is not done."""
    show(["a\x1b[2J", Block("b\nc"), Block("d"), "e", ""])
    assert capsys.readouterr().out == "a\\x1b[2J\nb\nc\nd\ne\n\n"
