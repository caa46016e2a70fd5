"""When the scans of a download were made, and since when they are known to have been made.

Owns the choice between the clock readings of several downloads of the same scans. A scan is told back from the reading
of its own download; where a clock was set since an earlier one that has it too, nobody knows which of the two readings
is right, and it is asked. So it is where a clock was set between the first download that has it and the one before,
unless it can only have been made after that.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

import msgspec

from assettrack.domain.downloads import Download
from assettrack.domain.findings import Finding, finding
from assettrack.domain.pulled_batch import clock_said
from assettrack.domain.raw_scans import RawScan
from assettrack.domain.same_scans import known_again
from assettrack.domain.scan_answers import Answers, asked_of_all
from assettrack.domain.scanner_clock import (
    Doubt,
    Offset,
    Timing,
    ahead_of_utc,
    may_be_by_another_clock,
    set_between,
    timings,
)
from assettrack.domain.settled_scans import Settled


class PulledTimes(msgspec.Struct, frozen=True):
    """The time of each scan, when those that an earlier download had were pulled first, and what is open about them.

    A question comes with the numbers of the scans that it is about; it is one only if one of them is a row.
    """

    timings: Sequence[Timing]
    pulled_first: Mapping[int, str]
    questions: Sequence[tuple[Finding, Collection[int]]]


def pulled_times(
    download: Download,
    before: Sequence[Download],
    settled: Settled,
    answers: Answers,
    scans_of: Callable[[Download], Sequence[RawScan]],
) -> PulledTimes:
    """Return the times of a download's scans; ``before`` are the downloads of the same fill before it, in order."""
    scans = scans_of(download)
    found = timings(scans, download.clock)
    pulled_first: dict[int, str] = {}
    questions: list[tuple[Finding, Collection[int]]] = []
    previous: Download | None = None
    for earlier in [] if answers.scanned_anew else before:
        theirs = scans_of(earlier)
        then = {now: then for then, now in known_again((earlier, theirs), (download, scans), timed=True).items()}
        known_first = [number for number in then if number not in pulled_first]
        pulled_first |= dict.fromkeys(known_first, earlier.pulled_at)
        open_still = [number for number in known_first if number not in settled.batches]
        doubted = _doubted(scans, open_still, previous, earlier)
        since = [each for each in (*before, download) if each.order >= earlier.order]
        otherwise, off = _told_otherwise(since, theirs)
        if off and open_still:
            said = clock_said(off).rpartition(" ")[0]
            asked = finding("clock_set_between", scans=_were(1, max(open_still)), download=earlier.name, off=said)
            questions.append((asked_of_all(asked, answers), open_still))
        if otherwise is not None and not (off and (answers.clock_undisturbed or not answers.untimed_at_download)):
            for number in open_still:
                found[number - 1] = otherwise[then[number] - 1]
        questions += _asked_since(found, doubted, previous, answers)
        previous = earlier
    fresh = [each.number for each in scans if each.number not in pulled_first and each.number not in settled.batches]
    questions += _asked_since(found, _doubted(scans, fresh, previous, download), previous, answers)
    return PulledTimes(found, pulled_first, questions)


def _doubted(
    scans: Sequence[RawScan], numbers: Sequence[int], previous: Download | None, first: Download
) -> Sequence[int]:
    """Return which scans that ``first`` was the first to have may be timed by a clock as it was before it was set."""
    if previous is None or not first.clock.device:
        return []
    clocks = previous.clock, first.clock
    return [number for number in numbers if may_be_by_another_clock(scans[number - 1], *clocks)]


def _asked_since(
    found: list[Timing], doubted: Sequence[int], previous: Download | None, answers: Answers
) -> list[tuple[Finding, Collection[int]]]:
    """Return the question about scans made while a clock was set; if it is answered so, take the times from them."""
    if previous is None or not doubted:
        return []
    if answers.untimed_at_download and not answers.clock_undisturbed:
        for number in doubted:
            found[number - 1] = Timing(None, Doubt.SET)
    asked = finding("clock_set_since", scans=_were(min(doubted), max(doubted)), download=previous.name)
    return [(asked_of_all(asked, answers), doubted)]


def _were(first: int, last: int) -> str:
    """Return scans as they begin a sentence about what became of them: ``Scan 5 was``, ``Scans 5 to 8 were``."""
    return f"Scan {first} was" if first == last else f"Scans {first} to {last} were"


def _told_otherwise(
    downloads: Sequence[Download], scans: Sequence[RawScan]
) -> tuple[Sequence[Timing] | None, int]:  # fmt: skip
    """Return the times of an earlier download's scans where a later one tells others, and by how much a clock was set.

    They are the first and the last of ``downloads``. Where only one of the two readings can be trusted, it was the
    scanner's clock, and the earlier one tells; so it does where it was we who set that clock.
    """
    earlier, download = downloads[0], downloads[-1]
    if not earlier.clock.device or not download.clock.device:
        return timings(scans, earlier.clock), 0
    off = set_between(earlier.clock, download.clock)
    here = round(ahead_of_utc(download.clock).total_seconds())  # if it was we who set it, it shows the station's time
    if off and not Offset(off, here).is_far_off and _set_by_us_alone(downloads):
        return timings(scans, earlier.clock), 0
    return ([Timing(None, Doubt.SET) for _ in scans] if off else None), off


def _set_by_us_alone(downloads: Sequence[Download]) -> bool:
    """Return whether neither clock was set between any two downloads but by this station, which kept both readings."""
    for then, now in pairwise(downloads):
        reading = now.clock if now.clock_before is msgspec.UNSET else now.clock_before
        if not then.clock.device or not reading.device or set_between(then.clock, reading):
            return False
    return True
