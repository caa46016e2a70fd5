"""`assettrack serve`: the station in the browser, for those who never see a command line."""

from functools import partial

import click

from assettrack.cli import exit_codes, output
from assettrack.cli.commands import Command, examples
from assettrack.cli.invocation import Invocation


@click.command(
    "serve",
    cls=Command,
    help="Serve the station to browsers, by default to those on this machine only. On the first start it prints a "
    "link with which the first account is made, once.",
    epilog=examples("serve", "serve --port 0", "serve --listen 192.0.2.7 --tls-cert station.pem --tls-key station.key"),
)
@click.option("--port", default=8642, show_default=True, type=click.IntRange(0, 65535), help="The port; 0: any free.")
@click.option("--listen", "address", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="The address.")
@click.option("--name", "names", multiple=True, metavar="NAME", help="A host name that browsers call the station by.")
@click.option("--tls-cert", "certificate", metavar="FILE", help="The TLS certificate (PEM); others need it.")
@click.option("--tls-key", "key", metavar="FILE", help="The certificate's key (PEM).")
@click.option("--scanner-port", metavar="PORT", help="Where a pocket scanner is connected; else the only one found.")
@click.pass_obj
def command(call: Invocation, /, port: int, address: str, names: tuple[str, ...], **said: str | None) -> int:
    """Serve until told to end."""
    from assettrack import bootstrap
    from assettrack.web.serving import Listening, Opened, require_safe, serve

    listening = Listening(address, port, names, said["certificate"], said["key"])
    require_safe(listening)
    settings = call.settings()
    lend = partial(bootstrap.pocket_scanner, said["scanner_port"])
    with bootstrap.open_for_browsers(settings, lend) as lent:
        mappings = bootstrap.saved_mappings(settings)
        opened = Opened(*lent, lambda: bootstrap.examine(settings), mappings.all)
        serve(opened, listening, output.tell)
    return exit_codes.DONE
