"""The history of a scanner: what was pulled from it, which batches its scans became, and when it was cleared.

Owns the one answer to which batch or clear belongs to which download. They are told apart by names and by their place
in the log, never by a clock, which may have been set in between. What a scanner held between two clears is a fill.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain.downloads import Download
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry, ScansLeftOutEntry
from assettrack.domain.raw_scans import RawScan, tell_times
from assettrack.domain.scan_answers import Answers
from assettrack.services.ports import Snapshot
from assettrack.services.scanner_ports import ReadScans
from assettrack.services.stored_entries import decoded, decoded_body, record_at

NUMBERS_PASSED_OVER = 1_000_000
"""So many numbers are passed over for each download that the log names and that is not kept any more."""


class Fill(msgspec.Struct, frozen=True):
    """What a scanner held between two clears: its downloads and the batches that they became, both in order.

    ``cleared`` is the entry of the clear that ended it, None where there was none yet. That it came after all of these
    may be told by clocks alone; see `ScannerHistory.surely_cleared`.
    """

    downloads: Sequence[Download]
    batches: Sequence[BatchEntry]
    cleared: ScannerClearedEntry | None

    def before(self, download: Download) -> list[Download]:
        """Return what was pulled before a download, of the same fill."""
        return [each for each in self.downloads if each.order < download.order]

    def batch_of(self, download: Download) -> BatchEntry | None:
        """Return the batch that a download became itself."""
        return next((each for each in self.batches if each.source_name == download.name), None)

    def answers_of(self, download: Download) -> Answers:
        """Return what was answered when a download was cleared, or else became a batch; nothing where neither was."""
        cleared, batch = self.clear_of(download), self.batch_of(download)
        if cleared is not None:
            return cleared.answers
        reading = None if batch is None else batch.options.scanner
        return Answers() if reading is None else reading.answers

    def clear_of(self, download: Download) -> ScannerClearedEntry | None:
        """Return the entry of the clear of just what a download tells."""
        return self.cleared if self.cleared is not None and self.cleared.download == download.name else None


class ScannerHistory:
    """What is known of the scanner that some downloads are of, from the log and from all that is kept."""

    def __init__(
        self, snapshot: Snapshot, of: Sequence[Download], kept: Sequence[Download], read_scans: ReadScans
    ) -> None:
        serial = of[0].serial
        self._read_scans = read_scans
        self.downloads = sorted((each for each in kept if each.serial == serial), key=lambda each: each.order)
        self._by_name = {each.name: each for each in self.downloads}
        self._clears = _clears(snapshot, serial)
        self._are_repeated = _are_repeated(self.downloads)
        self._deeds = dict(_recorded_deeds(snapshot, serial)) if self._may_be_numbered_anew() else {}
        self._surely_before = self._committed_before_clears(snapshot, serial)
        self._left_out = _left_out(snapshot) if self._surely_before else []
        oldest = min(map(self._index, of))
        self._batches = _batches(snapshot, serial, self._clears[oldest - 1].seq if oldest else 0)

    @property
    def newest(self) -> Download:
        """What was pulled last of all that is kept: by its number, and by the log where numbers may mislead."""
        if not self._deeds:
            return self.downloads[-1]
        return max(self.downloads, key=lambda each: (self._index(each), each.order))

    def fill_of(self, download: Download) -> Fill:
        """Return the fill that a download tells of: one of those that the history was asked of, or a later one."""
        index = self._index(download)
        downloads = [each for each in self.downloads if self._index(each) == index]
        batches = [each for each in self._batches if self._index_of_batch(each) == index]
        anew = [self._first_of(self._by_name[each.source_name], batches) for each in batches if self._was_anew(each)]
        first = max((order for order in anew if order <= download.order), default=(0, ""))
        end = min((order for order in anew if order > download.order), default=None)
        return Fill(
            [each for each in downloads if first <= each.order and (end is None or each.order < end)],
            [each for each in batches if self._is_between(each, first, end)],
            self._clears[index] if end is None and index < len(self._clears) else None,
        )

    def surely_cleared(self, download: Download) -> ScannerClearedEntry | None:
        """Return the first clear that the log proves to have come after a download; None where only clocks say so.

        It is proven by the download that was cleared, where that is kept, and else by what was committed or left out
        whole before the clear: this download, or a later one.
        """
        dealt_with = [each.seq for each in self._batches if each.source_name == download.name]
        dealt_with += [each.seq for each in self._left_out if each.download == download.name]
        for clear in self._clears:
            of = self._by_name.get(clear.download)
            if of is None:
                is_after = download.order <= self._surely_before[clear.seq]
                is_after = is_after or any(seq < clear.seq for seq in dealt_with)
            else:
                is_after = not self._was_before(clear, download)
            if is_after:
                return clear
        return None

    def _index(self, download: Download) -> int:
        """Return how many clears came before a download."""
        return sum(self._was_before(clear, download) for clear in self._clears)

    def _was_before(self, clear: ScannerClearedEntry, download: Download) -> bool:
        of = self._by_name.get(clear.download)
        if of is not None:
            return of.order < download.order or self._was_dealt_with_since(clear, download)
        if download.order <= self._surely_before[clear.seq]:
            return False
        later = (self._by_name.get(each.download) for each in self._clears if each.seq > clear.seq)
        if any(each is not None and each.order < download.order for each in later):
            return True
        return clear.recorded_at < download.pulled_at  # its file is gone: only the clocks can tell

    def is_told_by_log(self, download: Download) -> bool:
        """Tell whether only the log says of a download that it was pulled after a clear, against its number.

        It is no proof: what was pulled before may be committed at last.
        """
        later = {each.name for each in self.downloads if each.order >= download.order}
        return any(each.download in later and self._was_dealt_with_since(each, download) for each in self._clears)

    def _was_dealt_with_since(self, clear: ScannerClearedEntry, download: Download) -> bool:
        """Tell whether a download was pulled after a clear by the log, though its number is none after that.

        So it may be where all files were lost once, counting began anew, and the files came back.
        """
        is_in_doubt = self._are_repeated or download.pulled_at > clear.recorded_at
        return is_in_doubt and download.name != clear.download and self._deeds.get(download.name, 0) > clear.seq

    def _may_be_numbered_anew(self) -> bool:
        """Tell whether two downloads have one number, or one was pulled by its time after the clear of a later one.

        Such a time may also be that of a clock that was ahead. Nobody can tell: a file that the log does not name, for
        its download was never committed, may have had the number and be lost.
        """
        if self._are_repeated:
            return True
        cleared = defaultdict[str, list[str]](list)
        for clear in self._clears:
            cleared[clear.download].append(clear.recorded_at)
        times = list[str]()
        for each in reversed(self.downloads):
            if times and each.pulled_at > times[0]:
                return True
            times = sorted([*times, *cleared[each.name]])[:1]
        return False

    def _committed_before_clears(self, snapshot: Snapshot, serial: str) -> Mapping[int, tuple[int, str]]:
        """Return up to which download some clears came after, by what was committed before them.

        It is told by the numbers of the clears' entries, for those of which the file is gone. Where two downloads have
        one number, all files were lost once and counting began anew: numbers tell nothing then.
        """
        gone = [clear for clear in self._clears if clear.download not in self._by_name]
        are_in_order = len({each.number for each in self.downloads}) == len(self.downloads)
        known = [
            (each.seq, self._by_name[each.source_name].order)
            for each in (_batches(snapshot, serial, 0) if gone and are_in_order else ())
            if each.source_name in self._by_name
        ]
        nothing = (0, "")
        return {
            clear.seq: max((order for seq, order in known if seq < clear.seq), default=nothing) for clear in gone
        }  # fmt: skip

    def _was_anew(self, batch: BatchEntry) -> bool:
        """Whether somebody said of a batch's scans that the scanner had been cleared before them, without an entry."""
        reading, download = batch.options.scanner, self._by_name.get(batch.source_name)
        said = reading is not None and reading.answers.scanned_anew
        return said and download is not None and not tell_times(self._scans(download))

    def _first_of(self, download: Download, batches: Sequence[BatchEntry]) -> tuple[int, str]:
        """Return the order of the first download of scans that were made anew; none of them was committed before."""
        committed = {each.source_name for each in batches}
        scans = [each.sameness for each in self._scans(download)]
        first = download
        for each in reversed([each for each in self.downloads if each.order < download.order]):
            theirs = [scan.sameness for scan in self._scans(each)]
            if each.name in committed or theirs != scans[: len(theirs)]:
                break
            first = each
        return first.order

    def _scans(self, download: Download) -> Sequence[RawScan]:
        return self._read_scans(download.reply, with_stamps=download.with_stamps)

    def _is_between(self, batch: BatchEntry, first: tuple[int, str], end: tuple[int, str] | None) -> bool:
        download = self._by_name.get(batch.source_name)
        return download is None or (first <= download.order and (end is None or download.order < end))

    def _index_of_batch(self, batch: BatchEntry) -> int:
        download = self._by_name.get(batch.source_name)
        if download is None:
            return sum(clear.seq < batch.seq for clear in self._clears)
        return self._index(download)


