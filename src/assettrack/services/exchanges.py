"""What the log says of exchanges and histories, read from a snapshot for corrections and acceptances.

Owns what has to be read for it. What it means is `domain.custody_exchanges`. Writes nothing.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

from assettrack.domain.custody_exchanges import rows_by_holder
from assettrack.domain.deeds import BatchRow
from assettrack.domain.facts import Correction
from assettrack.domain.inventory import SlotKey
from assettrack.services.ports import Snapshot
from assettrack.services.stored_entries import records_between


class StoredExchanges:
    """The histories of a snapshot; each batch that is asked for is read once."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._corrected: frozenset[str] | None = None
        self._rows: dict[int, Mapping[int, Sequence[int]]] = {}
        self._tags: dict[int, frozenset[str]] = {}

    def body_of(self, seq: int) -> bytes | None:
        """Return the body of an entry, or None."""
        return self._snapshot.histories.body_of(seq)

    def bodies_about(self, asset_tag: str, before_seq: int) -> Sequence[bytes]:
        """Return the bodies of the entries about an asset before an entry, in the order of the log."""
        return self._snapshot.histories.bodies_about(asset_tag, before_seq)

    def assets_put_in(self, place: SlotKey, before_seq: int) -> Sequence[str]:
        """Return the assets that an entry before this one put into a slot, or a correction says should have been."""
        return self._snapshot.histories.assets_put_in(place, before_seq)

    def rows_with(self, batch: BatchRow, holder_id: int) -> Sequence[int]:
        """Return the rows of a batch that were recorded as giving to a holder or taking from one, in order.

        Raises:
            station_errors.DatabaseDamaged: an entry of the batch is gone.
        """
        self._read(batch)
        return self._rows[batch.batch_id].get(holder_id, ())

    def corrected_in(self, batch: BatchRow) -> Collection[str]:
        """Return the assets of a batch in whose histories something was corrected.

        Raises:
            station_errors.DatabaseDamaged: an entry of the batch is gone.
        """
        self._read(batch)
        return self._tags[batch.batch_id]

    def _read(self, batch: BatchRow) -> None:
        if batch.batch_id in self._rows:
            return
        if self._corrected is None:
            self._corrected = frozenset(fact.asset_tag for fact in self._snapshot.facts(Correction))
        tags: set[str] = set()
        self._rows[batch.batch_id] = rows_by_holder(self._entries(batch, tags))
        self._tags[batch.batch_id] = self._corrected & tags

    def _entries(self, batch: BatchRow, tags: set[str]) -> Iterator[tuple[int, bytes]]:
        """Yield number and body of each entry of a batch; add the assets that they are about to ``tags``."""
        for record in records_between(self._snapshot, batch.first_seq, batch.last_seq):
            if record.asset_tag is not None:
                tags.add(record.asset_tag)
            yield record.seq, record.body
