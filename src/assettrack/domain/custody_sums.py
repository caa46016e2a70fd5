"""What the custody intervals of each holder come to, without an interval being kept.

Owns the sums only: what an interval is, and what corrections do to one, is `custody_intervals`. Assets in whose
histories something was corrected are summed from their intervals; all others, nearly always all, in one quick pass.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from assettrack.domain.custody_intervals import ENDING, Interval, LogRow, Turn
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.holders import name_key
from assettrack.domain.scans import GIVING


class HolderSum(NamedTuple):
    """What a holder ever had: intervals, of how many assets, how many of them last, from when to when (UTC text).

    ``corrected`` counts those of which a correction changed the holder or a time.
    """

    holder: str
    intervals: int
    assets: int
    lasting: int
    first_since: str
    last_until: str | None
    corrected: int


class _Times:
    """All that is remembered of what one holder had: which asset and when each began, and when each ended that did."""

    def __init__(self) -> None:
        self.tags: list[str] = []
        self.since: list[str] = []
        self.until: list[str] = []
        self.corrected = 0


_read = msgspec.json.Decoder(Turn).decode


def custody_sums(rows: Iterable[LogRow], corrected: Iterable[Interval], names: Mapping[int, str]) -> list[HolderSum]:
    """Return what each holder had who ever had anything, by name.

    ``rows`` are all entries about some assets in the order of the log, ``names`` the holders by number; ``corrected``
    are the intervals that hold of assets in whose histories something was corrected, whose rows are left out here.

    Raises:
        NotAnEntry: the log is damaged.
    """
    corrected = list(corrected)
    try:
        times = _times(rows, frozenset(interval.asset_tag for interval in corrected), names)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotAnEntry(str(error)) from error
    for interval in corrected:
        own = times[interval.holder]
        own.tags.append(interval.asset_tag)
        own.since.append(interval.since)
        own.until += [] if interval.until is None else [interval.until]
        own.corrected += interval.corrected_by is not None
    return [_sum(name, times[name]) for name in sorted(times, key=name_key)]


def _times(rows: Iterable[LogRow], left_out: frozenset[str], names: Mapping[int, str]) -> defaultdict[str, _Times]:
    """Read the entries, and return what each holder had by the holder's name."""
    by_number: defaultdict[int, _Times] = defaultdict(_Times)
    begun: dict[str, _Times] = {}
    for _, tag, body in rows:
        if tag in left_out:
            continue
        turn = _read(body)
        if turn.event_type in GIVING:
            had = begun.get(tag)
            begun[tag] = has = by_number[turn.holder_id or 0]
            has.tags.append(tag)
            has.since.append(turn.occurred_at)
        elif turn.event_type in ENDING:
            had = begun.pop(tag, None)
        else:
            continue
        if had is not None:
            had.until.append(turn.occurred_at)
    times: defaultdict[str, _Times] = defaultdict(_Times)
    for number, found in by_number.items():
        if number not in names:
            raise NotAnEntry(f"it names holder {number}, and there is none")
        times[names[number]] = found
    return times


def _sum(name: str, times: _Times) -> HolderSum:
    count, last_until = len(times.tags), max(times.until, default=None)
    lasting = count - len(times.until)
    return HolderSum(name, count, len(set(times.tags)), lasting, min(times.since), last_until, times.corrected)
