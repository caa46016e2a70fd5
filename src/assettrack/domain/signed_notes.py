"""Signed notes: a text, and below it who signed it. What checkpoints and the manifests of backups are written as.

Owns the form of a C2SP signed note (https://c2sp.org/signed-note) with Ed25519 signatures (type 0x01 there), and of the
public keys that go with it::

    <text, of one line or more>

    — <key name> <base64 of 4 bytes of key hash and the signature>

Reading is strict: there is exactly one way to write a note. Must never sign or verify by itself: both are handed in;
and must know nothing of what a text says.
"""

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple, Protocol

ED25519 = b"\x01"
"""The signature type of Ed25519 in the signed-note format."""

KEY_HASH_BYTES = 4
PUBLIC_KEY_BYTES = 32
NOTE_CHARACTERS_MAX = 262_144
"""The longest note read. The format asks for room for 16 signatures of up to 5 kB."""

Verify = Callable[[bytes, bytes, bytes], bool]
"""Tells whether, in this order, a public key made for a message a signature."""

_DASH = "\N{EM DASH} "
_KEY_NAME = re.compile(r"(?!\ufeff)[^\s+\x00-\x1f]+")


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


class NoteInvalid(ValueError):
    """A text is not a signed note to rely on; ``reason`` says why in a sentence for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotSignedByKey(NoteInvalid):
    """A note is one, but this key did not sign it: another did, in the same name or another, or none."""


class Signature(NamedTuple):
    """One signature below a note: the name of its key, the 4 bytes of key hash, and what was signed with it."""

    name: str
    key_hash: bytes
    signature: bytes


class SignedNote(NamedTuple):
    """A note taken apart: what is signed, its last line's end included, and the lines below it without theirs."""

    text: str
    lines: tuple[str, ...]

    def signatures(self) -> list[Signature]:
        """Return the signatures, in their order.

        Raises:
            NoteInvalid: a line is none.
        """
        return [_parse_signature(line) for line in self.lines]

    def require_signed_by(self, key: VerifierKey, verify: Verify) -> None:
        """Make sure that this key signed it; signatures of other keys, of witnesses say, are not looked into.

        Raises:
            NoteInvalid: it did not, or a line is no signature.
            ValueError: the key handed in is none.
        """
        known = key.name, key_hash(*key)
        by_key = [found.signature for found in self.signatures() if (found.name, found.key_hash) == known]
        if not by_key:
            raise NotSignedByKey(f"None of its signatures was made with the key known for {key.name}.")
        message = self.text.encode()
        if not all(verify(key.public_key, message, signature) for signature in by_key):
            raise NoteInvalid(f"The signature of {key.name} does not match: the text or the signature was changed.")


def split_note(note: str, what: str) -> SignedNote:
    """Take a note apart, checking nothing of it yet; ``what`` it should be is said where it is none.

    Raises:
        NoteInvalid: it is not a text, an empty line and lines below it, each with its end.
    """
    if len(note) > NOTE_CHARACTERS_MAX:
        raise NoteInvalid(f"This is not a {what}: it is far too long.")
    if "\r" in note or note.startswith("\ufeff"):
        raise NoteInvalid(
            "The file was changed in transport: its line ends or its first bytes are those of another system. "
            "Copy it again as it is, without converting text."
        )
    text, blank, signatures = note.rpartition("\n\n")
    if not blank:
        raise NoteInvalid(f"This is not a {what}: no empty line stands before the signature.")
    if not signatures.endswith("\n"):
        raise NoteInvalid(
            "The file was changed in transport: it does not end with a whole signature line. Copy it again as it is."
        )
    return SignedNote(f"{text}\n", tuple(signatures[:-1].split("\n")))


def sign_note(text: str, signer: Signer) -> str:
    """Return the note of this text, signed by this one key.

    Raises:
        ValueError: the signer's name can't be a key name.
    """
    return f"{text}\n{signature_line(text, signer)}"


def signature_line(text: str, signer: Signer) -> str:
    """Return the line, its end included, by which the signer signs the text of a note.

    Raises:
        ValueError: the signer's name can't be a key name.
    """
    signed = key_hash(signer.name, signer.public_key) + signer.sign(text.encode())
    return f"{_DASH}{signer.name} {to_base64(signed)}\n"


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
    return f"{name}+{key_hash(name, public_key).hex()}+{to_base64(ED25519 + public_key)}"


def read_vkey(text: str) -> VerifierKey:
    """Return the key that a text in the form of :func:`vkey` states.

    Raises:
        NotAKey: it is not in that form, is of another kind than Ed25519, or its key hash is of another key.
    """
    name, plus, rest = text.partition("+")
    stated_hash, second_plus, encoded = rest.partition("+")
    if not plus or not second_plus:
        raise NotAKey("a key is written as name, key hash and key, with '+' between them")
    key = from_base64(encoded)
    if key is None or key[:1] != ED25519 or len(key) != len(ED25519) + PUBLIC_KEY_BYTES:
        raise NotAKey("its last part is not an Ed25519 public key in base64")
    public_key = key[len(ED25519) :]
    if not _KEY_NAME.fullmatch(name) or stated_hash != key_hash(name, public_key).hex():
        raise NotAKey("its parts don't belong together; copy it again, whole and as it is")
    return VerifierKey(name, public_key)


def _parse_signature(line: str) -> Signature:
    """Return what a signature line states."""
    name, _space, encoded = line.removeprefix(_DASH).partition(" ")
    signed = from_base64(encoded)
    well_formed = line.startswith(_DASH) and _KEY_NAME.fullmatch(name)
    if not well_formed or signed is None or len(signed) <= KEY_HASH_BYTES:
        raise NoteInvalid("After the empty line only signatures may stand, and one of these lines is none.")
    return Signature(name, signed[:KEY_HASH_BYTES], signed[KEY_HASH_BYTES:])


def to_base64(data: bytes) -> str:
    """Return bytes as notes have them."""
    return b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes | None:
    """Return the bytes, or None unless the text is the one way to write them (spare bits zero, padded)."""
    try:
        data = b64decode(text, validate=True)
    except (binascii.Error, ValueError):  # the second: letters that are not ASCII
        return None
    return data if to_base64(data) == text else None
