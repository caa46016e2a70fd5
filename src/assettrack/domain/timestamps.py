"""Times: how a timestamp is read, and the one form in which times are kept.

Owns the grammar of DESIGN §4. A time is kept as received and as UTC text of fixed width,
because such texts compare as the times do and cost no conversion. Never asks the clock.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

UTC_WIDTH = len("2026-02-02T13:00:00.000000Z")
EARLIEST = "2000-01-01T00:00:00.000000Z"
"""A scanner whose clock was reset says a year before this; no asset of ours is that old."""

_TIMESTAMP = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ]([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]+))?)?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
)
_USUAL_SECONDS = {f"{second:02d}Z": f"{second:02d}.000000Z" for second in range(60)}
_DATE_ONLY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class NotATime(ValueError):
    """A text is no timestamp; ``code`` is the problem's code, ``reason`` half a sentence."""

    def __init__(self, reason: str, code: str = "timestamp_invalid") -> None:
        super().__init__(reason)
        self.reason = reason
        self.code = code


class Moment(NamedTuple):
    """A time that was read: its UTC text, whether it had no zone, and whether that made it ambiguous."""

    utc: str
    local: bool = False
    ambiguous: bool = False


def utc_text(moment: datetime) -> str:
    """Return an aware datetime as UTC text of fixed width, in microseconds."""
    return _fixed_width(moment.astimezone(UTC))


def after_all(moment: str, others: Iterable[str]) -> str:
    """Return the UTC text of a moment, or of the microsecond after the latest of the others where it is not after them.

    What is told apart and put in order by such texts stays in the order of the deeds where a clock was set back.
    """
    latest = max(others, default="")
    if moment > latest:
        return moment
    return utc_text(datetime.fromisoformat(latest) + timedelta(microseconds=1))


class TimestampReader:
    """Reads timestamps; those without a zone in the zone handed in. Remembers dates it has checked."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._dates: dict[str, bool] = {}
        self._minutes: dict[str, str] = {}

    def read_usual(self, text: str) -> str | None:
        """Return the UTC text of a time in whole seconds with Z, None for any other text.

        Nearly every row has such a time. Its minute is read like any time, once, and remembered.
        """
        seconds = _USUAL_SECONDS.get(text[17:])
        if seconds is None:
            return None
        minute = self._minutes.get(text[:17])
        if minute is None:
            try:
                minute = self.read(f"{text[:17]}00Z").utc[:17]
            except NotATime:
                return None
            self._minutes[text[:17]] = minute
        return minute + seconds

    def read(self, text: str) -> Moment:
        """Return the time that ``text`` means.

        UTC text keeps six digits of a fraction, the text as received keeps all.

        Raises:
            NotATime: the text does not fit the grammar, or names a day or time that does not exist.
        """
        match = _TIMESTAMP.fullmatch(text)
        if match is None:
            raise NotATime("it is a date without a time" if _DATE_ONLY.fullmatch(text) else "it is not ISO-8601")
        day, hour, minute, second, fraction, zone = match.groups()
        second = second or "00"
        if not (self._dates.get(day) or self._is_date(day)):
            raise NotATime(f"there is no day {day}")
        if hour > "23" or minute > "59" or second > "59":
            raise NotATime(f"there is no time {hour}:{minute}:{second}")
        digits = fraction[:6].ljust(6, "0") if fraction else "000000"
        wall = f"{day}T{hour}:{minute}:{second}.{digits}Z"
        if zone == "Z":
            return Moment(wall)
        naive = datetime.fromisoformat(wall[:-1])
        return self._local(naive) if zone is None else Moment(_shifted(naive, zone))

    def _is_date(self, day: str) -> bool:
        known = self._dates[day] = _exists(day)
        return known

    def _local(self, naive: datetime) -> Moment:
        """Read a wall time in the station's zone: PEP 495 tells gaps and folds apart by the two offsets."""
        first, second = naive.replace(tzinfo=self._zone, fold=0), naive.replace(tzinfo=self._zone, fold=1)
        try:
            utc = first.astimezone(UTC)
            exists = utc.astimezone(self._zone).replace(tzinfo=None) == naive
        except OverflowError as error:
            raise NotATime("it is beyond the calendar") from error
        if not exists:
            raise NotATime("the clocks were put forward over it", "timestamp_nonexistent")
        return Moment(_fixed_width(utc), local=True, ambiguous=first.utcoffset() != second.utcoffset())


def local_text(utc: str, zone: tzinfo) -> str:
    """Return the UTC text of a moment as a zone's clock shows it, to the second: ``2026-02-02 14:00:00+01:00``."""
    return datetime.fromisoformat(f"{utc[:19]}+00:00").astimezone(zone).isoformat(" ", "seconds")


def _fixed_width(utc: datetime) -> str:
    """Return a time in UTC as text. Not by strftime, whose %Y writes the year 999 with three digits."""
    return f"{utc.isoformat(timespec='microseconds')[:26]}Z"


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _shifted(naive: datetime, zone: str) -> str:
    hours, minutes = int(zone[1:3]), int(zone[4:6])
    if hours > 23 or minutes > 59:  # noqa: PLR2004 - the clock's own limits
        raise NotATime(f"there is no offset {zone}")
    offset = timedelta(hours=hours, minutes=minutes)
    try:
        return _fixed_width(naive + offset if zone[0] == "-" else naive - offset)
    except OverflowError as error:
        raise NotATime("it is beyond the calendar") from error
