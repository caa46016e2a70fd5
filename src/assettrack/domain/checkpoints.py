"""Checkpoints: what a station signs to state its log's size and Merkle root.

Owns the text of a checkpoint, byte for byte: a C2SP tlog-checkpoint
(https://c2sp.org/tlog-checkpoint) inside a C2SP signed note (https://c2sp.org/signed-note),
with Ed25519 signatures (type 0x01 there)::

    <origin>
    <size in decimal>
    <root in base64>

    — <key name> <base64 of 4 bytes of key hash and the signature>

Reading is strict: there is exactly one way to write a checkpoint, so two that differ in a
byte are two checkpoints. Must never sign or verify by itself: both are handed in, and
must never say more in a note than the three lines.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple, Protocol

import msgspec

from assettrack.domain.merkle import HASH_BYTES

ED25519 = b"\x01"
"""The signature type of Ed25519 in the signed-note format."""

KEY_HASH_BYTES = 4
PUBLIC_KEY_BYTES = 32
SIZE_MAX = 2**63 - 1
"""The largest size read: a signed 64-bit number, as databases count."""

NOTE_CHARACTERS_MAX = 262_144
"""The longest note read. The format asks for room for 16 signatures of up to 5 kB."""

Verify = Callable[[bytes, bytes, bytes], bool]
"""Tells whether, in this order, a public key made for a message a signature."""

_DASH = "\N{EM DASH} "
_CONTROL = re.compile(r"[\x00-\x1f]")
_KEY_NAME = re.compile(r"(?!\ufeff)[^\s+\x00-\x1f]+")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


class Signer(Protocol):
    """Someone who holds a private Ed25519 key and signs with it under a name."""

    @property
    def name(self) -> str:
        """The key's name in a signature line: not empty, without space and plus sign."""
        ...

    @property
    def public_key(self) -> bytes:
        """The 32 bytes with which others verify."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of the message."""
        ...


class VerifierKey(NamedTuple):
    """An Ed25519 public key, 32 bytes, and the name under which it signs."""

    name: str
    public_key: bytes


class NotAKey(ValueError):
    """A text is not a public key in the form of :func:`vkey`; ``reason`` says why in half a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CheckpointInvalid(ValueError):
    """A text is not a checkpoint to rely on; ``reason`` says why in a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Checkpoint(msgspec.Struct, frozen=True):
    """What is signed: the log of this origin has this many entries, and this root over them.

    Raises:
        ValueError: no note could state it: the origin is blank or has a line break or
            control character in it, the size is negative or above :data:`SIZE_MAX`, or the
            root is not 32 bytes.
    """

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin.strip() or _CONTROL.search(self.origin):
            raise ValueError(f"{self.origin!r} can't be an origin: one line that is not blank is needed")
        if not 0 <= self.size <= SIZE_MAX:
            raise ValueError(f"size {self.size} is not in the range 0 to {SIZE_MAX}")
        if len(self.root) != HASH_BYTES:
            raise ValueError(f"a root has {HASH_BYTES} bytes, not {len(self.root)}")

    def text(self) -> str:
        """Return the three lines that are signed, the last line's end included."""
        return f"{self.origin}\n{self.size}\n{_base64(self.root)}\n"


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return the note that states this checkpoint, signed by this one key.

    Raises:
        ValueError: the signer's name can't be a key name.
    """
    text = checkpoint.text()
    return f"{text}\n{signature_line(text, signer)}"


def signature_line(text: str, signer: Signer) -> str:
    """Return the line, its end included, by which the signer signs the text of a note.

    Raises:
        ValueError: the signer's name can't be a key name.
    """
    signed = key_hash(signer.name, signer.public_key) + signer.sign(text.encode())
    return f"{_DASH}{signer.name} {_base64(signed)}\n"


def read_note(text: str, *, origin: str, public_key: bytes, verify: Verify, key_name: str | None = None) -> Checkpoint:
    """Return the checkpoint which a note states, once it is sure that this key signed it for this origin.

    Further signature lines, of witnesses say, are allowed and ignored. The key's name is
    the origin, as the format recommends, unless ``key_name`` says otherwise.

    Raises:
        CheckpointInvalid: it is not a checkpoint, not of this origin, or not signed by this key.
        ValueError: the key name or the public key handed in is not one.
    """
    signed_by = key_name or origin
    known = signed_by, key_hash(signed_by, public_key)
    body, lines = _split(text)
    checkpoint = _parse(body, origin)
    signatures = [_parse_signature(line) for line in lines]
    by_known_key = [signature for name, key, signature in signatures if (name, key) == known]
    if not by_known_key:
        raise CheckpointInvalid(f"None of its signatures was made with the key known for {signed_by}.")
    message = body.encode()
    if not all(verify(public_key, message, signature) for signature in by_known_key):
        raise CheckpointInvalid(f"The signature of {signed_by} does not match: the text or the signature was changed.")
    return checkpoint


def stated_root(note: str) -> bytes | None:
    """Return the root that a note states, without asking who signed it; None where it states none."""
    try:
        text, _ = _split(note)
        return _parse(text, text.partition("\n")[0]).root
    except CheckpointInvalid:
        return None


def signed_by_origin(note: str) -> tuple[Checkpoint, bytes]:
    """Return what a note states and the first signature in its origin's name, neither of them checked.

    The signature is as it stands in its line: 4 bytes of key hash before the 64 bytes of Ed25519.

    Raises:
        CheckpointInvalid: it is not a checkpoint, or its origin did not sign it.
    """
    text, lines = _split(note)
    checkpoint = _parse(text, text.partition("\n")[0])
    for name, key, signature in map(_parse_signature, lines):
        if name == checkpoint.origin:
            return checkpoint, key + signature
    raise CheckpointInvalid(f"None of its signatures is in the name of {checkpoint.origin}.")


def key_hash(name: str, public_key: bytes) -> bytes:
    """Return the 4 bytes that tell, beside its name, which Ed25519 key signed (the key ID of signed-note).

    Raises:
        ValueError: the name is empty or has a space or plus sign in it, or the key is not 32 bytes.
    """
    if not _KEY_NAME.fullmatch(name):
        raise ValueError(f"{name!r} can't be the name of a key: it must not be empty, nor have spaces or '+' in it")
    if len(public_key) != PUBLIC_KEY_BYTES:
        raise ValueError(f"an Ed25519 public key has {PUBLIC_KEY_BYTES} bytes, not {len(public_key)}")
    return sha256(name.encode() + b"\n" + ED25519 + public_key).digest()[:KEY_HASH_BYTES]


def vkey(name: str, public_key: bytes) -> str:
    """Return the public key as signed-note tools take it: ``<name>+<key hash in hex>+<type and key in base64>``.

    Raises:
        ValueError: as :func:`key_hash`.
    """
    return f"{name}+{key_hash(name, public_key).hex()}+{_base64(ED25519 + public_key)}"


def read_vkey(text: str) -> VerifierKey:
    """Return the key that a text in the form of :func:`vkey` states.

    Raises:
        NotAKey: it is not in that form, is of another kind than Ed25519, or its key hash is of another key.
    """
    name, plus, rest = text.partition("+")
    stated_hash, second_plus, encoded = rest.partition("+")
    if not plus or not second_plus:
        raise NotAKey("a key is written as name, key hash and key, with '+' between them")
    key = _from_base64(encoded)
    if key is None or key[:1] != ED25519 or len(key) != len(ED25519) + PUBLIC_KEY_BYTES:
        raise NotAKey("its last part is not an Ed25519 public key in base64")
    public_key = key[len(ED25519) :]
    if not _KEY_NAME.fullmatch(name) or stated_hash != key_hash(name, public_key).hex():
        raise NotAKey("its parts don't belong together; copy it again, whole and as it is")
    return VerifierKey(name, public_key)


def _split(text: str) -> tuple[str, list[str]]:
    """Return the signed text, its last line's end included, and the signature lines without theirs."""
    if len(text) > NOTE_CHARACTERS_MAX:
        raise CheckpointInvalid("This is not a checkpoint: it is far too long.")
    if "\r" in text or text.startswith("\ufeff"):
        raise CheckpointInvalid(
            "The file was changed in transport: its line ends or its first bytes are those of another system. "
            "Copy it again as it is, without converting text."
        )
    body, blank, signatures = text.rpartition("\n\n")
    if not blank:
        raise CheckpointInvalid("This is not a checkpoint: no empty line stands before the signature.")
    if not signatures.endswith("\n"):
        raise CheckpointInvalid(
            "The file was changed in transport: it does not end with a whole signature line. Copy it again as it is."
        )
    return f"{body}\n", signatures[:-1].split("\n")


