"""By what deed an open acceptance came about, and who has to accept: the holder, whoever got it, or an operator.

Owns how that is found without telling every history anew. By a return the station takes something back: an operator
accepts it, and never whoever gave it back. Writes nothing.
"""

from collections.abc import Collection, Iterable

import msgspec

from assettrack.domain.custody_drafts import HandoverEvent
from assettrack.domain.custody_exchanges import read_exchanged, recorded_move
from assettrack.domain.custody_moves import CustodyMove, receivers
from assettrack.domain.deeds import BatchRow
from assettrack.domain.entries.rows import RowEntry
from assettrack.services.ports import Snapshot
from assettrack.services.receipt_lines import CustodyTold
from assettrack.services.stored_entries import entry_at, records_between


class Awaited(msgspec.Struct, frozen=True):
    """By what deed a batch exchanged something with a holder, and the ids of those who accept it.

    ``RETURN`` is all that was only taken from the holder: an operator accepts it, so that nobody is named.
    """

    deed: HandoverEvent
    acceptors: tuple[int, ...] = ()


def awaited(
    snapshot: Snapshot, batch: BatchRow, holder_ids: Collection[int], corrected: Collection[str]
) -> dict[int, Awaited]:
    """Return, for each of these holders, what of a batch with the holder waits to be accepted, as it should have been.

    ``corrected`` are the assets in whose histories anything was corrected. Rows are read as far as it takes.

    Raises:
        station_errors.DatabaseDamaged: an entry of the batch is gone.
    """
    moves: dict[int, list[CustodyMove]] = {holder_id: [] for holder_id in holder_ids}
    unsure = set(holder_ids)
    custody: CustodyTold | None = None
    for record in records_between(snapshot, batch.first_seq + 1, batch.last_seq):
        if record.asset_tag in corrected:
            custody = custody or CustodyTold(snapshot)
            move = custody.told(entry_at(snapshot, record.seq, RowEntry)).last.move
        else:
            move = recorded_move(read_exchanged(record.seq, record.body))
        if move is not None:
            for holder_id in (move.from_holder, move.to_holder):
                if holder_id in moves:
                    moves[holder_id].append(move)
            if custody is None:  # whoever was given anything accepts, whatever else there is
                unsure -= {move.to_holder}
        if not unsure:
            break
    return {holder_id: awaited_of(of_holder, holder_id) for holder_id, of_holder in moves.items()}


def awaited_of(moves: Iterable[CustodyMove], holder_id: int) -> Awaited:
    """Return by what deed a holder's assets changed hands so, and who accepts that."""
    found = list(moves)
    acceptors = tuple(receivers(found, holder_id))
    if acceptors == (holder_id,):
        is_issue = any(move.to_holder == holder_id and move.from_holder is None for move in found)
        return Awaited("ISSUE" if is_issue else "TRANSFER", acceptors)
    return Awaited("TRANSFER", acceptors) if acceptors else Awaited("RETURN")
