"""`preview`: show what a batch would do, to be checked before it is committed."""

import shlex
from collections.abc import Mapping

import click
import msgspec

from assettrack.cli import batch_options, exit_codes, file_options, output
from assettrack.cli.commands import Command, examples
from assettrack.cli.failures import error_object, of_catalogue
from assettrack.cli.file_options import FileSaid
from assettrack.cli.invocation import Invocation
from assettrack.cli.progress import showing
from assettrack.domain import errors
from assettrack.domain.plans import Options, Plan
from assettrack.domain.pulled_batch import held_in


@click.command(
    "preview",
    cls=Command,
    epilog=examples("preview scans.csv", "preview scans.csv --default equipment_type=laptop --new-holders"),
)
@click.argument("file")
@batch_options.batch_options
@file_options.file_options
@click.option("--all", "everything", is_flag=True, help="Show every change and notice, not the first few.")
@click.pass_obj
def command(call: Invocation, file: str, *, options: Options, said: FileSaid, everything: bool) -> int:
    """Show what a batch of scans would do. Saves nothing.

    A file of a scanner or of its program is known by its content; what nobody can know of it is asked.

    Everything that is wrong with the file is shown at once. If nothing is, the page ends with the
    command that commits exactly what was shown.
    """
    with showing(f"Checking {file}"):
        source, options = file_options.source_of(call, file, options, said)
        plan = file_options.preview_file(call.workplace(), source, options)
        plan.problems = file_options.hinted(plan.problems, source)
    error = refusal_of(plan)
    if call.json:
        write_plan(plan, source.sha256 or None, error)
    else:
        from assettrack.cli.scanner_left_out import left_out_of_file

        show_plan(plan, file, everything=everything, held=held_in(source))
        output.lines(left_out_of_file(call, source))
        output.lines(_farewell(call, plan, [file, *file_options.written(said)]))
        if error is not None:
            output.tell("This batch can't be committed as it is. Mend what is said above, then preview it again.")
    return exit_codes.DONE if error is None else error.exit_code


def refusal_of(plan: Plan, made_of: errors.MadeOf = "file") -> errors.AssetTrackError | None:
    """Return the error with which a commit of this plan would end, or None."""
    if plan.problems:
        return errors.BatchHasProblems(plan.problems, plan.refusals, made_of)
    return errors.BatchRefused(plan.refusals, made_of) if plan.refusals else None


def show_plan(plan: Plan, file: str, *, everything: bool, held: int | None = None) -> None:
    """Write the page of a plan; ``held`` counts the scans that wait for an answer, where it is made of scans."""
    from assettrack.cli.show.plan_page import plan_page
    from assettrack.cli.show.screen import show

    show(plan_page(plan, file, everything=everything, held=held))


def nothing_to_commit(plan: Plan) -> str:
    """Return what to do next where every row is recorded already. A plan has its code then too, and any other does."""
    return (
        "There is nothing to commit. "
        f"With the code {plan.confirm_code}, or any other, a commit only says where it is recorded."
    )


def write_plan(
    plan: Plan, sha256: str | None, error: errors.AssetTrackError | None, more: Mapping[str, object] | None = None
) -> None:
    """Write a plan as JSON, with ``more`` keys of the command's own.

    The changes were encoded for the confirm code already and are not encoded again.
    """
    answer: dict[str, object] = {
        "rows": plan.rows,
        "sha256": sha256,
        "valid": plan.valid,
        "already_committed": plan.already_committed,
        "recorded_in": plan.recorded_in,
        "confirm": plan.confirm_code,
        "new_holders": plan.new_holders,
        "problems": plan.problems,
        "refusals": plan.refusals,
        "notices": plan.notices,
        **(more or {}),
    }
    if error is not None:
        answer["error"] = error_object(of_catalogue(error))
    head = msgspec.json.encode(answer)[:-1] + b',"changes":'
    # Each block is JSON lines; a line break can't stand inside JSON text, so commas in their place make an array.
    output.write_array(head, (block[:-1].replace(b"\n", b",") for block in plan.blocks), b"}")


def _farewell(call: Invocation, plan: Plan, file: list[str]) -> list[str]:
    """Return what to do next, in lines; ``file`` are the words that say the file and what was said of it."""
    if not plan.valid:
        return []
    if plan.already_committed:
        return [nothing_to_commit(plan)]
    words = ["assettrack", "commit", *file, *batch_options.written(plan.options), "--confirm", str(plan.confirm_code)]
    words += ["--db", call.database] if call.database else []
    words += ["--operator", call.operator] if call.operator else []
    return ["To commit exactly this:", f"  {shlex.join(words)}"]
