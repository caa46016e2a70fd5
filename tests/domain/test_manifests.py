"""The manifest of a backup: what it states, that it is a signed note, and that not a letter of it can be changed."""

import json
import random
from base64 import b64decode, b64encode

import msgspec
import pytest

from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.domain.manifests import MANIFEST_BYTES_MAX, Manifest, NotAManifest, read_manifest, signed_manifest
from assettrack.domain.signed_notes import key_hash, vkey
from assettrack.station.keys import verify_signature
from tests.store.stations import NOW_TEXT, STATION, made_up_signer

SIGNER = made_up_signer()
ROOT = bytes(range(32))
MANIFEST = Manifest(
    format="assettrack-backup v1",
    station=STATION,
    public_key=SIGNER.public_key.hex(),
    entries=21,
    root=b64encode(ROOT).decode(),
    checkpoint=sign_checkpoint(Checkpoint(STATION, 21, ROOT), SIGNER),
    sha256="ab" * 32,
    size=204_800,
    schema=2,
    version="0.1.0",
    made_at=NOW_TEXT,
)
TEXT = signed_manifest(MANIFEST, SIGNER)


def read(text: str) -> Manifest:
    """Read a manifest."""
    return read_manifest(text.encode(), verify_signature)


def test_a_manifest_is_read_as_it_was_signed() -> None:
    """What was stated is read again, with the key in the form of signed-note tools."""
    assert read(TEXT) == MANIFEST
    assert read(TEXT).vkey == vkey(STATION, SIGNER.public_key)


def test_a_manifest_is_a_signed_note() -> None:
    """One line of JSON, an empty line, and a line with the station and its signature of the JSON."""
    line, empty, signature, end = TEXT.split("\n")
    assert json.loads(line) == msgspec.to_builtins(MANIFEST)
    assert (empty, end) == ("", "")
    dash, name, encoded = signature.split(" ")
    assert (dash, name) == ("\N{EM DASH}", STATION)
    signed = b64decode(encoded)
    assert signed[:4] == key_hash(STATION, SIGNER.public_key)
    assert verify_signature(SIGNER.public_key, f"{line}\n".encode(), signed[4:])


def test_no_letter_can_be_changed() -> None:
    """Whatever byte is changed, taken out or doubled: it is no manifest any more."""
    content = TEXT.encode()
    chance = random.Random(7)
    for position in range(len(content)):
        other = chance.choice([value for value in range(256) if value != content[position]])
        before, after = content[:position], content[position + 1 :]
        for changed in (
            before + bytes([other]) + after,
            before + after,
            before + content[position : position + 1] * 2 + after,
        ):
            if changed != content:
                with pytest.raises(NotAManifest):
                    read_manifest(changed, verify_signature)
        with pytest.raises(NotAManifest):
            read_manifest(before, verify_signature)


def resigned(**changes: object) -> str:
    """A manifest that says something else, signed with the same key."""
    return signed_manifest(msgspec.structs.replace(MANIFEST, **changes), SIGNER)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (resigned(format="assettrack-backup v2"), "format"),
        (resigned(entries=20), "states another log"),
        (resigned(root=b64encode(bytes(32)).decode()), "states another log"),
        (resigned(checkpoint="nothing"), "checkpoint is not good"),
        (resigned(station="another", checkpoint=MANIFEST.checkpoint), "made with the key known for another"),
        (resigned(sha256="ab"), "32 bytes in hex"),
        (resigned(public_key="ab"), "32 bytes in hex"),
        (resigned(public_key=made_up_signer(seed=2).public_key.hex()), f"made with the key known for {STATION}"),
        (signed_manifest(MANIFEST, made_up_signer(seed=2)), f"made with the key known for {STATION}"),
        (signed_manifest(MANIFEST, made_up_signer("another")), f"made with the key known for {STATION}"),
        (TEXT.replace("\n\n", "\n"), "empty line"),
        (TEXT + TEXT.split("\n\n")[1], "other signatures"),
        (TEXT.replace("\n\N{EM DASH} ", "\n- "), "only signatures may stand"),
        (TEXT.replace('{"checkpoint"', '{ "checkpoint"'), "another way"),
        (TEXT.replace('"size":204800,', ""), "can't be read"),
        (TEXT.replace('"size":204800,', '"size":204800,"sizf":1,'), "can't be read"),
        ("[" * 60_000 + "\n\n\N{EM DASH} a AAAAAAAA\n", "can't be read"),
        (" " * MANIFEST_BYTES_MAX + TEXT, "far too long"),
        (MANIFEST.checkpoint, "can't be read"),
        ("", "empty line"),
    ],
)
def test_what_is_no_manifest_is_said(text: str, reason: str) -> None:
    """Each way in which a text is none has its reason, also where it is well signed."""
    with pytest.raises(NotAManifest) as found:
        read(text)
    assert reason in found.value.reason


def test_a_station_whose_name_can_be_no_keys_is_no_manifests() -> None:
    """A name with a space can't stand in a signature line."""
    stated = msgspec.to_builtins(MANIFEST) | {"station": "a b"}
    line = json.dumps(stated, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    with pytest.raises(NotAManifest, match="can't be the name of a key"):
        read(f"{line}\n\n\N{EM DASH} a b {b64encode(bytes(68)).decode()}\n")


def test_bytes_that_are_no_text_are_no_manifest() -> None:
    """UTF-8 is asked for."""
    with pytest.raises(NotAManifest, match="UTF-8"):
        read_manifest(b"\xff" + TEXT.encode(), verify_signature)
