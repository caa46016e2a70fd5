"""Words that sentences share."""

import pytest

from assettrack.domain.wording import batches_named, counted, look_up, quoted


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (counted(0, "row"), "0 rows"),
        (counted(1, "row"), "1 row"),
        (counted(12_000, "row"), "12,000 rows"),
        (counted(1, "entry", "entries"), "1 entry"),
        (counted(2, "entry", "entries"), "2 entries"),
        (batches_named([4]), "batch 4"),
        (batches_named([3, 4]), "batches 3, 4"),
    ],
)
def test_a_count_has_the_noun_it_needs(said: str, expected: str) -> None:
    """One thing is named in the singular, none and several in the plural; thousands are set apart."""
    assert said == expected


def test_what_can_be_listed_is_looked_up_there() -> None:
    """A kind that a command lists is looked up with it; of any other only the spelling can be checked."""
    assert look_up("holder") == "Look at what there is with: assettrack holder list."
    assert look_up("thing") == "Check how it is written."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("LT-1", "'LT-1'"), ("O'Brien", '"O\'Brien"'), ('quo"te\'d', "“quo\"te'd”"), ("👍", "'👍'"), ("a\\b", "'a\\b'"),
        ("a\u202eb\n", "'a⟨U+202E⟩b⟨U+000A⟩'"), ("\ud800", "'⟨U+D800⟩'"), ("", "''"),
    ],
)  # fmt: skip
def test_a_text_in_quotes_can_be_read(text: str, shown: str) -> None:
    """As it is, in quotes that it has none of; what can't be printed by its number, and not as a program would."""
    assert quoted(text) == shown


def test_a_long_text_in_quotes_is_cut_and_says_so() -> None:
    """Forty letters of it are enough to know it by."""
    assert quoted("A" * 41, 40) == f"'{'A' * 40}…'"
    assert quoted("A" * 40, 40) == f"'{'A' * 40}'"
