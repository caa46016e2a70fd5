"""What became of the downloads that are kept: committed, cleared, or still to be looked at.

Owns the short answer for a list of them, from the log and the spool alone. The proof on which a scanner is cleared is
`scanner_clearing`: it looks at every row.
"""

from collections.abc import Sequence
from typing import Literal

import msgspec

from assettrack.domain import errors
from assettrack.domain.downloads import Download
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.raw_scans import common_start
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.scanner_desk import ScannerDesk
from assettrack.services.stored_entries import decoded_body, entry_at

State = Literal["open", "committed", "cleared", "later"]


class Kept(msgspec.Struct, frozen=True):
    """A download and what became of it.

    ``batch`` is the entry of the batch that it became, ``cleared`` that of the clear after it, None where there is
    none. ``later`` is the name of a later download that has all of its scans. ``is_latest`` says that nothing was
    pulled from this scanner since.
    """

    download: Download
    scans: int
    batch: BatchEntry | None
    cleared: ScannerClearedEntry | None
    later: str
    is_latest: bool

    @property
    def state(self) -> State:
        """What became of it, in a word."""
        if self.cleared is not None:
            return "cleared"
        if self.batch is not None:
            return "committed"
        return "later" if self.later else "open"


def kept_downloads(workplace: Workplace, desk: ScannerDesk, most: int) -> tuple[list[Kept], int]:
    """Return the latest downloads, newest first, at most so many, and how many there are in all.

    Raises:
        download_errors.SpoolUnusable: what is kept can't be read.
    """
    everything = list(desk.spool.downloads())
    shown = everything[-most:][::-1]
    return _told(workplace, desk, shown, everything), len(everything)


def kept_download(workplace: Workplace, desk: ScannerDesk, name: str) -> Kept:
    """Return a download by its whole name.

    Raises:
        errors.NotFound: there is none of this name.
        download_errors.SpoolUnusable: what is kept can't be read.
    """
    everything = list(desk.spool.downloads())
    found = [each for each in everything if each.name == name]
    if not found:
        raise errors.NotFound("download", name)
    return _told(workplace, desk, found, everything)[0]


def _told(
    workplace: Workplace, desk: ScannerDesk, shown: Sequence[Download], everything: Sequence[Download]
) -> list[Kept]:
    if not shown:
        return []
    with workplace.store.read() as snapshot:
        batches = _batches(snapshot, {each.sha256 for each in shown}, min(each.pulled_at for each in shown))
        bodies = list(snapshot.deeds_of_kind("SCANNER_CLEARED"))[::-1]
    cleared_all = [entry for entry in map(decoded_body, bodies) if isinstance(entry, ScannerClearedEntry)]
    found = []
    for download in shown:
        after = [each for each in everything if each.serial == download.serial and _follows(each, download)]
        batch = next((entry for entry in batches if _is_of(entry.source_sha256, entry, download)), None)
        cleared = next((entry for entry in cleared_all if _is_of(entry.sha256, entry, download)), None)
        later = "" if batch is not None or cleared is not None else _later(desk, download, after)
        scans = len(desk.read_scans(download.reply, with_stamps=download.with_stamps))
        found.append(Kept(download, scans, batch, cleared, later, is_latest=not after))
    return found


def _follows(other: Download, download: Download) -> bool:
    return other.pulled_at > download.pulled_at


def _is_of(sha256: str, entry: DeedEntry, download: Download) -> bool:
    """Tell whether an entry tells of these scans: without times, equal ones may have been pulled and cleared before."""
    return sha256 == download.sha256 and entry.recorded_at >= download.pulled_at


def _batches(snapshot: Snapshot, wanted: set[str], since: str) -> list[BatchEntry]:
    """Return the batches of some scans, oldest first; none can be older than the first of their downloads."""
    found: list[BatchEntry] = []
    for number in range(snapshot.last_batch_id(), 0, -1):
        row = snapshot.batch(number)
        if row is None:
            break
        entry = entry_at(snapshot, row.first_seq, BatchEntry)
        if entry.recorded_at < since:
            break
        reading = entry.options.scanner
        if entry.source_sha256 in wanted and reading is not None and not reading.read_as:
            found.append(entry)
    return found[::-1]


def _later(desk: ScannerDesk, download: Download, after: Sequence[Download]) -> str:
    """Return the name of the next download that begins with all scans of this one, blank where there is none."""
    if not after:
        return ""
    scans = list(desk.read_scans(download.reply, with_stamps=download.with_stamps))
    following = min(after, key=lambda each: each.pulled_at)
    theirs = list(desk.read_scans(following.reply, with_stamps=following.with_stamps))
    return following.name if len(theirs) > len(scans) and common_start(scans, theirs) == len(scans) else ""
