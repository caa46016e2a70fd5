"""Raw scans: what a pocket scanner stored, in the order in which it stored it.

Owns the values that everything about a download is read from. A raw scan is evidence and is never changed: what it
means is worked out from it, anew each time.
"""

from collections.abc import Sequence

import msgspec

UNTOLD = 0
"""The kind of a code that nobody tells: no scanner of the family stores this number, and a file may name none."""

CODE_128 = 0x03
PRODUCT_CODES = frozenset({0x08, 0x09, 0x0A, 0x0B, 0x10, 0x16, 0x17})
"""UPC-A, UPC-E, EAN-8, EAN-13, UPC-E1, Bookland and coupon: codes of a trade good, never of one asset."""

ADD_ON_BITS = 0xC0
"""Bits that say that a product code came with two or five digits more."""


class RawScan(msgspec.Struct, frozen=True, omit_defaults=True):
    """One stored scan.

    ``number`` counts from 1 in storage order, which is the order of scanning whatever the clock says. ``text`` has one
    letter a byte of the code. ``stamp`` is the scanner's local time to the second (``YYYY-MM-DDThh:mm:ss``, no zone),
    blank where it has none or none that can be; ``stamp_fault`` says why, and ``stamp_bytes`` are the four bytes as
    they came, in hexadecimal.
    """

    number: int
    text: str
    symbology: int
    stamp: str = ""
    stamp_bytes: str = ""
    stamp_fault: str = ""

    @property
    def is_product_code(self) -> bool:
        """Whether the code is one that trade goods have, with or without an add-on."""
        return (self.symbology & ~ADD_ON_BITS) in PRODUCT_CODES

    @property
    def sameness(self) -> tuple[str, int, str]:
        """What two downloads of the same stored scan agree in."""
        return self.text, self.symbology, self.stamp_bytes


class ClockReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the scanner's clock showed at a moment: its local time, blank where it can't be trusted, and that moment.

    ``host_utc`` is the station's time (UTC, ``YYYY-MM-DDThh:mm:ss.ffffffZ``), in the middle between question and
    answer; ``spread`` is how many seconds lay between the two.
    """

    device: str
    host_utc: str
    spread: float = 0.0


def tell_times(scans: Sequence[RawScan]) -> bool:
    """Return whether the times of some scans tell them from equal ones made later: they can be, and go on."""
    return len({scan.stamp for scan in scans if scan.stamp}) > 1
