"""Timestamps: the grammar of DESIGN §4, days and times that exist, offsets, and the station's zone."""

from calendar import monthrange
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assettrack.domain.timestamps import UTC_WIDTH, Moment, NotATime, TimestampReader, after_all, utc_text

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
FURTHEST = timedelta(hours=16)
"""No zone was ever further from UTC."""

# Whole and half hours, a zone that left out a day, one that moves by half an hour, south and north, none at all.
ZONES = (
    *("Europe/Berlin", "America/New_York", "America/St_Johns", "America/Sao_Paulo", "America/Caracas"),
    *("Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Asia/Pyongyang", "Africa/Casablanca", "UTC"),
)


def wall_time(text: str) -> datetime:
    """What a clock on a wall shows: a date and a time in no zone."""
    return datetime.fromisoformat(text)


def fixed(moment: datetime) -> str:
    """An aware time as UTC text, digit by digit."""
    utc = moment.astimezone(UTC)
    day = f"{utc.year:04}-{utc.month:02}-{utc.day:02}"
    return f"{day}T{utc.hour:02}:{utc.minute:02}:{utc.second:02}.{utc.microsecond:06}Z"


def read(text: str, zone: tzinfo = BERLIN) -> Moment:
    """What a fresh reader makes of a text."""
    return TimestampReader(zone).read(text)


