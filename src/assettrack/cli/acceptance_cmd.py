"""`acceptance`: record who accepted what a batch handed over, and list what nobody has accepted yet."""

import click
import msgspec

from assettrack.cli import arguments, output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.domain.plans import ACCEPTED_HOW, AcceptedHow
from assettrack.domain.timestamps import local_text
from assettrack.services import acceptances
from assettrack.services.acceptances import Accepted, SaidAcceptance

command = Group(
    "acceptance",
    help="Record who accepted what was handed over, and see what nobody has accepted yet.",
    epilog=examples("acceptance open", 'acceptance record 3 --holder "Jane Smith" --how paper'),
)


@command.command("record")
@click.argument("batch", type=arguments.NUMBER)
@click.option("--holder", required=True, metavar="NAME", help="To whom it was given, or from whom it was taken.")
@click.option("--how", required=True, type=click.Choice(ACCEPTED_HOW), help="How it was accepted.")
@click.option(
    "--by",
    metavar="NAME",
    help="Who accepted it: by default whoever received it, the operator where all was taken back.",
)
@click.option("--at", metavar="TIME", help="When; now by default. Without a zone it is the station's time.")
@click.pass_obj
def record(call: Invocation, batch: int, *, holder: str, how: AcceptedHow, by: str | None, at: str | None) -> None:
    """Record that responsibility for what BATCH exchanged with a holder was accepted. It can be done once."""
    with call.deed() as workplace:
        done = acceptances.record(workplace, batch, holder, SaidAcceptance(how, by, at))
    if call.json:
        output.write_json(msgspec.structs.asdict(done))
        return
    output.lines([_sentence(call, done)])
    for notice in done.notices:
        output.tell(f"Note: {notice.message} If it is, correct it: assettrack correct {done.seq} --set by=NAME")


@command.command("open")
@click.option("--holder", metavar="NAME", help="Only what this holder was given, or gave back.")
@click.pass_obj
def open_(call: Invocation, *, holder: str | None) -> None:
    """List what nobody has accepted yet, by batch and holder."""
    found = acceptances.all_open(call.workplace(), holder)
    if call.json:
        output.write_json(found)
        return
    if found.rule == "off":
        output.tell("This station asks for no acceptances (see setting list).")
    elif not found.open:
        output.tell("Nothing is open: all that was handed over was accepted.")
    else:
        from assettrack.cli.show.people import open_lines

        output.lines(open_lines(found.open, call.workplace().zone(found.timezone), found.timezone))


def _sentence(call: Invocation, done: Accepted) -> str:
    at = local_text(done.accepted_at, call.workplace().zone(done.timezone))
    return (
        f"Entry {done.seq}: what batch {done.batch_id} exchanged with {done.holder} was accepted "
        f"by {done.accepted_by} ({done.how}), {at} ({done.timezone})."
    )
