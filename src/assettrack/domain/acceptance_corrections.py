"""Corrections of acceptances: one entry that supersedes that of an acceptance, and says how, by whom and when it was.

Owns what of an acceptance can be corrected, and that it is superseded once. What was accepted, and whether, can't be
corrected: that would be another fact. Nor can an acceptance that a batch brought with it: it is a part of what was
confirmed with that batch, for all its holders.
"""

from collections.abc import Callable, Sequence
from datetime import UTC
from hashlib import sha256

import msgspec

from assettrack.domain import corrections
from assettrack.domain.acceptance_deeds import Accepting, require_time
from assettrack.domain.accepted_rows import chain_of
from assettrack.domain.correction_deeds import Asked, Proposal
from assettrack.domain.correction_histories import Histories, HistorySource, KnownStation, Replayed, not_correctable
from assettrack.domain.corrections import ValuesWrong
from assettrack.domain.deeds import Deed, Signoff, signed_by, single
from assettrack.domain.entries.base import DeedEntry, NotAnEntry
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, AcceptanceEntry
from assettrack.domain.facts import Handover
from assettrack.domain.findings import Finding, NotAllowed, finding
from assettrack.domain.holders import NAME_RULE, Holder, is_name, normal_name
from assettrack.domain.people_deeds import require_holder
from assettrack.domain.plans import ACCEPTED_HOW, AcceptedHow, written_code
from assettrack.domain.state import Again, State, signoff_of
from assettrack.domain.timestamps import NotATime, TimestampReader, utc_text
from assettrack.domain.wording import quoted

FIELDS = ("how", "by", "at")
"""What of an acceptance can be corrected."""


class Said(msgspec.Struct, frozen=True):
    """What an acceptance says: how it was accepted, by whom, and when (UTC text)."""

    how: AcceptedHow
    by: str
    at: str


class AcceptanceProposal(msgspec.Struct, frozen=True):
    """What a correction of an acceptance would do: entry ``corrects`` said ``before``, and should have said ``after``.

    ``changed`` holds the new values in their normal form; ``notices`` are what is worth a look.
    """

    corrects: int
    handover: Handover
    holder: Holder
    changed: dict[str, str]
    before: Said
    after: Said
    notices: Sequence[Finding] = ()

    @property
    def confirm_code(self) -> str:
        """The code that confirms exactly this correction."""
        stated = (self.corrects, self.handover.batch_id, self.holder.holder_id, self.changed, self.before, self.after)
        return written_code(sha256(msgspec.json.encode(stated, order="sorted")).digest())


AnyProposal = Proposal | AcceptanceProposal
"""What a correction of a row or of an acceptance would do."""


def propose(known: KnownStation, source: HistorySource, asked: Asked, seq: int) -> AcceptanceProposal:
    """Return what a correction of an acceptance would do that became entry ``seq``.

    Raises:
        NotAllowed: there is no such acceptance, it or one of the fields can't be corrected, it is corrected already,
            the correction changes nothing, or it can't have been accepted at that time.
        corrections.ValuesWrong: the values do not look right.
        NotAnEntry: the stored log is damaged.
    """
    histories = Histories(known, source, seq)
    entry = histories.entry(asked.corrects)
    if not isinstance(entry, AcceptanceEntry):
        raise not_correctable(entry)
    handover = known.fact(Handover, entry.batch_id, entry.holder_id)
    if handover is None or handover.accepted_seq is None:
        raise NotAnEntry(f"entry {entry.seq} accepts what nobody handed over")
    by_entry = superseded_by(histories.stored, entry.seq, handover.accepted_seq)
    if by_entry is not None:
        raise NotAllowed("already_corrected", None, corrected_seq=entry.seq, seq=by_entry)
    before = Said(entry.how, entry.accepted_by, entry.accepted_at)
    after = _with_values(before, asked)
    old, new = (msgspec.structs.asdict(said) for said in (before, after))
    changed = {field: new[field] for field in FIELDS if new[field] != old[field]}
    if not changed:
        raise NotAllowed("nothing_changes", None)
    holder = require_holder(known, entry.holder_id)
    if "at" in changed:
        accepting = Accepting(entry.batch_id, entry.holder_id, after.how, after.by, after.at)
        exchanged = histories.exchanged(entry.batch_id, entry.holder_id)
        require_time(accepting, holder, exchanged, utc_text(asked.now))
    return AcceptanceProposal(entry.seq, handover, holder, changed, before, after)


