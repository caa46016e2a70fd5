"""Judging a receipt of which only the code was scanned: the station has the text itself.

Owns where the text comes from that the code is judged with. What is judged is `receipt_checks`'. Writes nothing.
"""

import msgspec

from assettrack.domain.receipt_proofs import PayloadDamaged, decode_payload
from assettrack.domain.receipts import text_sha256
from assettrack.domain.wedge import read_typed
from assettrack.services import receipt_checks
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.receipt_checks import Judgement


class Scanned(msgspec.Struct, frozen=True):
    """What is to be said of a receipt whose code was scanned, and its text as the station keeps it, where it does."""

    judged: Judgement
    text: str | None


def payload_of(typed: str) -> str:
    """Return the payload in what a scanner typed: the code has no small letters, so Caps Lock loses nothing of it."""
    return read_typed(typed).text.upper()


def judge_code(workplace: Workplace, payload: str) -> Scanned:
    """Judge a receipt by the payload of its code alone, with the text that the station keeps.

    Whoever has the paper in hand has to compare it with that text: a code says nothing of what is printed around it.
    """
    with workplace.store.read() as snapshot:
        text = _kept_text(snapshot, payload)
    judged = receipt_checks.judge(workplace, text or "", payload)
    if text is None and judged.code == "text_changed":
        judged = msgspec.structs.replace(judged, code="log_differs", message=_missing(judged), log_agrees=False)
    return Scanned(judged, text if judged.ok else None)


def _kept_text(snapshot: Snapshot, payload: str) -> str | None:
    """Return the text whose hash the payload carries, or None where it is not kept here."""
    try:
        entry = decode_payload(payload).entry()
    except PayloadDamaged:
        return None
    if entry is None:
        return None
    texts = (kept.text for kept in snapshot.receipt_texts(entry.receipt_id))
    return next((text for text in texts if text_sha256(text) == entry.text_sha256), None)


def _missing(judged: Judgement) -> str:
    return (
        f"The code is genuine: this station signed for receipt {judged.receipt_id} of {judged.holder}, entry "
        f"{judged.seq}. But the station does not have this receipt any more: entries are missing here, or were made "
        "anew. Verify the log."
    )
