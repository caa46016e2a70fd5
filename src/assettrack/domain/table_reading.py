"""How a table was taken whose rows have the time that was said: its traces, and what was answered about them.

Owns which rows of two such tables are the same. It must never decide what becomes of them.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Sequence

import msgspec

from assettrack.domain.scan_traces import CODES_AT_FIRST, TRACED_MAX, Traced, found_again, parted


class TableReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the rows of a table were taken: how many there are, and their traces (`scan_traces`), one after the other.

    ``sheet`` is the workbook's sheet, blank where it is none.

    ``same_scans`` says that rows which equal those of an earlier table are these, ``scanned_anew`` that all of it was
    done anew. ``asked`` are the questions that this settled, as they were asked.
    """

    rows: int
    traces: str = ""
    same_scans: bool = False
    scanned_anew: bool = False
    asked: tuple[str, ...] = ()
    sheet: str = ""


def same_rows(then: TableReading, ours: Sequence[str], *, is_same_file: bool) -> dict[int, int]:
    """Return which row of an earlier table is which of a later one, by their numbers, from 1.

    They are known as scans without a time are (`scan_traces.found_again`); and so are all rows of an earlier table that
    are there in another order. In the very same file each row is the same, whatever columns of it are read now.
    """
    if is_same_file and then.rows == len(ours):
        return {number: number for number in range(1, then.rows + 1)}
    theirs = parted(then.traces)
    if then.rows >= CODES_AT_FIRST and then.rows == len(theirs) and not Counter(theirs) - Counter(ours):
        places = defaultdict[str, deque[int]](deque)
        for number, trace in enumerate(ours, 1):
            places[trace].append(number)
        return {number: places[trace].popleft() for number, trace in enumerate(theirs, 1)}
    found = found_again(theirs, [Traced(trace, is_timed=False, is_card=False) for trace in ours])
    if then.rows > TRACED_MAX and all(found.get(number) == number for number in range(1, TRACED_MAX + 1)):
        return {number: number for number in range(1, min(then.rows, len(ours)) + 1)}
    return found
