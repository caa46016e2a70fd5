"""Exports of made-up logs, without a database: entries of any text, signed by keys that are the same in every run.

Owns how a test makes an export, a good one or one that somebody with a key has made of anything. What is written is
made by the real parts.
"""

import json
from collections.abc import Sequence
from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.domain.log_export import ExportHeader, StoredEntry, export_blocks, header_of
from assettrack.domain.merkle import Tree, leaf_hash
from assettrack.station.keys import StationSigner, verify_signature
from tests.domain.defined_tree import Log

STATION = "assettrack-trial001"
LETTERS = 'plain "quoted" back\\slash Zoë Petrović 東京 🙂 \t\n\x7f '


@cache
def signer(seed: int = 1, name: str = STATION) -> StationSigner:
    """A station's key, made from a seed."""
    key = Ed25519PrivateKey.from_private_bytes(bytes([seed]) * 32)
    return StationSigner(name, key.public_key().public_bytes_raw(), key)


def body(seq: int, **fields: object) -> bytes:
    """The canonical text of an entry with these fields."""
    entry = {"event_type": "TRIAL", "notes": LETTERS[: seq % len(LETTERS)], "seq": seq} | fields
    return json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def bodies(count: int, by: StationSigner | None = None) -> list[bytes]:
    """The entries of a log: the station's own first."""
    station = by or signer()
    first = body(1, event_type="STATION", station=station.name, public_key=station.public_key.hex())
    return [first, *(body(seq) for seq in range(2, count + 1))]


def header(texts: Sequence[bytes], by: StationSigner | None = None) -> ExportHeader:
    """The header of an export of these entries, rightly signed."""
    station = by or signer()
    tree = Tree()
    tree.append([leaf_hash(text) for text in texts])
    note = sign_checkpoint(Checkpoint(station.name, tree.size, tree.root()), station)
    return header_of(station.name, station.public_key.hex(), tree.size, note=note, verify=verify_signature)


def stored(texts: Sequence[bytes]) -> list[StoredEntry]:
    """The entries as a log keeps them."""
    return [StoredEntry(seq, text, leaf_hash(text)) for seq, text in enumerate(texts, 1)]


def export(texts: Sequence[bytes], by: StationSigner | None = None) -> list[bytes]:
    """The lines of an export of these entries, whatever they say."""
    log = Log([leaf_hash(text) for text in texts])
    return b"".join(export_blocks(header(texts, by), stored(texts), log)).splitlines(keepends=True)
