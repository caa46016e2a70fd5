"""`count`: begin a count, add scans, look at it, sign it off or abandon it; check a case that comes back."""

from collections.abc import Callable, Iterable, Sequence
from datetime import tzinfo
from itertools import chain

import click
import msgspec

from assettrack.cli import arguments, case_check, count_close, output, scan_input
from assettrack.cli.case_check import Check
from assettrack.cli.commands import Group, examples
from assettrack.cli.confirmation import Confirmation, confirmation_options
from assettrack.cli.count_close import Closing
from assettrack.cli.invocation import Invocation
from assettrack.cli.kept_file import write_kept
from assettrack.cli.progress import showing
from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.words import counted
from assettrack.domain.findings import Finding
from assettrack.domain.timestamps import local_text
from assettrack.services import count_endings, count_fixes, counts
from assettrack.services.count_reading import Scans
from assettrack.services.counts import AskedScope, Summary

command = Group(
    "count",
    help="Count what is there: begin, scan, sign off. Nothing moves by counting.",
    epilog=examples(
        "count start --case CASE-01",
        "count scan 1 --from scans.csv",
        "count show 1",
        "count close 1 --preview",
        "count check-case CASE-01 --from scans.csv --preview",
    ),
)


def _case_names(context: click.Context, option: click.Parameter, values: Sequence[str]) -> list[str]:
    return [name for value in values if (name := arguments.case_name(context, option, value)) is not None]


def _room(_: click.Context, option: click.Parameter, value: str | None) -> str | None:
    return None if value is None else arguments.read_text(f"The room for {option.opts[0]}", value)


def _slot(context: click.Context, option: click.Parameter, value: str | None) -> int | None:
    return None if value is None else arguments.slot_position(context, option, value)


@command.command("start", epilog=examples("count start --case CASE-01 --case CASE-02", 'count start --room "North 12"'))
@click.option(
    "--case", "cases", multiple=True, metavar="CASE", callback=_case_names, help="This case. May be repeated."
)
@click.option("--room", metavar="ROOM", callback=_room, help="What is recorded in this room.")
@click.option("--holder", metavar="NAME", callback=arguments.person, help="What this holder has.")
@click.option("--everything", is_flag=True, help="All that is in storage, in slots or in none.")
@click.pass_obj
def start(call: Invocation, *, cases: Sequence[str], room: str | None, holder: str | None, everything: bool) -> None:
    """Begin a count. What is recorded in its scope at this moment is what it expects."""
    if bool(cases) + (room is not None) + (holder is not None) + everything != 1:
        raise click.UsageError("Give --case CASE (it may be repeated), --room ROOM, --holder NAME or --everything.")
    with call.deed() as workplace, showing("Beginning the count"):
        begun = counts.start(workplace, AskedScope(tuple(cases), room, holder))
    if call.json:
        output.write_json(begun)
        return
    output.lines(
        [f"Count {begun.count_id} of {begun.scope.words} is open: {counted(begun.expected, 'asset')} expected."]
    )
    _tell(begun.notices)


@command.command(
    "scan", epilog=examples("count scan 1 --from scans.csv", "count scan 1 LT-0042 --case CASE-02 --slot 5")
)
@click.argument("count_id", type=arguments.NUMBER, metavar="ID")
@click.argument("tags", nargs=-1, metavar="[TAG]...", callback=scan_input.scanned_tags)
@click.option("--from", "file", metavar="FILE", help=scan_input.FILE_HELP)
@click.option("--case", metavar="CASE", callback=arguments.case_name, help="Where all were seen that name no case.")
@click.option("--slot", metavar="N", callback=_slot, help="The slot in which one TAG was seen.")
@click.pass_obj
def scan(
    call: Invocation, count_id: int, *, tags: Sequence[str], file: str | None, case: str | None, slot: int | None
) -> None:
    """Add what was scanned to an open count, as often as need be.

    Cases and slots need not be said: then the tags were just seen where people count. Of several scans
    of one asset the last one with a place counts.
    """
    scans = scan_input.read_scans(tags, file, case_name=case, slot_position=slot)
    with call.deed() as workplace, showing("Adding scans"):
        added = counts.add_scans(workplace, count_id, scans)
    if call.json:
        output.write_json(added)
        return
    if not added.already_added:
        how = f"See how it stands: assettrack count show {count_id}"
        output.lines([f"Count {count_id}: {counted(added.scans, 'scan')} added. {how}"])
    _tell(added.notices)


