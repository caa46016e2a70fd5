"""`backup`: make a backup while others work; it is good only once it was restored and verified."""

import click
import msgspec

from assettrack import bootstrap
from assettrack.cli import output
from assettrack.cli.commands import Command, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.kept_file import require_apart
from assettrack.cli.progress import showing
from assettrack.domain.wording import counted_entries
from assettrack.services import backups


@click.command("backup", cls=Command, epilog=examples("backup /media/stick/store-room.backup"))
@click.argument("file")
@click.option("--force", is_flag=True, help="Replace the backup if it is there already.")
@click.pass_obj
def command(call: Invocation, file: str, *, force: bool) -> None:
    """Make a backup while others work, and prove it by restoring it.

    It is restored into a scratch copy, verified and replayed before it is called good. FILE.manifest, signed by the
    station, says what it holds; keep both together, away from this machine. Contact data is in it.
    """
    for name in (file, f"{file}.manifest"):
        require_apart(name, call.settings())
    with (
        bootstrap.backup_files(call.settings()) as files,
        call.deed() as workplace,
        showing(f"Making and verifying {file}") as display,
    ):
        made = backups.make(workplace, files, file, force=force, progress=display.advance)
    answer = msgspec.structs.asdict(made) | {"file": output.inert(made.file), "manifest": output.inert(made.manifest)}
    if call.json:
        output.write_json(answer)
        return
    output.lines(
        [
            f"Made and verified {made.file}: {counted_entries(made.entries)}.",
            f"  Manifest: {made.manifest}",
            f"  Root:     {made.root}",
            "Keep both files together, away from this machine. The key is not in them; contact data is.",
        ]
    )
