"""The screen: how pages reach a terminal, or a file in its place.

Rich draws what is styled or framed; plain lines go out many at a time, because a page may have a
million. Colour only on a terminal, and not where NO_COLOR or TERM=dumb forbid it (Rich sees to that).
"""

import sys
from collections.abc import Iterable
from itertools import groupby
from typing import TextIO

from rich.console import Console, RenderableType
from rich.text import Text

from assettrack.cli import output

Page = Iterable[RenderableType]
"""What to show, from top to bottom. A plain string is one line, shown as it is; it may hold anything."""


class Screen(Console):
    """A Rich console on one of our streams, which takes no markup and is quiet when the reader goes away."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(file=stream, markup=False, emoji=False, highlight=False)

    def on_broken_pipe(self) -> None:
        """Let what is still to come go nowhere."""
        output.silence(self.file)


def show(page: Page, *, on: TextIO | None = None) -> None:
    """Write a page to stdout, or to another stream."""
    stream = on or sys.stdout
    screen = Screen(stream)
    for plain, parts in groupby(page, key=lambda part: isinstance(part, str)):
        if plain:
            output.lines((str(part) for part in parts), on=stream)
        else:
            for part in parts:
                screen.print(part)


def heading(text: str) -> Text:
    """Return a line that stands out."""
    return Text(output.inert(text), style="bold")


def width() -> int:
    """Return how many columns the screen has."""
    return Screen(sys.stdout).width
