"""Custody intervals: who had which asset from when until when, as the log tells it.

Owns how intervals follow from entries. Custody begins with an ISSUE or a TRANSFER and ends with a RETURN, a TRANSFER or
a RETIRE, in the order of the log: that is the truth, while the times are what the scanners' clocks said. A correction
changes whose an interval was, or its times, never whether there was one. Made for logs of a million entries: of each
entry only what custody hangs on is read. Must never judge whether the log is legal: that is the replay's.
"""

from collections.abc import Iterable, Iterator, Mapping
from operator import itemgetter
from typing import NamedTuple

import msgspec

from assettrack.domain.amendments import TIME_COLUMN, Amendments
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.scans import GIVING

LogRow = tuple[int, str, bytes]
"""An entry about an asset: its number, the asset, its body."""

ENDING = frozenset({"RETURN", "RETIRE"})
"""Events that take an asset from its holder and give it to nobody."""

_MOVING = {kind: kind for kind in GIVING | ENDING}
"""Events that begin or end custody, each as the one text of it that all intervals share."""


class Turn(msgspec.Struct, frozen=True, gc=False):
    """What of an entry about an asset custody hangs on: the event, when it took place (UTC text), the holder."""

    event_type: str
    occurred_at: str = ""
    holder_id: int | None = None


class Interval(NamedTuple):
    """One stay of an asset with one holder; times are UTC text. What tells of its end is None while it lasts.

    It holds at each point of the log from entry ``first_seq`` until before entry ``last_seq``. Where a correction
    changed the holder or a time, it stands twice: as it was recorded, with ``superseded_by``, and as it is, with
    ``corrected_by``, each the entry of the correction.
    """

    asset_tag: str
    holder: str
    since: str
    until: str | None
    began: str
    ended: str | None
    first_seq: int
    last_seq: int | None
    corrected_by: int | None = None
    superseded_by: int | None = None


_Begun = tuple[int, str, str, int]
"""How custody began: the entry, the event, when, with whom. A plain tuple, because there are many."""

_End = tuple[int | None, str | None, str | None]
"""How custody ended: the entry, the event, when; or nothing of it."""

IntervalRow = tuple[str, str, str, str | None, str, str | None, int, int | None, int | None, int | None]
"""The values of an :class:`Interval`: where there are hundreds of thousands, making each of them one takes its time."""

_read = msgspec.json.Decoder(Turn).decode


def read_turn(body: bytes) -> Turn:
    """Return what of an entry's body custody hangs on.

    Raises:
        NotAnEntry: it is no entry.
    """
    try:
        return _read(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotAnEntry(str(error)) from error


def custody_intervals(
    rows: Iterable[LogRow], amendments: Amendments, names: Mapping[int, str], holder_id: int | None = None
) -> list[Interval]:
    """Return the intervals whose values :func:`interval_rows` returns."""
    return list(map(Interval._make, interval_rows(rows, amendments, names, holder_id)))


def interval_rows(
    rows: Iterable[LogRow], amendments: Amendments, names: Mapping[int, str], holder_id: int | None = None
) -> list[IntervalRow]:
    """Return the custody intervals that entries tell of, by asset and in the order of the log; or those of one holder.

    ``rows`` are all entries about some assets, in the order of the log, ``names`` the holders by number.

    Raises:
        NotAnEntry: the log is damaged.
    """
    telling = _Telling(amendments, names, holder_id)
    try:
        telling.read(rows)
        return telling.intervals()
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotAnEntry(str(error)) from error
    except KeyError as error:
        raise NotAnEntry(f"it names holder {error}, and there is none") from error


class _Telling:
    """The intervals found so far, and the custody that has begun and not ended."""

    def __init__(self, amendments: Amendments, names: Mapping[int, str], holder_id: int | None) -> None:
        self._amendments = amendments
        self._names = names
        self._holder_id = holder_id
        self._begun: dict[str, _Begun] = {}
        self._found: list[IntervalRow] = []

    def read(self, rows: Iterable[LogRow]) -> None:
        """Read entries, in the order of the log."""
        begun, names, found, amended = self._begun, self._names, self._found, self._amendments.by_row
        keep_all, moving = self._holder_id is None, _MOVING.get
        plain = keep_all and not amended
        for seq, tag, body in rows if keep_all else self._concerning(rows):
            turn = _read(body)
            kind = moving(turn.event_type)
            if kind is None:
                continue
            if kind in GIVING:
                earlier = begun.get(tag)
                begun[tag] = (seq, kind, turn.occurred_at, turn.holder_id or 0)
            else:
                earlier = begun.pop(tag, None)
            if earlier is None:
                continue
            first, began, since, had = earlier
            if plain or (keep_all and first not in amended and seq not in amended):
                found.append((tag, names[had], since, turn.occurred_at, began, kind, first, seq, None, None))
            else:
                found += self._versions(tag, earlier, (seq, kind, turn.occurred_at))

    def intervals(self) -> list[IntervalRow]:
        """Return all intervals, those that last too."""
        for tag, earlier in self._begun.items():
            self._found += self._versions(tag, earlier, (None, None, None))
        self._begun.clear()
        self._found.sort(key=itemgetter(0))  # those of one asset are in the order of the log already
        return self._found

    def _concerning(self, rows: Iterable[LogRow]) -> Iterator[LogRow]:
        """Yield the entries that give to the holder or take from whoever has something of interest.

        A body is in its one canonical form, so the holder's number stands in it just so; most are passed over by that.
        """
        says = f'"holder_id":{self._holder_id},'.encode()
        for row in rows:
            if says in row[2] or row[1] in self._begun or row[0] in self._amendments.by_row:
                yield row

    def _versions(self, tag: str, begun: _Begun, end: _End) -> Iterator[IntervalRow]:
        """Yield an interval as it was recorded and after each correction that changed it, the last as it is."""
        first_seq, began, since, holder_id = begun
        last_seq, ended, until = end
        of_end = () if last_seq is None else self._amendments.of(last_seq)
        corrected_by = None
        for entry in sorted([*self._amendments.of(first_seq), *of_end], key=lambda each: each.seq):
            before = (holder_id, since, until)
            if entry in of_end:
                after = (holder_id, since, entry.changed.get(TIME_COLUMN, until))
            else:
                after = (entry.holder_id or holder_id, entry.changed.get(TIME_COLUMN, since), until)
            if after == before:
                continue
            if self._holder_id in {None, holder_id}:
                name = self._names[holder_id]
                yield Interval(tag, name, since, until, began, ended, first_seq, last_seq, corrected_by, entry.seq)
            holder_id, since, until = after
            corrected_by = entry.seq
        if self._holder_id in {None, holder_id}:
            name = self._names[holder_id]
            yield Interval(tag, name, since, until, began, ended, first_seq, last_seq, corrected_by)
