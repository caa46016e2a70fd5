"""The deed of issuing a receipt: one entry that holds the hash of the receipt's text.

Owns who may be given a receipt, and its number. What the text says is made elsewhere; it lies beside
the log, which knows it by its hash.
"""

from typing import NamedTuple

from assettrack.domain.deeds import Deed, ReceiptText, Signoff, signed_by, single
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.custody import ReceiptEntry
from assettrack.domain.facts import Handover, KnownFacts, ReceiptFact
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder
from assettrack.domain.state import Again, State, signoff_of


class ReceiptFacts(NamedTuple):
    """What an entry says of a receipt; ``batch_id`` is None for all that the holder has.

    ``lines`` counts its lines, ``assets`` the different assets of those that count.
    """

    receipt_id: int
    holder: Holder
    batch_id: int | None
    text_sha256: str
    lines: int
    assets: int


def next_receipt_id(known: KnownFacts) -> int:
    """Return the number of the next receipt."""
    last = known.last(ReceiptFact)
    return 1 if last is None else last.receipt_id + 1


def receiver(known: KnownFacts, holder_id: int, batch_id: int | None) -> Holder:
    """Return the holder who is given a receipt, for a batch or (None) for all the holder has.

    Raises:
        NotAllowed: there is no such holder, or the batch had nothing to do with the holder.
    """
    holder = known.holder(holder_id)
    if holder is None:
        raise NotAllowed("unknown_holder", "name", name=holder_id, near="")
    if batch_id is not None and known.fact(Handover, batch_id, holder_id) is None:
        raise NotAllowed("no_handover", "batch_id", batch_id=batch_id, holder=holder.name)
    return holder


def issue_receipt(facts: ReceiptFacts, text: str | None, seq: int, signoff: Signoff) -> Deed:
    """Record that a receipt was issued; its text is kept beside the log, where it is at hand."""
    receipt_id, holder, batch_id, text_sha256, lines, assets = facts
    entry = ReceiptEntry(
        seq,
        receipt_id=receipt_id,
        holder_id=holder.holder_id,
        name=holder.name,
        text_sha256=text_sha256,
        lines=lines,
        assets=assets,
        batch_id=batch_id,
        **signed_by(signoff),
    )
    kept = () if text is None else (ReceiptText(receipt_id, text),)
    return single(entry, facts=(ReceiptFact(receipt_id, seq, holder.holder_id, batch_id, text_sha256),), kept=kept)


def issue_receipt_again(entry: ReceiptEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    holder = receiver(state, entry.holder_id, entry.batch_id)
    counts = entry.lines, entry.assets
    facts = ReceiptFacts(next_receipt_id(state), holder, entry.batch_id, entry.text_sha256, *counts)
    return issue_receipt(facts, None, entry.seq, signoff_of(entry))


AGAIN: dict[type[DeedEntry], Again] = {ReceiptEntry: issue_receipt_again}
"""How the replay decides each kind of entry once more."""
