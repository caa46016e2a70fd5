"""Due dates: the limits within which one can be meant, and the day on which an asset is given."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from assettrack.domain.due_dates import day_of, why_not_meant

TODAY = date(2026, 3, 1)
LEAP_DAY = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("due_on", "today", "reason"),
    [
        ("2000-01-01", TODAY, None),
        ("1999-12-31", TODAY, "it is before the year 2000"),
        ("1899-12-31", TODAY, "it is before the year 2000"),
        ("2126-03-01", TODAY, None),
        ("2126-03-02", TODAY, "it is more than 100 years ahead"),
        ("9999-12-31", TODAY, "it is more than 100 years ahead"),
        ("2128-02-29", LEAP_DAY, None),
        ("2128-03-01", LEAP_DAY, "it is more than 100 years ahead"),
    ],
)
def test_a_due_date_is_between_2000_and_a_hundred_years_from_now(due_on: str, today: date, reason: str | None) -> None:
    """The limits themselves are in; beyond them the year was mistyped, and why is said."""
    assert why_not_meant(due_on, today) == reason


@pytest.mark.parametrize(
    ("utc", "zone", "day"),
    [
        ("2026-03-01T22:59:59.999999Z", "Europe/Berlin", "2026-03-01"),
        ("2026-03-01T23:00:00.000000Z", "Europe/Berlin", "2026-03-02"),
        ("2026-03-01T04:59:59.000000Z", "America/New_York", "2026-02-28"),
    ],
)
def test_a_day_is_that_of_the_station(utc: str, zone: str, day: str) -> None:
    """At midnight in the station's zone the next day begins, whatever day it is in UTC."""
    assert day_of(utc, ZoneInfo(zone)) == day
