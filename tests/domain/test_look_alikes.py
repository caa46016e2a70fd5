"""Names that look alike, by examples of what people take for one another."""

import pytest

from assettrack.domain.look_alikes import alike_among

ADA_IN_CYRILLIC = "\u0410\u0434\u0430"
"""Its middle letter looks like no Latin one; the two others do."""

PETER_HALF_CYRILLIC = "\u0420\u0435t\u0435r"


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("\u0410da", "Ada"),
        ("Ada", "\u0410d\u0430"),
        ("\u0410d\u0430", "Ada"),
        (ADA_IN_CYRILLIC, "Ada"),
        (PETER_HALF_CYRILLIC, "Peter"),
        ("\u0391nna", "Anna"),
        ("\u039d\u039f\u03a1\u0391", "Nopa"),
        ("Sm\u0131th", "Smith"),
        ("B0b", "Bob"),
        ("lan", "Ian"),
        ("A1ice", "Alice"),
        ("Ada.", "Ada"),
        ("Nour Haddad", "Noor Haddad"),
    ],
)
def test_one_is_taken_for_the_other(name: str, known: str) -> None:
    """By letters of another script, by figures, or by a slip of the pen; either way round."""
    assert alike_among(name, ["Jane Smith", known]) == [known]
    assert alike_among(known, ["Jane Smith", name]) == [name]


@pytest.mark.parametrize(
    ("name", "known"),
    [("Ada", "Ada"), ("ada", "ADA"), ("Ada", "Bob"), ("Team 10", "Team 11"), ("Al", "Bo"), ("Jane", "Ada")],
)
def test_nobody_takes_one_for_the_other(name: str, known: str) -> None:
    """The same name is no other, and different figures tell names apart."""
    assert alike_among(name, [known]) == []


def test_what_looks_the_same_comes_first() -> None:
    """A slip of the pen is the lesser doubt."""
    assert alike_among("\u0410da", ["Adam", "Ida", "Ada"])[0] == "Ada"
    assert set(alike_among("\u0410da", ["Adam", "Ida", "Ada", "Otto"])) == {"Adam", "Ida", "Ada"}
