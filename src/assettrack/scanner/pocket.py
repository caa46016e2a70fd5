"""A scanner that is connected, as the services see it: fits their `ConnectedScanner`.

Owns the step from what a scanner says to the values of the domain. It must never decide what becomes of them.
"""

from datetime import tzinfo

from assettrack.domain import cards
from assettrack.domain.downloads import ScannerIdentity, ScannerSettings
from assettrack.domain.raw_scans import ClockReading, RawScan
from assettrack.domain.timestamps import utc_text
from assettrack.scanner import clearing
from assettrack.scanner.clearing import Stored
from assettrack.scanner.device_times import DeviceTime
from assettrack.scanner.link import Link, OnBytes
from assettrack.scanner.parameters import SAFE, STOPPING, Danger, Parameter, Settings
from assettrack.scanner.replies import Interrogation, read_upload

DANGERS = {
    Danger.AUTO_CLEAR: "It erases its scans by being read. Nothing is read before that is off.",
    Danger.AUTO_CLEAR_UNKNOWN: "It does not say whether it erases its scans by being read. Nothing is read.",
    Danger.STAMPS_UNKNOWN: "It does not say whether it keeps times with its scans. Nothing is read.",
    Danger.NO_STAMPS: "It keeps no times with its scans.",
    Danger.REJECT_REDUNDANT: "It drops a code that is scanned again, cards too, without a sign.",
    Danger.DELETE_KEYS: "Its Clear key deletes: not the latest scan of a code but the first, or all scans.",
    Danger.SHORT_CODES: f"It does not store codes of {cards.LENGTH_MAX} characters, and a card or label may have so "
    "many. That is set only while it holds no scans.",
}
"""What each dangerous setting means, in a sentence."""


def identity_of(known: Interrogation) -> ScannerIdentity:
    """Return which scanner it is that answered an interrogation."""
    return ScannerIdentity(known.serial, known.model, known.version, known.low_battery)


def settings_told(checked: Settings) -> ScannerSettings:
    """Return how a scanner is set, as far as it matters for scans."""
    return ScannerSettings(
        with_stamps=checked.stamps is True,
        drops_repeated=bool(checked.reject_redundant),
        dangers=[DANGERS[danger] for danger in checked.dangers],
    )


class PocketScanner:
    """A scanner that has said who it is, and how it is set."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.checked = link.settings()

    @property
    def identity(self) -> ScannerIdentity:
        """Which scanner it is."""
        return identity_of(self.link.known)

    @property
    def settings(self) -> ScannerSettings:
        """How it is set, as far as it matters for scans."""
        return settings_told(self.checked)

    def clock(self) -> ClockReading:
        """Return what its clock shows now."""
        measured = self.link.read_clock()
        device = iso_of(measured.device)
        return ClockReading(device, utc_text(measured.midpoint), round(measured.took_seconds, 3))

    def set_clock(self, zone: tzinfo) -> ClockReading:
        """Set its clock to local time, and return what it shows then."""
        measured = self.link.set_clock(zone)
        return ClockReading(iso_of(measured.device), utc_text(measured.midpoint))

    def make_readable(self) -> None:
        """Switch off what stands against reading it: that it erases by being read, or does not say how it is set."""
        stopping = STOPPING.intersection(self.checked.dangers)
        if stopping:
            wanted = [Parameter.AUTO_CLEAR, *([Parameter.STORE_STAMPS] if Danger.STAMPS_UNKNOWN in stopping else [])]
            self.link.write_parameters({int(number): SAFE[number] for number in wanted})
            self.checked = self.link.settings()

    def make_safe(self) -> ScannerSettings:
        """Set it so that no scan leaves it unseen, and return how it is set then."""
        short = {Parameter.LENGTH_MAX: bytes([cards.LENGTH_MAX])} if Danger.SHORT_CODES in self.checked.dangers else {}
        self.link.write_parameters({int(number): value for number, value in (*SAFE.items(), *short.items())})
        self.checked = self.link.settings()
        return self.settings

    def upload(self, progress: OnBytes | None = None) -> bytes:
        """Return everything it holds, as it answers; it erases nothing."""
        return self.link.upload(self.checked, on_bytes=progress).raw

    def clear(self, kept: bytes) -> int:
        """Clear it of exactly what these bytes, read back from where they are kept, say it holds."""
        return len(clearing.clear(self.link, self.checked, Stored.read_back(kept)).after.records)


def read_scans(reply: bytes, *, with_stamps: bool) -> list[RawScan]:
    """Return the scans that a scanner's whole answer tells, in storage order."""
    scans = []
    for number, record in enumerate(read_upload(reply, with_stamps=with_stamps).records, 1):
        time = record.time
        if time is None:
            scans.append(RawScan(number, record.text, record.symbology))
            continue
        fault = "" if time.doubt is None else str(time.doubt)
        scans.append(RawScan(number, record.text, record.symbology, iso_of(time), time.raw.hex().upper(), fault))
    return scans


def iso_of(time: DeviceTime) -> str:
    """Return a scanner's time as text, blank where it is doubtful."""
    return "" if time.at is None or time.doubt is not None else time.at.isoformat()
