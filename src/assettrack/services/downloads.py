"""Downloads of pocket scanners: pulled without erasing, kept before they are read, previewed and committed as a batch.

Owns the order in which nothing can be lost: what the scanner holds is on the disk, byte for byte, before anything of it
is read. Clearing the scanner is `scanner_clearing`.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

import msgspec

from assettrack.domain import download_errors
from assettrack.domain.downloads import Download
from assettrack.domain.entries.scanner import ScannerClearedEntry
from assettrack.domain.plans import Options, Plan
from assettrack.domain.pulled_batch import PulledBatch, PulledScans
from assettrack.domain.raw_scans import RawScan, tell_times
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scanner_clock import Offset, offset_of, set_between
from assettrack.domain.settled_scans import NOTHING_SETTLED, Settled
from assettrack.domain.timestamps import utc_text
from assettrack.services.committed_codes import is_committed_with, stated
from assettrack.services.confirmed_scans import Settling, is_said_of, require_as_confirmed, require_none_taken
from assettrack.services.earlier_scans import as_files_had, with_told_in_files
from assettrack.services.intake import CommitReceipt, commit_made, receipt_of_recorded
from assettrack.services.intake import preview as preview_batch
from assettrack.services.left_behind import left_behind
from assettrack.services.left_out_downloads import (
    KeptScans,
    Told,
    left_out_before,
    left_out_whole,
    said_of_itself,
    without_left_out,
)
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.pulled_times import pulled_times
from assettrack.services.recorded_elsewhere import Elsewhere, recorded_elsewhere
from assettrack.services.recorded_scans import Recorded, recorded
from assettrack.services.scan_catalogues import catalogue_of
from assettrack.services.scanner_history import Fill, Misled, ScannerHistory, misled_about, newest_kept, next_number
from assettrack.services.scanner_ports import Progress, ReadableScanner, ReadScans, Spool
from assettrack.services.told_before import Around, with_told_before

NOTHING_ANSWERED = Answers()


class Pulled(msgspec.Struct, frozen=True):
    """A download that is kept. ``is_new`` is False where the scanner held just what it held at the pull before."""

    download: Download
    is_new: bool


class _Confirmed(NamedTuple):
    """With which code a commit is confirmed, and whether its answers and options are said beside the code."""

    code: str | None
    is_said: bool


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
        earlier = self._spool.downloads(identity.serial)
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
        told = [each for each in earlier if (each.sha256, each.clock) == (download.sha256, clock)]
        if told:  # one and the same reading, sent again by a browser, maybe after the clear
            return Pulled(told[0], is_new=False)
        latest = self.latest(identity.serial)
        if latest is not None and self._is_same(latest, download):
            return Pulled(latest, is_new=False)
        return Pulled(self._spool.keep(self.numbered(download)), is_new=True)

    def numbered(self, download: Download) -> Download:
        """Return a download that is not kept yet with the next number of its scanner."""
        kept = self._spool.downloads(download.serial)
        with self._workplace.store.read() as snapshot:
            return msgspec.structs.replace(download, number=next_number(snapshot, download.serial, kept))

    def latest(self, serial: str) -> Download | None:
        """Return what was pulled last of all that is kept of a scanner, None where nothing is."""
        kept = self._spool.downloads(serial)
        with self._workplace.store.read() as snapshot:
            return newest_kept(snapshot, kept, self._read_scans)

    def misled_about(self, download: Download) -> Misled | None:
        """Return why it is uncertain that a download was pulled last, None where it is not."""
        kept = self._spool.downloads(download.serial)
        with self._workplace.store.read() as snapshot:
            return misled_about(snapshot, download, kept, self._read_scans)

    def holds_scans(self, scanner: ReadableScanner) -> bool:
        """Tell whether a scanner holds scans just now. It is not changed, and nothing is kept."""
        return bool(self._read_scans(scanner.upload(), with_stamps=scanner.settings.with_stamps))

    def scans(self, download: Download) -> Sequence[RawScan]:
        """Return the scans of a download in storage order."""
        return self._read_scans(download.reply, with_stamps=download.with_stamps)

    def kept_scans(self, snapshot: Snapshot, names: Collection[str]) -> Mapping[str, KeptScans]:
        """Return the scans of those downloads of some names that are kept whole, by their names."""
        found: dict[str, KeptScans] = {}
        for kept in self._spool.downloads():
            if kept.name in names:
                offset = self._offset(snapshot, kept)
                found[kept.name] = KeptScans(self.scans(kept), None if offset is None else offset.seconds)
        return found

    def _offset(self, snapshot: Snapshot, download: Download) -> Offset | None:
        zone = self._workplace.zone(snapshot.station().timezone)
        local = datetime.fromisoformat(download.clock.host_utc).astimezone(zone).replace(tzinfo=None)
        return offset_of(download.clock, local)

    def batch(self, download: Download, answers: Answers) -> PulledBatch:
        """Return the batch that a download makes with what was answered at the desk.

        Scans that a batch of an earlier download dealt with are settled; only the others make rows.

        Raises:
            download_errors.AnswersUnusable: something was answered about a scan that there is not.
            download_errors.AnswersTooLate: something else is answered about a scan that is settled.
        """
        with self._workplace.store.read() as snapshot:
            return self._batch(snapshot, download, answers)

    def preview(self, download: Download, answers: Answers, options: Options) -> tuple[PulledBatch, Plan]:
        """Return the batch of a download and what it would do. Nothing is saved."""
        batch = self.batch(download, answers)
        return batch, plan_of(self._workplace, batch, options)

    def commit_download(
        self, download: Download, answers: Answers, options: Options, *, confirm: str | None
    ) -> CommitReceipt:
        """Commit the batch of a download as one unit, as it is said with the code in one command; see `intake.commit`.

        Raises:
            download_errors.DownloadMoved: another download of the scanner was committed meanwhile.
            download_errors.ConfirmedOtherwise: its scans were, otherwise than confirmed.
            download_errors.LeftOutBefore: nothing of it is open, and the answers would take what was left out.
            download_errors.NothingScanned: no row comes of its scans.
        """
        return self._commit(download, answers, options, _Confirmed(confirm, is_said=True))

    def commit_shown(self, download: Download, answers: Answers, options: Options, *, confirm: str) -> CommitReceipt:
        """Commit as `commit_download` what a page showed with a code.

        The answers and options are those that are kept by now, not those that were shown: they prove nothing of a batch
        that is there already.

        Raises:
            download_errors.ConfirmedUnknown: its scans are committed, and nobody knows what was shown with the code.
            errors.AssetTrackError: as `commit_download`.
        """
        return self._commit(download, answers, options, _Confirmed(confirm, is_said=False))

    def _commit(
        self, download: Download, answers: Answers, options: Options, confirmed: _Confirmed
    ) -> CommitReceipt:  # fmt: skip
        before = self.committed_before(download, answers, options, confirm=confirmed.code)
        if before is not None:
            return before
        batch = self.batch(download, answers)
        if batch.is_recorded:
            if confirmed.code is not None:
                self._require_recorded_so(download, answers, options, confirmed)
            if confirmed.is_said:
                require_none_taken(batch, answers)
            return receipt_of_recorded(self._workplace, list(batch.settled.recorded_in))
        if not batch.numbers and not batch.problems:
            raise download_errors.NothingScanned(download.name)

        def made_again(snapshot: Snapshot) -> PulledBatch:
            again = self._batch(snapshot, download, answers)
            if again.reading != batch.reading:
                raise download_errors.DownloadMoved(download.serial)
            return again

        options = with_reading(options, batch)
        return commit_made(self._workplace, made_again, download.name, options, confirm=confirmed.code)

    def committed_before(
        self, download: Download, answers: Answers, options: Options, *, confirm: str | None
    ) -> CommitReceipt | None:
        """Return what is answered where a download became a batch by this very commit, whatever is known of it by now.

        It is this one by its code, whatever is answered; without a code by the same answers and options.
        """
        with self._workplace.store.read() as snapshot:
            own = self.fill_of(snapshot, download).batch_of(download)
            if own is None or own.options.scanner is None:
                return None
            recorded_in = self.settled_of(snapshot, download, own.options.scanner.answers).recorded_in
        if confirm is None:
            is_this = is_said_of(own, answers, options)
        else:
            is_this = is_committed_with(self._workplace, own.batch_id, confirm)
        return receipt_of_recorded(self._workplace, list(recorded_in)) if is_this else None

    def _require_recorded_so(
        self, download: Download, answers: Answers, options: Options, confirmed: _Confirmed
    ) -> None:
        """Make sure that a download of which all scans are settled became what somebody confirmed.

        Raises:
            download_errors.ConfirmedOtherwise: it became something else.
            download_errors.ConfirmedUnknown: nobody can tell.
        """
        with self._workplace.store.read() as snapshot:
            batch = self._batch(snapshot, download, answers)
            own = self.fill_of(snapshot, download).batch_of(download)
            others = [own] if own is not None else [stated(snapshot, each) for each in batch.settled.recorded_in]

        def unsettled(said: Answers) -> PulledBatch:
            with self._workplace.store.read() as snapshot:
                return self._batch(snapshot, download, said, unsettled=True)

        reading = msgspec.structs.replace(batch.reading, answers=answers.recorded)  # not those of a clear since
        given = msgspec.structs.replace(options, scanner=reading) if confirmed.is_said else None
        became = Settling(batch, own, others, unsettled)
        require_as_confirmed(self._workplace, became, given, confirm=confirmed.code or "")

    def settled_of(self, snapshot: Snapshot, download: Download, answers: Answers = NOTHING_ANSWERED) -> Settled:
        """Return which scans of a download batches dealt with, as far as that is certain with some answers."""
        return self._batch(snapshot, download, answers).settled

    def elsewhere(self, snapshot: Snapshot, download: Download) -> Elsewhere | None:
        """Return the batches that have all scans of a download, though it became none itself; None where none have."""
        waiting = [(download, self.fill_of(snapshot, download))]
        return recorded_elsewhere(snapshot, waiting, self._read_scans).get(download.name)

    def fill_of(self, snapshot: Snapshot, download: Download) -> Fill:
        """Return what a scanner held, of which a download tells: with its other downloads and its batches."""
        return self._history(snapshot, download).fill_of(download)

    def surely_cleared(self, download: Download) -> ScannerClearedEntry | None:
        """Return the clear of which the log proves that the scanner was cleared since it told a download.

        Without times an equal round can't be told from it. What clocks say counts there until it is committed itself.
        """
        with self._workplace.store.read() as snapshot:
            history = self._history(snapshot, download)
            sure, fill = history.surely_cleared(download), history.fill_of(download)
        if sure is None and fill.batch_of(download) is None and not tell_times(self.scans(download)):
            return fill.cleared
        return sure

    def proven_clear(self, download: Download) -> ScannerClearedEntry | None:
        """Return the first clear that the log proves to have come after a download; what clocks say never counts."""
        with self._workplace.store.read() as snapshot:
            return self._history(snapshot, download).surely_cleared(download)

    def _history(self, snapshot: Snapshot, download: Download) -> ScannerHistory:
        kept = self._spool.downloads(download.serial)
        return ScannerHistory(snapshot, [download], kept, self._read_scans)

    def _batch(
        self, snapshot: Snapshot, download: Download, answers: Answers, *, unsettled: bool = False
    ) -> PulledBatch:  # fmt: skip
        """Return the batch of a download; ``unsettled`` the rows that it makes if none of its scans was dealt with."""
        scans = self.scans(download)
        require_known(answers, len(scans))
        catalogue = catalogue_of(snapshot, scans, self._workplace.read_gs1)
        kept = self._spool.downloads(download.serial)
        fill = ScannerHistory(snapshot, [download], kept, self._read_scans).fill_of(download)
        cleared = None if unsettled else fill.clear_of(download)
        answers = answers if cleared is None else cleared.answers
        known = Recorded(NOTHING_SETTLED, ())
        out, told = left_out_whole(snapshot), Told(download, fill, self._read_scans)
        if not unsettled:
            around = Around(snapshot, kept, self._read_scans)
            known = recorded(download, scans, fill, answers, self._read_scans)
            known = with_told_before(known, download, fill, around, answers)
            behind = left_behind(download, scans, without_left_out(fill, out), answers, self._read_scans)
            itself = said_of_itself(told, out, known.settled) if cleared is None else []
            known = Recorded(known.settled, [*known.questions, *behind, *itself])
        answers = known.settled.without_acknowledged(answers, fill.answers_of(download))
        contradicted = known.settled.contradicted(answers)
        if contradicted:
            batch_id = known.settled.batches[contradicted[0]]
            raise download_errors.AnswersTooLate(contradicted, batch_id, known.settled.left_out(contradicted))
        is_anew = answers.scanned_anew and not tell_times(scans)  # with times it is about other fills only
        about_times = msgspec.structs.replace(answers, scanned_anew=is_anew)
        times = pulled_times(download, fill.before(download), known.settled, about_times, self.scans)
        pulled = PulledScans(
            serial=download.serial,
            sha256=download.sha256,
            pulled_at=download.pulled_at,
            scans=scans,
            timings=times.timings,
            offset=self._offset(snapshot, download),
            drops_repeated=not unsettled and any(each.drops_repeated for each in (*fill.before(download), download)),
            findings=known.questions,
            about_times=() if unsettled else times.questions,
            settled=known.settled,
            pulled_first=times.pulled_first,
            now=utc_text(self._workplace.now()),
        )
        if cleared is not None:
            return as_files_had(snapshot, pulled, catalogue, answers, cleared.batches)
        if unsettled:
            return PulledBatch(pulled, catalogue, answers)
        before = left_out_before(snapshot, pulled, out, told, self.kept_scans)
        return with_told_in_files(snapshot, pulled, catalogue, answers, before)

    def _is_same(self, latest: Download, download: Download) -> bool:
        """Tell whether a scanner tells just what it told at the pull before, and by the same clocks.

        It may have been filled anew since: so it was if it is known to have been cleared, and without times nobody can
        tell, once the scans are recorded or a clear was begun.
        """
        if (latest.sha256, latest.with_stamps) != (download.sha256, download.with_stamps):
            return False
        if download.drops_repeated and not latest.drops_repeated:
            return False  # what was dropped since is to be seen by nothing else
        if latest.clock.device and download.clock.device and set_between(latest.clock, download.clock):
            return False
        with self._workplace.store.read() as snapshot:
            history = self._history(snapshot, latest)
        fill, scans = history.fill_of(latest), self.scans(latest)
        if self._may_be_cleared(latest, history.surely_cleared(latest)):
            return False
        only_by_clocks = fill.cleared is not None and not tell_times(scans)  # kept once more it is asked
        if only_by_clocks or self.misled_about(latest) is not None:  # nor was it the latest then
            return False
        return any(scan.stamp for scan in scans) or not fill.batches

    def may_be_cleared(self, latest: Download) -> bool:
        """Tell whether a scanner was cleared of its latest download, or may have been: its scans may be new ones then.

        It may have been where a clear was begun without times, and is no entry; see `scanner_clearing`. Where only the
        clocks say that it was, it counts as not cleared: they may have been wrong, and nobody could go on.
        """
        return self._may_be_cleared(latest, self.surely_cleared(latest))

    def _may_be_cleared(self, latest: Download, cleared: ScannerClearedEntry | None) -> bool:
        return cleared is not None or self._spool.is_clear_begun(latest)


def plan_of(workplace: Workplace, batch: PulledBatch, options: Options) -> Plan:
    """Return what the batch of a download would do; nothing where earlier batches hold all of its rows."""
    plan = preview_batch(workplace, batch, with_reading(options, batch))
    if batch.is_recorded:
        plan.already_committed = True
        plan.recorded_in = list(batch.settled.recorded_in)
    return plan


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
