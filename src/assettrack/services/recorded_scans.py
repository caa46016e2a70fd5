"""Which scans of a download earlier batches dealt with, by the scans themselves.

Owns the comparison of two downloads of one scanner, and the questions where it can't tell old scans from new ones. A
scanner tells old scans again until it is cleared; what their cards stand for, and what was answered, may have changed
meanwhile, so that only the scans themselves tell that they are the same.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import Enum, auto
from itertools import takewhile
from typing import NamedTuple

import msgspec

from assettrack.domain.downloads import Download
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.findings import Finding, finding
from assettrack.domain.raw_scans import RawScan, tell_times
from assettrack.domain.scan_answers import Answers, ScanReading
from assettrack.domain.scanner_clock import set_between
from assettrack.domain.settled_scans import Settled, settled_by
from assettrack.services.scanner_history import Fill
from assettrack.services.scanner_ports import ReadScans

LOOKED_AT = Answers(gaps_looked_at=True, same_scans=True)
"""What another download's scans are read with where only the question is how they were settled."""


class Doubt(Enum):
    """Why it is not certain which scan is which: they may have been made anew, or recorded ones are gone."""

    ANEW = auto()
    GONE = auto()


class Recorded(NamedTuple):
    """What is settled of a download, and the questions that are open about that."""

    settled: Settled
    problems: Sequence[Finding]


def recorded(
    download: Download, scans: Sequence[RawScan], fill: Fill, answers: Answers, read_scans: ReadScans
) -> Recorded:
    """Return which of a download's scans are settled by the batches of its fill."""
    by_name = {each.name: each for each in fill.downloads}
    earlier: list[tuple[int, ScanReading, Mapping[int, int]]] = []
    problems: list[Finding] = []
    gone: list[BatchEntry] = []
    cleared = fill.clear_of(download)
    if cleared is not None:  # what was asked then is answered, and nothing hangs on it any more
        answers = msgspec.structs.replace(answers, gaps_looked_at=True, same_scans=not answers.scanned_anew)
    for batch in fill.batches:
        reading = batch.options.scanner
        assert reading is not None, "the batches of a fill are of scans"
        of = by_name.get(batch.source_name)
        if of is None:
            gone.append(batch)
            problems += [] if answers.gaps_looked_at else [finding("download_gone", batch=batch.batch_id)]
            continue
        theirs = read_scans(of.reply, with_stamps=of.with_stamps)
        now, question = _matched((of, theirs), (download, scans), answers)
        if question is Doubt.ANEW:
            problems.append(finding("maybe_anew", batch=batch.batch_id))
        elif question is Doubt.GONE:
            problems.append(finding("recorded_and_gone", batch=batch.batch_id))
        earlier.append((batch.batch_id, reading, now))
    settled = settled_by(earlier)
    if cleared is not None and cleared.batches:
        settled = settled.with_proven(len(scans), cleared.batches, _rows_of(gone), cleared.answers)
    return Recorded(settled, problems)


def _rows_of(gone: Sequence[BatchEntry]) -> Mapping[int, int]:
    """Return the rows of batches whose downloads are gone, each with its batch: a later one began with their scans."""
    readings = [(batch.batch_id, batch.options.scanner) for batch in gone]
    return {number: batch for batch, reading in readings if reading is not None for number in reading.numbers}


def _matched(
    then: tuple[Download, Sequence[RawScan]], now: tuple[Download, Sequence[RawScan]], answers: Answers
) -> tuple[Mapping[int, int], Doubt | None]:
    """Return which scan of one download is which of another, and what must be asked about that.

    With times that go on a scan is known wherever it stands. Without, equal scans may have been made anew since: that
    is asked, and after the first that is another one nothing is taken for known, so that no new scan is dropped.
    """
    (of, theirs), (download, ours) = then, now
    timed = all(map(tell_times, (theirs, ours))) or in_a_moment(then, now)
    shared = common(theirs, ours, timed=timed)
    at_first = {number: number for number in range(1, shared + 1)}
    if of.name == download.name:
        return at_first, None
    if {_sameness(each, timed=timed) for each in theirs}.isdisjoint(_sameness(each, timed=timed) for each in ours):
        return {}, None  # the scanner was cleared in between, by whomever
    if not timed and answers.scanned_anew:
        return {}, None
    if not timed and not answers.same_scans:
        return at_first, Doubt.ANEW
    found = {**at_first, **by_times(theirs[shared:], ours[shared:])} if timed else at_first
    is_whole = len(found) == min(len(theirs), len(ours)) == shared
    return found, None if is_whole or answers.gaps_looked_at else Doubt.GONE


def in_a_moment(then: tuple[Download, Sequence[RawScan]], now: tuple[Download, Sequence[RawScan]]) -> bool:
    """Tell whether scans of one and the same second have a time, and not that of a clock that stands still."""
    clocks = then[0].clock, now[0].clock
    if not all(clock.device for clock in clocks) or set_between(*clocks):
        return False
    return all(any(scan.stamp for scan in scans) for _, scans in (then, now))


def by_times(theirs: Sequence[RawScan], ours: Sequence[RawScan]) -> dict[int, int]:
    """Return which scan is which by their times, where some may have been deleted in between: in order, each once."""
    places = defaultdict[tuple[str, int, str], list[int]](list)
    for index, scan in enumerate(ours):
        if scan.stamp:
            places[scan.sameness].append(index)
    found: dict[int, int] = {}
    position = 0
    for old in theirs:
        there = places[old.sameness]
        ahead = bisect_left(there, position)
        if ahead < len(there):
            found[old.number] = ours[there[ahead]].number
            position = there[ahead] + 1
    return found


def common(theirs: Sequence[RawScan], ours: Sequence[RawScan], *, timed: bool) -> int:
    """Return with how many equal scans two downloads begin."""
    pairs = zip(theirs, ours, strict=False)
    return sum(1 for _ in takewhile(lambda pair: len({_sameness(each, timed=timed) for each in pair}) == 1, pairs))


def _sameness(scan: RawScan, *, timed: bool) -> tuple[str, int, str]:
    """Return what two downloads of one stored scan agree in; where one has no times, times don't count."""
    text, symbology, stamp = scan.sameness
    return text, symbology, stamp if timed else ""
