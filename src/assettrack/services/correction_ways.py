"""What corrections of rows and of acceptances have in common for whoever offers both, and how programs are told of one.

Owns which service corrects an entry, and the keys of the answer on every face alike. Decides nothing about it.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from assettrack.domain import errors
from assettrack.domain.acceptance_corrections import AcceptanceProposal, AnyProposal
from assettrack.domain.correction_deeds import Proposal
from assettrack.services import acceptance_corrections, corrections
from assettrack.services.acceptance_corrections import AcceptanceReceipt
from assettrack.services.correction_effects import HandoverOtherwise, handovers_otherwise
from assettrack.services.corrections import CorrectionReceipt
from assettrack.services.ports import Workplace

AnyReceipt = CorrectionReceipt | AcceptanceReceipt
"""What became of a correction of a row or of an acceptance."""


class Way(Protocol):
    """How entries of one kind are corrected: what a service offers."""

    def preview(self, workplace: Workplace, seq: int, values: Mapping[str, str]) -> AnyProposal:
        """Return what a correction would do."""

    def correct(
        self, workplace: Workplace, seq: int, values: Mapping[str, str], reason: str, *, confirm: str | None
    ) -> AnyReceipt:
        """Make a correction."""


def way_of(workplace: Workplace, seq: int) -> Way:
    """Return what corrects an entry: acceptances are corrected in another way than rows.

    Raises:
        station_errors.DatabaseDamaged: it can't be read.
    """
    return acceptance_corrections if acceptance_corrections.concerns(workplace, seq) else corrections


def refusal_of(proposal: AnyProposal) -> errors.AssetTrackError | None:
    """Return the error with which a correction would end that can't be made, or None."""
    illegal = proposal.illegal if isinstance(proposal, Proposal) else ()
    return errors.CorrectionRefused(illegal) if illegal else None


def handovers_of(workplace: Workplace, proposal: AnyProposal) -> Sequence[HandoverOtherwise]:
    """Return what a correction does to acceptances: what would be open to be accepted then, or not be asked for.

    Raises:
        station_errors.DatabaseDamaged: the history of an asset can't be read.
    """
    return handovers_otherwise(workplace, proposal) if isinstance(proposal, Proposal) else ()


def previewed(proposal: AnyProposal, handovers: Sequence[HandoverOtherwise]) -> dict[str, object]:
    """Return what a preview answers in JSON; ``handovers`` are those of `handovers_of`."""
    of_row: dict[str, object] = {"row": None, "illegal": ()}
    if isinstance(proposal, Proposal):
        row = {"before": proposal.row_before.cells, "after": proposal.row_after.cells}
        of_row = {"row": row, "illegal": proposal.illegal}
    code = proposal.confirm_code
    answer = {**_stated(proposal), "valid": code is not None, "confirm": code, **of_row}
    return {**answer, "notices": proposal.notices, "handovers": [each._asdict() for each in handovers]}


def corrected(receipt: AnyReceipt) -> dict[str, object]:
    """Return what a correction that was made answers in JSON."""
    seq = receipt.seq
    entry = {"batch_id": None, "committed": 1, "already_committed": False, "first_seq": seq, "last_seq": seq}
    return {**_stated(receipt.proposal), **entry, "checkpoint": receipt.checkpoint}


def _stated(proposal: AnyProposal) -> dict[str, object]:
    """Return what a preview and a correction both answer in JSON."""
    if isinstance(proposal, AcceptanceProposal):
        before, after = msgspec.structs.asdict(proposal.before), msgspec.structs.asdict(proposal.after)
        acceptance = {"batch_id": proposal.handover.batch_id, "holder": proposal.holder.name}
        acceptance |= {"before": before, "after": after}
        of_asset = {"asset_tag": None, "changed": proposal.changed, "before": None, "after": None}
        return {"corrects": proposal.corrects, **of_asset, "acceptance": acceptance}
    return {
        "corrects": proposal.corrects,
        "asset_tag": proposal.asset_tag,
        "changed": proposal.changed,
        "before": proposal.before.asset,
        "after": proposal.after.asset,
    }