def instants_showing(wall: datetime, zone: tzinfo) -> list[datetime]:
    """Every UTC instant at which a clock in the zone shows the wall time, found by looking at each minute around it."""
    start = wall.replace(tzinfo=UTC) - FURTHEST
    instants = (start + MINUTE * step for step in range(2 * FURTHEST // MINUTE))
    return [instant for instant in instants if instant.astimezone(zone).replace(tzinfo=None) == wall]


@cache
def changes_of(zone: tzinfo, year: int) -> list[datetime]:
    """Every UTC hour of a year within which the zone's clocks were changed."""
    new_year = datetime(year, 1, 1, tzinfo=UTC)
    hours = [new_year + timedelta(hours=hour) for hour in range(366 * 24)]
    shown = [hour.astimezone(zone).utcoffset() for hour in hours]
    return [hours[index] for index in range(1, len(hours)) if shown[index] != shown[index - 1]]


@st.composite
def walls(draw: st.DrawFn) -> tuple[str, datetime]:
    """A zone and a wall time in it, whole minutes, mostly near a change of the clocks."""
    name, year = draw(st.sampled_from(ZONES)), draw(st.integers(2000, 2026))
    zone = ZoneInfo(name)
    changes = changes_of(zone, year) or [datetime(year, 6, 1, tzinfo=UTC)]
    near = draw(st.sampled_from(changes)).astimezone(zone).replace(tzinfo=None)
    return name, near + MINUTE * draw(st.integers(-180, 180) | st.integers(-60 * 24 * 90, 60 * 24 * 90))


offsets = st.builds(
    lambda sign, hours, minutes: (sign, hours, minutes), st.sampled_from("+-"), st.integers(0, 23), st.integers(0, 59)
)
times = st.datetimes(wall_time("0001-01-03T00:00"), wall_time("9999-12-29T00:00"))
fractions = st.text("0123456789", min_size=1, max_size=12)


@given(wall=times, offset=offsets | st.none(), fraction=fractions | st.none(), separator=st.sampled_from("T "))
@example(wall=wall_time("0999-06-01T00:00"), offset=("+", 1, 0), fraction=None, separator="T")
@example(wall=wall_time("2026-02-02T13:00"), offset=("-", 0, 0), fraction="1", separator=" ")
@example(wall=wall_time("2026-02-02T13:00"), offset=None, fraction="1234567899", separator="T")
def test_a_time_with_an_offset_is_read_as_utc(
    wall: datetime, offset: tuple[str, int, int] | None, fraction: str | None, separator: str
) -> None:
    """Z and every offset give the one instant, in microseconds; further digits of a fraction are cut off."""
    wall = wall.replace(microsecond=int((fraction or "0")[:6].ljust(6, "0")))
    text = f"{wall.year:04}-{wall.month:02}-{wall.day:02}{separator}{wall.hour:02}:{wall.minute:02}:{wall.second:02}"
    text += f".{fraction}" if fraction else ""
    sign, hours, minutes = offset or ("+", 0, 0)
    shift = timedelta(hours=hours, minutes=minutes) * (1 if sign == "+" else -1)
    text += f"{sign}{hours:02}:{minutes:02}" if offset else "Z"
    assert read(text) == Moment(fixed(wall.replace(tzinfo=timezone(shift))))


@pytest.mark.parametrize(
    ("text", "utc"),
    [
        ("2026-02-02T13:00:00Z", "2026-02-02T13:00:00.000000Z"),
        ("2026-02-02 13:00Z", "2026-02-02T13:00:00.000000Z"),
        ("2026-02-02T13:00:05.25Z", "2026-02-02T13:00:05.250000Z"),
        ("2026-02-02T13:00:00.0000009Z", "2026-02-02T13:00:00.000000Z"),
        ("2026-02-02T00:30+01:00", "2026-02-01T23:30:00.000000Z"),
        ("2026-02-02T13:00:00+05:45", "2026-02-02T07:15:00.000000Z"),
        ("2026-12-31T23:59:59.999999-00:01", "2027-01-01T00:00:59.999999Z"),
        ("2024-02-29T23:59:59Z", "2024-02-29T23:59:59.000000Z"),
        ("2000-02-29T00:00Z", "2000-02-29T00:00:00.000000Z"),
        ("0999-06-01T00:00+00:00", "0999-06-01T00:00:00.000000Z"),
        ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
        ("0001-01-01T00:00Z", "0001-01-01T00:00:00.000000Z"),
    ],
)
def test_known_times(text: str, utc: str) -> None:
    """Times that were worked out by hand; neither local nor ambiguous, because they say their zone."""
    assert read(text) == Moment(utc, local=False, ambiguous=False)


@pytest.mark.parametrize(
    "text", ["2026-02-02", "2026-2-2", "02.02.2026", "2026-02-02Z", "2026-02-02T", "2026-02-02T13Z"]
)
def test_a_date_without_a_time_is_no_timestamp(text: str) -> None:
    """A date alone, and a date with half a time, is refused."""
    with pytest.raises(NotATime) as refused:
        read(text)
    assert refused.value.code == "timestamp_invalid"


def test_a_date_alone_is_said_to_be_one() -> None:
    """Who wrote a date alone is told that the time is missing."""
    with pytest.raises(NotATime, match="a date without a time"):
        read("2026-02-02")


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "now", "1770037200", "46055.54", "20260202T130000Z", "2026-W06-1T13:00Z", "2026-033T13:00Z"),
        *("2026/02/02 13:00Z", "02/02/2026 13:00", "2026-02-02t13:00Z", "2026-02-02T13:00z", "2026-02-02_13:00Z"),
        *("2026-02-02T1:00Z", "2026-02-02T13:0Z", "2026-02-02T1300Z", "2026-02-02T13:00:5Z", "26-02-02T13:00Z"),
        *("2026-02-02T13:00:00,5Z", "2026-02-02T13:00:00.Z", "2026-02-02T13:00.5Z", "2026-02-02  13:00Z"),
        *("2026-02-02T13:00+01", "2026-02-02T13:00+0100", "2026-02-02T13:00+1:00", "2026-02-02T13:00 +01:00"),
        *("2026-02-02T13:00UTC", "2026-02-02T13:00 Z", "2026-02-02T13:00+01:00:00", "2026-02-02T13:00ZZ"),
        *("2026-02-02T13:00−01:00", "2026–02–02T13:00Z", "٢٠٢٦-02-02T13:00Z", "2026-02-02T１3:00Z", "=NOW()"),
        *("-2026-02-02T13:00Z", "+2026-02-02T13:00Z", "12026-02-02T13:00Z", "2026-02-02T13:00 PM"),
        *("2026-02-02T13:00Z\n", "\u200b2026-02-02T13:00Z", "2026-02-02T13:00Z[Europe/Berlin]"),
    ],
)
def test_other_notations_are_refused(text: str) -> None:
    """Whatever is not `YYYY-MM-DD(T| )hh:mm[:ss[.fraction]][Z|±hh:mm]` is refused, however clear it may seem."""
    with pytest.raises(NotATime) as refused:
        read(text)
    assert refused.value.code == "timestamp_invalid"
    assert refused.value.reason == str(refused.value) != ""


