"""The proof on a receipt: what its QR code says, and how a receipt is checked with it and the public key alone.

Owns the payload, ``AT1:`` + Base45 (RFC 9285) + ``.``, in characters which a QR code holds in its alphanumeric
mode and a keyboard types. The bytes are a msgpack array of

* the stored body of the receipt's entry in the log, whose ``seq`` is its place there,
* the size of the tree and the inclusion proof of the entry in it (RFC 6962; its hashes on end, leaf's first),
* the checkpoint's origin, and its signature as in its line: 4 bytes of key hash, 64 of Ed25519,

and the CRC-32 of that array. The checkpoint's root is computed from the proof, and its text from origin, size
and root, so neither is carried. The CRC finds what was cut off or misread; it protects against no one, for
that the signature does, which covers all the rest. There is exactly one payload for a proof, and no other is
read. Must never sign or verify by itself: verifying is handed in.
"""

import re
from typing import Literal
from zlib import crc32

import msgspec

from assettrack.domain import base45
from assettrack.domain.checkpoints import SIZE_MAX, Checkpoint, signed_by_origin
from assettrack.domain.merkle import HASH_BYTES, leaf_hash, node_hash
from assettrack.domain.receipts import text_sha256
from assettrack.domain.signed_notes import KEY_HASH_BYTES, Verify, key_hash
from assettrack.domain.wording import quoted

PREFIX = "AT1:"
"""What every payload begins with; the number is of this form of payload."""

END = "."
"""What every payload ends with, so that a space before it (Base45 has one) is not lost in copying."""

PAYLOAD_CHARACTERS_MAX = 4296
"""The longest payload: what the largest QR code holds in its alphanumeric mode (ISO/IEC 18004, 40-L)."""

SIGNATURE_BYTES = 64
CRC_BYTES = 4

_LINE_ENDS = re.compile("\r\n?")

VerdictCode = Literal["genuine", "text_changed", "damaged", "foreign", "proof_invalid"]


class PayloadDamaged(ValueError):
    """A text is no payload, or not the whole of one; ``reason`` says why in a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CarriedEntry(msgspec.Struct, frozen=True, tag_field="event_type", tag="RECEIPT"):
    """What the entry of a receipt says of it, as far as it matters here; ``name`` is the holder's.

    Unlike the entry itself it is read from logs of other versions too: fields it does not know are passed over.
    """

    seq: int
    receipt_id: int
    holder_id: int
    name: str
    text_sha256: str
    operator: str
    recorded_at: str
    version: str
    batch_id: int | None = None


class Proof(msgspec.Struct, frozen=True):
    """What shows that an entry is in a log: its stored body, its path to the root, and who signed for that root.

    ``path`` are the hashes of the inclusion proof in a tree of ``size`` leaves; ``origin``, ``key_hash`` and
    ``signature`` are those of the checkpoint of that size.

    Raises:
        ValueError: a hash, the key hash or the signature has another length than it must have, or no log has
            this size.
    """

    body: bytes
    size: int
    path: tuple[bytes, ...]
    origin: str
    key_hash: bytes
    signature: bytes

    def __post_init__(self) -> None:
        lengths = {len(node) for node in self.path} | {HASH_BYTES}
        if lengths != {HASH_BYTES} or (len(self.key_hash), len(self.signature)) != (KEY_HASH_BYTES, SIGNATURE_BYTES):
            raise ValueError("a hash, the key hash or the signature of a proof has a wrong length")
        if not 0 < self.size <= SIZE_MAX:
            raise ValueError(f"no log has {self.size} entries")

    def entry(self) -> CarriedEntry | None:
        """Return the entry of the receipt, or None where the body is of none."""
        try:
            return _ENTRY.decode(self.body)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None


class Verdict(msgspec.Struct, frozen=True):
    """What a check found: a code, a sentence for people, and the entry that the payload carries where it has one."""

    code: VerdictCode
    sentence: str
    entry: CarriedEntry | None = None

    @property
    def genuine(self) -> bool:
        """Whether the receipt is in the station's log, unchanged."""
        return self.code == "genuine"


_ENTRY = msgspec.json.Decoder(CarriedEntry)
_encode = msgspec.msgpack.Encoder().encode
_WIRE: msgspec.msgpack.Decoder[tuple[bytes, int, bytes, str, bytes]] = msgspec.msgpack.Decoder(
    tuple[bytes, int, bytes, str, bytes]
)


def proof_from_note(body: bytes, path: tuple[bytes, ...], note: str) -> Proof:
    """Return the proof from an entry's stored body, its inclusion proof, and the signed note of that size.

    Raises:
        NoteInvalid: the note is no checkpoint, or its origin did not sign it.
        ValueError: as :class:`Proof`.
    """
    checkpoint, signed = signed_by_origin(note)
    return Proof(body, checkpoint.size, path, checkpoint.origin, signed.key_hash, signed.signature)


def encode_payload(proof: Proof) -> str:
    """Return the text of the QR code.

    Raises:
        ValueError: it is longer than any QR code.
    """
    signed = proof.key_hash + proof.signature
    data = _encode((proof.body, proof.size, b"".join(proof.path), proof.origin, signed))
    payload = f"{PREFIX}{base45.encode(data + crc32(data).to_bytes(CRC_BYTES))}{END}"
    if len(payload) > PAYLOAD_CHARACTERS_MAX:
        raise ValueError(f"a payload of {len(payload)} characters fits into no QR code")
    return payload


