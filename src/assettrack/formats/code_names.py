"""Kinds of codes by the names that other programs write: which symbology number each of them means.

Owns the names. Source: the texts that Opticon's own programs (web demo, .NET package, OPN200x) and programs made by its
users write for the symbology numbers of the CS1504 family. A name that is not known means nothing here, and is never
taken for one that is like it.
"""

import re
from types import MappingProxyType

_NAMES = {
    0x01: ("Code 39", "Code39 standard", "Code 39 normal"),
    0x02: ("Codabar", "NW-7"),
    0x03: ("Code 128",),
    0x04: ("Discrete 2 of 5", "D25", "D2of5", "Industrial 2 of 5"),
    0x05: ("IATA", "IATA 2 of 5"),
    0x06: ("Interleaved 2 of 5", "I25", "ITF", "I2of5"),
    0x07: ("Code 93",),
    0x08: ("UPC-A", "UPCA"),
    0x09: ("UPC-E", "UPC-E0"),
    0x0A: ("EAN-8", "EAN 8"),
    0x0B: ("EAN-13", "EAN 13"),
    0x0C: ("Code 11",),
    0x0E: ("MSI", "MSI Plessey", "MSI/Plessey"),
    0x0F: ("GS1-128", "EAN-128", "UCC/EAN-128", "UCC-128"),
    0x10: ("UPC-E1",),
    0x11: ("PDF417", "PDF-417"),
    0x13: ("Code 39 full ASCII",),
    0x15: ("Trioptic", "Trioptic 39"),
    0x16: ("Bookland", "Bookland EAN"),
    0x17: ("Coupon", "Coupon Code"),
    0x19: ("ISBT-128", "ISBT128"),
    0x1B: ("Data Matrix",),
    0x1C: ("QR", "QR Code"),
    0x1D: ("Composite",),
    0x1E: ("Postnet",),
    0x20: ("Code 32",),
    0x21: ("ISBT-128 concatenated", "ISBT-128 concat"),
    0x22: ("Postal Japan",),
    0x23: ("Postal Australia",),
    0x24: ("Signature",),
    0x26: ("Postbar Canada",),
    0x27: ("Postal UK",),
    0x28: ("Macro PDF417", "Macro PDF"),
    0x30: ("GS1 DataBar", "RSS-14"),
    0x31: ("GS1 DataBar Limited", "RSS Limited", "RSS Ltd"),
    0x32: ("GS1 DataBar Expanded", "RSS Expanded", "RSS Exp"),
}

_WITH_ADD_ON = (0x08, 0x09, 0x0A, 0x0B, 0x10)
_ADD_ONS = ((0x40, ("with 2 digits more", "+2", "with 2 supp")), (0x80, ("with 5 digits more", "+5", "with 5 supp")))
_NOT_TOLD_APART = re.compile(r"[^a-z0-9+]+")


def _key(name: str) -> str:
    """Return what two spellings of a name agree in: letters, digits and the sign of an add-on."""
    return _NOT_TOLD_APART.sub("", name.lower())


_NUMBERS = MappingProxyType(
    {_key(name): number for number, names in _NAMES.items() for name in names}
    | {
        _key(name + end): bits + number
        for bits, ends in _ADD_ONS
        for number in _WITH_ADD_ON
        for name in _NAMES[number]
        for end in ends
    }
)


def number_of(name: str) -> int | None:
    """Return the symbology number that a name means, or None where it is not known."""
    return _NUMBERS.get(_key(name))
