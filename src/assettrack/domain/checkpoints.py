"""Checkpoints: what a station signs to state its log's size and Merkle root.

Owns the text of a checkpoint, byte for byte: a C2SP tlog-checkpoint (https://c2sp.org/tlog-checkpoint) inside a signed
note (`signed_notes`)::

    <origin>
    <size in decimal>
    <root in base64>

    — <key name> <base64 of 4 bytes of key hash and the signature>

Reading is strict: there is exactly one way to write a checkpoint, so two that differ in a
byte are two checkpoints. Must never sign or verify by itself: both are handed in, and
must never say more in a note than the three lines.
"""

import re

import msgspec

from assettrack.domain.merkle import HASH_BYTES
from assettrack.domain.signed_notes import (
    NoteInvalid,
    Signature,
    SignedNote,
    Signer,
    VerifierKey,
    Verify,
    from_base64,
    sign_note,
    split_note,
    to_base64,
)

SIZE_MAX = 2**63 - 1
"""The largest size read: a signed 64-bit number, as databases count."""

_CONTROL = re.compile(r"[\x00-\x1f]")
_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


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
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"


def sign_checkpoint(checkpoint: Checkpoint, signer: Signer) -> str:
    """Return the note that states this checkpoint, signed by this one key.

    Raises:
        ValueError: the signer's name can't be a key name.
    """
    return sign_note(checkpoint.text(), signer)


def read_note(text: str, *, origin: str, public_key: bytes, verify: Verify) -> Checkpoint:
    """Return the checkpoint which a note states, once it is sure that this key signed it for this origin.

    Further signature lines, of witnesses say, are allowed and ignored. The key's name is
    the origin, as the format recommends.

    Raises:
        NoteInvalid: it is not a checkpoint, not of this origin, or not signed by this key.
        ValueError: the origin can't be the name of a key, or the public key handed in is not one.
    """
    note = _split(text)
    checkpoint = _parse(note.text, origin)
    note.require_signed_by(VerifierKey(origin, public_key), verify)
    return checkpoint


def parse_note(text: str) -> Checkpoint:
    """Return what a note states, without asking who signed it.

    Raises:
        NoteInvalid: it is not a checkpoint.
    """
    note = _split(text)
    note.signatures()
    return _parse(note.text, _origin(note.text))


def stated_root(note: str) -> bytes | None:
    """Return the root that a note states, without asking who signed it; None where it states none."""
    try:
        text = _split(note).text
        return _parse(text, _origin(text)).root
    except NoteInvalid:
        return None


def signed_by_origin(text: str) -> tuple[Checkpoint, Signature]:
    """Return what a note states and the first signature in its origin's name, neither of them checked.

    Raises:
        NoteInvalid: it is not a checkpoint, or its origin did not sign it.
    """
    note = _split(text)
    checkpoint = _parse(note.text, _origin(note.text))
    for signature in note.signatures():
        if signature.name == checkpoint.origin:
            return checkpoint, signature
    raise NoteInvalid(f"None of its signatures is in the name of {checkpoint.origin}.")


def _split(text: str) -> SignedNote:
    return split_note(text, "checkpoint")


def _origin(text: str) -> str:
    return text.partition("\n")[0]


def _parse(body: str, origin: str) -> Checkpoint:
    """Return what the signed text states."""
    lines = body[:-1].split("\n")
    if len(lines) < 3:  # noqa: PLR2004 - origin, size and root
        raise NoteInvalid("This is not a checkpoint: it needs an origin, a size and a root, each on its line.")
    if lines[0] != origin:
        raise NoteInvalid(f"This is a checkpoint of {lines[0]!r}, not of {origin!r}.")
    if len(lines) > 3:  # noqa: PLR2004 - origin, size and root
        raise NoteInvalid("It has more lines than origin, size and root; a station never writes any.")
    if not _SIZE.fullmatch(lines[1]) or int(lines[1]) > SIZE_MAX:
        raise NoteInvalid(_why_no_size(lines[1]))
    root = from_base64(lines[2])
    if root is None or len(root) != HASH_BYTES:
        raise NoteInvalid(f"Its root is not {HASH_BYTES} bytes in base64.")
    try:
        return Checkpoint(origin, int(lines[1]), root)
    except ValueError as error:
        raise NoteInvalid(f"Its first line is no origin: {error}.") from error


def _why_no_size(text: str) -> str:
    """Say what is wrong with the line of the size."""
    digits = text.isascii() and text.isdigit()
    if digits and text.startswith("0"):
        return "Its size has a leading zero; a size is written in one way only."
    return "Its size is too large to be one." if digits else "Its size is not a number written in the digits 0-9."
