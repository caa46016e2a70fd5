"""`room`: register rooms, named as `building_room` names them in a batch."""

import click

from assettrack.cli import output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.columns import in_columns
from assettrack.services import rooms

command = Group(
    "room", help="Register rooms, named as batches name them.", epilog=examples('room add "HQ 101" --building HQ')
)


@command.command("add")
@click.argument("name")
@click.option("--building", required=True, metavar="NAME", help="The building it is in.")
@click.pass_obj
def add(call: Invocation, name: str, *, building: str) -> None:
    """Register a room in a building, named exactly as building_room names it in a batch."""
    with call.deed() as workplace:
        done = rooms.register_room(workplace, name, building)
    if call.json:
        output.write_json(done._asdict())
        return
    output.lines([f"Registered room {done.name} in building {done.building}."])
    if done.near:
        output.tell(f"Note: almost the same name is registered: {', '.join(done.near)}. Is it the same room?")


@command.command("list")
@click.option("--building", metavar="NAME", help="Only rooms of this building.")
@click.pass_obj
def list_(call: Invocation, *, building: str | None) -> None:
    """List rooms by name."""
    found = rooms.all_rooms(call.workplace(), building)
    if call.json:
        output.write_json({"rooms": [{"name": name, "building": of} for name, of in found]})
        return
    if not found:
        of = "" if building is None else f" of {building}"
        output.tell(f'No room{of} is registered. Register one with: assettrack room add "HQ 101" --building HQ')
        return
    output.lines(in_columns(("building", "room"), ((of, name) for name, of in found)))
