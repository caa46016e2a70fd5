"""By what deed an open acceptance came about, and who has to accept: the holder, whoever got it, or an operator.

Owns how that is found without telling every history anew, and without reading a batch twice. By a return the station
takes something back: an operator accepts it, and never whoever gave it back. Writes nothing.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter

import msgspec

from assettrack.domain import station_errors
from assettrack.domain.custody_drafts import HandoverEvent
from assettrack.domain.custody_exchanges import read_exchanged, recorded_move
from assettrack.domain.custody_moves import CustodyMove, receivers
from assettrack.domain.deeds import BatchRow
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.facts import Correction
from assettrack.services.ports import Snapshot
from assettrack.services.receipt_lines import CustodyTold
from assettrack.services.stored_entries import entry_at, records_between

HandoverKey = tuple[int, int]
"""The numbers of a batch and of a holder."""

# Inside a text of JSON every quote is escaped, so this stands in a body only where it names a holder.
_names_holders = re.compile(rb'holder_id":(\d+)').findall


class Awaited(msgspec.Struct, frozen=True):
    """By what deed a batch exchanged something with a holder, and the ids of those who accept it.

    ``RETURN`` is all that was only taken from the holder: an operator accepts it, so that nobody is named.
    """

    deed: HandoverEvent
    acceptors: tuple[int, ...] = ()


class AwaitedSaid:
    """Remembers what was read of batches for this, until anything is corrected: else it can't change.

    For all threads of a process, and for one station.
    """

    def __init__(self) -> None:
        self._made: tuple[int, dict[HandoverKey, Awaited]] = (0, {})

    def find(
        self, snapshot: Snapshot, keys: Collection[HandoverKey], of: int | None = None
    ) -> dict[HandoverKey, Awaited]:
        """Return, for each of these, what of the batch with the holder waits to be accepted, as it should have been.

        All are of the holder ``of`` where that is one. Where the holder has anything by the batch still, the first of
        that alone is looked at; else rows of the batch are read as far as it takes.

        Raises:
            station_errors.DatabaseDamaged: an entry of a batch is gone, can't be read, or names nobody of these.
        """
        corrections = sum(1 for _ in snapshot.facts(Correction))
        remembered = self._made[1] if self._made[0] == corrections else {}
        wanted = set(keys)
        found = {key: remembered[key] for key in wanted & remembered.keys()}
        if missing := wanted - found.keys():
            found |= _read(snapshot, missing, of)
            self._made = (corrections, found if of is None else remembered | found)  # what is open no more is forgotten
        return found


def batch_row(snapshot: Snapshot, batch_id: int) -> BatchRow:
    """Return a batch that something refers to.

    Raises:
        station_errors.DatabaseDamaged: there is none of this number.
    """
    batch = snapshot.batch(batch_id)
    if batch is None:
        raise station_errors.DatabaseDamaged(f"batch {batch_id} is gone, though something refers to it")
    return batch


def awaited_of(moves: Iterable[CustodyMove], holder_id: int) -> Awaited:
    """Return by what deed a holder's assets changed hands so, and who accepts that."""
    found = list(moves)
    acceptors = tuple(receivers(found, holder_id))
    if acceptors == (holder_id,):
        is_issue = any(move.to_holder == holder_id and move.from_holder is None for move in found)
        return Awaited("ISSUE" if is_issue else "TRANSFER", acceptors)
    return Awaited("TRANSFER", acceptors) if acceptors else Awaited("RETURN")


def _read(snapshot: Snapshot, wanted: set[HandoverKey], of: int | None) -> dict[HandoverKey, Awaited]:
    custody = CustodyTold(snapshot)
    found = {key: each for key, each in _by_what_they_have(snapshot, custody, of) if key in wanted}
    for batch_id, of_batch in groupby(sorted(wanted - found.keys()), itemgetter(0)):
        ids = [holder_id for _, holder_id in of_batch]
        moves = _moves(snapshot, custody, batch_row(snapshot, batch_id), ids)
        found |= {(batch_id, holder_id): awaited_of(moves[holder_id], holder_id) for holder_id in ids}
    return found


def _by_what_they_have(
    snapshot: Snapshot, custody: CustodyTold, of: int | None
) -> Iterator[tuple[HandoverKey, Awaited]]:
    """Yield each open hand-over by which the holder still has something, told by the first row of that."""
    for batch_id, holder_id, row in snapshot.reports.held_of_open(of):
        move = _move(snapshot, custody, row)
        if move is None or move.to_holder != holder_id:
            raise _disagreeing(batch_id)
        yield (batch_id, holder_id), awaited_of([move], holder_id)


def _moves(
    snapshot: Snapshot, custody: CustodyTold, batch: BatchRow, holder_ids: Sequence[int]
) -> dict[int, list[CustodyMove]]:
    """Return, for each of these holders, the changes of custody in a batch that tell who accepts: one at least."""
    moves: dict[int, list[CustodyMove]] = {holder_id: [] for holder_id in holder_ids}
    unsure = set(holder_ids)
    for record in records_between(snapshot, batch.first_seq + 1, batch.last_seq):
        is_corrected = record.asset_tag in custody.corrected_tags
        if not is_corrected and unsure.isdisjoint(map(int, _names_holders(record.body))):
            continue
        move = _move(snapshot, custody, (record.seq, record.asset_tag or "", record.body))
        if move is not None:
            for holder_id in unsure & {move.from_holder, move.to_holder}:
                moves[holder_id].append(move)
            unsure.discard(move.to_holder or 0)  # whoever was given anything accepts, whatever else there is
        if not unsure:
            break
    if not all(moves.values()):
        raise _disagreeing(batch.batch_id)
    return moves


def _disagreeing(batch_id: int) -> station_errors.DatabaseDamaged:
    return station_errors.DatabaseDamaged(f"the log and its tables disagree about whom batch {batch_id} names")


def _move(snapshot: Snapshot, custody: CustodyTold, row: tuple[int, str, bytes]) -> CustodyMove | None:
    """Return how custody changed hands by a row of the log, as it should have been."""
    seq, tag, body = row
    if tag in custody.corrected_tags:
        return custody.told(entry_at(snapshot, seq, RowEntry)).last.move
    try:
        return recorded_move(read_exchanged(seq, body))
    except NotAnEntry as error:
        raise station_errors.DatabaseDamaged(f"entry {seq} of the log can't be read ({error})") from error
