"""`organisation`: register the organisations that holders belong to, and say which buildings each may use."""

import click

from assettrack.cli import output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.columns import in_columns
from assettrack.services import organisations

command = Group(
    "organisation",
    help="Register the organisations of holders, and the buildings each may use.",
    epilog=examples('organisation add "Fire Department"', 'organisation allow "Fire Department" HQ'),
)


@command.command("add")
@click.argument("name")
@click.pass_obj
def add(call: Invocation, name: str) -> None:
    """Register an organisation. Names match whatever their case and spacing; the first spelling is kept."""
    with call.deed() as workplace:
        organisation, near = organisations.register(workplace, name)
    if call.json:
        number = organisation.organisation_id
        output.write_json({"organisation_id": number, "name": organisation.name, "near": near})
        return
    output.lines([f"Registered {organisation.name} as organisation {organisation.organisation_id}."])
    if near:
        output.tell(f"Note: almost the same name is registered: {', '.join(near)}. Is it the same organisation?")


@command.command("list")
@click.pass_obj
def list_(call: Invocation) -> None:
    """List all organisations, with how many holders each has and the buildings it may use."""
    found = organisations.all_organisations(call.workplace())
    if call.json:
        output.write_json({"organisations": found})
        return
    rows = ((str(each.organisation_id), str(each.holders), each.name, ", ".join(each.buildings)) for each in found)
    output.lines(in_columns(("number", "holders", "organisation", "buildings"), rows, numbers=2))


@command.command("allow")
@click.argument("organisation")
@click.argument("building")
@click.pass_obj
def allow(call: Invocation, organisation: str, building: str) -> None:
    """Let an organisation use a building. A building that is allowed to nobody is free to all."""
    _do(call, organisation, building, allowed=True)


@command.command("disallow")
@click.argument("organisation")
@click.argument("building")
@click.pass_obj
def disallow(call: Invocation, organisation: str, building: str) -> None:
    """Let an organisation no longer use a building. Where it was the last one, the building is free to all again."""
    _do(call, organisation, building, allowed=False)


def _do(call: Invocation, organisation: str, building: str, *, allowed: bool) -> None:
    with call.deed() as workplace:
        use, changed = organisations.set_use(workplace, organisation, building, allowed=allowed)
    if call.json:
        output.write_json({**use._asdict(), "changed": changed})
        return
    may = "may use" if allowed else "has no leave of its own to use"
    remark = "" if changed else " It was so already; nothing changed."
    output.lines([f"{use.organisation} {may} {use.building}.{remark}"])
