"""Corrections: previewed against the present state, then made exactly so, or not at all.

A correction supersedes a row's entry; the entry stays. Whether the history stays legal with it is decided by
`domain.correction_deeds`, on preview and once more under the write lock.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from typing import Protocol

import msgspec

from assettrack.domain import correction_deeds, correction_notices, corrections, errors, station_errors
from assettrack.domain.correction_deeds import Asked, Proposal
from assettrack.domain.corrections import DUE, HOLDER, ValuesWrong
from assettrack.domain.due_dates import why_not_meant
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.findings import finding
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import Options, people_moved
from assettrack.services.confirm_codes import require_code, require_previewed
from assettrack.services.exchanges import StoredExchanges
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class Confirmed(Protocol):
    """A proposed correction as far as its code goes: what is confirmed with it."""

    @property
    def corrects(self) -> int:
        """The entry that is corrected."""

    @property
    def changed(self) -> Mapping[str, str]:
        """The new values, in their normal form."""

    @property
    def confirm_code(self) -> str | None:
        """The code, or None where the correction can't be made."""


class CorrectionReceipt(msgspec.Struct, frozen=True):
    """What became of a correction: entry ``seq`` supersedes entry ``proposal.corrects``.

    ``checkpoint`` is the signed note that covers it.
    """

    seq: int
    proposal: Proposal
    checkpoint: str


def preview(workplace: Workplace, seq: int, values: Mapping[str, str]) -> Proposal:
    """Return what correcting entry ``seq`` by these values (by column, as typed) would do. Nothing is saved.

    Raises:
        errors.CorrectionHasProblems: the row with the values in place does not look right.
        errors.DeedRefused: the entry can't be corrected, is corrected already, or the values change nothing.
    """
    with workplace.store.read() as snapshot, refusals_raised():
        proposal, _ = _proposed(workplace, snapshot, (seq, values), workplace.now())
        proposal = _with_notices(workplace, proposal, snapshot)
    keep_shown(workplace, proposal, proposal.after.asset)
    return proposal


def correct(
    workplace: Workplace, seq: int, values: Mapping[str, str], reason: str, *, confirm: str | None
) -> CorrectionReceipt:
    """Supersede entry ``seq``: decide again under the write lock, and save exactly what was confirmed.

    ``confirm`` is the code of a preview, or None to decide and save in one go.

    Raises:
        errors.CorrectionHasProblems, errors.DeedRefused: as `preview`; the latter also without a reason.
        errors.CorrectionRefused: the history would not stay legal; names every entry that would not.
        errors.CorrectionStale: it would do something else than the preview showed.
        errors.ConfirmCodeWrong: the code belongs to no preview of this correction.
    """
    signed = signoff(workplace)
    with workplace.store.write() as transaction, refusals_raised():
        proposal, inventory = _proposed(workplace, transaction, (seq, values), corrections.moment(signed.recorded_at))
        if proposal.illegal:
            raise errors.CorrectionRefused(proposal.illegal)
        if confirm is not None:
            require_confirmed(workplace, proposal, confirm)
        proposal = _with_notices(workplace, proposal, transaction)
        number = transaction.log_size + 1
        transaction.save(correction_deeds.correct(proposal, inventory, reason, number, signed))
    return CorrectionReceipt(number, proposal, transaction.checkpoint)


def superseded(snapshot: Snapshot, seqs: Iterable[int]) -> dict[int, int]:
    """Return those of the entries that were corrected, each with the entry that corrects it.

    For reports and receipts, which mark what was corrected. A correction that was corrected itself is found by
    asking for it again.
    """
    return snapshot.histories.superseded(seqs)