def correct(proposal: AcceptanceProposal, reason: str, seq: int, signoff: Signoff) -> Deed:
    """Record the correction of an acceptance.

    Raises:
        NotAllowed: no reason is given.
    """
    if not reason.strip():
        raise NotAllowed("reason_missing", "reason")
    entry = AcceptanceCorrectionEntry(
        seq,
        batch_id=proposal.handover.batch_id,
        holder_id=proposal.holder.holder_id,
        name=proposal.holder.name,
        how=proposal.after.how,
        accepted_by=proposal.after.by,
        accepted_at=proposal.after.at,
        corrects=proposal.corrects,
        changed=proposal.changed,
        reason=reason,
        besides=None if proposal.handover.accepted_seq == proposal.corrects else proposal.handover.accepted_seq,
        **signed_by(signoff),
    )
    return single(entry, facts=(proposal.handover._replace(accepted_seq=seq),))


def correct_again(entry: AcceptanceCorrectionEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    asked = Asked(entry.corrects, entry.changed, UTC, corrections.moment(entry.recorded_at))
    try:
        proposal = propose(state, Replayed(state), asked, entry.seq)
    except ValuesWrong as error:
        raise NotAllowed("correction_unreadable", None, reason=error) from error
    return correct(proposal, entry.reason, entry.seq, signoff_of(entry))


def superseded_by(entry_of: Callable[[int], object], seq: int, latest: int) -> int | None:
    """Return the entry that supersedes acceptance ``seq``, or None; ``latest`` is the last one of the same hand-over.

    Raises:
        NotAnEntry: the chain does not lead back to it.
    """
    chain = chain_of(entry_of, latest)
    if all(entry.seq != seq for entry in chain):
        raise NotAnEntry(f"entry {latest} corrects no acceptance that leads to entry {seq}")
    by_entries = (entry for entry in chain if isinstance(entry, AcceptanceCorrectionEntry) and entry.corrects == seq)
    return next((entry.seq for entry in by_entries), None)


def _with_values(before: Said, asked: Asked) -> Said:
    """Return what an acceptance says with the values that were asked for.

    Raises:
        NotAllowed: an acceptance has no such field.
        ValuesWrong: they do not look right.
    """
    for field in asked.values:
        if field not in FIELDS:
            facts = {"column": quoted(field, 40), "known": ", ".join(FIELDS)}
            raise NotAllowed("unknown_column_of_acceptance", None, **facts)
    values = {field: value.strip() for field, value in asked.values.items()}
    problems: list[Finding] = []
    how, by, at = before.how, before.by, before.at
    if "how" in values:
        how = next((each for each in ACCEPTED_HOW if each == values["how"]), how)
        if how != values["how"]:
            value, known = quoted(values["how"], 40), ", ".join(ACCEPTED_HOW)
            problems.append(finding("accepted_how_invalid", None, "how", value=value, known=known))
    if "by" in values:
        by = normal_name(values["by"])
        if not is_name(by):
            problems.append(finding("accepted_by_invalid", None, "by", value=quoted(by, 40), rule=NAME_RULE))
    if "at" in values:
        try:
            at = TimestampReader(asked.zone).read(values["at"]).utc
        except NotATime as error:
            value = quoted(values["at"], 40)
            problems.append(finding("accepted_at_invalid", None, "at", value=value, reason=error.reason))
    if problems:
        raise ValuesWrong(problems)
    return Said(how, by, at)


AGAIN: dict[type[DeedEntry], Again] = {AcceptanceCorrectionEntry: correct_again}
"""How the replay decides each kind of entry once more."""
