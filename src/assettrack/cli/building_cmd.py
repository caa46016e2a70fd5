"""`building`: register buildings, so that rooms have a place to be in."""

import click

from assettrack.cli import output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.columns import in_columns
from assettrack.services import rooms

command = Group("building", help="Register buildings.", epilog=examples("building add HQ", "building list"))


@command.command("add")
@click.argument("name")
@click.pass_obj
def add(call: Invocation, name: str) -> None:
    """Register a building. From the first one on, rooms that are not registered are pointed out in batches."""
    with call.deed() as workplace:
        done = rooms.register_building(workplace, name)
    if call.json:
        output.write_json({"name": done.name, "near": done.near})
        return
    output.lines([f"Registered building {done.name}."])
    if done.near:
        output.tell(f"Note: almost the same name is registered: {', '.join(done.near)}. Is it the same building?")


@command.command("list")
@click.pass_obj
def list_(call: Invocation) -> None:
    """List all buildings, with how many rooms each has and which organisations may use it."""
    found = rooms.all_buildings(call.workplace())
    if call.json:
        output.write_json({"buildings": found})
        return
    if not found:
        output.tell("No building is registered yet. Register one with: assettrack building add HQ")
        return
    rows = ((str(len(each.rooms)), each.name, ", ".join(each.organisations) or "(all)") for each in found)
    output.lines(in_columns(("rooms", "building", "used by"), rows, numbers=1))
