"""`transfer`: move custody from holder to holder as one deed."""

from collections.abc import Sequence

import click

from assettrack.cli import typed_batch
from assettrack.cli.commands import Command, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.words import counted
from assettrack.cli.typed_batch import TypedTerms
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
@typed_batch.giving_options
@click.pass_obj
def command(call: Invocation, tags: Sequence[str], *, holder: str, notes: str, terms: TypedTerms) -> int:
    """Transfer assets from whoever has them to a holder: all of them, or none.

    Each still returns to the slot that it was issued from.
    """
    rows = typed_rows.transfers(tags, holder, notes)
    asked_for = TypedCommand(tags, lambda _: rows, terms.at)
    return typed_batch.run(call, asked_for, terms, f"transfer {counted(len(tags), 'asset')} to {holder}")
