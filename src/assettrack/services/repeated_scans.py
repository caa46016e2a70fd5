"""Scans of a queue that repeat one another: which of them are rows, and which only say what the last row says.

Owns the one rule of it, for scans that are removed, brought back or changed: in the order of the scans that stand, each
has the row that it says by itself, with the place that nobody said as the asset's last row says it; and it only repeats
that row where it says nothing else, or said nothing else before a person made that one say so. It changes nothing
itself: what it returns is written in the same step as what made it needed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec

from assettrack.domain.queued_scans import Meant, QueuedScan, Repeated, RowMeant
from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import TypedRow


def after_removal(scans: Sequence[QueuedScan], removed: Collection[int]) -> dict[int, Meant]:
    """Return what scans mean, once some are ``removed``, where that is not what they meant before."""
    standing = [scan for scan in scans if not scan.removed and scan.number not in removed]
    return _by_the_rule(scans, standing, [scan for scan in scans if scan.number in removed])


def after_return(scans: Sequence[QueuedScan], returned: Collection[int]) -> dict[int, Meant]:
    """Return what scans mean, once some are ``returned`` to the queue, where that is not what they meant before."""
    standing = [scan for scan in scans if not scan.removed or scan.number in returned]
    return _by_the_rule(scans, standing, [scan for scan in scans if scan.number in returned])


def after_change(scans: Sequence[QueuedScan], rows: Mapping[int, RowMeant]) -> dict[int, Meant]:
    """Return what scans mean, once some are made ``rows`` by a person: those, and others that mean something else then.

    The row that each was is gone, and what it says now is said in its place. What only repeated it follows it, where
    that is the same asset still: who puts right what was read twice means both.
    """
    by_number = {scan.number: scan.meant for scan in scans}
    changed: dict[int, Meant] = dict(rows)
    for scan in scans:
        meant = scan.meant
        if isinstance(meant, Repeated) and meant.number in rows and not scan.removed and scan.number not in rows:
            own = _own_row(meant, by_number)
            if own is not None and own.tag == rows[meant.number].row.tag:
                changed[scan.number] = msgspec.structs.replace(meant, follows=meant.number)
    before = [scan for scan in scans if scan.number in rows]
    standing = [
        msgspec.structs.replace(scan, meant=changed.get(scan.number, scan.meant)) for scan in scans if not scan.removed
    ]
    concerned = [*before, *(scan for scan in standing if scan.number in rows)]
    return changed | _by_the_rule(scans, standing, concerned)


def _by_the_rule(
    scans: Sequence[QueuedScan], standing: Sequence[QueuedScan], concerned: Sequence[QueuedScan]
) -> dict[int, Meant]:
    """Return what ``standing`` scans of the ``concerned`` ones' assets mean, in order, where they meant something else.

    ``scans`` are all, as they were.
    """
    by_number = {scan.number: scan.meant for scan in scans}
    tags = {row.tag for scan in concerned if (row := _own_row(scan.meant, by_number)) is not None}
    slots = {row.place: row.tag for row in _rows(standing)}
    last: dict[str, tuple[int, TypedRow]] = {}
    meants: dict[int, Meant] = {}
    for scan in standing:
        own = _own_row(scan.meant, by_number)
        if own is None or own.tag not in tags or not isinstance(scan.meant, RowMeant | Repeated):
            continue
        number, before = last.get(own.tag, (0, None))
        if before is not None and (number == scan.meant.follows or own.repeats(before)):
            meant: Meant = Repeated(number, own, scan.meant.follows)
        else:
            row = own if before is None else own.after(before)
            if isinstance(scan.meant, Repeated) or scan.meant.own is not None:
                row = _where_none_is(row, slots)
            moved = scan.meant.moved if isinstance(scan.meant, RowMeant) else None
            meant = RowMeant(row, moved, scan.meant.follows, None if row == own else own)
            last[own.tag] = (scan.number, row)
        if meant != scan.meant:
            meants[scan.number] = meant
    return meants


def _where_none_is(row: TypedRow, slots: dict[Place | None, str]) -> TypedRow:
    """Return what comes to be a row with a slot that no other asset's row names by now, else seen in its case alone.

    No line said that slot so far, and another may have been put there since. ``slots`` say which asset each is for.
    """
    if row.event_type != "SCAN" or row.place is None or row.place == OUT:
        return row
    if slots.setdefault(row.place, row.tag) == row.tag:
        return row
    return msgspec.structs.replace(row, place=None, seen_in=row.place.case_name)


def _rows(scans: Iterable[QueuedScan]) -> list[TypedRow]:
    return [scan.meant.row for scan in scans if isinstance(scan.meant, RowMeant)]


def _own_row(meant: Meant, by_number: Mapping[int, Meant]) -> TypedRow | None:
    """Return the row that a scan says by itself, as scanned or as changed by hand; None where it says none.

    An earlier version of the program did not keep it of a scan that repeated another: it said the same.
    """
    if isinstance(meant, Repeated) and meant.row is None:
        meant = by_number.get(meant.number, meant)
    if isinstance(meant, RowMeant) and meant.own is not None:
        return meant.own
    return meant.row if isinstance(meant, RowMeant | Repeated) else None
