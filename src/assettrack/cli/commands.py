"""The tree of commands: the root, which loads a command only when it is called, and what all commands share.

Owns the list of commands with their one-line help, and the options `--json`, `--db` and
`--operator`, which every command and every group takes.
"""

from importlib import import_module

import click

from assettrack import __version__
from assettrack.cli.invocation import Invocation

_MODULES = {
    "init": ("init_cmd", "Make the station's database and key, or bring them up to date."),
    "case": ("case_cmd", "Prepare cases and look into them."),
    "slot": ("slot_cmd", "Put assets into slots, move them, take them out."),
    "organisation": ("organisation_cmd", "Register the organisations of holders, and the buildings each may use."),
    "building": ("building_cmd", "Register buildings."),
    "room": ("room_cmd", "Register rooms, named as batches name them."),
    "holder": ("holder_cmd", "Register the people who may be accountable for assets, and keep what is known of them."),
    "preview": ("preview_cmd", "Show what a batch of scans would do. Saves nothing."),
    "mapping": ("mapping_cmd", "Say how the columns of your own tables are read, so that they can be previewed."),
    "commit": ("commit_cmd", "Commit a batch of scans: all of it, or nothing."),
    "issue": ("issue_cmd", "Issue assets to a holder: all of them, or none."),
    "return": ("return_cmd", "Return assets to storage: all of them, or none."),
    "transfer": ("transfer_cmd", "Transfer assets from whoever has them to a holder: all of them, or none."),
    "retire": ("retire_cmd", "Retire assets: all of them, or none."),
    "replace": ("replace_cmd", "Replace a failed asset by a new one in its slot."),
    "receipt": ("receipt_cmd", "Issue receipts for what was handed over, print them, and verify one offline."),
    "acceptance": ("acceptance_cmd", "Record who accepted what was handed over, and see what nobody has accepted yet."),
    "correct": ("correct_cmd", "Correct what a row of a batch or an acceptance says, in the open."),
    "count": ("count_cmd", "Count what is there: begin, scan, sign off. Nothing moves by counting."),
    "labels": ("labels_cmd", "Print labels for assets, slots and cases, badges of holders, and scan cards."),
    "scanner": ("scanner_cmd", "Pull scans from a pocket scanner: kept, previewed, committed, and only then cleared."),
    "asset": ("asset_cmd", "Look at assets and their history."),
    "report": ("report_cmd", "Show who has what, what is where, what is overdue or odd; on the screen, or as a file."),
    "audit": ("audit_cmd", "Verify, read and prove the audit log."),
    "backup": ("backup_cmd", "Make a backup while others work, and prove it by restoring it."),
    "restore": ("restore_cmd", "Put the database back to a backup, or to an earlier point of its log."),
    "setting": ("setting_cmd", "The rules the station goes by."),
    "account": ("account_cmd", "Help somebody in who lost the password or the second factor."),
    "serve": ("serve_cmd", "Serve the station to browsers, by default to those on this machine only."),
    "doctor": ("doctor_cmd", "Check that the station is fit for work."),
    "completion": ("completion_cmd", "Print the completion script for a shell."),
}
"""Each command of the root: the module whose ``command`` it is, and its first sentence of help."""


def examples(*commands: str) -> str:
    """Return examples as they stand at the end of a help page."""
    return "\b\nExamples:\n" + "\n".join(f"  assettrack {command}" for command in commands)


def _shared_options() -> list[click.Parameter]:
    return [
        click.Option(
            ["--json"], is_flag=True, expose_value=False, callback=_set_json, help="Answer in JSON, for machines."
        ),
        click.Option(
            ["--db"], metavar="FILE", expose_value=False, callback=_set_database, help="Use this database file."
        ),
        click.Option(
            ["--operator"], metavar="NAME", expose_value=False, callback=_set_operator, help="Say who is at work."
        ),
    ]


def _set_json(context: click.Context, _: click.Parameter, value: object) -> None:
    if value:
        context.ensure_object(Invocation).json = True


def _set_database(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.ensure_object(Invocation).database = value


def _set_operator(context: click.Context, _: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.ensure_object(Invocation).operator = value


class Command(click.Command):
    """A command that takes the shared options too."""

    def __init__(self, *args: object, **attributes: object) -> None:
        super().__init__(*args, **attributes)  # type: ignore[arg-type]  # Click's own parameters, handed on
        self.params += _shared_options()


_WHOLE = 1_000
"""Longer than any first sentence of a command."""


class Group(click.Group):
    """A group that takes the shared options too, and whose commands do."""

    command_class = Command

    def __init__(self, *args: object, **attributes: object) -> None:
        super().__init__(*args, **attributes)  # type: ignore[arg-type]  # Click's own parameters, handed on
        self.params += _shared_options()

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands, each with its first sentence whole: half of one may say the opposite."""
        found = ((name, self.get_command(ctx, name)) for name in self.list_commands(ctx))
        told = [(name, each.get_short_help_str(_WHOLE)) for name, each in found if each is not None and not each.hidden]
        with formatter.section("Commands"):
            formatter.write_dl(told)


class Root(Group):
    """The root: knows of each command its name and one line, and imports its module when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        """Return the names in the order in which a station needs them."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - Click's signature
        """Return a command, importing it now."""
        if cmd_name not in _MODULES:
            return None
        found: click.Command = import_module(f"assettrack.cli.{_MODULES[cmd_name][0]}").command
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - Click's signature
        """Write the list of commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, sentence) for name, (_, sentence) in _MODULES.items()])


assettrack = Root(
    name="assettrack",
    help="Keep assets, slots and an append-only audit log in step. A batch of scans is previewed, confirmed and "
    "committed whole, or not at all.",
    epilog=examples(
        "init",
        "case init CASE-01 --slots 20",
        "preview scans.csv --default equipment_type=laptop",
        "commit scans.csv --default equipment_type=laptop --confirm K7QF-2M9X",
        "audit verify",
    ),
    params=[],
)
assettrack = click.version_option(__version__, prog_name="assettrack")(assettrack)
