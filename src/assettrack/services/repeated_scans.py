"""Scans of a queue that repeat one another: which of them is the row, when one is taken out, brought back or changed.

Owns that an asset that was scanned several times is a row once for as long as one of these scans is there, and that
none repeats another where the asset's row between them says otherwise. It changes nothing itself: what it returns is
written in the same step as what made it needed.
"""

from collections.abc import Collection, Mapping, Sequence

import msgspec

from assettrack.domain.queued_scans import Meant, QueuedScan, Repeated, RowMeant
from assettrack.domain.typed_rows import TypedRow

_OfWhat = tuple[str, str, str, int | None]


def after_removal(scans: Sequence[QueuedScan], removed: Collection[int]) -> dict[int, Meant]:
    """Return what scans mean, once some are ``removed``, where that is not what they meant before.

    The first that repeated one of those stands for it from then on, and the others repeat that one. Where the removed
    one was made to say something else by hand, it stands for what was scanned. What is removed remembers which rows of
    the same stood beside it.
    """
    by_number = {scan.number: scan for scan in scans}
    heirs: dict[int, int] = {}
    meants: dict[int, Meant] = {}
    for scan in scans:
        if scan.removed or scan.number in removed or not isinstance(scan.meant, Repeated):
            continue
        first = _first_of(by_number, scan)
        if first is None or first.removed or first.number not in removed or not isinstance(first.meant, RowMeant):
            continue
        meant = _of_its_own(first.meant, scan.meant)
        if first.number not in heirs:
            other = None if meant is first.meant else _says(scans, scan.number, meant, but=removed)
            heirs[first.number] = scan.number if other is None else other
        heir = heirs[first.number]
        meants[scan.number] = meant if heir == scan.number else Repeated(heir, scan.meant.row)
    return meants | _with_those_beside(scans, removed)


def after_change(scans: Sequence[QueuedScan], number: int, row: TypedRow) -> dict[int, Meant]:
    """Return what scans mean, once one is made a ``row`` by hand, where that is not what they meant before.

    Where that is another asset, scans that repeated it mean what they would if it was removed: else theirs would be
    gone. A later row that is the same to the letter repeats it: what is changed and changed back is as it was.
    """
    meants: dict[int, Meant] = {}
    for scan in scans:
        if scan.removed or not isinstance(scan.meant, RowMeant):
            continue
        if scan.number == number and tag_of(scan.meant.row) != tag_of(row):
            meants |= after_removal(scans, {number})
        elif scan.number > number and scan.meant.row == row:
            meants[scan.number] = Repeated(number, scan.meant.row)
    return _as_said_in_order(scans, meants | {number: RowMeant(row)})


def _with_those_beside(scans: Sequence[QueuedScan], removed: Collection[int]) -> dict[int, Meant]:
    """Return what those of the ``removed`` mean beside which another row of the same asset and deed stands now."""
    rows: dict[_OfWhat, list[tuple[int, RowMeant]]] = {}
    for scan in scans:
        if not scan.removed and isinstance(scan.meant, RowMeant):
            rows.setdefault(_of_what(scan.meant.row), []).append((scan.number, scan.meant))
    meants: dict[int, Meant] = {}
    for same in rows.values():
        for number, meant in same:
            beside = tuple(other for other, _ in same if other != number)
            if number in removed and beside != meant.beside:
                meants[number] = msgspec.structs.replace(meant, beside=beside)
    return meants


def after_return(scans: Sequence[QueuedScan], returned: Collection[int]) -> dict[int, Meant]:
    """Return what scans mean that are ``returned`` to the queue, where that is not what they meant before.

    What came to be said while they were gone, by the asset's row just before or after them, holds, wherever it goes:
    they repeat it. They say it where none does, and where they were gone from beside it.
    """
    by_number = {scan.number: scan for scan in scans}
    rows = {scan.number: scan.meant for scan in scans if not scan.removed and isinstance(scan.meant, RowMeant)}
    meants: dict[int, Meant] = {}
    for scan in scans:
        if scan.number not in returned:
            continue
        first = _first_of(by_number, scan)
        if first is None or not isinstance(first.meant, RowMeant):
            continue
        stands = first.meant
        if isinstance(scan.meant, Repeated) and first.removed and first.number not in returned:
            stands = _of_its_own(stands, scan.meant)
        own = scan.meant.row if isinstance(scan.meant, Repeated | RowMeant) else None
        number = _holding(rows, scan.number, stands, {scan.number, first.number})
        if number is None:
            rows[scan.number] = stands
        meant = stands if number is None else Repeated(number, own)
        if meant != scan.meant:
            meants[scan.number] = meant
    return _as_said_in_order(scans, meants, returned)


