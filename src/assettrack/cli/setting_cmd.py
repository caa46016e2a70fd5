"""`setting`: the rules the station goes by, kept in its audit log."""

import click

from assettrack.cli import output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.columns import in_columns
from assettrack.services import settings

command = Group(
    "setting",
    help="The rules the station goes by.",
    epilog=examples("setting list", "setting set acceptance required"),
)


@command.command("list")
@click.pass_obj
def list_(call: Invocation) -> None:
    """List all rules with the values they may have."""
    found = settings.all_rules(call.workplace())
    if call.json:
        output.write_json({"settings": found})
        return
    rows = ((rule.name, rule.value, ", ".join(rule.values)) for rule in found)
    output.lines(in_columns(("setting", "value", "possible values"), rows))


@command.command("set")
@click.argument("name")
@click.argument("value")
@click.pass_obj
def set_(call: Invocation, name: str, value: str) -> None:
    """Set a rule. It goes for what is decided from now on."""
    with call.deed() as workplace:
        changed = settings.set_rule(workplace, name, value)
    if call.json:
        output.write_json({"name": name, "value": value, "changed": changed})
    else:
        output.lines([f"{name} is now {value}." if changed else f"{name} is {value} already; nothing changed."])
