"""From the scanner to the database on the command line: pull, preview, confirm, commit, and only then clear.

Owns the order in which a person is told and asked. Each step stands by itself in what is kept and committed, so that
whoever starts again after any interruption goes on where it was. Must never clear what was not proven to be committed.
"""

from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

import click
import msgspec

from assettrack.cli import answer_options, batch_options, confirmation, exit_codes, output, scanner_clear
from assettrack.cli.answer_options import hinted
from assettrack.cli.confirmation import Confirmation, Shown
from assettrack.cli.failures import Failure, error_object
from assettrack.cli.invocation import Invocation
from assettrack.cli.preview_cmd import refusal_of, write_plan
from assettrack.cli.progress import showing
from assettrack.cli.scanner_connection import AtWork, Connection, at_work, command, connected, station_zone
from assettrack.cli.scanner_left_out import left_out_lines, left_out_told
from assettrack.cli.show.words import counted
from assettrack.domain import download_errors, errors, scanner_errors
from assettrack.domain.downloads import Download
from assettrack.domain.entries.scanner import ScansLeftOutEntry
from assettrack.domain.errors import AssetTrackError
from assettrack.domain.findings import Finding
from assettrack.domain.left_out_scans import left_out_scans, recorded_said
from assettrack.domain.plans import Options, Plan
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.scan_answers import Answers
from assettrack.domain.wording import batches_named
from assettrack.services import scanner_sessions
from assettrack.services.confirmed_scans import require_none_taken
from assettrack.services.intake import CommitReceipt
from assettrack.services.left_out_downloads import how_left_out, left_out_whole

NO_ROWS: dict[str, object] = {
    "batch_id": None,
    "committed": 0,
    "already_committed": True,
    "first_seq": None,
    "last_seq": None,
    "checkpoint": None,
    "recorded_in": [],
    "left_out": [],
}
"""What a commit answers where no asset was scanned, so that there is nothing to commit."""


class Terms(msgspec.Struct, frozen=True):
    """How scans are to be taken: as a batch, with which answers, and how that is confirmed."""

    options: Options
    answers: Answers
    how: Confirmation

    def words(self) -> list[str]:
        """Return them, without the confirmation, as words of a command line."""
        return [*batch_options.written(self.options), *answer_options.written(self.answers)]


PREVIEWED = Confirmation(preview=True, code=None, yes=False)


def reading_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that only previews the options of a batch and of answers, as one ``terms``."""

    @batch_options.batch_options
    @answer_options.answer_options
    @wraps(function)
    def gathering(*args: object, options: Options, answers: Answers, **rest: object) -> object:
        return function(*args, terms=Terms(options, answers, PREVIEWED), **rest)

    return gathering


def terms_options(*, preview: str | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what gives a command the options of a batch, of answers and of a confirmation, as one ``terms``."""

    def giving(function: Callable[..., Any]) -> Callable[..., Any]:
        @batch_options.batch_options
        @answer_options.answer_options
        @confirmation.confirmation_options(
            yes="Decide and commit in one go; accepts notices, never refusals.", preview=preview
        )
        @wraps(function)
        def gathering(*args: object, options: Options, answers: Answers, how: Confirmation, **rest: object) -> object:
            return function(*args, terms=Terms(options, answers, how), **rest)

        return gathering

    return giving


# -- pull ----------------------------------------------------------------------------------------------------------


