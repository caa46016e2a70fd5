"""Corrections of acceptances: previewed, then made exactly so, or not at all, as those of rows are.

What may be corrected, and that it happens once, is decided by `domain.acceptance_corrections`.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

import msgspec

from assettrack.domain import acceptance_corrections, corrections
from assettrack.domain.acceptance_corrections import AcceptanceProposal
from assettrack.domain.audit_log import AnyEntry, decode_body
from assettrack.domain.correction_deeds import Asked
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.custody import AcceptanceEntry
from assettrack.domain.facts import Handover
from assettrack.services.batch_acceptors import Said, near_giver, require_no_giver
from assettrack.services.corrections import keep_shown, refusals_raised, require_confirmed
from assettrack.services.exchanges import StoredExchanges
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.stored_entries import entry_at
from assettrack.services.typed_deeds import signoff


class AcceptanceReceipt(msgspec.Struct, frozen=True):
    """What became of a correction: entry ``seq`` supersedes entry ``proposal.corrects``.

    ``checkpoint`` is the signed note that covers it.
    """

    seq: int
    proposal: AcceptanceProposal
    checkpoint: str


def concerns(workplace: Workplace, seq: int) -> bool:
    """Tell whether an entry is an acceptance, or an earlier correction of one.

    Raises:
        station_errors.DatabaseDamaged: it can't be read.
    """
    with workplace.store.read() as snapshot, refusals_raised():
        body = snapshot.histories.body_of(seq)
        return body is not None and isinstance(decode_body(body), AcceptanceEntry)


def preview(workplace: Workplace, seq: int, values: Mapping[str, str]) -> AcceptanceProposal:
    """Return what correcting acceptance ``seq`` by these values (by field, as typed) would do. Nothing is saved.

    Raises:
        errors.CorrectionHasProblems: the values don't look right.
        errors.DeedRefused: the entry can't be corrected, is corrected already, the values change nothing, or it can't
            have been accepted at that time, or by whoever gave it back.
    """
    with workplace.store.read() as snapshot, refusals_raised():
        proposal = _proposed(workplace, snapshot, (seq, values), workplace.now())
    keep_shown(workplace, proposal, proposal.after)
    return proposal


def correct(
    workplace: Workplace, seq: int, values: Mapping[str, str], reason: str, *, confirm: str | None
) -> AcceptanceReceipt:
    """Supersede acceptance ``seq``: decide again under the write lock, and save exactly what was confirmed.

    ``confirm`` is the code of a preview, or None to decide and save in one go.

    Raises:
        errors.CorrectionHasProblems, errors.DeedRefused: as `preview`; the latter also without a reason.
        errors.ConfirmCodeWrong: the code belongs to no preview of this correction.
    """
    signed = signoff(workplace)
    with workplace.store.write() as transaction, refusals_raised():
        proposal = _proposed(workplace, transaction, (seq, values), corrections.moment(signed.recorded_at))
        if confirm is not None:
            require_confirmed(workplace, proposal, confirm)
        number = transaction.log_size + 1
        transaction.save(acceptance_corrections.correct(proposal, reason, number, signed))
    return AcceptanceReceipt(number, proposal, transaction.checkpoint)


def superseded(snapshot: Snapshot, entries: Iterable[AnyEntry]) -> dict[int, int]:
    """Return those of the entries that are acceptances and were corrected, each with the entry that corrects it.

    Raises:
        NotAnEntry: the log is damaged.
    """
    found = {}
    for entry in entries:
        if isinstance(entry, AcceptanceEntry):
            handover = snapshot.fact(Handover, entry.batch_id, entry.holder_id)
            latest = None if handover is None else handover.accepted_seq
            if latest is not None and latest != entry.seq:
                by_entry = acceptance_corrections.superseded_by(
                    lambda seq: entry_at(snapshot, seq, DeedEntry), entry.seq, latest
                )
                if by_entry is not None:
                    found[entry.seq] = by_entry
    return found


def _proposed(
    workplace: Workplace, snapshot: Snapshot, asked: tuple[int, Mapping[str, str]], now: datetime
) -> AcceptanceProposal:
    """Return what is proposed."""
    zone = workplace.zone(snapshot.station().timezone)
    source, seq = StoredExchanges(snapshot), snapshot.log_size + 1
    proposal = acceptance_corrections.propose(snapshot, source, Asked(*asked, zone, now), seq)
    batch = snapshot.batch(proposal.handover.batch_id)
    if batch is not None and "by" in proposal.changed:
        require_no_giver(snapshot, batch, proposal.holder, proposal.after.by)
        said = Said(proposal.after.by, workplace.operator or "")
        return msgspec.structs.replace(proposal, notices=near_giver(snapshot, batch, proposal.holder, said))
    return proposal
