"""Numbers that are typed: of entries, batches, receipts and counts."""

import pytest

from tests.cli.conftest import Desk

NUMBERED = [
    ("receipt", "issue", "--batch", "{number}"),
    ("receipt", "show", "{number}"),
    ("receipt", "print", "{number}", "receipt.pdf"),
    ("acceptance", "record", "{number}", "--holder", "Jane Smith", "--how", "paper"),
    ("audit", "show", "--from", "{number}"),
    ("audit", "show", "--to", "{number}"),
    ("audit", "prove", "{number}"),
    ("count", "scan", "{number}", "LT-1"),
    ("count", "show", "{number}"),
    ("count", "close", "{number}", "--yes"),
    ("count", "print", "{number}", "count.pdf"),
    ("count", "fix", "{number}", "fix.csv"),
    ("correct", "{number}", "--set", "notes=x", "--reason", "why", "--preview"),
    ("restore", "--at", "{number}", "--reason", "why", "--preview"),
]
"""Every command that is typed with a number of the log or the station."""


@pytest.mark.parametrize("number", ["9007199254740993", "9223372036854775808", "1" + 40 * "0"])
@pytest.mark.parametrize("words", NUMBERED, ids=" ".join)
def test_a_number_that_no_station_reaches_is_refused_as_typed_wrongly(
    stocked: Desk, words: tuple[str, ...], number: str
) -> None:
    """A number above 2**53, too large for the database or for any machine is a mistake of usage: exit code 2."""
    answer = stocked.type(*(word.format(number=number) for word in words))
    assert answer.exit_code == 2
    assert number in answer.err


@pytest.mark.parametrize("words", NUMBERED, ids=" ".join)
def test_the_largest_number_is_looked_for_and_not_found(stocked: Desk, words: tuple[str, ...]) -> None:
    """The number 2**53 itself can be typed; nothing has it, and that is said as an answer or a refusal."""
    answer = stocked.type(*(word.format(number=2**53) for word in words))
    assert answer.exit_code in {0, 4}
    assert "unexpected" not in answer.err
