"""Signatures drawn on a screen: the form in which they are kept, and the hash by which the log knows them.

A signature is the text of an SVG path (SVG 2, section 9.3) of whole numbers on a field of 600 by 200: each stroke an
absolute ``M``, and then one relative ``l`` to each next point. The strokes lie beside the log. Must never judge whose
hand drew them: it is a picture of what was drawn, and no proof of who drew it.
"""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import NamedTuple

from assettrack.domain.facts import SignatureHash

FIELD_WIDTH = 600
FIELD_HEIGHT = 200
STROKES_LENGTH_MAX = 8192
"""So many letters a signature has at most; it is ASCII, so they are as many bytes."""

_STROKES = re.compile(r"(?:M[0-9]{1,3} [0-9]{1,3}(?:l-?[0-9]{1,3} -?[0-9]{1,3})*)+", re.ASCII)


class Drawing(NamedTuple):
    """What somebody drew as a signature."""

    name: str
    strokes: str


class NotASignature(ValueError):
    """A text is no signature; ``reason`` says why in half a sentence."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def read_strokes(text: str) -> str:
    """Return the strokes of a signature, once it is sure that they are some.

    Raises:
        NotASignature: they are too long, are no such path, or are no more than dots.
    """
    if len(text) > STROKES_LENGTH_MAX:
        raise NotASignature(f"it has {len(text)} letters, {STROKES_LENGTH_MAX} are kept")
    if _STROKES.fullmatch(text) is None:
        raise NotASignature("it is not a drawing as the station's own page makes it")
    if "l" not in text:
        raise NotASignature("there is no stroke in it")
    return text


def strokes_sha256(strokes: str) -> str:
    """Return the SHA-256 of a signature's strokes in hex, as the log holds it."""
    return sha256(strokes.encode("utf-8", "surrogatepass")).hexdigest()


def signature_hashes(seq: int, signatures: Mapping[str, str]) -> Iterable[SignatureHash]:
    """Yield the facts that entry ``seq`` leads to, which says who drew what, by the hash in hex."""
    for name, digest in sorted(signatures.items()):
        yield SignatureHash(seq, name, digest)
