"""Accepted rows: of which rows of a batch somebody accepted responsibility, and what corrections have added since.

Owns the rule: an acceptance is of exactly the rows that gave an asset to a holder, or took it from one, as the log told
them when it was recorded, and until when what was given was due. What a correction adds to that later, nobody has
accepted, nor another due date. It is found from the log alone: nothing of it is stored. Must never change anything.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from assettrack.domain.audit_log import AnyEntry, event_type
from assettrack.domain.correction_histories import Histories, KnownStation
from assettrack.domain.corrections import DUE
from assettrack.domain.custody_intervals import ENDING
from assettrack.domain.custody_moves import CustodyMove
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, AcceptanceEntry, CorrectionEntry
from assettrack.domain.entries.rows import BatchEntry, RowEntry
from assettrack.domain.facts import Handover
from assettrack.domain.scans import GIVING


class Given(NamedTuple):
    """An acceptance that counts, and the entry up to which the log told what it is of (``as_of``)."""

    entry: AcceptanceEntry | BatchEntry
    as_of: int


class Redated(NamedTuple):
    """The date on which something was due when it was last accepted, and that on which it is; None is no date."""

    accepted: str | None
    now: str | None


class AddedRow(NamedTuple):
    """A row that a correction added to what a batch exchanged with a holder, after that was accepted.

    ``given`` tells whether it gave the asset to the holder, else it took it; ``occurred_at`` is UTC text, as corrected.
    ``redated`` is there where the row itself was accepted, and since then it is due on another day.
    """

    seq: int
    asset_tag: str
    batch_id: int
    holder_id: int
    given: bool
    occurred_at: str
    move: CustodyMove
    redated: Redated | None = None


_MOVING = GIVING | ENDING


def chain_of(entry_of: Callable[[int], object], accepted_seq: int | None) -> list[AcceptanceEntry | BatchEntry]:
    """Return all acceptances of one hand-over and what corrects them, the latest first; none where it is open.

    Raises:
        NotAnEntry: one of them is none, or names one that is not before it.
    """
    found: list[AcceptanceEntry | BatchEntry] = []
    seq = accepted_seq
    while seq is not None:
        entry = entry_of(seq)
        if not isinstance(entry, AcceptanceEntry | BatchEntry):
            raise NotAnEntry(f"entry {seq} accepts nothing")
        found.append(entry)
        seq = _before(entry)
        if seq is not None and seq >= entry.seq:
            raise NotAnEntry(f"entry {entry.seq} rests on an acceptance that is not before it")
    return found


def _before(entry: AcceptanceEntry | BatchEntry) -> int | None:
    """Return the entry that stood for the hand-over before this one; that which it corrects comes still before it."""
    if isinstance(entry, BatchEntry):
        return None
    if entry.besides is None and isinstance(entry, AcceptanceCorrectionEntry):
        return entry.corrects
    return entry.besides


def given_of(entry_of: Callable[[int], object], accepted_seq: int | None) -> list[Given]:
    """Return the acceptances of one hand-over that count, in the order in which they were given.

    A corrected one is of what it was of when it was given.

    Raises:
        NotAnEntry: the log is damaged.
    """
    as_of: dict[int, int] = {}
    counting: dict[int, AcceptanceEntry | BatchEntry] = {}
    for entry in reversed(chain_of(entry_of, accepted_seq)):
        as_of[entry.seq] = entry.seq
        counting[entry.seq] = entry
        if isinstance(entry, AcceptanceCorrectionEntry):
            if counting.pop(entry.corrects, None) is None:
                raise NotAnEntry(f"entry {entry.seq} corrects no acceptance that counts")
            as_of[entry.seq] = as_of[entry.corrects]
    return sorted((Given(entry, as_of[seq]) for seq, entry in counting.items()), key=lambda given: given.as_of)


def is_side(move: CustodyMove | None, holder_id: int, *, given: bool) -> bool:
    """Tell whether a change of custody gave something to a holder, or (not ``given``) took it from one."""
    return move is not None and (move.to_holder if given else move.from_holder) == holder_id


def _tells_otherwise(entry: CorrectionEntry) -> bool:
    """Tell whether a correction says for whom a row was, or until when that was due."""
    return entry.holder_id is not None or DUE in entry.changed


class AcceptedRows:
    """What was accepted of the rows in the histories that a deed, or whoever asks now, is about."""

    def __init__(self, known: KnownStation, histories: Histories) -> None:
        self._known = known
        self._histories = histories
        self._as_of: dict[tuple[int, int], Sequence[int]] = {}

    def added_in(self, batch_id: int, holder_id: int) -> list[AddedRow]:
        """Return what was added to what a batch exchanged with a holder, and nobody accepted, in the log's order.

        Raises:
            NotAnEntry: the log is damaged.
        """
        if not self._moments(batch_id, holder_id):
            return []
        of_assets = (self.added_of(tag) for tag in self._histories.corrected_in(batch_id))
        found = [row for rows in of_assets for row in rows]
        return sorted(row for row in found if (row.batch_id, row.holder_id) == (batch_id, holder_id))

    def added_of(self, asset_tag: str, proposed: Sequence[AnyEntry] = ()) -> list[AddedRow]:
        """Return what was added of the rows about an asset, and nobody accepted.

        ``proposed`` are entries about it that are not in the log, as though they came after all others.

        Raises:
            NotAnEntry: the log is damaged.
        """
        entries = [*self._histories.entries(asset_tag), *proposed]
        telling = [entry.seq for entry in entries if isinstance(entry, CorrectionEntry) and _tells_otherwise(entry)]
        if not telling:  # else nothing is otherwise of whom the rows are about, and until when
            return []
        told = _Told(entries)
        found = (self._added(row, told, telling[-1]) for row in told.rows())
        return [row for row in found if row is not None]

    def _added(self, row: AddedRow, told: "_Told", last_correction: int) -> AddedRow | None:
        """Return a row of which nobody accepted what it is now, and None where it was accepted, or is not to be."""
        moments = self._moments(row.batch_id, row.holder_id)
        if not moments or moments[-1] > last_correction:
            return None
        of_row = [moment for moment in moments if is_side(told.move(row.seq, moment), row.holder_id, given=row.given)]
        if not of_row:
            return row
        accepted, now = [told.due_on(row.seq, moment) for moment in of_row], told.due_on(row.seq)
        return None if not row.given or now in accepted else row._replace(redated=Redated(accepted[-1], now))

    def _moments(self, batch_id: int, holder_id: int) -> Sequence[int]:
        """Return up to which entries the log told what was accepted; none where nobody has accepted anything."""
        key = batch_id, holder_id
        if key not in self._as_of:
            handover, batch = self._known.fact(Handover, batch_id, holder_id), self._known.batch(batch_id)
            accepted_seq = None if handover is None else handover.accepted_seq
            with_batch = batch is not None and accepted_seq == batch.first_seq
            found = given_of(self._histories.stored, None if with_batch else accepted_seq)
            self._as_of[key] = [batch.first_seq] if with_batch and batch else [given.as_of for given in found]
        return self._as_of[key]


class _Told:
    """Who got an asset from whom by which row, as it was told at any time.

    And until when it was due. Only that is read here, and not whether it was allowed: a correction of anything else
    changes nothing of it.
    """

    def __init__(self, entries: Sequence[AnyEntry]) -> None:
        self._rows = [entry for entry in entries if isinstance(entry, RowEntry) and event_type(entry) in _MOVING]
        self._corrections = [entry for entry in entries if isinstance(entry, CorrectionEntry)]
        self._root: dict[int, int] = {}
        for entry in self._corrections:
            self._root[entry.seq] = self._root.get(entry.corrects, entry.corrects)
        self._due = {row.seq: row.after.due_on for row in self._rows}
        self._moves: dict[int, Mapping[int, CustodyMove]] = {}

    def move(self, seq: int, moment: int) -> CustodyMove | None:
        """Return the change of custody that a row made as the log's first ``moment`` entries told it."""
        known = [entry for entry in self._corrections if entry.seq <= moment]
        if len(known) not in self._moves:
            self._moves[len(known)] = self._told(known)
        return self._moves[len(known)].get(seq)

    def due_on(self, seq: int, moment: int | None = None) -> str | None:
        """Return until when a row gave something, as the log's first ``moment`` entries told it, or all of them."""
        said = [
            entry.changed[DUE]
            for entry in self._corrections
            if self._root[entry.seq] == seq and DUE in entry.changed and (moment is None or entry.seq <= moment)
        ]
        return (said[-1] or None) if said else self._due[seq]

    def rows(self) -> Iterator[AddedRow]:
        """Yield all rows by which custody changes as it is told now, for each holder concerned."""
        moves = self._told(self._corrections)
        times = {row.seq: row.occurred_at for row in self._rows}
        for entry in self._corrections:
            if "timestamp" in entry.changed:
                times[self._root[entry.seq]] = entry.changed["timestamp"]
        for row in self._rows:
            move = moves.get(row.seq, CustodyMove(None, None))
            for holder_id, given in ((move.to_holder, True), (move.from_holder, False)):
                if holder_id is not None:
                    yield AddedRow(row.seq, row.asset_tag, row.batch_id, holder_id, given, times[row.seq], move)

    def _told(self, corrections: Sequence[CorrectionEntry]) -> dict[int, CustodyMove]:
        named = {self._root[entry.seq]: entry.holder_id for entry in corrections if entry.holder_id is not None}
        moves: dict[int, CustodyMove] = {}
        holder: int | None = None
        for row in self._rows:
            given_to = named.get(row.seq, row.holder_id) if event_type(row) in GIVING else None
            if given_to != holder:
                moves[row.seq] = CustodyMove(holder, given_to)
            holder = given_to
        return moves
