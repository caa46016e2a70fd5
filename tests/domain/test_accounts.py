"""What an account may be called, and what else may be said about one."""

import pytest

from assettrack.domain.accounts import ROLES, is_account_name, is_label, is_remark, is_second_factor_secret


def test_there_are_four_roles() -> None:
    """From who only looks to who may do everything; nothing else is a role."""
    assert set(ROLES) == {"viewer", "operator", "auditor", "admin"}


@pytest.mark.parametrize("name", ["Ann", "A", "Zoë Quill", "a" * 64, "日本", "the station", "stations"])
def test_a_name_is_what_an_operator_may_be_called(name: str) -> None:
    """One to 64 printable letters in their normal form."""
    assert is_account_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "a" * 65,
        " Ann",
        "Ann ",
        "Ann  Ox",
        "Ann\tOx",
        "Ann\u200bOx",
        "Zoe\u0308",
        "\ud800",
        "station",
        "Station",
    ],
)
def test_what_is_no_name(name: str) -> None:
    """Blank, too long, not printable or not in its normal form; and what the station calls itself, in any spelling."""
    assert not is_account_name(name)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("nightly export", True), ("x" * 64, True), ("x" * 65, False), ("", False), (" x", False), ("a\nb", False)],
)
def test_a_label_is_one_short_line(text: str, expected: bool) -> None:  # noqa: FBT001 - from the table above
    """A token is called by one to 64 printable letters in their normal form."""
    assert is_label(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("left us", True), ("x" * 200, True), ("x" * 201, False), ("", False), ("  ", False), ("a\nb", False)],
)
def test_a_remark_is_one_line(text: str, expected: bool) -> None:  # noqa: FBT001 - from the table above
    """It says something, in one printable line of at most 200 letters."""
    assert is_remark(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A" * 32, True),
        ("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", True),
        ("A" * 128, True),
        ("A" * 24, False),
        ("A" * 33, False),
        ("A" * 136, False),
        ("a" * 32, False),
        ("1" * 32, False),
        ("A" * 31 + "=", False),
    ],
)
def test_a_secret_has_160_bits_or_more(text: str, expected: bool) -> None:  # noqa: FBT001 - from the table above
    """In base32 (RFC 4648): 32 letters of it hold 20 bytes, and whole bytes need groups of eight."""
    assert is_second_factor_secret(text) is expected
