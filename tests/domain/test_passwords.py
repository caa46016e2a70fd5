"""Which passwords may be chosen, and that what is typed on any keyboard becomes the same text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.findings import NotAllowed
from assettrack.domain.passwords import (
    can_be_one,
    choose_password,
    one_time_password,
    one_time_password_typed,
    prepared_password,
)

NAME = "Jane Smith"


@pytest.mark.parametrize(
    "password",
    [
        "twelve chars",
        "x" * 255 + "y",
        "correct horse battery staple",
        "ünïcödé wörds",
        "jane, the smith",
        "12345678901 ",
    ],
)
def test_long_passwords_are_taken(password: str) -> None:
    """From 12 letters to 256, whatever they are; no digits or signs are asked for."""
    assert choose_password(password, NAME) == password


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("eleven char", "fewer than 12"),
        ("", "fewer than 12"),
        ("x" * 256 + "y", "more than 256"),
        ("tab\tin the middle", "printed"),
        ("lone \ud800 surrogate", "printed"),
        ("aaaaaaaaaaaa", "over and over"),
        ("aAaAaAaAaAaA", "over and over"),
        ("            ", "over and over"),
        ("I am jane smith", "name"),
        ("I am JANE  SMITH", "name"),
    ],
)
def test_a_bad_password_is_refused_with_the_reason(password: str, why: str) -> None:
    """Too short, too long, not printable, one letter, or with the account's name in any spelling; it is never shown."""
    with pytest.raises(NotAllowed) as caught:
        choose_password(password, NAME)
    assert caught.value.code == "password_unusable"
    assert why in caught.value.sentence
    assert not password or password not in caught.value.sentence


def test_a_very_short_name_may_stand_in_a_password() -> None:
    """A name of one or two letters stands in most passwords by chance; one of three is looked for."""
    assert choose_password("an old banana tree", "An")
    with pytest.raises(NotAllowed, match="password_unusable"):
        choose_password("an old banana tree", "Ban")


@pytest.mark.parametrize(
    ("typed", "hashed"),
    [
        ("Zoe\u0308's laptop", "Zo\u00eb's laptop"),
        ("no\u00a0break", "no break"),
        ("wide\u3000space", "wide space"),
        ("  kept  spaces ", "  kept  spaces "),
        ("Case Kept", "Case Kept"),
        ("\uff26ull width", "\uff26ull width"),
    ],
)
def test_a_password_is_prepared_as_the_profile_says(typed: str, hashed: str) -> None:
    """OpaqueString of RFC 8265: other spaces become the usual one, NFC; case, width and number of spaces stay."""
    assert prepared_password(typed) == hashed


@given(st.text(max_size=40))
def test_preparing_twice_is_preparing_once(typed: str) -> None:
    """Whoever prepares what was prepared before hashes the same text."""
    once = prepared_password(typed)
    assert prepared_password(once) == once


@pytest.mark.parametrize(
    ("text", "expected"),
    [("x", True), ("x" * 256, True), ("x" * 257, False), ("", False), ("\ud800", False), ("a\nb", False)],
)
def test_what_can_be_somebodys_password(text: str, expected: bool) -> None:  # noqa: FBT001 - from the table above
    """Anything printable of up to 256 letters: rules for choosing one may have been others when it was chosen."""
    assert can_be_one(text) is expected


@given(st.binary(min_size=10, max_size=10))
def test_a_one_time_password_tells_all_its_chance(chance: bytes) -> None:
    """Sixteen letters of Crockford's base 32 in groups of four, which can be read back to the very bytes."""
    password = one_time_password(chance)
    assert re.fullmatch("[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}", password)
    number = 0
    for letter in password.replace("-", ""):
        number = number * 32 + "0123456789ABCDEFGHJKMNPQRSTVWXYZ".index(letter)
    assert number.to_bytes(10, "big") == chance
    assert choose_password(password, NAME) == password or len(set(password)) <= 2


@pytest.mark.parametrize(
    "typed",
    [
        "1A0B-2C3D-4E5F-6G7H",
        "1a0b-2c3d-4e5f-6g7h",
        "1a0b2c3d4e5f6g7h",
        " 1A0B 2C3D 4E5F\u00a06G7H ",
        "1A0B\u20132C3D\u20134E5F\u20136G7H",
        "IAOB-2C3D-4E5F-6G7H",
        "laob2c3d4e5f6g7h",
    ],
)
def test_a_one_time_password_is_known_however_it_is_typed(typed: str) -> None:
    """Case, spaces and dashes don't matter, and O, I and L are 0, 1 and 1, as Crockford's base 32 has it."""
    assert one_time_password_typed(typed) == "1A0B-2C3D-4E5F-6G7H"


@pytest.mark.parametrize(
    "typed",
    ["", "1a0b-2c3d-4e5f-6g7", "1a0b-2c3d-4e5f-6g7h8", "ua0b-2c3d-4e5f-6g7h", "\u0131a0b-2c3d-4e5f-6g7h", "words"],
)
def test_what_can_not_be_a_one_time_password_stays_as_it_is(typed: str) -> None:
    """Too short, too long, with a letter that none has: it is looked for as it was typed, and is wrong."""
    assert one_time_password_typed(typed) == typed


@given(st.binary(min_size=10, max_size=10))
def test_a_one_time_password_is_hashed_in_one_form(chance: bytes) -> None:
    """That in which it was made: so no two of them are the same, and each is found again."""
    made = one_time_password(chance)
    assert one_time_password_typed(made) == made
    assert one_time_password_typed(made.lower().replace("-", "").replace("0", "o").replace("1", "l")) == made


def test_a_one_time_password_is_never_made_of_less_chance() -> None:
    """Fewer bytes than ten could be guessed."""
    with pytest.raises(AssertionError):
        one_time_password(b"short")
