"""Base45 against the examples of RFC 9285, and both ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain import base45


@given(st.binary(max_size=40))
def test_both_ways(data: bytes) -> None:
    """Any bytes are read again; two take three characters, all of them of the alphabet."""
    text = base45.encode(data)

    assert len(text) == len(data) // 2 * 3 + len(data) % 2 * 2
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert base45.decode(text) == data


@pytest.mark.parametrize(
    ("data", "text"),
    [(b"AB", "BB8"), (b"Hello!!", "%69 VD92EX0"), (b"base-45", "UJCLQE7W581"), (b"ietf!", "QED8WEX0"), (b"", "")],
)
def test_published_examples(data: bytes, text: str) -> None:
    """The examples of RFC 9285 are written and read as they stand there."""
    assert base45.encode(data) == text
    assert base45.decode(text) == data


@pytest.mark.parametrize("text", ["GGW", "::", ":::", "A", "BB8A", "a", "BBé"])
def test_what_means_nothing(text: str) -> None:
    """Too large a number, a character left over, or one that is not in the alphabet, means no bytes at all."""
    assert base45.decode(text) is None
