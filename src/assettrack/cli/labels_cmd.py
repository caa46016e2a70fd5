"""`labels`: what is stuck on and scanned: labels of assets, slots and cases, badges, and the cards of a round."""

import click

from assettrack.cli import arguments, output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.label_options import Paper, deliver, paper_options, print_labels
from assettrack.cli.show.columns import in_columns
from assettrack.domain import errors, tags
from assettrack.domain.labels import END_COUNT_MAX, LABELS_MAX, Symbology, tags_from
from assettrack.domain.tags import NotATag
from assettrack.paper.label_sheets import SHEETS
from assettrack.services import label_lists

command = Group(
    "labels",
    help="Print labels for assets, slots and cases, badges of holders, and scan cards.",
    epilog=examples(
        "labels assets LT-0001 --new --count 65 --sheet L7651 --pdf labels.pdf",
        "labels slots CASE-01 --sheet L7160 --pdf slots.pdf",
        "labels holders --size 50x25 --zpl badges.zpl --dpi 203",
        "labels cards --pdf cards.pdf",
        "labels sheets",
    ),
)


@command.command(
    "assets",
    epilog=examples(
        "labels assets LT-0042 LT-0043 --sheet L7160 --skip 5 --pdf labels.pdf",
        "labels assets --case CASE-01 --code qr --sheet 5160 --pdf labels.pdf",
        "labels assets LT-0001 --new --count 500 --size 50x25 --zpl labels.zpl",
    ),
)
@click.argument("asset_tags", nargs=-1, metavar="[TAG]...", callback=arguments.asset_tags)
@click.option("--case", "case_name", metavar="CASE", callback=arguments.case_name, help="All assets in this case.")
@click.option("--all", "everything", is_flag=True, help="All assets that are not retired.")
@click.option("--new", "may_be_new", is_flag=True, help="The tags may be new: nobody scanned them yet.")
@click.option("--count", type=click.IntRange(1, LABELS_MAX), metavar="N", help="So many tags, in sequence from TAG on.")
@paper_options
@click.pass_obj
def assets(call: Invocation, /, paper: Paper, asset_tags: list[str], **said: object) -> None:
    """Print labels of assets: those named, those in a case, or all."""
    case_name, everything, count = said["case_name"], said["everything"], said["count"]
    if sum([bool(asset_tags), case_name is not None, bool(everything)]) != 1:
        raise click.UsageError("Give tags, --case CASE or --all.")
    if (count is not None or said["may_be_new"]) and not asset_tags:
        raise click.UsageError("--new and --count need a TAG.")
    if isinstance(count, int):
        if len(asset_tags) > 1:
            raise click.UsageError("--count needs one TAG to begin with.")
        asset_tags = tags_from(asset_tags[0], count)
    workplace = call.workplace()
    existing = label_lists.existing(workplace, asset_tags) if said["may_be_new"] else []
    if isinstance(case_name, str):
        labels = label_lists.of_assets_in(workplace, case_name)
    elif everything:
        labels = label_lists.of_all_assets(workplace)
    else:
        try:
            labels = label_lists.of_assets(workplace, asset_tags, may_be_new=bool(said["may_be_new"]))
        except errors.NotFound as error:  # on the page of labels they are asked for apart
            error.args = (f"{error} For labels of assets that nobody scanned yet, say --new too.",)
            raise
    print_labels(call, labels, paper, existing=existing)


@command.command("slots", epilog=examples("labels slots CASE-01 CASE-02 --sheet L7160 --pdf slots.pdf"))
@click.argument("case_names", nargs=-1, required=True, metavar="CASE...")
@paper_options
@click.pass_obj
def slots(call: Invocation, /, paper: Paper, case_names: tuple[str, ...]) -> None:
    """Print a label for each slot of some cases."""
    names = _case_names(case_names)
    print_labels(call, label_lists.of_slots(call.workplace(), names, paper.code), paper)


@command.command("cases", epilog=examples("labels cases --sheet L7163 --pdf cases.pdf"))
@click.argument("case_names", nargs=-1, metavar="[CASE]...")
@paper_options
@click.pass_obj
def cases(call: Invocation, /, paper: Paper, case_names: tuple[str, ...]) -> None:
    """Print labels of cases: those named, or all."""
    names = _case_names(case_names)
    print_labels(call, label_lists.of_cases(call.workplace(), names, paper.code), paper)


