"""Ways in which an export goes bad: by accident on its way, or made by somebody who means it.

Owns the damage, each with what must become of it. Everything is drawn from a random source that is handed in.
"""

import json
from base64 import b64encode
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from assettrack.domain.checkpoints import Checkpoint, sign_checkpoint
from assettrack.domain.merkle import Tree, leaf_hash
from assettrack.domain.signed_notes import key_hash
from tests.domain.trial_export import STATION, bodies, body, export, header, signer

COUNT = 21
TEXTS = bodies(COUNT)
GOOD = export(TEXTS)
OTHER = export(bodies(COUNT, signer(2)), signer(2))
KEY = header(TEXTS).key


class Case(NamedTuple):
    """An export, the key it is held against, and whether it is good."""

    lines: list[bytes]
    key: str | None = None
    good: bool = False


def edited(number: int, **fields: object) -> list[bytes]:
    """The good export with other fields in one line, written as an export writes it."""
    line = json.dumps(json.loads(GOOD[number]) | fields, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    return [*GOOD[:number], line, *GOOD[number + 1 :]]


def field(number: int, name: str) -> str:
    """What a line of the good export says, in a field that is a text."""
    return str(json.loads(GOOD[number])[name])


def proof_in(number: int) -> list[str]:
    """The proof in a line of the good export."""
    return list(json.loads(GOOD[number])["proof"])


# -- on its way -------------------------------------------------------------------------------------------------------


def flipped(chance: Random) -> Case:
    """One byte is another."""
    data = bytearray(b"".join(GOOD))
    data[chance.randrange(len(data))] ^= chance.randrange(1, 256)
    return Case([bytes(data)])


def cut_off(chance: Random) -> Case:
    """The end is missing, from any byte on."""
    data = b"".join(GOOD)
    return Case([data[: chance.randrange(len(data))]])


def filled(chance: Random) -> Case:
    """Some bytes are put in."""
    data, more = b"".join(GOOD), chance.randbytes(chance.randrange(1, 5))
    at = chance.randrange(len(data) + 1)
    return Case([data[:at] + more + data[at:]])


def swapped(chance: Random) -> Case:
    """Two lines have each other's place."""
    lines = list(GOOD)
    one, other = chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return Case(lines)


def removed(chance: Random) -> Case:
    """A line is missing."""
    lines = list(GOOD)
    del lines[chance.randrange(len(lines))]
    return Case(lines)


def doubled(chance: Random) -> Case:
    """A line is there twice, anywhere."""
    lines = list(GOOD)
    lines.insert(chance.randrange(len(lines) + 1), chance.choice(GOOD))
    return Case(lines)


# -- by somebody ------------------------------------------------------------------------------------------------------


def other_field(chance: Random) -> Case:
    """A field says what that of another entry says."""
    number, other = chance.sample(range(1, len(GOOD)), 2)
    theirs = json.loads(GOOD[other])
    name = chance.choice(["seq", "body", "leaf", "proof"])
    return Case(edited(number, **{name: theirs[name]}))


def other_text(chance: Random) -> Case:
    """An entry says something else, and its leaf is made of that."""
    number = chance.randrange(1, len(GOOD))
    text = body(number, notes="other")
    return Case(edited(number, body=text.decode(), leaf=b64encode(leaf_hash(text)).decode()))


def other_proof(chance: Random) -> Case:
    """A hash of a proof is another, missing, or one is more."""
    number = chance.randrange(1, len(GOOD))
    proof = proof_in(number)
    at = chance.randrange(len(proof))
    proof[at : at + chance.randrange(2)] = chance.choice([[], [field(1, "leaf")], ["AAAA"], ["="]])
    return Case(edited(number, proof=proof), good=proof == proof_in(number))


def another_header(chance: Random) -> Case:
    """A header field is that of another station's export of as many entries."""
    theirs = json.loads(OTHER[0])
    name = chance.choice(["public_key", "root", "checkpoint"])
    return Case(edited(0, **{name: theirs[name]}))


def under_another_header(_: Random) -> Case:
    """The entries stand under another station's header."""
    return Case([OTHER[0], *GOOD[1:]])


def resealed(_: Random) -> Case:
    """Somebody else signed the same entries, the first of which names the station's own key."""
    return Case(export(TEXTS, signer(2)))


def made_anew(chance: Random) -> Case:
    """Somebody else made the whole log anew with a key of theirs: sound in itself, but the known key tells."""
    key = chance.choice([None, KEY])
    return Case(OTHER, key, good=key is None)


def signed_by_an_insider(chance: Random) -> Case:
    """Who has the station's key can change an entry and sign it all again, as long as it is an entry."""
    number = chance.randrange(2, COUNT + 1)
    text, good = chance.choice(
        [
            (body(number, notes="nothing to see"), True),
            (body(number + 1), False),
            (b"", False),
            (b"[%d]" % number, False),
            (b'{"seq":%d.0}' % number, False),
            (b'{"seq":%d,"x":NaN}' % number, False),
            (b'{"seq":%d,"x":"\\ud800"}' % number, False),
            (b'{"seq":%d,"x":1e999}' % number, False),
            (b'{"seq":0,"seq":%d}' % number, True),
            (b'\n{"seq" : %d}' % number, True),
        ]
    )
    return Case(export([*TEXTS[: number - 1], text, *TEXTS[number:]]), KEY, good=good)


def untouched(chance: Random) -> Case:
    """Nothing happened."""
    count = chance.randrange(1, 40)
    return Case(export(bodies(count)), chance.choice([None, KEY]), good=True)


WAYS: tuple[Callable[[Random], Case], ...] = (
    flipped, cut_off, filled, swapped, removed, doubled, other_field, other_text, other_proof, another_header,
    under_another_header, resealed, made_anew, signed_by_an_insider, untouched,
)  # fmt: skip

# -- what one check alone can see -------------------------------------------------------------------------------------


def older_note() -> str:
    """A checkpoint that the station signed when its log was shorter."""
    tree = Tree()
    tree.append([leaf_hash(text) for text in TEXTS[:5]])
    return sign_checkpoint(Checkpoint(STATION, 5, tree.root()), signer())


def with_spare_bits(text: str) -> str:
    """The same bytes in base64 that is not the one way to write them: 32 bytes leave two bits of a letter unused."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    return f"{text[:-2]}{letters[letters.index(text[-2]) + 1]}="


def with_wrong_signature() -> str:
    """The note with a signature of another message."""
    note = field(0, "checkpoint")
    text = note.partition("\n\n")[0] + "\n"
    signed = key_hash(STATION, signer().public_key) + signer().sign(b"another message")
    return f"{text}\n\N{EM DASH} {STATION} {b64encode(signed).decode()}\n"


def in_capitals() -> list[bytes]:
    """An export in which station and header write the key in capital letters."""
    key = signer().public_key.hex().upper()
    first = body(1, event_type="STATION", station=STATION, public_key=key)
    lines = export([first, *TEXTS[1:]])
    return [lines[0].replace(key.lower().encode(), key.encode()), *lines[1:]]


def with_long_note() -> list[bytes]:
    """An export whose checkpoint has more signatures than a note may."""
    line = f"\N{EM DASH} witness {b64encode(bytes(200_000)).decode()}\n"
    return edited(0, checkpoint=field(0, "checkpoint") + line)


SEEN_BY_ONE_CHECK = (
    ("The header is of another format.", Case(edited(0, format="assettrack-export v2"))),
    ("The public key is none.", Case(in_capitals())),
    ("It is signed with another key", Case(OTHER, KEY)),
    ("The checkpoint states another size or root.", Case(edited(0, checkpoint=older_note()))),
    ("The checkpoint is too long.", Case(with_long_note())),
    ("The signature is not the station's.", Case(edited(0, checkpoint=with_wrong_signature()))),
    ("entries were signed, and", Case(GOOD[:-1])),
    ("is not where it must be.", Case(edited(4, seq=9))),
    ("has another text than its leaf was made from.", Case(edited(4, leaf=field(5, "leaf")))),
    ("says another number in its text.", Case(export([*TEXTS[:3], body(9), *TEXTS[4:]]))),
    ("names another station or another key", Case(export(TEXTS, signer(2)))),
    ("is not proved by its hashes.", Case(other_text(Random(1)).lines)),
    ("is not written as an export writes it.", Case([GOOD[0].replace(b'"size":', b'"size": '), *GOOD[1:]])),
    ("has other fields.", Case(edited(4, more="1"))),
    ("has base64 that is none.", Case(edited(4, leaf=with_spare_bits(field(4, "leaf"))))),
)
"""A part of the sentence of each check, and an export that is good but for what that check looks at."""

GUARDS = ("has a proof that is none.",)
"""What only keeps the verifier itself from stumbling."""
