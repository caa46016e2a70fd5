"""Codes are those of RFC 6238, about the present moment, and each says at which step it was made."""

from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pytest

from assettrack.station.second_factor import TimeCodes

SECRET = b32encode(b"12345678901234567890").decode()
"""The secret of the test vectors in RFC 6238, appendix B, for SHA-1."""

VECTORS = (
    (59, "287082"),
    (1111111109, "081804"),
    (1111111111, "050471"),
    (1234567890, "005924"),
    (2000000000, "279037"),
    (20000000000, "353130"),
)
"""Seconds since 1970 with the last six digits of the eight that stand there."""


def at(seconds: int) -> datetime:
    """A moment by the seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """Each vector's code matches at its moment; the step is the number of whole 30 seconds."""
    assert TimeCodes().matches(SECRET, code, at(seconds)) == seconds // 30


@pytest.mark.parametrize(("seconds", "code"), VECTORS)
def test_a_clock_may_be_off_by_one_step(seconds: int, code: str) -> None:
    """The step before and the one after match too, and tell which it was; two steps away nothing does."""
    step = seconds // 30
    for offset, expected in ((-1, step), (1, step), (-2, None), (2, None)):
        moment = 30 * (step + offset)
        if moment >= 30:  # before the first step there is none
            assert TimeCodes().matches(SECRET, code, at(moment)) == expected
            assert TimeCodes().matches(SECRET, code, at(moment + 29)) == expected


def test_the_zone_of_the_moment_does_not_count() -> None:
    """A moment is the same in any zone."""
    moment = at(1234567890).astimezone(tz=None)
    assert TimeCodes().matches(SECRET, "005924", moment) == 1234567890 // 30


def test_a_code_may_be_typed_in_two_halves() -> None:
    """As devices show it."""
    assert TimeCodes().matches(SECRET, " 005 924 ", at(1234567890)) == 1234567890 // 30


@pytest.mark.parametrize(
    "code",
    [
        "",
        "5924",
        "0059240",
        "00592x",
        "\u0660\u0660\u0665\u0669\u0662\u0664",
        "\uff10\uff1005924",
        "-05924",
        "005924\n",
    ],
)
def test_what_is_no_code(code: str) -> None:
    """Only six ASCII digits are one."""
    assert TimeCodes().matches(SECRET, code, at(1234567890)) is None


def test_another_secret_makes_other_codes() -> None:
    """The code of one secret does not match another."""
    assert TimeCodes().matches("A" * 32, "005924", at(1234567890)) is None


def test_a_device_takes_the_secret_from_an_address() -> None:
    """The text of the QR code names station, account and secret, in the form that devices read."""
    found = TimeCodes().address(SECRET, "Zoë Quill", "store room 1")
    assert found == f"otpauth://totp/store%20room%201:Zo%C3%AB%20Quill?secret={SECRET}&issuer=store%20room%201"


def test_each_step_has_its_own_code_for_a_day() -> None:
    """Over a day every code that is made now matches now: nothing is off at midnight or on the hour."""
    codes, now = TimeCodes(), at(1234567890 - 1234567890 % 86400)
    from pyotp import TOTP

    for number in range(0, 2880, 7):
        moment = now + timedelta(seconds=30 * number)
        assert codes.matches(SECRET, TOTP(SECRET).at(moment), moment) == int(moment.timestamp()) // 30
