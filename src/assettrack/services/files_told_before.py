"""Files of scans, some of which a batch was made of before: nothing is recorded twice in silence.

Owns the comparison of a file's scans with those of the earlier batches, scan by scan. What is asked about those that
would be other rows now than they became then is `earlier_scans`; rows that come out the same are known by themselves.
It must never take scans for known ones by itself: who scans the same codes each day tells the same scans.
"""

from collections.abc import Iterable, Iterator

from assettrack.domain import cards
from assettrack.domain.card_catalogue import CardCatalogue
from assettrack.domain.dumped_scans import SET_RIGHT_PROFILES
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.findings import finding
from assettrack.domain.pulled_batch import PulledBatch, PulledScans
from assettrack.domain.scan_answers import Answers, ScanReading
from assettrack.domain.scan_traces import TRACED_MAX, Traced, codes_found_again, found_again, parted
from assettrack.domain.stamped_scans import Alike, StampedScans
from assettrack.domain.wording import counted
from assettrack.services.earlier_scans import Earlier, batches_of_scans, come_the_other_way, judged
from assettrack.services.left_out_downloads import (
    FindKept,
    in_order,
    judged_by,
    left_out_before,
    left_out_whole,
    none_kept,
)
from assettrack.services.ports import Snapshot


class FileBatch(PulledBatch):
    """The batch of a file of scans, judged against the batches that the log has: may be judged again later."""

    def __init__(
        self,
        snapshot: Snapshot,
        scans: PulledScans,
        catalogue: CardCatalogue,
        answers: Answers,
        find_kept: FindKept = none_kept,
    ) -> None:
        self._as_read = scans
        self._find_kept = find_kept
        self._said = answers
        self._judged_at = _moment_of(snapshot)
        super().__init__(scans, catalogue, answers)
        earlier = [*_earlier(snapshot, scans), *come_the_other_way(snapshot, scans)]
        out = left_out_before(snapshot, scans, left_out_whole(snapshot), find_kept=find_kept)
        if out:
            earlier += _pulled_in_order(snapshot, scans, find_kept)
        if earlier or out:
            scans, answers = judged(snapshot, self, (scans, answers), earlier, out)
            super().__init__(scans, catalogue, answers)
        if not (self.numbers or self.problems or self.is_recorded):
            left_out = len(answers.left_out)
            why = f"{counted(left_out, 'scan')} left out, and no other is an asset" if left_out else "none is an asset"
            self.problems = [finding("file_makes_no_row", why=why)]

    def again(self, snapshot: Snapshot) -> "FileBatch":
        """Return the batch as it is judged by what the log has now."""
        if _moment_of(snapshot) == self._judged_at:
            return self
        return FileBatch(snapshot, self._as_read, self.catalogue, self._said, self._find_kept)

    def unsettled(self, answers: Answers) -> PulledBatch:
        """Return the batch that the file would be with some answers, had nothing told any of its scans before."""
        return PulledBatch(self._as_read, self.catalogue, answers)


def _moment_of(snapshot: Snapshot) -> tuple[object, ...]:
    """Return what is another one whenever something was added to the log by which files are judged."""
    return snapshot.last_batch_id(), *judged_by(snapshot)


def own_batch(snapshot: Snapshot, sha256: str) -> BatchEntry | None:
    """Return the latest batch that was made of a file's very bytes, None where there is none."""
    found = [batch for batch, _ in _batches(snapshot, f'"{sha256}"') if batch.source_sha256 == sha256]
    return found[-1] if found else None


def _earlier(snapshot: Snapshot, scans: PulledScans) -> Iterator[Earlier]:
    """Yield the batches of files that had some of the scans: as the files have them, or else by when they were made.

    The same scan has another time in another file where one of them tells no seconds, or where a program corrected it
    by what the scanner's clock was off when it was read, which is something else each day.
    """
    is_card = [cards.is_card(each.text) or cards.read_slot_label(each.text) is not None for each in scans.scans]
    is_timed = [bool(each.stamp) for each in scans.scans]
    ours = list(map(Traced, parted(scans.traces), is_timed, is_card))
    batches: Iterable[tuple[BatchEntry, ScanReading]] = _batches(snapshot, '"read_as"')
    stamps = frozenset[str]()
    if any(each.stamp for each in scans.stamped):
        batches = list(batches)
        stamps = frozenset(trace for _, reading in batches for trace in parted(reading.stamps))
    stamped = StampedScans(scans.stamped, stamps)
    for batch, reading in batches:
        alike = Alike.SECOND
        if batch.source_sha256 == scans.sha256 and reading.scans == len(scans.scans):
            now = {number: number for number in range(1, reading.scans + 1)}
        else:
            now = found_again(parted(reading.traces), ours)
            if reading.scans > TRACED_MAX and all(now.get(number) == number for number in range(1, TRACED_MAX + 1)):
                now = {number: number for number in range(1, min(reading.scans, len(scans.scans)) + 1)}
            off = None if SET_RIGHT_PROFILES.isdisjoint({reading.read_as, scans.read_as}) else 0
            now, alike = stamped.found_in(reading.stamps, reading.scans, off, now)
        if now:
            yield Earlier(batch, reading, now, alike)


def _pulled_in_order(snapshot: Snapshot, scans: PulledScans, find_kept: FindKept) -> Iterator[Earlier]:
    """Yield the batches of kept downloads that had some of the scans, where only the order of the codes tells it.

    It is asked for a file of which scans were left out in no batch: what the scanner told beside these is committed
    then, and the answer that they stay left out is for both. Any other file without times is a list of its own.
    """
    is_bare = not any(each.stamp for each in scans.scans)
    batches = [
        each
        for each in batches_of_scans(snapshot, '"scanner"')
        if not each[1].read_as and (is_bare or not each[1].stamps)
    ]
    kept = find_kept(snapshot, {batch.source_name for batch, _ in batches}) if batches else {}
    ours = in_order(scans.scans) if kept else []
    for batch, reading in batches:
        then = kept.get(batch.source_name)
        now = {} if then is None else codes_found_again(in_order(then.scans), ours)
        if now:
            yield Earlier(batch, reading, now, Alike.ORDER)


def _batches(snapshot: Snapshot, needle: str) -> Iterator[tuple[BatchEntry, ScanReading]]:
    """Yield the batches of files of scans in the entry of which a text stands."""
    return (each for each in batches_of_scans(snapshot, needle) if each[1].read_as)
