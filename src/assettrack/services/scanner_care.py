"""Looking after a pocket scanner: setting it and its clock when no scan depends on how they are any more.

Owns the rules for that. What is set on a scanner is no deed of the station and no entry of its log.
"""

from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256

from assettrack.domain import download_errors
from assettrack.domain.downloads import Download, ScannerSettings
from assettrack.domain.errors import AssetTrackError
from assettrack.domain.raw_scans import ClockReading
from assettrack.domain.timestamps import utc_text
from assettrack.services.ports import Workplace
from assettrack.services.scanner_desk import ScannerDesk
from assettrack.services.scanner_ports import ConnectedScanner

AtWork = Callable[[], Workplace]
"""Opens the station, where there has to be one."""


def set_clock(workplace: Workplace, scanner: ConnectedScanner, desk: ScannerDesk) -> ClockReading:
    """Set a scanner's clock to the station's local time, and return what it shows then.

    Scans that it holds are kept once more with both readings of the clock, so that nobody has to be asked later which
    of the two tells when they were made.

    Raises:
        download_errors.ClockSetTooEarly: it holds scans that were not pulled; they are timed by its clock as it is.
        errors.AssetTrackError: it can't be read, or does not take it.
    """
    before = scanner.clock()
    scans, kept = _held(lambda: workplace, scanner, desk)
    if scans and kept is None:
        raise download_errors.ClockSetTooEarly(scanner.identity.serial, scans)
    with workplace.store.read() as snapshot:
        zone = workplace.zone(snapshot.station().timezone)
    after = scanner.set_clock(zone)
    if scans and kept is not None and before.device:
        with suppress(AssetTrackError):  # the clock is set, and without this only a question more is asked later
            if _held(lambda: workplace, scanner, desk)[1] == kept:  # a scan made meanwhile may be by either clock
                again = kept.with_clock_set(before, after, at=utc_text(workplace.now()))
                desk.spool.keep(desk.downloads(workplace).numbered(again))
    return after


def make_safe(at_work: AtWork, scanner: ConnectedScanner, desk: ScannerDesk) -> ScannerSettings:
    """Set a scanner so that no scan leaves it unseen, and return how it is set then.

    That it may have dropped cards is to be seen by nothing but its setting. So that is kept with its scans before it
    is changed; every later download of them is asked about it. A scanner of which nothing is kept needs no station.

    Raises:
        download_errors.ConfiguredTooEarly: it drops repeated scans and holds scans that were not pulled since.
        scanner_errors.ScannerSettingLeft: it holds scans, and a setting is made only while it holds none; all others
            are set, but not of one that drops repeated scans and can't be read.
        errors.AssetTrackError: it can't be read, or does not take a setting.
    """
    if scanner.settings.drops_repeated:
        scanner.make_readable()
        scans, kept = _held(at_work, scanner, desk)
        if scans and (kept is None or not kept.drops_repeated):
            raise download_errors.ConfiguredTooEarly(scanner.identity.serial, scans)
    return scanner.make_safe()


def _held(at_work: AtWork, scanner: ConnectedScanner, desk: ScannerDesk) -> tuple[int, Download | None]:
    """Return how many scans a scanner holds, and its latest download if that tells just them.

    Of one that the scanner may have been cleared of nobody knows: equal scans may have been made since.
    """
    reply = scanner.upload()
    scans = desk.read_scans(reply, with_stamps=scanner.settings.with_stamps)
    serial = scanner.identity.serial
    kept = desk.downloads(at_work()).latest(serial) if desk.spool.downloads(serial) else None
    if kept is None or kept.sha256 != sha256(reply).hexdigest():
        return len(scans), None
    return len(scans), None if desk.downloads(at_work()).may_be_cleared(kept) else kept
