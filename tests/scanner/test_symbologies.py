"""Kinds of code by their number."""

import pytest

from assettrack.scanner.symbologies import AIM, NAMES, name_of


@pytest.mark.parametrize(
    ("number", "name"),
    [
        (0x01, "Code 39"),
        (0x03, "Code 128"),
        (0x0B, "EAN-13"),
        (0x0F, "GS1-128"),
        (0x1B, "Data Matrix"),
        (0x48, "UPC-A with 2 digits more"),
        (0x4B, "EAN-13 with 2 digits more"),
        (0x50, "UPC-E1 with 2 digits more"),
        (0x8A, "EAN-8 with 5 digits more"),
        (0x0D, "symbology 0D"),
        (0xFE, "symbology FE"),
    ],
)
def test_a_number_has_a_name_or_stays_a_number(number: int, name: str) -> None:
    """What is not known is not guessed."""
    assert name_of(number) == name


def test_names_are_told_apart() -> None:
    """No two numbers have the same name."""
    assert len(set(NAMES.values())) == len(NAMES)


def test_a_gs1_code_is_told_from_a_plain_one() -> None:
    """Where the number tells it, the identifier of a keyboard scanner is known: only then it is read as GS1."""
    assert (AIM[0x0F], AIM[0x03]) == ("]C1", "]C0")
    assert 0x1B not in AIM
