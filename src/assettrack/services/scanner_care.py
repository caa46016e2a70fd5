"""Looking after a pocket scanner: setting its clock when no scan depends on it any more.

Owns the rule for that. What is set on a scanner is no deed of the station and no entry of its log.
"""

from hashlib import sha256

from assettrack.domain import download_errors
from assettrack.domain.raw_scans import ClockReading
from assettrack.services.ports import Workplace
from assettrack.services.scanner_desk import ScannerDesk
from assettrack.services.scanner_ports import ConnectedScanner


def set_clock(workplace: Workplace, scanner: ConnectedScanner, desk: ScannerDesk) -> ClockReading:
    """Set a scanner's clock to the station's local time, and return what it shows then.

    Raises:
        download_errors.ClockSetTooEarly: it holds scans that were not pulled; they are timed by its clock as it is.
        errors.AssetTrackError: it can't be read, or does not take it.
    """
    reply = scanner.upload()
    scans = desk.read_scans(reply, with_stamps=scanner.settings.with_stamps)
    kept = desk.spool.downloads(scanner.identity.serial)
    if scans and (not kept or kept[-1].sha256 != sha256(reply).hexdigest()):
        raise download_errors.ClockSetTooEarly(scanner.identity.serial, len(scans))
    with workplace.store.read() as snapshot:
        zone = workplace.zone(snapshot.station().timezone)
    return scanner.set_clock(zone)
