"""GS1 codes: what in them names an asset, and what is no reason to guess."""

import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from assettrack.domain.asset_codes import AssetCode, CodeUnreadable, NamesNoAsset
from assettrack.formats.gs1_codes import read_gs1

GS = "\x1d"
GTIN = "00614141123452"
SET_82 = string.ascii_letters + string.digits + "!\"%&'()*+,-./:;<=>?_"


def unreadable(text: str) -> str:
    """Why a text can't be read."""
    with pytest.raises(CodeUnreadable) as caught:
        read_gs1(text)
    assert str(caught.value) == caught.value.reason
    return caught.value.reason


def names_none(text: str) -> str:
    """What a text says that names no asset."""
    with pytest.raises(NamesNoAsset) as caught:
        read_gs1(text)
    return caught.value.said


def test_what_names_an_asset() -> None:
    """A GIAI by itself, a GRAI and a GTIN with their serial numbers; only the first two are unique in one number."""
    assert read_gs1("80040614141ASSET-0042") == AssetCode("GIAI 0614141ASSET-0042", "0614141ASSET-0042")
    grai = "00614141123452SER9"
    assert read_gs1(f"8003{grai}") == AssetCode(f"GRAI {grai}", grai, "SER9")
    said = f"GTIN {GTIN} with serial number SER9"
    assert read_gs1(f"01{GTIN}21SER9") == AssetCode(said, serial="SER9")
    assert read_gs1(f"21SER9{GS}01{GTIN}") == AssetCode(said, serial="SER9")


@given(st.text(SET_82, min_size=1, max_size=30), st.text(SET_82, min_size=1, max_size=20))
def test_numbers_end_where_their_separators_are(giai: str, lot: str) -> None:
    """Whatever a GIAI is made of, it comes back whole, before and after another number, and with ends to spare."""
    for text in (f"8004{giai}", f"8004{giai}{GS}10{lot}", f"10{lot}{GS}8004{giai}", f"{GS}8004{giai}{GS}{GS}"):
        assert read_gs1(text) == AssetCode(f"GIAI {giai}", giai)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("00106141411234567897", "(00)106141411234567897"),
        (f"01{GTIN}", f"(01){GTIN}"),
        ("21SER9", "(21)SER9"),
        (f"8003{GTIN}", f"(8003){GTIN}"),
        ("4140614141000005", "(414)0614141000005"),
        (f"00106141411234567897{GS}8004ASSET", "(00)106141411234567897(8004)ASSET"),
    ],
)
def test_what_names_no_single_asset(text: str, said: str) -> None:
    """A shipment, a kind of goods, a kind of returnable asset, a place, and what travels in a shipment."""
    assert names_none(text) == said


def test_two_names_are_not_chosen_between() -> None:
    """A code with a GIAI and a GTIN with a serial number says both, and which is meant is for people."""
    why = unreadable(f"01{GTIN}21SER9{GS}8004ASSET")
    assert f"GIAI ASSET and GTIN {GTIN} with serial number SER9" in why
    assert "(8004) twice" in unreadable(f"8004ASSET{GS}8004OTHER")
    assert read_gs1(f"8004ASSET{GS}8004ASSET").value == "ASSET"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0100614141123453" + "21SER9", "(01) 00614141123453 is wrong"),
        ("00106141411234567890", "(00) 106141411234567890 is wrong"),
        ("4140614141000001" + "8004ASSET", "(414) 0614141000001 is wrong"),
        ("800300614141123453" + "SER9", "check digit does not fit"),
    ],
)
def test_a_wrong_check_digit_is_no_number(text: str, why: str) -> None:
    """It was misread, or is another number than the one it seems to be."""
    assert why in unreadable(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "there is nothing in it"),
        (GS, "there is nothing in it"),
        ("LT-0042", "not what GS1 numbers are"),
        ("(8004)ASSET", "not what GS1 numbers are"),
        ("[)>", "'[', which no GS1 number has"),
        (f"01{GTIN}^21SER9", "'^', which no GS1 number has"),
        ("8004ASSET 1", "' ', which no GS1 number has"),
        ("8004\u0661", "which no GS1 number has"),
        ("21" + "X" * 20 + "8004ASSET", "after (21) XXXXXXXXXXXXXXXXXXXX the separator (GS) is missing"),
        ("37" + "1" * 8 + "8004ASSET", "after (37) 11111111 the separator (GS) is missing"),
        ("8004" + "X" * 31, "not what GS1 numbers are"),
        ("0106141411", "not what GS1 numbers are"),
        ("17991399", "not what GS1 numbers are"),
    ],
)
def test_what_is_not_read(text: str, why: str) -> None:
    """Other texts, other forms of writing, numbers run together, strange letters, and dates that are none."""
    assert why in unreadable(text)


NUMBERS = st.sampled_from(["00", "01", "10", "17", "21", "310", "3910", "414", "8003", "8004", "8008", "99"])


@given(st.text(max_size=40) | st.lists(NUMBERS | st.text(SET_82 + GS, max_size=20), max_size=8).map("".join))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Nothing but the two refusals comes out of any text, and what is found stands in it."""
    try:
        found = read_gs1(text)
    except (CodeUnreadable, NamesNoAsset):
        return
    assert found.value or found.serial
    assert found.value in text
    assert found.serial in text


@given(st.text(SET_82, min_size=1, max_size=20), st.integers(0, 9))
def test_a_gtin_with_any_other_check_digit_is_refused(serial: str, digit: int) -> None:
    """One digit in ten fits (GS1 General Specifications, 7.9.1)."""
    assume(digit != int(GTIN[-1]))
    assert "is wrong" in unreadable(f"01{GTIN[:-1]}{digit}21{serial}")
