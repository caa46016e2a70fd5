"""Leaving a download out whole: it will never be committed, and is to be out of the way.

Owns the deed. It erases nothing, neither on the scanner nor of what is kept, and says nothing of scans in a batch.
"""

import msgspec

from assettrack.domain import download_errors, scanner_deeds
from assettrack.domain.downloads import Download
from assettrack.domain.scanner_deeds import LeftOutFacts
from assettrack.services.downloads import Downloads
from assettrack.services.left_out_downloads import left_out_whole
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class LeftOutReceipt(msgspec.Struct, frozen=True):
    """A download that is left out whole: how many scans it has, why, and by which entry; maybe since before."""

    download: str
    scans: int
    reason: str
    seq: int
    already_left_out: bool


def leave_out(workplace: Workplace, downloads: Downloads, download: Download, reason: str) -> LeftOutReceipt:
    """Record that none of a download's scans is to count. Where that is recorded already, nothing happens.

    Raises:
        download_errors.DownloadDealtWith: it was committed, or the scanner cleared of it.
    """
    signed = signoff(workplace)
    scans = len(downloads.scans(download))
    facts = LeftOutFacts(download.serial, download.model, scans, download.sha256, download.name, reason)
    with refusal_raised(), workplace.store.write() as transaction:
        _require_open(transaction, downloads, download)
        before = left_out_whole(transaction).get(download.name)
        if before is not None:
            return LeftOutReceipt(download.name, scans, before.reason, before.seq, already_left_out=True)
        seq = transaction.log_size + 1
        transaction.save(scanner_deeds.record_left_out(facts, seq, signed))
    return LeftOutReceipt(download.name, scans, reason, seq, already_left_out=False)


def _require_open(snapshot: Snapshot, downloads: Downloads, download: Download) -> None:
    fill = downloads.fill_of(snapshot, download)
    batch, cleared = fill.batch_of(download), fill.clear_of(download)
    if batch is not None:
        raise download_errors.DownloadDealtWith.committed(download.name, batch.batch_id)
    if cleared is not None:
        raise download_errors.DownloadDealtWith.cleared(download.name, cleared.seq)
