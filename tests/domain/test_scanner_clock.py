"""When a scan happened is told from the download backwards, and not at all where its clock can't hold for it."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.raw_scans import ClockReading, RawScan
from assettrack.domain.scanner_clock import Doubt, Offset, Timing, may_be_by_another_clock, offset_of, timings
from assettrack.domain.timestamps import utc_text

HOST = "2026-02-04T12:00:00.700000Z"


def scan(number: int, stamp: str) -> RawScan:
    """Return a stored scan with a time, or ("") with none that can be."""
    return RawScan(number, f"T-{number}", 3, stamp, "00F4109A")


def at(*stamps: str, device: str = "2026-02-04T13:02:00") -> list[Timing]:
    """Return the times of scans with these stamps, for a scanner that shows ``device`` at the download."""
    return timings([scan(number, stamp) for number, stamp in enumerate(stamps, 1)], ClockReading(device, HOST))


def test_a_time_is_as_long_before_the_download_as_the_scanners_clock_says() -> None:
    """The scanner is an hour and two minutes off; a scan ten minutes before by its clock was ten minutes before."""
    assert at("2026-02-04T12:52:00") == [Timing("2026-02-04T11:50:00.000000Z")]


@given(
    st.lists(st.integers(0, 10**7), min_size=1, max_size=20).map(lambda found: sorted(found, reverse=True)),
    st.integers(-(10**8), 10**8),
)
def test_whatever_the_clock_showed_the_time_is_right(ages: list[int], off: int) -> None:
    """A clock that ran undisturbed gives the right times however far it is off, zones and daylight saving included."""
    now = datetime.fromisoformat(HOST)
    device_now = (now + timedelta(seconds=off)).replace(tzinfo=None, microsecond=0)
    stamps = [(device_now - timedelta(seconds=age)).isoformat() for age in ages]
    found = at(*stamps, device=device_now.isoformat())
    assert [each.utc for each in found] == [
        utc_text((now - timedelta(seconds=age)).replace(microsecond=0)) for age in ages
    ]


def test_what_the_clock_cannot_hold_for_has_no_time() -> None:
    """No stamp, an impossible one, one after the download, and all before a step back: no time, and the reason."""
    assert at("", "2026-02-04T13:00:00")[0] == Timing(None, Doubt.IMPOSSIBLE)
    assert at("2065-12-01T00:00:00")[0] == Timing(None, Doubt.AHEAD)
    assert at("2026-02-04T13:02:02")[0].doubt is None
    bare = [RawScan(1, "T-1", 3)]
    assert timings(bare, ClockReading("2026-02-04T13:02:00", HOST)) == [Timing(None, Doubt.NO_STAMP)]
    assert timings(bare, ClockReading("", HOST)) == [Timing(None, Doubt.CLOCK)]
    reset = at("2026-02-04T12:50:00", "2026-02-04T12:51:00", "2026-02-04T12:00:00", "2026-02-04T12:01:00")
    assert [each.doubt for each in reset] == [Doubt.RESET, Doubt.RESET, None, None]


def test_scans_in_one_second_are_no_step_back() -> None:
    """Equal stamps are in order."""
    assert [each.doubt for each in at("2026-02-04T12:50:00", "2026-02-04T12:50:00")] == [None, None]


@pytest.mark.parametrize(
    ("seconds", "far", "zone"),
    [
        (0, False, False),
        (300, False, False),
        (301, True, False),
        (-301, True, False),
        (3600, False, True),
        (-7200 + 120, False, True),
        (3600 + 121, True, False),
        (24 * 3600, True, False),
        (-24 * 3600, True, False),
        (24 * 3600 - 60, True, False),
        (26 * 3600, True, False),
        (27 * 3600, True, False),
        (86400 * 365, True, False),
    ],
)
def test_an_offset_is_drift_or_a_zone_or_far_off(seconds: int, far: bool, zone: bool) -> None:  # noqa: FBT001 - of a table
    """Up to five minutes is drift, whole hours are another zone, and the rest is asked about."""
    assert (Offset(seconds, here=0).is_far_off, Offset(seconds, here=0).is_whole_hours) == (far, zone)


@pytest.mark.parametrize(
    ("here", "hours", "zone"),
    [
        (1, 13, True),  # Berlin in winter, and a clock of Baker Island
        (1, 14, False),
        (1, -13, True),  # and one of Kiritimati
        (1, -14, False),
        (1, 23, False),
        (14, 23, True),
        (14, 24, False),
        (14, 26, False),  # though Baker Island is so far away: it may as well be a wrong date
        (14, -1, False),
        (-12, -23, True),
        (-12, 1, False),
    ],
)
def test_only_a_clock_that_a_zone_of_this_world_has_follows_another_zone(here: int, hours: int, zone: bool) -> None:  # noqa: FBT001 - of a table
    """From UTC-12 to UTC+14; what is off by more from here is a wrong date, and so is a day or more anywhere."""
    for drift in (-119, 0, 119):
        offset = Offset(hours * 3600 + drift, here=here * 3600)
        assert (offset.is_far_off, offset.is_whole_hours) == (not zone, zone)


def test_the_offset_is_between_the_scanners_and_the_stations_own_time() -> None:
    """A scanner that shows 12:59:30 where it is 13:00:01 is 31 seconds behind; one that shows nothing has none."""
    local = datetime.fromisoformat("2026-02-04T13:00:00.700000")
    assert offset_of(ClockReading("2026-02-04T12:59:30", HOST), local) == Offset(31, here=3600)
    assert offset_of(ClockReading("", HOST), local) is None


@pytest.mark.parametrize(
    ("earlier", "stamp", "expected"),
    [
        ("2026-02-04T11:00:00", "2026-02-04T11:30:00", False),  # nothing was set
        ("2026-02-04T11:00:00", "2026-02-04T10:30:00", True),  # and yet it would be older than the pull before it
        ("2026-02-04T10:20:00", "2026-02-04T10:50:00", True),  # put forward by 40 minutes: by then 11:30, by now 10:50
        ("2026-02-04T10:20:00", "2026-02-04T11:10:00", True),  # 11:50 or 11:10
        ("2026-02-04T10:20:00", "2026-02-04T11:30:00", False),  # 12:10 is to come
        ("2026-02-04T11:40:00", "2026-02-04T11:30:00", False),  # put back by 40 minutes: 10:50 is too early
        ("2026-02-04T11:40:00", "2026-02-04T11:50:00", True),  # 11:10 or 11:50
        ("", "2026-02-04T11:30:00", False),  # it told no time then, and tells a right one now
        ("", "2026-02-04T03:00:00", True),
        ("2026-02-04T10:20:00", "", False),  # it has no time in any case
    ],
)
def test_a_scan_made_while_a_clock_was_set_is_doubted_if_the_old_reading_can_tell_its_time(
    earlier: str, stamp: str, *, expected: bool
) -> None:
    """Pulled at 11:00 and at 12:00, when the clock was right: which of the two readings may tell a scan between."""
    then, now = ClockReading(earlier, "2026-02-04T11:00:00Z"), ClockReading("2026-02-04T12:00:00", HOST)
    assert may_be_by_another_clock(scan(1, stamp), then, now) is expected
