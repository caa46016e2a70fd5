"""The deed of a correction: one entry that supersedes a row's, and the state to which the history leads with it.

Owns what may be corrected, and when the station's whole history stays legal with it. The original entry stays as it
is; nothing here may ever change or leave out an entry. How a history is read and decided again is `corrections`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from typing import NamedTuple, Protocol

import msgspec

from assettrack.domain import corrections
from assettrack.domain.audit_log import AnyEntry, decode_body, encode_body, event_type
from assettrack.domain.corrections import Course, Stay, Step, ValuesWrong
from assettrack.domain.deeds import BatchRow, Deed, Record, Signoff, signed_by, touching
from assettrack.domain.entries.base import DeedEntry, NotAnEntry
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.rows import BatchEntry, RowEntry
from assettrack.domain.facts import Correction, Fact, Handover, KnownFacts
from assettrack.domain.findings import Finding, Illegal, NotAllowed, finding
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Inventory, SlotKey
from assettrack.domain.plans import Options, written_code
from assettrack.domain.scans import Scan
from assettrack.domain.state import Again, EntrySource, State, signoff_of
from assettrack.domain.station_deeds import acceptance_rule
from assettrack.domain.tags import Place


class KnownStation(KnownFacts, Protocol):
    """What a correction is decided on beside the log: facts, batches and cases, by a transaction or by the replay."""

    def batch(self, batch_id: int) -> BatchRow | None:
        """Return where a batch stands in the log, or None."""

    def all_cases(self) -> dict[str, int]:
        """Return all cases by name, with their number of slots."""


class HistorySource(EntrySource, Protocol):
    """Where the histories that a correction is about are found."""

    def assets_put_in(self, place: SlotKey, before_seq: int) -> Sequence[str]:
        """Return the assets that an entry before this one put into a slot, or a correction says should have been."""


class Asked(NamedTuple):
    """What is to be corrected: the entry, new values by column as they were given, and how times in them are read.

    ``zone`` is that of times without one, ``now`` the moment of the correction.
    """

    corrects: int
    values: Mapping[str, str]
    zone: tzinfo
    now: datetime


BATCH_ROWS_READ_MAX = 1000
"""Of larger batches it is not looked up whether a holder who was named by mistake is named by another row too."""

_CHANGING_HANDS = frozenset({"RETURN", "TRANSFER", "RETIRE"})


class Proposal(msgspec.Struct, frozen=True):
    """What a correction would do, and which entries would not be legal any more; with any of those it can't be made.

    ``changed`` holds the new values in their normal form, ``row_before`` and ``row_after`` the row as it is up to now
    and with them; ``before`` and ``after`` are what the asset's history leads to. ``holder_id`` is the holder to
    whom the row gives the asset, where that is corrected; ``handovers`` what is then still to be accepted.
    """

    corrects: int
    asset_tag: str
    changed: dict[str, str]
    row_before: Scan
    row_after: Scan
    before: Course
    after: Course
    holders: Sequence[Holder]
    illegal: Sequence[Illegal]
    notices: Sequence[Finding]
    holder_id: int | None = None
    handovers: tuple[Handover, ...] = ()

    @property
    def confirm_code(self) -> str | None:
        """The code that confirms exactly this correction and what it leads to, or None where it can't be made."""
        if self.illegal:
            return None
        before, after = self.before.asset, self.after.asset
        stated = (self.corrects, self.changed, self.holder_id, before, after, self.after.custody)
        return written_code(sha256(msgspec.json.encode(stated, order="sorted")).digest())


def propose(known: KnownStation, source: HistorySource, asked: Asked, seq: int) -> Proposal:
    """Return what a correction would do that became entry ``seq``.

    Raises:
        NotAllowed: there is no such entry, it or one of the columns can't be corrected, it is corrected already, the
            correction changes nothing, or nobody of the corrected name is registered.
        corrections.ValuesWrong: the row with the new values does not look right.
        NotAnEntry: the stored log is damaged.
    """
    _require_columns(asked.values)
    histories = _Histories(known, source, seq)
    row, steps = histories.corrected_row(asked.corrects)
    scan = row.scan
    assert scan is not None, "a row has its scan"
    corrected, notices = corrections.with_values(scan, asked.values, asked.zone, asked.now)
    changed = corrections.changed_values(scan, corrected, asked.values)
    holder_id = None
    if scan.event_type in corrections.GIVING and "issued_to_name" in asked.values:
        holder = _registered(known, corrected.issued_to_name)
        if holder.holder_id != row.holder_id:  # two may have had the same name, one after the other
            changed["issued_to_name"] = corrected.issued_to_name
        holder_id = holder.holder_id if "issued_to_name" in changed else None
    if not changed:
        raise NotAllowed("nothing_changes", None)
    now = msgspec.structs.replace(row, scan=corrected, holder_id=holder_id or row.holder_id)
    before = histories.course(scan.asset_tag, steps)
    after = histories.course(scan.asset_tag, steps | {row.seq: now})
    illegal = [*after.illegal, *histories.overlaps(scan.asset_tag, before, after)]
    illegal += histories.given_to_inactive(scan.asset_tag, before, after)
    return Proposal(
        corrects=asked.corrects,
        asset_tag=scan.asset_tag,
        changed=changed,
        row_before=scan,
        row_after=corrected,
        before=before,
        after=after,
        holders=histories.holders,
        illegal=sorted(illegal, key=lambda found: found.seq),
        notices=notices,
        holder_id=holder_id,
        handovers=_handovers(known, source, row, steps, holder_id),
    )