def _proposed(
    workplace: Workplace, snapshot: Snapshot, asked: tuple[int, Mapping[str, str]], now: datetime
) -> tuple[Proposal, Inventory]:
    """Return what is proposed, and the inventory on which it can take effect.

    Raises:
        ValuesWrong: the new due date can't be meant.
        station_errors.DatabaseDamaged: the tables don't say what the asset's history leads to.
    """
    zone = workplace.zone(snapshot.station().timezone)
    source, seq = StoredExchanges(snapshot), snapshot.log_size + 1
    proposal = correction_deeds.propose(snapshot, source, Asked(*asked, zone, now), seq)
    due_on = proposal.changed.get(DUE)
    reason = why_not_meant(due_on, now.astimezone(zone).date()) if due_on else None
    if reason is not None:
        raise ValuesWrong([finding("due_on_out_of_range", None, DUE, value=due_on, reason=reason)])
    asset_tag, before, after = proposal.asset_tag, proposal.before, proposal.after.asset
    place = None if after is None else after.place
    inventory = snapshot.inventory_of([asset_tag], [] if place is None else [place])
    found = (inventory.assets.get(asset_tag), inventory.latest.get(asset_tag), inventory.custody.get(asset_tag))
    if found != (before.asset, before.latest, before.custody):
        raise station_errors.DatabaseDamaged(f"asset {asset_tag} is not what its entries lead to; run audit verify")
    return proposal, inventory


def _with_notices(workplace: Workplace, proposal: Proposal, snapshot: Snapshot) -> Proposal:
    """Return what is proposed with all that is worth a look, as a batch would point it out."""
    inventory = snapshot.inventory()
    snapshot.load(inventory, [correction_notices.looked_at(proposal)])
    zone = workplace.zone(snapshot.station().timezone)
    notices = [*proposal.notices, *correction_notices.notices_of(proposal, inventory, zone)]
    return msgspec.structs.replace(proposal, notices=notices)


@contextmanager
def refusals_raised() -> Iterator[None]:
    """Raise what stops a correction in the block as errors of the catalogue."""
    try:
        with refusal_raised():
            yield
    except ValuesWrong as error:
        raise errors.CorrectionHasProblems(error.problems) from error
    except NotAnEntry as error:
        raise station_errors.DatabaseDamaged(f"an entry of the log can't be read ({error})") from error


def keep_shown(workplace: Workplace, proposal: Confirmed, after: object) -> None:
    """Keep what was shown with the code of a correction that can be made; ``after`` is what it leads to."""
    code = proposal.confirm_code
    if code is not None:
        line = _given(proposal) or msgspec.json.encode({"row_number": proposal.corrects, "after": after})
        workplace.plans.keep(code, _asked_for(proposal), Options(), [line + b"\n"])


def require_confirmed(workplace: Workplace, proposal: Confirmed, confirm: str) -> None:
    """Make sure that the correction is the one that was shown with this code, or say what differs.

    Raises:
        errors.CorrectionStale: it would do something else than the preview showed.
        errors.ConfirmCodeWrong: the code belongs to no preview of this correction.
    """
    code = require_code(confirm)
    if code == proposal.confirm_code:
        return
    shown = require_previewed(workplace, code)
    if shown.source_sha256 != _asked_for(proposal):
        raise errors.ConfirmCodeWrong(code, "it was shown for something else")
    given = _given(proposal)
    people = people_moved(shown.lines, [given], {proposal.corrects}) if given else ()
    raise errors.CorrectionStale(proposal.corrects, people)


def _given(proposal: Confirmed) -> bytes:
    """Return what is kept of the holder to whom a row is corrected, as a plan's line says it; blank where to none."""
    if not isinstance(proposal, Proposal) or proposal.holder_id is None:
        return b""
    after = {"holder": proposal.changed[HOLDER]}
    return msgspec.json.encode({"row_number": proposal.corrects, "after": after, "holder_id": proposal.holder_id})


def _asked_for(proposal: Confirmed) -> str:
    """Return what names a correction on the shelf of plans, whatever it would do: its entry and values, hashed."""
    return sha256(msgspec.json.encode((proposal.corrects, proposal.changed), order="sorted")).hexdigest()
