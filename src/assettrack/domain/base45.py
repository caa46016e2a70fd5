"""Base45 (RFC 9285): bytes as text in the 45 characters which a QR code holds in its alphanumeric mode.

Must never pass over what it does not know: a text means some bytes, or nothing.
"""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
"""The characters by their values, 0 to 44."""

_BASE = len(ALPHABET)
_VALUES = {letter: value for value, letter in enumerate(ALPHABET)}


def encode(data: bytes) -> str:
    """Return bytes as text: two of them in three characters, a last one in two, lowest place first."""
    text = []
    for at in range(0, len(data), 2):
        pair = data[at : at + 2]
        rest = int.from_bytes(pair)
        for _place in range(len(pair) + 1):
            rest, value = divmod(rest, _BASE)
            text.append(ALPHABET[value])
    return "".join(text)


def decode(text: str) -> bytes | None:
    """Return the bytes that a text means, or None where it means none."""
    data = bytearray()
    for at in range(0, len(text), 3):
        values = [_VALUES.get(letter, -1) for letter in text[at : at + 3]]
        number = sum(value * _BASE**place for place, value in enumerate(values))
        length = len(values) - 1
        if min(values) < 0 or length == 0 or number >= 1 << 8 * length:
            return None
        data += number.to_bytes(length)
    return bytes(data)
