"""The screen: how pages reach a terminal, or a file in its place.

Rich draws what is styled or framed; plain lines go out many at a time, because a page may have a
million. Colour only on a terminal, and not where NO_COLOR or TERM=dumb forbid it (Rich sees to that).
"""

import sys
from collections.abc import Iterable
from itertools import groupby
from typing import TextIO, cast

from rich.console import Console, RenderableType
from rich.text import Text

from assettrack.cli import output

Page = Iterable[RenderableType]
"""What to show, from top to bottom. A plain string is one line, shown as it is; it may hold anything."""


class Block(str):
    """Many lines as one text, without the last line's end, which are inert already.

    What has a million lines is made and written in these: so much for each line would be the most of what it costs.
    """

    __slots__ = ()


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
    for kind, parts in groupby(page, key=type):
        if kind is Block:
            output.blocks(cast("Iterable[str]", parts), on=stream)
        elif issubclass(kind, str):
            output.lines(cast("Iterable[str]", parts), on=stream)
        else:
            for part in parts:
                screen.print(part)


def heading(text: str) -> Text:
    """Return a line that stands out."""
    return Text(output.inert(text), style="bold")


def width() -> int:
    """Return how many columns the screen has."""
    return Screen(sys.stdout).width
