"""Clearing a pocket scanner, once everything it holds is proven to be committed.

Owns the proof: it is taken from the spool and from the database as they are read anew, never from what a process
remembers of itself. A clear is an entry of the log.
"""

import msgspec

from assettrack.domain import download_errors, errors, scanner_deeds
from assettrack.domain.downloads import Download
from assettrack.domain.plans import Options
from assettrack.domain.scanner_deeds import ClearedFacts
from assettrack.services import intake
from assettrack.services.downloads import Downloads, with_reading
from assettrack.services.ports import Workplace
from assettrack.services.scanner_ports import ConnectedScanner, Spool
from assettrack.services.typed_deeds import refusal_raised, signoff


class Cleared(msgspec.Struct, frozen=True):
    """A scanner that was cleared: of how many scans, which batches hold them, how many it holds now, and the entry."""

    serial: str
    scans: int
    batches: tuple[int, ...]
    left: int
    seq: int


def require_committed(fresh: Workplace, downloads: Downloads, download: Download) -> tuple[int, ...]:
    """Return the batches that hold every row of a download.

    ``fresh`` and ``downloads`` work on a connection to the database that was opened after the commit.

    Raises:
        download_errors.ClearTooEarly: some of it is not committed.
    """
    answers = downloads.answers_of(download)
    batch = downloads.batch(download, answers)
    if batch.problems:
        raise download_errors.ClearTooEarly(
            f"{len(batch.problems)} of its scans are still to be looked at ({batch.problems[0].message})"
        )
    if not batch.numbers:
        return ()
    plan = intake.preview(fresh, batch, with_reading(Options(), batch))
    if not plan.already_committed:
        raise download_errors.ClearTooEarly("not all of its scans are committed")
    return tuple(plan.recorded_in)


def clear(fresh: Workplace, downloads: Downloads, scanner: ConnectedScanner, spool: Spool) -> Cleared:
    """Clear the scanner that is connected of exactly what was pulled from it last and is committed, and record it.

    Raises:
        download_errors.ClearTooEarly: what it holds is not kept, or not committed.
        download_errors.ClearNotLogged: it was cleared, and the entry could not be written.
        errors.AssetTrackError: it holds something else, or could not be asked.
    """
    signed = signoff(fresh)
    serial = scanner.identity.serial
    kept = spool.downloads(serial)
    if not kept:
        raise download_errors.ClearTooEarly("nothing was pulled from it yet")
    download = kept[-1]
    batches = require_committed(fresh, downloads, download)
    scans = len(downloads.scans(download))
    left = scanner.clear(download.reply)
    facts = ClearedFacts(serial, download.model, scans, download.sha256, batches, left)
    try:
        with refusal_raised(), fresh.store.write() as transaction:
            seq = transaction.log_size + 1
            transaction.save(scanner_deeds.record_cleared(facts, transaction.last_batch_id(), seq, signed))
    except errors.AssetTrackError as error:
        raise download_errors.ClearNotLogged(serial, str(error)) from error
    return Cleared(serial, scans, batches, left, seq)