def _parse(body: str, origin: str) -> Checkpoint:
    """Return what the signed text states."""
    lines = body[:-1].split("\n")
    if len(lines) < 3:  # noqa: PLR2004 - origin, size and root
        raise CheckpointInvalid("This is not a checkpoint: it needs an origin, a size and a root, each on its line.")
    if lines[0] != origin:
        raise CheckpointInvalid(f"This is a checkpoint of {lines[0]!r}, not of {origin!r}.")
    if len(lines) > 3:  # noqa: PLR2004 - origin, size and root
        raise CheckpointInvalid("It has more lines than origin, size and root; a station never writes any.")
    if not _SIZE.fullmatch(lines[1]) or int(lines[1]) > SIZE_MAX:
        raise CheckpointInvalid(_why_no_size(lines[1]))
    root = _from_base64(lines[2])
    if root is None or len(root) != HASH_BYTES:
        raise CheckpointInvalid(f"Its root is not {HASH_BYTES} bytes in base64.")
    return Checkpoint(origin, int(lines[1]), root)


def _why_no_size(text: str) -> str:
    """Say what is wrong with the line of the size."""
    digits = text.isascii() and text.isdigit()
    if digits and text.startswith("0"):
        return "Its size has a leading zero; a size is written in one way only."
    return "Its size is too large to be one." if digits else "Its size is not a number written in the digits 0-9."


def _parse_signature(line: str) -> tuple[str, bytes, bytes]:
    """Return the key name, key hash and signature of a signature line."""
    name, _space, encoded = line.removeprefix(_DASH).partition(" ")
    signed = _from_base64(encoded)
    well_formed = line.startswith(_DASH) and _KEY_NAME.fullmatch(name)
    if not well_formed or signed is None or len(signed) <= KEY_HASH_BYTES:
        raise CheckpointInvalid("After the empty line only signatures may stand, and one of these lines is none.")
    return name, signed[:KEY_HASH_BYTES], signed[KEY_HASH_BYTES:]


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _from_base64(text: str) -> bytes | None:
    """Return the bytes, or None unless the text is the one way to write them (spare bits zero, padded)."""
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):  # the second: letters that are not ASCII
        return None
    return data if _base64(data) == text else None