@given(
    text=st.sampled_from(["2026-02-02T13:05:07.25+01:00", "2026-02-02 13:05Z", "2026-02-02T13:05"]),
    where=st.integers(0, 28),
    stray=st.sampled_from("xTe٣０−–,;:\u200b\n\t'"),
)
def test_one_stray_letter_spoils_a_timestamp(text: str, where: int, stray: str) -> None:
    """Nothing is skipped, in front, inside or behind."""
    with pytest.raises(NotATime):
        read(text[:where] + stray + text[where:])


@given(year=st.integers(0, 9999), month=st.integers(0, 19), day=st.integers(0, 39))
@example(year=2026, month=2, day=29)
@example(year=2024, month=2, day=29)
@example(year=1900, month=2, day=29)
@example(year=2000, month=2, day=29)
@example(year=2026, month=4, day=31)
@example(year=0, month=1, day=1)
def test_only_days_of_the_calendar_exist(year: int, month: int, day: int) -> None:
    """A day is read if it is in the calendar and refused if not, also when the same day comes a second time."""
    reader = TimestampReader(BERLIN)
    text = f"{year:04}-{month:02}-{day:02}"
    for _ in range(2):
        if year >= 1 and 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
            assert reader.read(f"{text}T12:00Z").utc == f"{text}T12:00:00.000000Z"
        else:
            with pytest.raises(NotATime, match=text):
                reader.read(f"{text}T12:00Z")


@given(hour=st.integers(0, 99), minute=st.integers(0, 99), second=st.integers(0, 99))
@example(hour=23, minute=59, second=59)
@example(hour=24, minute=0, second=0)
@example(hour=0, minute=60, second=0)
@example(hour=23, minute=59, second=60)
def test_only_times_of_a_day_exist(hour: int, minute: int, second: int) -> None:
    """Hours run to 23, minutes and seconds to 59; the 24th hour and leap seconds are refused."""
    clock = f"{hour:02}:{minute:02}:{second:02}"
    if hour <= 23 and minute <= 59 and second <= 59:
        assert read(f"2026-02-02T{clock}Z").utc == f"2026-02-02T{clock}.000000Z"
    else:
        with pytest.raises(NotATime, match=clock):
            read(f"2026-02-02T{clock}Z")


@pytest.mark.parametrize("offset", ["+24:00", "-24:00", "+01:60", "-99:99"])
def test_offsets_are_times_of_a_day(offset: str) -> None:
    """An offset of a day or more, or of more than 59 minutes past the hour, is refused and named."""
    with pytest.raises(NotATime) as refused:
        read(f"2026-02-02T13:00{offset}")
    assert offset in refused.value.reason


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("0001-01-01T00:30+01:00", "UTC"),
        ("9999-12-31T23:30-01:00", "UTC"),
        ("0001-01-01T00:00", "Europe/Berlin"),
        ("9999-12-31T23:59", "America/New_York"),
    ],
)
def test_a_time_beyond_the_calendar_is_refused(text: str, zone: str) -> None:
    """A time whose UTC lies before the year 1 or after 9999 is no time that can be kept."""
    with pytest.raises(NotATime) as refused:
        read(text, ZoneInfo(zone))
    assert refused.value.code == "timestamp_invalid"


def test_local_times_at_the_ends_of_the_calendar_are_read() -> None:
    """The first and the last hours of the calendar are times like any other where their UTC is in it."""
    assert read("9999-12-31T23:59", ZoneInfo("Europe/Berlin")).utc == "9999-12-31T22:59:00.000000Z"
    assert read("0001-01-01T00:00", ZoneInfo("Etc/GMT+5")).utc == "0001-01-01T05:00:00.000000Z"


