"""What the commands that change custody share: their options, and preview, confirm, commit.

Owns the way of a typed batch through the command line; the rows are made in `domain.typed_rows`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import click
import msgspec

from assettrack.cli import arguments, confirmation, exit_codes, output
from assettrack.cli.confirmation import Confirmation, Shown
from assettrack.cli.invocation import Invocation
from assettrack.cli.preview_cmd import nothing_to_commit, refusal_of, show_plan, write_plan
from assettrack.cli.show.words import counted
from assettrack.domain.plans import ACCEPTED_HOW, Acceptance, AcceptedHow, Options
from assettrack.domain.wording import batches_named
from assettrack.services.custody import TypedCommand, commit, preview


class TypedTerms(msgspec.Struct, frozen=True):
    """How a typed batch is to be taken, and how it is confirmed; ``at`` is the time that was said."""

    options: Options
    at: str | None
    how: Confirmation


def typed_batch_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of a typed batch, handed over as its ``terms``."""

    @click.option("--at", metavar="TIME", help="When it happened, if not now: YYYY-MM-DDThh:mm with Z or an offset.")
    @click.option(
        "--accept-late",
        "late_reason",
        metavar="REASON",
        callback=arguments.reason,
        help="Accept that it is earlier than the asset's latest entry, for this reason.",
    )
    @confirmation.confirmation_options(
        preview="Show what would be done, with its code. Saves nothing.",
        yes="Decide and commit in one go; accepts notices, never refusals.",
    )
    @wraps(function)
    def gathering(
        *args: object,
        at: str | None,
        late_reason: str | None,
        how: Confirmation,
        options: Options | None = None,
        **rest: object,
    ) -> object:
        taken = msgspec.structs.replace(options or Options(), late_reason=late_reason)
        return function(*args, terms=TypedTerms(taken, at, how), **rest)

    return gathering


def hand_over_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of whatever hands assets over, gathered in ``options``; a due date where it gives."""

    @click.option("--accepted", "how", type=click.Choice(ACCEPTED_HOW), help="How responsibility was accepted.")
    @click.option(
        "--accepted-by",
        "by",
        metavar="NAME",
        callback=arguments.person,
        help="Who accepted it, if not the holder (for a return: the operator).",
    )
    @wraps(function)
    def gathering(
        *args: object,
        how: AcceptedHow | None,
        by: str | None,
        due: str | None = None,
        new_holders: bool = False,
        **rest: object,
    ) -> object:
        if by is not None and how is None:
            raise click.UsageError("--accepted-by needs --accepted: paper, screen or typed.")
        accepted = None if how is None else Acceptance(how, by)
        options = Options(due_on=due, accepted=accepted, new_holders=new_holders)
        return function(*args, options=options, **rest)

    return gathering


def giving_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of whatever gives assets to a holder: to whom, until when, with which notes."""
    for option in reversed(
        (
            click.argument("tags", nargs=-1, required=True, metavar="TAG...", callback=arguments.asset_tags),
            click.option(
                "--to", "holder", required=True, metavar="HOLDER", callback=arguments.person, help="Who gets them."
            ),
            click.option("--due", metavar="DATE", callback=arguments.date, help="When they are due back: YYYY-MM-DD."),
            click.option("--notes", default="", callback=arguments.notes, help="Kept in each entry."),
            click.option("--new-holders", is_flag=True, help="Register the holder if the name is unknown."),
            hand_over_options,
            typed_batch_options,
        )
    ):
        function = option(function)
    return function


def run(call: Invocation, command: TypedCommand, terms: TypedTerms, words: str) -> int:
    """Preview or commit what was asked for; ``words`` say it in a line.

    Raises:
        errors.ConfirmationMissing: it is not said in exactly one way whether to commit.
    """
    if terms.how.preview:
        return _preview(call, command, terms, words)
    return confirmation.carry_out(
        call,
        terms.how,
        show=lambda: _show(call, command, terms, words),
        save=lambda code: _save(call, command, terms, words, code),
        undone="Not committed",
    )


def _preview(call: Invocation, command: TypedCommand, terms: TypedTerms, words: str) -> int:
    plan = preview(call.workplace(), command, terms.options)
    error = refusal_of(plan, "batch")
    if call.json:
        write_plan(plan, None, error)
    else:
        show_plan(plan, words, everything=True)
        if plan.already_committed:
            output.lines([nothing_to_commit(plan)])
        elif error is None:
            output.lines([confirmation.how_to_confirm("commit exactly this", plan.confirm_code)])
        else:
            output.tell("This can't be committed as it is. Nothing was saved.")
    return exit_codes.DONE if error is None else error.exit_code


def _show(call: Invocation, command: TypedCommand, terms: TypedTerms, words: str) -> Shown:
    """Show what would be done.

    Raises:
        errors.AssetTrackError: it can't be committed.
    """
    plan = preview(call.workplace(), command, terms.options)
    error = refusal_of(plan, "batch")
    if error is not None:
        raise error
    show_plan(plan, words, everything=False)
    return Shown(plan.confirm_code, f"Commit {counted(len(plan.changes), 'row')}?")


def _save(call: Invocation, command: TypedCommand, terms: TypedTerms, words: str, code: str | None) -> None:
    with call.deed() as workplace:
        receipt = commit(workplace, command, terms.options, confirm=code)
    if call.json:
        output.write_json(msgspec.structs.asdict(receipt))
    elif receipt.already_committed:
        output.lines([f"Nothing happened: {words} is recorded already, in {batches_named(receipt.recorded_in)}."])
    else:
        span = f"entries {receipt.first_seq:,} to {receipt.last_seq:,} of the log"
        output.lines([f"Committed: {words}, as batch {receipt.batch_id} ({span})."])
