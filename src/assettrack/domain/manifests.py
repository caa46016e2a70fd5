"""The manifest of a backup: what its file holds, stated by the station and signed with its key.

Owns the format ``assettrack-backup v1``. A manifest is a C2SP signed note (https://c2sp.org/signed-note) whose text is
one line of JSON with sorted keys and no white space, so that any tool for signed notes verifies it::

    {"checkpoint":...,"entries":...,"format":"assettrack-backup v1",...}

    — <station> <base64 of 4 bytes of key hash and the Ed25519 signature>

There is one way to write it, and exactly one signature. It begins with a brace, so it can't be mistaken for a
checkpoint, which begins with the station's name. Must never sign or verify by itself: both are handed in.
"""

import binascii
import re
from base64 import b64decode

import msgspec

from assettrack.domain.backup_deeds import written_root
from assettrack.domain.checkpoints import (
    KEY_HASH_BYTES,
    CheckpointInvalid,
    Signer,
    VerifierKey,
    Verify,
    key_hash,
    read_note,
    signature_line,
    vkey,
)

FORMAT = "assettrack-backup v1"

MANIFEST_BYTES_MAX = 1 << 16
"""The most bytes read of a manifest; one has about 900."""

_DASH = "\N{EM DASH} "
_HEX = re.compile("[0-9a-f]{64}")
_encode = msgspec.json.Encoder(order="sorted").encode


class NotAManifest(ValueError):
    """A text is no manifest to rely on; ``reason`` says why in a sentence that follows a colon."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a backup holds.

    ``entries`` and ``root`` (base64) are of its log, ``checkpoint`` is the signed note that covers it. ``sha256``
    (hex) and ``size`` (bytes) are of the database file, ``schema`` is the number of its schema. ``public_key`` is in
    hex, ``made_at`` UTC text by the station's clock, ``version`` the program's.
    """

    format: str
    station: str
    public_key: str
    entries: int
    root: str
    checkpoint: str
    sha256: str
    size: int
    schema: int
    version: str
    made_at: str

    @property
    def key(self) -> VerifierKey:
        """The key that the manifest says is the station's."""
        return VerifierKey(self.station, bytes.fromhex(self.public_key))

    @property
    def vkey(self) -> str:
        """The same key as signed-note tools take it, to be compared with one that is known from elsewhere."""
        return vkey(*self.key)


def signed_manifest(manifest: Manifest, signer: Signer) -> str:
    """Return the manifest as it stands in its file, signed."""
    text = f"{_encode(manifest).decode()}\n"
    return f"{text}\n{signature_line(text, signer)}"


def read_manifest(content: bytes, verify: Verify) -> Manifest:
    """Return what a manifest states, once it is sure that the key it names signed it, and the checkpoint in it.

    Whether that key is the station's is for the caller to know.

    Raises:
        NotAManifest: it is not one of this format, was changed, or is not signed by the key it names.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        raise NotAManifest("it is no text in UTF-8") from error
    line, blank, signature = text.partition("\n\n")
    if not blank or len(content) > MANIFEST_BYTES_MAX:
        raise NotAManifest("it is not a line of JSON, an empty line and a signature")
    manifest = _parse(line)
    try:
        signed_by = _DASH + manifest.station + " "
        hash_and_signature = b64decode(signature.removeprefix(signed_by).removesuffix("\n"), validate=True)
        known = key_hash(*manifest.key)
    except (binascii.Error, ValueError) as error:
        raise NotAManifest("its signature can't be read") from error
    written = f"{signed_by}{written_root(hash_and_signature)}\n"
    message = f"{line}\n".encode()
    if written != signature or hash_and_signature[:KEY_HASH_BYTES] != known:
        raise NotAManifest("it is not signed by the key that it names")
    if not verify(manifest.key.public_key, message, hash_and_signature[KEY_HASH_BYTES:]):
        raise NotAManifest("its signature does not match: the text or the signature was changed")
    _require_checkpoint(manifest, verify)
    return manifest


def _parse(line: str) -> Manifest:
    """Return what the line of JSON says, once it is sure that it is written in the one way."""
    try:
        manifest = msgspec.json.decode(line, type=Manifest)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise NotAManifest(f"its first line can't be read ({error})") from error
    if manifest.format != FORMAT:
        raise NotAManifest(f"it has the format {manifest.format!a}, and this version reads {FORMAT!r}")
    if _encode(manifest).decode() != line:
        raise NotAManifest("its first line was changed: a station writes it in another way")
    if not _HEX.fullmatch(manifest.public_key) or not _HEX.fullmatch(manifest.sha256):
        raise NotAManifest("its key or hash is not 32 bytes in hex")
    return manifest


def _require_checkpoint(manifest: Manifest, verify: Verify) -> None:
    """Make sure that the checkpoint is the station's and states the log that the manifest states."""
    station, public_key = manifest.key
    try:
        stated = read_note(manifest.checkpoint, origin=station, public_key=public_key, verify=verify)
    except (CheckpointInvalid, ValueError) as error:
        raise NotAManifest(f"its checkpoint is not good ({error})") from error
    if (stated.size, written_root(stated.root)) != (manifest.entries, manifest.root):
        raise NotAManifest("its checkpoint states another log")
