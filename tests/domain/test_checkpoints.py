"""Checkpoints against published notes and keys, and against everything that is not quite one."""

from base64 import b64encode

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.checkpoints import (
    SIZE_MAX,
    Checkpoint,
    read_note,
    sign_checkpoint,
    signed_by_origin,
    stated_root,
)
from assettrack.domain.signed_notes import NOTE_CHARACTERS_MAX, NoteInvalid, Signer, key_hash, signature_line
from tests.domain.trial_keys import Key

ORIGIN = "station.example/hq"
ROOT = bytes(range(32))
KEY: Signer = Key(ORIGIN, b"k" * 32)
WITNESS: Signer = Key("witness.example", b"w" * 32)
NOTE = sign_checkpoint(Checkpoint(ORIGIN, 42, ROOT), KEY)


def verify(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether the signature is right, as the library sees it."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def read(note: str) -> Checkpoint:
    """Read a note as one of the station under test."""
    return read_note(note, origin=ORIGIN, public_key=KEY.public_key, verify=verify)


def signed(text: str, signer: Signer = KEY) -> str:
    """Return a rightly signed note with any text."""
    return f"{text}\n{signature_line(text, signer)}"


def test_note_is_byte_exact() -> None:
    """A note is the three lines, an empty line and one signature line, each ended by a line feed."""
    text = f"{ORIGIN}\n42\n{b64encode(ROOT).decode()}\n"
    signature = b64encode(key_hash(ORIGIN, KEY.public_key) + KEY.sign(text.encode())).decode()

    assert f"{text}\n\u2014 {ORIGIN} {signature}\n" == NOTE


@given(
    st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters="+"), min_size=1),
    st.integers(0, SIZE_MAX),
    st.binary(min_size=32, max_size=32),
)
def test_what_is_signed_is_read(origin: str, size: int, root: bytes) -> None:
    """Any checkpoint that is signed is read again as it was."""
    checkpoint = Checkpoint(origin, size, root)
    signer = Key(origin, b"k" * 32)

    note = sign_checkpoint(checkpoint, signer)

    assert read_note(note, origin=origin, public_key=signer.public_key, verify=verify) == checkpoint


def test_every_changed_byte_is_refused() -> None:
    """A note with any byte changed, dropped or doubled, or anything added, is no longer a checkpoint of this key."""
    data = NOTE.encode()
    changed = [
        data[:at] + bytes([data[at] ^ bit]) + data[at + 1 :] for at in range(len(data)) for bit in (1, 2, 32, 64)
    ]
    dropped = [data[:at] + data[at + 1 :] for at in range(len(data))]
    doubled = [data[: at + 1] + data[at:] for at in range(len(data))]
    cut = [data[:at] for at in range(len(data))]
    added = [data + b"x", data + b"\n", b"x" + data, b"\n" + data]

    for forged in (*changed, *dropped, *doubled, *cut, *added):
        with pytest.raises(NoteInvalid):
            read(forged.decode("utf-8", "replace"))
    assert read(NOTE) == Checkpoint(ORIGIN, 42, ROOT)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a checkpoint"),
        ("asset_tag,timestamp\nA-1,2026-01-01\n", "no empty line"),
        (NOTE.replace("\n", "\r\n"), "changed in transport"),
        ("\ufeff" + NOTE, "changed in transport"),
        (NOTE.removesuffix("\n"), "changed in transport"),
        (NOTE + "\n", "changed in transport"),
        (NOTE.partition("—")[0], "changed in transport"),
        (signed("Only a word\nand another.\n"), "needs an origin, a size and a root"),
        (NOTE.replace(f"{ORIGIN}\n", "station.example/other\n"), "of 'station.example/other', not of"),
        (signed(f"{ORIGIN}\n042\n{'A' * 43}=\n"), "leading zero"),
        (signed(f"{ORIGIN}\n00\n{'A' * 43}=\n"), "leading zero"),
        (signed(f"{ORIGIN}\n{2**63}\n{'A' * 43}=\n"), "too large"),
        (signed(f"{ORIGIN}\n{'9' * 5000}\n{'A' * 43}=\n"), "too large"),
        (signed(f"{ORIGIN}\n-1\n{'A' * 43}=\n"), "not a number"),
        (signed(f"{ORIGIN}\n٤٢\n{'A' * 43}=\n"), "not a number"),
        (signed(f"{ORIGIN}\n\n{'A' * 43}=\n"), "not a number"),
        (signed(f"{ORIGIN}\n42\n{b64encode(bytes(31)).decode()}\n"), "root is not 32 bytes"),
        (signed(f"{ORIGIN}\n42\n{'A' * 43}\n"), "root is not 32 bytes"),
        (signed(f"{ORIGIN}\n42\n{'A' * 42}B=\n"), "root is not 32 bytes"),
        (signed(f"{ORIGIN}\n42\n{'Ä' * 43}=\n"), "root is not 32 bytes"),
        (signed(f"{ORIGIN}\n42\n{'A' * 43}=\nextension\n"), "more lines"),
        (NOTE + "signed by hand\n", "only signatures may stand"),
        (NOTE + "— witness AAAA\n", "only signatures may stand"),
        (NOTE + "—  AAAAAAAA\n", "only signatures may stand"),
        (NOTE + "— wit+ness AAAAAAAA\n", "only signatures may stand"),
        (NOTE + "- witness AAAAAAAA\n", "only signatures may stand"),
        (NOTE + "witness AAAAAAAA\n", "only signatures may stand"),
        (NOTE + "— witness AAAAAAA!\n", "only signatures may stand"),
        (NOTE + "— witness AAAAAAAA\n" * (NOTE_CHARACTERS_MAX // 19), "far too long"),
    ],
)
def test_refusals_say_why(text: str, reason: str) -> None:
    """Whatever is not exactly a checkpoint is refused with a sentence that says what is wrong."""
    with pytest.raises(NoteInvalid, match=reason) as refused:
        read(text)

    assert refused.value.reason.endswith(".")