def pull(call: Invocation, to: Connection, terms: Terms, *, clear: bool) -> int:
    """Pull what the scanner holds, and go on with it as far as is confirmed.

    Raises:
        errors.ConfirmationMissing: it is not said how far, and there is nobody to ask.
        download_errors.ScannerEmpty: it holds nothing, however far that is.
    """
    if clear and terms.how.preview:
        raise click.UsageError("--clear goes with --confirm or --yes: a preview commits nothing that could be cleared.")
    if _is_unsaid(call, terms.how):
        _require_scans(call, to)
        raise errors.ConfirmationMissing(both=False)
    download = _read(call, to)
    again = ["pull", *to.words()]
    if (entry := _left_out_whole(call, download)) is not None:
        again = ["commit", download.name]
        if not terms.how.preview:
            by_name = command(call, "scanner", *again, *terms.words())
            raise download_errors.DownloadDealtWith.left_out(download.name, how_left_out(entry), by_name)
    if terms.how.preview:
        return preview(call, download, terms, again=again, everything=False)
    answer = _committed(call, download, terms)
    if answer is None:
        return exit_codes.INTERRUPTED
    where = batches_named(answer["recorded_in"]) if answer["recorded_in"] else ""
    later = scanner_clear.later(call, to, download, terms.answers)
    call.reached(f"The scans are {f'committed, in {where}, and ' if where else ''}kept. {later}")
    try:
        cleared = _cleared(call, to, (download, terms.answers), later, clear=clear)
    except AssetTrackError as error:
        return _not_cleared(call, to, (download, answer), error)
    _answer(call, download, answer | {"cleared": cleared})
    return exit_codes.DONE


def _read(call: Invocation, to: Connection) -> Download:
    """Pull what the scanner holds, keep it, and say under which name."""
    at = at_work(call)
    again = command(call, "scanner", "pull", *to.words())
    call.reached(f"The scanner still holds its scans; start again with: {again}.")
    with showing("Reading the scanner") as display, connected(call, to) as scanner:
        pulled = scanner_sessions.pull(at.workplace, at.desk, scanner, display.advance)
        identity, dangers = scanner.identity, scanner.settings.dangers
    name = pulled.download.name
    call.reached(f"The scans are kept as {name}; go on with: {again}.")
    if not call.json:
        scans = counted(len(at.downloads.scans(pulled.download)), "scan")
        how = "Kept" if pulled.is_new else "Pulled before, and kept"
        output.tell(f"{how} as {name}; the scanner still holds its {scans}.")
        notes = [*dangers, *(["Its battery is low: charge it."] if identity.low_battery else [])]
        output.tell(*(f"Scanner {identity.serial}: {note}" for note in notes))
    return pulled.download


def _left_out_whole(call: Invocation, download: Download) -> ScansLeftOutEntry | None:
    """Return the entry by which what was pulled is left out whole, for it is not named here; None where it is not."""
    at = at_work(call)
    with at.workplace.store.read() as snapshot:
        fill = at.downloads.fill_of(snapshot, download)
        is_open = fill.batch_of(download) is None and fill.clear_of(download) is None
        return left_out_whole(snapshot).get(download.name) if is_open else None


def _cleared(call: Invocation, to: Connection, what: tuple[Download, Answers], later: str, *, clear: bool) -> bool:
    """Clear the scanner if that was said or is answered, once it is proven that all it told is committed.

    ``what`` it told comes with what was answered about it; ``later`` says how it is cleared later.
    """
    download, answers = what
    scanner_clear.proven(call, download, answers)
    _tell_left_out(call, download, answers)
    if not clear:
        asked = not call.json and confirmation.on_a_terminal()
        if not asked or not click.confirm(scanner_clear.QUESTION):
            if not call.json:
                output.tell(later)
            return False
    cleared = scanner_clear.clear(call, to, download.serial, answers)
    if not call.json:
        output.lines([scanner_clear.told(cleared)])
    return True


def _not_cleared(
    call: Invocation, to: Connection, done: tuple[Download, dict[str, Any]], error: AssetTrackError
) -> int:
    """Say that the scans are committed though the scanner was not cleared, and why; return the exit code."""
    download, answer = done
    why = to.in_hints(call, str(error)).replace(", and nothing was saved", "").replace(" Nothing was saved.", "")
    failure = Failure(error.code, f"The scans are committed and kept. {why}", error.exit_code, saved=True)
    if call.json:
        uncertain = isinstance(error, scanner_errors.ScannerClearUncertain)
        cleared = None if uncertain else isinstance(error, download_errors.ClearNotLogged)
        _answer(call, download, answer | {"cleared": cleared, "error": error_object(failure)})
    else:
        output.tell(f"Error: {failure.message}")
    return failure.exit_code


# -- commit --------------------------------------------------------------------------------------------------------


