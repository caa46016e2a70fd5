"""What is said when a command fails: a sentence on stderr, or with `--json` an error object on stdout.

Owns the object and the sentence; the exit codes stand on the errors and in `exit_codes`. Must never fail itself.
"""

import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import click
import msgspec

from assettrack.cli import exit_codes, output
from assettrack.cli.invocation import Invocation
from assettrack.domain import errors
from assettrack.domain.findings import Finding


class Failure(NamedTuple):
    """What went wrong: the catalogue's code, the sentence, whether anything was saved, the exit code."""

    code: str
    message: str
    exit_code: int
    saved: bool | None = False


def report(error: BaseException, invocation: Invocation, *, as_json: bool) -> int:
    """Say what went wrong, and return the exit code."""
    unfinished = isinstance(error, output.Unfinished)
    error = error.error if isinstance(error, output.Unfinished) else error
    failure = failure_of(error, invocation)
    try:
        if unfinished:  # the answer on stdout is ended as one object, with the error in it
            output.write_bytes(b'],"error":', msgspec.json.encode(error_object(failure)), b"}\n")
        elif as_json:
            output.write_json(_answer(failure, error))
        else:
            _show(failure, error)
        output.finish()
    except OSError:  # the disk is full, say; what should have stood there is told to whoever still listens
        output.silence(sys.stdout)
        if as_json:
            output.tell(f"Error: {failure.message}")
    with suppress(errors.AssetTrackError):
        invocation.close()
    return failure.exit_code


def failure_of(error: BaseException, invocation: Invocation) -> Failure:
    """Return what is to be said of an error."""
    if isinstance(error, errors.AssetTrackError):
        return of_catalogue(error) if not invocation.is_done else _after_the_deed(error, invocation)
    if isinstance(error, click.ClickException):
        return Failure("usage", f"{_usage(error)} Nothing was saved.", exit_codes.USAGE)
    saved, sentence = invocation.what_was_saved()
    if isinstance(error, click.Abort | KeyboardInterrupt):
        return Failure("interrupted", f"Interrupted. {sentence}", exit_codes.INTERRUPTED, saved)
    if isinstance(error, OSError):
        what = f"The system refused to read or write: {error.strerror or error} (in {_place(error)}). {sentence}"
        return Failure("unexpected", what, exit_codes.UNEXPECTED, saved)
    what = f"Something unexpected happened: {type(error).__name__}: {error} (in {_place(error)}). {sentence}"
    return Failure("unexpected", f"{what} Run assettrack doctor, and report this line.", exit_codes.UNEXPECTED, saved)


def of_catalogue(error: errors.AssetTrackError) -> Failure:
    """Return what is to be said of an error of the catalogue."""
    return Failure(error.code, str(error), error.exit_code, error.saved)


def _after_the_deed(error: errors.AssetTrackError, invocation: Invocation) -> Failure:
    """Return what is to be said of an error that came after the deed: its own sentence would say nothing was saved."""
    saved, sentence = invocation.what_was_saved()
    return Failure(
        error.code, f"{sentence} Then something failed: {error.code}. Run assettrack doctor.", error.exit_code, saved
    )


def error_object(failure: Failure) -> dict[str, object]:
    """Return a failure as it stands under ``error`` in an answer."""
    return {"code": failure.code, "message": output.inert(failure.message), "saved": failure.saved}


_WITH_FINDINGS = (
    errors.BatchHasProblems, errors.BatchRefused, errors.PlanStale, errors.ConfirmCodeWrong,
    errors.CorrectionHasProblems,
)  # fmt: skip
"""Errors of a refused commit or correction, which name what is wrong."""


def _answer(failure: Failure, error: BaseException) -> dict[str, object]:
    """Return the answer of a failed command: the error, and the rows it is about."""
    answer: dict[str, object] = {"error": error_object(failure)}
    if isinstance(error, _WITH_FINDINGS):
        answer["problems"] = error.problems
        answer["refusals"] = error.refusals
    if isinstance(error, errors.PlanStale | errors.CountStale):
        answer["moved"] = error.moved
    if isinstance(error, errors.CorrectionRefused):
        answer["illegal"] = error.illegal
    return answer


def _show(failure: Failure, error: BaseException) -> None:
    """Write a failure for a person: the rows first, so that the sentence stands last."""
    problems: Sequence[Finding] = getattr(error, "problems", ())
    refusals: Sequence[Finding] = getattr(error, "refusals", ())
    if problems or refusals:
        from assettrack.cli.show.findings import WHOLE_FILE, sections
        from assettrack.cli.show.screen import show

        whole = "this entry" if isinstance(error, errors.CorrectionHasProblems) else WHOLE_FILE
        if isinstance(error, errors.BatchHasProblems | errors.BatchRefused):
            whole = {"file": WHOLE_FILE, "batch": "whole batch"}.get(error.made_of, "")  # a download's name their scans
        show(sections([("problem", problems), ("refusal", refusals)], whole=whole), on=sys.stderr)
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        output.tell(*error.format_message().splitlines())
    else:
        at_a_question = isinstance(error, click.Abort) and error.__cause__ is None
        output.tell(*[""] * at_a_question, f"Error: {failure.message}")


def _usage(error: click.ClickException) -> str:
    """Return what was wrong with the command line, and where the right one is explained."""
    is_help = isinstance(error, click.exceptions.NoArgsIsHelpError)
    message = "A command is missing." if is_help else error.format_message()
    context = getattr(error, "ctx", None)
    return message if context is None else f"{message} Try: {context.command_path} --help."


def _place(error: BaseException) -> str:
    """Return where an error was raised: file and line, as a place to look."""
    frames = traceback.extract_tb(error.__traceback__)
    if not frames:
        return "an unknown place"
    return f"{'/'.join(Path(frames[-1].filename).parts[-2:])}, line {frames[-1].lineno}"
