"""`completion`: print the script with which a shell completes our commands and options."""

import click
from click.shell_completion import get_completion_class

from assettrack.cli import output
from assettrack.cli.commands import Command, assettrack, examples

SHELLS = ("bash", "zsh", "fish")


@click.command(
    "completion",
    cls=Command,
    epilog=examples("completion bash > ~/.local/share/bash-completion/completions/assettrack"),
)
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> None:
    """Print the completion script for a shell."""
    script = get_completion_class(shell)
    assert script is not None, "Click knows these three"
    output.lines(script(assettrack, {}, "assettrack", "_ASSETTRACK_COMPLETE").source().splitlines())
