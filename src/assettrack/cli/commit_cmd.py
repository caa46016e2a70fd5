"""`commit`: save a batch whole, exactly as it was previewed, or not at all."""

import click
import msgspec

from assettrack.cli import batch_file, batch_options, confirmation, output
from assettrack.cli.commands import Command, examples
from assettrack.cli.confirmation import Confirmation, Shown
from assettrack.cli.invocation import Invocation
from assettrack.cli.preview_cmd import refusal_of, show_plan
from assettrack.cli.progress import showing
from assettrack.cli.show.words import counted
from assettrack.domain.plans import Options
from assettrack.domain.wording import batches_named
from assettrack.services.intake import CommitReceipt, commit, preview


@click.command(
    "commit",
    cls=Command,
    epilog=examples("commit scans.csv --confirm K7QF-2M9X", "commit scans.csv --only-new --yes"),
)
@click.argument("file")
@batch_options.batch_options
@confirmation.confirmation_options(yes="Decide and commit in one go; accepts notices, never refusals.", preview=None)
@click.pass_obj
def command(call: Invocation, file: str, *, options: Options, how: Confirmation) -> int:
    """Commit a batch of scans: all of it, or nothing.

    With the code of a preview exactly the changes shown are saved. On a terminal, without --confirm
    and --yes, the preview is shown and you are asked.
    """
    return confirmation.carry_out(
        call,
        how,
        show=lambda: _show(call, file, options),
        save=lambda code: _save(call, file, options, code),
        undone="Not committed",
    )


def _show(call: Invocation, file: str, options: Options) -> Shown:
    """Show the preview; what is committed already needs no question.

    Raises:
        errors.AssetTrackError: the plan can't be committed.
    """
    with showing(f"Checking {file}"):
        plan = preview(call.workplace(), batch_file.read_batch(file), options)
    error = refusal_of(plan)
    if error is not None:
        raise error
    show_plan(plan, file, everything=False)
    question = None if plan.already_committed else f"Commit {counted(len(plan.changes), 'scan')}?"
    shown = Shown(plan.confirm_code, question)
    call.let_go()
    return shown


def _save(call: Invocation, file: str, options: Options, code: str | None) -> None:
    source = batch_file.read_batch(file)
    with call.deed() as workplace, showing(f"Committing {file}"):
        receipt = commit(workplace, source, batch_file.source_name(file), options, confirm=code)
    if call.json:
        output.write_json(msgspec.structs.asdict(receipt))
    else:
        output.lines(_receipt_lines(receipt))


def _receipt_lines(receipt: CommitReceipt) -> list[str]:
    span = f"entries {receipt.first_seq:,} to {receipt.last_seq:,} of the log"
    if receipt.already_committed:
        what = f"in {batches_named(receipt.recorded_in)}"
        span = span if len(receipt.recorded_in) == 1 else f"the latest: {span}"
        return [f"Nothing happened: every row of this file is recorded already, {what} ({span})."]
    return [
        f"Committed {counted(receipt.committed, 'scan')} as batch {receipt.batch_id}: {span}.",
        "To be able to prove it, keep a checkpoint elsewhere: assettrack audit checkpoint > FILE",
    ]
