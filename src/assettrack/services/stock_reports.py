"""Reports on what there is and where it lies: cases, types of equipment, what is in no slot."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.holders import name_key
from assettrack.domain.holdings import StockCount
from assettrack.domain.tables import Column
from assettrack.domain.unslotted import corrected_unslotted_since, unslotted_by, unslotted_since
from assettrack.domain.wording import counted
from assettrack.services.effective_history import corrected_history
from assettrack.services.ports import Workplace
from assettrack.services.remembered import Passes
from assettrack.services.reports import EVERY_LINE, Basis, Content, Filters, Lines, Report, Row, basis_of

_CASES = (
    Column("case_name", "Case"),
    Column("slots", "Slots", "integer"),
    Column("taken", "Taken", "integer"),
    Column("empty", "Empty", "integer"),
    Column("utilisation_percent", "Utilisation %", "integer"),
)
_TYPES = (
    Column("equipment_type", "Type"),
    Column("in_slots", "In slots", "integer"),
    Column("unslotted", "Unslotted", "integer"),
    Column("in_custody", "In custody", "integer"),
    Column("retired", "Retired", "integer"),
    Column("assets", "Assets", "integer"),
)
_UNSLOTTED = (
    Column("asset_tag", "Asset"),
    Column("equipment_type", "Type"),
    Column("serial_number", "Serial number"),
    Column("building_room", "Room"),
    Column("seq", "Entry", "integer"),
    Column("since", "Since", "time"),
    Column("correction", "Correction"),
)
_COLUMN_OF = {"STORAGE": 1, "IN_CUSTODY": 2, "RETIRED": 3}


def cases(workplace: Workplace, lines: Lines = EVERY_LINE) -> Report:
    """Return every case with its slots: how many are taken, how many are empty, and the whole percent taken."""
    with basis_of(workplace) as basis:
        fills = list(basis.snapshot.reports.case_fills())
        rows = [(*fill, fill.slots - fill.taken, _percent(fill.taken, fill.slots)) for fill in fills]
        slots, taken = sum(fill.slots for fill in fills), sum(fill.taken for fill in fills)
        figures = {"cases": len(rows), "slots": slots, "taken": taken, "empty": slots - taken}
        figures["utilisation_percent"] = _percent(taken, slots)
        answer = (
            f"{counted(len(rows), 'case')} with {counted(slots, 'slot')}: {taken:,} taken, {slots - taken:,} empty."
        )
        return basis.report("cases", Content("Cases", answer, figures, _CASES, rows), lines=lines)


def types(workplace: Workplace, lines: Lines = EVERY_LINE, passes: Passes | None = None) -> Report:
    """Return every type of equipment with how many assets of it there are, and where."""
    with basis_of(workplace) as basis:
        counts = (passes or Passes()).find(basis, _of_types)
        rows: list[Row] = [
            (name, *counts[name], sum(counts[name])) for name in sorted(counts, key=lambda name: (name_key(name), name))
        ]
        sums = [sum(column) for column in zip(*counts.values(), strict=True)] or [0] * 4
        names = [column.key for column in _TYPES[1:]]
        figures = {"types": len(rows), **dict(zip(names, (*sums, sum(sums)), strict=True))}
        answer = (
            f"{counted(sum(sums), 'asset')} of {counted(len(rows), 'type')}: {sums[0]:,} in slots, "
            f"{sums[1]:,} in no slot, {sums[2]:,} in custody, {sums[3]:,} retired."
        )
        return basis.report("types", Content("Types of equipment", answer, figures, _TYPES, rows), lines=lines)


def unslotted(workplace: Workplace, filters: Filters, lines: Lines = EVERY_LINE) -> Report:
    """Return the assets that are in storage in no slot, each with since when and by which entry.

    Raises:
        errors.NotFound: there is no such type.
    """
    with basis_of(workplace) as basis:
        chosen = basis.select(filters)
        found = [each for each in basis.snapshot.reports.unslotted() if chosen.has_type(each.equipment_type)]
        shown = lines.of(found)
        since = since_when(basis, [each.asset_tag for each in shown])
        rows = [(*each, *since[each.asset_tag]) for each in shown]
        answer = f"{len(found):,} in storage in no slot."
        content = Content("In no slot", answer, {"unslotted": len(found)}, _UNSLOTTED, rows, total=len(found))
        return basis.report("unslotted", content, chosen.words)


def since_when(basis: Basis, tags: Sequence[str]) -> dict[str, tuple[int, str, str | None]]:
    """Return since when each of some assets is in no slot: the entry, its UTC text, and what of it was corrected."""
    amended = basis.amendments.asset_tags
    since: dict[str, tuple[int, str, str | None]] = {}
    for tag in tags:
        if tag in amended:
            course, steps = corrected_history(basis.snapshot, tag)
            seq, occurred_at = corrected_unslotted_since(course, steps)
            since[tag] = (seq, occurred_at, basis.amendments.words(steps[seq].entry))
    for seq, tag, body in basis.snapshot.reports.last_about([tag for tag in tags if tag not in since]):
        by_last = unslotted_by(seq, body)  # nearly always: what is in no slot is rarely scanned there
        if by_last is not None:
            since[tag] = (*by_last, None)
    others = [tag for tag in tags if tag not in since]
    for tag, entries in groupby(basis.snapshot.reports.entries_about(others), itemgetter(1)):
        since[tag] = (*unslotted_since((seq, body) for seq, _, body in entries), None)
    for tag in tags:
        if tag not in since:
            raise NotAnEntry(f"there is none about asset {tag}")
    return since


def _of_types(basis: Basis) -> dict[str, list[int]]:
    """Return for each type of equipment how many assets are in each column."""
    counts: dict[str, list[int]] = {}
    for count in basis.snapshot.reports.stock_counts():
        counts.setdefault(count.equipment_type, [0] * 4)[_place(count)] += count.assets
    return counts


def _percent(taken: int, slots: int) -> int:
    """Return how much is taken in whole percent, rounded down: 100 only where nothing is empty."""
    return 100 * taken // slots if slots else 0


def _place(count: StockCount) -> int:
    """Return the column in which assets are counted, the first being 0."""
    return 0 if count.is_slotted else _COLUMN_OF[count.status]
