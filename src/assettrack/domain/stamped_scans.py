"""Which code was scanned when: by this the scans of a file are known in what a scanner tells, and the other way round.

Owns what is kept of it in the log, and which scans are the same by it. What either way of reading them makes of a scan
is none of it: programs leave off blanks, letters that can't be printed, the size of letters, and seconds, and some set
the times right. It must never decide what becomes of scans: whatever is less than the same second is only asked about.
"""

import enum
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_traces import NO_TRACE, parted, trace_of

STAMPED_MAX = 10_000
"""Of so many scans, the last ones, it is kept which code was scanned when: no scanner of the family holds more."""

MINUTE = len("2026-02-16T09:00")
"""So long is a time that has no seconds."""

SET_RIGHT_WITHIN = 30
"""By so many seconds two computers, maybe on two days, may differ in how far off they find a scanner's clock."""

Places = Mapping[str, Sequence[int]]
"""The numbers of scans, in order, by what is kept of them."""


class Alike(enum.StrEnum):
    """How scans that came two ways are the same, as it is said in the question about them."""

    SECOND = "at the same times of the scanner's clock"
    MINUTE = "in the same minutes of the scanner's clock, for the file tells no seconds"
    SET_RIGHT = "at the same times, once the scanner's clock is set right"


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

    def __init__(self, scans: Sequence[RawScan], known: Container[str]) -> None:
        self._known = known
        self._timed = [(each.number, _code(each), each.stamp) for each in scans if each.stamp]
        self._same = self._places(self._timed)
        self._near = self._places((number, code, near) for number, code, stamp in self._timed for near in _near(stamp))
        self._moved: dict[int, Places] = {}

    def found_in(self, stamps: str, count: int, off: int | None = None) -> tuple[dict[int, int], Alike]:
        """Return which scan of an earlier batch of ``count`` scans is which one now, each once, and how it is known.

        It is by the same second. Where one of the two tells no seconds, it is by the minute. Where one of them has
        times that were set right, ``off`` is by how many seconds these here are then later than theirs: what fits most
        of the scans counts. Of equal ones the first is the first.
        """
        traces = parted(stamps)
        theirs = dict(enumerate(traces, count - len(traces) + 1))
        found = _matched(theirs, self._same, {})
        near = _matched(theirs, self._near, found)
        best, alike = found | near, Alike.MINUTE if near else Alike.SECOND
        if off is None:
            return best, alike
        shifts = range(off - SET_RIGHT_WITHIN, off + SET_RIGHT_WITHIN + 1)
        for shift in sorted(shifts, key=lambda each: abs(each - off)):
            places = self._set_back_by(shift)
            moved = _matched(theirs, places, {}) if places else {}
            if len(moved) > len(best):
                best, alike = moved, Alike.SET_RIGHT
        return best, alike

    def _set_back_by(self, seconds: int) -> Places:
        """Return the scans by times that are so many seconds earlier; many batches ask for the same."""
        if seconds not in self._moved:
            passed = timedelta(seconds=seconds)
            self._moved[seconds] = self._places(
                (number, code, (datetime.fromisoformat(stamp) - passed).isoformat())
                for number, code, stamp in self._timed
            )
        return self._moved[seconds]

    def _places(self, stamped: Iterable[tuple[int, str, str]]) -> Places:
        places: dict[str, list[int]] = {}
        for number, code, stamp in stamped:
            if (trace := trace_of(code, stamp)) in self._known:
                places.setdefault(trace, []).append(number)
        return places


def _near(stamp: str) -> Iterator[str]:
    """Yield the times that may be the same one, told less exactly, or more so."""
    if len(stamp) > MINUTE:
        yield stamp[:MINUTE]
    else:
        yield from (f"{stamp}:{second:02d}" for second in range(60))


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
