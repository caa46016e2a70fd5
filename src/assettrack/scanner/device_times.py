"""Owns the times of a scanner: the four bytes of a record, the six bytes of its clock, and whether they can be true.

Both are plain local time of a clock without zone and with a battery that runs out, so a time is never taken for one
before every field was checked. The bytes always stay beside it. It must never correct a time: whoever knows the
offset of the clock does.
"""

from calendar import monthrange
from datetime import datetime
from enum import StrEnum

import msgspec

YEAR_MIN = 2006
"""The first scanners of the family are of 2006: an earlier year is that of a clock which was reset."""

STAMP_YEAR_MAX = 2063
CLOCK_YEAR_MAX = 2099
_WEAK_IN_STAMP = 0x3F
_WEAK_IN_CLOCK = 0xFF
STAMP_BYTES = 4
CLOCK_BYTES = 6


class Doubt(StrEnum):
    """Why a time can't be believed as it stands."""

    RESET = "reset"
    """Every field is zero: the clock was never set, or was reset."""
    WEAK_BATTERY = "weak_battery"
    """The seconds say that the battery of the clock was weak: 3F in a record, FF in the clock's own answer."""
    SECOND = "second"
    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    """There is no such day in this month."""
    MONTH = "month"
    YEAR = "year"
    """The date exists, but lies before the first scanners or after the latest year that is allowed."""


class DeviceTime(msgspec.Struct, frozen=True, gc=False):
    """A time as the scanner tells it: the bytes, the local time they make (None where they make none), the doubt."""

    raw: bytes
    at: datetime | None
    doubt: Doubt | None


Fields = tuple[int, int, int, int, int, int]
"""Second, minute, hour, day, month, year."""


def decode_stamp(raw: bytes, *, latest_year: int = STAMP_YEAR_MAX) -> DeviceTime:
    """Return the time of a record; ``latest_year`` is the last one that can be meant.

    Bits from the top: second 6, minute 6, hour 5, day 5, month 4, year since 2000 6 (OPN-2001 Windows SDK
    Reference, figure 4).
    """
    assert len(raw) == STAMP_BYTES, "a stamp has four bytes"
    bits = int.from_bytes(raw, "big")
    fields = (
        bits >> 26,
        bits >> 20 & 0x3F,
        bits >> 15 & 0x1F,
        bits >> 10 & 0x1F,
        bits >> 6 & 0x0F,
        2000 + (bits & 0x3F),
    )
    return _judged(raw, fields, weak=_WEAK_IN_STAMP, latest_year=latest_year)


def decode_clock(raw: bytes, *, latest_year: int = CLOCK_YEAR_MAX) -> DeviceTime:
    """Return the time that the clock told: second, minute, hour, day, month, year since 2000, a byte each.

    Source: CS1504 Data Communication Protocol §8.4.9; seconds FF where the clock's battery is weak (§8.4.9.3).
    """
    assert len(raw) == CLOCK_BYTES, "the clock tells six bytes"
    fields = (raw[0], raw[1], raw[2], raw[3], raw[4], 2000 + raw[5])
    return _judged(raw, fields, weak=_WEAK_IN_CLOCK, latest_year=latest_year)


def encode_stamp(at: datetime) -> bytes:
    """Return the four bytes in which a scanner would keep this local time, of the years 2000 to 2063."""
    assert 2000 <= at.year <= STAMP_YEAR_MAX, "a stamp tells the years 2000 to 2063"  # noqa: PLR2004 - the same years
    bits = at.second << 26 | at.minute << 20 | at.hour << 15 | at.day << 10 | at.month << 6 | at.year - 2000
    return bits.to_bytes(STAMP_BYTES, "big")


def encode_clock(at: datetime) -> bytes:
    """Return the six bytes in which a clock is set to this local time, of the years 2000 to 2099."""
    assert 2000 <= at.year <= CLOCK_YEAR_MAX, "a clock tells the years 2000 to 2099"  # noqa: PLR2004 - the same years
    return bytes([at.second, at.minute, at.hour, at.day, at.month, at.year - 2000])


def _judged(raw: bytes, fields: Fields, *, weak: int, latest_year: int) -> DeviceTime:
    doubt = _impossible(raw, fields, weak)
    if doubt is not None:
        return DeviceTime(raw, None, doubt)
    second, minute, hour, day, month, year = fields
    at = datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - a scanner's clock has no zone
    return DeviceTime(raw, at, None if YEAR_MIN <= year <= latest_year else Doubt.YEAR)


def _impossible(raw: bytes, fields: Fields, weak: int) -> Doubt | None:
    """Return why these fields make no time, if so; the battery first, as it explains the rest."""
    second, minute, hour, day, month, year = fields
    if not any(raw):
        return Doubt.RESET
    found = (
        (Doubt.WEAK_BATTERY, second == weak),
        (Doubt.SECOND, second > 59),  # noqa: PLR2004 - of a minute
        (Doubt.MINUTE, minute > 59),  # noqa: PLR2004 - of an hour
        (Doubt.HOUR, hour > 23),  # noqa: PLR2004 - of a day
        (Doubt.MONTH, not 1 <= month <= 12),  # noqa: PLR2004 - of a year
    )
    for doubt, holds in found:
        if holds:
            return doubt
    return None if 1 <= day <= monthrange(year, month)[1] else Doubt.DAY
