"""Which scan of one download of a scanner is which of another, by the scans themselves.

Owns the comparison: text, kind of code and the four bytes of the time. A scanner tells its scans again until it is
cleared, and its Clear key may have taken some out in between.
"""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Sequence
from itertools import takewhile

from assettrack.domain.downloads import Download
from assettrack.domain.raw_scans import RawScan, tell_times
from assettrack.domain.scanner_clock import set_between

Told = tuple[Download, Sequence[RawScan]]
"""A download and its scans."""


def are_timed(then: Told, now: Told) -> bool:
    """Return whether the times of two downloads' scans tell them from equal ones that were made anew."""
    return all(tell_times(scans) for _, scans in (then, now)) or _in_a_moment(then, now)


def known_again(then: Told, now: Told, *, timed: bool) -> dict[int, int]:
    """Return which scan of an earlier download is which of a later one, by their numbers.

    Those with which both begin, and with times that go on any other, in order. Unless ``timed``, times don't count.
    """
    (_, theirs), (_, ours) = then, now
    pairs = zip(theirs, ours, strict=False)
    alike = takewhile(lambda pair: len({sameness(each, timed=timed) for each in pair}) == 1, pairs)
    found = {before.number: after.number for before, after in alike}
    if not timed or not are_timed(then, now):
        return found
    return found | by_times(theirs[len(found) :], ours[len(found) :])


def may_be_again(then: Told, now: Told) -> dict[int, int]:
    """Return which scan of an earlier download may be which of a later one: those known again, and those in doubt.

    Where times don't tell, any other scan that is equal may be the same, each once: some were deleted in between.
    """
    timed = are_timed(then, now)
    found = known_again(then, now, timed=timed)
    if timed:
        return found
    places = defaultdict[tuple[str, int, str], deque[int]](deque)
    for scan in now[1]:
        if scan.number not in found.values():
            places[sameness(scan, timed=False)].append(scan.number)
    for scan in then[1]:
        there = places[sameness(scan, timed=False)]
        if scan.number not in found and there:
            found[scan.number] = there.popleft()
    return found


def sameness(scan: RawScan, *, timed: bool) -> tuple[str, int, str]:
    """Return what two downloads of one stored scan agree in; where one has no times, times don't count."""
    text, symbology, stamp = scan.sameness
    return text, symbology, stamp if timed else ""


def _in_a_moment(then: Told, now: Told) -> bool:
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