def correct(proposal: Proposal, inventory: Inventory, reason: str, seq: int, signoff: Signoff) -> Deed:
    """Record a correction, and move the inventory on to the state to which the history leads with it.

    The inventory must hold the asset and the slot in which it is afterwards.

    Raises:
        NotAllowed: no reason is given.
    """
    if not reason.strip():
        raise NotAllowed("reason_missing", "reason")
    asset_tag, after = proposal.asset_tag, proposal.after
    before = inventory.assets[asset_tag]
    assert after.asset is not None, "an asset whose history is legal exists"
    assert not proposal.illegal, "only a correction is made with which the history stays legal"
    for holder in proposal.holders:
        if inventory.holders.numbered(holder.holder_id) is None:
            inventory.holders.add(holder)
    inventory.apply(asset_tag, before, after.asset, after.latest)
    inventory.latest[asset_tag] = after.latest  # it may go back, where the entry that was the latest is corrected
    if after.custody is not None:  # whether anybody has it is never otherwise: the events stay what they were
        inventory.custody[asset_tag] = after.custody
    entry = CorrectionEntry(
        seq,
        corrects=proposal.corrects,
        asset_tag=asset_tag,
        changed=proposal.changed,
        reason=reason,
        before=before,
        after=after.asset,
        holder_id=proposal.holder_id,
        **signed_by(signoff),
    )
    facts: list[Fact] = [Correction(proposal.corrects, seq, asset_tag)]
    facts += proposal.handovers
    return touching(iter([Record(seq, None, asset_tag, None, encode_body(entry))]), [asset_tag], inventory, facts)


