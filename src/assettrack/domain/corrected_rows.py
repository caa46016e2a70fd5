"""Corrected rows: what counts instead of what a row of the log says, all its corrections taken together.

Owns how that is told from the row and its corrections alone. Whether it was allowed was decided with each of them.
"""

from collections.abc import Sequence

from assettrack.domain.corrections import CORRECTABLE, changed_values, effective_history
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
    changed = changed_values(before, after, CORRECTABLE)
    if after.holder_id == before.holder_id is not None:
        changed.pop("issued_to_name", None)
    return changed, after.holder_id
