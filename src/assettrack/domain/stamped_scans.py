"""Which code was scanned when: by this the scans of a file are known in what a scanner tells, and the other way round.

Owns what is kept of it in the log, and which scans are the same by it. What either way of reading them makes of a scan
is none of it: programs leave off blanks, letters that can't be printed, the size of letters, and seconds, and some set
the times right. It must never decide what becomes of scans: whatever is less than the same second is only asked about.
"""

import enum
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType

from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_traces import NO_TRACE, parted, trace_of

STAMPED_MAX = 10_000
"""Of so many scans, the last ones, it is kept which code was scanned when: no scanner of the family holds more."""

MINUTE = len("2026-02-16T09:00")
"""So long is a time that has no seconds."""

_SECONDS = 60
"""So many times to the second are in a minute."""

SET_RIGHT_WITHIN = 30
"""By so many seconds two computers, maybe on two days, may differ in how far off they find a scanner's clock."""

_LAST_YEAR = "9999"
"""A clock that shows it tells nothing: there is no time after it to which it could be set right."""

Places = Mapping[str, Sequence[int]]
"""The numbers of scans, in order, by what is kept of them."""


class Alike(enum.StrEnum):
    """How scans that came twice are the same, as it is said in the question about them."""

    SECOND = "at the same times of the scanner's clock"
    MINUTE = "in the same minutes of the scanner's clock, for the file tells no seconds"
    SET_RIGHT = "at the same times, once the scanner's clock is set right"
    ORDER = "in the same order, for there are no times"


def stamps_of(scans: Sequence[RawScan]) -> str:
    """Return what is kept of which code was scanned when: a text, empty where no scan has a time."""
    return "".join(stamp_traces(scans[-STAMPED_MAX:])) if any(each.stamp for each in scans) else ""


def stamp_traces(scans: Sequence[RawScan]) -> list[str]:
    """Return which code was scanned when, of each scan; `NO_TRACE` of one without a time."""
    return [trace_of(_code(each), each.stamp) if each.stamp else NO_TRACE for each in scans]


def code_traces(scans: Sequence[RawScan]) -> list[str]:
    """Return which code each scan is of, whenever it was scanned: what order tells where there are no times."""
    return [trace_of(_code(each)) for each in scans]


class StampedScans:
    """The scans of a file or of a download, to be compared with those of many earlier batches.

    ``known`` is what is kept of the scans of all of these batches: of what they never had nothing is held.
    """

    def __init__(self, scans: Sequence[RawScan], known: Collection[str]) -> None:
        self._known = known
        timed = (each for each in scans if "" < each.stamp < _LAST_YEAR) if known else ()
        self._timed = [(each.number, _code(each), each.stamp) for each in timed]
        self._same = self._places(self._timed)
        self._near = self._places((number, code, near) for number, code, stamp in self._timed for near in _near(stamp))
        self._moved: dict[int, Places] = {}
        self._about: dict[int, Places] = {}

    def found_in(
        self, stamps: str, count: int, off: int | None = None, before: Mapping[int, int] = MappingProxyType({})
    ) -> tuple[dict[int, int], Alike]:
        """Return which scan of an earlier batch of ``count`` scans is which one now, each once, and how it is known.

        It is by the same second. Where one of the two tells no seconds, it is by the minute. Where one of them has
        times that were set right, ``off`` is by how many seconds these here are then later than theirs: what fits most
        of the scans counts. Of equal ones the first is the first. ``before`` are scans that are known by something else
        already; only where more fit with times set right are those among them that have a time other ones.
        """
        traces = parted(stamps)
        theirs = dict(enumerate(traces, count - len(traces) + 1))
        found = {**before, **_matched(theirs, self._same, before)}
        near = _matched(theirs, self._near, found)
        best, alike = found | near, Alike.MINUTE if near else Alike.SECOND
        if off is None or theirs.keys() <= best.keys():
            return best, alike
        untimed = {then: now for then, now in before.items() if theirs.get(then, NO_TRACE) == NO_TRACE}
        moved = self._set_right(theirs, off, untimed)
        return (moved, Alike.SET_RIGHT) if len(moved) > len(best) else (best, alike)

    def _set_right(self, theirs: Mapping[int, str], off: int, before: Mapping[int, int]) -> dict[int, int]:
        """Return the same by times that were set right: as many as can be by one correction, and the rest by others.

        A file may have the scans of several scanners, each clock of which was off by something else.
        """
        shifts = sorted(range(off - SET_RIGHT_WITHIN, off + SET_RIGHT_WITHIN + 1), key=lambda each: abs(each - off))
        found = dict(before)
        while more := max((_matched(theirs, self._set_back_by(each), found) for each in shifts), key=len):
            found |= more
        return found | _matched(theirs, self._set_back_about(off), found)

    def _set_back_by(self, seconds: int) -> Places:
        """Return the scans by times that are so many seconds earlier; many batches ask for the same."""
        if seconds not in self._moved:
            passed = timedelta(seconds=seconds)
            self._moved[seconds] = self._places(
                (number, code, (datetime.fromisoformat(stamp) - passed).isoformat())
                for number, code, stamp in self._timed
                if len(stamp) > MINUTE
            )
        return self._moved[seconds]

    def _set_back_about(self, seconds: int) -> Places:
        """Return the scans by times that may be the same ones so many seconds earlier, where no seconds are told."""
        if seconds not in self._about:
            self._about[seconds] = self._places(
                (number, code, near)
                for number, code, stamp in self._timed
                for near in _near(stamp, seconds, SET_RIGHT_WITHIN)
            )
        return self._about[seconds]

    def _places(self, stamped: Iterable[tuple[int, str, str]]) -> Places:
        places: dict[str, list[int]] = {}
        for number, code, stamp in stamped:
            if (trace := trace_of(code, stamp)) in self._known:
                places.setdefault(trace, []).append(number)
        return places


def _near(stamp: str, back: int = 0, within: int = 0) -> Iterator[str]:
    """Yield the times that may be the same one, told less exactly, or more so.

    It is as many seconds ``back`` as said, give or take so many ``within``.
    """
    is_exact = len(stamp) > MINUTE
    first = datetime.fromisoformat(stamp) - timedelta(seconds=back)
    seconds = range(-within, within + (1 if is_exact else _SECONDS))
    times = [(first + timedelta(seconds=each)).isoformat() for each in seconds]
    if not is_exact:
        yield from times
    yield from dict.fromkeys(each[:MINUTE] for each in times)


def _matched(theirs: Mapping[int, str], places: Places, before: Mapping[int, int]) -> dict[int, int]:
    """Return which of their scans is which one here, but for those that are known already."""
    found: dict[int, int] = {}
    taken = set(before.values())
    for number, trace in theirs.items():
        if number in before:
            continue
        mine = next((each for each in places.get(trace, ()) if each not in taken), None)
        if mine is not None:
            found[number] = mine
            taken.add(mine)
    return found


def _code(scan: RawScan) -> str:
    return "".join(letter for letter in scan.text if "!" <= letter <= "~").upper()
