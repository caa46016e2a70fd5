"""Scans of a download that are recorded already: they must still be read as what they were recorded as.

A scanner tells old scans again until it is cleared, and what their cards stand for, what was answered and what was
scanned since may have changed meanwhile. Owns that nothing of them is then recorded a second time, or dropped without
a word.
"""

from collections.abc import Iterator, Sequence

import msgspec

from assettrack.domain.downloads import Download
from assettrack.domain.entries.rows import BatchEntry, RowEntry
from assettrack.domain.findings import Finding, finding
from assettrack.domain.pulled_batch import PulledBatch
from assettrack.domain.raw_scans import RawScan, common_start
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scans import Scan
from assettrack.domain.validation import Validator
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.scanner_ports import ReadScans
from assettrack.services.stored_entries import decoded, entry_at, records_between


class EarlierBatch(msgspec.Struct, frozen=True):
    """A batch that scans of a scanner became: its number, the download's hash, and the identity of each scan's row."""

    batch_id: int
    sha256: str
    identities: dict[int, bytes]


def batches_since(snapshot: Snapshot, serial: str, since: str) -> Iterator[BatchEntry]:
    """Yield the batches that a scanner's scans became since a time (UTC text), the latest first."""
    for number in range(snapshot.last_batch_id(), 0, -1):
        row = snapshot.batch(number)
        assert row is not None, "batches are numbered without gaps"
        entry = entry_at(snapshot, row.first_seq, BatchEntry)
        if entry.recorded_at < since:
            return
        reading = entry.options.scanner
        if reading is not None and reading.serial == serial and not reading.read_as:
            yield entry


def with_identities(snapshot: Snapshot, entry: BatchEntry) -> EarlierBatch:
    """Return a batch of scans with the identity of the row of each."""
    reading = entry.options.scanner
    assert reading is not None, "it is a batch of scans"
    first = entry.seq + 1 + entry.new_holders
    found: dict[int, bytes] = {}
    for record in records_between(snapshot, first, first + entry.rows - 1):
        row = decoded(record)
        if isinstance(row, RowEntry) and record.identity is not None and row.row_number <= len(reading.numbers):
            found[reading.numbers[row.row_number - 1]] = record.identity
    return EarlierBatch(entry.batch_id, entry.source_sha256, found)


def read_otherwise(
    workplace: Workplace, batch: PulledBatch, earlier: Sequence[tuple[EarlierBatch, int]]
) -> list[Finding]:
    """Return a problem for each scan that is recorded and would be read as something else now.

    Each earlier batch comes with how many scans its download has in common with this one from the first on. A scan
    that is left out stays as it is recorded.
    """
    if not earlier:
        return []
    left_out = {each.number for each in batch.reading.answers.left_out}
    known = _identities(workplace, batch)
    found = []
    for done, shared in earlier:
        for number, identity in done.identities.items():
            if identity in known or number in left_out:
                continue
            if number <= shared:
                found.append(finding("recorded_otherwise", number=number, batch=done.batch_id))
            elif not batch.reading.answers.gaps_looked_at:
                found.append(finding("recorded_and_gone", batch=done.batch_id))
    return found


def shared_with(scans: Sequence[RawScan], download: Download, read_scans: ReadScans) -> int | None:
    """Return how many scans a download begins with that these begin with too; None where it shares none at all.

    Then the scanner was cleared in between, by whomever.
    """
    theirs = list(read_scans(download.reply, with_stamps=download.with_stamps))
    if {each.sameness for each in theirs}.isdisjoint({each.sameness for each in scans}):
        return None
    return common_start(theirs, list(scans))


def missing_downloads(batches: Sequence[BatchEntry], kept: Sequence[Download], answers: Answers) -> list[Finding]:
    """Return a problem for each batch whose download is not kept any more: its scans can't be told from new ones."""
    if answers.gaps_looked_at:
        return []
    hashes = {each.sha256 for each in kept}
    return [finding("download_gone", batch=each.batch_id) for each in batches if each.source_sha256 not in hashes]


def _identities(workplace: Workplace, batch: PulledBatch) -> set[bytes]:
    with workplace.store.read() as snapshot:
        zone = workplace.zone(snapshot.station().timezone)
    rows = Validator(zone, workplace.now(), batch.event_types).scans(batch.rows())
    return {row.identity for row in rows if isinstance(row, Scan)}