def newest_kept(snapshot: Snapshot, kept: Sequence[Download], read_scans: ReadScans) -> Download | None:
    """Return what was pulled last of all that is kept of one scanner, None where nothing is."""
    return ScannerHistory(snapshot, kept[-1:], kept, read_scans).newest if kept else None


def next_number(snapshot: Snapshot, serial: str, kept: Sequence[Download]) -> int:
    """Return the number of what is pulled from a scanner next, which none of its downloads has had.

    Those that the log names and that are not kept had numbers that nobody knows, as had others that were lost beside
    them: they may come back from a backup, and are the earlier ones then.
    """
    gone = last_deeds(snapshot, serial).keys() - {each.name for each in kept}
    return max([NUMBERS_PASSED_OVER * len(gone), *(each.number for each in kept)]) + 1


class Misled(NamedTuple):
    """Why nobody can tell that a kept download is what was pulled last.

    ``lost`` is one that the log dealt with later, last by the entry ``seq``, and that is not kept; blank where the
    numbers of what is kept contradict the log.
    """

    lost: str = ""
    seq: int = 0


def misled_about(
    snapshot: Snapshot, download: Download, kept: Sequence[Download], read_scans: ReadScans
) -> Misled | None:  # fmt: skip
    """Return why it is uncertain that a download was pulled last, None where it is not.

    A download that the log does not name can't be compared with what is lost. Times tell scans apart that are equal.
    """
    deeds = last_deeds(snapshot, download.serial)
    known, since = {each.name for each in kept}, deeds.get(download.name)
    gone = [(name, seq) for name, seq in deeds.items() if name not in known and since is not None and seq > since]
    if gone:
        return Misled(*max(gone, key=lambda each: each[1]))
    history = ScannerHistory(snapshot, [download], kept, read_scans)
    has_times = tell_times(read_scans(download.reply, with_stamps=download.with_stamps))
    return Misled() if history.is_told_by_log(download) and not has_times else None


