"""`issue`: give assets into the custody of a holder."""

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
    "issue",
    cls=Command,
    epilog=examples(
        'issue LT-0042 LT-0043 --to "Jane Smith" --preview',
        'issue LT-0042 --to "Jane Smith" --due 2027-01-31 --accepted paper --yes',
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
    """Issue assets to a holder: all of them, or none.

    Their slots are freed and remembered as their homes.
    """
    rows = typed_rows.issues(tags, holder, notes)
    asked_for = TypedCommand(tags, lambda _: rows, asked.at)
    return typed_batch.run(call, asked_for, asked, f"issue {counted(len(tags), 'asset')} to {holder}")
