"""When the scans of a download were made, and since when they are known to have been made.

Owns the choice between the clock readings of several downloads of the same scans. A scan is told back from the reading
of its own download; where a clock was set since an earlier one that has it too, nobody knows which of the two readings
is right, and it is asked.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from assettrack.domain.downloads import Download
from assettrack.domain.findings import Finding, finding
from assettrack.domain.pulled_batch import clock_said
from assettrack.domain.raw_scans import RawScan, common_start
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scanner_clock import Doubt, Offset, Timing, set_between, timings
from assettrack.domain.settled_scans import Settled


class PulledTimes(msgspec.Struct, frozen=True):
    """The time of each scan, when those that an earlier download had were pulled first, and what is open about it."""

    timings: Sequence[Timing]
    pulled_first: Mapping[int, str]
    problems: Sequence[Finding]


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
    problems: list[Finding] = []
    for earlier in [] if answers.scanned_anew else before:
        theirs = scans_of(earlier)
        shared = common_start(list(theirs), list(scans))
        known_first = [number for number in range(1, shared + 1) if number not in pulled_first]
        pulled_first |= dict.fromkeys(known_first, earlier.pulled_at)
        open_still = [number for number in known_first if number not in settled.batches]
        otherwise, off = _told_otherwise(earlier, download, theirs)
        if otherwise is None or not open_still:
            continue
        if off and answers.clock_undisturbed:  # then it was the computer's clock that was set
            continue
        if off and not answers.untimed_at_download:
            said = clock_said(Offset(off)).rpartition(" ")[0]
            problems.append(finding("clock_set_between", last=max(open_still), download=earlier.name, off=said))
            continue
        for number in open_still:
            found[number - 1] = otherwise[number - 1]
    return PulledTimes(found, pulled_first, problems)


def _told_otherwise(
    earlier: Download, download: Download, scans: Sequence[RawScan]
) -> tuple[Sequence[Timing] | None, int]:
    """Return the times of an earlier download's scans where a later one tells others, and by how much a clock was set.

    Where only one of the two readings can be trusted, it was the scanner's clock, and the earlier one tells.
    """
    if not earlier.clock.device or not download.clock.device:
        return timings(scans, earlier.clock), 0
    off = set_between(earlier.clock, download.clock)
    return ([Timing(None, Doubt.SET) for _ in scans] if off else None), off