def last_deeds(snapshot: Snapshot, serial: str) -> Mapping[str, int]:
    """Return the downloads of a scanner that the log names, each with the last entry that deals with it."""
    left_out = [(each.download, each.seq) for each in _left_out(snapshot) if each.serial == serial]
    return dict(sorted([*_recorded_deeds(snapshot, serial), *left_out], key=lambda each: each[1]))


def _recorded_deeds(snapshot: Snapshot, serial: str) -> list[tuple[str, int]]:
    """Return the downloads of a scanner that became batches or were cleared, each with the entry, in their order."""
    deeds = [(each.source_name, each.seq) for each in _batches(snapshot, serial, 0)]
    deeds += [(each.download, each.seq) for each in _clears(snapshot, serial) if each.download]
    return sorted(deeds, key=lambda each: each[1])


def _are_repeated(downloads: Sequence[Download]) -> bool:
    """Tell whether two downloads have one number; those of an older program have none."""
    numbers = [each.number for each in downloads if each.number]
    return len(set(numbers)) < len(numbers)


def _clears(snapshot: Snapshot, serial: str) -> list[ScannerClearedEntry]:
    entries = [decoded_body(body) for body in snapshot.deeds_of_kind("SCANNER_CLEARED")]
    found = (entry for entry in entries if isinstance(entry, ScannerClearedEntry) and entry.serial == serial)
    return sorted(found, key=lambda entry: entry.seq)


def _left_out(snapshot: Snapshot) -> list[ScansLeftOutEntry]:
    entries = [decoded_body(body) for body in snapshot.deeds_of_kind("SCANS_LEFT_OUT")]
    return [entry for entry in entries if isinstance(entry, ScansLeftOutEntry)]


def _batches(snapshot: Snapshot, serial: str, after_seq: int) -> list[BatchEntry]:
    """Return the batches that scans of a scanner became after an entry; of others only the bytes are looked at."""
    needle = f'"serial":"{serial}"'.encode()
    found = []
    for row in reversed(snapshot.all_batches()):
        if row.first_seq <= after_seq:
            break
        record = record_at(snapshot, row.first_seq)
        entry = decoded(record) if needle in record.body else None
        if not isinstance(entry, BatchEntry):
            continue
        reading = entry.options.scanner
        if reading is not None and reading.serial == serial and not reading.read_as:
            found.append(entry)
    return found[::-1]
