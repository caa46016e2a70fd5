"""The proof on a receipt: what it says, that nothing but the whole truth passes, and that it fits into a code."""

from zlib import crc32

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from assettrack.domain import base45
from assettrack.domain.checkpoints import signed_by_origin
from assettrack.domain.merkle import leaf_hash, verify_inclusion
from assettrack.domain.receipt_proofs import (
    END,
    PAYLOAD_CHARACTERS_MAX,
    PREFIX,
    PayloadDamaged,
    check,
    decode_payload,
    encode_payload,
    proof_from_note,
    root_from_path,
)
from assettrack.domain.receipts import text_of, text_sha256
from assettrack.domain.signed_notes import NotAKey, NoteInvalid, read_vkey, vkey
from assettrack.station.keys import verify_signature
from tests.conftest import Figure
from tests.domain.defined_tree import LEAVES, defined_path, root_of, sizes
from tests.domain.trial_receipts import (
    KEY,
    ORIGIN,
    OTHER_KEY,
    SEQ,
    SIZE,
    TEXT,
    TrialKey,
    judge,
    long_proof,
    payload,
    proof,
    receipt_body,
    trial_proof,
    trial_receipt,
)


def test_a_genuine_receipt() -> None:
    """The text, the payload and the public key are enough; the verdict names entry, station, operator and time."""
    verdict = judge(TEXT, payload())

    assert verdict.code == "genuine"
    assert verdict.genuine
    for fact in ("number 7", "Ada Example", "entry 201", ORIGIN, "gcurl", "2026-11-21T09:00:00.000000Z"):
        assert fact in verdict.sentence
    assert verdict.entry is not None
    assert verdict.entry.text_sha256 == text_sha256(TEXT)


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9])
def test_every_place_in_a_log(size: int) -> None:
    """A receipt is proved wherever it stands in a log, the first, the last and the only entry too."""
    for seq in range(1, size + 1):
        assert judge(TEXT, encode_payload(trial_proof(receipt_body(TEXT, seq), seq, size))).genuine


@given(st.data())
def test_the_root_is_the_one_the_tree_has(data: st.DataObject) -> None:
    """The root that is computed from a proof is the tree's, and what the verifier of proofs accepts."""
    size = data.draw(sizes.filter(bool))
    index = data.draw(st.integers(0, size - 1))
    path = defined_path(index, 0, size)

    root = root_from_path(LEAVES[index], index, size, tuple(path))

    assert root == root_of(size)
    assert verify_inclusion(LEAVES[index], index, size=size, proof=path, root=root_of(size))
    assert root_from_path(LEAVES[index], index, size, (*path, LEAVES[0])) is None
    assert root_from_path(LEAVES[index], size, size, tuple(path)) is None


# -- each verdict ------------------------------------------------------------------------------------------------------


def test_a_changed_text() -> None:
    """A text with one letter changed is told from a genuine one, and so is the text of another receipt."""
    for text in (TEXT.replace("LAP-00002", "LAP-00003"), text_of(replace(trial_receipt(), receipt_id=8)), "", "\ud800"):
        verdict = judge(text, payload())
        assert verdict.code == "text_changed"
        assert "entry 201" in verdict.sentence


def test_a_letter_that_is_none() -> None:
    """Half a letter in place of another is a change like any, although it can't be written in UTF-8."""
    text = TEXT.replace("Ad Hoc", "Ad Hoc?")
    code = encode_payload(trial_proof(receipt_body(text, 1), 1, 1))

    assert judge(text, code).genuine
    assert judge(text.replace("?", "\ud800"), code).code == "text_changed"


@pytest.mark.parametrize("text", [TEXT.replace("\n", "\r\n"), TEXT.replace("\n", "\r"), "\ufeff" + TEXT])
def test_a_text_that_was_converted(text: str) -> None:
    """A text whose line ends another program converted is no longer the one that was hashed, and it is said so."""
    verdict = judge(text, payload())

    assert verdict.code == "text_changed"
    assert "line ends" in verdict.sentence


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("", "does not begin with AT1:"),
        ("LAP-00001", "does not begin with AT1:"),
        ("AT1:", "not whole"),
        ("AT1:.", "cut off"),
        ("AT1:::::::.", "cut off"),
        ("AT1:0000000Ä.", "cut off"),
        ("AT1:" + "0" * PAYLOAD_CHARACTERS_MAX + ".", "not whole"),
        ("at1:00.", "caps lock"),
        ("https://example.com/", "caps lock"),
    ],
)
def test_what_is_no_payload(code: str, reason: str) -> None:
    """A text that is no payload is called damaged, with a hint to what may be wrong."""
    verdict = judge(TEXT, code)

    assert verdict.code == "damaged"
    assert reason in verdict.sentence
    assert verdict.entry is None


