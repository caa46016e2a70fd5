"""Tests of `assettrack.domain.correction_wording`."""

import pytest

from assettrack.domain.correction_wording import acceptance_words, correction_words, said_words
from assettrack.domain.entries.custody import AcceptanceCorrectionEntry, CorrectionEntry
from assettrack.domain.inventory import Asset

STORED = Asset("STORAGE", "CASE-01", 1, None, "laptop", serial_number="SN-1")
MOVED = Asset("STORAGE", "CASE-02", 7, None, "laptop", serial_number="SN-1")
HELD = Asset("IN_CUSTODY", None, None, "Milan Dvorak", "laptop", serial_number="SN-1", due_on="2026-05-01")
WITH_INES = Asset("IN_CUSTODY", None, None, "Ines Okafor", "laptop", serial_number="SN-1", due_on="2026-05-01")
OTHER_SERIAL = Asset("STORAGE", "CASE-01", 1, None, "laptop", serial_number="SN-2")
NO_DATE = Asset("IN_CUSTODY", None, None, "Milan Dvorak", "laptop", serial_number="SN-1")
NOWHERE = Asset("STORAGE", None, None, None, "laptop", serial_number="SN-1")


def correction(changed: dict[str, str], before: Asset, after: Asset) -> CorrectionEntry:
    """A correction of entry 44."""
    return CorrectionEntry(
        seq=50, recorded_at="2026-04-01T00:00:00.000000Z", operator="mara", version="1", corrects=44, asset_tag="LT-1",
        changed=changed, reason="wrong line", before=before, after=after,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "before", "after", "told"),
    [
        ({"issued_to_name": "Ines Okafor"}, HELD, WITH_INES, "issued to Ines Okafor, not Milan Dvorak"),
        ({"issued_to_name": "Ines Okafor"}, STORED, STORED, "issued to Ines Okafor"),
        ({"serial_number": "SN-2"}, STORED, OTHER_SERIAL, "serial number SN-2, not SN-1"),
        ({"serial_number": "SN-2"}, WITH_INES, WITH_INES, "serial number SN-2"),
        ({"building_room": ""}, HELD, HELD, "room (blank)"),
        ({"case_number": "CASE-02", "slot_number": "7"}, STORED, MOVED, "in CASE-02 slot 7, not in CASE-01 slot 1"),
        ({"case_number": "OUT", "slot_number": "OUT"}, STORED, NOWHERE, "in no slot, not in CASE-01 slot 1"),
        ({"case_number": "", "slot_number": ""}, MOVED, STORED,
         "place (blank); now in CASE-02 slot 7 > in CASE-01 slot 1"),
        ({"due_on": ""}, HELD, NO_DATE, "due (blank), not 2026-05-01"),
        ({"operator_id": "ben", "notes": "with bag"}, HELD, HELD, "done by ben, notes with bag"),
        ({"timestamp": "2026-03-01T09:00:00.000000Z"}, HELD, HELD, "at 2026-03-01T09:00:00Z"),
        ({"serial_number": "SN-2"}, STORED, MOVED, "serial number SN-2; now in CASE-01 slot 1 > in CASE-02 slot 7"),
    ],
)  # fmt: skip
def test_a_correction_says_what_should_have_been(
    changed: dict[str, str], before: Asset, after: Asset, told: str
) -> None:
    """The old value stands beside the new one where the asset shows it; what else became of it stands at the end."""
    assert correction_words(correction(changed, before, after), ">") == f"corrected entry 44: {told}"


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"by": "Ann Poe"}, "accepted by Ann Poe"),
        ({"how": "paper", "by": "Ann Poe"}, "accepted by Ann Poe on paper"),
        ({"how": "typed"}, "accepted by typing the name"),
        ({"at": "2026-02-28T09:30:00.000000Z"}, "accepted at 2026-02-28T09:30:00Z"),
    ],
)
def test_a_corrected_acceptance_says_how_it_was(changed: dict[str, str], told: str) -> None:
    """By whom, in which way and when, as far as that was corrected."""
    entry = AcceptanceCorrectionEntry(
        seq=50, recorded_at="2026-04-01T00:00:00.000000Z", operator="mara", version="1", batch_id=1, holder_id=1,
        name="Jane", how="paper", accepted_by="Ann Poe", accepted_at="2026-02-28T09:30:00.000000Z",
        corrects=44, changed=changed, reason="misread",
    )  # fmt: skip
    assert acceptance_words(entry) == f"corrected entry 44: {told}"


def test_what_counts_instead_of_a_row_is_said_alone() -> None:
    """Without what it was before: that stands beside it. A place is one thing, and nothing at all is no words."""
    changed = {"issued_to_name": "Ines Okafor", "case_number": "CASE-02", "slot_number": "7", "due_on": ""}
    assert said_words(changed) == "issued to Ines Okafor, due (blank), in CASE-02 slot 7"
    assert said_words({"timestamp": "2026-03-01T09:00:00.000000Z"}, lambda _: "10:00") == "at 10:00"
    assert said_words({}) == ""
