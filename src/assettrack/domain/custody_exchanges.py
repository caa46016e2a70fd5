"""Exchanges: which rows of a batch gave something to a holder or took it from one, and when, as it should have been.

Owns how they are found without telling the history of every asset anew: a row counts as it was recorded, unless
something in the history of its asset was corrected since. Must never judge whether any of it was allowed.
"""

from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, MutableSequence, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol

import msgspec

from assettrack.domain.corrections import Step, moment
from assettrack.domain.custody_intervals import ENDING
from assettrack.domain.custody_moves import CustodyMove, moves_of
from assettrack.domain.deeds import BatchRow
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.scans import AHEAD_MINUTES_MAX, GIVING
from assettrack.domain.state import EntrySource
from assettrack.domain.timestamps import utc_text

StepsOf = Callable[[str], Mapping[int, Step]]
"""Tells the effective history of an asset."""

CLOCKS_APART_MAX = timedelta(minutes=AHEAD_MINUTES_MAX)
"""So far a row may be ahead of the station's clock, and so an acceptance may seem to be before what it accepts."""


class ExchangeSource(EntrySource, Protocol):
    """Where the rows of a batch are found by the holder whom they are about."""

    def rows_with(self, batch: BatchRow, holder_id: int) -> Sequence[int]:
        """Return the rows of a batch that were recorded as giving to a holder or taking from one, in order."""

    def corrected_in(self, batch: BatchRow) -> Collection[str]:
        """Return the assets of a batch in whose histories something was corrected after it."""


class Exchanged(msgspec.Struct, frozen=True, gc=False):
    """What of an entry tells whom a row gave an asset to, or took it from, and when (UTC text)."""

    event_type: str
    asset_tag: str = ""
    occurred_at: str = ""
    holder_id: int | None = None
    from_holder_id: int | None = None


_read = msgspec.json.Decoder(Exchanged).decode


def read_exchanged(seq: int, body: bytes | None) -> Exchanged:
    """Return what of entry ``seq`` tells of an exchange.

    Raises:
        NotAnEntry: it isn't there, or is no entry.
    """
    if body is None:
        raise NotAnEntry(f"entry {seq} is not there")
    try:
        return _read(body)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise NotAnEntry(str(error)) from error


def recorded_move(row: Exchanged) -> CustodyMove | None:
    """Return the change of custody that a row was recorded as, or None where it is no such event.

    The row's holder is whoever has the asset after it, or else had it before.
    """
    if row.event_type in ENDING:
        return CustodyMove(row.holder_id, None)
    return CustodyMove(row.from_holder_id, row.holder_id) if row.event_type in GIVING else None


def rows_by_holder(entries: Iterable[tuple[int, bytes | None]]) -> dict[int, MutableSequence[int]]:
    """Return the rows of a batch by the holders whom they were recorded to give to or take from.

    ``entries`` are number and body of each entry of the batch.

    Raises:
        NotAnEntry: one isn't there, or is no entry.
    """
    found: dict[int, MutableSequence[int]] = {}
    for seq, body in entries:
        row = read_exchanged(seq, body)
        if row.event_type in GIVING or row.event_type in ENDING:
            for holder_id in dict.fromkeys((row.holder_id, row.from_holder_id)):
                if holder_id is not None:
                    found.setdefault(holder_id, array("q")).append(seq)
    return found


def exchanges(source: ExchangeSource, batch: BatchRow, holder_id: int, steps_of: StepsOf) -> Iterator[str]:
    """Yield when a batch gave something to a holder or took it from one (UTC text), in no order.

    Raises:
        NotAnEntry: the log is damaged.
    """
    corrected = source.corrected_in(batch)
    for seq in source.rows_with(batch, holder_id):
        row = read_exchanged(seq, source.body_of(seq))
        if row.asset_tag not in corrected:
            yield row.occurred_at
    for asset_tag in corrected:
        steps = steps_of(asset_tag)
        for seq, move in moves_of(steps[seq] for seq in sorted(steps)).items():
            step = steps[seq]
            is_of_batch = isinstance(step.entry, RowEntry) and step.entry.batch_id == batch.batch_id
            if is_of_batch and step.scan is not None and holder_id in sides(move):
                yield step.scan.occurred_at


def sides(move: CustodyMove | None) -> list[int]:
    """Return the holders who gave or got something by a change of custody: none, one or both."""
    both = () if move is None else (move.to_holder, move.from_holder)
    return [holder_id for holder_id in both if holder_id is not None]


def first_after(times: Iterable[str], accepted_at: str) -> str | None:
    """Return the first of these times where all of them are after an acceptance (UTC texts); else None.

    Clocks may be apart by `CLOCKS_APART_MAX`. Without any time nothing can be after it.

    Raises:
        NotAllowed: the acceptance's time is none as the station's clock writes it.
    """
    last = datetime.max.replace(tzinfo=UTC) - CLOCKS_APART_MAX
    limit = utc_text(min(moment(accepted_at), last) + CLOCKS_APART_MAX)
    first = None
    for time in times:
        if time <= limit:
            return None
        first = time if first is None else min(first, time)
    return first