def _holding(rows: Mapping[int, RowMeant], at: int, meant: RowMeant, numbers: Collection[int]) -> int | None:
    """Return the row that holds in place of what the scan ``at`` means that is brought back; None if it is a row."""
    for number in _beside(rows, at, tag_of(meant.row)):
        was_beside = number in meant.beside or not set(rows[number].beside).isdisjoint(numbers)
        is_said = _of_what(rows[number].row) == _of_what(meant.row) and meant.row.remarks_nothing_over(rows[number].row)
        if is_said and not was_beside:
            return number
    return None


def _beside(rows: Mapping[int, RowMeant], at: int, asset_tag: str) -> list[int]:
    """Return the ``rows`` of an asset just before and after the scan ``at``: what says otherwise parts the others."""
    of_asset = [number for number, meant in rows.items() if number != at and tag_of(meant.row) == asset_tag]
    before, after = [each for each in of_asset if each < at], [each for each in of_asset if each > at]
    return [*([max(before)] if before else []), *([min(after)] if after else [])]


def _as_said_in_order(
    scans: Sequence[QueuedScan], meants: Mapping[int, Meant], returned: Collection[int] = ()
) -> dict[int, Meant]:
    """Return what scans come to mean, with those that repeated a row before another that says otherwise by now.

    That one came back, or was changed, between the two: what was scanned after it is said after it.
    """
    found = dict(meants)
    last: dict[str, tuple[int, TypedRow]] = {}
    for scan in scans:
        meant = found.get(scan.number, scan.meant)
        if scan.removed and scan.number not in returned:
            continue
        if isinstance(meant, Repeated) and meant.row is not None and meant.number < scan.number:
            number, row = last.get(tag_of(meant.row), (meant.number, meant.row))
            if number > meant.number:
                is_said = _said(row) == _said(meant.row) and meant.row.remarks_nothing_over(row)
                meant = found[scan.number] = Repeated(number, meant.row) if is_said else RowMeant(meant.row)
        if isinstance(meant, RowMeant):
            last[tag_of(meant.row)] = (scan.number, meant.row)
    return found


def _of_its_own(first: RowMeant, repeated: Repeated) -> RowMeant:
    """Return what a scan means that stands for the one it repeated, now that this is not there any more.

    What is known better of the same by now stays; what that one was changed into by hand was never scanned.
    """
    scanned = repeated.row
    if scanned is None or _of_what(first.row) == _of_what(scanned):
        return first
    return RowMeant(scanned)


def _says(scans: Sequence[QueuedScan], at: int, meant: RowMeant, *, but: Collection[int]) -> int | None:
    """Return the row just before or after the scan ``at``, ``but`` those, that says what this means, or None."""
    there = (scan for scan in scans if not scan.removed and scan.number not in but)
    rows = {scan.number: scan.meant for scan in there if isinstance(scan.meant, RowMeant)}
    beside = _beside(rows, at, tag_of(meant.row))
    return next((number for number in beside if _of_what(rows[number].row) == _of_what(meant.row)), None)


def _of_what(row: TypedRow) -> _OfWhat:
    """Return what is done with which asset, and for whom."""
    return row.event_type, tag_of(row), row.issued_to_name, row.holder_id


def tag_of(row: TypedRow) -> str:
    """Return the asset of a row as it would be read, also where somebody typed it."""
    return row.asset_tag.strip().upper()


def _said(row: TypedRow) -> TypedRow:
    """Return what makes two rows the same: what is done with which asset, for whom and where."""
    return TypedRow(
        row.event_type, row.asset_tag, row.issued_to_name, row.place, holder_id=row.holder_id, seen_in=row.seen_in
    )


def _first_of(by_number: Mapping[int, QueuedScan], scan: QueuedScan) -> QueuedScan | None:
    """Return the scan that one repeats in the end, or itself; None where that is not in this queue."""
    seen = set()
    found: QueuedScan | None = scan
    while found is not None and isinstance(found.meant, Repeated) and found.number not in seen:
        seen.add(found.number)
        found = by_number.get(found.meant.number)
    return found