@command.command("holders", epilog=examples('labels holders "Jane Smith" --sheet L7163 --pdf badge.pdf'))
@click.argument("names", nargs=-1, metavar="[NAME]...")
@paper_options
@click.pass_obj
def holders(call: Invocation, /, paper: Paper, names: tuple[str, ...]) -> None:
    """Print badges of holders: those named, or all that are active. A badge holds a number, and shows the name."""
    print_labels(call, label_lists.of_holders(call.workplace(), names), paper)


@command.command(
    "cards",
    epilog=examples(
        "labels cards --pdf cards.pdf",
        "labels cards --begin mara --end-count 20 --page Letter --pdf cards.pdf",
        "labels cards --begin mara --sheet L7163 --pdf cards.pdf",
    ),
)
@click.option("--begin", "begins", metavar="NAME", multiple=True, help="Who scans: an account; all where none is said.")
@click.option(
    "--end-count", "counts", type=click.IntRange(1, END_COUNT_MAX), metavar="N", multiple=True,
    help="An end card besides that asks where other than N assets were scanned.",
)  # fmt: skip
@paper_options
@click.pass_obj
def cards(call: Invocation, /, paper: Paper, begins: tuple[str, ...], counts: tuple[int, ...]) -> None:
    """Print the cards of a round: begin, every event, no slot, undo and end, a page for each who scans.

    Without --sheet, --grid and --size they are large, with what each does and how they are used. Where the
    station has no accounts, --begin takes any name in letters.
    """
    if paper.sheet is None and (paper.is_zpl or paper.skip):
        raise click.UsageError("--zpl and --skip need --sheet NAME, --grid CxR or --size WxH.")
    station, rounds = label_lists.rounds_of_cards(call.workplace(), begins, counts)
    if paper.sheet is not None:
        print_labels(call, label_lists.distinct(rounds), paper)
        return
    if paper.code is not Symbology.CODE_128:
        raise errors.ValueUnusable("The code", paper.code.value, "scan cards are printed in Code 128 only")
    from assettrack.paper.card_sheet import card_sheet_pdf
    from assettrack.paper.labels_pdf import USUAL_DPI

    made = card_sheet_pdf(rounds, station, paper.page, paper.dpi or USUAL_DPI)
    deliver(call, made, sum(map(len, rounds)), paper)


@command.command("sheets")
@click.pass_obj
def sheets(call: Invocation) -> None:
    """List the sheets that are known by name, and how long a tag may be to fit on their labels in Code 128."""
    from assettrack.paper.label_layout import longest_tag
    from assettrack.paper.labels_pdf import USUAL_DPI
    from assettrack.paper.lettering import Lettering

    letters = Lettering()
    found = [
        {
            "sheet": sheet.name,
            "labels": sheet.places,
            "columns": sheet.columns,
            "rows": sheet.rows,
            "width_mm": round(sheet.label.across, 1),
            "height_mm": round(sheet.label.down, 1),
            "page_width_mm": round(sheet.page.across, 1),
            "page_height_mm": round(sheet.page.down, 1),
            "longest_tag": longest_tag(sheet.label, USUAL_DPI, letters),
            "longest_tag_at_203_dpi": longest_tag(sheet.label, 203, letters),
        }
        for sheet in SHEETS.values()
    ]
    if call.json:
        output.write_json({"sheets": found})
        return
    rows = (
        (
            str(each["sheet"]),
            str(each["labels"]),
            f"{each['columns']} x {each['rows']}",
            f"{each['width_mm']} x {each['height_mm']} mm",
            str(each["longest_tag"]),
            str(each["longest_tag_at_203_dpi"]),
        )
        for each in found
    )
    output.lines(in_columns(("sheet", "labels", "grid", "label", "longest tag", "at 203 dpi"), rows))


def _case_names(texts: tuple[str, ...]) -> list[str]:
    """Return case names as they were typed, each once.

    Raises:
        errors.ValueUnusable: one of them is none.
    """
    found = []
    for text in texts:
        try:
            found.append(tags.parse_case_name(text))
        except NotATag as error:
            raise errors.ValueUnusable("The case name", text, error.reason) from error
    return list(dict.fromkeys(found))