def commit_kept(call: Invocation, download: Download, terms: Terms) -> int:
    """Commit a download that is kept; no scanner is needed."""
    if _is_unsaid(call, terms.how):
        raise errors.ConfirmationMissing(both=False)
    answer = _committed(call, download, terms)
    if answer is None:
        return exit_codes.INTERRUPTED
    _tell_left_out(call, download, terms.answers)
    _answer(call, download, answer)
    return exit_codes.DONE


def _tell_left_out(call: Invocation, download: Download, answers: Answers) -> None:
    """Say which scans of a download are left out, so that nobody takes them for recorded."""
    if not call.json:
        output.lines(left_out_lines(call, at_work(call).downloads.batch(download, answers)))


def _committed(call: Invocation, download: Download, terms: Terms) -> dict[str, Any] | None:
    """Commit a download as it is confirmed, and return what is answered; None where a person said no."""
    at = at_work(call)
    batch = at.downloads.batch(download, terms.answers)
    answer = dict(NO_ROWS)
    if not batch.numbers and not batch.problems and not batch.is_recorded:
        require_none_taken(batch, terms.answers)
        left_out = left_out_scans(batch)
        answer["left_out"] = left_out_told(left_out)
        if not call.json:
            what = "Every asset is left out" if left_out else "No asset was scanned"
            output.lines([f"{what} in {download.name}: there is nothing to commit."])
        return answer
    how, options = terms.how, terms.options
    again = how.is_said and at.downloads.committed_before(download, terms.answers, options, confirm=how.code)
    if batch.problems and how.is_said and not again:  # also where all rows that could be read are recorded already
        plan = at.downloads.preview(download, terms.answers, terms.options)[1]
        raise _explained(call, errors.BatchHasProblems(plan.problems, plan.refusals, "download"), batch)

    def save(code: str | None) -> None:
        try:
            with call.deed(), showing("Committing"):
                receipt = at.downloads.commit_download(download, terms.answers, terms.options, confirm=code)
        except AssetTrackError as error:
            raise _explained(call, error, batch) from error
        answer.update(msgspec.structs.asdict(receipt))
        if not call.json:
            output.lines([_receipt_line(receipt, batch), f"Download: {download.name}"])

    exit_code = confirmation.carry_out(
        call,
        terms.how,
        show=lambda: _show(call, at, download, terms),
        save=save,
        undone="Not committed",
    )
    if exit_code != exit_codes.DONE:
        return None
    if call.json:
        answer["left_out"] = left_out_told(left_out_scans(at.downloads.batch(download, terms.answers)))
    return answer


def _show(call: Invocation, at: AtWork, download: Download, terms: Terms) -> Shown:
    """Show the page; what is committed already needs no question.

    Raises:
        errors.AssetTrackError: the plan can't be committed.
    """
    batch, plan = at.downloads.preview(download, terms.answers, terms.options)
    error = refusal_of(plan, "download")
    _show_page(call, download, batch, plan, everything=False)
    if error is not None:
        raise _without_findings(error)
    question = None if plan.already_committed else f"Commit {counted(len(plan.changes), 'scan')}?"
    shown = Shown(plan.confirm_code, question)
    call.let_go()
    return shown


def _receipt_line(receipt: CommitReceipt, batch: PulledBatch) -> str:
    span = f"entries {receipt.first_seq:,} to {receipt.last_seq:,} of the log"
    if receipt.already_committed:
        recorded = recorded_said(batch, "every row", already=" already")
        return f"Nothing happened: {recorded}, in {batches_named(receipt.recorded_in)}."
    return f"Committed {counted(receipt.committed, 'scan')} as batch {receipt.batch_id}: {span}."


# -- preview -------------------------------------------------------------------------------------------------------


