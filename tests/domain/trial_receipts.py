"""Receipts and their proofs without a station: real hashes, real trees, real signatures, nothing stored.

Owns only what makes them up: names, numbers and two keys that are the same in every run.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st
from msgspec.structs import replace

from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.domain.merkle import inclusion_proof, leaf_hash, node_hash
from assettrack.domain.receipt_proofs import Proof, Verdict, check, encode_payload, proof_from_note
from assettrack.domain.receipts import (
    NUMBER_MAX,
    Acknowledgement,
    Receipt,
    ReceiptKind,
    ReceiptLine,
    text_of,
    text_sha256,
)
from assettrack.station.keys import verify_signature
from tests.domain.defined_tree import Log

ORIGIN = "station.example/hq"


@dataclass(frozen=True)
class TrialKey:
    """An Ed25519 key from 32 fixed bytes."""

    name: str
    private_bytes: bytes

    @property
    def public_key(self) -> bytes:
        """Return the public half."""
        return Ed25519PrivateKey.from_private_bytes(self.private_bytes).public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Return the signature."""
        return Ed25519PrivateKey.from_private_bytes(self.private_bytes).sign(message)


KEY = TrialKey(ORIGIN, b"k" * 32)
OTHER_KEY = TrialKey(ORIGIN, b"o" * 32)


def trial_lines(count: int, holder: str = "Ada Example") -> tuple[ReceiptLine, ...]:
    """Return the lines of that many laptops that were issued."""
    return tuple(
        ReceiptLine(
            item=item,
            event="ISSUE",
            asset_tag=f"LAP-{item:05d}",
            equipment_type="laptop",
            moved_from=f"CASE-{item // 24 + 1:02d} slot {item % 24 + 1}",
            moved_to=holder,
            entry_seq=100 + item,
            serial_number=f"SN{item * 7919:08d}",
            manufacturer="Example",
            model="Nine 14",
        )
        for item in range(1, count + 1)
    )


def trial_receipt(lines: Sequence[ReceiptLine] = trial_lines(2), kind: ReceiptKind = "handover") -> Receipt:
    """Return a receipt of one batch, or of all that the holder has, that nobody has accepted yet."""
    return Receipt(
        kind=kind,
        receipt_id=7,
        station=ORIGIN,
        timezone="Europe/Berlin",
        issued_at="2026-11-21T09:00:00.000000Z",
        issued_at_local="2026-11-21 10:00:00 CET",
        issued_by="gcurl",
        holder="Ada Example",
        holder_id=3,
        organisation="Ad Hoc",
        log_size=200,
        lines=tuple(lines),
        batch_id=12 if kind == "handover" else None,
        due_date="2026-12-24" if kind == "handover" else None,
    )


def receipt_body(text: str, seq: int, **changes: object) -> bytes:
    """Return the stored body of the entry of a receipt."""
    facts = {
        "event_type": "RECEIPT",
        "seq": seq,
        "receipt_id": 7,
        "holder_id": 3,
        "name": "Ada Example",
        "text_sha256": text_sha256(text),
        "lines": 2,
        "assets": 2,
        "operator": "gcurl",
        "recorded_at": "2026-11-21T09:00:00.000000Z",
        "version": "0.1.0",
    }
    return msgspec.json.encode(facts | changes, order="sorted")


def trial_proof(body: bytes, seq: int, size: int, key: TrialKey = KEY) -> Proof:
    """Return the proof that this body is entry ``seq`` of a log of this size, all others being made up."""
    leaves = [leaf_hash(body if number == seq else b"entry %d" % number) for number in range(1, size + 1)]
    log = Log(leaves)
    path = inclusion_proof(seq - 1, size, log)
    note = sign_checkpoint(Checkpoint(key.name, size, log.tree.root()), key)
    return proof_from_note(body, tuple(path), note)


def long_proof(body: bytes, rows: int) -> Proof:
    """Return the proof of the first of ``2 ** rows`` entries; the hashes beside its path are made up."""
    path = tuple(sha256(b"subtree %d" % row).digest() for row in range(rows))
    root = leaf_hash(body)
    for neighbour in path:
        root = node_hash(root, neighbour)
    return proof_from_note(body, path, sign_checkpoint(Checkpoint(ORIGIN, 1 << rows, root), KEY))


TEXT = text_of(trial_receipt())
SEQ, SIZE = 201, 700


@cache
def proof() -> Proof:
    """Return the proof of the receipt of :data:`TEXT`, entry 201 of a log of 700."""
    return trial_proof(receipt_body(TEXT, SEQ), SEQ, SIZE)


@cache
def payload() -> str:
    """Return the payload of that proof."""
    return encode_payload(proof())


def judge(text: str, code: str, key: TrialKey = KEY) -> Verdict:
    """Return the verdict of somebody who knows the station's name and public key."""
    return check(text, code, origin=key.name, public_key=key.public_key, verify=verify_signature)


NASTY = "\n\r\t\v\f\x00\x1c\x1f\x7f\x85\xa0\xad\u2028\u2029\u200b\u200d\u200f\u202e\u2066\u3000\ufeff\ud800\U000e0001"
"""Letters that a person can't see or tell apart: line ends and spaces of every kind, joiners, direction marks."""
values = st.text(st.one_of(st.characters(codec=None), st.sampled_from(NASTY + ' \\u{}:"#اבא́王'))) | st.sampled_from(
    [
        "open",
        "item: 1",
        "\\u{41}",
        "\\",
        "\\\\",
        " ",
        "  ",
        "a ",
        " a",
        "null",
        "None",
        "0",
        "",
        "\n\nitem: 2",
        "key: ",
    ],
)
numbers = st.integers(0, NUMBER_MAX)
lines = st.builds(
    ReceiptLine,
    item=st.just(1),
    event=st.sampled_from(["ISSUE", "RETURN", "TRANSFER", "held"]),
    asset_tag=values,
    equipment_type=values,
    moved_from=values,
    moved_to=values,
    entry_seq=numbers,
    corrected_by=st.none() | numbers,
    void=values,
    acceptance=values,
    serial_number=values,
    manufacturer=values,
    model=values,
    condition=values,
)
acknowledgements = st.builds(
    Acknowledgement,
    accepted_by=values,
    how=st.sampled_from(["paper", "typed", "screen"]),
    accepted_at=values,
    accepted_at_local=values,
)
receipts = st.builds(
    Receipt,
    kind=st.sampled_from(["handover", "hand_receipt"]),
    receipt_id=numbers,
    station=values,
    timezone=values,
    issued_at=values,
    issued_at_local=values,
    issued_by=values,
    holder=values,
    holder_id=numbers,
    organisation=values,
    log_size=numbers,
    lines=st.lists(lines, max_size=3).map(
        lambda found: tuple(replace(line, item=item) for item, line in enumerate(found, 1))
    ),
    batch_id=st.none() | numbers,
    due_date=st.none() | values.filter(bool),
    acknowledgement=st.none() | acknowledgements,  # one that is not asked for: see test_receipts
    notes=st.lists(values.filter(bool), max_size=3).map(tuple),
)
"""Any receipt."""
