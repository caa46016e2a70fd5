"""Files of scans, some of which a batch of another file was made of before: nothing is recorded twice in silence.

Owns the comparison of a file's scans with those of the earlier batches, scan by scan, and the question about those that
would be other rows now than they became then. Rows that come out the same are known by themselves. It must never take
scans for known ones by itself: who scans the same codes each day tells the same scans.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain import cards, download_errors
from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.entries.rows import ROW_ENTRIES, BatchEntry, RowEntry
from assettrack.domain.findings import Finding, finding
from assettrack.domain.pulled_batch import PulledBatch, PulledScans
from assettrack.domain.scan_answers import Answers, ScanReading, asked_of_all
from assettrack.domain.scan_traces import TRACED_MAX, Traced, found_again, parted
from assettrack.domain.scans import COLUMNS
from assettrack.domain.settled_scans import Settled, settled_by
from assettrack.domain.wording import counted
from assettrack.services.ports import Snapshot
from assettrack.services.stored_entries import decoded, entry_at, record_at

_EVENTS = {kind: event for event, kind in ROW_ENTRIES.items()}
_SAID_BY_SCANS = (
    "asset_tag",
    "timestamp",
    "event_type",
    "operator_id",
    "issued_to_name",
    "case_number",
    "slot_number",
    "notes",
)
_Row = tuple[str, ...]
"""What is compared of a row: all that scans and answers say, as its batch has it."""


class FileBatch(PulledBatch):
    """The batch of a file of scans, judged against the batches that the log has: may be judged again later."""

    def __init__(self, snapshot: Snapshot, scans: PulledScans, catalogue: CardCatalogue, answers: Answers) -> None:
        self._as_read = scans
        self._judged_at = snapshot.last_batch_id()
        super().__init__(scans, catalogue, answers)
        earlier = list(_earlier(snapshot, scans))
        if not earlier:
            return
        settled = settled_by([(each.batch.batch_id, each.reading, each.now) for each in earlier])
        asked = [asked_of_all(each, answers) for each in _questions(snapshot, self, earlier, settled)]
        if answers.same_scans:
            contradicted = settled.contradicted(answers)
            if contradicted:
                raise download_errors.AnswersTooLate(contradicted, settled.batches[contradicted[0]])
            scans = msgspec.structs.replace(scans, settled=settled)
        scans = msgspec.structs.replace(scans, findings=[*scans.findings, *asked])
        super().__init__(scans, catalogue, answers)

    def again(self, snapshot: Snapshot) -> "FileBatch":
        """Return the batch as it is judged by what the log has now."""
        if snapshot.last_batch_id() == self._judged_at:
            return self
        return FileBatch(snapshot, self._as_read, self.catalogue, self.reading.answers)

    def unsettled(self, answers: Answers) -> PulledBatch:
        """Return the batch that the file would be with some answers, had no other file told any of its scans."""
        return PulledBatch(self._as_read, self.catalogue, answers)


class _Earlier(NamedTuple):
    """A batch of a file of scans, how they were read, and which of them is which one now."""

    batch: BatchEntry
    reading: ScanReading
    now: Mapping[int, int]


def own_batch(snapshot: Snapshot, sha256: str) -> BatchEntry | None:
    """Return the latest batch that was made of a file's very bytes, None where there is none."""
    found = [batch for batch, _ in _batches(snapshot, f'"{sha256}"') if batch.source_sha256 == sha256]
    return found[-1] if found else None


def _earlier(snapshot: Snapshot, scans: PulledScans) -> Iterator[_Earlier]:
    """Yield the batches of files that had some of the scans."""
    is_card = [cards.is_card(each.text) or cards.read_slot_label(each.text) is not None for each in scans.scans]
    is_timed = [bool(each.stamp) for each in scans.scans]
    ours = list(map(Traced, parted(scans.traces), is_timed, is_card))
    for batch, reading in _batches(snapshot, '"read_as"'):
        if batch.source_sha256 == scans.sha256 and reading.scans == len(scans.scans):
            now = {number: number for number in range(1, reading.scans + 1)}
        else:
            now = found_again(parted(reading.traces), ours)
            if reading.scans > TRACED_MAX and all(now.get(number) == number for number in range(1, TRACED_MAX + 1)):
                now = {number: number for number in range(1, min(reading.scans, len(scans.scans)) + 1)}
        if now:
            yield _Earlier(batch, reading, now)


def _batches(snapshot: Snapshot, needle: str) -> Iterator[tuple[BatchEntry, ScanReading]]:
    """Yield the batches of files of scans in the entry of which a text stands; the others are not decoded."""
    sought = needle.encode()
    records = (record_at(snapshot, row.first_seq) for row in snapshot.all_batches())
    for entry in (decoded(record) for record in records if sought in record.body):
        if isinstance(entry, BatchEntry) and entry.options.scanner is not None and entry.options.scanner.read_as:
            yield entry, entry.options.scanner


def _questions(
    snapshot: Snapshot, batch: PulledBatch, earlier: Sequence[_Earlier], settled: Settled
) -> Iterator[Finding]:
    """Yield the question about scans that became rows before and would be others now, or are taken back now."""
    said = (dict(zip(COLUMNS, cells, strict=True)) for cells in batch.rows())
    rows = (tuple(row[column] for column in _SAID_BY_SCANS) for row in said)
    ours = dict(zip(batch.numbers, rows, strict=True))
    undone = {meaning.scan.number for meaning in batch.meanings if meaning.said == "undone"}
    known: dict[int, list[tuple[int, _Row]]] = {}
    for each in earlier:
        for number, row in _rows(snapshot, each).items():
            known.setdefault(number, []).append((each.batch.batch_id, row))
    otherwise = [
        number
        for number, then in sorted(known.items())
        if number in undone or (number in ours and ours[number] not in [row for _, row in then])
    ]
    if otherwise:
        same = counted(len(settled.batches), "scan")
        first = known[otherwise[0]][0][0]
        yield finding("dump_told_before", same=same, batch=first, count=len(otherwise), number=otherwise[0])


def _rows(snapshot: Snapshot, earlier: _Earlier) -> Mapping[int, _Row]:
    """Return the rows of a batch of scans, by the numbers that their scans have now."""
    batch, reading, now = earlier
    first = batch.seq + 1 + batch.new_holders
    found: dict[int, _Row] = {}
    for seq, number in enumerate(reading.numbers[: batch.rows], first):
        if number in now:
            entry = entry_at(snapshot, seq, RowEntry)
            found[now[number]] = (
                entry.asset_tag, entry.timestamp, _EVENTS[type(entry)], entry.operator_id, entry.issued_to_name,
                entry.case_number, str(entry.slot_number), entry.notes,
            )  # fmt: skip
    return found
