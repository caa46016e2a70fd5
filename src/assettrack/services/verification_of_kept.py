"""Verifying what lies beside the log: is it what the log holds the hash of (DESIGN §6)?

Contact data and what accounts sign in with may be missing, because they can be erased or were never in a restored
history; what is there must be what was written. The text of a receipt must be there: the receipt is nothing without it.
So must what was drawn as a signature: nobody erases that.
"""

from collections.abc import Iterator

from assettrack.domain.account_deeds import credential_hashes, text_hash
from assettrack.domain.contact_deeds import contact_hash
from assettrack.domain.facts import Account, ContactHash, ReceiptFact, SignatureHash
from assettrack.domain.receipts import text_sha256
from assettrack.domain.signatures import strokes_sha256
from assettrack.services.ports import Snapshot


def kept_faults(snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each text, contact or credential that is not what the log holds the hash of."""
    known = {fact.holder_id: fact.contact_sha256 for fact in snapshot.facts(ContactHash)}
    for contact in snapshot.contacts():
        if known.get(contact.holder_id) != contact_hash(contact.salt or b"", contact.contact or ""):
            yield f"Table contacts says otherwise of holder {contact.holder_id} than the log."
    hashes = credential_hashes(snapshot.facts(Account))
    for credential in snapshot.accounts.credentials():
        if hashes.get((credential.account_id, credential.kind)) != text_hash(credential.text or ""):
            yield f"Table credentials says otherwise of account {credential.account_id} than the log."
    texts = {kept.receipt_id: kept.text for kept in snapshot.receipt_texts()}
    for fact in snapshot.facts(ReceiptFact):
        text = texts.pop(fact.receipt_id, None)
        if text is None:
            yield f"Table receipt_texts lacks receipt {fact.receipt_id}, which the log knows."
        elif text_sha256(text) != fact.text_sha256:
            yield f"Table receipt_texts says otherwise of receipt {fact.receipt_id} than the log."
    for receipt_id in texts:
        yield f"Table receipt_texts has receipt {receipt_id}, of which the log knows nothing."
    yield from _signature_faults(snapshot)


def _signature_faults(snapshot: Snapshot) -> Iterator[str]:
    """Yield a sentence for each signature that is not what the log holds the hash of."""
    drawn = {(kept.seq, kept.name): kept.strokes for kept in snapshot.signatures()}
    for signature in snapshot.facts(SignatureHash):
        strokes = drawn.pop((signature.seq, signature.name), None)
        if strokes is None:
            yield f"Table signatures lacks one that entry {signature.seq} holds the hash of."
        elif strokes_sha256(strokes) != signature.signature_sha256:
            yield f"Table signatures says otherwise of the signature of entry {signature.seq} than the log."
    for seq, _ in drawn:
        yield f"Table signatures has one of entry {seq}, of which the log knows nothing."
