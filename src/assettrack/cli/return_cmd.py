"""`return`: take assets back from their holders."""

from collections.abc import Sequence

import click

from assettrack.cli import arguments, typed_batch
from assettrack.cli.commands import Command, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.words import counted
from assettrack.cli.typed_batch import TypedTerms
from assettrack.domain import typed_rows
from assettrack.domain.tags import OUT, Place
from assettrack.services.custody import TypedCommand


@click.command(
    "return",
    cls=Command,
    epilog=examples("return LT-0042 LT-0043 --preview", "return LT-0042 --slot CASE-02 5 --accepted typed --yes"),
)
@click.argument("tags", nargs=-1, required=True, metavar="TAG...", callback=arguments.asset_tags)
@click.option(
    "--slot",
    "place",
    nargs=2,
    metavar="CASE POSITION",
    callback=arguments.place,
    help="Into this empty slot, instead of the one it was issued from.",
)
@click.option("--unslotted", is_flag=True, help="Into storage, but into no slot.")
@click.option("--notes", default="", callback=arguments.notes, help="Kept in each entry, such as the condition.")
@typed_batch.hand_over_options
@typed_batch.typed_batch_options
@click.pass_obj
def command(
    call: Invocation, tags: Sequence[str], *, place: Place | None, unslotted: bool, notes: str, terms: TypedTerms
) -> int:
    """Return assets to storage: all of them, or none.

    Each goes back into the slot that it was issued from, unless another is named. If that is taken,
    nothing happens, and the free slots of its case are listed.
    """
    if place is not None and (unslotted or len(tags) > 1):
        raise click.UsageError("--slot is for one asset, and not together with --unslotted.")
    target = OUT if unslotted else place
    asked_for = TypedCommand(tags, lambda found: typed_rows.returns(tags, found, target, notes), terms.at)
    return typed_batch.run(call, asked_for, terms, f"return {counted(len(tags), 'asset')}")
