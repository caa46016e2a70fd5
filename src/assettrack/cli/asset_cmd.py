"""`asset`: look at assets and their history."""

from collections.abc import Iterable, Iterator

import click
import msgspec

from assettrack.cli import arguments, output
from assettrack.cli.commands import Group, examples
from assettrack.cli.invocation import Invocation
from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.entries import entry_lines, sound
from assettrack.domain.facts import Correction
from assettrack.domain.inventory import Asset
from assettrack.domain.scans import DETAIL_COLUMNS
from assettrack.services import assets, slots

STATUSES = ("STORAGE", "IN_CUSTODY", "RETIRED")

command = Group(
    "asset",
    help="Look at assets and their history.",
    epilog=examples("asset show LT-0042", "asset history LT-0042", "asset list --status IN_CUSTODY"),
)


@command.command("show")
@click.argument("tag", callback=arguments.asset_tag)
@click.pass_obj
def show_(call: Invocation, tag: str) -> None:
    """Show where an asset is and what it is, and what of its history was corrected."""
    asset, corrections = assets.page(call.workplace(), tag)
    if call.json:
        marks = {"corrections": _pairs(corrections)} if corrections else {}
        output.write_json(_answer(tag, asset) | marks)
        return
    details = ((field, getattr(asset, field)) for field in (*DETAIL_COLUMNS, "due_on"))
    lines = [f"{tag}: {asset.where}"]
    lines += [f"  {field:<16}{value}" for field, value in details if value is not None]
    lines += [f"  {'corrected':<16}entry {each.corrected_seq}, by entry {each.seq}" for each in corrections]
    output.lines(lines)


@command.command("list")
@click.option("--status", type=click.Choice(STATUSES, case_sensitive=False), help="Only assets of this status.")
@click.option("--case", "case_name", callback=arguments.case_name, metavar="NAME", help="Only assets in this case.")
@click.pass_obj
def list_(call: Invocation, *, status: str | None, case_name: str | None) -> None:
    """List assets by tag."""
    workplace = call.workplace()
    if case_name is not None:
        slots.case(workplace, case_name)  # an unknown case is said to be unknown, not empty
    found = (
        (tag, asset)
        for tag, asset in call.reading(assets.all_assets(workplace))
        if status in {None, asset.status} and case_name in {None, asset.case_name}
    )
    if call.json:
        output.write_array(b'{"assets":', (msgspec.json.encode(_answer(*each)) for each in found), b"}")
    else:
        output.lines(_listed(found))


@command.command("history")
@click.argument("tag", callback=arguments.asset_tag)
@click.pass_obj
def history(call: Invocation, tag: str) -> None:
    """Show all entries of the audit log about an asset, oldest first, and which of them were corrected by which."""
    bodies, corrections = assets.history(call.workplace(), tag)
    if call.json:
        tail = b',"corrections":' + msgspec.json.encode(_pairs(corrections)) + b"}"
        output.write_array(b'{"asset_tag":' + msgspec.json.encode(tag) + b',"entries":', sound(bodies), tail)
    else:
        output.lines(entry_lines(bodies, {each.corrected_seq: each.seq for each in corrections}))


def _answer(tag: str, asset: Asset) -> dict[str, object]:
    return {"asset_tag": tag, **msgspec.structs.asdict(asset)}


def _pairs(corrections: Iterable[Correction]) -> list[dict[str, int]]:
    return [{"corrected_seq": each.corrected_seq, "seq": each.seq} for each in corrections]


def _listed(found: Iterable[tuple[str, Asset]]) -> Iterator[str]:
    rows = ((tag, asset.status, asset.equipment_type, asset.where) for tag, asset in found)
    return in_columns(("asset", "status", "type", "where"), rows)
