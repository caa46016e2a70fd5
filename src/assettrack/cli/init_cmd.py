"""`init`: make the station's database and key, or bring the database up to date."""

import click

from assettrack import bootstrap
from assettrack.cli import output
from assettrack.cli.commands import Command, examples
from assettrack.cli.invocation import Invocation


@click.command(
    "init", cls=Command, epilog=examples("init", "init --timezone Europe/Berlin --db /media/stick/room-5.db")
)
@click.option(
    "--timezone", metavar="ZONE", help="IANA zone in which times without a zone are read; the system's by default."
)
@click.pass_obj
def command(call: Invocation, timezone: str | None) -> None:
    """Make the station's database and key, or bring them up to date.

    The key signs the audit log. It lies outside the database, and without it nothing can be committed:
    back it up, apart from the database. A second run changes nothing.
    """
    settings = call.settings()
    created = bootstrap.set_up_station(settings, timezone)
    if created:
        call.made()
    if call.json:
        database = str(settings.database).encode(errors="backslashreplace").decode()
        output.write_json({"database": database, "created": created})
        return
    if timezone is not None and not created:
        output.tell("A station keeps the time zone it was made with; --timezone changes nothing.")
    done = "Made a new station." if created else "The station is there already and up to date; nothing was changed."
    page = [done, f"  Database: {settings.database}", f"  Key:      {bootstrap.key_path(settings)}"]
    if created:
        page += [
            "Back up the key now, apart from the database: without it nothing can be committed.",
            "Next: assettrack case init CASE-01 --slots 20",
        ]
    output.lines(page)
