"""`commit`: save a batch whole, exactly as it was previewed, or not at all."""

import click
import msgspec

from assettrack.cli import batch_file, batch_options, confirmation, file_options, output
from assettrack.cli.commands import Command, examples
from assettrack.cli.confirmation import Confirmation, Shown
from assettrack.cli.file_options import FileSaid
from assettrack.cli.invocation import Invocation
from assettrack.cli.preview_cmd import refusal_of, show_plan
from assettrack.cli.progress import showing
from assettrack.cli.show.words import counted
from assettrack.domain import errors
from assettrack.domain.plans import Options
from assettrack.domain.wording import batches_named
from assettrack.services.intake import CommitReceipt


@click.command(
    "commit",
    cls=Command,
    epilog=examples("commit scans.csv --confirm K7QF-2M9X", "commit scans.csv --only-new --yes"),
)
@click.argument("file")
@batch_options.batch_options
@file_options.file_options
@confirmation.confirmation_options(yes="Decide and commit in one go; accepts notices, never refusals.", preview=None)
@click.pass_obj
def command(call: Invocation, file: str, *, options: Options, said: FileSaid, how: Confirmation) -> int:
    """Commit a batch of scans: all of it, or nothing.

    With the code of a preview exactly the changes shown are saved. On a terminal, without --confirm
    and --yes, the preview is shown and you are asked.
    """
    return confirmation.carry_out(
        call,
        how,
        show=lambda: _show(call, file, options, said),
        save=lambda code: _save(call, file, options, said, code),
        undone="Not committed",
    )


def _show(call: Invocation, file: str, options: Options, said: FileSaid) -> Shown:
    """Show the preview; what is committed already needs no question.

    Raises:
        errors.AssetTrackError: the plan can't be committed.
    """
    with showing(f"Checking {file}"):
        source, options = file_options.source_of(call, file, options, said)
        plan = file_options.preview_file(call.workplace(), source, options)
        plan.problems = file_options.hinted(plan.problems, source)
    error = refusal_of(plan)
    if error is not None:
        raise error
    show_plan(plan, file, everything=False)
    question = None if plan.already_committed else f"Commit {counted(len(plan.changes), 'scan')}?"
    shown = Shown(plan.confirm_code, question)
    call.let_go()
    return shown


def _save(call: Invocation, file: str, options: Options, said: FileSaid, code: str | None) -> None:
    source, options = file_options.source_of(call, file, options, said)
    with call.deed() as workplace, showing(f"Committing {file}"):
        try:
            receipt = file_options.commit_file(workplace, source, batch_file.source_name(file), options, confirm=code)
        except errors.BatchHasProblems as error:
            raise errors.BatchHasProblems(file_options.hinted(error.problems, source), error.refusals) from None
    if call.json:
        output.write_json(msgspec.structs.asdict(receipt))
    else:
        from assettrack.cli.scanner_left_out import left_out_of_file, recorded_of_file

        output.lines([*_receipt_lines(receipt, recorded_of_file(source)), *left_out_of_file(call, source)])


def _receipt_lines(receipt: CommitReceipt, recorded: str) -> list[str]:
    span = f"entries {receipt.first_seq:,} to {receipt.last_seq:,} of the log"
    if receipt.already_committed:
        what = f"in {batches_named(receipt.recorded_in)}"
        span = span if len(receipt.recorded_in) == 1 else f"the latest: {span}"
        return [f"Nothing happened: {recorded}, {what} ({span})."]
    return [
        f"Committed {counted(receipt.committed, 'scan')} as batch {receipt.batch_id}: {span}.",
        "To be able to prove it, keep a checkpoint elsewhere: assettrack audit checkpoint > FILE",
    ]
