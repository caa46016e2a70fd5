"""Judging a receipt: offline by the station's public key alone, or beside the database.

Owns what is looked at beside the proof itself: does the log still hold the entry, does it still lead to the root that
was signed, was anything on the receipt corrected since. Writes nothing.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain import errors
from assettrack.domain.checkpoints import Verify, read_vkey
from assettrack.domain.merkle import HashesMissing, Tree, leaf_hash
from assettrack.domain.receipt_proofs import Proof, Verdict, check, decode_payload, root_from_path
from assettrack.domain.receipts import ReceiptLine, ReceiptTextInvalid, parse_text
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.receipt_lines import superseded_by


class Judgement(msgspec.Struct, frozen=True):
    """What is to be said of a receipt. ``ok`` only where it is genuine and, beside a database, the log agrees.

    ``code`` is genuine, text_changed, damaged, foreign, proof_invalid, pages_differ or log_differs; ``log_agrees`` is
    None where no database was asked. ``remarks`` are sentences about entries that were corrected since.
    """

    ok: bool
    code: str
    message: str
    receipt_id: int | None = None
    seq: int | None = None
    holder: str | None = None
    log_agrees: bool | None = None
    remarks: tuple[str, ...] = ()


def judge_offline(text: str, payload: str, key: str, verify: Verify) -> Judgement:
    """Judge a receipt by its text, the payload of its code, and a verifier key (C2SP signed note), and nothing else.

    Raises:
        errors.ValueUnusable: the key is none.
    """
    try:
        known = read_vkey(key)
    except ValueError as error:
        raise errors.ValueUnusable("The key", key, str(error)) from error
    return _said(check(text, payload, origin=known.name, public_key=known.public_key, verify=verify))


def judge(workplace: Workplace, text: str, payload: str) -> Judgement:
    """Judge a receipt by its text and the payload of its code, with the station's own key; the log must agree."""
    with workplace.store.read() as snapshot:
        station = snapshot.station()
        public_key = bytes.fromhex(station.public_key)
        verdict = check(text, payload, origin=station.station, public_key=public_key, verify=workplace.verify)
        judged = _said(verdict)
        if not verdict.genuine:
            return judged
        proof = decode_payload(payload)
        fault = _disagreement(snapshot, proof, text)
        if fault is not None:
            return msgspec.structs.replace(judged, ok=False, code="log_differs", message=fault, log_agrees=False)
        remarks = _corrected_since(snapshot, text)
    message = f"{judged.message} The log agrees."
    return msgspec.structs.replace(judged, message=message, log_agrees=True, remarks=remarks)


def not_as_printed(judged: Judgement) -> Judgement:
    """Return what is to be said where text and proof are genuine, but the pages are not what is printed from them."""
    message = (
        "The text and the proof in this PDF are genuine, but its pages are not what this version prints from them: "
        "they may say something else. Trust the attached text only, or have the receipt printed anew by its station."
    )
    return msgspec.structs.replace(judged, ok=False, code="pages_differ", message=message)


def _said(verdict: Verdict) -> Judgement:
    entry = verdict.entry
    return Judgement(
        ok=verdict.genuine,
        code=verdict.code,
        message=verdict.sentence,
        receipt_id=None if entry is None else entry.receipt_id,
        seq=None if entry is None else entry.seq,
        holder=None if entry is None else entry.name,
    )


def _disagreement(snapshot: Snapshot, proof: Proof, text: str) -> str | None:
    """Return how the log differs from what a genuine receipt proves, or None where it agrees."""
    entry = proof.entry()
    assert entry is not None, "a genuine receipt has an entry"
    if snapshot.log_size < proof.size:
        return (
            f"This receipt is genuine, but the log has only {snapshot.log_size} entries, and {proof.size} were signed "
            "for: entries are missing here. Run audit verify."
        )
    stored = [record.body for record, _ in snapshot.records(entry.seq, entry.seq)]
    root = root_from_path(leaf_hash(proof.body), entry.seq - 1, proof.size, proof.path)
    try:
        same = stored == [proof.body] and Tree.restore(proof.size, snapshot.hashes).root() == root
    except HashesMissing:
        same = False
    if same:
        return _changed_line(snapshot, text)
    return (
        f"This receipt is genuine, but this log is not the one that was signed: its first {proof.size} entries differ. "
        "Run audit verify."
    )


def _changed_line(snapshot: Snapshot, text: str) -> str | None:
    """Return that an entry which the receipt names is not what was signed, or None."""
    for line in _lines(text):
        stored = [leaf_hash(record.body) == leaf for record, leaf in snapshot.records(line.entry_seq, line.entry_seq)]
        if stored != [True]:
            return (
                f"This receipt is genuine, but entry {line.entry_seq}, on which its item {line.item} stands, was "
                "changed in this log. Run audit verify."
            )
    return None


def _corrected_since(snapshot: Snapshot, text: str) -> tuple[str, ...]:
    """Return a sentence for each line whose entry was corrected after the receipt was issued."""
    found = ((line, superseded_by(snapshot, line.entry_seq)) for line in _lines(text))
    return tuple(
        f"Since then entry {line.entry_seq} ({line.asset_tag}, item {line.item}) was corrected by entry {seq}."
        for line, seq in found
        if seq is not None and seq != line.corrected_by
    )


def _lines(text: str) -> Sequence[ReceiptLine]:
    """Return the lines of a text whose hash is right; none of one that a later version wrote."""
    try:
        return parse_text(text).lines
    except ReceiptTextInvalid:
        return ()
