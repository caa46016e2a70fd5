"""What is kept of a signature drawn on a screen."""

from hashlib import sha256

import pytest

from assettrack.domain.facts import SignatureHash
from assettrack.domain.signatures import NotASignature, read_strokes, signature_hashes, strokes_sha256


@pytest.mark.parametrize("strokes", ["M0 0l1 1", "M600 200l-5 -200l0 12M1 1", "M1 1" + "l1 1" * 2047])
def test_strokes_are_taken_as_they_are(strokes: str) -> None:
    """An absolute beginning and relative points for each stroke, of whole numbers, in 8,192 letters at most."""
    assert read_strokes(strokes) == strokes


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "not a drawing"),
        ("l1 1", "not a drawing"),
        ("M1 1 l1 1", "not a drawing"),
        ("M1 1l1,1", "not a drawing"),
        ("M1 1l1 1\n", "not a drawing"),
        ("M1 1L1 1", "not a drawing"),
        ("M-1 1l1 1", "not a drawing"),
        ("M1 1l1000 1", "not a drawing"),
        ("M1 1l٣ 1", "not a drawing"),
        ("M1 1M2 2", "no stroke"),
        ("M1 1" + "l1 1" * 2048, "8196 letters"),
    ],
)
def test_what_is_no_signature_is_refused_with_its_reason(text: str, reason: str) -> None:
    """Anything else is not what the station's own page makes."""
    with pytest.raises(NotASignature) as refused:
        read_strokes(text)
    assert reason in refused.value.reason


def test_the_log_knows_a_signature_by_its_hash() -> None:
    """SHA-256 of the strokes in UTF-8, one fact for each who signed, in the order of their names."""
    assert strokes_sha256("M0 0l1 1") == sha256(b"M0 0l1 1").hexdigest()
    found = list(signature_hashes(7, {"Zoë": "b", "Ann": "a"}))
    assert found == [SignatureHash(7, "Ann", "a"), SignatureHash(7, "Zoë", "b")]
