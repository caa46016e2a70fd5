"""What the scans of a file leave behind in the log, and by which they are known when they come in another file.

Owns the trace of a scan: a digest of what the file says of it, and of nothing that is said at the desk or depends on
its other lines. Owns which scans of two files are the same by their traces. It must never decide what becomes of them.
What the scans of a file and of a download have in common is `stamped_scans`.
"""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import islice
from typing import NamedTuple

TRACE_LENGTH = 12
"""Hexadecimal digits of a trace: so many that two of different scans hardly ever agree."""

TRACED_MAX = 20_000
"""Of so many scans of a file the traces are kept: an entry has to fit into a line of an exported log."""

CODES_AT_FIRST = 3
"""So many codes with which two files both begin are no chance, where none has a time."""

CODES_ELSEWHERE = 8
"""So many codes in a row are none anywhere in two files; fewer are ordinary, for assets lie in their order."""

NO_TRACE = "-" * TRACE_LENGTH
"""Stands for what can't be the same as anything."""

_SEPARATOR = "\x1f"


class Traced(NamedTuple):
    """A scan's trace; whether its time tells it from an equal one made later, and whether it is a card or label."""

    trace: str
    is_timed: bool
    is_card: bool


def trace_of(*texts: str) -> str:
    """Return the trace of a scan of which a file says these texts."""
    return sha256(_SEPARATOR.join(texts).encode("utf-8", "surrogatepass")).hexdigest()[:TRACE_LENGTH]


def traces_behind(text: str, others: Iterable[str]) -> list[str]:
    """Return the traces of scans of which a file says a text and one of these others: as `trace_of`, of very many."""
    begin = f"{text}{_SEPARATOR}".encode("utf-8", "surrogatepass")
    return [sha256(begin + each.encode("utf-8", "surrogatepass")).hexdigest()[:TRACE_LENGTH] for each in others]


def traces_of(traces: Iterable[str]) -> str:
    """Return what is kept of the traces of a file: a text, empty where it has no scans."""
    return "".join(islice(traces, TRACED_MAX))


def parted(traces: str) -> list[str]:
    """Return the traces of scans that stand one after the other in a text."""
    return [traces[start : start + TRACE_LENGTH] for start in range(0, len(traces), TRACE_LENGTH)]


def found_again(theirs: Sequence[str], ours: Sequence[Traced]) -> dict[int, int]:
    """Return which scan of an earlier file is which of a later one, by their numbers, from 1.

    With a time any equal scan is the same, wherever it stands. Without, so are those with which both files begin, if
    that is the earlier file as a whole or `CODES_AT_FIRST` codes; and elsewhere the earlier file as a whole, or
    `CODES_ELSEWHERE` codes in a row. Cards and labels are the same each day, and count for nothing by themselves.
    """
    if {each.trace for each in ours}.isdisjoint(theirs):
        return {}
    at_first = _run(theirs, ours, 0, 0)
    if at_first < len(theirs) and _codes(ours[:at_first]) < CODES_AT_FIRST:
        at_first = 0
    found = {number: number for number in range(1, at_first + 1)}
    found |= _by_times(theirs, ours, from_place=at_first)
    taken = set(found.values())
    if any(not each.is_timed for number, each in enumerate(ours, 1) if number not in taken):
        for then, now, length in _runs(theirs, ours, from_place=at_first):
            for number in range(1, length + 1):
                if then + number not in found and now + number not in taken:
                    found[then + number] = now + number
    return found


def codes_found_again(theirs: Sequence[Traced], ours: Sequence[Traced]) -> dict[int, int]:
    """Return the same where it is known of both which scans are cards: cards between codes don't keep these apart.

    A card or label is the same one if it stands beside a code that is the same, or beside such a card. Each
    is one other at most.
    """
    codes_then, codes_now = _places_of_codes(theirs), _places_of_codes(ours)
    same = found_again([theirs[place].trace for place in codes_then], [ours[place] for place in codes_now])
    found = {codes_then[then - 1]: codes_now[now - 1] for then, now in same.items()}
    taken = set[int]()
    cards = dict[int, int]()
    for then, now in found.items():
        behind = zip(range(then + 1, len(theirs)), range(now + 1, len(ours)), strict=False)
        before = zip(range(then - 1, -1, -1), range(now - 1, -1, -1), strict=False)
        for beside in (behind, before):
            for at_then, at_now in beside:
                is_same = theirs[at_then] == ours[at_now] and ours[at_now].is_card
                if not is_same or at_then in cards or at_now in taken:
                    break
                cards[at_then] = at_now
                taken.add(at_now)
    return {then + 1: now + 1 for then, now in sorted((found | cards).items())}


def _places_of_codes(scans: Sequence[Traced]) -> list[int]:
    return [place for place, each in enumerate(scans) if not each.is_card]


def _codes(scans: Sequence[Traced]) -> int:
    return sum(not each.is_card for each in scans)


def _run(theirs: Sequence[str], ours: Sequence[Traced], then: int, now: int) -> int:
    """Return how many scans are the same from these places on."""
    most = min(len(theirs) - then, len(ours) - now)
    return next((length for length in range(most) if theirs[then + length] != ours[now + length].trace), most)


def _by_times(theirs: Sequence[str], ours: Sequence[Traced], from_place: int) -> dict[int, int]:
    places = defaultdict[str, deque[int]](deque)
    for number, each in enumerate(ours[from_place:], from_place + 1):
        if each.is_timed:
            places[each.trace].append(number)
    return {
        number: places[trace].popleft()
        for number, trace in enumerate(theirs[from_place:], from_place + 1)
        if places.get(trace)
    }


def _runs(theirs: Sequence[str], ours: Sequence[Traced], from_place: int) -> Iterator[tuple[int, int, int]]:
    """Yield where scans in a row are the same that mean something: their place in both files, and how many.

    Of several places in the earlier file it is the first: which one it is makes no difference to what is asked.
    """
    size = min(len(theirs), CODES_ELSEWHERE)
    places: dict[tuple[str, ...], int] = {}
    for start in range(len(theirs) - size + 1):
        places.setdefault(tuple(theirs[start : start + size]), start)
    traces = [each.trace for each in ours]
    now = from_place
    while now + size <= len(ours):
        then = places.get(tuple(traces[now : now + size]))
        if then is None:
            now += 1
            continue
        length = _run(theirs, ours, then, now)
        least = CODES_AT_FIRST if length == len(theirs) else CODES_ELSEWHERE
        if _codes(ours[now : now + length]) >= least:
            yield then, now, length
        now += length
