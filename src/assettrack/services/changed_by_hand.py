"""A scan of a queue that a person makes another row: what else of the queue means something else by that.

Owns that no asset that was scanned is lost by it, nor where it was seen. It changes nothing itself: what it returns is
written in one step.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain import desk_errors
from assettrack.domain.queued_scans import Context, Held, Meant, QueuedScan, Repeated, RowMeant
from assettrack.domain.scans import GIVING
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import repeated_scans


def after_hand_change(
    scans: Sequence[QueuedScan], context: Context, number: int, row: TypedRow
) -> tuple[dict[int, Meant], Context]:
    """Return what scans mean, and what holds for the next, once the scan with a number is made a ``row`` by hand.

    A scan that repeated it is a row of its own where this is another asset by now. A slot that was used by it is used
    by what it is now.

    Raises:
        desk_errors.ScanGone: there is no such scan.
    """
    changed = next((scan for scan in scans if scan.number == number and not scan.removed), None)
    if changed is None:
        raise desk_errors.ScanGone([number])
    before = changed.meant.row if isinstance(changed.meant, RowMeant | Repeated | Held) else None
    if before is not None and row.event_type == "SCAN" and row.place is None:
        row = msgspec.structs.replace(row, seen_in=before.seen_in)  # it was scanned there, whatever it is
    meant = RowMeant(row)
    if before is not None and (before.event_type, before.place) == (row.event_type, row.place):
        meant = _with_what_nobody_said(changed.meant, before, row)
    return repeated_scans.after_change(scans, {number: meant}), _used_by(scans, context, number, row)


def _with_what_nobody_said(changed: Meant, before: TypedRow, row: TypedRow) -> RowMeant:
    """Return what a scan means that is made a ``row`` at the place that it had ``before``: nobody said it by that."""
    row = msgspec.structs.replace(row, from_state=before.from_state)
    own = changed.own if isinstance(changed, RowMeant) and before.tag == row.tag else None
    if own is not None:
        own = msgspec.structs.replace(row, place=own.place, seen_in=own.seen_in, from_state=own.from_state)
    return RowMeant(row, own=own)


def _used_by(scans: Sequence[QueuedScan], context: Context, number: int, row: TypedRow) -> Context:
    """Return a context where a slot that was for the row of a scan is for what this is now."""
    used = context.used
    if used is None:
        return context
    rows = ((scan.number, scan.meant.row) for scan in scans if not scan.removed and isinstance(scan.meant, RowMeant))
    of_asset = [each for each, was in rows if was.tag == used.used_by]
    if number not in of_asset[-1:]:  # the label was for the last of them
        return context
    missed = row.event_type in GIVING or row.event_type == "RETIRE"
    used = msgspec.structs.replace(used, used_by=row.tag, missed=missed)
    return msgspec.structs.replace(context, used=used)
