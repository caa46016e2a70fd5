"""The deed of a correction: one entry that supersedes a row's, and the state to which the history leads with it.

Owns what may be corrected, and when the station's whole history stays legal with it. The original entry stays as it
is; nothing here may ever change or leave out an entry. How a history is read and decided again is `corrections`.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from hashlib import sha256
from typing import NamedTuple

import msgspec

from assettrack.domain import corrections
from assettrack.domain.audit_log import encode_body
from assettrack.domain.correction_handovers import Retold, accepted_before, handovers_of
from assettrack.domain.correction_histories import Histories, HistorySource, KnownStation, Replayed
from assettrack.domain.corrections import DUE, Course, Step, ValuesWrong
from assettrack.domain.deeds import Deed, Record, Signoff, signed_by, touching
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.facts import Correction, Fact, Handover, KnownFacts
from assettrack.domain.findings import Finding, Illegal, NotAllowed
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import written_code
from assettrack.domain.scans import GIVING
from assettrack.domain.state import Again, State, signoff_of
from assettrack.domain.wording import quoted


class Asked(NamedTuple):
    """What is to be corrected: the entry, new values by column as they were given, and how times in them are read.

    ``zone`` is that of times without one, ``now`` the moment of the correction.
    """

    corrects: int
    values: Mapping[str, str]
    zone: tzinfo
    now: datetime


class Proposal(msgspec.Struct, frozen=True):
    """What a correction would do, and which entries would not be legal any more; with any of those it can't be made.

    ``changed`` holds the new values in their normal form, ``row_before`` and ``row_after`` the row as it is up to now
    and with them; ``before`` and ``after`` are what the asset's history leads to. ``holder_id`` is the holder to
    whom the row gives the asset, where that is corrected; ``handovers`` what is then known otherwise of acceptances,
    ``batches`` those that have rows about the asset.
    """

    corrects: int
    asset_tag: str
    changed: dict[str, str]
    row_before: Step
    row_after: Step
    before: Course
    after: Course
    holders: Sequence[Holder]
    illegal: Sequence[Illegal]
    notices: Sequence[Finding]
    batches: frozenset[int]
    holder_id: int | None = None
    handovers: Sequence[Handover] = ()

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
    histories = Histories(known, source, seq)
    row, steps = histories.corrected_row(asked.corrects)  # first: what is no row has none of a row's columns
    _require_columns(asked.values)
    now, notices = _with_values(row, asked)
    changed = corrections.changed_values(row, now, asked.values)
    holder_id = None
    if now.event_type in GIVING and "issued_to_name" in asked.values:
        name = now.cells["issued_to_name"]
        holder = _registered(known, name)
        if holder.holder_id != row.holder_id:  # two may have had the same name, one after the other
            changed["issued_to_name"] = name
        holder_id = holder.holder_id if "issued_to_name" in changed else None
    if not changed:
        raise NotAllowed("nothing_changes", None)
    now = msgspec.structs.replace(now, holder_id=holder_id or row.holder_id)
    retold = Retold(row.entry.asset_tag, steps, steps | {row.seq: now})
    before, after, illegal, handovers = _retell(known, histories, retold)
    return Proposal(
        corrects=asked.corrects,
        asset_tag=retold.asset_tag,
        changed=changed,
        row_before=row,
        row_after=now,
        before=before,
        after=after,
        holders=histories.holders,
        illegal=illegal,
        notices=notices,
        batches=frozenset(step.entry.batch_id for step in steps.values() if isinstance(step.entry, RowEntry)),
        holder_id=holder_id,
        handovers=handovers,
    )


def _with_values(row: Step, asked: Asked) -> tuple[Step, list[Finding]]:
    """Return a row with the values that were asked for, and the notices about them."""
    assert row.scan is not None, "a row has its scan"
    scan, notices = corrections.with_values(row.scan, asked.values, asked.zone, asked.now)
    now = msgspec.structs.replace(row, scan=scan)
    return (corrections.with_due(now, asked.values[DUE].strip()) if DUE in asked.values else now), notices


def _retell(
    known: KnownStation, histories: Histories, retold: Retold
) -> tuple[Course, Course, list[Illegal], list[Handover]]:
    """Return what a history leads to up to now and told otherwise, what is illegal then, and which handovers differ."""
    asset_tag = retold.asset_tag
    before, after = (histories.course(asset_tag, steps) for steps in (retold.before, retold.after))
    illegal = [*after.illegal, *histories.overlaps(asset_tag, before, after)]
    illegal += histories.given_to_inactive(asset_tag, before, after)
    handovers = []
    if not after.illegal:  # else it is not told whose the asset was
        illegal += accepted_before(known, histories, retold)
        handovers = handovers_of(known, histories, retold)
    return before, after, sorted(illegal, key=lambda found: found.seq), handovers


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
        proposal = propose(state, Replayed(state), asked, entry.seq)
    except ValuesWrong as error:
        raise NotAllowed("correction_unreadable", None, reason=error) from error
    for found in proposal.illegal:
        raise NotAllowed("correction_illegal", None, seq=found.seq, reason=found.message)
    for place in {stay.place for stay in proposal.after.stays} - {stay.place for stay in proposal.before.stays}:
        state.inventory.put_in[place].append(entry.asset_tag)
    deed = correct(proposal, state.inventory, entry.reason, entry.seq, signoff_of(entry))
    for batch_id in proposal.batches:
        state.corrected_in[batch_id].add(entry.asset_tag)
    return deed


def _require_columns(values: Mapping[str, str]) -> None:
    for column in values:
        if column in corrections.OF_ANOTHER_FACT:
            what = "asset" if column == "asset_tag" else "event"
            raise NotAllowed("column_not_correctable", None, column=column, what=what)
        if column not in corrections.CORRECTABLE:
            known = ", ".join(corrections.CORRECTABLE)
            raise NotAllowed("unknown_column", None, column=quoted(column, 40), known=known)


def _registered(known: KnownFacts, name: str) -> Holder:
    """Return the holder of a name, active or not: a correction may be about somebody who has left."""
    register = known.holders_named([name])
    holder = register.named(name)
    if holder is None:
        near = register.near(name)
        hint = f" Known and written almost like it: {', '.join(near[:3])}." if near else ""
        raise NotAllowed("unknown_holder_then", "issued_to_name", name=name, near=hint)
    return holder


AGAIN: dict[type[DeedEntry], Again] = {CorrectionEntry: correct_again}
"""How the replay decides each kind of entry once more."""