def decode_payload(payload: str) -> Proof:
    """Return the proof that the text of a QR code carries; line breaks and tabs around it don't count.

    Raises:
        PayloadDamaged: it is not a payload, not the whole of one, or not as it was written.
    """
    trimmed = payload.strip("\r\n\t")
    if trimmed != trimmed.upper():
        raise PayloadDamaged("The code has small letters in it. Is caps lock on at the scanner's keyboard?")
    if not trimmed.startswith(PREFIX):
        raise PayloadDamaged(f"This is not the code of a receipt: it does not begin with {PREFIX}")
    if not trimmed.endswith(END) or len(trimmed) > PAYLOAD_CHARACTERS_MAX:
        raise PayloadDamaged("The code is not whole, or there is more than it: scan it again.")
    data = base45.decode(trimmed[len(PREFIX) : -len(END)])
    if data is None or len(data) <= CRC_BYTES or crc32(data[:-CRC_BYTES]).to_bytes(CRC_BYTES) != data[-CRC_BYTES:]:
        raise PayloadDamaged(
            "The code was cut off, misread or changed. Scan it again; if that does not help, "
            "make sure that scanner and computer are set to the same keyboard."
        )
    try:
        body, size, path, origin, signed = _WIRE.decode(data[:-CRC_BYTES])
        hashes = tuple(path[at : at + HASH_BYTES] for at in range(0, len(path), HASH_BYTES))
        proof = Proof(body, size, hashes, origin, signed[:KEY_HASH_BYTES], signed[KEY_HASH_BYTES:])
        canonical = encode_payload(proof)
    except ValueError as error:  # msgspec's own errors are of this kind too
        raise PayloadDamaged("The code was read whole, but what it says is not the proof of a receipt.") from error
    if canonical != trimmed:
        raise PayloadDamaged("The code is not as a receipt's is written; there is one way only.")
    return proof


def check(text: str, payload: str, *, origin: str, public_key: bytes, verify: Verify) -> Verdict:
    """Judge a receipt by its text, the payload of its code, and the station's name and public key; nothing else.

    Genuine is only what this key signed for: the entry is in the log of this origin, at its place, and holds the
    hash of this very text.

    Raises:
        ValueError: the origin or the public key handed in can't be one.
    """
    known = key_hash(origin, public_key)
    try:
        proof = decode_payload(payload)
    except PayloadDamaged as damage:
        return Verdict("damaged", damage.reason)
    entry = proof.entry()
    if (proof.origin, proof.key_hash) != (origin, known):
        same_name = " with another key than the one given" if proof.origin == origin else ""
        theirs = quoted(proof.origin)
        return Verdict("foreign", f"This receipt is of station {theirs}{same_name}, not of {origin}.", entry)
    root = None if entry is None else root_from_path(leaf_hash(proof.body), entry.seq - 1, proof.size, proof.path)
    if entry is None or root is None:
        return Verdict("proof_invalid", "The code does not prove that a receipt is in the log: it was changed.", entry)
    if not verify(public_key, Checkpoint(origin, proof.size, root).text().encode(), proof.signature):
        return Verdict("proof_invalid", _forged(entry, origin), entry)
    if entry.text_sha256 != text_sha256(text):
        return Verdict("text_changed", _changed(text, entry), entry)
    return Verdict(
        "genuine",
        f"This receipt is genuine: number {entry.receipt_id} of {entry.name} is entry {entry.seq} of the log of "
        f"{origin}, unchanged, recorded by {entry.operator} at {entry.recorded_at}.",
        entry,
    )


def root_from_path(leaf: bytes, index: int, size: int, path: tuple[bytes, ...]) -> bytes | None:
    """Return the root to which an inclusion proof leads from a leaf, or None where it leads to none.

    RFC 6962 section 2.1.1, read backwards: the last hash of the path is the other half of the whole tree.
    """
    if not 0 <= index < size:
        return None
    if size == 1 or not path:
        return leaf if size == 1 and not path else None
    left = 1 << ((size - 1).bit_length() - 1)
    neighbour = path[-1]
    if index < left:
        node = root_from_path(leaf, index, left, path[:-1])
        return None if node is None else node_hash(node, neighbour)
    node = root_from_path(leaf, index - left, size - left, path[:-1])
    return None if node is None else node_hash(neighbour, node)


def _forged(entry: CarriedEntry, origin: str) -> str:
    return (
        f"The key of {origin} did not sign for entry {entry.seq} as the code states it: "
        "the entry, the proof or the signature was changed."
    )


def _changed(text: str, entry: CarriedEntry) -> str:
    """Say that a text is not the one in the log, and whether only a program's habits stand between them."""
    plain = _LINE_ENDS.sub("\n", text.removeprefix("\ufeff"))
    if entry.text_sha256 == text_sha256(plain):
        return "Nothing but line ends or a byte order mark was changed in the text. Use it as it is in the PDF."
    return (
        f"The text is not the one that entry {entry.seq} holds the hash of: it was changed, or belongs to another "
        f"receipt than number {entry.receipt_id} of {entry.name}."
    )
