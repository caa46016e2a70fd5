"""Judging a receipt: offline by the station's public key alone, or beside the database.

Owns what is looked at beside the proof itself: does the log still hold the entry, does it still lead to the root that
was signed, was anything on the receipt corrected since. Writes nothing.
"""

from collections.abc import Iterator, Sequence

import msgspec

from assettrack.domain import errors
from assettrack.domain.checkpoints import Checkpoint
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.facts import Handover
from assettrack.domain.merkle import HashesMissing, Tree, leaf_hash
from assettrack.domain.receipt_proofs import Proof, Verdict, check, decode_payload, root_from_path
from assettrack.domain.receipt_tellings import Retelling
from assettrack.domain.receipts import ReceiptLine, ReceiptTextInvalid, parse_text
from assettrack.domain.signed_notes import Verify, read_vkey
from assettrack.services.given_up import given_up
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.receipt_lines import CustodyTold
from assettrack.services.stored_entries import entry_at
from assettrack.services.unaccepted import unaccepted


class Judgement(msgspec.Struct, frozen=True):
    """What is to be said of a receipt. ``ok`` only where it is genuine and, beside a database, the log agrees.

    ``code`` is genuine, text_changed, damaged, foreign, proof_invalid, pages_differ, given_up or log_differs;
    ``log_agrees`` is None where no database was asked. ``remarks`` are sentences about what was corrected since.
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
            restored = _given_up(snapshot, proof)
            code, message = ("given_up", restored) if restored else ("log_differs", fault)
            return msgspec.structs.replace(judged, ok=False, code=code, message=message, log_agrees=False)
        remarks = (*_corrected_since(snapshot, text), *_accepted_otherwise(snapshot, text))
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


def _given_up(snapshot: Snapshot, proof: Proof) -> str:
    """Return that a restore gave up the receipt's entry, as the log itself tells; empty where none did.

    The log does not hold what was signed, so this is no good answer either; but nobody need look for a forger.
    """
    entry = proof.entry()
    assert entry is not None, "a genuine receipt has an entry"
    root = root_from_path(leaf_hash(proof.body), entry.seq - 1, proof.size, proof.path)
    assert root is not None, "a genuine receipt has a root"
    told = given_up(snapshot, entry.recorded_at, Checkpoint(proof.origin, proof.size, root))
    if not told:
        return ""
    return (
        f"This receipt is genuine, but its entry {entry.seq} is not in the log any more. {told} What it states is not "
        "recorded here, and its number may have come again. Whether the log is good, audit verify tells."
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
    """Return a sentence for each correction after the receipt was issued that changed what stands on one of its lines.

    Or that corrected the entry of the line, whatever it changed of it.
    """
    try:
        receipt = parse_text(text)
    except ReceiptTextInvalid:
        return ()
    custody, found = CustodyTold(snapshot), []
    for line in receipt.lines:
        if line.asset_tag not in custody.corrected_tags:
            continue
        entry = entry_at(snapshot, line.entry_seq, RowEntry)
        told = custody.retold(entry, receipt.log_size if line.event == "held" else None)
        found += [
            _retold(line, retelling, list(custody.otherwise(entry, retelling)))
            for retelling in told.retellings
            if retelling.seq > receipt.log_size
        ]
    return tuple(found)


def _retold(line: ReceiptLine, retelling: Retelling, otherwise: Sequence[str]) -> str:
    """Return the sentence that a line of a receipt was corrected, itself or by an entry before it."""
    is_own = retelling.corrects == line.entry_seq
    which = f" ({line.asset_tag}, item {line.item})"
    if not is_own:
        which = f", on which item {line.item} ({line.asset_tag}) rests,"
    should = f" It should say: {', '.join(otherwise)}." if otherwise else ""
    return f"Since then entry {retelling.corrects}{which} was corrected by entry {retelling.seq}.{should}"


def _accepted_otherwise(snapshot: Snapshot, text: str) -> Iterator[str]:
    """Yield a sentence where the acceptance that a receipt states was corrected after the receipt was issued."""
    try:
        receipt = parse_text(text)
    except ReceiptTextInvalid:
        return
    said = receipt.acknowledgement
    handover = None if receipt.batch_id is None else snapshot.fact(Handover, receipt.batch_id, receipt.holder_id)
    if said is None or handover is None or handover.accepted_seq is None:
        return
    entry = entry_at(snapshot, handover.accepted_seq, DeedEntry)
    if isinstance(entry, AcceptanceCorrectionEntry):
        stated = (said.accepted_by, said.how, said.accepted_at)
        if stated != (entry.accepted_by, entry.how, entry.accepted_at):
            yield f"Since then its acceptance was corrected by entry {entry.seq}."
    added = unaccepted(snapshot, receipt.holder_id).get((handover.batch_id, handover.holder_id), ())
    by_seq = {row.seq: row for row in added}
    for line in receipt.standing:
        row = by_seq.get(line.entry_seq)
        if row is None or line.acceptance:
            continue
        item = f"Item {line.item} ({line.asset_tag})"
        if row.redated is None:
            yield f"{item} was added by a correction after its acceptance: nobody has accepted it."
        else:
            then, now = (each or "no date" for each in row.redated)
            yield f"{item} was accepted as due on {then}, and corrected since to {now}: nobody has accepted that."


def _lines(text: str) -> Sequence[ReceiptLine]:
    """Return the lines of a text whose hash is right; none of one that a later version wrote."""
    try:
        return parse_text(text).lines
    except ReceiptTextInvalid:
        return ()
