"""`transfer`: move custody from holder to holder as one deed."""

from collections.abc import Sequence

import click

from assettrack.cli import arguments, typed_batch
from assettrack.cli.commands import Command, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.words import counted
from assettrack.cli.typed_batch import Asked
from assettrack.domain import typed_rows
from assettrack.services.custody import TypedCommand


@click.command(
    "transfer",
    cls=Command,
    epilog=examples(
        'transfer LT-0042 LT-0043 --to "Ben Okri" --preview',
        'transfer LT-0042 --to "Ben Okri" --accepted typed --yes',
    ),
)
@click.argument("tags", nargs=-1, required=True, metavar="TAG...", callback=arguments.asset_tags)
@click.option("--to", "holder", required=True, metavar="HOLDER", callback=arguments.person, help="Who gets them.")
@click.option("--due", metavar="DATE", callback=arguments.date, help="When they are due back: YYYY-MM-DD.")
@click.option("--notes", default="", callback=arguments.notes, help="Kept in each entry.")
@click.option("--new-holders", is_flag=True, help="Register the holder if the name is unknown.")
@typed_batch.hand_over_options
@typed_batch.typed_batch_options
@click.pass_obj
def command(call: Invocation, tags: Sequence[str], *, holder: str, notes: str, asked: Asked) -> int:
    """Transfer assets from whoever has them to a holder: all of them, or none.

    Each still returns to the slot that it was issued from.
    """
    rows = typed_rows.transfers(tags, holder, notes)
    asked_for = TypedCommand(tags, lambda _: rows, asked.at)
    return typed_batch.run(call, asked_for, asked, f"transfer {counted(len(tags), 'asset')} to {holder}")
