"""A download to be looked at: whom its cards name, so that a person sees which badge was scanned."""

from datetime import timedelta
from pathlib import Path

from assettrack.domain import cards
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.scan_answers import Answers
from assettrack.services import accounts, holders, scanner_review, settings
from tests.domain.trial_scans import event, holder
from tests.services.field import LAPTOP, Field, MakeField
from tests.services.printed import badge, begin_card


def begin(word: str) -> str:
    """Return the text of a begin card."""
    return cards.written(Card(CardKind.BEGIN, word))


def named(day: Field) -> dict[str, str]:
    """Pull what the scanner holds, and look at it; return whom each card names, by its text."""
    download = day.pull().download
    found = scanner_review.review(day.workplace, day.downloads, download, Answers(), LAPTOP)
    return {line.scan.text: line.named for line in found.lines if line.card is not None}


def test_cards_with_numbers_show_whom_they_name(tmp_path: Path) -> None:
    """A badge and a begin card show whose they are here; one of nobody, or that may be another's, shows no name."""
    day = Field(tmp_path, ())
    holders.register(day.workplace, "Jane Smith")
    accounts.register(day.workplace, "mara", role="admin")
    mara, jane = begin_card(day.workplace, "mara"), badge(day.workplace)
    foreign = (begin("1"), holder(1, "AAA"), holder(1, ""))
    day.scan(mara, event("ISSUE"), jane, "LT-1", holder(9), begin("8"), *foreign)
    assert named(day) == {
        **dict.fromkeys(foreign, ""),
        mara: "mara",
        event("ISSUE"): "",
        jane: "Jane Smith",
        holder(9): "",
        begin("8"): "",
    }
    day.close()


def test_what_the_plan_says_of_the_whole_is_said_of_the_whole(tmp_path: Path) -> None:
    """That acceptance is required here is about no single scan."""
    day = Field(tmp_path, ())
    settings.set_rule(day.workplace, "acceptance", "required")
    holders.register(day.workplace, "Jane Smith")
    day.scan(begin("KIM"), event("SCAN"), "LT-1", event("ISSUE"), badge(day.workplace), "LT-1", apart=60)
    found = scanner_review.review(day.workplace, day.downloads, day.pull().download, Answers(), LAPTOP)
    assert [each.code for each in found.open_questions] == ["acceptance_missing"]
    assert found.held == []
    day.close()


def test_every_question_of_a_batch_is_at_its_scan_or_about_the_whole(fields: MakeField) -> None:
    """What a batch asks is never left off: also a question that this page knows nothing of stops what it shows."""
    day = fields(scans=("LT-1",))
    download = day.pull().download
    day.bus.times.sleep(600)
    day.scan("LT-2")
    day.scanner.clock_offset += timedelta(hours=3)
    later = day.pull().download
    batch, _ = day.preview(later)
    found = scanner_review.review(day.workplace, day.downloads, later, Answers(), LAPTOP)
    asked = [*found.open_questions, *(each for line in found.held for each in line.stops)]
    assert download.name != later.name
    assert "clock_set_since" in {each.code for each in batch.problems}
    assert {each.message for each in batch.problems} <= {each.message for each in asked}
