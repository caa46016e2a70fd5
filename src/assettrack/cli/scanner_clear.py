"""Clearing a scanner from the command line: proven anew, asked, done on a connection of its own, and told.

Owns that the scanner that is cleared is the one of which was asked. The proof itself is `services.scanner_clearing`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import click
import msgspec

from assettrack.cli import answer_options, confirmation, exit_codes, output
from assettrack.cli.invocation import Invocation
from assettrack.cli.progress import showing
from assettrack.cli.scanner_connection import AtWork, Connection, at_work, at_work_anew, command, connected
from assettrack.cli.scanner_left_out import left_out_lines, left_out_told
from assettrack.cli.show.words import counted
from assettrack.domain import download_errors
from assettrack.domain.downloads import Download
from assettrack.domain.left_out_scans import LeftOutScan, left_out_scans
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scanner_errors import ScannerChanged
from assettrack.domain.wording import batches_named
from assettrack.services import scanner_clearing
from assettrack.services.scanner_clearing import Cleared

QUESTION = "Clear the scanner?"


class _LeftOut(NamedTuple):
    """The scans of a download that are left out, and the lines that say so."""

    lines: Sequence[str]
    scans: Sequence[LeftOutScan]


def run(call: Invocation, to: Connection, answers: Answers, *, yes: bool) -> int:
    """Clear the scanner that is connected, once it is confirmed."""
    serial = None
    if not yes:
        if call.json or not confirmation.on_a_terminal():
            raise click.UsageError("Say --yes to clear the scanner, or be asked on a terminal.")
        with connected(call, to) as scanner, at_work_anew(call) as anew:
            serial = scanner.identity.serial
            download = _latest(anew, serial)
            before = scanner_clearing.cleared_before(anew.downloads, scanner, download)
        if before is not None:  # nobody is asked about what is done
            output.lines([told(before)])
            return exit_codes.DONE
        batches = proven(call, download, answers)
        where = f"all rows are committed, in {batches_named(batches)}" if batches else "it makes no rows"
        left_out = _left_out_of(call, at_work(call), download, answers)
        output.lines([f"Scanner {serial}: {download.name} is kept, and {where}.", *left_out.lines])
        if not click.confirm(QUESTION):
            output.tell("Not cleared. Nothing was saved.")
            return exit_codes.INTERRUPTED
    cleared, left_out = _clear(call, to, serial, answers)
    if call.json:
        output.write_json(msgspec.structs.asdict(cleared) | {"left_out": left_out_told(left_out.scans)})
    else:
        output.lines([*(left_out.lines if yes else []), told(cleared)])  # who was asked was told
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


def _clear(call: Invocation, to: Connection, serial: str | None, answers: Answers) -> tuple[Cleared, _LeftOut]:
    """Clear a scanner as `clear`, and return the scans that were left out as well."""
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
        left_out = _left_out_of(call, anew, _latest(anew, scanner.identity.serial), answers)
        return scanner_clearing.clear(anew.workplace, anew.downloads, scanner, anew.desk.spool, answers), left_out


def told(cleared: Cleared) -> str:
    """Return what became of a scanner, in a line."""
    if cleared.already_cleared:
        by = f"entry {cleared.seq:,} of the log"
        return f"Nothing happened: scanner {cleared.serial} is cleared already ({by}), it holds nothing."
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


def _latest(at: AtWork, serial: str) -> Download:
    """Return what was pulled from a scanner last.

    Raises:
        errors.AssetTrackError: as `scanner_clearing.latest_kept`.
    """
    return scanner_clearing.latest_kept(at.workplace, at.downloads, at.desk.spool, serial)


def _left_out_of(call: Invocation, at: AtWork, download: Download, answers: Answers) -> _LeftOut:
    """Return the scans of a download that are left out; be it whole, it is said that the clear makes this final."""
    said = scanner_clearing.with_left_out(at.workplace, at.downloads, download, answers)
    batch = at.downloads.batch(download, said)
    lines = left_out_lines(call, batch)
    if lines and said != answers:
        final = f"{lines[0]} With the clear, {download.name} can't be committed by its name any more."
        lines = [final, *lines[1:]]
    return _LeftOut(lines, left_out_scans(batch))
