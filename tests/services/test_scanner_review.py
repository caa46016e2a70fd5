"""A download to be looked at: whom its cards name, so that a person sees which badge was scanned."""

from pathlib import Path

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.scan_answers import Answers
from assettrack.services import accounts, holders, scanner_review, settings
from tests.domain.trial_scans import event, holder
from tests.services.field import LAPTOP, Field


def begin(word: str) -> str:
    """Return the text of a begin card."""
    return cards.written(Card(CardKind.BEGIN, word))


def named(day: Field) -> dict[str, str]:
    """Pull what the scanner holds, and look at it; return whom each card names, by its text."""
    download = day.pull().download
    found = scanner_review.review(day.workplace, day.downloads, download, Answers(), LAPTOP)
    return {line.scan.text: line.named for line in found.lines if line.card is not None}


def test_cards_with_numbers_show_whom_they_name(tmp_path: Path) -> None:
    """A badge and a begin card show the name of whoever has their number here; one that nobody has shows none."""
    day = Field(tmp_path, ())
    holders.register(day.workplace, "Jane Smith")
    accounts.register(day.workplace, "mara", role="admin")
    day.scan(begin("1"), event("ISSUE"), holder(1), "LT-1", holder(9), begin("8"))
    assert named(day) == {
        begin("1"): "mara",
        event("ISSUE"): "",
        holder(1): "Jane Smith",
        holder(9): "",
        begin("8"): "",
    }
    day.close()


def test_what_the_plan_says_of_the_whole_is_said_of_the_whole(tmp_path: Path) -> None:
    """That acceptance is required here is about no single scan."""
    day = Field(tmp_path, ())
    settings.set_rule(day.workplace, "acceptance", "required")
    holders.register(day.workplace, "Jane Smith")
    day.scan(begin("KIM"), event("SCAN"), "LT-1", event("ISSUE"), holder(1), "LT-1", apart=60)
    found = scanner_review.review(day.workplace, day.downloads, day.pull().download, Answers(), LAPTOP)
    assert [each.code for each in found.open_questions] == ["acceptance_missing"]
    assert found.held == []
    day.close()
