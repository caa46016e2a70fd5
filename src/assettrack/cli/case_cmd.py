"""`case`: prepare cases, list them, look into one."""

from collections.abc import Iterable

import click
import msgspec

from assettrack.cli import arguments, output
from assettrack.cli.batch_file import read_list, source_name
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.columns import in_columns
from assettrack.domain.tags import SLOTS_PER_CASE_MAX
from assettrack.formats import case_list
from assettrack.services import slots
from assettrack.services.slots import Case

command = Group(
    "case",
    help="Prepare cases and look into them.",
    epilog=examples("case init CASE-01 --slots 20", "case init --from cases.txt", "case show CASE-01"),
)


@command.command("init", epilog=examples("case init CASE-01 --slots 20", "case init --from cases.txt"))
@click.argument("name", callback=arguments.case_name, required=False)
@click.option("--slots", "count", type=click.IntRange(1, SLOTS_PER_CASE_MAX), metavar="N", help="Number of slots.")
@click.option(
    "--from",
    "list_file",
    metavar="FILE",
    help="A text file with one NAME,N a line, or a workbook with these two columns; all of them or none.",
)
@click.pass_obj
def init(call: Invocation, name: str | None, *, count: int | None, list_file: str | None) -> None:
    """Prepare a new case NAME with empty slots 1 to N."""
    if list_file is None:
        if name is None or count is None:
            raise click.UsageError("Give NAME and --slots N, or --from FILE.")
        wanted = [(name, count)]
    elif name is None and count is None:
        wanted = case_list.parse(read_list(list_file, numbers=(2,)), source_name(list_file))
    else:
        raise click.UsageError("--from FILE names the cases and their slots; give nothing else.")
    with call.deed() as workplace:
        made = slots.initialise_cases(workplace, wanted)
    if not call.json:
        output.lines(f"Case {case.case_name} is prepared with {len(case.slots)} empty slots." for case in made)
    elif list_file is None:
        output.write_json(_answer(made[0]))
    else:
        _write_cases(made)


@command.command("list")
@click.pass_obj
def list_(call: Invocation) -> None:
    """List all cases, with how many of their slots are taken."""
    if call.json:
        _write_cases(call.reading(slots.all_cases(call.workplace())))
        return
    found = slots.cases(call.workplace())
    if not found:
        output.tell("There are no cases yet. Prepare one with: assettrack case init CASE-01 --slots 20")
        return
    rows = ((str(case.slots), str(case.taken), str(case.slots - case.taken), case.case_name) for case in found)
    output.lines(in_columns(("slots", "taken", "empty", "case"), rows, numbers=3))


@command.command("show")
@click.argument("name", callback=arguments.case_name)
@click.pass_obj
def show_(call: Invocation, name: str) -> None:
    """Draw a case as the grid of its slots."""
    case = slots.case(call.workplace(), name)
    if call.json:
        output.write_json(_answer(case))
        return
    from assettrack.cli.show.case_grid import case_page
    from assettrack.cli.show.screen import show

    show(case_page(case))


def _answer(case: Case) -> dict[str, object]:
    found = [{"slot_position": position, "current_asset_tag": tag} for position, tag in case.slots]
    return {"case_name": case.case_name, "slots": found}


def _write_cases(cases: Iterable[Case]) -> None:
    output.write_array(b'{"cases":', (msgspec.json.encode(_answer(case)) for case in cases), b"}")
