"""Clearing a scanner from the command line: proven anew, asked, done on a connection of its own, and told.

Owns that the scanner that is cleared is the one of which was asked. The proof itself is `services.scanner_clearing`.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import click
import msgspec

from assettrack.cli import answer_options, confirmation, exit_codes, output
from assettrack.cli.invocation import Invocation
from assettrack.cli.progress import showing
from assettrack.cli.scanner_connection import AtWork, Connection, at_work, at_work_anew, command, connected
from assettrack.cli.scanner_left_out import left_out_lines
from assettrack.cli.show.words import counted
from assettrack.domain import download_errors
from assettrack.domain.downloads import Download
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scanner_errors import ScannerChanged
from assettrack.domain.wording import batches_named
from assettrack.services import scanner_clearing
from assettrack.services.scanner_clearing import Cleared

QUESTION = "Clear the scanner?"


def run(call: Invocation, to: Connection, answers: Answers, *, yes: bool) -> int:
    """Clear the scanner that is connected, once it is confirmed."""
    serial = None
    if not yes:
        if call.json or not confirmation.on_a_terminal():
            raise click.UsageError("Say --yes to clear the scanner, or be asked on a terminal.")
        with connected(call, to) as scanner:
            serial = scanner.identity.serial
        proof, left_out = _proven_of(call, serial, answers)
        output.lines([f"Scanner {serial}: {proof}", *left_out])
        if not click.confirm(QUESTION):
            output.tell("Not cleared. Nothing was saved.")
            return exit_codes.INTERRUPTED
    cleared, left_out = _clear(call, to, serial, answers)
    if call.json:
        output.write_json(msgspec.structs.asdict(cleared))
    else:
        output.lines([*(left_out if yes else []), told(cleared)])  # who was asked was told
    return exit_codes.DONE


def later(call: Invocation, to: Connection, download: Download, answers: Answers) -> str:
    """Return how a scanner that still holds its scans is cleared later: with what was answered, if that is needed."""
    unanswered = at_work(call).downloads.batch(download, Answers())
    is_needed = unanswered.problems or unanswered.numbers
    words = answer_options.written(answers) if is_needed else []
    return f"The scanner still holds its scans. Clear it with: {command(call, 'scanner', 'clear', *to.words(), *words)}"


def proven(call: Invocation, download: Download, answers: Answers) -> tuple[int, ...]:
    """Return the batches in which all rows of a download are, as a connection tells that is opened for it.

    Raises:
        download_errors.ClearTooEarly: some of it is not committed.
    """
    with _hinting(), at_work_anew(call) as anew:
        return scanner_clearing.require_committed(anew.workplace, anew.downloads, download, answers)


def clear(call: Invocation, to: Connection, serial: str | None, answers: Answers) -> Cleared:
    """Clear a scanner, over new connections to it and to the database; None is whichever is connected.

    Raises:
        scanner_errors.ScannerChanged: another one is connected.
        errors.AssetTrackError: as `scanner_clearing.clear`.
    """
    return _clear(call, to, serial, answers)[0]


def _clear(call: Invocation, to: Connection, serial: str | None, answers: Answers) -> tuple[Cleared, list[str]]:
    """Clear a scanner as `clear`, and return lines about the scans that were left out as well."""
    look = command(call, "scanner", "info", *to.words())
    call.reached(f"What the scanner may have been cleared of is committed and kept; look with: {look}.")
    with (
        call.deed(),
        _hinting(),
        at_work_anew(call) as anew,
        showing("Clearing the scanner"),
        connected(call, to) as scanner,
    ):
        if serial is not None and scanner.identity.serial != serial:
            raise ScannerChanged(serial, scanner.identity.serial)
        kept = anew.desk.spool.downloads(scanner.identity.serial)
        left_out = _left_out_of(call, anew, kept[-1], answers) if kept else []
        return scanner_clearing.clear(anew.workplace, anew.downloads, scanner, anew.desk.spool, answers), left_out


def told(cleared: Cleared) -> str:
    """Return what became of a scanner, in a line."""
    left = "It holds nothing now"
    if cleared.left:
        left = f"It holds {counted(cleared.left, 'scan')} made since; pull again"
    what = (
        f"Scanner {cleared.serial} is cleared of {counted(cleared.scans, 'scan')}, by entry {cleared.seq:,} of the log."
    )
    return f"{what} {left}."


@contextmanager
def _hinting() -> Iterator[None]:
    """Say with each question that stands against a clear how it is answered."""
    try:
        yield
    except download_errors.ClearTooEarly as error:
        if not error.questions:
            raise
        raise download_errors.ClearTooEarly.asking(list(map(answer_options.hinted, error.questions))) from error


def _proven_of(call: Invocation, serial: str, answers: Answers) -> tuple[str, list[str]]:
    """Return what is proven of the scans that were pulled from a scanner last, and lines about those left out.

    Nobody is asked about a clear that is refused anyway, of what the scanner was cleared of before.
    """
    with at_work_anew(call) as anew:
        kept = anew.desk.spool.downloads(serial)
        if not kept:
            raise download_errors.ClearTooEarly("nothing was pulled from it yet")
        scanner_clearing.require_not_cleared(anew.downloads, kept[-1])
    batches = proven(call, kept[-1], answers)
    where = f"all rows are committed, in {batches_named(batches)}" if batches else "it makes no rows"
    return f"{kept[-1].name} is kept, and {where}.", _left_out_of(call, at_work(call), kept[-1], answers)


def _left_out_of(call: Invocation, at: AtWork, download: Download, answers: Answers) -> list[str]:
    """Return lines about the scans of a download that are left out; be it whole, that the clear makes this final."""
    said = scanner_clearing.with_left_out(at.workplace, at.downloads, download, answers)
    lines = left_out_lines(call, at.downloads.batch(download, said))
    if not lines or said == answers:
        return lines
    return [f"{lines[0]} With the clear, {download.name} can't be committed by its name any more.", *lines[1:]]
