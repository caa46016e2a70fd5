"""Two thousand forgeries of a receipt, and every single byte of its code: nothing but the real one passes."""

import random
from collections.abc import Callable
from itertools import count

from msgspec.structs import replace

from assettrack.domain import base45
from assettrack.domain.receipt_proofs import END, PREFIX, Proof, encode_payload
from assettrack.domain.receipts import text_of
from tests.conftest import Figure
from tests.domain.trial_receipts import (
    OTHER_KEY,
    SEQ,
    TEXT,
    judge,
    payload,
    proof,
    receipt_body,
    trial_proof,
    trial_receipt,
)

TRIALS = 2000


def others() -> list[Proof]:
    """Return the proofs of four other receipts of the station, each from another moment of its log."""
    texts = [text_of(replace(trial_receipt(), receipt_id=number)) for number in range(8, 12)]
    return [trial_proof(receipt_body(text, seq), seq, 300 + seq) for seq, text in enumerate(texts, SEQ + 1)]


OTHERS = others()
CHANGED = TEXT.replace("LAP-00002", "LAP-00003")
OWN = {text: trial_proof(receipt_body(text, SEQ), SEQ, SEQ, OTHER_KEY) for text in (TEXT, CHANGED)}


def another_character(chance: random.Random) -> tuple[str, str]:
    """Exchange one character of the code, for one that a scanner types or that none does."""
    code = payload()
    at = chance.randrange(len(code))
    return TEXT, code[:at] + chance.choice(base45.ALPHABET + "aé\n") + code[at + 1 :]


def another_byte(chance: random.Random) -> tuple[str, str]:
    """Change one byte of what the code holds, and make its CRC fit."""
    real = proof()
    parts = [real.body, b"".join(real.path), real.origin.encode(), real.key_hash, real.signature]
    which = chance.randrange(len(parts))
    at = chance.randrange(len(parts[which]))
    changed = parts[which][at] ^ chance.randrange(1, 256)
    parts[which] = parts[which][:at] + bytes([changed]) + parts[which][at + 1 :]
    path = tuple(parts[1][first : first + 32] for first in range(0, len(parts[1]), 32))
    return TEXT, encode_payload(Proof(parts[0], real.size, path, parts[2].decode("latin-1"), parts[3], parts[4]))


def another_part(chance: random.Random) -> tuple[str, str]:
    """Put in a part of another receipt's proof."""
    part = chance.choice(["body", "size", "path", "signature"])
    return TEXT, encode_payload(replace(proof(), **{part: getattr(chance.choice(OTHERS), part)}))


def another_proof(chance: random.Random) -> tuple[str, str]:
    """Exchange the whole proof for another receipt's."""
    return TEXT, encode_payload(chance.choice(OTHERS))


def another_size(chance: random.Random) -> tuple[str, str]:
    """State another size of the log."""
    return TEXT, encode_payload(replace(proof(), size=chance.randrange(1, 2000)))


def another_key(chance: random.Random) -> tuple[str, str]:
    """Sign a proof of one's own, of a changed text too, and name the key by its own hash or the station's."""
    text = chance.choice(list(OWN))
    mine = OWN[text]
    return text, encode_payload(replace(mine, key_hash=chance.choice([mine.key_hash, proof().key_hash])))


def another_text(chance: random.Random) -> tuple[str, str]:
    """Change the text."""
    at = chance.randrange(len(TEXT))
    letter = chance.choice(["", " ", "0", "\n", TEXT[at] * 2, chr(ord(TEXT[at]) ^ 1)])
    return TEXT[:at] + letter + TEXT[at + 1 :], payload()


WAYS: tuple[Callable[[random.Random], tuple[str, str]], ...] = (
    another_character,
    another_byte,
    another_part,
    another_proof,
    another_size,
    another_key,
    another_text,
)


def test_forgeries_are_refused(figure: Figure) -> None:
    """Of 2,000 random forgeries of code, proof, key and text none passes, and each is answered with a verdict."""
    chance = random.Random(20261121)
    verdicts: dict[str, int] = {}
    for way in (WAYS[number % len(WAYS)] for number in count()):
        text, code = way(chance)
        if (text, code) == (TEXT, payload()):
            continue  # chance changed nothing
        verdict = judge(text, code)
        assert not verdict.genuine
        verdicts[verdict.code] = verdicts.get(verdict.code, 0) + 1
        if sum(verdicts.values()) == TRIALS:
            break
    figure(f"forged receipts refused: {sum(verdicts.values())} of {TRIALS}, as {verdicts}")
    assert set(verdicts) == {"damaged", "foreign", "proof_invalid", "text_changed"}


def test_every_character_of_the_code() -> None:
    """A code with any one character exchanged is damaged: the CRC finds it, before anything is believed."""
    code = payload()
    for at in range(len(code)):
        here = base45.ALPHABET.index(code[at])
        letter = base45.ALPHABET[(here + 1 + at % 44) % 45]
        verdict = judge(TEXT, code[:at] + letter + code[at + 1 :])
        assert verdict.code == "damaged"
        if len(PREFIX) <= at < len(code) - len(END):
            assert "misread" in verdict.sentence
