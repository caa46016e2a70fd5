"""Verifying what lies beside the log: is it what the log holds the hash of (DESIGN §6)?

Contact data may be missing, because it can be erased or was never in a restored history; what is there
must be what was written. The text of a receipt must be there: the receipt is nothing without it.
"""

from collections.abc import Iterator

from assettrack.domain.contact_deeds import contact_hash
from assettrack.domain.facts import ContactHash, ReceiptFact
from assettrack.domain.receipts import text_sha256
from assettrack.services.ports import Snapshot


def kept_faults(snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each text or contact that is not what the log holds the hash of."""
    known = {fact.holder_id: fact.contact_sha256 for fact in snapshot.facts(ContactHash)}
    for contact in snapshot.contacts():
        if known.get(contact.holder_id) != contact_hash(contact.salt or b"", contact.contact or ""):
            yield f"Table contacts says otherwise of holder {contact.holder_id} than the log."
    texts = {kept.receipt_id: kept.text for kept in snapshot.receipt_texts()}
    for fact in snapshot.facts(ReceiptFact):
        text = texts.pop(fact.receipt_id, None)
        if text is None:
            yield f"Table receipt_texts lacks receipt {fact.receipt_id}, which the log knows."
        elif text_sha256(text) != fact.text_sha256:
            yield f"Table receipt_texts says otherwise of receipt {fact.receipt_id} than the log."
    for receipt_id in texts:
        yield f"Table receipt_texts has receipt {receipt_id}, of which the log knows nothing."
