"""`report`: who has what, what is where, what is overdue or odd; on the screen, or as a file."""

from typing import get_args

import click

from assettrack.cli import arguments, exit_codes, output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.report_answer import To, answer, answer_options, as_object
from assettrack.domain import errors
from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.entry_wording import what_happened
from assettrack.services import accountability as judging
from assettrack.services import activity as recent
from assettrack.services import custody_reports, interval_reports, problem_reports, stock_reports
from assettrack.services.interval_reports import IntervalSelection
from assettrack.services.reports import Filters

KINDS = tuple(str(kind.__struct_config__.tag) for kind in get_args(AnyEntry))
"""The kinds of entries, as they stand in the log."""

ARROW = "->"
"""Between what was before and after; printable in every format."""

command = Group(
    "report",
    help="Show who has what, what is where, what is overdue or odd; on the screen, or as a file.",
    epilog=examples(
        "report custody",
        'report custody --holder "Jane Smith" --details',
        "report overdue --output overdue.xlsx",
        "report accountability --since 2026-01-01",
    ),
)

_HOLDER = click.option("--holder", metavar="NAME", callback=arguments.person, help="Only what this holder has.")
_ORGANISATION = click.option(
    "--organisation", metavar="NAME", callback=arguments.person, help="Only holders of this organisation."
)
_TYPE = click.option(
    "--type", "equipment_type", metavar="TYPE", callback=arguments.person, help="Only equipment of this type."
)


@command.command("custody", epilog=examples("report custody", "report custody --details --output custody.csv"))
@_HOLDER
@_ORGANISATION
@_TYPE
@click.option("--details", is_flag=True, help="A line for each asset: since when, until when, by which batch.")
@answer_options
@click.pass_obj
def custody(call: Invocation, /, to: To, *, details: bool, **filters: str | None) -> int:
    """Show how many assets are issued right now, and to whom."""
    return answer(call, custody_reports.custody(call.workplace(), Filters(**filters), details=details), to)


@command.command("overdue")
@_HOLDER
@_ORGANISATION
@_TYPE
@answer_options
@click.pass_obj
def overdue(call: Invocation, /, to: To, **filters: str | None) -> int:
    """Show what was due back before today, and for how many days."""
    return answer(call, custody_reports.overdue(call.workplace(), Filters(**filters)), to)


@command.command("holders")
@_ORGANISATION
@answer_options
@click.pass_obj
def holders(call: Invocation, to: To, *, organisation: str | None) -> int:
    """Show all holders: what they have, what of it is overdue, what nobody has accepted."""
    return answer(call, custody_reports.holders(call.workplace(), Filters(organisation=organisation)), to)


@command.command("organisations")
@answer_options
@click.pass_obj
def organisations(call: Invocation, to: To) -> int:
    """Show all organisations: their holders, and what these have."""
    return answer(call, custody_reports.organisations(call.workplace()), to)


@command.command("cases")
@answer_options
@click.pass_obj
def cases(call: Invocation, to: To) -> int:
    """Show all cases: how many slots are taken, how many are empty."""
    return answer(call, stock_reports.cases(call.workplace()), to)


@command.command("types")
@answer_options
@click.pass_obj
def types(call: Invocation, to: To) -> int:
    """Show all types of equipment: how many there are, and where."""
    return answer(call, stock_reports.types(call.workplace()), to)


@command.command("unslotted")
@_TYPE
@answer_options
@click.pass_obj
def unslotted(call: Invocation, to: To, *, equipment_type: str | None) -> int:
    """Show what is in storage in no slot, and since when."""
    return answer(call, stock_reports.unslotted(call.workplace(), Filters(equipment_type=equipment_type)), to)


@command.command("problems")
@answer_options
@click.pass_obj
def problems(call: Invocation, to: To) -> int:
    """Show what is odd in the present state and needs a person."""
    return answer(call, problem_reports.problems(call.workplace()), to)


@command.command(
    "intervals", epilog=examples("report intervals --asset LT-0042", 'report intervals --holder "Jane Smith"')
)
@click.option("--asset", "asset_tag", metavar="TAG", callback=arguments.asset_tag, help="Who had this asset, and when.")
@click.option("--holder", metavar="NAME", callback=arguments.person, help="What this holder had, and when.")
@click.option("--details", is_flag=True, help="Every interval of everybody, and not only how many there are.")
@answer_options
@click.pass_obj
def intervals(call: Invocation, to: To, *, asset_tag: str | None, holder: str | None, details: bool) -> int:
    """Show who had what from when until when, and which of it was corrected.

    Without --asset and --holder all is added up by holder; --details shows every interval.
    """
    wanted = IntervalSelection(asset_tag, holder, details)
    return answer(call, interval_reports.intervals(call.workplace(), wanted), to)


@command.command("accountability", epilog=examples("report accountability --since 2026-01-01"))
@click.option("--since", metavar="DATE", callback=arguments.date, help="What is in storage must have been seen since.")
@_HOLDER
@_ORGANISATION
@_TYPE
@click.option("--all", "everything", is_flag=True, help="Every asset with how it stands, not only the unresolved.")
@answer_options
@click.pass_obj
def accountability(call: Invocation, /, to: To, *, since: str | None, everything: bool, **filters: str | None) -> int:
    """Tell of every asset whether it is accounted for: confirmed, out with a holder, or unresolved and why.

    Confirmed is what is in its slot, or with a holder and seen since the date. Out is what a holder has. Exit code 0
    where nothing is unresolved, else 4.
    """
    found = judging.accountability(call.workplace(), Filters(**filters), since, everything=everything)
    if call.json and to.format is None:
        part = as_object(found.unresolved)
        unresolved = part.pop("rows")
        whole = {} if found.whole is None else as_object(found.whole)
        output.write_json({**part, **whole, "unresolved": unresolved})
    else:
        answer(call, found.whole or found.unresolved, to)
    return exit_codes.DONE if found.ok else errors.RefusedError.exit_code


@command.command(
    "activity", epilog=examples("report activity --last 20", "report activity --since 2026-03-01 --by jdoe")
)
@click.option("--last", type=click.IntRange(min=1), metavar="N", help="Only the last N; 50 where no date is given.")
@click.option("--since", metavar="DATE", callback=arguments.date, help="Only what was recorded from this date on.")
@click.option("--by", metavar="NAME", callback=arguments.person, help="Only what this person did or scanned.")
@click.option("--kind", type=click.Choice(KINDS, case_sensitive=False), help="Only entries of this kind.")
@answer_options
@click.pass_obj
def activity(call: Invocation, to: To, *, last: int | None, since: str | None, by: str | None, kind: str | None) -> int:
    """Show what was done lately."""
    asked = recent.EntrySelection(last, kind, by, since)
    found = recent.activity(call.workplace(), asked, lambda entry: what_happened(entry, ARROW))
    return answer(call, found, to)
