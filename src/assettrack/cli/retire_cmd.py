"""`retire`: end assets."""

from collections.abc import Sequence

import click

from assettrack.cli import arguments, typed_batch
from assettrack.cli.commands import Command, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.words import counted
from assettrack.cli.typed_batch import TypedTerms
from assettrack.domain import typed_rows
from assettrack.services.custody import TypedCommand


@click.command("retire", cls=Command, epilog=examples('retire LT-0042 --reason "screen broken" --preview'))
@click.argument("tags", nargs=-1, required=True, metavar="TAG...", callback=arguments.asset_tags)
@click.option(
    "--reason", required=True, metavar="REASON", callback=arguments.reason, help="Why; it is kept in the log."
)
@typed_batch.hand_over_options
@typed_batch.typed_batch_options
@click.pass_obj
def command(call: Invocation, tags: Sequence[str], *, reason: str, terms: TypedTerms) -> int:
    """Retire assets: all of them, or none. Nothing can be done with them afterwards.

    Slots are freed, holders are no longer accountable.
    """
    rows = typed_rows.retirements(tags, reason)
    asked_for = TypedCommand(tags, lambda _: rows, terms.at)
    return typed_batch.run(call, asked_for, terms, f"retire {counted(len(tags), 'asset')}")
