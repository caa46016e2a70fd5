"""What somebody signs for who accepts what a batch exchanged with a holder: the list of it, and the mark of that list.

Owns what stands on that list, and what makes it another one. It is read as it counts now, with all corrections. Writes
nothing.
"""

from collections.abc import Sequence
from hashlib import sha256

import msgspec

from assettrack.domain.deeds import BatchRow
from assettrack.domain.desk_errors import AcceptanceNotAsShown
from assettrack.domain.entries.rows import BatchEntry, ReturnEntry
from assettrack.domain.facts import Correction
from assettrack.domain.holders import Holder
from assettrack.domain.receipts import ReceiptLine
from assettrack.services.ports import Snapshot
from assettrack.services.receipt_lines import HolderLines, handed_over, lines_of, usual_acceptors
from assettrack.services.stored_entries import decoded, entry_at, records_between
from assettrack.services.unaccepted import unaccepted

READ_MAX = 2_000
"""So many entries of a batch are read at most for a page."""

ROWS_READ = 500
"""So many rows are read of a batch that has more entries than that."""


class SignedList(msgspec.Struct, frozen=True):
    """What a batch exchanged with a holder, as it stands now: what stands on the receipt, line by line.

    ``due`` is for each line the date on which what was given is due. ``acceptors`` are those who usually accept it;
    nobody is whoever took it in. Not ``is_whole``, it is what was found among the first rows of a large batch.
    Then it is also known whether all of these rows are ``returns``. ``mark`` stands for the list: another list has
    another.
    """

    lines: Sequence[ReceiptLine]
    due: Sequence[str | None]
    acceptors: Sequence[str]
    is_whole: bool
    returns: bool
    mark: str

    @property
    def takes_in(self) -> bool:
        """Whether the operator accepts it, because all of it came back; as far as it was read."""
        return not self.acceptors if self.is_whole else self.returns

    @property
    def needs_name(self) -> bool:
        """Whether whoever signs has to be named: there are several, or it was not read who it is."""
        return not self.takes_in and (len(self.acceptors) != 1 or not self.is_whole)


def is_read_whole(batch: BatchRow) -> bool:
    """Tell whether a batch is small enough to be read for a page."""
    return batch.last_seq - batch.first_seq <= READ_MAX


class SignedLists:
    """What is signed for after a batch, by holder; or (``only``) of one holder. The batch is read once.

    Of a batch that is not read whole every correction at the station makes another list: it may be of a row that
    nobody looked at.

    Raises:
        station_errors.DatabaseDamaged: an entry of the batch is gone, or is another.
    """

    def __init__(self, snapshot: Snapshot, batch: BatchRow, only: int | None = None) -> None:
        self._snapshot = snapshot
        self._is_whole = is_read_whole(batch)
        self._corrected: Sequence[tuple[int, int]] = ()
        self._returns = False
        if not self._is_whole:
            before = batch.first_seq + entry_at(snapshot, batch.first_seq, BatchEntry).new_holders
            batch = BatchRow(batch.batch_id, before, min(batch.last_seq, before + ROWS_READ))
            self._corrected = sorted((fact.corrected_seq, fact.seq) for fact in snapshot.facts(Correction))
            rows = records_between(snapshot, batch.first_seq + 1, batch.last_seq)
            self._returns = all(isinstance(decoded(record), ReturnEntry) for record in rows)
        self._found = handed_over(snapshot, batch, only)
        self._added = {key[1]: rows for key, rows in unaccepted(snapshot, only).items() if key[0] == batch.batch_id}

    def of(self, holder_id: int) -> SignedList:
        """Return what is signed for of what the batch exchanged with a holder.

        Where that was accepted before, it is what corrections added since, and nothing else.
        """
        if holder_id in self._added:
            return self._of_added(holder_id)
        own = self._found.get(holder_id, HolderLines(holder_id))
        mark = sha256(msgspec.json.encode([own.lines, own.due, self._corrected])).hexdigest()
        acceptors = usual_acceptors(self._snapshot, own.moves, holder_id)
        return SignedList(own.lines, own.due, acceptors, self._is_whole, self._returns, mark)

    def _of_added(self, holder_id: int) -> SignedList:
        own = lines_of(self._snapshot, [row.seq for row in self._added[holder_id]], holder_id)
        mark = sha256(msgspec.json.encode([own.lines, own.due, "added"])).hexdigest()
        acceptors = usual_acceptors(self._snapshot, own.moves, holder_id)
        return SignedList(own.lines, own.due, acceptors, is_whole=True, returns=not acceptors, mark=mark)


def require_signed_as_shown(snapshot: Snapshot, batch: BatchRow, holder: Holder, mark: str) -> None:
    """Make sure that what somebody signs for is the list that a page showed with this mark.

    Raises:
        AcceptanceNotAsShown: it is another one by now.
    """
    if SignedLists(snapshot, batch, holder.holder_id).of(holder.holder_id).mark != mark:
        raise AcceptanceNotAsShown(batch.batch_id, holder.name)