def preview(call: Invocation, download: Download, terms: Terms, *, again: list[str], everything: bool) -> int:
    """Show what a download would do, and how to commit exactly that: with the words ``again``. Saves nothing."""
    at = at_work(call)
    with showing("Checking"):
        batch, plan = at.downloads.preview(download, terms.answers, terms.options)
    error = refusal_of(plan, "download")
    if call.json:
        plan.problems = list(map(hinted, plan.problems))
        more = {
            "download": download.name,
            "scans": len(batch.meanings),
            "scan_numbers": batch.numbers,
            "held": batch.held,
        }
        write_plan(plan, batch.sha256, error, more)
    else:
        _show_page(call, download, batch, plan, everything=everything)
        output.lines(_farewell(call, (batch, plan), again, terms))
        if error is not None:
            output.tell("These scans can't be committed as they are. Answer what is asked, then preview them again.")
    return exit_codes.DONE if error is None else error.exit_code


def _farewell(call: Invocation, made: tuple[PulledBatch, Plan], again: list[str], terms: Terms) -> list[str]:
    """Return what to do next, in lines."""
    batch, plan = made
    if plan.already_committed:
        left_out = left_out_lines(call, batch)
        done = recorded_said(batch)
        where = batches_named(plan.recorded_in)
        return [f"There is nothing to commit. {done[0].upper()}{done[1:]}, in {where}.", *left_out]
    if not plan.valid:
        return []
    if not plan.rows:
        return left_out_lines(call, batch)
    words = [*again, *terms.words(), "--confirm", str(plan.confirm_code)]
    return ["To commit exactly this:", f"  {command(call, 'scanner', *words)}"]


def _show_page(call: Invocation, download: Download, batch: PulledBatch, plan: Plan, *, everything: bool) -> None:
    from assettrack.cli.show.scan_page import Pulled, pulled_page
    from assettrack.cli.show.screen import show

    at = at_work(call)
    with at.workplace.store.read() as snapshot:
        fill = at.downloads.fill_of(snapshot, download)
    pulled = Pulled(download, batch, station_zone(at.workplace), fill)
    show(pulled_page(pulled, plan, hinted, everything=everything))


# -- pieces --------------------------------------------------------------------------------------------------------


def _is_unsaid(call: Invocation, how: Confirmation) -> bool:
    """Tell, before anything is done, whether it is not said how far to go, and nobody can be asked."""
    return not how.is_said and (call.json or not confirmation.on_a_terminal())


def _require_scans(call: Invocation, to: Connection) -> None:
    """Make sure that a scanner does not hold nothing, as far as it can be asked. Nothing is kept.

    Raises:
        download_errors.ScannerEmpty: it does.
    """
    serial, is_empty = "", False
    with suppress(AssetTrackError), connected(call, to) as scanner:  # that nothing is said is what stands in the way
        serial, is_empty = scanner.identity.serial, not at_work(call).downloads.holds_scans(scanner)
    if is_empty:
        at = at_work(call)
        raise scanner_sessions.emptied(at.workplace, at.desk, serial)


def _explained(call: Invocation, error: AssetTrackError, batch: PulledBatch) -> AssetTrackError:
    """Return an error that names rows with how each question is answered; for a person by the numbers of the scans."""
    from assettrack.cli.show.scan_page import by_scan

    def told(found: Finding) -> Finding:
        return hinted(found if call.json else by_scan(found, batch.numbers))

    if isinstance(error, errors.BatchHasProblems):
        return errors.BatchHasProblems(list(map(told, error.problems)), list(map(told, error.refusals)), "download")
    if isinstance(error, errors.BatchRefused):
        return errors.BatchRefused(list(map(told, error.refusals)), "download")
    if isinstance(error, errors.PlanStale):
        moved = [batch.numbers[row - 1] for row in error.moved if row <= len(batch.numbers)]
        return errors.PlanStale(moved, "scan", error.people)
    return error


def _without_findings(error: AssetTrackError) -> AssetTrackError:
    """Return the error of a plan whose findings were shown already, so that they are not told twice."""
    if isinstance(error, errors.BatchHasProblems):
        error.problems = ()
    if isinstance(error, errors.BatchHasProblems | errors.BatchRefused):
        error.refusals = ()
    return error


def _answer(call: Invocation, download: Download, answer: dict[str, Any]) -> None:
    if call.json:
        scans = len(at_work(call).downloads.scans(download))
        output.write_json(
            {**answer, "download": download.name, "scans": scans, "cleared": answer.get("cleared", False)}
        )
