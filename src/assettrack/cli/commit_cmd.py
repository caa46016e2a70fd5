"""`commit`: save a batch whole, exactly as it was previewed, or not at all."""

import sys

import click
import msgspec

from assettrack.cli import batch_file, batch_options, exit_codes, output
from assettrack.cli.commands import Command, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.preview_cmd import refusal_of, show_plan
from assettrack.cli.progress import showing
from assettrack.cli.show.words import counted
from assettrack.domain import errors
from assettrack.domain.plans import Options
from assettrack.services.intake import CommitReceipt, commit, preview


@click.command(
    "commit",
    cls=Command,
    epilog=examples("commit scans.csv --confirm K7QF-2M9X", "commit scans.csv --only-new --yes"),
)
@click.argument("file")
@batch_options.batch_options
@click.option("--confirm", metavar="CODE", help="The code that the preview showed.")
@click.option("--yes", is_flag=True, help="Decide and commit in one go; accepts notices, never refusals.")
@click.pass_obj
def command(call: Invocation, file: str, *, options: Options, confirm: str | None, yes: bool) -> int:
    """Commit a batch of scans: all of it, or nothing.

    With the code of a preview exactly the changes shown are saved. On a terminal, without --confirm
    and --yes, the preview is shown and you are asked.
    """
    if yes and confirm is not None:
        raise errors.ConfirmationMissing(both=True)
    asking = not yes and confirm is None
    if asking and (call.json or not on_a_terminal()):
        raise errors.ConfirmationMissing(both=False)
    if asking:
        confirm = _asked(call, file, options)
        call.let_go()
        if confirm is None:
            output.tell("Not committed. Nothing was saved.")
            return exit_codes.INTERRUPTED
    source = batch_file.read_batch(file)
    with call.deed() as workplace, showing(f"Committing {file}"):
        receipt = commit(workplace, source, batch_file.source_name(file), options, confirm=confirm)
    if call.json:
        output.write_json(msgspec.structs.asdict(receipt))
    else:
        output.lines(_receipt_lines(receipt))
    return exit_codes.DONE


def on_a_terminal() -> bool:
    """Tell whether a person can be asked."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stdout.isatty()


def _asked(call: Invocation, file: str, options: Options) -> str | None:
    """Show the preview, ask, and return the code of what was shown, or None where the answer is no.

    Raises:
        errors.AssetTrackError: the plan can't be committed.
    """
    with showing(f"Checking {file}"):
        plan = preview(call.workplace(), batch_file.read_batch(file), options)
    error = refusal_of(plan)
    if error is not None:
        raise error
    show_plan(plan, file, everything=False)
    if plan.already_committed or click.confirm(f"Commit {counted(len(plan.changes), 'scan')}?"):
        return plan.confirm_code
    return None


def _receipt_lines(receipt: CommitReceipt) -> list[str]:
    span = f"entries {receipt.first_seq:,} to {receipt.last_seq:,} of the log"
    if receipt.already_committed:
        return [f"Nothing happened: every row of this file is recorded already, in batch {receipt.batch_id} ({span})."]
    return [
        f"Committed {counted(receipt.committed, 'scan')} as batch {receipt.batch_id}: {span}.",
        "To be able to prove it, keep a checkpoint elsewhere: assettrack audit checkpoint > FILE",
    ]
