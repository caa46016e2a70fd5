"""Deeds of acceptance: responsibility for what a batch handed over is accepted after the batch.

Owns what may be accepted: what a batch exchanged with one holder and nobody has accepted, as a whole and once, and not
before any of it changed hands. Acceptances that a batch brings with it are a part of the batch. What corrects one is
`acceptance_corrections`.
"""

from collections.abc import Iterable, Sequence

import msgspec

from assettrack.domain.accepted_rows import AcceptedRows, AddedRow
from assettrack.domain.correction_histories import Histories, Replayed
from assettrack.domain.custody_exchanges import first_after
from assettrack.domain.deeds import Deed, Signoff, signed_by, single
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.custody import AcceptanceEntry
from assettrack.domain.facts import Handover, KnownFacts
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import NAME_RULE, Holder, is_name
from assettrack.domain.people_deeds import require_holder
from assettrack.domain.plans import AcceptedHow
from assettrack.domain.signatures import signature_hashes
from assettrack.domain.state import Again, State, signoff_of
from assettrack.domain.timestamps import EARLIEST
from assettrack.domain.wording import quoted


class Accepting(msgspec.Struct, frozen=True):
    """Who accepts what a batch exchanged with a holder, how, and when (UTC text).

    ``signature_sha256`` (hex) is of what was drawn on a screen. Where it was accepted before, it is what corrections
    ``added`` since, and nothing else.
    """

    batch_id: int
    holder_id: int
    how: AcceptedHow
    by: str
    at: str
    signature_sha256: str | None = None
    added: Sequence[AddedRow] = ()


def accept(known: KnownFacts, accepting: Accepting, exchanged: Iterable[str], *, seq: int, signoff: Signoff) -> Deed:
    """Record that responsibility for what a batch exchanged with a holder was accepted.

    ``exchanged`` are the times (UTC texts, in any order) at which the batch gave to the holder or took from one.

    Raises:
        NotAllowed: the batch exchanged nothing with the holder, it was accepted already, whoever accepts has no
            name, or the time is not one at which it can have been.
    """
    handover = require_open(known, accepting.batch_id, accepting.holder_id, accepting.added)
    holder = require_holder(known, accepting.holder_id)
    if not is_name(accepting.by):
        raise NotAllowed("name_invalid", "accepted_by", name=quoted(accepting.by, 40), rule=NAME_RULE)
    times = [row.occurred_at for row in accepting.added] or exchanged
    require_time(accepting, holder, times, signoff.recorded_at)
    entry = AcceptanceEntry(
        seq,
        batch_id=accepting.batch_id,
        holder_id=accepting.holder_id,
        name=holder.name,
        how=accepting.how,
        accepted_by=accepting.by,
        accepted_at=accepting.at,
        signature_sha256=accepting.signature_sha256,
        besides=handover.accepted_seq,
        **signed_by(signoff),
    )
    drawn = {} if accepting.signature_sha256 is None else {accepting.by: accepting.signature_sha256}
    return single(entry, facts=(handover._replace(accepted_seq=seq), *signature_hashes(seq, drawn)))


def require_time(accepting: Accepting, holder: Holder, exchanged: Iterable[str], recorded_at: str) -> None:
    """Make sure that it can have been accepted at that time; ``exchanged`` are the times of what is accepted.

    Raises:
        NotAllowed: it is no time, is after ``recorded_at``, or before all that is accepted had changed hands.
    """
    at = accepting.at
    if not EARLIEST <= at <= recorded_at:
        raise NotAllowed("acceptance_time_wrong", "accepted_at", at=at)
    first = first_after(exchanged, at)
    if first is not None:
        facts = {"batch_id": accepting.batch_id, "holder": holder.name, "at": at, "first": first}
        raise NotAllowed("accepted_before_handover", "accepted_at", **facts)


def require_open(known: KnownFacts, batch_id: int, holder_id: int, added: Sequence[AddedRow]) -> Handover:
    """Return what a batch exchanged with a holder, which nobody has accepted yet, or not what was ``added`` since.

    Raises:
        NotAllowed: nobody has the number, the batch exchanged nothing with the holder, or it was accepted already.
    """
    holder = require_holder(known, holder_id)
    handover = known.fact(Handover, batch_id, holder_id)
    if handover is None:
        raise NotAllowed("no_handover", "holder_id", batch_id=batch_id, holder=holder.name)
    if handover.accepted_seq is not None and not added:
        raise NotAllowed(
            "already_accepted", "holder_id", batch_id=batch_id, holder=holder.name, seq=handover.accepted_seq
        )
    return handover


def accept_again(entry: AcceptanceEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    exchanged: Iterable[str] = ()
    added: Sequence[AddedRow] = ()
    if state.batch(entry.batch_id) is not None:  # else there is nothing that could be accepted, and that is said
        histories = Histories(state, Replayed(state), entry.seq)
        exchanged = histories.exchanged(entry.batch_id, entry.holder_id)
        added = AcceptedRows(state, histories).added_in(entry.batch_id, entry.holder_id)
    accepting = Accepting(
        entry.batch_id, entry.holder_id, entry.how, entry.accepted_by, entry.accepted_at, entry.signature_sha256, added
    )
    return accept(state, accepting, exchanged, seq=entry.seq, signoff=signoff_of(entry))


AGAIN: dict[type[DeedEntry], Again] = {AcceptanceEntry: accept_again}
"""How the replay decides each kind of entry once more."""
