"""Custody intervals: who had what from when until when, read from the bodies of entries."""

from collections.abc import Sequence

import pytest

from assettrack.domain.amendments import Amendments
from assettrack.domain.audit_log import encode_body
from assettrack.domain.custody_intervals import Interval, LogRow, custody_intervals, read_turn
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.rows import ROW_ENTRIES
from assettrack.domain.inventory import Asset
from assettrack.domain.scans import EventType

NAMES = {1: "Jane Smith", 2: "Bob Lee", 12: "Ann Ox"}
STORED = Asset("STORAGE", None, None, None, "laptop")


def at(seq: int) -> str:
    """The time of an entry: one a minute."""
    return f"2026-03-01T10:{seq:02d}:00.000000Z"


def entry(seq: int, kind: EventType, tag: str = "A1", holder_id: int | None = None) -> LogRow:
    """A row's entry; only what custody hangs on matters."""
    row = ROW_ENTRIES[kind](seq, 1, seq, tag, at(seq), at(seq), "anna", STORED, STORED, holder_id=holder_id)
    return seq, tag, encode_body(row)


def correction(seq: int, corrects: int, holder_id: int | None = None, **changed: str) -> CorrectionEntry:
    """An entry that corrects another."""
    return CorrectionEntry(
        seq, corrects=corrects, holder_id=holder_id, asset_tag="A1", changed=changed, reason="mistaken", before=STORED,
        after=STORED, operator="anna", recorded_at=at(50), version="0.1.0",
    )  # fmt: skip


LIFE: Sequence[LogRow] = (
    entry(1, "SCAN"),
    entry(2, "ISSUE", holder_id=1),
    entry(3, "SCAN", holder_id=1),
    entry(4, "ISSUE", "B1", holder_id=2),
    entry(5, "TRANSFER", holder_id=2),
    entry(6, "RETURN", holder_id=2),
    entry(7, "RETIRE"),
    entry(8, "ISSUE", "C1", holder_id=12),
    entry(9, "RETIRE", "C1", holder_id=12),
)


def test_custody_goes_from_entry_to_entry() -> None:
    """It begins with an ISSUE or TRANSFER and ends with a TRANSFER, RETURN or RETIRE, or lasts; told by asset."""
    assert custody_intervals(LIFE, Amendments(), NAMES) == [
        Interval("A1", "Jane Smith", at(2), at(5), "ISSUE", "TRANSFER", 2, 5),
        Interval("A1", "Bob Lee", at(5), at(6), "TRANSFER", "RETURN", 5, 6),
        Interval("B1", "Bob Lee", at(4), None, "ISSUE", None, 4, None),
        Interval("C1", "Ann Ox", at(8), at(9), "ISSUE", "RETIRE", 8, 9),
    ]


@pytest.mark.parametrize("holder_id", NAMES)
def test_those_of_a_holder_are_a_part_of_all(holder_id: int) -> None:
    """Asked for one holder just that holder's are told; holder 1 is not mixed up with holder 12."""
    found = custody_intervals(LIFE, Amendments(), NAMES, holder_id)
    assert found == [each for each in custody_intervals(LIFE, Amendments(), NAMES) if each.holder == NAMES[holder_id]]
    assert found


def test_a_corrected_holder_is_shown_with_the_recorded_one() -> None:
    """As it was recorded, superseded, and as it is, corrected; the end is the same for both."""
    amendments = Amendments([correction(10, 2, 12, issued_to_name="Ann Ox")])
    first, second, *_ = custody_intervals(LIFE, amendments, NAMES)
    assert first == Interval("A1", "Jane Smith", at(2), at(5), "ISSUE", "TRANSFER", 2, 5, None, 10)
    assert second == Interval("A1", "Ann Ox", at(2), at(5), "ISSUE", "TRANSFER", 2, 5, 10)
    assert custody_intervals(LIFE, amendments, NAMES, 1) == [first]
    assert custody_intervals(LIFE, amendments, NAMES, 12)[0] == second


def test_corrected_times_at_both_ends() -> None:
    """Each correction that changes something leaves one more version behind; one of notes alone leaves none."""
    amendments = Amendments(
        [correction(10, 6, timestamp=at(20)), correction(11, 5, notes="x"), correction(12, 11, timestamp=at(4))]
    )
    versions = [each for each in custody_intervals(LIFE, amendments, NAMES) if each.first_seq == 5]
    assert versions == [
        Interval("A1", "Bob Lee", at(5), at(6), "TRANSFER", "RETURN", 5, 6, None, 10),
        Interval("A1", "Bob Lee", at(5), at(20), "TRANSFER", "RETURN", 5, 6, 10, 12),
        Interval("A1", "Bob Lee", at(4), at(20), "TRANSFER", "RETURN", 5, 6, 12),
    ]


def test_custody_that_lasts_is_corrected_too() -> None:
    """What has no end yet has versions like the rest."""
    amendments = Amendments([correction(10, 4, timestamp=at(3))])
    found = [each for each in custody_intervals(LIFE, amendments, NAMES) if each.asset_tag == "B1"]
    assert [(each.since, each.until, each.superseded_by) for each in found] == [(at(4), None, 10), (at(3), None, None)]


@pytest.mark.parametrize(
    "damaged",
    [b"no JSON", b'{"seq":1}', b'{"event_type":"ISSUE","holder_id":99}', b'{"event_type":"ISSUE"}', b'"\xff"'],
)
def test_a_damaged_log_is_said_to_be_one(damaged: bytes) -> None:
    """A body that is none, or that names a holder who is not there, ends the reading."""
    with pytest.raises(NotAnEntry):
        custody_intervals([(1, "A1", damaged), entry(2, "RETURN")], Amendments(), NAMES)
    if b"ISSUE" not in damaged:
        with pytest.raises(NotAnEntry):
            read_turn(damaged)
