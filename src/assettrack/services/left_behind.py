"""Scans that an earlier download has and nobody dealt with, and that the scanner does not tell any more.

Owns the one question about them, before a later download is committed or the scanner is cleared. The kept file is then
all that is left of them. It must never stop what comes after it twice: once a later download became a batch, it was
looked at.
"""

from collections.abc import Sequence

from assettrack.domain.downloads import Download
from assettrack.domain.findings import Finding, finding
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.same_scans import are_timed, known_again
from assettrack.domain.scan_answers import Answers, asked_of_all
from assettrack.services.recorded_scans import LOOKED_AT, recorded
from assettrack.services.scanner_history import Fill
from assettrack.services.scanner_ports import ReadScans


def left_behind(
    download: Download, scans: Sequence[RawScan], fill: Fill, answers: Answers, read_scans: ReadScans
) -> Sequence[Finding]:
    """Return what is to be said of earlier downloads of a fill whose scans a later one does not have."""
    if fill.clear_of(download) is not None:
        return ()
    found: list[Finding] = []
    named: set[tuple[str, int, str]] = set()
    for earlier in reversed(_not_committed(fill, download)):
        theirs = read_scans(earlier.reply, with_stamps=earlier.with_stamps)
        then, now = (earlier, theirs), (download, scans)
        there = known_again(then, now, timed=are_timed(then, now))
        if len(there) == len(theirs):
            continue
        dealt_with = recorded(earlier, theirs, fill, LOOKED_AT, read_scans).settled.batches
        gone = {scan.sameness for scan in theirs if scan.number not in there and scan.number not in dealt_with}
        if gone <= named:  # a later download that is named has them all
            continue
        named |= gone
        if not there:
            found.append(finding("never_committed", download=earlier.name, count=len(gone)))
        else:
            asked = finding("pulled_and_gone", download=earlier.name, count=len(gone))
            found.append(asked_of_all(asked, answers))
    return found


def _not_committed(fill: Fill, download: Download) -> list[Download]:
    """Return the downloads before one that became no batch, and after which none of a later one was committed."""
    committed = {batch.source_name for batch in fill.batches}
    last = max((each.order for each in fill.downloads if each.name in committed), default=(0, ""))
    return [each for each in fill.before(download) if each.order > last]
