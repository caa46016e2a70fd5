"""`replace`: retire a failed asset and scan its successor into the same slot."""

import click
import msgspec

from assettrack.cli import arguments, typed_batch
from assettrack.cli.commands import Command, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.typed_batch import TypedTerms
from assettrack.domain import typed_rows
from assettrack.domain.typed_rows import TypedRow
from assettrack.services.custody import TypedCommand


@click.command(
    "replace",
    cls=Command,
    epilog=examples('replace LT-0042 LT-0099 --reason "screen broken" --serial-number S-99 --preview'),
)
@click.argument("failed", callback=arguments.asset_tag)
@click.argument("successor", callback=arguments.asset_tag)
@click.option(
    "--reason", required=True, metavar="REASON", callback=arguments.reason, help="Why; it is kept in the log."
)
@click.option("--equipment-type", default="", metavar="TYPE", help="The successor's, if another than before.")
@click.option("--serial-number", default="", metavar="NUMBER", help="The successor's.")
@click.option("--manufacturer", default="", metavar="NAME", help="The successor's.")
@click.option("--model", default="", metavar="MODEL", help="The successor's.")
@typed_batch.typed_batch_options
@click.pass_obj
def command(call: Invocation, /, failed: str, *, successor: str, reason: str, terms: TypedTerms, **details: str) -> int:
    """Replace a failed asset by a new one in its slot.

    A RETIRE and a SCAN, both or neither. The new one is of the same equipment type unless another is said.
    """
    new = msgspec.structs.replace(TypedRow("SCAN", successor), **details)
    asked_for = TypedCommand(
        [failed, successor], lambda found: typed_rows.replacement(failed, new, found, reason), terms.at
    )
    return typed_batch.run(call, asked_for, terms, f"replace {failed} by {successor}")