@command.command("show")
@click.argument("count_id", type=arguments.NUMBER, metavar="ID")
@click.option("--all", "everything", is_flag=True, help="Show all lines, and also what was simply found.")
@click.pass_obj
def show(call: Invocation, count_id: int, *, everything: bool) -> None:
    """Show how a count stands, or how it ended once it is signed off."""
    with showing("Comparing"):
        sheet = counts.sheet(call.workplace(), count_id, with_found=everything)
    if call.json:
        output.write_json(sheet)
        return
    from assettrack.cli.show.count_page import sheet_page
    from assettrack.cli.show.screen import show as show_page

    show_page(sheet_page(sheet, call.workplace().zone(sheet.timezone), everything=everything))


@command.command(
    "close", epilog=examples("count close 1 --preview", 'count close 1 --remark "with Bob" --confirm K7QF-2M9X')
)
@click.argument("count_id", type=arguments.NUMBER, metavar="ID")
@click.option("--remark", metavar="TEXT", callback=arguments.reason, help="Kept in the entry, such as who was there.")
@confirmation_options(
    preview="Show how it would end, with the code of that. Saves nothing.",
    yes="Sign off in one go, however it ends.",
)
@click.pass_obj
def close(call: Invocation, count_id: int, *, remark: str | None, how: Confirmation) -> int:
    """Sign a count off with the result that it has now. It stays as it is from then on.

    On a terminal the result is shown first, and you are asked. A count that is signed off already with
    just this result stays as it is, and nothing happens.
    """
    return count_close.run(call, Closing(count_id, remark or ""), how)


@command.command("abandon", epilog=examples('count abandon 2 --reason "the wrong room"'))
@click.argument("count_id", type=arguments.NUMBER, metavar="ID")
@click.option("--reason", required=True, metavar="REASON", callback=arguments.reason, help="Why; kept in the entry.")
@click.pass_obj
def abandon(call: Invocation, count_id: int, *, reason: str) -> None:
    """Abandon an open count. It has no result, and takes no more scans; what was scanned stays in the log."""
    with call.deed() as workplace:
        abandoned = count_endings.abandon(workplace, count_id, reason)
    if call.json:
        output.write_json(abandoned)
    elif abandoned.already_committed:
        what = f"count {count_id} is abandoned already, by entry {abandoned.first_seq:,}"
        output.lines([f"Nothing happened: {what} ({reason})."])
    else:
        output.lines([f"Count {count_id} is abandoned by entry {abandoned.first_seq:,} ({reason})."])


@command.command("list")
@click.option("--open", "only_open", is_flag=True, help="Only those that are neither signed off nor abandoned.")
@click.pass_obj
def list_(call: Invocation, *, only_open: bool) -> None:
    """List all counts."""
    found = (each for each in call.reading(counts.all_counts(call.workplace())) if not only_open or each.is_open)
    timezone = counts.timezone(call.workplace())
    if call.json:
        end = b',"timezone":' + msgspec.json.encode(timezone) + b"}"
        output.write_array(b'{"counts":', map(msgspec.json.encode, found), end)
        return
    first = next(found, None)
    if first is None:
        output.tell(
            f"No count {'is open' if only_open else 'was begun'}. Begin one with: assettrack count start --case CASE"
        )
        return
    output.lines(
        in_columns(
            ("count", "expected", "begun", "", "of"),
            _summaries(chain([first], found), call.workplace().zone(timezone)),
            numbers=2,
        )
    )


