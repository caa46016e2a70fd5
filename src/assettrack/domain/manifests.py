"""The manifest of a backup: what its file holds, stated by the station and signed with its key.

Owns the format ``assettrack-backup v1``. A manifest is a signed note (`signed_notes`) whose text is one line of JSON
with sorted keys and no white space, so that any tool for signed notes verifies it::

    {"checkpoint":...,"entries":...,"format":"assettrack-backup v1",...}

    — <station> <base64 of 4 bytes of key hash and the Ed25519 signature>

There is one way to write it, and exactly one signature. It begins with a brace, so it can't be mistaken for a
checkpoint, which begins with the station's name. Must never sign or verify by itself: both are handed in.
"""

import re

import msgspec

from assettrack.domain.backup_deeds import written_root
from assettrack.domain.checkpoints import read_note
from assettrack.domain.signed_notes import NoteInvalid, Signer, VerifierKey, Verify, sign_note, split_note, vkey
from assettrack.domain.wording import quoted

FORMAT = "assettrack-backup v1"

MANIFEST_BYTES_MAX = 1 << 16
"""The most bytes read of a manifest; one has about 900."""

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
    return sign_note(f"{_encode(manifest).decode()}\n", signer)


def read_manifest(content: bytes, verify: Verify) -> Manifest:
    """Return what a manifest states, once it is sure that the key it names signed it, and the checkpoint in it.

    Whether that key is the station's is for the caller to know.

    Raises:
        NotAManifest: it is not one of this format, was changed, or is not signed by the key it names.
    """
    if len(content) > MANIFEST_BYTES_MAX:
        raise NotAManifest("it is far too long to be one")
    try:
        note = split_note(content.decode(), "manifest")
    except UnicodeDecodeError as error:
        raise NotAManifest("it is no text in UTF-8") from error
    except NoteInvalid as error:
        raise NotAManifest(f"it is no signed note ({_inside(error)})") from error
    manifest = _parse(note.text.removesuffix("\n"))
    if len(note.lines) != 1:
        raise NotAManifest("it has other signatures than the one of its station")
    try:
        note.require_signed_by(manifest.key, verify)
    except NoteInvalid as error:
        raise NotAManifest(f"its signature is not good ({_inside(error)})") from error
    except ValueError as error:
        raise NotAManifest(f"its station can't sign ({error})") from error
    _require_checkpoint(manifest, verify)
    return manifest


def _inside(error: NoteInvalid) -> str:
    """Return why a note is not good, as it stands in brackets inside a sentence."""
    return error.reason.removesuffix(".")


def _parse(line: str) -> Manifest:
    """Return what the line of JSON says, once it is sure that it is written in the one way."""
    try:
        manifest = msgspec.json.decode(line, type=Manifest)
    except (msgspec.MsgspecError, RecursionError) as error:
        raise NotAManifest(f"its first line can't be read ({error})") from error
    if manifest.format != FORMAT:
        raise NotAManifest(f"it has the format {quoted(manifest.format, 40)}, and this version reads {FORMAT!r}")
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
    except NoteInvalid as error:
        raise NotAManifest(f"its checkpoint is not good ({_inside(error)})") from error
    if (stated.size, written_root(stated.root)) != (manifest.entries, manifest.root):
        raise NotAManifest("its checkpoint states another log")
