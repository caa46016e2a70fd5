"""How long lay between two scans: by the times that are known of them, or else by what the scanner's clock showed.

Owns when cards are too old to hold by themselves. What is answered about clocks changes the times of scans, and never
how long lay between them: the scanner's own times are there all the same. A clock that was set back or reset, or that
came to tell times only then, tells no pause; that is asked about as a pause is.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from assettrack.domain.raw_scans import RawScan
from assettrack.domain.scanner_clock import FAR_OFF, Timing
from assettrack.domain.wording import counted

CONTEXT_HOLDS = timedelta(hours=4)
"""After a longer pause it is not certain any more that the cards still hold."""

TWICE_WITHIN = timedelta(seconds=10)
"""A label read again within this time, with nothing between, was read twice and not scanned twice."""

_HOURS_SAID_UP_TO = 48


class Moment(msgspec.Struct, frozen=True):
    """When a scan was made: the time that is known of it, and what the scanner's clock showed, None for neither.

    ``after`` is the first scan after it of which anything tells when it was, where of this one nothing does.
    """

    time: datetime | None
    stamp: datetime | None
    after: "Moment | None" = None

    @property
    def is_told(self) -> bool:
        """Whether anything tells when it was."""
        return self.time is not None or self.stamp is not None


def moments_of(scans: Sequence[RawScan], timings: Sequence[Timing]) -> list[Moment]:
    """Return when each of some scans was made, as far as anything tells; ``timings`` are theirs."""
    found: list[Moment] = []
    after: Moment | None = None
    for scan, timing in zip(reversed(scans), reversed(timings), strict=True):
        time = None if timing.utc is None else datetime.fromisoformat(timing.utc)
        moment = Moment(time, datetime.fromisoformat(scan.stamp) if scan.stamp else None)
        if moment.is_told:
            after = moment
        found.append(moment if moment.is_told else Moment(None, None, after))
    return found[::-1]


def passed(earlier: Moment, later: Moment) -> timedelta | None:
    """Return how long after another a scan was made; None where nothing tells, or a clock was set back between them.

    Known times may come from two readings of a clock, which differ by drift: a little less than nothing is nothing.
    """
    if earlier.time is not None and later.time is not None:
        gap = later.time - earlier.time
        return None if gap < -FAR_OFF else max(gap, timedelta(0))
    if earlier.stamp is None or later.stamp is None or later.stamp < earlier.stamp:
        return None
    return later.stamp - earlier.stamp


def is_timed(earlier: Moment, later: Moment) -> bool:
    """Return whether anything tells how long lay between two scans; a clock that shows the same may stand still."""
    gap = passed(earlier, later)
    return gap is not None and (gap > timedelta(0) or None not in {earlier.time, later.time})


def is_near(gap: timedelta | None) -> bool:
    """Return whether two scans so long after each other may be one reading; where nothing tells they may."""
    return gap is None or gap <= TWICE_WITHIN


def may_be_one(earlier: Moment, later: Moment) -> bool:
    """Return whether two scans may be one reading of a label, by when they were made."""
    return is_near(passed(earlier, later))


class Pauses:
    """The scans read so far, as far as it is about when they were made.

    A pause is one since the last scan that counts; a scan that is left out shows all the same that a clock was set.
    """

    def __init__(self) -> None:
        self.last: Moment | None = None
        self._told: Moment | None = None  # the last one of which anything tells when it was
        self._seen: Moment | None = None  # the same two among all scans, left out or not
        self._seen_told: Moment | None = None
        self._has_jumped = False  # at a scan that was left out since the last one that counts

    def add(self, moment: Moment) -> None:
        """Go on to the next scan."""
        self._see(moment)
        self.last, self._has_jumped = moment, False
        if moment.is_told:
            self._told = moment

    def skip(self, moment: Moment) -> None:
        """Go on past a scan that is left out."""
        self._has_jumped = self.is_jump(moment)
        self._see(moment)

    def _see(self, moment: Moment) -> None:
        self._seen = moment
        if moment.is_told:
            self._seen_told = moment

    def is_at_once(self, moment: Moment) -> bool:
        """Return whether a scan and the last one that counts may be one reading, by when they were made."""
        return self.last is not None and may_be_one(self.last, moment)

    def is_timed(self, moment: Moment) -> bool:
        """Return whether anything tells how long before a scan the last one that counts was."""
        return self.last is not None and is_timed(self.last, moment)

    def is_jump(self, moment: Moment) -> bool:
        """Return whether a clock was set back, reset or set right before a scan, so that it tells no pause.

        Without times on either side there is nothing that could jump; a single scan without one lies between the two
        around it.
        """
        if self._has_jumped:
            return True
        if self._seen is None or not (moment.is_told or self._seen.is_told):
            return False
        next_told = moment if moment.is_told else moment.after
        gap = None if self._seen_told is None or next_told is None else passed(self._seen_told, next_told)
        return gap is None or (not moment.is_told and gap > CONTEXT_HOLDS)

    def gap(self, moment: Moment) -> timedelta:
        """Return how long before a scan the last one was of which that is known; nothing where it is not."""
        gap = None if self._told is None else passed(self._told, moment)
        return gap or timedelta(0)

    def too_long(self, moment: Moment) -> str:
        """Return how long before a scan the last one was, as people say it; blank where cards hold over that."""
        gap = self.gap(moment)
        return duration_said(gap) if gap > CONTEXT_HOLDS else ""


def duration_said(duration: timedelta) -> str:
    """Return a duration of hours as people say it: ``5 hours``, ``2 days``."""
    hours = int(duration.total_seconds() // 3600)
    return counted(hours, "hour") if hours < _HOURS_SAID_UP_TO else counted(hours // 24, "day")