def test_another_key_is_refused() -> None:
    """A note signed by another key is refused, even under the station's own name."""
    text = Checkpoint(ORIGIN, 42, ROOT).text()

    for signer in (WITNESS, Key(ORIGIN, b"o" * 32)):
        with pytest.raises(NoteInvalid, match="with the key known for station"):
            read(signed(text, signer))


def test_signature_of_another_text_is_refused() -> None:
    """A right signature under a text it was not made for does not match, whatever other signatures say."""
    other = Checkpoint(ORIGIN, 43, ROOT).text()
    wrong = signature_line(other, KEY)

    for lines in (wrong, wrong + signature_line(Checkpoint(ORIGIN, 42, ROOT).text(), KEY)):
        with pytest.raises(NoteInvalid, match="does not match"):
            read(f"{Checkpoint(ORIGIN, 42, ROOT).text()}\n{lines}")


def test_witnesses_are_ignored() -> None:
    """Signature lines of other keys are allowed before and after the station's, and are not looked into."""
    text = Checkpoint(ORIGIN, 42, ROOT).text()
    ours, theirs = signature_line(text, KEY), signature_line("something else", WITNESS)

    assert read(f"{text}\n{ours}{theirs}") == read(f"{text}\n{theirs * 16}{ours}") == Checkpoint(ORIGIN, 42, ROOT)


@pytest.mark.parametrize(
    ("origin", "size", "root"),
    [
        ("", 1, ROOT),
        (" ", 1, ROOT),
        ("two\nlines", 1, ROOT),
        ("a\ttab", 1, ROOT),
        (ORIGIN, -1, ROOT),
        (ORIGIN, SIZE_MAX + 1, ROOT),
        (ORIGIN, 1, ROOT[:-1]),
    ],
)
def test_impossible_checkpoints_are_not_made(origin: str, size: int, root: bytes) -> None:
    """A checkpoint which no note could state can't even be made."""
    with pytest.raises(ValueError, match=r"can't be an origin|not in the range|a root has 32 bytes"):
        Checkpoint(origin, size, root)


def test_a_note_without_an_origin_states_nothing() -> None:
    """A first line that is blank or has a control character in it is no origin, whoever signed the note."""
    text = Checkpoint(ORIGIN, 42, ROOT).text()
    for origin in ("", " ", "a\ttab"):
        note = signed(text.replace(ORIGIN, origin))
        assert stated_root(note) is None
        with pytest.raises(NoteInvalid, match="first line is no origin"):
            signed_by_origin(note)
    assert stated_root(signed(text)) == ROOT
