"""How counts stand, as many browsers look at them while people scan: kept up with the log from one look to the next.

Owns what is remembered of a count between two looks: what it expects, what its scans say, and how each tag ends by
that and the present state. Whatever was added to the log since is looked at before anything is told, so nothing told is
older than the look. How a tag ends is `domain.counts`; all that is told here must be what `counts.sheet` tells.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import islice

import msgspec

from assettrack.domain import count_deeds, counts
from assettrack.domain.counts import FOUND, RESULTS, Result, Seen
from assettrack.domain.entries.counts import (
    CountAbandonEntry,
    CountCloseEntry,
    CountScansEntry,
    CountStartEntry,
    Sighting,
)
from assettrack.domain.facts import Count, Expected
from assettrack.services import count_reading
from assettrack.services.counts import Line, Sheet, lines, sheet_of
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.stored_entries import decoded_body, entry_at, not_what_it_should_be
from assettrack.services.typed_deeds import refusal_raised

KEPT_MAX = 8
"""So many counts are remembered, those that were looked at last."""

ENTRIES_MAX = 20_000
"""Where more entries than that were added since, a count is compared anew."""

MISSING: Result = "missing"


class Wanted(msgspec.Struct, frozen=True):
    """What of a count is looked at: so many lines of each result (all others: ``limit``), and these tags.

    ``in_all`` is how many lines of results there are at most, those of what needs most care; None is as many as that
    makes. ``exceptions`` asks for how each tag ends that was not simply found.
    """

    limit: int = 0
    limits: Mapping[Result, int] = msgspec.field(default_factory=dict)
    in_all: int | None = None
    tags: Sequence[str] = ()
    exceptions: bool = False


class Group(msgspec.Struct, frozen=True):
    """The first lines of one result, by tag, and how many there are in all."""

    result: Result
    lines: Sequence[Line]
    total: int


class Standing(msgspec.Struct, frozen=True):
    """How a count stands with a log of ``size`` entries; its sheet has no lines.

    ``groups`` are the results that any tag has, what needs most care first; ``by_tag`` are the lines of the tags that
    were asked for, as far as the count knows them.
    """

    sheet: Sheet
    size: int
    groups: Sequence[Group]
    by_tag: Mapping[str, Line]
    exceptions: Mapping[str, Result]


class CountStandings:
    """Tells how counts stand, and remembers what it takes; for all threads of a process, and for one station."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._kept: dict[int, tuple[threading.Lock, list[_Kept]]] = {}

    def find(self, workplace: Workplace, count_id: int, wanted: Wanted) -> Standing:
        """Return how a count stands at this moment, or how it ended.

        Raises:
            errors.DeedRefused: there is no such count.
            station_errors.DatabaseDamaged: something that the count refers to is gone.
        """
        with workplace.store.read() as snapshot, refusal_raised():
            count_deeds.require_count(snapshot, count_id)  # so that asking for none makes none forgotten
        with self._guard:
            lock, kept = self._kept.pop(count_id) if count_id in self._kept else (threading.Lock(), [])
            while len(self._kept) >= KEPT_MAX:
                del self._kept[next(iter(self._kept))]
            self._kept[count_id] = (lock, kept)
        with lock, workplace.store.read() as snapshot, refusal_raised():  # so no look is older than what is remembered
            count = count_deeds.require_count(snapshot, count_id)
            size = snapshot.log_size
            own = kept.pop() if kept else None  # given back once all that was added is taken in, not half of it
            if own is None or own.count != count or size - own.size > ENTRIES_MAX:
                own = _Kept(snapshot, count)
            own.go_on(snapshot, size)
            kept.append(own)
            return own.standing(snapshot, wanted)


