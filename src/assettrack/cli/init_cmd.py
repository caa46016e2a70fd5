"""`init`: make the station's database and key, or bring the database up to date."""

from pathlib import Path

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
    done = bootstrap.set_up_station(settings, timezone)
    created, upgrade = done
    if created or upgrade:
        call.made()
    if call.json:
        output.write_json(
            {
                "database": _text(settings.database),
                "created": created,
                "upgraded_from": None if upgrade is None else upgrade.from_schema,
                "copy": None if upgrade is None else _text(upgrade.copy),
            }
        )
        return
    if timezone is not None and not created:
        output.tell("A station keeps the time zone it was made with; --timezone changes nothing.")
    page = [_what_was_done(done)]
    if upgrade is not None:
        page.append(f"  Copy:     {upgrade.copy} (as it was; contact data is in it)")
    page += [f"  Database: {settings.database}", f"  Key:      {bootstrap.key_path(settings)}"]
    if created:
        page += [
            "Back up the key now, apart from the database: without it nothing can be committed.",
            "Next: assettrack case init CASE-01 --slots 20",
        ]
    output.lines(page)


def _what_was_done(done: bootstrap.SetUp) -> str:
    upgrade = done.upgrade
    if done.created:
        return "Made a new station."
    if upgrade is None:
        return "The station is there already and up to date; nothing was changed."
    return (
        "The station is there already; its database was brought up to date, "
        f"from schema {upgrade.from_schema} to schema {upgrade.to_schema}. Its log is as it was."
    )


def _text(path: Path) -> str:
    """Return a path as text that is UTF-8, whatever is in its name."""
    return str(path).encode(errors="backslashreplace").decode()
