"""Which scans of a download earlier batches dealt with, by the scans themselves.

Owns the comparison of two downloads of one scanner, and the questions where it can't tell old scans from new ones. A
scanner tells old scans again until it is cleared; what their cards stand for, and what was answered, may have changed
meanwhile, so that only the scans themselves tell that they are the same.
"""

from collections.abc import Mapping, Sequence
from enum import Enum, auto
from itertools import count, takewhile
from typing import NamedTuple

import msgspec

from assettrack.domain.downloads import Download
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.findings import Finding, finding
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.same_scans import are_timed, known_again, sameness
from assettrack.domain.scan_answers import Answers, ScanReading, asked_of_all
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
    """What is settled of a download, and the questions about that, open or answered."""

    settled: Settled
    questions: Sequence[Finding]


def recorded(
    download: Download, scans: Sequence[RawScan], fill: Fill, answers: Answers, read_scans: ReadScans
) -> Recorded:
    """Return which of a download's scans are settled by the batches of its fill."""
    by_name = {each.name: each for each in fill.downloads}
    earlier: list[tuple[int, ScanReading, Mapping[int, int]]] = []
    questions: list[Finding] = []
    gone: list[BatchEntry] = []
    cleared = fill.clear_of(download)
    if cleared is not None:  # what was asked then is answered, and nothing hangs on it any more
        answers = msgspec.structs.replace(answers, gaps_looked_at=True, same_scans=not answers.scanned_anew)
    for batch in fill.batches:
        reading = batch.options.scanner
        assert reading is not None, "the batches of a fill are of scans"
        of = by_name.get(batch.source_name, _told_by(batch, download, scans))
        if of is None:
            gone.append(batch)
            asked = finding("download_gone", batch=batch.batch_id)
            questions.append(asked_of_all(asked, answers))
            continue
        theirs = read_scans(of.reply, with_stamps=of.with_stamps)
        now, doubts = _matched((of, theirs), (download, scans), answers)
        questions += [asked_of_all(_asked(doubt, batch.batch_id), answers) for doubt in doubts]
        earlier.append((batch.batch_id, reading, now))
    settled = settled_by(earlier)
    if cleared is not None and cleared.batches:
        settled = settled.with_proven(len(scans), cleared.batches, _rows_of(gone), cleared.answers)
    return Recorded(settled, questions if cleared is None else [])


def _told_by(batch: BatchEntry, download: Download, scans: Sequence[RawScan]) -> Download | None:
    """Return the download of a batch of which the file is gone, if another tells the very same bytes; else None.

    The log has their hash: which scan became which row is known then, whenever they were told.
    """
    reading = batch.options.scanner
    is_so = batch.source_sha256 == download.sha256 and reading is not None and reading.scans == len(scans)
    return msgspec.structs.replace(download, pulled_at="") if is_so else None


def _asked(doubt: Doubt, batch_id: int) -> Finding:
    if doubt is Doubt.ANEW:
        return finding("maybe_anew", batch=batch_id)
    return finding("recorded_and_gone", batch=batch_id)


def _rows_of(gone: Sequence[BatchEntry]) -> Mapping[int, int]:
    """Return the rows of batches whose downloads are gone, each with its batch: a later one began with their scans."""
    readings = [(batch.batch_id, batch.options.scanner) for batch in gone]
    return {number: batch for batch, reading in readings if reading is not None for number in reading.numbers}


def _matched(
    then: tuple[Download, Sequence[RawScan]], now: tuple[Download, Sequence[RawScan]], answers: Answers
) -> tuple[Mapping[int, int], Sequence[Doubt]]:
    """Return which scan of one download is which of another, and what is asked about that, answered or not.

    With times that go on a scan is known wherever it stands. Without, equal scans may have been made anew since: that
    is asked, and after the first that is another one nothing is taken for known, so that no new scan is dropped.
    """
    (of, theirs), (download, ours) = then, now
    timed = are_timed(then, now)
    found = known_again(then, now, timed=timed)
    at_first = {number: number for number in takewhile(lambda number: found.get(number) == number, count(1))}
    if of.name == download.name:
        return at_first, []
    if {sameness(each, timed=timed) for each in theirs}.isdisjoint(sameness(each, timed=timed) for each in ours):
        return {}, []  # the scanner was cleared in between, by whomever
    if not timed and answers.scanned_anew:
        return {}, [Doubt.ANEW]
    if not timed and not answers.same_scans:
        return at_first, [Doubt.ANEW]
    doubts = [] if timed else [Doubt.ANEW]
    is_whole = len(found) == min(len(theirs), len(ours)) == len(at_first)
    return found, doubts if is_whole else [*doubts, Doubt.GONE]
