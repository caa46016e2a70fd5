"""Entries about who is accountable: acceptances, receipts, corrections."""

from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import AcceptedHow


class AcceptanceEntry(DeedEntry, frozen=True, gc=False, tag="ACCEPTANCE", kw_only=True, omit_defaults=True):
    """Responsibility for what a batch handed over to or took back from a holder was accepted, after the batch.

    ``accepted_by`` is who accepted it and how; ``accepted_at`` is UTC text. ``signature_sha256`` (hex) is of what was
    drawn on a screen. It is of what stood in the hand-over then and nobody had accepted. ``besides`` is the entry by
    which the rest had been accepted before: what is accepted here, corrections had added since.
    """

    batch_id: int
    holder_id: int
    name: str
    how: AcceptedHow
    accepted_by: str
    accepted_at: str
    signature_sha256: str | None = None
    besides: int | None = None


class AcceptanceCorrectionEntry(
    AcceptanceEntry, frozen=True, gc=False, tag="ACCEPTANCE_CORRECTION", kw_only=True, omit_defaults=True
):
    """The acceptance of entry ``corrects`` is superseded: what is in ``changed`` should have been as given here.

    ``changed`` may name ``how``, ``by`` and ``at`` (UTC text). The other fields say the whole acceptance as it should
    have been; ``besides`` is the latest acceptance of the same hand-over, where that is not the corrected one.
    """

    corrects: int
    changed: dict[str, str]
    reason: str


class ReceiptEntry(DeedEntry, frozen=True, gc=False, tag="RECEIPT", kw_only=True, omit_defaults=True):
    """A receipt was issued: for what a batch did with a holder, or (without ``batch_id``) for all the holder has.

    ``text_sha256`` (hex) is of the receipt's text in UTF-8. ``lines`` counts its lines, ``assets`` the different assets
    in those of them that count for the holder.
    """

    receipt_id: int
    holder_id: int
    name: str
    text_sha256: str
    lines: int
    assets: int
    batch_id: int | None = None


class CorrectionEntry(DeedEntry, frozen=True, gc=False, tag="CORRECTION", kw_only=True, omit_defaults=True):
    """The row of entry ``corrects`` is superseded: the fields of ``changed`` should have been as given here.

    Column names and forms are those of a batch. ``before`` and ``after`` are the asset's state when the
    correction was made, and the state to which the history leads with it.
    """

    corrects: int
    asset_tag: str
    changed: dict[str, str]
    reason: str
    before: Asset
    after: Asset
    holder_id: int | None = None
