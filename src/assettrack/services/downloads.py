"""Downloads of pocket scanners: pulled without erasing, kept before they are read, previewed and committed as a batch.

Owns the order in which nothing can be lost: what the scanner holds is on the disk, byte for byte, before anything of it
is read. Clearing the scanner is `scanner_clearing`.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

import msgspec

from assettrack.domain import download_errors
from assettrack.domain.downloads import Download
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.plans import Options, Plan
from assettrack.domain.pulled_batch import PulledBatch, PulledScans
from assettrack.domain.raw_scans import RawScan, common_start
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scanner_clock import Timing, offset_of, timings
from assettrack.domain.timestamps import utc_text
from assettrack.services.intake import CommitReceipt
from assettrack.services.intake import commit as commit_batch
from assettrack.services.intake import preview as preview_batch
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.recorded_scans import (
    EarlierBatch,
    batches_since,
    missing_downloads,
    read_otherwise,
    shared_with,
    with_identities,
)
from assettrack.services.scan_catalogues import catalogue_of
from assettrack.services.scanner_ports import Progress, ReadableScanner, ReadScans, Spool
from assettrack.services.stored_entries import decoded_body, entry_at


class Pulled(msgspec.Struct, frozen=True):
    """A download that is kept. ``is_new`` is False where the scanner held just what it held at the pull before."""

    download: Download
    is_new: bool


class Downloads:
    """What is pulled from scanners and kept, and the batches that it makes: rows with times, cards understood."""

    def __init__(self, workplace: Workplace, spool: Spool, read_scans: ReadScans) -> None:
        self._workplace = workplace
        self._spool = spool
        self._read_scans = read_scans

    def pull(self, scanner: ReadableScanner, progress: Progress | None = None) -> Pulled:
        """Read what a scanner holds, and keep it. The scanner is not changed.

        Raises:
            download_errors.ScannerEmpty: it holds nothing.
            download_errors.SpoolUnusable: what it holds can't be kept.
            errors.AssetTrackError: the scanner can't be read.
        """
        clock = scanner.clock()
        reply = scanner.upload(progress)
        identity, settings = scanner.identity, scanner.settings
        download = Download(
            serial=identity.serial,
            model=identity.model,
            version=identity.version,
            with_stamps=settings.with_stamps,
            drops_repeated=settings.drops_repeated,
            clock=clock,
            pulled_at=utc_text(self._workplace.now()),
            sha256=sha256(reply).hexdigest(),
            reply=reply,
        )
        if not self.scans(download):
            raise download_errors.ScannerEmpty(identity.serial)
        earlier = self._spool.downloads(identity.serial)
        if earlier and _are_same(earlier[-1], download):
            with self._workplace.store.read() as snapshot:
                cleared = _Cleared(snapshot, identity.serial)
            if earlier[-1] not in cleared:
                return Pulled(earlier[-1], is_new=False)
        return Pulled(self._spool.keep(download), is_new=True)

    def scans(self, download: Download) -> Sequence[RawScan]:
        """Return the scans of a download in storage order."""
        return self._read_scans(download.reply, with_stamps=download.with_stamps)

    def batch(self, download: Download, answers: Answers) -> PulledBatch:
        """Return the batch that a download makes with what was answered at the desk.

        Raises:
            download_errors.AnswersUnusable: something was answered about a scan that there is not.
        """
        scans = self.scans(download)
        require_known(answers, len(scans))
        with self._workplace.store.read() as snapshot:
            zone = self._workplace.zone(snapshot.station().timezone)
            catalogue = catalogue_of(snapshot, scans, self._workplace.read_gs1)
            cleared = _Cleared(snapshot, download.serial)
            before = self._before(download, cleared)
            done = list(batches_since(snapshot, download.serial, cleared.latest))
            told = self._told_before(snapshot, [*before, download], scans, done)
        local = datetime.fromisoformat(download.clock.host_utc).astimezone(zone).replace(tzinfo=None)
        batch = PulledBatch(
            PulledScans(
                serial=download.serial,
                sha256=download.sha256,
                pulled_at=self._first_pulled(download, cleared),
                scans=scans,
                timings=self._timings(download, scans, cleared),
                offset=offset_of(download.clock, local),
                drops_repeated=download.drops_repeated,
            ),
            catalogue,
            answers,
        )
        batch.hold(read_otherwise(self._workplace, batch, told))
        batch.hold(missing_downloads(done, self._spool.downloads(download.serial), answers))
        return batch

    def preview(self, download: Download, answers: Answers, options: Options) -> tuple[PulledBatch, Plan]:
        """Return the batch of a download and what it would do. Nothing is saved."""
        batch = self.batch(download, answers)
        return batch, preview_batch(self._workplace, batch, with_reading(options, batch))

    def commit_download(
        self, download: Download, answers: Answers, options: Options, *, confirm: str | None
    ) -> CommitReceipt:
        """Commit the batch of a download as one unit; see `intake.commit`."""
        batch = self.batch(download, answers)
        return commit_batch(self._workplace, batch, download.name, with_reading(options, batch), confirm=confirm)

    def answers_of(self, download: Download) -> Answers:
        """Return the answers with which a download was committed, none where it was not."""
        with self._workplace.store.read() as snapshot:
            for row in reversed(snapshot.all_batches()):
                entry = entry_at(snapshot, row.first_seq, BatchEntry)
                if entry.source_sha256 == download.sha256 and entry.options.scanner is not None:
                    return entry.options.scanner.answers
        return Answers()

    def _told_before(
        self, snapshot: Snapshot, downloads: Sequence[Download], scans: Sequence[RawScan], done: Sequence[BatchEntry]
    ) -> list[tuple[EarlierBatch, int]]:
        """Return the batches that scans of these downloads became, each with how many scans it shares with these."""
        by_hash = {each.sha256: each for each in downloads}
        found = []
        for entry in done:
            download = by_hash.get(entry.source_sha256)
            shared = None if download is None else shared_with(scans, download, self._read_scans)
            if shared is not None:
                found.append((with_identities(snapshot, entry), shared))
        return found

    def _timings(self, download: Download, scans: Sequence[RawScan], cleared: "_Cleared") -> list[Timing]:
        """Return when each scan happened: by the clock reading of the first download that had it.

        A scanner that was pulled but not cleared tells the same scans again. A later reading of its clock would put
        them a second off, and they would not be known as the rows that they became.
        """
        found: list[Timing] = []
        for earlier in [*self._before(download, cleared), download]:
            theirs = self.scans(earlier)
            shared = common_start(list(theirs), list(scans))
            if shared > len(found):
                found += timings(theirs, earlier.clock)[len(found) : shared]
        return found

    def _first_pulled(self, download: Download, cleared: "_Cleared") -> str:
        """Return when the first of the scans was pulled first: what scans without a time may be given."""
        scans = list(self.scans(download))
        for earlier in self._before(download, cleared):
            theirs = list(self.scans(earlier))
            if theirs and common_start(theirs, scans) == len(theirs):
                return earlier.pulled_at
        return download.pulled_at

    def _before(self, download: Download, cleared: "_Cleared") -> list[Download]:
        """Return the downloads of the scanner since it was cleared last, before this one."""
        before: list[Download] = []
        for each in self._spool.downloads(download.serial):
            if each.pulled_at >= download.pulled_at:
                break
            before = [] if each in cleared else [*before, each]
        return before


def with_reading(options: Options, batch: PulledBatch) -> Options:
    """Return the options of a batch with how its scans were read: the confirm code covers both."""
    return msgspec.structs.replace(options, scanner=batch.reading)


def require_known(answers: Answers, scans: int) -> None:
    """Make sure that nothing was answered about a scan that there is not.

    Raises:
        download_errors.AnswersUnusable: something was.
    """
    numbers = [*answers.taken, *(each.number for each in answers.left_out)]
    unknown = sorted({number for number in numbers if not 1 <= number <= scans})
    if unknown:
        raise download_errors.AnswersUnusable(unknown, scans)


class _Cleared:
    """The downloads of a scanner of which it was cleared; one of the same scans that was pulled later is none."""

    def __init__(self, snapshot: Snapshot, serial: str) -> None:
        entries = [decoded_body(body) for body in snapshot.deeds_of_kind("SCANNER_CLEARED")]
        self._cleared = [
            (entry.sha256, entry.recorded_at)
            for entry in entries
            if isinstance(entry, ScannerClearedEntry) and entry.serial == serial
        ]

    @property
    def latest(self) -> str:
        """When the scanner was cleared last (UTC text), blank where it never was."""
        return max((at for _, at in self._cleared), default="")

    def __contains__(self, download: Download) -> bool:
        return any(digest == download.sha256 and at >= download.pulled_at for digest, at in self._cleared)


def _are_same(download: Download, other: Download) -> bool:
    return (download.sha256, download.with_stamps) == (other.sha256, other.with_stamps)
