"""How a table was taken that was read by a mapping: the traces of its rows, and what was answered about them.

Owns which rows of two such tables are the same. It must never decide what becomes of them.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import attrgetter
from typing import TypeVar

import msgspec

from assettrack.domain.scan_traces import NO_TRACE, TRACED_MAX, Traced, found_again, parted, trace_of
from assettrack.domain.scans import Scan

_MINUTE = len("2026-02-16T09:00")

_COMPARED = (
    "event_type", "operator_id", "issued_to_name", "building_room", "equipment_type", "serial_number", "manufacturer",
    "model", "model_code", "notes",
)  # fmt: skip
"""What is compared of rows beside asset and place, where a column of both tables tells it."""

K = TypeVar("K", bound=Hashable)


class TableReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the rows of a table were taken: how many there are, and their traces (`scan_traces`), one after the other.

    ``sheet`` is the workbook's sheet, blank where it is none. ``is_timed`` says that each row has a time of its own, by
    which it is traced (`trace_of_timed`), and not by what the table says of it.

    ``same_scans`` says that rows which equal those of an earlier table are these, ``scanned_anew`` that all of it was
    done anew. ``asked`` are the questions that this settled, as they were asked. ``columns`` are the fields that the
    table's own columns told, where it is not timed; an older program did not say them.
    """

    rows: int
    traces: str = ""
    same_scans: bool = False
    scanned_anew: bool = False
    asked: tuple[str, ...] = ()
    sheet: str = ""
    is_timed: bool = False
    columns: tuple[str, ...] = ()


class KnownRows:
    """The rows of a table, among which those of earlier tables are found: by their traces, wherever they stand.

    Rows that are alike are found in their order, each once, also those of several earlier tables; where more were
    recorded than are there now, one of now is several of then.
    """

    def __init__(self, traces: Sequence[str]) -> None:
        self._rows = len(traces)
        self._places = places_of(enumerate(traces, 1))
        self._places.pop(NO_TRACE, None)
        self._found: set[int] = set()

    def may_have(self, then: TableReading, *, is_same_file: bool) -> bool:
        """Return whether rows of an earlier table may be here; of one with rows that have no trace nobody can tell."""
        is_whole = is_same_file and then.rows == self._rows
        return is_whole or then.rows > TRACED_MAX or not self._places.keys().isdisjoint(parted(then.traces))

    def of(self, then: TableReading, recorded: Iterable[int], *, is_same_file: bool) -> dict[int, int]:
        """Return which of the rows that a batch recorded of an earlier table is which here, by their numbers, from 1.

        In the very same file each row is the same, whatever columns of it are read now.
        """
        if is_same_file and then.rows == self._rows:
            found = {number: number for number in recorded}
            self._found |= found.keys()
            return found
        traces = dict(enumerate(parted(then.traces), 1))
        return self.by(((number, traces.get(number, NO_TRACE)) for number in recorded), self._places)

    def by_times(self, theirs: Mapping[int, Scan], ours: Mapping[int, Scan]) -> dict[int, int]:
        """Return the same of rows with a time of their own, whatever else is read of them now.

        It is by asset and time, to the minute where one of the two tells no seconds. Whatever is the very same row is
        that one first, though others of its asset have the same time.
        """
        ways = ((_identity, _identity), (_second, _second), (_other_half, _half))
        return self._by_first_of(ways, theirs, ours)

    def by_columns(self, theirs: Mapping[int, Scan], ours: Mapping[int, Scan], columns: set[str]) -> dict[int, int]:
        """Return the same of rows that two mappings read: by asset and by the fields that columns of both told.

        Whatever is the very same row is that one first.
        """
        told: Callable[[Scan], Hashable] = attrgetter("asset_tag", *_told_by(columns))
        return self._by_first_of(((_identity, _identity), (told, told)), theirs, ours)

    def in_order(self, theirs: Mapping[int, str], ours: Mapping[int, str]) -> dict[int, int]:
        """Return the same by their assets alone, which stand in the same order: as bare codes do in two files.

        Those that an earlier table had are set aside: a table that grew is in several batches.
        """
        here = {number: asset for number, asset in ours.items() if number not in self._found}
        traced = [Traced(trace_of(asset), is_timed=False, is_card=False) for asset in here.values()]
        same = found_again([trace_of(asset) for asset in theirs.values()], traced)
        numbers_then, numbers_now = list(theirs), list(here)
        found = {numbers_then[then - 1]: numbers_now[now - 1] for then, now in same.items()}
        self._found.update(found.values())
        return found

    def _by_first_of(
        self,
        ways: Iterable[tuple[Callable[[Scan], Hashable], Callable[[Scan], Hashable]]],
        theirs: Mapping[int, Scan],
        ours: Mapping[int, Scan],
    ) -> dict[int, int]:
        """Return the same by what tells a row of then and one of now, the surest first."""
        found: dict[int, int] = {}
        for told_then, told_now in ways:
            taken = set(found.values())
            here = places_of((number, told_now(scan)) for number, scan in ours.items() if number not in taken)
            found |= self.by(
                ((number, told_then(scan)) for number, scan in theirs.items() if number not in found), here
            )
        return found

    def by(self, theirs: Iterable[tuple[int, K]], ours: Mapping[K, Sequence[int]]) -> dict[int, int]:
        """Return the same by something else that tells a row: ``ours`` are the rows here by it."""
        left: dict[K, Iterator[int]] = {}
        found = {}
        for number, told in theirs:
            if told not in left:
                left[told] = iter(sorted(ours.get(told, ()), key=self._found.__contains__))
            now = next(left[told], None)
            if now is not None:
                found[number] = now
        self._found.update(found.values())
        return found


def places_of(rows: Iterable[tuple[int, K]]) -> dict[K, list[int]]:
    """Return the numbers of rows by what tells each."""
    places = defaultdict[K, list[int]](list)
    for number, told in rows:
        places[told].append(number)
    return places


def trace_of_timed(scan: Scan) -> str:
    """Return the trace of a row with a time of its own: of its asset and the minute, as seconds may not be told."""
    return trace_of(scan.asset_tag, scan.occurred_at[:_MINUTE])


def _told_by(columns: set[str]) -> list[str]:
    """Return what of a row is told by columns; a place only by both of its columns."""
    place = ["place"] if {"case_number", "slot_number"} <= columns else []
    return [*place, *(field for field in _COMPARED if field in columns)]


def _identity(scan: Scan) -> bytes:
    return scan.identity


def _second(scan: Scan) -> tuple[str, str]:
    return scan.asset_tag, scan.occurred_at


def _half(scan: Scan) -> tuple[str, str, bool]:
    """Return asset and minute of a row, and whether it tells seconds."""
    return scan.asset_tag, scan.occurred_at[:_MINUTE], _tells_seconds(scan)


def _other_half(scan: Scan) -> tuple[str, str, bool]:
    """Return what `_half` is of a row that may be the same one: of two that tell seconds, each other one is another."""
    return scan.asset_tag, scan.occurred_at[:_MINUTE], not _tells_seconds(scan)


def _tells_seconds(scan: Scan) -> bool:
    return scan.received[_MINUTE : _MINUTE + 1] == ":"