def test_every_cut_is_noticed() -> None:
    """A payload that ends early, or begins late, is damaged, wherever it was cut, even with its end put back on."""
    whole = payload()
    for at in range(len(whole)):
        assert judge(TEXT, whole[:at]).code == "damaged"
        if at < len(whole) - len(END):
            assert judge(TEXT, whole[:at] + END).code == "damaged"
        if at:
            assert judge(TEXT, PREFIX + whole[len(PREFIX) + at :]).code == "damaged"


def test_line_breaks_around_a_payload() -> None:
    """The Enter that a scanner types after the code, and tabs, don't count; a space or anything else does."""
    assert judge(TEXT, f"\t{payload()}\r\n").genuine
    for code in (f" {payload()}", f"{payload()} ", f"{payload()}\x0b", f"{payload()}\u2028"):
        assert judge(TEXT, code).code == "damaged"


def test_another_station() -> None:
    """A receipt of a station with another name, or with another key under this name, is foreign, and it is said."""
    body = receipt_body(TEXT, SEQ)
    elsewhere = encode_payload(trial_proof(body, SEQ, SIZE, TrialKey("station.example/depot", b"k" * 32)))
    namesake = encode_payload(trial_proof(body, SEQ, SIZE, OTHER_KEY))

    assert judge(TEXT, elsewhere).code == judge(TEXT, namesake).code == "foreign"
    assert "station.example/depot" in judge(TEXT, elsewhere).sentence
    assert "another key" in judge(TEXT, namesake).sentence
    assert judge(TEXT, payload(), OTHER_KEY).code == "foreign"


@pytest.mark.parametrize(
    "changes",
    [
        {"body": receipt_body(TEXT, SEQ, name="Bob Example")},
        {"body": receipt_body(TEXT, SEQ + 1)},
        {"body": receipt_body(TEXT, SIZE + 1)},
        {"body": receipt_body(TEXT, 0)},
        {"body": receipt_body(TEXT, -1)},
        {"body": b"{}"},
        {"body": b"\xff"},
        {"body": b"[" * 1500},
        {"body": receipt_body(TEXT, SEQ, event_type="ISSUE")},
        {"size": SIZE + 1},
        {"size": 1},
        {"path": ()},
        {"path": tuple(LEAVES[:10])},
        {"signature": bytes(64)},
    ],
)
def test_a_proof_that_is_none(changes: dict[str, object]) -> None:
    """A payload in good order whose entry, proof or signature is another proves nothing."""
    verdict = judge(TEXT, encode_payload(replace(proof(), **changes)))

    assert verdict.code == "proof_invalid"
    assert not verdict.genuine


def test_an_entry_that_is_no_receipt() -> None:
    """Even a signed proof of another kind of entry is no receipt, whatever hash that entry holds."""
    body = receipt_body(TEXT, SEQ, event_type="BATCH")

    assert judge(TEXT, encode_payload(trial_proof(body, SEQ, SIZE))).code == "proof_invalid"


def test_entries_of_later_versions() -> None:
    """An entry that says more than is known today proves its receipt all the same."""
    body = receipt_body(TEXT, SEQ, batch_id=12, colour="red")
    verdict = judge(TEXT, encode_payload(trial_proof(body, SEQ, SIZE)))

    assert verdict.genuine
    assert verdict.entry is not None
    assert verdict.entry.batch_id == 12


def test_there_is_one_payload_for_a_proof() -> None:
    """Bytes that mean the same in another way, a longer number say or more after the end, are no payload."""
    real = proof()
    signed = real.key_hash + real.signature
    data = msgspec.msgpack.encode((real.body, real.size, b"".join(real.path), real.origin, signed))
    number = msgspec.msgpack.encode(real.size)
    longer = data.replace(number, b"\xce" + real.size.to_bytes(4), 1)
    assert sealed(data) == payload()
    for other in (longer, data + b"\xc0", b"\xdd\x00\x00\x00\x05" + data[1:]):
        with pytest.raises(PayloadDamaged):
            decode_payload(sealed(other))


