"""A scanner that is connected, as the services see it: fits their `ConnectedScanner`.

Owns the step from what a scanner says to the values of the domain. It must never decide what becomes of them.
"""

from collections.abc import Collection, Mapping
from datetime import tzinfo

import msgspec

from assettrack.domain import cards
from assettrack.domain.downloads import ScannerIdentity, ScannerSettings
from assettrack.domain.raw_scans import ClockReading, RawScan
from assettrack.domain.scanner_errors import ScannerSettingLeft
from assettrack.domain.timestamps import utc_text
from assettrack.scanner import clearing
from assettrack.scanner.clearing import Stored
from assettrack.scanner.device_times import DeviceTime
from assettrack.scanner.link import Link, OnBytes
from assettrack.scanner.parameters import ONLY_WHILE_EMPTY, SAFE, STOPPING, Danger, Parameter, Settings
from assettrack.scanner.replies import Interrogation, read_upload

_ONCE_EMPTY = "That is set only while it holds no scans."

DANGERS = {
    Danger.AUTO_CLEAR: "It erases its scans by being read. Nothing is read before that is off.",
    Danger.AUTO_CLEAR_UNKNOWN: "It does not say whether it erases its scans by being read. Nothing is read.",
    Danger.STAMPS_UNKNOWN: f"It does not say whether it keeps times with its scans. Nothing is read. {_ONCE_EMPTY}",
    Danger.NO_STAMPS: f"It keeps no times with its scans. {_ONCE_EMPTY}",
    Danger.REJECT_REDUNDANT: "It drops a code that is scanned again, cards too, without a sign.",
    Danger.DELETE_KEYS: "Its Clear key deletes: not the latest scan of a code but the first, or all scans.",
    Danger.SHORT_CODES: f"It does not store codes of {cards.LENGTH_MAX} characters, and a card or label may have so "
    f"many. {_ONCE_EMPTY}",
}
"""What each dangerous setting means, in a sentence."""

ONCE_EMPTY: Mapping[int, str] = {
    Parameter.STORE_STAMPS: "keep times with its scans",
    Parameter.LENGTH_MAX: f"store codes of {cards.LENGTH_MAX} characters",
}
"""What is set only while a scanner holds no scans, as what it then does."""


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
        """Switch off what stands against reading it: that it erases by being read, or does not say how it is set.

        Raises:
            ScannerSettingLeft: it holds scans and does not say whether it keeps times, so that it can't be read.
        """
        stopping = STOPPING.intersection(self.checked.dangers)
        if stopping:
            wanted = [Parameter.AUTO_CLEAR, *([Parameter.STORE_STAMPS] if Danger.STAMPS_UNKNOWN in stopping else [])]
            held = self._set({number: SAFE[number] for number in wanted})
            if held and self.checked.stamps is None:
                raise self._left([Parameter.STORE_STAMPS], held, others_set=False)

    def make_safe(self) -> ScannerSettings:
        """Set it so that no scan leaves it unseen, and return how it is set then.

        Raises:
            ScannerSettingLeft: it holds scans, and a setting is made only while it holds none; all others are set.
        """
        wanted = dict(SAFE)
        if self.checked.stamps:
            del wanted[Parameter.STORE_STAMPS]
        if Danger.SHORT_CODES in self.checked.dangers:
            wanted[Parameter.LENGTH_MAX] = bytes([cards.LENGTH_MAX])
        held = self._set(wanted)
        if held:
            raise self._left(wanted, held, others_set=True)
        return self.settings

    def _left(self, wanted: Collection[int], held: int, *, others_set: bool) -> ScannerSettingLeft:
        left = [does for number, does in ONCE_EMPTY.items() if number in wanted]
        can_be_read = self.checked.stamps is not None
        return ScannerSettingLeft(self.identity.serial, left, held, can_be_read=can_be_read, others_set=others_set)

    def _set(self, wanted: Mapping[int, bytes]) -> int:
        """Set parameters. Return how many scans it holds where some parameters were left because of them, else 0.

        A unit may take a setting while it holds scans that hang on it: so it is looked whether it is empty, and not
        left to the unit to refuse. How many records there are is the same with times and without.
        """
        once_empty = ONLY_WHILE_EMPTY.intersection(wanted)
        self.link.write_parameters({number: value for number, value in wanted.items() if number not in once_empty})
        self.checked = self.link.settings()
        if not once_empty:
            return 0
        held = len(self.link.upload(msgspec.structs.replace(self.checked, stamps=False)).records)
        if not held:
            self.link.write_parameters({number: wanted[number] for number in sorted(once_empty)})
            self.checked = self.link.settings()
        return held

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
