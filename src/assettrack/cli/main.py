"""The entry of the program: the one place where whatever went wrong becomes an exit code and a sentence.

Nothing is imported here that `assettrack --help` does not need. Must never let a traceback out.
"""

import gc
import sys
from collections.abc import Sequence

from assettrack.cli import exit_codes, output
from assettrack.cli.invocation import Invocation

PROGRAM = "assettrack"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (DESIGN §10); data goes to stdout, messages to stderr."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if arguments is None:
        gc.disable()  # one command, then the process ends; its values form no cycles, and looking for some costs 10 %
    invocation = Invocation()
    try:
        return _run(words, invocation)
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - the edge: here every error becomes a sentence
        return _report(error, words, invocation)
    finally:
        if arguments is None:
            invocation.leave()


def _run(words: Sequence[str], invocation: Invocation) -> int:
    output.prepare()
    _require_asserts()
    from assettrack.cli.commands import assettrack

    exit_code = assettrack.main(args=words, prog_name=PROGRAM, standalone_mode=False, obj=invocation)
    output.finish()
    invocation.close()
    return exit_code or exit_codes.DONE


def _report(error: BaseException, words: Sequence[str], invocation: Invocation) -> int:
    try:
        from assettrack.cli import failures

        return failures.report(error, invocation, as_json=invocation.json or _asks_for_json(words))
    except KeyboardInterrupt:  # somebody is in a hurry
        return exit_codes.INTERRUPTED


def _require_asserts() -> None:
    """Refuse to run where `python -O` or PYTHONOPTIMIZE has taken the asserts out: they carry load."""
    if sys.flags.optimize:
        from assettrack.domain.errors import AssertsMissing

        raise AssertsMissing


def _asks_for_json(words: Sequence[str]) -> bool:
    """Tell whether --json was typed, for errors that end the reading of the command line before it gets there."""
    options = words[: words.index("--")] if "--" in words else words
    return "--json" in options
