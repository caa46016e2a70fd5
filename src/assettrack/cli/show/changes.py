"""Changes on the screen: what a row or an entry does to its asset, before and after in a few words."""

from collections.abc import Iterator, Sequence

from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.words import arrow
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Change
from assettrack.domain.scans import DETAIL_COLUMNS


def before_and_after(before: Asset | None, after: Asset, sign: str) -> str:
    """Return what becomes of an asset, ``sign`` between: ``in CASE-01 slot 3 → in custody of Jane Smith``."""
    if before is None:
        return f"new {after.equipment_type} {sign} {after.where}"
    if before == after:
        return f"{after.where}, unchanged"
    parts = [] if before.where == after.where else [f"{before.where} {sign} {after.where}"]
    if after.due_on != before.due_on and (after.due_on is not None or after.holder == before.holder):
        parts.append(f"due {after.due_on or 'on no date'}")
    for field in DETAIL_COLUMNS:
        old, new = getattr(before, field), getattr(after, field)
        if old != new:
            parts.append(f"{field} {old or '(blank)'} {sign} {new or '(blank)'}")
    return "; ".join(parts)


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """Yield a line for each change, under a line of headings."""
    sign = arrow()
    rows = (
        (
            str(change.row_number),
            change.asset_tag,
            change.event_type,
            before_and_after(change.before, change.after, sign),
        )
        for change in changes
    )
    return in_columns(("row", "asset", "event", f"before {sign} after"), rows, numbers=1)
