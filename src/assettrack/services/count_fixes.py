"""What a count proposes to mend, as rows of a batch that somebody previews like any other. Must never save anything."""

from collections.abc import Sequence

import msgspec

from assettrack.domain import count_fixes
from assettrack.domain.count_fixes import LeftOut
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.domain.validation import Cells
from assettrack.services import count_reading, counts
from assettrack.services.ports import Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class Fixes(msgspec.Struct, frozen=True):
    """The rows that a count proposes, cells in the order of `scans.COLUMNS`, and what it proposes nothing for."""

    count_id: int
    rows: Sequence[Cells]
    left_out: Sequence[LeftOut]


def fixes(workplace: Workplace, count_id: int) -> Fixes:
    """Return an UPDATE for each asset that was seen in another slot than recorded, if that slot is free for it.

    A count that is signed off proposes by its result and by what is recorded now, an open one by its scans so far; and
    nothing for what was moved on record since it began, also where that is back.

    Raises:
        errors.DeedRefused: there is no such count.
        errors.OperatorUnknown: nobody is named who would be the rows' operator.
        station_errors.DatabaseDamaged: an entry about an asset can't be read.
    """
    signed = signoff(workplace)
    with workplace.store.read() as snapshot, refusal_raised():
        results = counts.results_of(snapshot, count_id)
        frozen, seen = count_reading.frozen_and_seen(snapshot, count_id)
        misplaced = {
            expected.asset_tag: (expected, seen[expected.asset_tag])
            for expected in frozen
            if results[expected.asset_tag] == "wrong_slot"
        }
        places = {
            Place(each.case_name, each.slot_position or 1)
            for _, each in misplaced.values()
            if each.case_name is not None
        }
        inventory = snapshot.inventory_of(sorted(misplaced), sorted(places))
        moved = count_reading.moved_since(snapshot, count_id, misplaced)
    moves, left_out = count_fixes.propose(misplaced, inventory, moved)
    rows = [TypedRow("UPDATE", tag, place=place, notes=f"count {count_id}") for tag, place in moves]
    return Fixes(count_id, [row.cells(signed.recorded_at, signed.operator) for row in rows], left_out)
