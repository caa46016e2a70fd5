"""Files of scans whose very bytes a batch was made of before: what it recorded is not recorded otherwise in silence.

Owns the comparison of such a file's rows with those of the earlier batches, scan by scan. Rows that come out the same
are known by themselves; with another time, operator or event they would count a second time.
"""

from collections.abc import Iterator, Mapping, Sequence

from assettrack.domain.entries.rows import ROW_ENTRIES, BatchEntry, RowEntry
from assettrack.domain.findings import Finding, finding
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.services.ports import Snapshot
from assettrack.services.stored_entries import decoded, entry_at, record_at

_EVENTS = {kind: event for event, kind in ROW_ENTRIES.items()}
_Row = tuple[str, str, str, str]
"""The time, event, operator and holder of a row, as its batch says them."""


def told_before(snapshot: Snapshot, batch: PulledBatch) -> Sequence[Finding]:
    """Return what is to be asked of the batch of a file, the bytes of which made other batches before."""
    if batch.reading.answers.scanned_anew:
        return ()
    known: dict[int, list[tuple[int, _Row]]] = {}
    for earlier in _batches_of(snapshot, batch.sha256):
        for number, row in _rows(snapshot, earlier).items():
            known.setdefault(number, []).append((earlier.batch_id, row))
    if not known:
        return ()
    ours = {
        number: (cells[1], cells[2], cells[3], cells[4])
        for number, cells in zip(batch.numbers, batch.rows(), strict=True)
    }
    otherwise = [
        number for number, row in ours.items() if number in known and row not in [then for _, then in known[number]]
    ]
    if not otherwise:
        return ()
    return [finding("dump_told_before", batch=known[otherwise[0]][0][0], count=len(otherwise), number=otherwise[0])]


def _batches_of(snapshot: Snapshot, sha256: str) -> Iterator[BatchEntry]:
    """Yield the batches that were made of a file's bytes; of others only the bytes are looked at."""
    needle = f'"{sha256}"'.encode()
    records = (record_at(snapshot, row.first_seq) for row in snapshot.all_batches())
    entries = (decoded(record) for record in records if needle in record.body)
    batches = (entry for entry in entries if isinstance(entry, BatchEntry) and entry.source_sha256 == sha256)
    yield from (batch for batch in batches if batch.options.scanner is not None)


def _rows(snapshot: Snapshot, batch: BatchEntry) -> Mapping[int, _Row]:
    """Return the rows of a batch of scans, by the numbers of their scans."""
    reading = batch.options.scanner
    assert reading is not None, "it is a batch of scans"
    first = batch.seq + 1 + batch.new_holders
    found: dict[int, _Row] = {}
    for seq, number in enumerate(reading.numbers[: batch.rows], first):
        entry = entry_at(snapshot, seq, RowEntry)
        found[number] = (entry.timestamp, _EVENTS[type(entry)], entry.operator_id, entry.issued_to_name)
    return found
