"""One session with the scanner that is connected, for whoever works from a page: look, read, set it right, clear it.

Owns what is known of a scanner afterwards, and that only the scanner is cleared which was meant. Reading is
`downloads`, the proof before a clear `scanner_clearing`.
"""

from datetime import datetime

import msgspec

from assettrack.domain import download_errors, scanner_errors
from assettrack.domain.downloads import ScannerIdentity, ScannerSettings
from assettrack.domain.pulled_batch import SMALL_OFFSET_SECONDS, clock_said
from assettrack.domain.raw_scans import ClockReading
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scanner_clock import offset_of
from assettrack.domain.wording import batches_named
from assettrack.services import scanner_care, scanner_clearing
from assettrack.services.downloads import Pulled
from assettrack.services.kept_downloads import kept_download
from assettrack.services.ports import Workplace
from assettrack.services.scanner_clearing import Cleared
from assettrack.services.scanner_desk import ScannerDesk
from assettrack.services.scanner_ports import Progress, ReadableScanner


class Seen(msgspec.Struct, frozen=True):
    """A scanner as it was seen: who it is, how it is set, and its clock; ``at`` is the station's time (UTC text).

    ``clock_off`` says how far its clock is off, blank where it is right; ``clock_trusted`` is False where it tells no
    time that can be.
    """

    identity: ScannerIdentity
    settings: ScannerSettings
    clock_trusted: bool
    clock_off: str
    at: str


def look(workplace: Workplace, desk: ScannerDesk) -> Seen:
    """Return the scanner that is connected. It is not changed.

    Raises:
        errors.AssetTrackError: there is none, or it does not answer. So do all functions here.
    """
    with desk.lend() as scanner:
        return _seen(workplace, scanner, scanner.clock())


def read(workplace: Workplace, desk: ScannerDesk, progress: Progress) -> tuple[Pulled, Seen]:
    """Read what the scanner holds and keep it, as `pull`. It is not changed."""
    with desk.lend() as scanner:
        pulled = pull(workplace, desk, scanner, progress)
        return pulled, _seen(workplace, scanner, pulled.download.clock)


def pull(
    workplace: Workplace, desk: ScannerDesk, scanner: ReadableScanner, progress: Progress | None = None
) -> Pulled:  # fmt: skip
    """Read what a scanner holds, on whichever cable, and keep it, as `Downloads.pull`.

    Raises:
        download_errors.ScannerEmpty: it holds nothing; as `emptied`.
    """
    try:
        return desk.downloads(workplace).pull(scanner, progress)
    except download_errors.ScannerEmpty as error:
        raise emptied(workplace, desk, scanner.identity.serial) from error


def emptied(workplace: Workplace, desk: ScannerDesk, serial: str) -> download_errors.ScannerEmpty:
    """Return what is to be said of a scanner that holds nothing: that it is cleared, or is to be cleared by the log.

    Nothing is known of it where nothing was pulled from it, where that is still to be committed, and where nobody can
    tell what was pulled last: what a damaged file holds that is later by its name may be in no batch.
    """
    downloads = desk.downloads(workplace)
    try:
        latest = scanner_clearing.latest_kept(workplace, downloads, desk.spool, serial)
        cleared = scanner_clearing.proven_clear(downloads, latest)
    except (download_errors.ClearTooEarly, scanner_errors.ScannerClearRefused):
        return download_errors.ScannerEmpty(serial)
    if any(name > latest.name for name, _ in desk.spool.damaged(serial)):
        return download_errors.ScannerEmpty(serial)
    if cleared is not None:
        return download_errors.ScannerEmpty.cleared(serial, cleared.seq)
    kept = kept_download(workplace, desk, latest.name)
    if kept.state not in {"committed", "recorded", "left_out"}:
        return download_errors.ScannerEmpty(serial)
    how = f"in {batches_named(kept.batches)}" if kept.batches else "left out whole"
    return download_errors.ScannerEmpty.to_be_cleared(serial, latest.name, how)


def make_safe(workplace: Workplace, desk: ScannerDesk) -> tuple[Seen, scanner_errors.ScannerSettingLeft | None]:
    """Set the scanner so that no scan leaves it unseen; return it as it is then, and what of it had to be left, if any.

    Raises:
        scanner_errors.ScannerSettingRefused: it does not take a setting.
        download_errors.ConfiguredTooEarly: as `scanner_care.make_safe`.
    """
    with desk.lend() as scanner:
        left = None
        try:
            scanner_care.make_safe(lambda: workplace, scanner, desk)
        except scanner_errors.ScannerSettingLeft as error:  # others were set all the same: it is not as it was seen
            left = error
        return _seen(workplace, scanner, scanner.clock()), left


def set_clock(workplace: Workplace, desk: ScannerDesk) -> Seen:
    """Set the scanner's clock to the station's time, as `scanner_care.set_clock`."""
    with desk.lend() as scanner:
        return _seen(workplace, scanner, scanner_care.set_clock(workplace, scanner, desk))


def require_clearable(workplace: Workplace, desk: ScannerDesk, name: str, answers: Answers) -> tuple[int, ...]:
    """Return the batches that hold every row of a download, by a connection to the database opened for this.

    ``answers`` are about scans that no batch dealt with.

    Raises:
        errors.NotFound: there is no such download.
        download_errors.ClearTooEarly: not all of it is committed, or it is not what was read from the scanner last.
    """
    with desk.fresh_store() as store:
        fresh = msgspec.structs.replace(workplace, store=store)
        kept = kept_download(fresh, desk, name)
        if not kept.is_latest:
            raise download_errors.ClearTooEarly("more was read from it since")
        return scanner_clearing.require_committed(fresh, desk.downloads(fresh), kept.download, answers)


def clear(workplace: Workplace, desk: ScannerDesk, name: str, answers: Answers) -> tuple[Cleared, Seen]:
    """Clear the scanner of exactly what a download holds, once that is proven to be committed, and record it.

    Raises:
        scanner_errors.ScannerChanged: another scanner is connected; as `require_clearable`, `scanner_clearing.clear`.
    """
    require_clearable(workplace, desk, name, answers)
    with desk.fresh_store() as store, desk.lend() as scanner:
        fresh = msgspec.structs.replace(workplace, store=store)
        kept = kept_download(fresh, desk, name)
        if scanner.identity.serial != kept.download.serial:
            raise scanner_errors.ScannerChanged(kept.download.serial, scanner.identity.serial)
        cleared = scanner_clearing.clear(fresh, desk.downloads(fresh), scanner, desk.spool, answers)
        return cleared, _seen(workplace, scanner, kept.download.clock)


def _seen(workplace: Workplace, scanner: ReadableScanner, clock: ClockReading) -> Seen:
    with workplace.store.read() as snapshot:
        zone = workplace.zone(snapshot.station().timezone)
    offset = offset_of(clock, datetime.fromisoformat(clock.host_utc).astimezone(zone).replace(tzinfo=None))
    off = "" if offset is None or abs(offset.seconds) <= SMALL_OFFSET_SECONDS else clock_said(offset.seconds)
    return Seen(scanner.identity, scanner.settings, offset is not None, off, clock.host_utc)
