"""Scans of which earlier batches know: what they became then, and whether they would be other rows now.

Owns the question about them, and that they are settled once it is said that they are the same scans. Owns how the scans
of a file are known in what was pulled from the scanner itself, and the other way round. It must never take scans for
known ones by itself.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain import cards, download_errors
from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.cards import CardKind
from assettrack.domain.dumped_scans import SET_RIGHT_PROFILES
from assettrack.domain.entries.rows import ROW_ENTRIES, BatchEntry, RowEntry
from assettrack.domain.findings import Finding, finding
from assettrack.domain.left_out_scans import LeftOutWith, asked_of_left_out, left_out_then
from assettrack.domain.pulled_batch import PulledBatch, PulledScans
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_answers import Answers, ScanReading, asked_of_all
from assettrack.domain.scan_context import says_card
from assettrack.domain.scan_traces import parted
from assettrack.domain.scans import COLUMNS
from assettrack.domain.settled_scans import NOTHING_SETTLED, Settled, settled_by
from assettrack.domain.stamped_scans import Alike, StampedScans
from assettrack.domain.wording import counted
from assettrack.services.ports import Snapshot
from assettrack.services.stored_entries import decoded_body, entry_at, record_at

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
_ALIKE_IN_FILES = {
    Alike.SECOND: "",
    Alike.MINUTE: " (the same codes in the same minutes, for one of the two files tells no seconds)",
    Alike.SET_RIGHT: " (the same codes seconds apart, for the program of one of the two files corrects the times)",
}
"""How the scans of two files are the same, as it is said in the question about them."""

_Row = tuple[str, ...]
"""What is compared of a row: all that scans and answers say, as its batch has it."""

_Known = _Row | None
"""A row of then; None of a scan that was a row of another batch already, so that its own batch passed over it."""


class Earlier(NamedTuple):
    """A batch of scans, how they were read, which of them is which one now, and how that is known."""

    batch: BatchEntry
    reading: ScanReading
    now: Mapping[int, int]
    alike: Alike = Alike.SECOND


def batches_saying(snapshot: Snapshot, *needles: str) -> Iterator[BatchEntry]:
    """Yield the batches in the entry of which one of some texts stands; the others are not decoded.

    Raises:
        station_errors.DatabaseDamaged: such an entry can't be read, or is none of a batch.
    """
    sought = [each.encode() for each in needles]
    for row in snapshot.all_batches():
        body = record_at(snapshot, row.first_seq).body
        if any(each in body for each in sought):
            yield entry_at(snapshot, row.first_seq, BatchEntry)


def batches_of_scans(snapshot: Snapshot, needle: str) -> Iterator[tuple[BatchEntry, ScanReading]]:
    """Yield the batches of scans in the entry of which a text stands."""
    for entry in batches_saying(snapshot, needle):
        if entry.options.scanner is not None:
            yield entry, entry.options.scanner


def come_the_other_way(snapshot: Snapshot, scans: PulledScans) -> Iterator[Earlier]:
    """Yield the batches that had some scans of a file from the scanner itself, or some of a scanner from a file."""
    if not any(each.stamp for each in scans.scans):
        return
    batches = [
        each
        for each in batches_of_scans(snapshot, '"stamps"' if scans.read_as else '"read_as"')
        if bool(each[1].read_as) != bool(scans.read_as) and each[1].stamps
    ]
    ours = StampedScans(scans.stamped, {trace for _, reading in batches for trace in parted(reading.stamps)})
    for batch, reading in batches:
        now, alike = ours.found_in(reading.stamps, reading.scans, later_by(scans, reading.clock_off, reading.read_as))
        now = {then: number for then, number in now.items() if _is_open(scans.settled, number)}
        if now:
            yield Earlier(batch, reading, now, alike)


def later_by(scans: PulledScans, clock_off: int | None, read_as: str = "") -> int | None:
    """Return by how many seconds scans are later than earlier ones, if one of the two is of a file set right.

    ``clock_off`` and ``read_as`` are of the earlier ones, as in their reading. It is None where neither is, and where
    nobody knows how far off the scanner's clock was.
    """
    if scans.read_as in SET_RIGHT_PROFILES:
        return clock_off
    if read_as in SET_RIGHT_PROFILES and scans.offset is not None:
        return -scans.offset.seconds
    return None


def with_told_in_files(
    snapshot: Snapshot,
    scans: PulledScans,
    catalogue: CardCatalogue,
    answers: Answers,
    out: Mapping[int, LeftOutWith],
) -> PulledBatch:
    """Return the batch of a download, judged against the batches of files that had some of its scans, and as `judged`.

    Raises:
        download_errors.AnswersTooLate: as `judged`.
    """
    batch = PulledBatch(scans, catalogue, answers)
    earlier = list(come_the_other_way(snapshot, scans))
    if not earlier and not out:
        return batch
    scans, answers = judged(snapshot, batch, (scans, answers), earlier, out)
    return PulledBatch(scans, catalogue, answers)


def as_files_had(
    snapshot: Snapshot, scans: PulledScans, catalogue: CardCatalogue, answers: Answers, batches: Collection[int]
) -> PulledBatch:
    """Return the batch of scans of which a scanner was cleared with some answers, as the batches of files had them.

    The clear proved that all are in its ``batches``, and not which one is a row there. What an undo card takes back, as
    the scans are read without these, is no scan that a file left out.
    """
    batch = PulledBatch(scans, catalogue, answers)
    unknown = scans.settled.batches.keys() - scans.settled.rows
    unknown -= {number for number, _ in scans.settled.left_out(sorted(unknown))}
    as_read = msgspec.structs.replace(scans, settled=NOTHING_SETTLED)
    earlier = [each for each in come_the_other_way(snapshot, as_read) if each.batch.batch_id in batches]
    then = settled_by([(each.batch.batch_id, each.reading, each.now) for each in earlier])
    undone = {each.scan.number for each in batch.meanings if each.said == "undone"}
    now = {number: number for number in then.batches if number in unknown - (undone - then.rows)}
    if not now:  # the scans are read once more only where these say something else of them
        return batch
    settled = scans.settled.with_those(then, now)
    return PulledBatch(msgspec.structs.replace(scans, settled=settled), catalogue, answers)


def judged(
    snapshot: Snapshot,
    batch: PulledBatch,
    read: tuple[PulledScans, Answers],
    earlier: Sequence[Earlier],
    out: Mapping[int, LeftOutWith],
) -> tuple[PulledScans, Answers]:
    """Return scans with the questions about those that came before, settled if they are said to be the same.

    ``batch`` is what the scans make, as they are ``read`` with the answers, while they are not. ``earlier`` are batches
    that had some of them, and settle these then; ``out`` are scans that were left out in no batch, unless one of these
    batches had them. The answers then say of each scan that was left out before that it stays so, for the reason of
    then: the entry of the batch has it.

    Raises:
        download_errors.AnswersTooLate: something else is answered about a scan that is said to be a recorded one.
    """
    scans, answers = read
    then = settled_by([(each.batch.batch_id, each.reading, each.now) for each in earlier])
    apart = {number: entry for number, entry in out.items() if number not in then.batches}
    asked = [asked_of_all(each, answers) for each in _questions(snapshot, scans, batch, earlier)]
    before = left_out_then(batch, then, apart)
    asked += asked_of_left_out(before, answers)
    if answers.same_scans:
        settled = scans.settled.with_those(then, {number: number for number in then.batches})
        contradicted = settled.contradicted(answers)
        if contradicted:
            batch_id, left_out = settled.batches[contradicted[0]], settled.left_out(contradicted)
            raise download_errors.AnswersTooLate(contradicted, batch_id, left_out)
        taken = Counter(told for number, told in then.batches.items() if number not in scans.settled.batches)
        asked += [
            finding("taken_as_same", same=counted(count, "scan"), batch=told) for told, count in sorted(taken.items())
        ]
        said = {*answers.taken, *(each.number for each in answers.left_out)}
        stay = {each.number: each.reason for each in before if each.number not in said}
        if any(each.download for each in before):
            spent = (each.number for each in scans.scans if _is_spent(each, apart.keys() - said))
            stay |= {number: apart[number].reason for number in spent}
        answers = answers.leaving_out(stay)
        scans = msgspec.structs.replace(scans, settled=settled)
    return msgspec.structs.replace(scans, findings=[*scans.findings, *asked]), answers


def _is_spent(scan: RawScan, numbers: Collection[int]) -> bool:
    """Tell whether one of these scans is a slot's label or an end card: both say something of the assets beside them.

    No asset is in that slot by now, and so many are not in the round. Any other card gives its context on.
    """
    is_label = says_card(scan, CardKind.SLOT, CardKind.END) or cards.read_slot_label(scan.text) is not None
    return is_label and scan.number in numbers


def _is_open(settled: Settled, number: int) -> bool:
    """Tell whether it is not known yet what became of a scan; a batch may have said only that it is the same one."""
    said = settled.answers.get(number)
    return number not in settled.rows and (said is None or said.same_scans)


def _questions(
    snapshot: Snapshot, scans: PulledScans, batch: PulledBatch, earlier: Sequence[Earlier]
) -> Iterator[Finding]:
    """Yield what is asked about scans that became rows before, and would be others now, or are taken back or left out.

    To leave such a scan out takes nothing back, and whoever does so thinks that it is not recorded.
    """
    said = (dict(zip(COLUMNS, cells, strict=True)) for cells in batch.rows())
    rows = (tuple(row[column] for column in _SAID_BY_SCANS) for row in said)
    ours = dict(zip(batch.numbers, rows, strict=True))
    gone = {meaning.scan.number for meaning in batch.meanings if meaning.said == "undone"}
    gone |= batch.reading.answers.reasons.keys()
    known: dict[int, list[tuple[Earlier, _Known]]] = {}
    for each in earlier:
        for number, row in _rows(snapshot, each).items():
            known.setdefault(number, []).append((each, row))
    otherwise = [
        number
        for number, then in sorted(known.items())
        if number in gone or (number in ours and not _is_row(snapshot, ours[number], [row for _, row in then]))
    ]
    for is_file in (True, False):
        numbers = [number for number in otherwise if bool(known[number][0][0].reading.read_as) == is_file]
        if numbers:
            same = {number for each in earlier if bool(each.reading.read_as) == is_file for number in each.now.values()}
            first = known[numbers[0]][0][0]
            yield _asked(scans, numbers, first, same=counted(len(same), "scan"))


def _asked(scans: PulledScans, numbers: Sequence[int], earlier: Earlier, *, same: str) -> Finding:
    batch, is_file = earlier.batch.batch_id, bool(earlier.reading.read_as)
    if scans.read_as and is_file:
        alike = _ALIKE_IN_FILES[earlier.alike]
        return finding("dump_told_before", same=same, batch=batch, alike=alike, count=len(numbers), number=numbers[0])
    way = "from a file" if is_file else "from the scanner itself"
    return finding(
        "told_both_ways", same=same, batch=batch, way=way, alike=earlier.alike, count=len(numbers), first=numbers[0]
    )


def _rows(snapshot: Snapshot, earlier: Earlier) -> Mapping[int, _Known]:
    """Return the rows of a batch of scans, by the numbers that their scans have now.

    Each says itself which one of the reading's rows it is: those that were recorded before may be passed over.
    """
    batch, reading, now = earlier[:3]
    first = batch.seq + 1 + batch.new_holders
    found: dict[int, _Known] = {now[number]: None for number in reading.numbers if number in now}
    numbers = dict(enumerate(reading.numbers, 1))
    for seq in range(first, first + batch.rows if found else first):
        entry = entry_at(snapshot, seq, RowEntry)
        number = numbers.get(entry.row_number, 0)
        if number in now:
            found[now[number]] = _row_of(entry, entry.timestamp)
    return found


def _row_of(entry: RowEntry, time: str) -> _Row:
    return (
        entry.asset_tag, time, _EVENTS[type(entry)], entry.operator_id, entry.issued_to_name,
        entry.case_number, str(entry.slot_number), entry.notes,
    )  # fmt: skip


def _is_row(snapshot: Snapshot, row: _Row, then: Collection[_Known]) -> bool:
    """Tell whether a scan became just this row then, be it in another batch, for which its own passed over it."""
    if row in then or None not in then:
        return row in then
    entries = (decoded_body(body) for body in snapshot.bodies_about(row[0]))
    rows = (entry for entry in entries if isinstance(entry, RowEntry))
    return row in (_row_of(each, each.occurred_at.replace(".000000", "")) for each in rows)  # in whole seconds