@given(case=walls())
@example(case=("Europe/Berlin", wall_time("2026-03-29T02:00")))
@example(case=("Europe/Berlin", wall_time("2026-03-29T02:59")))
@example(case=("Europe/Berlin", wall_time("2026-10-25T02:00")))
@example(case=("Europe/Berlin", wall_time("2026-10-25T03:00")))
@example(case=("Pacific/Apia", wall_time("2011-12-30T12:00")))
@example(case=("Asia/Pyongyang", wall_time("2018-05-04T23:45")))
def test_a_local_time_is_the_first_instant_that_shows_it(case: tuple[str, datetime]) -> None:
    """Without a zone, a time means the first instant at which the station's clocks show it, if there is one."""
    name, wall = case
    zone = ZoneInfo(name)
    found = instants_showing(wall, zone)
    text = wall.isoformat(timespec="minutes")
    if not found:
        with pytest.raises(NotATime) as refused:
            read(text, zone)
        assert refused.value.code == "timestamp_nonexistent"
    else:
        assert read(text, zone) == Moment(fixed(found[0]), local=True, ambiguous=len(found) > 1)


@pytest.mark.parametrize(
    ("text", "utc", "ambiguous"),
    [
        ("2026-02-02T13:00", "2026-02-02T12:00:00.000000Z", False),
        ("2026-07-02 13:00:30.5", "2026-07-02T11:00:30.500000Z", False),
        ("2026-03-29T01:59:59.999999", "2026-03-29T00:59:59.999999Z", False),
        ("2026-03-29T03:00", "2026-03-29T01:00:00.000000Z", False),
        ("2026-10-25T01:59:59.999999", "2026-10-24T23:59:59.999999Z", False),
        ("2026-10-25T02:00", "2026-10-25T00:00:00.000000Z", True),
        ("2026-10-25T02:59:59.999999", "2026-10-25T00:59:59.999999Z", True),
        ("2026-10-25T03:00", "2026-10-25T02:00:00.000000Z", False),
    ],
)
def test_known_times_in_berlin(text: str, utc: str, *, ambiguous: bool) -> None:
    """Around both changes of the clocks the first and last microsecond is read as it was worked out by hand."""
    assert read(text, BERLIN) == Moment(utc, local=True, ambiguous=ambiguous)


@pytest.mark.parametrize("text", ["2026-03-29T02:00", "2026-03-29T02:30:00", "2026-03-29T02:59:59.999999"])
def test_a_time_in_the_gap_is_no_time(text: str) -> None:
    """The hour over which Berlin's clocks are put forward does not exist there, but in UTC it does."""
    with pytest.raises(NotATime) as refused:
        read(text, BERLIN)
    assert refused.value.code == "timestamp_nonexistent"
    assert read(f"{text}Z", BERLIN).utc[:16] == text[:16]


@given(moments=st.lists(times, min_size=2, max_size=6), zone=st.sampled_from(ZONES))
@example(moments=[wall_time("0999-01-01T00:00"), wall_time("2000-01-01T00:00")], zone="UTC")
def test_utc_texts_compare_as_the_times_do(moments: list[datetime], zone: str) -> None:
    """UTC text has one width in all years, so that sorting texts sorts times; equal times have equal texts."""
    aware = [moment.replace(tzinfo=ZoneInfo(zone)) for moment in moments]
    texts = [utc_text(moment) for moment in aware]
    assert texts == [fixed(moment) for moment in aware]
    assert {len(text) for text in texts} == {UTC_WIDTH}
    assert sorted(texts) == [fixed(moment) for moment in sorted(aware, key=lambda moment: moment.astimezone(UTC))]


def test_a_moment_after_all_others_is_after_them_whatever_the_clock_says() -> None:
    """It is the clock's where that is later; else the next that can be told from the latest."""
    noon, later = "2026-03-02T12:00:00.000000Z", "2026-03-02T12:00:00.000001Z"
    assert after_all(noon, []) == noon
    assert after_all(later, [noon, ""]) == later
    assert after_all(noon, [noon]) == later
    assert after_all(noon, ["2026-12-31T23:59:59.999999Z", noon]) == "2027-01-01T00:00:00.000000Z"


@pytest.mark.parametrize("text", ["2026-02-30T10:00:05Z", "2026-13-01T10:00:05Z", "2026-01-01T24:00:05Z"])
def test_a_usual_text_that_is_no_time_is_left_to_whoever_says_why(text: str) -> None:
    """It has the form of nearly every time, and no calendar or clock has it."""
    reader = TimestampReader(UTC)
    assert reader.read_usual(text) is None
    with pytest.raises(NotATime):
        reader.read(text)
