"""`holder`: register the people who may be accountable for assets, and list them."""

import click

from assettrack.cli import output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.columns import in_columns
from assettrack.services import holders

command = Group(
    "holder",
    help="Register the people who may be accountable for assets.",
    epilog=examples('holder add "Jane Smith"', "holder list"),
)


@command.command("add")
@click.argument("name")
@click.pass_obj
def add(call: Invocation, name: str) -> None:
    """Register a holder. Names match whatever their case and spacing; the first spelling is kept."""
    with call.deed() as workplace:
        holder, near = holders.register(workplace, name)
    if call.json:
        output.write_json({"holder_id": holder.holder_id, "name": holder.name, "near": near})
        return
    output.lines([f"Registered {holder.name} as holder {holder.holder_id}."])
    if near:
        output.tell(f"Note: almost the same name is registered: {', '.join(near)}. Is it the same person?")


@command.command("list")
@click.pass_obj
def list_(call: Invocation) -> None:
    """List all holders."""
    found = holders.all_holders(call.workplace())
    if call.json:
        output.write_json({"holders": found})
        return
    if not found:
        output.tell('Nobody is registered yet. Register somebody with: assettrack holder add "Jane Smith"')
        return
    rows = ((str(holder.holder_id), holder.name) for holder in found)
    output.lines(in_columns(("number", "holder"), rows, numbers=1))
