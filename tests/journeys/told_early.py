"""The program, but told to end before it serves: `python -m tests.journeys.told_early MOMENT SIGNAL serve --port 0`.

It sends itself the signal (`SIGINT`, say) right after it has said how to end it (``said``), or where the loop that
will serve is about to be made (``loop``). Everything else is the program's.
"""

import signal
import sys
from collections.abc import Callable

import uvicorn

from assettrack.cli import output
from assettrack.cli.main import main

_tell = output.tell
_loop_factory = uvicorn.Config.get_loop_factory


def come_when_said(told: signal.Signals) -> None:
    """Send the signal once it is said how to end it."""

    def tell(*texts: str) -> None:
        _tell(*texts)
        if any("Ctrl+C" in text for text in texts):
            signal.raise_signal(told)

    output.tell = tell


def come_before_the_loop(told: signal.Signals) -> None:
    """Send the signal before there is a loop."""

    def get_loop_factory(self: uvicorn.Config) -> Callable[[], object] | None:
        signal.raise_signal(told)
        return _loop_factory(self)

    uvicorn.Config.get_loop_factory = get_loop_factory  # type: ignore[method-assign, assignment]  # what is planted


MOMENTS = {"said": come_when_said, "loop": come_before_the_loop}


if __name__ == "__main__":
    MOMENTS[sys.argv.pop(1)](signal.Signals[sys.argv.pop(1)])
    sys.exit(main())
