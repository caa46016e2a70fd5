"""Signed notes against a published note and its key, and what can be neither a key nor a note."""

from base64 import b64decode

import pytest

from assettrack.domain.signed_notes import (
    NoteInvalid,
    Signature,
    Signer,
    VerifierKey,
    key_hash,
    sign_note,
    signature_line,
    split_note,
    vkey,
)
from assettrack.station.keys import verify_signature
from tests.domain.trial_keys import Key

# The example key and note in the documentation of Go's package for signed notes.
PUBLISHED_VKEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
PUBLISHED_PRIVATE_KEY = b64decode("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz")[1:]
PUBLISHED_TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
PUBLISHED_LINE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

PUBLISHED_KEY = VerifierKey("PeterNeumann", b64decode(PUBLISHED_VKEY.split("+", 2)[2])[1:])
SIGNER: Signer = Key("PeterNeumann", PUBLISHED_PRIVATE_KEY)
NOTE = f"{PUBLISHED_TEXT}\n{PUBLISHED_LINE}"


def test_published_note_is_signed_alike() -> None:
    """The published key and text give the published verifier key and signature line, byte for byte."""
    assert vkey("PeterNeumann", SIGNER.public_key) == PUBLISHED_VKEY
    assert key_hash("PeterNeumann", SIGNER.public_key).hex() == "c74f20a3"
    assert signature_line(PUBLISHED_TEXT, SIGNER) == PUBLISHED_LINE
    assert sign_note(PUBLISHED_TEXT, SIGNER) == NOTE


def test_the_published_note_is_read() -> None:
    """The text, its one signature and its key are taken from the published note, and they belong together."""
    note = split_note(NOTE, "note")

    assert note.text == PUBLISHED_TEXT
    (signature,) = note.signatures()
    assert signature == Signature("PeterNeumann", bytes.fromhex("c74f20a3"), signature.signature)
    note.require_signed_by(PUBLISHED_KEY, verify_signature)


def test_a_text_may_have_empty_lines() -> None:
    """The last empty line parts a note: what stands before it is the text, as it is."""
    text = "One.\n\nAnother.\n"

    note = split_note(sign_note(text, SIGNER), "note")

    assert note.text == text
    note.require_signed_by(PUBLISHED_KEY, verify_signature)


def test_what_it_should_be_is_said() -> None:
    """A reader who was handed another file is told what was expected."""
    for text in ("", "a" * 300_000):
        with pytest.raises(NoteInvalid, match="This is not a manifest: "):
            split_note(text, "manifest")


def test_another_text_is_not_signed() -> None:
    """A signature stands for its own text alone, and a key for its own signatures."""
    with pytest.raises(NoteInvalid, match=r"signature of PeterNeumann does not match"):
        split_note(NOTE.replace("problem", "trouble"), "note").require_signed_by(PUBLISHED_KEY, verify_signature)
    with pytest.raises(NoteInvalid, match="made with the key known for another"):
        split_note(NOTE, "note").require_signed_by(VerifierKey("another", bytes(32)), verify_signature)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak", "no\u00a0break", "bell\x07", "\ufeffstation"])
def test_impossible_key_names_are_refused(name: str) -> None:
    """A name that would break the signature line can't sign."""
    with pytest.raises(ValueError, match="can't be the name of a key"):
        sign_note(PUBLISHED_TEXT, Key(name, b"k" * 32))


def test_public_key_must_be_one() -> None:
    """A public key of another length than 32 bytes is refused."""
    with pytest.raises(ValueError, match="has 32 bytes, not 31"):
        vkey("station", bytes(31))