@command.command("print", epilog=examples("count print 1 count-1.pdf", "count print 1 count-1.xlsx --all"))
@click.argument("count_id", type=arguments.NUMBER, metavar="ID")
@click.argument("file")
@click.option("--all", "everything", is_flag=True, help="Also what was simply found.")
@click.option("--force", is_flag=True, help="Replace the file if it is there already.")
@click.pass_obj
def print_(call: Invocation, count_id: int, *, file: str, everything: bool, force: bool) -> None:
    """Write the sheet of a count to FILE, as PDF, or as its end says: .csv, .xlsx or .json."""
    from assettrack.cli.report_file import FORMATS, write_table
    from assettrack.services.count_sheets import count_table

    ending = file.rpartition(".")[2].lower()
    table = count_table(call.workplace(), count_id, with_found=everything)
    write_kept(file, [write_table(table, ending if ending in FORMATS else "pdf")], station=call.settings(), force=force)
    call.made()
    if call.json:
        output.write_json({"count_id": count_id, "file": output.inert(file)})
    else:
        output.lines([f"The sheet of count {count_id} is in {file}."])


@command.command("fix", epilog=examples("count fix 1 fix.csv", "preview fix.csv"))
@click.argument("count_id", type=arguments.NUMBER, metavar="ID")
@click.argument("file")
@click.option("--force", is_flag=True, help="Replace the file if it is there already.")
@click.pass_obj
def fix(call: Invocation, count_id: int, *, file: str, force: bool) -> None:
    """Write a batch to FILE that records assets where they were seen, if that slot is free. Commits nothing.

    Preview and commit it like any other. Nothing is proposed for what is missing.
    """
    from assettrack.formats.batch_rows import batch_bytes

    proposed = count_fixes.fixes(call.workplace(), count_id)
    if proposed.rows:
        write_kept(file, [batch_bytes(proposed.rows)], station=call.settings(), force=force)
        call.made()
    written = output.inert(file) if proposed.rows else None
    if call.json:
        left_out = [each._asdict() for each in proposed.left_out]
        output.write_json({"count_id": count_id, "file": written, "rows": len(proposed.rows), "left_out": left_out})
        return
    if written is None:
        output.lines([f"Count {count_id}: there is nothing to propose, and no file was written."])
    else:
        output.lines([f"{counted(len(proposed.rows), 'row')} in {file}. Look at them: assettrack preview {file}"])
    output.tell(*(f"Left out: {each.asset_tag}: {each.message}" for each in proposed.left_out))


@command.command(
    "check-case",
    epilog=examples("count check-case CASE-01 --from scans.csv --preview", "count check-case CASE-01 LT-0042 --yes"),
)
@click.argument("case", callback=arguments.case_name)
@case_check.seen_options
@click.option("--remark", metavar="TEXT", callback=arguments.reason, help="Kept in the entry, such as who was there.")
@confirmation_options(
    preview="Show what would be signed off, with its code. Saves nothing.", yes="Check and sign off in one go."
)
@click.pass_obj
def check_case(
    call: Invocation, case: str, *, scans_of: Callable[[], Scans], remark: str | None, how: Confirmation
) -> int:
    """Check a case that comes back: a count of this case, begun, scanned and signed off in one deed.

    What is missing, extra or in a wrong slot is shown first. Tags without a case were seen in this one. A
    check that was confirmed by its code is made once, and so is that of a batch file; else each with --yes
    is another.
    """
    return case_check.run(call, Check(case, scans_of, remark or ""), how)


def _summaries(found: Iterable[Summary], zone: tzinfo) -> Iterable[tuple[str, str, str, str, str]]:
    for each in found:
        state, of = "open" if each.is_open else "signed off", each.scope.words
        if each.abandoned is not None:
            state, of = "abandoned", f"{of} (abandoned by {each.abandoned.operator}: {each.abandoned.reason})"
        began = f"{local_text(each.started.recorded_at, zone)} ({zone})"
        yield str(each.count_id), f"{each.expected:,}", began, state, of


def _tell(notices: Sequence[Finding]) -> None:
    output.tell(*(f"Note: {notice.message}" for notice in notices))
