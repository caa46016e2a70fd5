"""The page of commands: every command with its help, as the program prints it."""

from collections.abc import Iterator

import click

from assettrack.cli.commands import assettrack
from reference_pages import markdown

HELP_COLUMNS = 96
INTRODUCTION = """What `assettrack COMMAND --help` prints, for every command. Data goes to stdout, messages to stderr.
`--json`, `--db` and `--operator` may stand anywhere after the command. [Answers in JSON](json.md), [errors and exit
codes](errors.md) and [settings](settings.md) have their own pages."""


def commands() -> Iterator[tuple[str, click.Command]]:
    """Yield every command that can be called, with its full name, groups before their commands."""
    yield from _below(assettrack, click.Context(assettrack, info_name="assettrack"))


def _below(command: click.Command, context: click.Context) -> Iterator[tuple[str, click.Command]]:
    yield context.command_path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None, "a group knows the commands that it lists"
            yield from _below(found, click.Context(found, info_name=name, parent=context))


def help_of(path: str, command: click.Command) -> str:
    """Return a command's help, in a width of its own."""
    context = click.Context(command, info_name=path, terminal_width=HELP_COLUMNS, max_content_width=HELP_COLUMNS)
    return command.get_help(context)


def page() -> str:
    """Return the page."""
    parts = [INTRODUCTION]
    for path, command in commands():
        parts += [f"## {path}", markdown.block(help_of(path, command))]
    return markdown.page("Commands", *parts)
