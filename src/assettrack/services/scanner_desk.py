"""What a face with many people before it works with pocket scanners by, as values that `bootstrap` fills.

Owns nothing but the shape. How a scanner is asked is `scanner`, what becomes of its scans is `downloads`.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import msgspec

from assettrack.services.downloads import Downloads
from assettrack.services.ports import Store, Workplace
from assettrack.services.scanner_ports import ConnectedScanner, ReadableScanner, ReadScans, Spool

Lend = Callable[[], AbstractContextManager[ConnectedScanner]]
"""Lends the scanner that is connected, to one at a time."""


class BrowserCable(msgspec.Struct, frozen=True):
    """A scanner on a cable of somebody's own computer, asked through their browser.

    ``questions`` are asked first, in this order; ``read`` is asked last, once the answers say that it is safe.
    ``heard`` makes a scanner of the answers so far, the station's time at which the clock was asked, and how many
    seconds that took; it raises errors of the catalogue where they are not what they should be.
    """

    questions: Sequence[bytes]
    read: bytes
    heard: Callable[[Sequence[bytes], datetime, float], ReadableScanner]


class ScannerDesk(msgspec.Struct, frozen=True):
    """How a scanner is lent, where downloads are kept and how they are read, and what proof needs.

    ``fresh_store`` lends a connection to the database that is opened for it: what was committed is read anew from it.
    ``code_name`` returns what a kind of code is called.
    """

    lend: Lend
    spool: Spool
    read_scans: ReadScans
    fresh_store: Callable[[], AbstractContextManager[Store]]
    code_name: Callable[[int], str]
    browser: BrowserCable

    def downloads(self, workplace: Workplace) -> Downloads:
        """Return what was pulled, for somebody at work."""
        return Downloads(workplace, self.spool, self.read_scans)
