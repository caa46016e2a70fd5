"""Which code was scanned when: by this the scans of a file are known in what a scanner tells, and the other way round.

Owns what is kept of it in the log, and which scans are the same by it. What either way of reading them makes of a scan
is none of it: programs leave off blanks, letters that can't be printed, the size of letters, and seconds, and some set
the times right. It must never decide what becomes of scans: whatever is less than the same second is only asked about.
"""

import enum
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import NamedTuple

from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scan_traces import NO_TRACE, parted, trace_of, traces_behind

STAMPED_MAX = 10_000
"""Of so many scans, the last ones, it is kept which code was scanned when: no scanner of the family holds more."""

MINUTE = len("2026-02-16T09:00")
"""So long is a time that has no seconds."""

_SECONDS = 60
"""So many times to the second are in a minute."""

_TO_THE_SECOND = [f":{second:02d}" for second in range(_SECONDS)]
"""What stands behind a minute where the seconds are told."""

SET_RIGHT_WITHIN = 30
"""By so many seconds two computers, maybe on two days, may differ in how far off they find a scanner's clock."""

_AT_ONCE = 8
"""Scans are moved by so many seconds at once: the clocks of many batches are off by a little more or less each."""

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
        known = frozenset(known)
        timed = [each for each in scans if "" < each.stamp < _LAST_YEAR] if known else []
        exact = [each for each in timed if len(each.stamp) > MINUTE]
        rough = [each for each in timed if len(each.stamp) <= MINUTE]
        self._exact, self._exact_minutes = _Moved(exact, known), _Moved(exact, known, by_minute=True)
        self._rough, self._rough_minutes = _Moved(rough, known), _Moved(rough, known, by_minute=True)
        self._same = _places([*self._exact.back_by(range(1))[0], *self._rough_minutes.back_by(range(1))[0]])
        self._near = self._about(0, 0)

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
        found = _and_matched(theirs, self._same, before)
        near = _matched(_left(theirs, found), self._near, set(found.values()))
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
        left = _left(theirs, before)
        shifts = range(off - SET_RIGHT_WITHIN, off + SET_RIGHT_WITHIN + 1)
        moved = self._exact.back_by(shifts)
        fitting = list[tuple[Mapping[int, str], Places]]()
        for shift in sorted(shifts, key=lambda each: abs(each - off)):
            places = _places(moved[shift])
            if fits := {then: trace for then, trace in left.items() if trace in places} if places else {}:
                fitting.append((fits, places))
        found = dict(before)
        while fitting:
            taken = set(found.values())
            ways = [_matched(_left(fits, found), places, taken) for fits, places in fitting]
            most = max(ways, key=len)
            found |= most
            fitting = [(still, places) for fits, places in fitting if (still := _open(fits, places, found))]
        return _and_matched(theirs, self._about(off, SET_RIGHT_WITHIN), found)

    def _about(self, back: int, within: int) -> Places:
        """Return the scans by times that may be the same ones so many seconds earlier, where no seconds are told.

        It is as many seconds ``back`` as said, give or take so many ``within``.
        """
        seconds = self._rough.back_by(range(back - within - _SECONDS + 1, back + within + 1))
        found = [each for those in seconds.values() for each in those]
        for moved, lasts in ((self._exact_minutes, 0), (self._rough_minutes, _SECONDS - 1)):
            minutes = moved.back_by(range((back - within) // _SECONDS, (back + within + _SECONDS - 1) // _SECONDS + 1))
            for passed, those in minutes.items():
                for each in those:
                    start = -passed * _SECONDS - each.second
                    if start <= lasts + within - back and start + _SECONDS > -within - back:
                        found.append(each)
        return _places(found)


class _At(NamedTuple):
    """A scan by a time that an earlier batch knows: what is kept of it, and at which second of its own minute it is."""

    number: int
    trace: str
    second: int


class _Moved:
    """Scans by times that are some seconds earlier, or whole minutes: each time is worked out once for many batches."""

    def __init__(self, scans: Sequence[RawScan], known: frozenset[str], *, by_minute: bool = False) -> None:
        times = [datetime.fromisoformat(each.stamp) for each in scans]
        self._scans = [(each.number, _code(each), at) for each, at in zip(scans, times, strict=True)]
        self._known, self._by_minute = known, by_minute
        self._moved: dict[int, list[_At]] = {}

    def back_by(self, passed: range) -> Mapping[int, Sequence[_At]]:
        """Return those scans that are known by a time so many seconds or minutes earlier, for each of some numbers."""
        if new := [each for each in passed if each not in self._moved]:
            at_once = 1 if self._by_minute or len(passed) == 1 else _AT_ONCE
            span = range(new[0] - new[0] % at_once, new[-1] - new[-1] % at_once + at_once)
            moved: dict[int, list[_At]] = {each: [] for each in span}
            for number, code, at in self._scans:
                traces = traces_behind(code, _minutes(at, span) if self._by_minute else _seconds(at, span))
                if not self._known.isdisjoint(traces):
                    for each, trace in zip(reversed(span), traces, strict=True):
                        if trace in self._known:
                            moved[each].append(_At(number, trace, at.second))
            self._moved |= moved
        return {each: self._moved[each] for each in passed}


def _minutes(at: datetime, back: range) -> list[str]:
    """Return the minutes that are so many earlier than a time, the earliest first."""
    return [(at - timedelta(minutes=each)).isoformat()[:MINUTE] for each in reversed(back)]


def _seconds(at: datetime, back: range) -> list[str]:
    """Return the times that are so many seconds earlier, the earliest first: each minute is written once."""
    first, end = at.second - back[-1], at.second - back[0] + 1
    minutes = range(first // _SECONDS, (end - 1) // _SECONDS + 1)
    texts = _minutes(at, range(-minutes[-1], -minutes[0] + 1))
    return [
        text + second
        for text, minute in zip(texts, minutes, strict=True)
        for second in _TO_THE_SECOND[max(0, first - minute * _SECONDS) : end - minute * _SECONDS]
    ]


def _places(scans: Iterable[_At]) -> Places:
    places: dict[str, list[int]] = {}
    for number, trace, _ in sorted(scans):
        places.setdefault(trace, []).append(number)
    return places


def _left(theirs: Mapping[int, str], known: Collection[int]) -> dict[int, str]:
    """Return those of their scans that are not known yet."""
    return {number: trace for number, trace in theirs.items() if number not in known and trace != NO_TRACE}


def _open(theirs: Mapping[int, str], places: Places, found: Mapping[int, int]) -> dict[int, str]:
    """Return those of their scans that are not known yet, and may be one here that is none of theirs yet."""
    taken = set(found.values())
    return {then: trace for then, trace in _left(theirs, found).items() if not taken.issuperset(places[trace])}


def _and_matched(theirs: Mapping[int, str], places: Places, known: Mapping[int, int]) -> dict[int, int]:
    """Return what is known of their scans, and which one here each of the others is."""
    return {**known, **_matched(_left(theirs, known), places, set(known.values()))}


def _matched(theirs: Mapping[int, str], places: Places, taken: Collection[int]) -> dict[int, int]:
    """Return which of their scans is which one here, but for those here that are taken already."""
    found: dict[int, int] = {}
    now = set[int]()
    for number, trace in theirs.items():
        mine = next((each for each in places.get(trace, ()) if each not in taken and each not in now), None)
        if mine is not None:
            found[number] = mine
            now.add(mine)
    return found


def _code(scan: RawScan) -> str:
    return "".join(letter for letter in scan.text if "!" <= letter <= "~").upper()
