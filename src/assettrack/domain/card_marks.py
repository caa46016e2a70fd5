"""Marks on cards with a number: whose they are beyond the bare number, which another station gives to somebody else.

Owns how a mark is made. A mark is not a secret and proves nothing against who forges cards: it tells cards apart that
were printed elsewhere, or for somebody who had the number in a history that a restore gave up.
"""

import string
from hashlib import sha256

MARK_LENGTH = 3
"""Letters of a mark: of 15,625 foreign cards of the same number about one has the mark of the own one."""

UNMARKED = "it was printed before cards had marks"
FOREIGN = "it was printed at another station, or for somebody who had the number in a history that a restore gave up"

_DOMAIN = b"AssetTrack card mark 1\x00"
_LETTERS = string.ascii_uppercase.removesuffix("Z")  # a Z takes two characters on a card, and a badge is small


def mark_of(public_key: str, body: bytes) -> str:
    """Return the mark of a card: three letters A-Y.

    ``public_key`` (hex) is the station's, ``body`` the log's entry that registered the holder or account, as it is
    stored: it has their number, and when and where in the log it was given. A later name is in another entry. The first
    eight bytes of the SHA-256 of both, as a number, are written in base 25, the last letter being the lowest place.
    """
    digest = sha256(_DOMAIN + bytes.fromhex(public_key) + body).digest()
    number = int.from_bytes(digest[:8], "big")
    letters = []
    for _ in range(MARK_LENGTH):
        number, place = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[place])
    return "".join(reversed(letters))


def doubt_of(mark: str, known: str) -> str:
    """Return in half a sentence why a card with this mark is not the one with the ``known`` mark; blank where it is."""
    if not mark:
        return UNMARKED
    return "" if mark == known else FOREIGN
