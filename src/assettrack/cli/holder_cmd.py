"""`holder`: register the people who may be accountable for assets, keep what is known of them, show what they have."""

import sys
from collections.abc import Mapping, Sequence

import click

from assettrack.cli import arguments, output
from assettrack.cli.batch_file import read_list, source_name
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.domain import errors
from assettrack.domain.holders import Holder
from assettrack.domain.scans import CELL_BYTES_MAX
from assettrack.formats import holder_list
from assettrack.services import contacts, holders
from assettrack.services.contacts import ContactChange
from assettrack.services.holders import Changed, HolderUpdate, Registered

FROM_STDIN = "-"

command = Group(
    "holder",
    help="Register the people who may be accountable for assets, and keep what is known of them.",
    epilog=examples(
        'holder add "Jane Smith" --organisation "Fire Department" --identifier S-17',
        'holder show "Jane Smith"',
        'holder change "Jane Smith" --name "Jane Jones" --reason marriage',
    ),
)

_ORGANISATION = click.option("--organisation", metavar="NAME", help="The organisation; Ad Hoc by default.")
_IDENTIFIER = click.option("--identifier", metavar="ID", help="What the organisation calls the holder: a staff number.")
_REASON = click.option("--reason", metavar="REASON", callback=arguments.reason, help="Why; kept in the audit log.")


@command.command("add", epilog=examples('holder add "Jane Smith"', "holder add --from holders.csv"))
@click.argument("name", required=False)
@_ORGANISATION
@_IDENTIFIER
@click.option(
    "--from",
    "list_file",
    metavar="FILE",
    help="A CSV file or workbook with the columns name, organisation, identifier; all of them or none.",
)
@click.pass_obj
def add(
    call: Invocation, name: str | None, *, organisation: str | None, identifier: str | None, list_file: str | None
) -> None:
    """Register a holder. Names match whatever their case and spacing; the first spelling is kept."""
    if list_file is not None and (name, organisation, identifier) == (None, None, None):
        listed = holder_list.parse(read_list(list_file), source_name(list_file))
        with call.deed() as workplace:
            done = holders.register_all(workplace, listed, source_name(list_file))
    elif list_file is None and name is not None:
        with call.deed() as workplace:
            done = [holders.register(workplace, name, organisation=organisation, identifier=identifier)]
    else:
        raise click.UsageError("Give NAME, or --from FILE and nothing else.")
    if call.json:
        organisations = holders.organisation_names(call.workplace())
        found = [{**_facts(each.holder, organisations), "near": each.near} for each in done]
        output.write_json(found[0] if list_file is None else {"holders": found})
        return
    output.lines(f"Registered {each.holder.name} as holder {each.holder.holder_id}." for each in done)
    _point_out(done)


@command.command("list")
@click.pass_obj
def list_(call: Invocation) -> None:
    """List all holders."""
    found = holders.all_holders(call.workplace())
    organisations = holders.organisation_names(call.workplace())
    if call.json:
        output.write_json({"holders": [_facts(holder, organisations) for holder in found]})
        return
    if not found:
        output.tell('Nobody is registered yet. Register somebody with: assettrack holder add "Jane Smith"')
        return
    from assettrack.cli.show.people import holder_lines

    output.lines(holder_lines(found, organisations))


@command.command("show")
@click.argument("name")
@click.pass_obj
def show(call: Invocation, name: str) -> None:
    """Show what is known of a holder, what the holder has, and what nobody has accepted yet."""
    page = holders.page(call.workplace(), name)
    if call.json:
        assets = [
            {
                "asset_tag": tag,
                "equipment_type": asset.equipment_type,
                "serial_number": asset.serial_number,
                "due_on": asset.due_on,
            }
            for tag, asset in page.assets
        ]
        waiting = [{"batch_id": each.batch_id, "recorded_at": each.recorded_at} for each in page.open_acceptances]
        facts = _facts(page.holder, {page.holder.organisation_id: page.organisation})
        output.write_json({**facts, "has_contact": page.has_contact, "assets": assets, "open_acceptances": waiting})
        return
    from assettrack.cli.show.people import holder_page

    output.lines(holder_page(page, call.workplace().zone(page.timezone)))


@command.command("change")
@click.argument("name")
@click.option("--name", "new_name", metavar="NAME", help="The new name. Earlier entries and receipts keep the old one.")
@_ORGANISATION
@_IDENTIFIER
@click.option("--no-identifier", is_flag=True, help="Take the identifier away.")
@_REASON
@click.pass_obj
def change(call: Invocation, /, name: str, *, new_name: str | None, no_identifier: bool, **given: str | None) -> None:
    """Change the name, the organisation or the identifier of a holder."""
    organisation, identifier = given["organisation"], given["identifier"]
    if no_identifier and identifier is not None:
        raise click.UsageError("Give either --identifier ID or --no-identifier.")
    if (new_name, organisation, identifier, no_identifier) == (None, None, None, False):
        raise click.UsageError("Say what is to change: --name, --organisation, --identifier or --no-identifier.")
    if identifier is not None:
        identifier = arguments.read_text("The identifier", identifier)
    kept = "" if no_identifier else identifier
    _do(call, name, HolderUpdate(new_name, organisation, kept, reason=given["reason"]))


