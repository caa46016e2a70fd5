"""`issue`: give assets into the custody of a holder."""

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
    "issue",
    cls=Command,
    epilog=examples(
        'issue LT-0042 LT-0043 --to "Jane Smith" --preview',
        'issue LT-0042 --to "Jane Smith" --due 2027-01-31 --accepted paper --yes',
    ),
)
@typed_batch.giving_options
@click.pass_obj
def command(call: Invocation, tags: Sequence[str], *, holder: str, notes: str, terms: TypedTerms) -> int:
    """Issue assets to a holder: all of them, or none.

    Their slots are freed and remembered as their homes. For several holders at once write a file of ISSUE rows,
    and preview and commit that.
    """
    rows = typed_rows.issues(tags, holder, notes)
    asked_for = TypedCommand(tags, lambda _: rows, terms.at)
    return typed_batch.run(call, asked_for, terms, f"issue {counted(len(tags), 'asset')} to {holder}")
