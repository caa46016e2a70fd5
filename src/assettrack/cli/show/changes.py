"""Changes on the screen: what a row or an entry does to its asset, before and after in a few words."""

from collections.abc import Iterator, Sequence

from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.words import arrow
from assettrack.domain.change_wording import before_and_after
from assettrack.domain.plans import Change


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
