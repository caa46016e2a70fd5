"""Tests of `assettrack.cli.show.plan_page`."""

import pytest

from assettrack.cli.show.plan_page import NOTICES_SHOWN, plan_page
from assettrack.domain.change_wording import summary
from assettrack.domain.findings import Finding
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import Change, Options, Plan
from assettrack.domain.scans import EventType

STORED = Asset("STORAGE", "CASE-01", 1, None, "laptop")
HELD = Asset("IN_CUSTODY", None, None, "Jane", "laptop")
RETIRED = Asset("RETIRED", None, None, None, "laptop")


def plan(*changes: tuple[EventType, Asset | None, Asset], rows: int | None = None) -> Plan:
    """Return a plan of these changes; its file has as many rows unless it is said to have more."""
    made = [Change(number, "LT-1", *change) for number, change in enumerate(changes, 1)]
    return Plan(Options(), rows=len(made) if rows is None else rows, changes=made)


def test_the_summary_counts_what_happens() -> None:
    """Every kind of change is counted under its own name, in a fixed order."""
    mixed = plan(
        ("RETIRE", STORED, RETIRED),
        ("SCAN", None, STORED),
        ("SCAN", None, STORED),
        ("ISSUE", STORED, HELD),
        ("RETURN", HELD, STORED),
        ("UPDATE", STORED, Asset("STORAGE", None, None, None, "laptop")),
        ("UPDATE", STORED, STORED),
        ("SCAN", STORED, STORED),
        rows=9,
    )
    assert summary(mixed) == (
        "9 scans: 2 new assets, 1 issued, 1 returned, 1 updated, 1 retired, 1 seen again, 1 without effect, "
        "1 recorded already"
    )


def test_the_summary_counts_rows_to_be_mended_once() -> None:
    """A row with several problems is one row to be mended; what hangs on it is not decided."""
    problems = [Finding(1, "asset_tag", "x", "X."), Finding(1, "timestamp", "x", "X.")]
    refusals = [Finding(2, None, "y", "Y.")]
    bad = plan(("SCAN", None, STORED), rows=5)
    bad.problems, bad.refusals = problems, refusals
    assert summary(bad) == "5 scans: 2 to be mended, 2 not decided, 1 new asset"


def test_scans_that_are_no_rows_before_they_are_mended_are_counted_too() -> None:
    """What was scanned and not understood is among the scans, and to be mended; so where there is no other."""
    bad = plan(("SCAN", None, STORED), rows=2)
    bad.problems = [Finding(None, None, "scan_unreadable", "X.")] * 3
    bad.refusals = [Finding(2, None, "y", "Y.")]
    assert summary(bad, to_mend=3) == "5 scans: 4 to be mended, 1 new asset"
    nothing = plan()
    nothing.problems = [Finding(None, None, "scan_unreadable", "X.")]
    assert summary(nothing, to_mend=1) == "1 scan: 1 to be mended"


def test_a_file_that_could_not_be_read_has_no_rows_to_count() -> None:
    """Without rows the summary says so."""
    empty = plan()
    empty.problems = [Finding(None, None, "file_empty", "Empty.")]
    assert summary(empty) == "No row could be read"


@pytest.mark.parametrize(
    ("held", "asked", "said"),
    [
        (1, 1, "1 scan is held: 1 question to be answered before anything is committed"),
        (2, 3, "2 scans are held: 3 questions to be answered before anything is committed"),
        (0, 1, "1 question to be answered before anything is committed"),
    ],
)
def test_scans_that_are_held_could_be_read(held: int, asked: int, said: str) -> None:
    """Where no scan is a row yet, it is said what waits for an answer."""
    waiting = plan()
    waiting.problems = [Finding(None, None, "operator_not_said", "Who?")] * asked
    assert summary(waiting, held) == said


def test_notices_are_cut_but_problems_never() -> None:
    """Of many notices the first are shown and the rest counted; `everything` shows each. Problems are all shown."""
    many = [Finding(row, None, f"code{row}", f"Sentence {row}.") for row in range(1, NOTICES_SHOWN + 11)]
    noted, bad = plan(("SCAN", None, STORED)), plan()
    noted.notices, bad.problems = many, many
    lines = [str(part) for part in plan_page(noted, "x.csv", everything=False)]
    assert sum("Sentence" in line for line in lines) == NOTICES_SHOWN
    assert "  and 10 more; --all shows them" in lines
    for page in (plan_page(noted, "x.csv", everything=True), plan_page(bad, "x.csv", everything=False)):
        assert sum("Sentence" in str(part) for part in page) == len(many)


def test_changes_of_a_refused_plan_are_shown_when_asked_for() -> None:
    """A plan that can't be committed shows its changes only with everything."""
    bad = plan(("SCAN", None, STORED), rows=2)
    bad.refusals = [Finding(2, None, "y", "Y.")]
    assert "Changes" not in [str(part) for part in plan_page(bad, "x.csv", everything=False)]
    assert "Changes" in [str(part) for part in plan_page(bad, "x.csv", everything=True)]
