"""When a code is one that names an asset by a standard: its symbology or its envelope says so, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.asset_codes import (
    GS1_AIMS,
    GS1_SYMBOLOGIES,
    AssetCode,
    CodeUnreadable,
    read_code,
)
from assettrack.domain.uii import EOT, GS, HEADER, RS
from assettrack.formats.gs1_codes import read_gs1

GIAI = "8004ASSET-0042"
AIMS = st.sampled_from(["", "]C0", "]C2", "]A0", "]d1", "]Q1", "]E0", "]E4", "]L0", "]X0"])
SYMBOLOGIES = st.none() | st.integers(0, 255).filter(lambda byte: byte not in {0x0F, 0x30, 0x31, 0x32})


def never(text: str) -> AssetCode:
    """Be the reader that nothing may be given to."""
    raise AssertionError(text)


@given(st.sampled_from([GIAI, "0100614141123452", "21SER9"]) | st.text(), AIMS, SYMBOLOGIES)
def test_a_plain_scan_is_never_read_as_gs1(text: str, aim: str, symbology: int | None) -> None:
    """Without a symbology that says so no text is, not even one that would be a faultless GIAI: it may be a tag."""
    if not text.startswith(HEADER):
        assert read_code(text, never, aim=aim, symbology=symbology) is None


@pytest.mark.parametrize(
    ("aim", "symbology"), [*((aim, None) for aim in sorted(GS1_AIMS)), *(("", s) for s in sorted(GS1_SYMBOLOGIES))]
)
def test_where_the_symbology_says_so_it_is_gs1(aim: str, symbology: int | None) -> None:
    """By the prefix that a wedge types, or by the byte that a pocket scanner stores (GS1-128 and three of DataBar)."""
    assert read_code(GIAI, read_gs1, aim=aim, symbology=symbology) == AssetCode("GIAI ASSET-0042", "ASSET-0042")


def test_the_prefixes_and_bytes_are_those_of_gs1() -> None:
    """GS1-128, Data Matrix, QR and DataBar (ISO/IEC 15424); 0F, 30, 31 and 32 of Opticon's list."""
    assert {"]C1", "]d2", "]Q3", "]e0"} == GS1_AIMS
    assert {0x0F, 0x30, 0x31, 0x32} == GS1_SYMBOLOGIES


def test_an_envelope_says_itself_what_it_is() -> None:
    """It is read as a UII under any symbology, and refused with its reason where it can't be."""
    text = f"{HEADER}{RS}06{GS}18SA33091234567{RS}{EOT}"
    for aim in ("", "]d1", "]d2"):
        assert read_code(text, never, aim=aim) == AssetCode("UII DA33091234567", "DA33091234567", "1234567")
    with pytest.raises(CodeUnreadable, match="separators between its parts are lost"):
        read_code("[)>0618SA33091234567", never)


@pytest.mark.parametrize("aim", ["]c1", "]D2", "]q3"])
def test_caps_lock_makes_no_tag_of_a_gs1_code(aim: str) -> None:
    """A prefix that is one of GS1's with its letter turned is refused, and says what to turn off."""
    with pytest.raises(CodeUnreadable, match="Caps Lock"):
        read_code(GIAI.swapcase(), never, aim=aim)
