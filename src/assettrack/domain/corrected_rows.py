"""Corrected rows: what counts instead of what a row of the log says, all its corrections taken together.

Owns how that is told from the row and its corrections alone, and what of each of these entries counts no longer.
Whether it was allowed was decided with each of them.
"""

from collections.abc import Callable, Sequence

import msgspec

from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.corrections import CORRECTABLE, HOLDER, PLACE_COLUMNS, Step, changed_values, effective_history
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.plans import Options


def said_now(
    row: RowEntry, corrections: Sequence[CorrectionEntry], options: Options
) -> tuple[dict[str, str], int | None]:
    """Return by column what counts instead, in normal form; and the number of the holder whom the row names now.

    Nothing is otherwise where the last correction brought back what the first one changed; nor is a name in another
    spelling. ``corrections`` are those of the row, in the order of the log, ``options`` those of its batch.

    Raises:
        NotAnEntry: one of them corrects another row.
    """
    (before,) = effective_history([row], lambda _: options).values()
    (after,) = effective_history([row, *corrections], lambda _: options).values()
    return _said_otherwise(before, after), after.holder_id


class Superseded(msgspec.Struct, frozen=True):
    """That an entry was corrected by entry ``by``; ``fields`` of it are otherwise now, all else counts as it says.

    ``is_whole`` says that nothing of it counts: so it can be of a correction, whose row has its asset and event still.
    """

    by: int
    fields: Sequence[str]
    is_whole: bool = False


def superseded_of(entries: Sequence[AnyEntry], options_of: Callable[[int], Options]) -> dict[int, Superseded]:
    """Return what of each corrected entry counts no longer, all corrections of its row taken together.

    ``entries`` are all about one asset, in the order of the log; ``options_of`` tells those of a batch.

    Raises:
        NotAnEntry: they are no history of one asset.
    """
    made = [entry for entry in entries if isinstance(entry, CorrectionEntry)]
    by = {correction.corrects: correction.seq for correction in made}
    if not by:
        return {}
    now = effective_history(entries, options_of)
    first = effective_history([entry for entry in entries if not isinstance(entry, CorrectionEntry)], options_of)
    found: dict[int, Superseded] = {}
    rows: dict[int, int] = {}
    for entry in made:
        row = rows[entry.seq] = rows.get(entry.corrects, entry.corrects)
        found[row] = Superseded(by[row], list(_said_otherwise(first[row], now[row])))
        if entry.seq in by:
            fields = [field for field in entry.changed if _is_otherwise(entry, field, now[row])]
            found[entry.seq] = Superseded(by[entry.seq], fields, len(fields) == len(entry.changed))
    return found


def _is_otherwise(entry: CorrectionEntry, field: str, now: Step) -> bool:
    """Tell whether a field of a row is otherwise now than a correction of it said."""
    if field == HOLDER and entry.holder_id is not None:
        return entry.holder_id != now.holder_id
    together = PLACE_COLUMNS if field in PLACE_COLUMNS else (field,)
    return any(entry.changed[each] != now.cells[each] for each in together)


def _said_otherwise(before: Step, after: Step) -> dict[str, str]:
    changed = changed_values(before, after, CORRECTABLE)
    if after.holder_id == before.holder_id is not None:
        changed.pop(HOLDER, None)
    return changed
