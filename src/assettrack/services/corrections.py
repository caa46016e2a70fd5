"""Corrections: previewed against the present state, then made exactly so, or not at all.

A correction supersedes a row's entry; the entry stays. Whether the history stays legal with it is decided by
`domain.correction_deeds`, on preview and once more under the write lock.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256

import msgspec

from assettrack.domain import correction_deeds, corrections, errors
from assettrack.domain.correction_deeds import Asked, Proposal
from assettrack.domain.corrections import ValuesWrong
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import Options
from assettrack.services.confirm_codes import require_code, require_shown
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


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
    with workplace.store.read() as snapshot, _refusals_raised():
        proposal, _ = _proposed(workplace, snapshot, (seq, values), workplace.now())
    code = proposal.confirm_code
    if code is not None:
        line = msgspec.json.encode({"row_number": seq, "after": proposal.after.asset})
        workplace.plans.keep(code, _asked_for(proposal), Options(), [line + b"\n"])
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
    with workplace.store.write() as transaction, _refusals_raised():
        proposal, inventory = _proposed(workplace, transaction, (seq, values), corrections.moment(signed.recorded_at))
        if proposal.illegal:
            raise errors.CorrectionRefused(proposal.illegal)
        if confirm is not None:
            _require_confirmed(workplace, proposal, confirm)
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
        errors.DatabaseDamaged: the tables don't say what the asset's history leads to.
    """
    zone = workplace.zone(snapshot.station().timezone)
    proposal = correction_deeds.propose(snapshot, snapshot.histories, Asked(*asked, zone, now), snapshot.log_size + 1)
    asset_tag, before, after = proposal.asset_tag, proposal.before, proposal.after.asset
    place = None if after is None else after.place
    inventory = snapshot.inventory_of([asset_tag], [] if place is None else [place])
    found = (inventory.assets.get(asset_tag), inventory.latest.get(asset_tag), inventory.custody.get(asset_tag))
    if found != (before.asset, before.latest, before.custody):
        raise errors.DatabaseDamaged(f"asset {asset_tag} is not what its entries lead to; run audit verify")
    return proposal, inventory


@contextmanager
def _refusals_raised() -> Iterator[None]:
    """Raise what stops a correction in the block as errors of the catalogue."""
    try:
        with refusal_raised():
            yield
    except ValuesWrong as error:
        raise errors.CorrectionHasProblems(str(error)) from error
    except NotAnEntry as error:
        raise errors.DatabaseDamaged(f"an entry of the log can't be read ({error})") from error


def _require_confirmed(workplace: Workplace, proposal: Proposal, confirm: str) -> None:
    """Make sure that the correction is the one that was shown with this code, or say what differs."""
    code = require_code(confirm)
    if code == proposal.confirm_code:
        return
    shown = require_shown(workplace, code)
    if shown.source_sha256 != _asked_for(proposal):
        raise errors.ConfirmCodeWrong(code, "it was shown for something else")
    raise errors.CorrectionStale(proposal.corrects)


def _asked_for(proposal: Proposal) -> str:
    """Return what names a correction on the shelf of plans, whatever it would do: its entry and values, hashed."""
    return sha256(msgspec.json.encode((proposal.corrects, proposal.changed), order="sorted")).hexdigest()
