"""The histories that a correction is about: where they are found, read, and decided again.

Owns what is read of the log for corrections and for acceptances, by a service or by the replay, and whether two assets
would have been in one slot. Must never change anything: what a correction does is `correction_deeds`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from assettrack.domain import corrections
from assettrack.domain.audit_log import AnyEntry, decode_body, event_type
from assettrack.domain.corrections import Course, Stay, Step
from assettrack.domain.custody_exchanges import ExchangeSource, exchanges, rows_by_holder
from assettrack.domain.deeds import BatchRow
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.rows import BatchEntry, RowEntry
from assettrack.domain.facts import Correction, KnownFacts
from assettrack.domain.findings import Illegal, NotAllowed, finding
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import SlotKey
from assettrack.domain.plans import Options
from assettrack.domain.state import EntrySource, State
from assettrack.domain.tags import Place

_NOTHING: Mapping[str, Mapping[int, Step]] = MappingProxyType({})


class KnownStation(KnownFacts, Protocol):
    """What a correction is decided on beside the log: facts, batches and cases, by a transaction or by the replay."""

    def batch(self, batch_id: int) -> BatchRow | None:
        """Return where a batch stands in the log, or None."""

    def all_cases(self) -> dict[str, int]:
        """Return all cases by name, with their number of slots."""


class HistorySource(ExchangeSource, Protocol):
    """Where the histories that a correction is about are found."""

    def assets_put_in(self, place: SlotKey, before_seq: int) -> Sequence[str]:
        """Return the assets that an entry before this one put into a slot, or a correction says should have been."""


class Replayed:
    """The histories of a log that is being replayed: who was ever in a slot is known without reading it again."""

    def __init__(self, state: State) -> None:
        assert state.entries is not None, "a log with corrections or acceptances is replayed with its entries at hand"
        self.body_of = state.entries.body_of
        self.bodies_about = state.entries.bodies_about
        self._put_in = state.inventory.put_in
        self._corrected_in = state.corrected_in
        self._exchanged = state.exchanged

    def assets_put_in(self, place: SlotKey, before_seq: int) -> Sequence[str]:  # noqa: ARG002 - none came after it yet
        """Return the assets that were put into a slot so far."""
        return self._put_in.get(place, ())

    def rows_with(self, batch: BatchRow, holder_id: int) -> Sequence[int]:
        """Return the rows of a batch recorded as giving to a holder or taking from one; each batch is read once."""
        if batch.batch_id not in self._exchanged:
            entries = ((seq, self.body_of(seq)) for seq in range(batch.first_seq, batch.last_seq + 1))
            self._exchanged[batch.batch_id] = rows_by_holder(entries)
        return self._exchanged[batch.batch_id].get(holder_id, ())

    def corrected_in(self, batch: BatchRow) -> Collection[str]:
        """Return the assets of a batch in whose histories something was corrected after it."""
        return self._corrected_in.get(batch.batch_id, frozenset())


class _Told:
    """A source beside which some histories are told otherwise, as though their assets were corrected."""

    def __init__(self, source: ExchangeSource, told: Collection[str]) -> None:
        self.body_of = source.body_of
        self.bodies_about = source.bodies_about
        self.rows_with = source.rows_with
        self._corrected_in = source.corrected_in
        self._told = told

    def corrected_in(self, batch: BatchRow) -> Collection[str]:
        """Return the assets of a batch whose histories are not as they were recorded."""
        return {*self._corrected_in(batch), *self._told}


class Histories:
    """The histories that a deed which becomes entry ``seq`` is about: those in the log before it."""

    def __init__(self, known: KnownStation, source: HistorySource, seq: int) -> None:
        self._known = known
        self._source = source
        self._seq = seq
        self._options: dict[int, Options] = {}
        self._holders: dict[int, Holder] = {}

    @cached_property
    def _cases(self) -> dict[str, int]:
        return self._known.all_cases()

    @property
    def holders(self) -> list[Holder]:
        """The holders whom the histories read so far name."""
        return list(self._holders.values())

    def entry(self, seq: int) -> AnyEntry:
        """Return an entry of the log before the deed.

        Raises:
            NotAllowed: there is no such entry.
            NotAnEntry: it can't be read.
        """
        body = self._source.body_of(seq) if 0 < seq < self._seq else None
        if body is None:
            raise NotAllowed("unknown_entry", None, seq=seq)
        return decode_body(body)

    def stored(self, seq: int) -> AnyEntry:
        """Return an entry that something else refers to.

        Raises:
            NotAnEntry: it is not there, or can't be read.
        """
        body = self._source.body_of(seq)
        if body is None:
            raise NotAnEntry(f"entry {seq} is not there")
        return decode_body(body)

    def steps(self, asset_tag: str) -> dict[int, Step]:
        """Return the effective history of an asset before the deed.

        Raises:
            NotAnEntry: the log is damaged.
        """
        return corrections.effective_history(self.entries(asset_tag), self._options_of)

    def entries(self, asset_tag: str) -> list[AnyEntry]:
        """Return the entries about an asset before the deed, in the order of the log.

        Raises:
            NotAnEntry: the log is damaged.
        """
        return [decode_body(body) for body in self._source.bodies_about(asset_tag, self._seq)]

    def corrected_in(self, batch_id: int) -> Collection[str]:
        """Return the assets of a batch in whose histories something was corrected.

        Raises:
            NotAnEntry: the log is damaged.
        """
        return self._source.corrected_in(self._batch(batch_id))

    def exchanged(
        self, batch_id: int, holder_id: int, told: Mapping[str, Mapping[int, Step]] = _NOTHING
    ) -> Iterator[str]:
        """Yield when a batch exchanged something with a holder, in no order; ``told`` are histories told otherwise.

        Raises:
            NotAnEntry: the log is damaged.
        """
        batch, source = self._batch(batch_id), _Told(self._source, told)
        return exchanges(source, batch, holder_id, lambda tag: told[tag] if tag in told else self.steps(tag))

    def corrected_row(self, seq: int) -> tuple[Step, dict[int, Step]]:
        """Return the row that entry ``seq`` states or corrects, as it is up to now, and the history it belongs to.

        Raises:
            NotAllowed: there is no such entry, it can't be corrected, or it is corrected already.
        """
        entry = self.entry(seq)
        if not isinstance(entry, RowEntry | CorrectionEntry):
            raise not_correctable(entry)
        fact = self._known.fact(Correction, seq)
        if fact is not None:
            raise NotAllowed("already_corrected", None, corrected_seq=seq, seq=fact.seq)
        row: AnyEntry = entry
        while isinstance(row, CorrectionEntry):
            if row.corrects >= row.seq:
                raise NotAnEntry(f"entry {row.seq} corrects one that is not before it")
            row = self.entry(row.corrects)
        steps = self.steps(entry.asset_tag)
        if row.seq not in steps:
            raise NotAnEntry(f"entry {row.seq} is not filed under its asset")
        return steps[row.seq], steps

    def course(self, asset_tag: str, steps: Mapping[int, Step]) -> Course:
        """Decide a history of one asset again."""
        wanted = {step.holder_id for step in steps.values() if step.holder_id is not None}
        for holder_id in sorted(wanted - self._holders.keys()):
            holder = self._known.holder(holder_id)
            if holder is None:
                raise NotAnEntry(f"holder {holder_id} of asset {asset_tag} is not registered")
            self._holders[holder_id] = holder
        named = [holder for holder_id, holder in self._holders.items() if holder_id in wanted]
        return corrections.course_of(asset_tag, steps.values(), self._cases, named)

    def overlaps(self, asset_tag: str, before: Course, after: Course) -> Iterator[Illegal]:
        """Yield the entries by which two assets would be in one slot, as the asset's stays are new or longer."""
        ours = [stay for stay in after.stays if not any(stay_before.covers(stay) for stay_before in before.stays)]
        others = {tag for stay in ours for tag in self._source.assets_put_in(stay.place, self._seq)} - {asset_tag}
        for other in sorted(others):
            theirs = self.course(other, self.steps(other)).stays
            yield from (
                _taken((asset_tag, our_stay), (other, their_stay))
                for our_stay in ours
                for their_stay in theirs
                if our_stay.overlaps(their_stay)
            )

    def given_to_inactive(self, asset_tag: str, before: Course, after: Course) -> Iterator[Illegal]:
        """Yield the entry by which somebody has the asset now who did not up to now and is not active."""
        if before.asset is None or after.asset is None or after.custody is None:
            return
        for holder in self._holders.values():
            if holder.name == after.asset.holder != before.asset.holder and not holder.active:
                message = finding("holder_inactive", None, "issued_to_name", name=holder.name).message
                yield Illegal(after.custody.seq, asset_tag, "holder_inactive", message)

    def _batch(self, batch_id: int) -> BatchRow:
        batch = self._known.batch(batch_id)
        if batch is None:
            raise NotAnEntry(f"batch {batch_id} is not there")
        return batch

    def _options_of(self, batch_id: int) -> Options:
        if batch_id not in self._options:
            self._options[batch_id] = options_of(batch_id, self._known.batch(batch_id), self._source)
        return self._options[batch_id]


