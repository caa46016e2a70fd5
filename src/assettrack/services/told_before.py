"""Scans that a scanner told before, at another filling: asked about by their times, never recorded again in silence.

Owns the comparison of a download with those of other fills of the same scanner. A scan is not told again once the
scanner was cleared, unless old files came back, two scanners have one number, or the same answer was sent twice. It
must never decide by itself: clocks that are reset give old times again.
"""

from collections.abc import Sequence
from typing import NamedTuple, Self

import msgspec

from assettrack.domain.downloads import Download
from assettrack.domain.findings import Finding, finding
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.same_scans import are_timed, by_times
from assettrack.domain.scan_answers import Answers, asked_of_all
from assettrack.domain.settled_scans import Settled
from assettrack.services.ports import Snapshot
from assettrack.services.recorded_scans import LOOKED_AT, Recorded, recorded
from assettrack.services.scanner_history import Fill, ScannerHistory
from assettrack.services.scanner_ports import ReadScans


def with_told_before(known: Recorded, download: Download, fill: Fill, around: "Around", answers: Answers) -> Recorded:
    """Return what is settled of a download with what batches of other fills recorded, and the question about that."""
    if fill.clear_of(download) is not None:
        return known
    settled, questions = known.settled, list[Finding]()
    names = {each.name for each in fill.downloads}
    ours = around.read_scans(download.reply, with_stamps=download.with_stamps)
    still_open = _open(ours, settled)
    times = _Times.of(still_open)
    for other in reversed([each for each in around.kept if each.name not in names]):
        if not times.may_be_in(other):
            continue
        then, now = around.settled_of(other, (download, ours), still_open)
        unanswered = [old for old, number in now.items() if number not in settled.batches]
        if unanswered:
            batch = then.batches[unanswered[0]]
            asked = finding("told_before", download=other.name, batch=batch, count=len(unanswered))
            questions.append(asked_of_all(asked, answers))
        if not now or (unanswered and answers.scanned_anew):
            continue
        settled = settled.with_those(then, now)
        still_open = _open(ours, settled)
        times = _Times.of(still_open)
    return Recorded(settled, [*known.questions, *questions])


class Around(msgspec.Struct, frozen=True):
    """What is known around a download: the log, all that is kept of its scanner, and how that is read."""

    snapshot: Snapshot
    kept: Sequence[Download]
    read_scans: ReadScans

    def settled_of(
        self, other: Download, of: tuple[Download, Sequence[RawScan]], still_open: Sequence[RawScan]
    ) -> tuple[Settled, dict[int, int]]:
        """Return what is settled of a download of another fill, and which of its settled scans is which open one."""
        theirs = self.read_scans(other.reply, with_stamps=other.with_stamps)
        fill = ScannerHistory(self.snapshot, [other], self.kept, self.read_scans).fill_of(other)
        then = recorded(other, theirs, fill, LOOKED_AT, self.read_scans).settled
        can_be_told = other.sha256 == of[0].sha256 or are_timed((other, theirs), of)
        settled = [each for each in theirs if each.number in then.batches]
        return then, by_times(settled if can_be_told else [], still_open)


def _is_open(settled: Settled, number: int) -> bool:
    """Tell whether it is not known yet what became of a scan; a batch may have said only that it is the same one."""
    said = settled.answers.get(number)
    return number not in settled.rows and (said is None or said.same_scans)


class _Times(NamedTuple):
    """The bytes of the times of some scans, and the half of them that is shared: those of a day have few of these."""

    whole: frozenset[bytes]
    shared: frozenset[bytes]

    @classmethod
    def of(cls, scans: Sequence[RawScan]) -> Self:
        """Return the times of scans."""
        whole = frozenset(bytes.fromhex(scan.stamp_bytes) for scan in scans)
        halves = frozenset(time[:2] for time in whole), frozenset(time[2:] for time in whole)
        return cls(whole, min(halves, key=len))

    def may_be_in(self, download: Download) -> bool:
        """Tell whether a download may have one of the times: their bytes stand in the scanner's answer as such."""
        if not any(half in download.reply for half in self.shared):
            return False
        return any(time in download.reply for time in self.whole)


def _open(scans: Sequence[RawScan], settled: Settled) -> list[RawScan]:
    """Return the scans with a time of which it is not known yet what became of them."""
    return [scan for scan in scans if scan.stamp and _is_open(settled, scan.number)]