@command.command("deactivate")
@click.argument("name")
@click.option("--with-assets", is_flag=True, help="Though the holder has assets, and keeps them; needs --reason.")
@_REASON
@click.pass_obj
def deactivate(call: Invocation, name: str, *, with_assets: bool, reason: str | None) -> None:
    """Make a holder inactive: nothing is given to them any more, and everything is kept."""
    if with_assets and reason is None:
        raise click.UsageError("--with-assets needs a --reason.")
    _do(call, name, HolderUpdate(active=False, reason=reason, with_assets=with_assets))


@command.command("activate")
@click.argument("name")
@_REASON
@click.pass_obj
def activate(call: Invocation, name: str, *, reason: str | None) -> None:
    """Make a holder active again."""
    _do(call, name, HolderUpdate(active=True, reason=reason))


@command.command("contact", epilog=examples('holder contact "Jane Smith" -', 'holder contact "Jane Smith" --erase'))
@click.argument("name")
@click.argument("text", required=False)
@click.option("--erase", is_flag=True, help="Erase it for good.")
@click.pass_obj
def contact(call: Invocation, name: str, *, text: str | None, erase: bool) -> None:
    """Show the contact data of a holder; with TEXT write it, in the place of what there was.

    It is kept beside the audit log, so that it can be erased and every proof stays good. With - for TEXT it is read
    from the standard input, and leaves no trace in the shell's history.
    """
    if text is not None and erase:
        raise click.UsageError("Give either TEXT or --erase.")
    if erase:
        with call.deed() as workplace:
            done = contacts.erase(workplace, name)
        _answer_contact(call, done, None)
    elif text is not None:
        clean = arguments.read_text("The contact data", _from_stdin() if text == FROM_STDIN else text)
        with call.deed() as workplace:
            done = contacts.write(workplace, name, clean)
        _answer_contact(call, done, clean)
    else:
        holder, found = contacts.contact_of(call.workplace(), name)
        if call.json:
            output.write_json({"holder_id": holder.holder_id, "name": holder.name, "contact": found})
        else:
            output.lines([f"No contact data of {holder.name} is kept." if found is None else found])


def _from_stdin() -> str:
    """Return what the standard input says.

    Raises:
        errors.ValueUnusable: it is too long, or no text in UTF-8.
    """
    content = b"" if sys.stdin is None else sys.stdin.buffer.read(CELL_BYTES_MAX + 1)
    if len(content) > CELL_BYTES_MAX:
        raise errors.ValueUnusable("The contact data", FROM_STDIN, f"at most {CELL_BYTES_MAX} bytes are allowed")
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        raise errors.ValueUnusable("The contact data", FROM_STDIN, "it is no text in UTF-8") from error


def _do(call: Invocation, name: str, wanted: HolderUpdate) -> None:
    """Change what is known of a holder, and say how it is now."""
    with call.deed() as workplace:
        done = holders.change(workplace, name, wanted)
    organisations = holders.organisation_names(call.workplace())
    if call.json:
        facts = _facts(done.holder, organisations)
        output.write_json({**facts, "changed": done.changed, "near": done.near})
        return
    output.lines([_sentence(done, organisations)])
    _point_out([Registered(done.holder, done.near)])


def _sentence(done: Changed, organisations: Mapping[int, str]) -> str:
    holder = done.holder
    facts = [holders.organisation_of(holder, organisations)]
    facts += [] if holder.identifier is None else [f"identifier {holder.identifier}"]
    facts += ["active" if holder.active else "inactive"]
    how = "is now" if done.changed else "is as it was, nothing changed"
    return f"Holder {holder.holder_id} {how}: {holder.name}, {', '.join(facts)}."


def _answer_contact(call: Invocation, done: ContactChange, text: str | None) -> None:
    """Say what became of contact data."""
    holder = done.holder
    if call.json:
        facts = {"holder_id": holder.holder_id, "name": holder.name, "contact": text}
        output.write_json({**facts, "changed": done.changed, "is_gone": done.is_gone})
        return
    if text is None:
        output.lines([f"The contact data of {holder.name} is erased."])
    else:
        what = "is written" if done.changed else "is as it was, nothing changed"
        output.lines([f"The contact data of {holder.name} {what}."])
    if not done.is_gone:
        output.tell(
            "Note: another process is reading the database, so the bytes of what was there before still lie in "
            "its files. They are gone once nobody reads and a command that saves something has ended. Leave them alone."
        )


def _facts(holder: Holder, organisations: Mapping[int, str]) -> dict[str, object]:
    return {
        "holder_id": holder.holder_id,
        "name": holder.name,
        "organisation": holders.organisation_of(holder, organisations),
        "identifier": holder.identifier,
        "active": holder.active,
    }


def _point_out(done: Sequence[Registered]) -> None:
    """Point out who may be registered twice."""
    for holder, near in done:
        if near:
            what = (
                "almost the same name" if holder.identifier is None else "almost the same name or the same identifier"
            )
            output.tell(f"Note: {what} is registered: {', '.join(near)}. Is it the same person?")