@pytest.mark.parametrize(
    "fields",
    [
        (),
        (b"{}", 1, b"", "hq"),
        (b"{}", 1, b"", "hq", bytes(67)),
        (b"{}", 1, b"", "hq", bytes(69)),
        (b"{}", 1, bytes(31), "hq", bytes(68)),
        (b"{}", 1, bytes(65), "hq", bytes(68)),
        (b"{}", 0, b"", "hq", bytes(68)),
        (b"{}", -1, b"", "hq", bytes(68)),
        (b"{}", 2**63, b"", "hq", bytes(68)),
        (b"{}", 1.0, b"", "hq", bytes(68)),
        (b"{}", 1, b"", b"hq", bytes(68)),
        ("{}", 1, b"", "hq", bytes(68)),
        {"body": b"{}"},
        None,
    ],
)
def test_what_can_be_no_proof(fields: object) -> None:
    """What was sealed well but can't be a proof at all is damaged."""
    with pytest.raises(PayloadDamaged, match="not the proof"):
        decode_payload(sealed(msgspec.msgpack.encode(fields)))


def sealed(data: bytes) -> str:
    """Return any bytes as a payload would carry them, their CRC made to fit."""
    return f"{PREFIX}{base45.encode(data + crc32(data).to_bytes(4))}{END}"


# -- the code ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "entries", "bytes_max"), [(10, "1,000", 800), (20, "1,000,000", 1150)])
def test_a_payload_is_small(rows: int, entries: str, bytes_max: int, figure: Figure) -> None:
    """The proof of a receipt in a long log carries about 1.1 kB, and a QR code holds it in its alphanumeric mode."""
    whole = long_proof(receipt_body(TEXT, 1, batch_id=12), rows)
    code = encode_payload(whole)

    carried = (len(code) - len(PREFIX) - len(END)) * 2 // 3
    figure(f"payload of a receipt among {entries} entries: {carried} bytes, {len(code)} characters")
    assert carried < bytes_max
    assert set(code) <= set(base45.ALPHABET)
    assert judge(TEXT, code).genuine


def test_a_payload_too_long_for_a_code() -> None:
    """A proof that no QR code can hold is refused when it is written."""
    with pytest.raises(ValueError, match="no QR code"):
        encode_payload(replace(proof(), body=receipt_body(TEXT, SEQ, name="x" * 3000)))


@pytest.mark.parametrize(
    "changes",
    [
        {"path": (bytes(31),)},
        {"path": (bytes(32), b"")},
        {"key_hash": bytes(5)},
        {"signature": bytes(63)},
        {"size": 0},
        {"size": 2**63},
    ],
)
def test_impossible_proofs_are_not_made(changes: dict[str, object]) -> None:
    """A proof with a part of a wrong length, or of a log of no possible size, can't be made."""
    with pytest.raises(ValueError, match=r"length|no log"):
        replace(proof(), **changes)


# -- notes and keys ---------------------------------------------------------------------------------------------------


def test_the_signature_is_taken_from_a_note() -> None:
    """The signature in the origin's name is taken, whoever else signed too; without one there is no proof."""
    from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
    from assettrack.domain.signed_notes import signature_line

    checkpoint = Checkpoint(ORIGIN, 1, leaf_hash(b"x"))
    witness = TrialKey("witness.example", b"w" * 32)
    note = sign_checkpoint(checkpoint, witness) + signature_line(checkpoint.text(), KEY)

    assert signed_by_origin(note)[0] == checkpoint
    made = proof_from_note(b"x", (), note)
    assert (made.size, made.origin) == (1, ORIGIN)
    assert verify_signature(KEY.public_key, checkpoint.text().encode(), made.signature)
    for bad in (sign_checkpoint(checkpoint, witness), "", note[:-1]):
        with pytest.raises(NoteInvalid):
            proof_from_note(b"x", (), bad)


def test_keys_are_read_again() -> None:
    """The public key that a station shows is read as its name and its 32 bytes."""
    assert read_vkey(vkey(ORIGIN, KEY.public_key)) == (ORIGIN, KEY.public_key)
    assert read_vkey("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW").name == "PeterNeumann"


def test_every_changed_letter_of_a_key() -> None:
    """A key with any letter exchanged, left out or added is no key, so that none is used by mistake."""
    text = vkey(ORIGIN, KEY.public_key)
    others = {text[:at] + letter + text[at + 1 :] for at in range(len(text)) for letter in "aA0+/ \né"}
    others |= {text[:at] + text[at + 1 :] for at in range(len(text))}
    others |= {f" {text}", f"{text} ", f"{text}\n", "", ORIGIN, "a+b", "+c74f20a3+AA==", f"{text}+"}
    for other in others - {text}:
        with pytest.raises(NotAKey):
            read_vkey(other)


def test_a_key_that_can_be_none() -> None:
    """Checking with something that is no public key is refused, not answered."""
    with pytest.raises(ValueError, match="32 bytes"):
        check(TEXT, payload(), origin=ORIGIN, public_key=bytes(31), verify=verify_signature)
