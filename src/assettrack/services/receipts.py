"""Receipts: issued as one entry each, printed the same each time, and found again.

Owns what a receipt says and which proof it carries: that of the checkpoint in which its own transaction
ended. Making paper of it is `paper`, judging one is `domain.receipt_proofs`.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain import errors, receipt_deeds, station_errors
from assettrack.domain.checkpoints import signed_by_origin
from assettrack.domain.deeds import Signoff
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.facts import Handover, Organisation, ReceiptFact
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder
from assettrack.domain.merkle import HashesMissing, inclusion_proof
from assettrack.domain.receipt_deeds import ReceiptFacts
from assettrack.domain.receipt_proofs import encode_payload, proof_from_note
from assettrack.domain.receipts import Receipt, parse_text, text_of, text_sha256
from assettrack.domain.timestamps import local_text
from assettrack.services.acknowledgements import acknowledged, on_lines
from assettrack.services.names import require_meant, require_named
from assettrack.services.ports import Snapshot, Transaction, Workplace
from assettrack.services.receipt_lines import HolderLines, due_notes, handed_over, held
from assettrack.services.stored_entries import entry_at, record_at
from assettrack.services.typed_deeds import refusal_raised, signoff


class IssuedReceipt(msgspec.Struct, frozen=True):
    """A receipt as it stands in the log; ``already_issued`` says that the same was, and nothing was saved.

    ``assets`` counts the different assets on it, ``void`` those of its lines that don't count for the holder any more,
    and in which no asset is counted.
    """

    receipt_id: int
    seq: int
    holder: str
    batch_id: int | None
    lines: int
    assets: int
    void: int
    already_issued: bool


class Issued(msgspec.Struct, frozen=True):
    """The receipts that were asked for, and the entries of those that are new; all None where none is.

    ``checkpoint`` is the signed note that covers them.
    """

    receipts: Sequence[IssuedReceipt]
    first_seq: int | None
    last_seq: int | None
    checkpoint: str | None


class PrintedReceipt(msgspec.Struct, frozen=True):
    """The two things a receipt's paper is made from: its text, and the payload of its code."""

    receipt_id: int
    text: str
    payload: str


class _Issuing(msgspec.Struct, frozen=True):
    """What is known while receipts are issued."""

    workplace: Workplace
    transaction: Transaction
    signed: Signoff


def issue_for_batch(workplace: Workplace, batch_id: int, name: str | None = None, number: int | None = None) -> Issued:
    """Issue the receipts of a batch: one for each holder it handed something over to or took back from, or for one.

    One that says what an earlier one says, but for its number and time, is not issued again. ``number`` is that of the
    holder whom a page showed under the name, where one did: the name may be another's since.

    Raises:
        errors.NotFound: there is no such batch or holder.
        errors.DeedRefused: the batch handed nothing over, or had nothing to do with the holder.
    """
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        issue = _Issuing(workplace, transaction, signed)
        batch = transaction.batch(batch_id)
        if batch is None:
            raise errors.NotFound("batch", str(batch_id))
        handovers = {fact.holder_id: fact for fact in transaction.facts(Handover, batch_id)}
        wanted = list(handovers) if name is None else [require_meant(transaction, name, number).holder_id]
        if not wanted:
            raise NotAllowed("no_handover_in_batch", "batch_id", batch_id=batch_id)
        found = handed_over(transaction, batch)
        options = entry_at(transaction, batch.first_seq, BatchEntry).options
        issued = []
        for holder_id in wanted:
            holder = receipt_deeds.receiver(transaction, holder_id, batch_id)
            own = found.get(holder_id, HolderLines(holder_id))
            zone = workplace.zone(transaction.station().timezone)
            said = acknowledged(transaction, zone, handovers[holder_id], own)
            accepted, lines = on_lines(own, holder_id, said)
            due_date, due = own.due_date(options.due_on)
            receipt = _receipt(issue, holder, own)
            receipt = msgspec.structs.replace(
                receipt,
                kind="handover",
                batch_id=batch_id,
                due_date=due_date,
                lines=tuple(lines),
                acknowledgement=accepted,
                asked=accepted is not None or bool(handovers[holder_id].asked),
                notes=(*receipt.notes, *said.notes, *due),
            )
            issued.append(_save(issue, holder, receipt))
    return _issued(transaction, issued)


def issue_hand_receipt(workplace: Workplace, name: str, number: int | None = None) -> Issued:
    """Issue the hand receipt of a holder: all that the holder has now. ``number`` is as in `issue_for_batch`.

    Raises:
        errors.NotFound: there is no such holder.
    """
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        issue = _Issuing(workplace, transaction, signed)
        holder = require_meant(transaction, name, number)
        own = held(transaction, holder)
        inventory = transaction.inventory_of([line.asset_tag for line in own.lines], [])
        notes = due_notes(own.lines, [inventory.assets[line.asset_tag].due_on for line in own.lines])
        receipt = _receipt(issue, holder, own)
        receipt = msgspec.structs.replace(receipt, notes=(*receipt.notes, *notes))
        issued = _save(issue, holder, receipt)
    return _issued(transaction, [issued])