def not_correctable(entry: AnyEntry) -> NotAllowed:
    """Return why an entry can't be corrected that is neither a row nor an acceptance, nor corrects one."""
    if isinstance(entry, BatchEntry) and entry.options.accepted is not None:
        return NotAllowed("acceptance_of_batch_not_correctable", None, seq=entry.seq, batch_id=entry.batch_id)
    return NotAllowed("entry_not_correctable", None, seq=entry.seq, kind=event_type(entry))


def options_of(batch_id: int, batch: BatchRow | None, source: EntrySource) -> Options:
    """Return the options of a batch, as its first entry says.

    Raises:
        NotAnEntry: the batch is not there, or that entry.
    """
    body = None if batch is None else source.body_of(batch.first_seq)
    entry = None if body is None else decode_body(body)
    if not isinstance(entry, BatchEntry):
        raise NotAnEntry(f"the entry of batch {batch_id} is not there")
    return entry.options


def _taken(one: tuple[str, Stay], other: tuple[str, Stay]) -> Illegal:
    """Return the entry that puts the later of two assets into a slot that the earlier one would be in."""
    (occupant, stay), (asset_tag, later) = sorted((one, other), key=lambda each: each[1].first)
    message = finding("slot_taken", None, "slot_number", place=Place(*stay.place), occupant=occupant).message
    return Illegal(later.first, asset_tag, "slot_taken", message)
