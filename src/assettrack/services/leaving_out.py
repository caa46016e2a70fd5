"""Leaving a download out whole: it will never be committed, and is to be out of the way.

Owns the deed. It erases nothing, neither on the scanner nor of what is kept, and says nothing of scans in a batch.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain import download_errors, scanner_deeds
from assettrack.domain.downloads import Download
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_meanings import shown
from assettrack.domain.scanner_deeds import LeftOutFacts
from assettrack.services.downloads import Downloads
from assettrack.services.left_out_downloads import left_out_whole
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class StayingScan(msgspec.Struct, frozen=True):
    """A scan that a batch recorded before its download was left out whole: it stays recorded."""

    number: int
    text: str
    batch_id: int

    @property
    def named(self) -> str:
        """The scan with its batch, as it stands in a list."""
        return f"scan {self.number}, {self.text} (batch {self.batch_id})"


class LeftOutReceipt(msgspec.Struct, frozen=True):
    """A download that is left out whole: how many scans it has, why, and by which entry; maybe since before.

    ``stay`` are those of its scans that batches had recorded by then.
    """

    download: str
    scans: int
    reason: str
    seq: int
    already_left_out: bool
    stay: Sequence[StayingScan] = ()


def leave_out(workplace: Workplace, downloads: Downloads, download: Download, reason: str) -> LeftOutReceipt:
    """Record that none of a download's scans is to count. Where that is recorded already, nothing happens.

    Raises:
        download_errors.DownloadDealtWith: it was committed, or the scanner cleared of it, or batches of others have all
            of its scans.
    """
    signed = signoff(workplace)
    read = downloads.batch(download, Answers()).reading
    facts = LeftOutFacts(
        download.serial, download.model, read.scans, download.sha256, download.name, reason, read.stamps, read.clock_off
    )  # fmt: skip
    with refusal_raised(), workplace.store.write() as transaction:
        _require_open(transaction, downloads, download)
        stay = _staying(transaction, downloads, download)
        before = left_out_whole(transaction).get(download.name)
        if before is not None:
            return LeftOutReceipt(
                download.name, read.scans, before.reason, before.seq, already_left_out=True, stay=stay
            )
        seq = transaction.log_size + 1
        transaction.save(scanner_deeds.record_left_out(facts, seq, signed))
    return LeftOutReceipt(download.name, read.scans, reason, seq, already_left_out=False, stay=stay)


def _require_open(snapshot: Snapshot, downloads: Downloads, download: Download) -> None:
    fill = downloads.fill_of(snapshot, download)
    batch, cleared = fill.batch_of(download), fill.clear_of(download)
    if batch is not None:
        raise download_errors.DownloadDealtWith.committed(download.name, batch.batch_id)
    if cleared is not None:
        raise download_errors.DownloadDealtWith.cleared(download.name, cleared.seq)
    elsewhere = downloads.elsewhere(snapshot, download)
    if elsewhere is not None:
        raise download_errors.DownloadDealtWith.elsewhere(download.name, elsewhere.batches)


def _staying(snapshot: Snapshot, downloads: Downloads, download: Download) -> list[StayingScan]:
    """Return the scans of a download that are rows of batches, of files too: those are none of what is left out."""
    settled = downloads.settled_of(snapshot, download, Answers(same_scans=True))
    rows = (each for each in downloads.scans(download) if each.number in settled.rows)
    return [StayingScan(each.number, shown(each), settled.batches[each.number]) for each in rows]
