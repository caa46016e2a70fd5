"""Scans of a queue that repeat one another: which of them are rows, and which only say what the last row says.

Owns the one rule of it, for scans that are removed, brought back or changed: in the order of the scans that stand, each
has the row that it says by itself, and only repeats the asset's last row where that says nothing else, or said nothing
else before a person made it say so. It changes nothing itself: what it returns is written in the same step as what made
it needed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from assettrack.domain.queued_scans import Meant, QueuedScan, Repeated, RowMeant
from assettrack.domain.typed_rows import TypedRow


def after_removal(scans: Sequence[QueuedScan], removed: Collection[int]) -> dict[int, Meant]:
    """Return what scans mean, once some are ``removed``, where that is not what they meant before."""
    standing = [scan for scan in scans if not scan.removed and scan.number not in removed]
    return _by_the_rule(standing, _rows_of(scan for scan in scans if scan.number in removed))


def after_return(scans: Sequence[QueuedScan], returned: Collection[int]) -> dict[int, Meant]:
    """Return what scans mean, once some are ``returned`` to the queue, where that is not what they meant before."""
    standing = [scan for scan in scans if not scan.removed or scan.number in returned]
    return _by_the_rule(standing, _rows_of(scan for scan in scans if scan.number in returned))


def after_change(scans: Sequence[QueuedScan], number: int, row: TypedRow) -> dict[int, Meant]:
    """Return what scans mean, once one is made a ``row`` by hand: that one, and others where they mean something else.

    The row that it was is gone, and what it says now is said in its place. What only repeated it follows it: who puts
    right what was read twice means both.
    """
    changed = {number: RowMeant(row)} | {
        scan.number: msgspec.structs.replace(scan.meant, follows=True)
        for scan in scans
        if isinstance(scan.meant, Repeated) and scan.meant.number == number and not scan.removed
    }
    before = _rows_of(scan for scan in scans if scan.number == number)
    standing = [
        msgspec.structs.replace(scan, meant=changed.get(scan.number, scan.meant)) for scan in scans if not scan.removed
    ]
    return changed | _by_the_rule(standing, [*before, row])


def _by_the_rule(standing: Sequence[QueuedScan], concerned: Sequence[TypedRow]) -> dict[int, Meant]:
    """Return what scans of the ``concerned`` rows' assets mean, in their order, where they meant something else.

    A new asset is still of the type that was said of it by what is gone, where the row that makes it now says none.
    """
    types = _types_of(concerned)
    tags = {row.tag for row in concerned}
    last: dict[str, tuple[int, TypedRow]] = {}
    meants: dict[int, Meant] = {}
    for scan in standing:
        row = _own_row(scan.meant)
        if row is None or row.tag not in tags:
            continue
        number, before = last.get(row.tag, (0, None))
        follows = isinstance(scan.meant, Repeated) and scan.meant.follows and scan.meant.number == number
        if before is not None and (follows or row.repeats(before)):
            meant: Meant = Repeated(number, row, follows)
        else:
            if before is None and row.event_type == "SCAN" and not row.equipment_type:
                row = msgspec.structs.replace(row, equipment_type=types.get(row.tag, ""))
            moved = scan.meant.moved if isinstance(scan.meant, RowMeant) else None
            meant, last[row.tag] = RowMeant(row, moved), (scan.number, row)
        if meant != scan.meant:
            meants[scan.number] = meant
    return meants


def _types_of(rows: Sequence[TypedRow]) -> Mapping[str, str]:
    """Return the types that scans say of assets."""
    return {row.tag: row.equipment_type for row in rows if row.event_type == "SCAN" and row.equipment_type}


def _own_row(meant: Meant) -> TypedRow | None:
    """Return the row that a scan says by itself, as scanned or as changed by hand; None where it says none.

    Nor does anybody know it of a scan that an earlier version of the program found to repeat another.
    """
    return meant.row if isinstance(meant, RowMeant | Repeated) else None


def _rows_of(scans: Iterable[QueuedScan]) -> list[TypedRow]:
    return [row for scan in scans if (row := _own_row(scan.meant)) is not None]
