"""`slot`: put assets into slots, move them, take them out, look who is there."""

import click

from assettrack.cli import arguments, output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.domain.tags import Place
from assettrack.services import slots

command = Group(
    "slot",
    help="Put assets into slots, move them, take them out.",
    epilog=examples(
        "slot assign LT-0042 CASE-01 7", "slot move LT-0042 CASE-02 1", "slot vacate --asset LT-0042 --reason repair"
    ),
)


@command.command("assign")
@click.argument("tag", callback=arguments.asset_tag)
@click.argument("case", callback=arguments.case_name)
@click.argument("position", callback=arguments.slot_position)
@click.option("--reason", metavar="REASON", callback=arguments.reason, help="Why; kept in the audit log.")
@click.pass_obj
def assign(call: Invocation, tag: str, *, case: str, position: int, reason: str | None) -> None:
    """Put an asset that is in no slot into an empty one."""
    place = Place(case, position)
    with call.deed() as workplace:
        slots.assign(workplace, tag, place, reason=reason)
    _answer(call, place, tag)


@command.command("move")
@click.argument("tag", callback=arguments.asset_tag)
@click.argument("case", callback=arguments.case_name)
@click.argument("position", callback=arguments.slot_position)
@click.option("--reason", metavar="REASON", callback=arguments.reason, help="Why; kept in the audit log.")
@click.pass_obj
def move(call: Invocation, tag: str, *, case: str, position: int, reason: str | None) -> None:
    """Move an asset from its slot into an empty one."""
    place = Place(case, position)
    with call.deed() as workplace:
        slots.move(workplace, tag, place, reason=reason)
    _answer(call, place, tag)


@command.command("vacate")
@click.option("--slot", "place", nargs=2, metavar="CASE POSITION", callback=arguments.place, help="Empty this slot.")
@click.option(
    "--asset", "tag", metavar="TAG", callback=arguments.asset_tag, help="Take this asset out of the slot it is in."
)
@click.option("--reason", metavar="REASON", callback=arguments.reason, help="Why; kept in the audit log.")
@click.pass_obj
def vacate(call: Invocation, *, place: Place | None, tag: str | None, reason: str | None) -> None:
    """Take an asset out of its slot, named by the slot or by the asset."""
    if (place is None) == (tag is None):
        raise click.UsageError("Give either --slot CASE POSITION or --asset TAG.")
    with call.deed() as workplace:
        if place is not None:
            slots.vacate_slot(workplace, place, reason)
        else:
            assert tag is not None, "one of the two was given"
            place = slots.vacate_asset(workplace, tag, reason)
    _answer(call, place, None)


@command.command("show")
@click.argument("case", callback=arguments.case_name)
@click.argument("position", callback=arguments.slot_position)
@click.pass_obj
def show(call: Invocation, case: str, position: int) -> None:
    """Show who is in a slot."""
    place = Place(case, position)
    _answer(call, place, slots.occupant(call.workplace(), place))


def _answer(call: Invocation, place: Place, tag: str | None) -> None:
    """Say who is in a slot now."""
    if call.json:
        case_name, position = place
        output.write_json({"case_name": case_name, "slot_position": position, "current_asset_tag": tag})
    else:
        output.lines([f"{place} is empty." if tag is None else f"{place}: {tag}"])
