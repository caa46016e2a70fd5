"""Owns the numbers by which a record says what kind of code was read, and their names.

Source: the symbology identifiers of the CS1504 family, as Opticon's own programs (web demo, .NET package) list them.
A number that is not known stays a number: nothing is guessed.
"""

from types import MappingProxyType

CODE_39 = 0x01
CODE_128 = 0x03
EAN_13 = 0x0B
GS1_128 = 0x0F

_PLAIN = {
    CODE_39: "Code 39",
    0x02: "Codabar",
    CODE_128: "Code 128",
    0x04: "Discrete 2 of 5",
    0x05: "IATA",
    0x06: "Interleaved 2 of 5",
    0x07: "Code 93",
    0x08: "UPC-A",
    0x09: "UPC-E",
    0x0A: "EAN-8",
    EAN_13: "EAN-13",
    0x0C: "Code 11",
    0x0E: "MSI",
    GS1_128: "GS1-128",
    0x10: "UPC-E1",
    0x11: "PDF417",
    0x13: "Code 39 full ASCII",
    0x15: "Trioptic",
    0x16: "Bookland",
    0x17: "Coupon",
    0x19: "ISBT-128",
    0x1B: "Data Matrix",
    0x1C: "QR Code",
    0x1D: "Composite",
    0x1E: "Postnet",
    0x20: "Code 32",
    0x21: "ISBT-128 concatenated",
    0x22: "Postal Japan",
    0x23: "Postal Australia",
    0x24: "Signature",
    0x26: "Postbar Canada",
    0x27: "Postal UK",
    0x28: "Macro PDF417",
    0x30: "GS1 DataBar",
    0x31: "GS1 DataBar Limited",
    0x32: "GS1 DataBar Expanded",
}

_WITH_ADD_ON = (0x08, 0x09, 0x0A, 0x0B, 0x10)
"""Codes of shops, which may carry two or five more digits; then 0x40 or 0x80 is added to their number."""

NAMES = MappingProxyType(
    _PLAIN
    | {0x40 + number: f"{_PLAIN[number]} with 2 digits more" for number in _WITH_ADD_ON}
    | {0x80 + number: f"{_PLAIN[number]} with 5 digits more" for number in _WITH_ADD_ON}
)
"""Every number that is known, and its name."""

AIM = MappingProxyType({CODE_128: "]C0", GS1_128: "]C1", 0x30: "]e0", 0x31: "]e0", 0x32: "]e0"})
"""The AIM identifier (ISO/IEC 15424) that a keyboard scanner would send, where the number tells it for certain."""


def name_of(number: int) -> str:
    """Return the name of a symbology, or its number in words where it is not known."""
    return NAMES.get(number, f"symbology {number:02X}")
