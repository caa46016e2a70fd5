"""Times of a scanner: decoded where they can be true, doubted with a reason where they can't."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.scanner.device_times import (
    DeviceTime,
    Doubt,
    decode_clock,
    decode_stamp,
    encode_clock,
    encode_stamp,
)
from tests.scanner.test_protocol import local

WHOLE_SECONDS = st.integers(0, 63 * 365 * 86_400).map(lambda seconds: local(2000, 1, 1) + timedelta(seconds=seconds))


def stamp(second: int, minute: int, hour: int, day: int, month: int, year: int) -> bytes:
    """Four bytes of any fields, as the bits are laid out."""
    bits = f"{second:06b}{minute:06b}{hour:05b}{day:05b}{month:04b}{year:06b}"
    return int(bits, 2).to_bytes(4, "big")


@pytest.mark.parametrize(
    ("raw", "at"),
    [
        ("15E73D99", local(2025, 6, 15, 14, 30, 5)),
        ("00F4109A", local(2026, 2, 4, 8, 15, 0)),
        ("0CF4109A", local(2026, 2, 4, 8, 15, 3)),
    ],
)
def test_a_stamp_is_read_as_published(raw: str, at: datetime) -> None:
    """The fields lie in four bytes, second first, and a stamp is made in the same way."""
    assert decode_stamp(bytes.fromhex(raw)) == DeviceTime(bytes.fromhex(raw), at, None)
    assert encode_stamp(at) == bytes.fromhex(raw)


@pytest.mark.parametrize(
    ("raw", "doubt"),
    [
        (bytes(4), Doubt.RESET),
        (stamp(63, 15, 8, 4, 2, 26), Doubt.WEAK_BATTERY),
        (stamp(63, 63, 31, 0, 0, 63), Doubt.WEAK_BATTERY),
        (stamp(60, 15, 8, 4, 2, 26), Doubt.SECOND),
        (stamp(62, 15, 8, 4, 2, 26), Doubt.SECOND),
        (stamp(0, 60, 8, 4, 2, 26), Doubt.MINUTE),
        (stamp(0, 15, 24, 4, 2, 26), Doubt.HOUR),
        (stamp(0, 15, 8, 4, 0, 26), Doubt.MONTH),
        (stamp(0, 15, 8, 4, 13, 26), Doubt.MONTH),
        (stamp(0, 15, 8, 0, 2, 26), Doubt.DAY),
        (stamp(0, 15, 8, 29, 2, 26), Doubt.DAY),
        (stamp(0, 15, 8, 31, 2, 26), Doubt.DAY),
        (stamp(0, 15, 8, 31, 4, 26), Doubt.DAY),
    ],
)
def test_a_stamp_that_is_no_time_says_why(raw: bytes, doubt: Doubt) -> None:
    """No time is made up; the bytes stay."""
    assert decode_stamp(raw) == DeviceTime(raw, None, doubt)


@pytest.mark.parametrize(
    ("at", "doubt"),
    [
        (local(2028, 2, 29, 23, 59, 59), None),
        (local(2000, 3, 2, 7, 1, 0), Doubt.YEAR),
        (local(2005, 12, 31, 23, 59, 59), Doubt.YEAR),
        (local(2006, 1, 1, 0, 0, 0), None),
        (local(2063, 12, 31, 23, 59, 59), None),
    ],
)
def test_a_year_before_the_first_scanners_is_doubted(at: datetime, doubt: Doubt | None) -> None:
    """The date is told all the same: it shows that the clock was reset, and how long ago."""
    assert decode_stamp(encode_stamp(at)) == DeviceTime(encode_stamp(at), at, doubt)
    assert decode_clock(encode_clock(at)) == DeviceTime(encode_clock(at), at, doubt)


def test_a_year_that_can_not_be_meant_is_doubted() -> None:
    """Whoever knows today says which year is the latest; a clock was once seen that told 2065."""
    at = local(2027, 1, 1, 0, 0, 0)
    assert decode_stamp(encode_stamp(at), latest_year=2027).doubt is None
    assert decode_stamp(encode_stamp(at), latest_year=2026).doubt is Doubt.YEAR
    assert decode_clock(bytes([0, 0, 0, 1, 12, 65]), latest_year=2027).doubt is Doubt.YEAR


@pytest.mark.parametrize(
    ("fields", "doubt"),
    [
        ([0, 0, 0, 0, 0, 0], Doubt.RESET),
        ([255, 15, 8, 4, 2, 26], Doubt.WEAK_BATTERY),
        ([60, 15, 8, 4, 2, 26], Doubt.SECOND),
        ([63, 15, 8, 4, 2, 26], Doubt.SECOND),
        ([0, 255, 8, 4, 2, 26], Doubt.MINUTE),
        ([0, 15, 255, 4, 2, 26], Doubt.HOUR),
        ([0, 15, 8, 255, 2, 26], Doubt.DAY),
        ([0, 15, 8, 4, 255, 26], Doubt.MONTH),
    ],
)
def test_a_clock_that_tells_no_time_says_why(fields: list[int], doubt: Doubt) -> None:
    """A field that is out of range is never put right."""
    assert decode_clock(bytes(fields)) == DeviceTime(bytes(fields), None, doubt)


@given(WHOLE_SECONDS)
def test_any_second_comes_back(at: datetime) -> None:
    """From 2000 to 2062, a time that is put into a stamp or a clock is read from it again."""
    assert decode_stamp(encode_stamp(at)).at == at
    assert decode_clock(encode_clock(at)).at == at


@given(st.binary(min_size=4, max_size=4))
def test_any_stamp_is_a_time_or_a_doubt(raw: bytes) -> None:
    """There is always an answer, and a time without a doubt is one that a stamp can be made of."""
    told = decode_stamp(raw)
    assert told.raw == raw
    assert (told.at is None) <= (told.doubt is not None)
    assert told.at is None or encode_stamp(told.at) == raw


@given(st.binary(min_size=6, max_size=6))
def test_any_clock_is_a_time_or_a_doubt(raw: bytes) -> None:
    """There is always an answer, whatever the six bytes are; above 2099 the year is doubted."""
    told = decode_clock(raw)
    assert told.raw == raw
    assert (told.at is None) <= (told.doubt is not None)
    assert raw[5] <= 99 or told.doubt is not None