class _Kept:
    """What is remembered of one count, as of a log of ``size`` entries."""

    def __init__(self, snapshot: Snapshot, count: Count) -> None:
        self.count = count
        self.size = snapshot.log_size
        self.begun = entry_at(snapshot, count.started_seq, CountStartEntry)
        self.ended = count_reading.end_of(snapshot, count)
        expected = snapshot.reports.count_expects(count.count_id)
        self.recorded = {tag: (case_name, position, holder) for tag, case_name, position, holder in expected}
        self.seen = counts.gather(_sightings(snapshot, count.count_id, 0))
        self.scans = sum(each.times for each in self.seen.values())
        self.results: dict[str, Result] = {}
        if isinstance(self.ended, CountCloseEntry):
            self.results = dict.fromkeys(self.recorded, FOUND) | count_reading.exceptions_of(snapshot, self.ended)
        self.touched: set[str] = set()
        if self.ended is None:
            self.touched.update(snapshot.reports.touched(self.begun.seq))
            self._compare(snapshot)
        self.totals = counts.totals(self.results)

    def go_on(self, snapshot: Snapshot, size: int) -> None:
        """Take in what was added to the log since."""
        if size != self.size and self.ended is None:
            added = list(_sightings(snapshot, self.count.count_id, self.size))
            counts.gather(added, self.seen)
            self.scans += len(added)
            touched = set(snapshot.reports.touched(self.size))
            self.touched |= touched
            self._settle(snapshot, (self.results.keys() & touched).union(sighting.asset_tag for sighting in added))
            self.totals = counts.totals(self.results)
        self.size = size

    def standing(self, snapshot: Snapshot, wanted: Wanted) -> Standing:
        """Return how it stands."""
        is_abandoned = isinstance(self.ended, CountAbandonEntry)
        totals = None if is_abandoned else dict(self.totals)
        shown = {} if is_abandoned else self._shown(wanted)
        asked = [tag for tag in wanted.tags if tag in self.results]
        by_tag = {line.asset_tag: line for line in self._lines(snapshot, [*asked, *_all(shown.values())])}
        return Standing(
            sheet_of(snapshot, (self.begun, self.ended), self.scans, totals, []),
            self.size,
            [Group(result, [by_tag[tag] for tag in tags], self.totals[result]) for result, tags in shown.items()],
            {tag: by_tag[tag] for tag in asked},
            {tag: result for tag, result in self.results.items() if result != FOUND} if wanted.exceptions else {},
        )

    def _compare(self, snapshot: Snapshot) -> None:
        """Find out how everything ends: what stayed where it was and was seen there, or nowhere, at a glance."""
        others = self.recorded.keys() & self.touched
        self.results = dict.fromkeys(self.recorded, MISSING)
        recorded, results = self.recorded, self.results
        for tag, (_, _, case_name, position) in self.seen.items():
            place = recorded.get(tag)
            if place is not None and (case_name is None or (case_name == place[0] and position in {None, place[1]})):
                results[tag] = FOUND
            else:
                others.add(tag)
        self._settle(snapshot, others)

    def _settle(self, snapshot: Snapshot, tags: Iterable[str]) -> None:
        """Find out how some tags end by the present state."""
        tags = list(tags)
        frozen = self._frozen(tags)
        seen = self._seen_of(tags)
        self.results.update(count_reading.settled(snapshot, self.begun, frozen, seen, self.touched))

    def _shown(self, wanted: Wanted) -> dict[Result, list[str]]:
        """Return the tags whose lines are asked for, by result and tag."""
        limits = {result: wanted.limits.get(result, wanted.limit) for result in RESULTS if self.totals[result]}
        left = sum(limits.values()) if wanted.in_all is None else wanted.in_all
        for result, limit in limits.items():
            limits[result] = min(limit, self.totals[result], left)
            left -= limits[result]
        tags: dict[Result, list[str]] = {result: [] for result in limits}
        usual = {result for result in (MISSING, FOUND) if limits.get(result)}
        for result in usual:  # only what is expected can be either, and that is in order
            tags[result] = list(islice((tag for tag in self.recorded if self.results[tag] == result), limits[result]))
        others = {result for result in limits if limits[result]} - usual
        if others:
            for tag, result in self.results.items():
                if result in others:
                    tags[result].append(tag)
        return {result: nsmallest(limits[result], found) for result, found in tags.items()}

    def _lines(self, snapshot: Snapshot, tags: Sequence[str]) -> list[Line]:
        results = {tag: self.results[tag] for tag in tags}
        return lines(snapshot, self._frozen(results), self._seen_of(results), results, with_found=True)

    def _frozen(self, tags: Iterable[str]) -> list[Expected]:
        recorded, count_id = self.recorded, self.count.count_id
        return [Expected(count_id, tag, *recorded[tag]) for tag in tags if tag in recorded]

    def _seen_of(self, tags: Iterable[str]) -> dict[str, Seen]:
        return {tag: self.seen[tag] for tag in tags if tag in self.seen}


def _all(lists: Iterable[Sequence[str]]) -> list[str]:
    return [tag for tags in lists for tag in tags]


def _sightings(snapshot: Snapshot, count_id: int, after: int) -> Iterator[Sighting]:
    """Yield the scans of a count that were added after an entry.

    Raises:
        station_errors.DatabaseDamaged: an entry of it is gone, or is another.
    """
    for seq, body in snapshot.reports.count_scans(count_id, after):
        entry = None if body is None else decoded_body(body, f"entry {seq}")
        if not isinstance(entry, CountScansEntry):
            raise not_what_it_should_be(seq)
        yield from entry.scans
