"""Amendments: from a row to what was corrected in it, and by which entry."""

from assettrack.domain.amendments import Amendments
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.places import VacateEntry
from assettrack.domain.entries.rows import IssueEntry
from assettrack.domain.inventory import Asset

STORED = Asset("STORAGE", "CASE-01", 1, None, "laptop")
HELD = Asset("IN_CUSTODY", None, None, "Jane Smith", "laptop")


def at(minute: int) -> str:
    """A time on one morning."""
    return f"2026-03-01T10:{minute:02d}:00.000000Z"


def issued(seq: int = 7) -> IssueEntry:
    """A1 was issued to Jane Smith, with a note."""
    return IssueEntry(
        seq, 1, 1, "A1", at(0), at(0), "anna", STORED, HELD, issued_to_name="Jane Smith", notes="dented", holder_id=1
    )  # fmt: skip


def correction(seq: int, corrects: int, **changed: str) -> CorrectionEntry:
    """An entry that corrects another."""
    return CorrectionEntry(
        seq, corrects=corrects, asset_tag="A1", changed=changed, reason="mistaken", before=HELD, after=HELD,
        operator="anna", recorded_at=at(30), version="0.1.0",
    )  # fmt: skip


CHAIN = (correction(9, 7, timestamp=at(5)), correction(11, 9, notes="", timestamp=at(6)), correction(12, 8, notes="x"))


def test_a_row_leads_to_all_its_corrections() -> None:
    """Those of the row itself and those of its corrections, in the order of the log; another row has its own."""
    amendments = Amendments(CHAIN)
    assert [entry.seq for entry in amendments.of(7)] == [9, 11]
    assert [entry.seq for entry in amendments.of(8)] == [12]
    assert (amendments.of(9), Amendments().of(7)) == ((), ())
    assert [entry.seq for entry in amendments.all] == [9, 11, 12]
    assert amendments.asset_tags == {"A1"}


def test_the_last_correction_of_the_time_says_when_it_was() -> None:
    """A row took place when the last correction of its time says, or when it says itself where none does."""
    assert Amendments(CHAIN).occurred_at(7, at(0)) == at(6)
    assert Amendments(CHAIN).occurred_at(8, at(1)) == at(1)
    assert Amendments((*CHAIN[:1], correction(10, 9, notes="x"))).occurred_at(7, at(0)) == at(5)


def test_both_values_are_said() -> None:
    """Each correction is told with what was there before it, blank cells too; of what is not corrected nothing."""
    assert Amendments(CHAIN).words(issued()) == (
        f"entry 9 corrects entry 7: at {at(5)}, was {at(0)}; "
        f"entry 11 corrects entry 9: notes (blank), was dented, at {at(6)}, was {at(5)}"
    )
    assert Amendments(CHAIN).words(issued(6)) is None
    who = {"operator": "anna", "recorded_at": at(30), "version": "0.1.0"}
    vacated = VacateEntry(7, asset_tag="A1", occurred_at=at(30), before=STORED, after=STORED, **who)
    assert Amendments(CHAIN).words(vacated) is None