def printed(workplace: Workplace, receipt_id: int) -> PrintedReceipt:
    """Return what a receipt's paper is made from: the same each time.

    Raises:
        errors.NotFound: there is no such receipt.
        station_errors.DatabaseDamaged: its text, entry, checkpoint or hashes are not there.
    """
    with workplace.store.read() as snapshot:
        fact = snapshot.fact(ReceiptFact, receipt_id)
        if fact is None:
            raise errors.NotFound("receipt", str(receipt_id))
        text = _text(snapshot, receipt_id)
        note = snapshot.checkpoint_at_least(fact.seq)
        if note is None:
            raise station_errors.DatabaseDamaged("the log has no checkpoint that covers the receipt")
        try:
            size = signed_by_origin(note)[0].size
            path = inclusion_proof(fact.seq - 1, size, snapshot.hashes)
            body = record_at(snapshot, fact.seq).body
            payload = encode_payload(proof_from_note(body, tuple(path), note))
        except (HashesMissing, ValueError) as error:
            raise station_errors.DatabaseDamaged(f"the proof of receipt {receipt_id} can't be made: {error}") from error
    return PrintedReceipt(receipt_id, text, payload)


def all_receipts(workplace: Workplace, name: str | None = None) -> list[tuple[ReceiptFact, str]]:
    """Return all receipts, or those of a holder, by number, each with the holder's present name.

    Raises:
        errors.NotFound: there is no such holder.
    """
    with workplace.store.read() as snapshot:
        wanted = None if name is None else require_named(snapshot, name).holder_id
        names = {holder.holder_id: holder.name for holder in snapshot.all_holders()}
        found = [fact for fact in snapshot.facts(ReceiptFact) if wanted is None or fact.holder_id == wanted]
    return [(fact, names[fact.holder_id]) for fact in found]


def _receipt(issue: _Issuing, holder: Holder, own: HolderLines) -> Receipt:
    """Return a receipt's text as far as all kinds of receipts have the same."""
    transaction, at = issue.transaction, issue.signed.recorded_at
    station = transaction.station()
    organisation = transaction.fact(Organisation, holder.organisation_id)
    return Receipt(
        kind="hand_receipt",
        receipt_id=receipt_deeds.next_receipt_id(transaction),
        station=station.station,
        timezone=station.timezone,
        issued_at=at,
        issued_at_local=local_text(at, issue.workplace.zone(station.timezone)),
        issued_by=issue.signed.operator,
        holder=holder.name,
        holder_id=holder.holder_id,
        organisation="" if organisation is None else organisation.name,
        log_size=transaction.log_size,
        lines=tuple(own.lines),
        asked=False,
        notes=tuple(own.corrections()),
    )


def _save(issue: _Issuing, holder: Holder, receipt: Receipt) -> IssuedReceipt:
    """Save a receipt, unless the latest one of its kind says the same."""
    transaction = issue.transaction
    earlier = _latest(transaction, holder.holder_id, receipt.batch_id)
    if earlier is not None and _says_the_same(parse_text(_text(transaction, earlier.receipt_id)), receipt):
        return _as_issued(receipt, earlier.receipt_id, earlier.seq, already_issued=True)
    text, seq = text_of(receipt), transaction.log_size + 1
    counts = len(receipt.lines), receipt.assets
    facts = ReceiptFacts(receipt.receipt_id, holder, receipt.batch_id, text_sha256(text), *counts)
    transaction.save(receipt_deeds.issue_receipt(facts, text, seq, issue.signed))
    return _as_issued(receipt, receipt.receipt_id, seq, already_issued=False)


def _as_issued(receipt: Receipt, receipt_id: int, seq: int, *, already_issued: bool) -> IssuedReceipt:
    return IssuedReceipt(
        receipt_id,
        seq,
        receipt.holder,
        receipt.batch_id,
        len(receipt.lines),
        receipt.assets,
        len(receipt.lines) - len(receipt.standing),
        already_issued,
    )


def _issued(transaction: Transaction, receipts: Sequence[IssuedReceipt]) -> Issued:
    """Return what was issued in a transaction that has ended."""
    seqs = [receipt.seq for receipt in receipts if not receipt.already_issued]
    return Issued(receipts, min(seqs, default=None), max(seqs, default=None), transaction.checkpoint or None)


def _says_the_same(earlier: Receipt, now: Receipt) -> bool:
    """Tell whether two receipts differ only in number, time, and who issued them."""
    own = {name: getattr(now, name) for name in ("receipt_id", "issued_at", "issued_at_local", "issued_by", "log_size")}
    return msgspec.structs.replace(earlier, **own) == now


def _latest(snapshot: Snapshot, holder_id: int, batch_id: int | None) -> ReceiptFact | None:
    """Return the latest receipt of a holder for a batch, or (None) for all the holder has."""
    return next((fact for fact in snapshot.receipts_of(holder_id) if fact.batch_id == batch_id), None)


def _text(snapshot: Snapshot, receipt_id: int) -> str:
    """Return the text of a receipt, once it is sure that it is the one that was hashed."""
    fact = snapshot.fact(ReceiptFact, receipt_id)
    for kept in snapshot.receipt_texts(receipt_id):
        if fact is not None and text_sha256(kept.text) == fact.text_sha256:
            return kept.text
        raise station_errors.DatabaseDamaged(f"the text of receipt {receipt_id} is not the one that was hashed")
    raise station_errors.DatabaseDamaged(f"the text of receipt {receipt_id} is gone")
