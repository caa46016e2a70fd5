"""When a scan happened: the scanner's clock against the station's, and how far its word goes.

Owns the reckoning of times. A scanner's clock knows no zone and drifts by about two seconds a day; what can be known is
how long before the download a scan was made. So a time is the station's time at the download less the time that the
scanner's clock says has passed since, whatever zone or daylight saving either of them follows. It holds only where
that clock ran undisturbed; what it can't hold for has no time, and is never given one by itself. The order of scans is
that of storage, always.
"""

import enum
from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo

import msgspec

from assettrack.domain.raw_scans import ClockReading, RawScan
from assettrack.domain.timestamps import NotATime, TimestampReader, utc_text

FAR_OFF = timedelta(minutes=5)
"""A clock that is off by more was set wrongly, reset, or stood still; whether it was so all the time nobody knows."""

WHOLE_HOURS_WITHIN = timedelta(minutes=2)
ZONE_FIRST, ZONE_LAST = timedelta(hours=-12), timedelta(hours=14)
"""How far the zones of this world are ahead of UTC."""

ZONE_HOURS_MAX = 23
"""Between two zones there are up to 26 hours, but a day and more may as well be a wrong date: that is asked."""

AHEAD = timedelta(seconds=2)
"""A scan may be this much later than the clock's reading: both are in whole seconds."""


DRIFT_MAX, DRIFT_A_DAY_MAX = timedelta(seconds=5), timedelta(seconds=5)
"""Two readings of a clock that nobody set differ by no more than this, and this for each day between them: some two
seconds a day are usual."""


class Doubt(enum.StrEnum):
    """Why a scan's time can't be known."""

    NO_STAMP = "none was stored with it"
    IMPOSSIBLE = "the stored one is none that can be"
    RESET = "the scanner's clock was set back after it"
    AHEAD = "it would be after the download"
    CLOCK = "the scanner's clock can't be trusted"
    SKIPPED = "the stored one fell out when the clocks were put forward"
    TWICE = "the stored one came twice when the clocks were put back"
    SET = "a clock was set between two downloads"


class Timing(msgspec.Struct, frozen=True):
    """When a scan happened: UTC text to the second, or None with the doubt."""

    utc: str | None
    doubt: Doubt | None = None


class Offset(msgspec.Struct, frozen=True):
    """By how many seconds the scanner's clock was behind (positive) the station's zone at the download.

    ``here`` is by how many seconds the station's zone was ahead of UTC then.
    """

    seconds: int
    here: int

    @property
    def is_far_off(self) -> bool:
        """Whether the clock is off by more than can be drift."""
        return abs(self.seconds) > FAR_OFF.total_seconds() and not self.is_whole_hours

    @property
    def is_whole_hours(self) -> bool:
        """Whether the clock seems to follow another zone, or no daylight saving."""
        hours = round(self.seconds / 3600)
        near = abs(self.seconds - hours * 3600) <= WHOLE_HOURS_WITHIN.total_seconds()
        ahead = timedelta(seconds=self.here - self.seconds)
        is_a_zone = ZONE_FIRST - WHOLE_HOURS_WITHIN <= ahead <= ZONE_LAST + WHOLE_HOURS_WITHIN
        return near and is_a_zone and 1 <= abs(hours) <= ZONE_HOURS_MAX


def offset_of(reading: ClockReading, local_at_host: datetime) -> Offset | None:
    """Return how far the clock is off; None where it can't be trusted.

    ``local_at_host`` is the station's local time (naive) at the reading's moment.
    """
    if not reading.device:
        return None
    device, utc = datetime.fromisoformat(reading.device), datetime.fromisoformat(reading.host_utc).replace(tzinfo=None)
    return Offset(round((local_at_host - device).total_seconds()), here=round((local_at_host - utc).total_seconds()))


def ahead_of_utc(reading: ClockReading) -> timedelta:
    """Return by how much the scanner's clock was ahead of UTC at a reading, which may not be blank."""
    return datetime.fromisoformat(reading.device) - datetime.fromisoformat(reading.host_utc).replace(tzinfo=None)