def correct_again(entry: CorrectionEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    asked = Asked(entry.corrects, entry.changed, UTC, corrections.moment(entry.recorded_at))
    try:
        proposal = propose(state, _Replayed(state), asked, entry.seq)
    except ValuesWrong as error:
        raise NotAllowed("correction_unreadable", None, reason=error) from error
    for found in proposal.illegal:
        raise NotAllowed("correction_illegal", None, seq=found.seq, reason=found.message)
    for place in {stay.place for stay in proposal.after.stays} - {stay.place for stay in proposal.before.stays}:
        state.inventory.put_in[place].append(entry.asset_tag)
    return correct(proposal, state.inventory, entry.reason, entry.seq, signoff_of(entry))


class _Replayed:
    """The histories of a log that is being replayed: who was ever in a slot is known without reading it again."""

    def __init__(self, state: State) -> None:
        assert state.entries is not None, "a log with corrections is replayed with its entries at hand"
        self.body_of = state.entries.body_of
        self.bodies_about = state.entries.bodies_about
        self._put_in = state.inventory.put_in

    def assets_put_in(self, place: SlotKey, before_seq: int) -> Sequence[str]:  # noqa: ARG002 - none came after it yet
        """Return the assets that were put into a slot so far."""
        return self._put_in.get(place, ())


class _Histories:
    """The histories that a correction which becomes entry ``seq`` is about: those in the log before it."""

    def __init__(self, known: KnownStation, source: HistorySource, seq: int) -> None:
        self._known = known
        self._source = source
        self._seq = seq
        self._cases = known.all_cases()
        self._options: dict[int, Options] = {}
        self._holders: dict[int, Holder] = {}

    @property
    def holders(self) -> list[Holder]:
        """The holders whom the histories read so far name."""
        return list(self._holders.values())

    def corrected_row(self, seq: int) -> tuple[Step, dict[int, Step]]:
        """Return the row that entry ``seq`` states or corrects, as it is up to now, and the history it belongs to.

        Raises:
            NotAllowed: there is no such entry, it can't be corrected, or it is corrected already.
        """
        entry = self._entry(seq)
        if not isinstance(entry, RowEntry | CorrectionEntry):
            raise NotAllowed("entry_not_correctable", None, seq=seq, kind=event_type(entry))
        fact = self._known.fact(Correction, seq)
        if fact is not None:
            raise NotAllowed("already_corrected", None, corrected_seq=seq, seq=fact.seq)
        row: AnyEntry = entry
        while isinstance(row, CorrectionEntry):
            if row.corrects >= row.seq:
                raise NotAnEntry(f"entry {row.seq} corrects one that is not before it")
            row = self._entry(row.corrects)
        steps = self._steps(entry.asset_tag)
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
            theirs = self.course(other, self._steps(other)).stays
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

    def _entry(self, seq: int) -> AnyEntry:
        body = self._source.body_of(seq) if 0 < seq < self._seq else None
        if body is None:
            raise NotAllowed("unknown_entry", None, seq=seq)
        return decode_body(body)

    def _steps(self, asset_tag: str) -> dict[int, Step]:
        bodies = self._source.bodies_about(asset_tag, self._seq)
        return corrections.effective_history(map(decode_body, bodies), self._options_of)

    def _options_of(self, batch_id: int) -> Options:
        if batch_id not in self._options:
            self._options[batch_id] = options_of(batch_id, self._known.batch(batch_id), self._source)
        return self._options[batch_id]


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


def _require_columns(values: Mapping[str, str]) -> None:
    for column in values:
        if column in corrections.OF_ANOTHER_FACT:
            what = "asset" if column == "asset_tag" else "event"
            raise NotAllowed("column_not_correctable", None, column=column, what=what)
        if column not in corrections.CORRECTABLE:
            known = ", ".join(corrections.CORRECTABLE)
            raise NotAllowed("unknown_column", None, column=ascii(column[:40]), known=known)


def _registered(known: KnownFacts, name: str) -> Holder:
    """Return the holder of a name, active or not: a correction may be about somebody who has left."""
    register = known.holders_named([name])
    holder = register.named(name)
    if holder is None:
        near = register.near(name)
        hint = f" Known and written almost like it: {', '.join(near[:3])}." if near else ""
        raise NotAllowed("unknown_holder_then", "issued_to_name", name=name, near=hint)
    return holder


def _handovers(
    known: KnownStation, source: HistorySource, row: Step, steps: Mapping[int, Step], holder_id: int | None
) -> tuple[Handover, ...]:
    """Return which batches exchanged something with the corrected holder, and with the one named by mistake did not.

    They are the row's own batch, and that of the next row by which the asset changes hands: it came from this holder.
    """
    if holder_id is None:
        return ()
    later = (steps[seq] for seq in sorted(steps) if seq > row.seq)
    leaving = next((step for step in later if step.scan is not None and step.scan.event_type in _CHANGING_HANDS), None)
    asked = int(acceptance_rule(known) != "off")
    found = []
    for step in (row, leaving):
        if step is None or not isinstance(step.entry, RowEntry):
            continue
        batch_id = step.entry.batch_id
        there = known.fact(Handover, batch_id, holder_id)
        if there is None or (there.accepted_seq is None and there.asked != asked):
            found.append(Handover(batch_id, holder_id, None, asked))
        mistaken = None if row.holder_id is None else known.fact(Handover, batch_id, row.holder_id)
        is_open = mistaken is not None and mistaken.accepted_seq is None and mistaken.asked
        if mistaken is not None and is_open and not _concerns_otherwise(known, source, step, mistaken.holder_id):
            found.append(mistaken._replace(asked=0))
    return tuple(dict.fromkeys(found))


def _concerns_otherwise(known: KnownStation, source: HistorySource, step: Step, holder_id: int) -> bool:
    """Tell whether another row of the step's batch names a holder; of a large batch that is taken for granted."""
    assert isinstance(step.entry, RowEntry), "only rows are of a batch"
    batch = known.batch(step.entry.batch_id)
    if batch is None or batch.last_seq - batch.first_seq > BATCH_ROWS_READ_MAX:
        return True
    for seq in range(batch.first_seq + 1, batch.last_seq + 1):
        body = source.body_of(seq) if seq != step.seq else None
        entry = None if body is None else decode_body(body)
        if isinstance(entry, RowEntry) and holder_id in {entry.holder_id, entry.from_holder_id}:
            return True
    return False


def _taken(one: tuple[str, Stay], other: tuple[str, Stay]) -> Illegal:
    """Return the entry that puts the later of two assets into a slot that the earlier one would be in."""
    (occupant, stay), (asset_tag, later) = sorted((one, other), key=lambda each: each[1].first)
    message = finding("slot_taken", None, "slot_number", place=Place(*stay.place), occupant=occupant).message
    return Illegal(later.first, asset_tag, "slot_taken", message)


AGAIN: dict[type[DeedEntry], Again] = {CorrectionEntry: correct_again}
"""How the replay decides each kind of entry once more."""
