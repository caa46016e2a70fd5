"""How a count ends: it is shown first, and then signed off exactly so; or it is abandoned, and has no result.

Each deed is one transaction. One that was done before is answered again, and nothing happens: an answer may be lost.
"""

from collections.abc import Mapping

import msgspec

from assettrack.domain import count_deeds, counts, desk_errors
from assettrack.domain.count_deeds import Abandoning, Closing
from assettrack.domain.counts import FOUND, Result
from assettrack.domain.entries.counts import CountAbandonEntry, CountCloseEntry
from assettrack.services import count_conclusions, count_reading
from assettrack.services.confirm_codes import require_code
from assettrack.services.count_conclusions import Conclusion
from assettrack.services.counts import Sheet, results_of, sheet_in
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import DeedReceipt, refusal_raised, signoff


class Ending(msgspec.Struct, frozen=True):
    """How a count would be signed off now, or was; ``confirm`` is the code that confirms exactly this."""

    sheet: Sheet
    confirm: str

    @property
    def is_closed(self) -> bool:
        """Whether it is signed off already, so that nothing is left to do."""
        return self.sheet.closed is not None


class Closed(DeedReceipt, frozen=True, kw_only=True):
    """A count that was signed off."""

    count_id: int
    totals: dict[str, int]


class Abandoned(DeedReceipt, frozen=True, kw_only=True):
    """A count that was abandoned."""

    count_id: int
    reason: str


class _Asked(msgspec.Struct, frozen=True):
    """A count that is to be signed off; ``confirm`` is the code of a preview, or None to do it in one go."""

    count_id: int
    remark: str
    confirm: str | None


def preview(workplace: Workplace, count_id: int) -> Ending:
    """Return how a count would be signed off now, or was signed off. Nothing is saved.

    Raises:
        errors.DeedRefused: there is no such count, or it was abandoned.
    """
    with workplace.store.read() as snapshot, refusal_raised():
        ended = count_reading.end_of(snapshot, count_deeds.require_count(snapshot, count_id))
        if isinstance(ended, CountAbandonEntry):
            raise count_reading.has_ended(ended)
        sheet = sheet_in(snapshot, count_id, with_found=False)
    return ending_of(workplace, sheet, {line.asset_tag: line.result for line in sheet.lines})


def ending_of(workplace: Workplace, sheet: Sheet, exceptions: Mapping[str, Result]) -> Ending:
    """Return how a count would be signed off that is known to stand so; ``exceptions`` are all not simply found."""
    return Ending(sheet, count_conclusions.keep(workplace, _conclusion(sheet.count_id, exceptions)))


def close(workplace: Workplace, count_id: int, remark: str = "", *, confirm: str | None = None) -> Closed:
    """Sign a count off: exactly as was confirmed, or else with the result that it has at this moment.

    If it was signed off already, with what was confirmed and no other remark, nothing happens.

    Raises:
        errors.DeedRefused: there is no such count, it was signed off otherwise, or it was abandoned.
        errors.CountStale: some would end otherwise than was shown.
        errors.ConfirmCodeWrong: the code belongs to no preview of this count.
    """
    signed = signoff(workplace)
    asked = _Asked(count_id, remark, None if confirm is None else require_code(confirm))
    with refusal_raised(), workplace.store.read() as snapshot:  # so that others need not wait while it is compared
        size, found = snapshot.log_size, _compared(snapshot, asked)
    if isinstance(found, Closed):
        return found
    with refusal_raised(), workplace.store.write() as transaction:
        if transaction.log_size != size:
            found = _compared(transaction, asked)
        if isinstance(found, Closed):
            return found
        count_conclusions.require_confirmed(workplace, _conclusion(count_id, _exceptions(found)), asked.confirm)
        seq = transaction.log_size + 1
        transaction.save(count_deeds.close_count(transaction, Closing(count_id, found, remark), seq, signed))
        last_seq = transaction.log_size
    return Closed(
        count_id=count_id, totals=counts.totals(found), first_seq=seq, last_seq=last_seq,
        checkpoint=transaction.checkpoint,
    )  # fmt: skip


def abandon(workplace: Workplace, count_id: int, reason: str, *, shown: int | None = None) -> Abandoned:
    """Abandon an open count: it has no result, and takes no more scans.

    If it was abandoned already, for the same reason, nothing happens. ``shown`` is with how many scans the count was
    shown to whoever abandons it, None where it was not.

    Raises:
        errors.DeedRefused: there is no such count, it was signed off, or it was abandoned for another reason.
        desk_errors.CountNotAsShown: it has other scans than were shown.
    """
    signed = signoff(workplace)
    with workplace.store.read() as snapshot:  # so that others need not wait while they are counted
        size, scans = snapshot.log_size, 0 if shown is None else _scans(snapshot, count_id)
    with refusal_raised(), workplace.store.write() as transaction:
        ended = count_reading.end_of(transaction, count_deeds.require_count(transaction, count_id))
        if isinstance(ended, CountAbandonEntry) and ended.reason == reason:
            return Abandoned(
                count_id=count_id, reason=reason, committed=0, already_committed=True, first_seq=ended.seq,
                last_seq=ended.seq, checkpoint=count_reading.note_over(transaction, ended.seq),
            )  # fmt: skip
        if ended is not None:
            raise count_reading.has_ended(ended)
        if shown is not None and transaction.log_size != size:
            scans = _scans(transaction, count_id)
        if shown not in {None, scans}:
            raise desk_errors.CountNotAsShown(count_id, scans)
        seq = transaction.log_size + 1
        transaction.save(count_deeds.abandon_count(transaction, Abandoning(count_id, reason), seq, signed))
    return Abandoned(count_id=count_id, reason=reason, first_seq=seq, last_seq=seq, checkpoint=transaction.checkpoint)


def _scans(snapshot: Snapshot, count_id: int) -> int:
    _, seen = count_reading.frozen_and_seen(snapshot, count_id)
    return sum(each.times for each in seen.values())


def _compared(snapshot: Snapshot, asked: _Asked) -> Closed | dict[str, Result]:
    """Return how everything ends by the present state; or what is answered where it is signed off just so already.

    Raises:
        NotAllowed: there is no such count, it was signed off otherwise, or it was abandoned.
    """
    ended = count_reading.end_of(snapshot, count_deeds.require_count(snapshot, asked.count_id))
    if ended is None:
        return results_of(snapshot, asked.count_id)
    if not isinstance(ended, CountCloseEntry) or asked.remark not in {"", ended.remark}:
        raise count_reading.has_ended(ended)
    conclusion = _conclusion(asked.count_id, count_reading.exceptions_of(snapshot, ended))
    if asked.confirm not in {None, conclusion.code}:
        raise count_reading.has_ended(ended)
    last_seq = ended.seq + ended.parts
    return Closed(
        count_id=asked.count_id, totals=ended.totals, committed=0, already_committed=True, first_seq=ended.seq,
        last_seq=last_seq, checkpoint=count_reading.note_over(snapshot, last_seq),
    )  # fmt: skip


def _exceptions(results: Mapping[str, Result]) -> dict[str, Result]:
    return {tag: result for tag, result in results.items() if result != FOUND}


def _conclusion(count_id: int, exceptions: Mapping[str, Result]) -> Conclusion:
    """Return what is confirmed: what is not said to have ended otherwise was found, as it was expected."""
    return Conclusion(("close", count_id), exceptions)
