"""`restore`: put the database back to a backup or to an earlier point of its log; or only check a backup."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from typing import Any

import click
import msgspec

from assettrack import bootstrap
from assettrack.cli import arguments, confirmation, exit_codes, output
from assettrack.cli.commands import Command, examples
from assettrack.cli.confirmation import Confirmation, Shown
from assettrack.cli.invocation import Invocation
from assettrack.cli.progress import showing
from assettrack.cli.scanner_connection import at_work_anew
from assettrack.cli.show.entries import entry_lines
from assettrack.cli.show.words import counted, moment
from assettrack.domain import errors
from assettrack.domain.manifests import Manifest
from assettrack.domain.restore_plans import ContactsThen, RestorePlan
from assettrack.domain.signed_notes import NotAKey, VerifierKey, read_vkey
from assettrack.domain.wording import counted_entries
from assettrack.services import backups, restoring
from assettrack.services.kept_downloads import kept_downloads
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
@confirmation.confirmation_options(
    preview="Show what would be done and given up, with its code. Saves nothing.",
    yes="Restore in one go, whatever is given up.",
)
@click.option("--check", is_flag=True, help="Only check whether the backup is good. Touches nothing.")
@click.option("--key", metavar="VKEY", callback=_key, help="With --check: the station's public key, known elsewhere.")
@click.pass_obj
def command(call: Invocation, /, *, check: bool, key: VerifierKey | None, how: Confirmation, **asked: Any) -> int:  # noqa: ANN401 - options of Click, handed on by name
    """Put the database back to a backup, or to an earlier point of its log.

    What is there now is kept beside it. What would be given up is shown first, and the restore stands in the log with
    its reason; checkpoints of what was given up will not fit any more.
    """
    if check:
        file = asked.pop("file")
        if file is None or how.is_said or any(asked.values()):
            raise click.UsageError("--check goes with a backup and --key alone.")
        return _check(call, file, key)
    if key is not None:
        raise click.UsageError("--key goes with --check.")
    order = _order(**asked)
    if how.preview:
        return _show(call, _previewed(call, order))
    return confirmation.carry_out(
        call,
        how,
        show=lambda: _asked(call, order),
        save=lambda code: _save(call, order, code),
        undone="Not restored",
    )


def _order(*, file: str | None, at: int | None, source: str | None, reason: str | None) -> RestoreOrder:
    """Return what is to be restored.

    Raises:
        click.UsageError: it is not said, or said twice.
    """
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


def _save(call: Invocation, order: RestoreOrder, code: str | None) -> None:
    with ExitStack() as stack:
        files = stack.enter_context(bootstrap.backup_files(call.settings()))
        display = stack.enter_context(showing("Restoring"))
        with suppress(errors.AssetTrackError):  # a database that can't be read can't tell what was saved
            stack.enter_context(call.deed())
        done = restoring.restore(call.workplace(), files, order, confirm=code, progress=display.advance)
    call.made()
    if call.json:
        output.write_json(msgspec.structs.asdict(done))
    else:
        output.lines(_farewell(done))
        with suppress(errors.AssetTrackError):  # what is kept of scanners stays so, readable now or not
            _tell_of_scans(call)


def _tell_of_scans(call: Invocation) -> None:
    """Say how many downloads of scanners are kept of which the restored database knows nothing."""
    with at_work_anew(call) as anew:
        kept, _ = kept_downloads(anew.workplace, anew.desk, sys.maxsize)
    missing = sum(each.state == "open" for each in kept)
    if missing:
        what = f"{counted(missing, 'download')} of pocket scanners {'is' if missing == 1 else 'are'} kept"
        output.tell(f"{what} whose scans this database does not have. Look with: assettrack scanner downloads")


def _asked(call: Invocation, order: RestoreOrder) -> Shown:
    plan = _previewed(call, order)
    output.lines(_page(plan))
    return Shown(plan.confirm_code, "Restore this?")


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
        output.lines([confirmation.how_to_confirm("do exactly this", plan.confirm_code)])
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
        yield f"  Now:      {counted_entries(plan.now_entries)}, root {plan.now_root}"
    yield f"  Then:     {counted_entries(plan.entries)}, root {plan.root}, and one that tells of the restore"
    yield f"  Known:    a checkpoint of {counted_entries(plan.newest_entries)}, root {plan.newest_root}"
    yield f"  Given up: {counted_entries(plan.lost_entries)}"
    shown = plan.lost[:LOST_LINES_MAX]
    if shown:
        yield from (f"    {line}" for line in entry_lines(shown))
    if plan.lost_entries > len(shown):
        yield f"    … and {plan.lost_entries - len(shown):,} more, as far as they are known"
    yield f"  Contacts: {_contacts(plan.contacts)}"
    yield f"  Reason:   {plan.reason}"


def _contacts(then: ContactsThen) -> str:
    """Return what becomes of contact data, in words."""
    parts = [
        f"those of {counted(len(then.kept), 'holder')} stay as they are" if then.kept else "",
        f"put back as they were then: {_some(then.put_back)}" if then.put_back else "",
        f"dropped: {_some(then.dropped)}" if then.dropped else "",
    ]
    return "; ".join(filter(None, parts)) or "none now, none then"


def _some(names: Sequence[str]) -> str:
    """Return names, and how many more there are."""
    more = f" and {len(names) - LOST_LINES_MAX:,} more" if len(names) > LOST_LINES_MAX else ""
    return f"{', '.join(names[:LOST_LINES_MAX])}{more}"


def _goodness(manifest: Manifest, file: str) -> list[str]:
    return [
        f"The backup {file} is good: {counted_entries(manifest.entries)}, made {moment(manifest.made_at)}.",
        f"Station: {manifest.station}",
        f"Root:    {manifest.root}",
        f"Key:     {manifest.vkey}",
    ]


def _farewell(done: Restored) -> list[str]:
    given_up = f"{done.lost_entries:,} {'was' if done.lost_entries == 1 else 'were'} given up"
    kept = "There was no database before." if done.replaced is None else f"What was there is kept: {done.replaced}"
    return [
        f"Restored {counted_entries(done.entries)}; {given_up}. Entry {done.seq} tells why.",
        f"Contact data: {_contacts(done.contacts)}.",
        kept,
        "Keep a checkpoint of the log as it is now elsewhere: assettrack audit checkpoint > FILE",
    ]