def set_between(earlier: ClockReading, later: ClockReading) -> int:
    """Return by how many seconds a clock, the scanner's or the computer's, was set between two readings; 0 for drift.

    Neither may be blank. What they differ in does not depend on zones or daylight saving.
    """
    moved = ahead_of_utc(later) - ahead_of_utc(earlier)
    return 0 if abs(moved) <= _drift(earlier, later) else round(moved.total_seconds())


def may_be_by_another_clock(scan: RawScan, earlier: ClockReading, later: ClockReading) -> bool:
    """Return whether a scan made between two readings may have its time by the clock as it was before it was set.

    So it is if the later reading, which may not be blank, tells a time before the earlier one, or if a clock was set in
    between and the earlier reading tells a time that can be, too. If it tells none that can be, the scan was made after
    the setting, or it was the computer's clock that was set, and either way the later reading tells. The other way
    round is no proof: a computer's clock that was ahead makes a right time look too early.
    """
    if not scan.stamp:
        return False
    stamp, slack = datetime.fromisoformat(scan.stamp), _drift(earlier, later)
    first, last = datetime.fromisoformat(earlier.host_utc) - slack, datetime.fromisoformat(later.host_utc) + slack
    if _told_by(later, stamp) < first:
        return True
    if not earlier.device or not set_between(earlier, later):
        return False
    return first <= _told_by(earlier, stamp) <= last


def _told_by(reading: ClockReading, stamp: datetime) -> datetime:
    """Return the time of a stamp, told back from a reading."""
    return datetime.fromisoformat(reading.host_utc) - (datetime.fromisoformat(reading.device) - stamp)


def _drift(earlier: ClockReading, later: ClockReading) -> timedelta:
    """Return by how much two readings of a clock that nobody set may differ."""
    passed = datetime.fromisoformat(later.host_utc) - datetime.fromisoformat(earlier.host_utc)
    return DRIFT_MAX + DRIFT_A_DAY_MAX * (abs(passed) / timedelta(days=1))


def timings(scans: Sequence[RawScan], reading: ClockReading) -> list[Timing]:
    """Return when each of some scans happened, by the clock reading of the download that they are of."""
    if not reading.device:
        return [Timing(None, Doubt.CLOCK) for _ in scans]
    device_now = datetime.fromisoformat(reading.device)
    host_now = datetime.fromisoformat(reading.host_utc)
    reset_at = _last_step_back(scans)
    found = []
    for index, scan in enumerate(scans):
        doubt = _doubt(scan, device_now)
        if doubt is None and index < reset_at:
            doubt = Doubt.RESET
        if doubt is not None:
            found.append(Timing(None, doubt))
            continue
        passed = device_now - datetime.fromisoformat(scan.stamp)
        moment = (host_now - passed).replace(microsecond=0)
        found.append(Timing(utc_text(moment)))
    return found


def local_timings(scans: Sequence[RawScan], zone: tzinfo) -> list[Timing]:
    """Return when each of some scans happened by their own times alone, read as a clock of the zone, uncorrected."""
    read = TimestampReader(zone).read
    found = []
    for scan in scans:
        if not scan.stamp:
            found.append(Timing(None, Doubt.IMPOSSIBLE if scan.stamp_fault else Doubt.NO_STAMP))
            continue
        try:
            utc, _, ambiguous = read(scan.stamp)
        except NotATime as error:
            skipped = error.code == "timestamp_nonexistent"
            found.append(Timing(None, Doubt.SKIPPED if skipped else Doubt.IMPOSSIBLE))
        else:
            found.append(Timing(None, Doubt.TWICE) if ambiguous else Timing(utc))
    return found


def _doubt(scan: RawScan, device_now: datetime) -> Doubt | None:
    if not scan.stamp_bytes:
        return Doubt.NO_STAMP
    if not scan.stamp:
        return Doubt.IMPOSSIBLE
    if datetime.fromisoformat(scan.stamp) > device_now + AHEAD:
        return Doubt.AHEAD
    return None


def _last_step_back(scans: Sequence[RawScan]) -> int:
    """Return the index of the last scan whose stamp is before that of an earlier one's nearest; 0 where none is."""
    reset_at, before = 0, ""
    for index, scan in enumerate(scans):
        if not scan.stamp:
            continue
        if before and scan.stamp < before:
            reset_at = index
        before = scan.stamp
    return reset_at
