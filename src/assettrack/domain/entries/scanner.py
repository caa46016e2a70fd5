"""Entries about pocket scanners and what was pulled from them."""

from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.scan_answers import Answers


class ScannerClearedEntry(DeedEntry, frozen=True, gc=False, tag="SCANNER_CLEARED", kw_only=True, omit_defaults=True):
    """A pocket scanner was cleared of scans that had been committed before.

    ``scans`` counts what it held, ``sha256`` (hex) is of the bytes in which it told them, ``batches`` are those that
    hold its rows. ``left`` counts the scans that it held right after, which nobody had scanned before. ``download`` is
    the name under which they are kept, ``answers`` what was answered about those that no batch holds. ``found_empty``
    says that it was found empty: an earlier clear had not come as far as its entry. Where some are left out by it,
    ``stamps`` and ``clock_off`` are as in the reading of a batch: by these they are known wherever they come again.
    """

    serial: str
    model: str
    scans: int
    sha256: str
    batches: tuple[int, ...] = ()
    left: int = 0
    download: str = ""
    answers: Answers = Answers()
    found_empty: bool = False
    stamps: str = ""
    clock_off: int | None = None


class ScansLeftOutEntry(DeedEntry, frozen=True, gc=False, tag="SCANS_LEFT_OUT", kw_only=True, omit_defaults=True):
    """A download was left out whole: none of its scans that no batch has is to count, for this reason.

    ``scans`` counts what it has, ``sha256`` (hex) is of the bytes in which the scanner told them, ``download`` is the
    name under which they are kept. Nothing was erased by it, and a later batch of the download replaces it. ``stamps``
    and ``clock_off`` are as in the entry of a clear.
    """

    serial: str
    model: str
    scans: int
    sha256: str
    download: str
    reason: str
    stamps: str = ""
    clock_off: int | None = None
