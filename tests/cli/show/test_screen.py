"""Tests of `assettrack.cli.show.screen`."""

import sys

import pytest

from assettrack.cli.show.screen import Screen, heading, show


def test_styled_text_takes_no_markup(capsys: pytest.CaptureFixture[str]) -> None:
    """What looks like Rich's markup or an emoji's name is shown as it is, whoever prints it."""
    show([heading("[red]a[/red]"), "[b]b"])
    Screen(sys.stdout).print("[red]c[/red] :smile: 12")
    assert capsys.readouterr().out == "[red]a[/red]\n[b]b\n[red]c[/red] :smile: 12\n"
