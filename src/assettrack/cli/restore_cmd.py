"""`restore`: put the database back to a backup or to an earlier point of its log; or only check a backup."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import Any

import click
import msgspec

from assettrack import bootstrap
from assettrack.cli import arguments, exit_codes, output
from assettrack.cli.commands import Command, examples
from assettrack.cli.commit_cmd import on_a_terminal
from assettrack.cli.invocation import Invocation
from assettrack.cli.progress import showing
from assettrack.cli.show.entries import entry_lines
from assettrack.cli.show.words import moment
from assettrack.domain import errors
from assettrack.domain.checkpoints import NotAKey, VerifierKey, read_vkey
from assettrack.domain.manifests import Manifest
from assettrack.domain.restore_plans import RestorePlan
from assettrack.services import backups, restoring
from assettrack.services.restoring import Restored, RestoreOrder

LOST_LINES_MAX = 20
"""Lines that a page shows of what would be given up; it says how many more there are."""


def _key(_: click.Context, __: click.Parameter, value: str | None) -> VerifierKey | None:
    """Read a public key, where it is given (a Click callback)."""
    if value is None:
        return None
    try:
        return read_vkey(value)
    except NotAKey as error:
        raise errors.ValueUnusable("The key", value, error.reason) from error


@click.command(
    "restore",
    cls=Command,
    epilog=examples(
        "restore store-room.backup --check",
        'restore store-room.backup --reason "the disk failed" --preview',
        'restore store-room.backup --reason "the disk failed" --confirm K7QF-2M9X',
        'restore --at 1200 --reason "training was done on the real station" --preview',
    ),
)
@click.argument("file", required=False)
@click.option("--at", type=arguments.NUMBER, metavar="SEQ", help="Restore the log up to this entry, by replay.")
@click.option("--from", "source", metavar="FILE", help="With --at: take the log from this backup.")
@click.option("--reason", callback=arguments.reason, help="Why; kept in the log.")
@click.option("--preview", is_flag=True, help="Show what would be done and given up, with its code. Saves nothing.")
@click.option("--confirm", metavar="CODE", help="The code that --preview showed.")
@click.option("--yes", is_flag=True, help="Restore in one go, whatever is given up.")
@click.option("--check", is_flag=True, help="Only check whether the backup is good. Touches nothing.")
@click.option("--key", metavar="VKEY", callback=_key, help="With --check: the station's public key, known elsewhere.")
@click.pass_obj
def command(call: Invocation, /, *, file: str | None, check: bool, key: VerifierKey | None, **asked: Any) -> int:  # noqa: ANN401 - options of Click, handed on by name
    """Put the database back to a backup, or to an earlier point of its log.

    What is there now is kept beside it. What would be given up is shown first, and the restore stands in the log with
    its reason; checkpoints of what was given up will not fit any more.
    """
    if check:
        if file is None or any(value for value in asked.values()):
            raise click.UsageError("--check goes with a backup and --key alone.")
        return _check(call, file, key)
    if key is not None:
        raise click.UsageError("--key goes with --check.")
    return _restore(call, _order(file, asked), **{name: asked[name] for name in ("preview", "confirm", "yes")})


def _order(file: str | None, asked: dict[str, Any]) -> RestoreOrder:
    """Return what is to be restored.

    Raises:
        click.UsageError: it is not said, or said twice.
    """
    at, source, reason = asked["at"], asked["source"], asked["reason"]
    if source is not None and (file is not None or at is None):
        raise click.UsageError("--from goes with --at, and without another backup.")
    if file is None and at is None:
        raise click.UsageError("Name a backup, or a point of the log with --at.")
    if reason is None:
        raise click.UsageError("Say why with --reason.")
    return RestoreOrder(reason, file or source, at)


def _check(call: Invocation, file: str, key: VerifierKey | None) -> int:
    with bootstrap.backup_files(call.settings()) as files, showing(f"Checking {file}") as display:
        manifest = backups.check(call.workplace(), files, file, key=key, progress=display.advance)
    if call.json:
        facts = {"file": output.inert(file), "verified": True, "key": manifest.vkey}
        output.write_json(facts | msgspec.structs.asdict(manifest))
    else:
        output.lines(_goodness(manifest, file))
        if key is None:
            output.tell("Is this the station's key? Compare it with the one you know, or name that with --key.")
    return exit_codes.DONE


def _restore(call: Invocation, order: RestoreOrder, *, preview: bool, confirm: str | None, yes: bool) -> int:
    """Preview or restore what was asked for.

    Raises:
        errors.ConfirmationMissing: it is not said in exactly one way whether to restore.
    """
    ways = preview + yes + (confirm is not None)
    if ways > 1:
        raise errors.ConfirmationMissing(both=True)
    if not ways and (call.json or not on_a_terminal()):
        raise errors.ConfirmationMissing(both=False)
    if preview or not ways:
        plan = _previewed(call, order)
        if preview:
            return _show(call, plan)
        output.lines(_page(plan))
        if not click.confirm("Restore this?"):
            output.tell("Not restored. Nothing was saved.")
            return exit_codes.INTERRUPTED
        confirm = plan.confirm_code
    with ExitStack() as stack:
        files = stack.enter_context(bootstrap.backup_files(call.settings()))
        display = stack.enter_context(showing("Restoring"))
        with suppress(errors.AssetTrackError):  # a database that can't be read can't tell what was saved
            stack.enter_context(call.deed())
        done = restoring.restore(call.workplace(), files, order, confirm=confirm, progress=display.advance)
    call.made()
    if call.json:
        output.write_json(msgspec.structs.asdict(done))
    else:
        output.lines(_farewell(done))
    return exit_codes.DONE


def _previewed(call: Invocation, order: RestoreOrder) -> RestorePlan:
    with bootstrap.backup_files(call.settings()) as files, showing("Making what would be there") as display:
        return restoring.preview(call.workplace(), files, order, display.advance)


def _show(call: Invocation, plan: RestorePlan) -> int:
    if call.json:
        facts = msgspec.structs.asdict(plan) | {
            "file": None if plan.file is None else output.inert(plan.file),
            "lost": [msgspec.Raw(body) for body in plan.lost],
            "confirm": plan.confirm_code,
        }
        output.write_json(facts)
    else:
        output.lines(_page(plan))
        output.lines([f"To do exactly this, repeat the command with --confirm {plan.confirm_code}"])
    return exit_codes.DONE


def _page(plan: RestorePlan) -> Iterator[str]:
    what = f"the backup {plan.file}, made {moment(plan.made_at)}" if plan.file and plan.made_at else "its own log"
    point = f", up to entry {plan.at}" if plan.at is not None else ""
    yield f"Restore station {plan.station} from {what}{point}."
    if plan.damage is not None:
        yield f"  Now:      a database that can't be read: {plan.damage}"
    elif plan.now_entries is None:
        yield "  Now:      no database"
    else:
        yield f"  Now:      {plan.now_entries:,} entries, root {plan.now_root}"
    yield f"  Then:     {plan.entries:,} entries, root {plan.root}, and one that tells of the restore"
    yield f"  Known:    a checkpoint of {plan.newest_entries:,} entries, root {plan.newest_root}"
    yield f"  Given up: {plan.lost_entries:,} entries"
    shown = plan.lost[:LOST_LINES_MAX]
    if shown:
        yield from (f"    {line}" for line in entry_lines(shown))
    if plan.lost_entries > len(shown):
        yield f"    … and {plan.lost_entries - len(shown):,} more, as far as they are known"
    yield f"  Reason:   {plan.reason}"


def _goodness(manifest: Manifest, file: str) -> list[str]:
    return [
        f"The backup {file} is good: {manifest.entries:,} entries, made {moment(manifest.made_at)}.",
        f"Station: {manifest.station}",
        f"Root:    {manifest.root}",
        f"Key:     {manifest.vkey}",
    ]


def _farewell(done: Restored) -> list[str]:
    kept = "There was no database before." if done.replaced is None else f"What was there is kept: {done.replaced}"
    return [
        f"Restored {done.entries:,} entries; {done.lost_entries:,} were given up. Entry {done.seq} tells why.",
        kept,
        "Keep a checkpoint of the log as it is now elsewhere: assettrack audit checkpoint > FILE",
    ]
