"""Since when an asset is in no slot: from what is recorded, and from a history with corrections in place."""

import pytest

from assettrack.domain.corrections import STILL, Course, Stay, Step
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.places import VacateEntry
from assettrack.domain.entries.rows import ROW_ENTRIES, scan_of
from assettrack.domain.inventory import Asset
from assettrack.domain.scans import EventType
from assettrack.domain.unslotted import Since, corrected_unslotted_since, unslotted_by, unslotted_since

NONE, SLOT = '{"status":"STORAGE","case_name":null}', '{"status":"STORAGE","case_name":"C1"}'
HELD, UNKNOWN = '{"status":"IN_CUSTODY","case_name":null}', "null"


def at(seq: int) -> str:
    """The time of an entry: one a minute."""
    return f"2026-03-01T10:{seq:02d}:00.000000Z"


def bodies(*steps: tuple[str, str]) -> list[tuple[int, bytes]]:
    """Entries from 1 on, each from one state to another."""
    said = enumerate(steps, 1)
    return [(seq, f'{{"occurred_at":"{at(seq)}","before":{a},"after":{b}}}'.encode()) for seq, (a, b) in said]


@pytest.mark.parametrize(
    ("steps", "since"),
    [
        ([(UNKNOWN, NONE)], 1),
        ([(UNKNOWN, NONE), (NONE, NONE)], 1),
        ([(UNKNOWN, SLOT), (SLOT, NONE), (NONE, NONE)], 2),
        ([(UNKNOWN, NONE), (NONE, HELD), (HELD, NONE)], 3),
        ([(UNKNOWN, SLOT), (SLOT, HELD), (HELD, HELD), (HELD, SLOT), (SLOT, NONE)], 5),
    ],
)
def test_it_begins_with_the_entry_that_left_it_in_no_slot(steps: list[tuple[str, str]], since: int) -> None:
    """Sightings of what is in no slot already begin nothing anew; coming back from a holder does."""
    entries = bodies(*steps)
    assert unslotted_since(entries) == Since(since, at(since))
    assert unslotted_by(*entries[-1]) == (Since(since, at(since)) if since == len(steps) else None)


@pytest.mark.parametrize("rows", [[], bodies((UNKNOWN, SLOT)), [(1, b"no JSON")], [(1, b"{}")]])
def test_entries_that_do_not_lead_there_are_a_damaged_log(rows: list[tuple[int, bytes]]) -> None:
    """Who asks about an asset in no slot is told when its entries can't be right."""
    with pytest.raises(NotAnEntry):
        unslotted_since(rows)
    for last in rows[-1:]:
        with pytest.raises(NotAnEntry):
            unslotted_by(*last)


def step(seq: int, kind: EventType) -> Step:
    """A row of an effective history, which took place ten minutes later than was recorded."""
    stored = Asset("STORAGE", None, None, None, "laptop")
    row = ROW_ENTRIES[kind](seq, 1, seq, "A1", at(seq + 10), at(seq + 10), "anna", stored, stored)
    return Step(seq, ROW_ENTRIES[kind](seq, 1, seq, "A1", at(seq), at(seq), "anna", stored, stored), scan_of(row))


def course(*stays: Stay) -> Course:
    """A history that had these stays in slots."""
    return Course(None, at(0), None, stays, ())


def test_with_corrections_in_place_the_last_of_three_tells() -> None:
    """The first entry, the end of the last stay in a slot, or the last RETURN: whichever was last, by its own time."""
    steps = {3: step(3, "SCAN"), 4: step(4, "ISSUE"), 6: step(6, "RETURN"), 7: step(7, "SCAN")}
    assert corrected_unslotted_since(course(), {3: steps[3], 7: steps[7]}) == Since(3, at(13))
    assert corrected_unslotted_since(course(Stay(("C1", 1), 3, 4)), steps) == Since(6, at(16))
    assert corrected_unslotted_since(course(Stay(("C1", 1), 3, 4), Stay(("C1", 1), 6, 7)), steps) == Since(7, at(17))
    assert corrected_unslotted_since(course(Stay(("C1", 1), 7, STILL)), steps) == Since(6, at(16))


def test_a_typed_deed_took_place_when_it_was_typed() -> None:
    """What is no row has no scan: its own time counts."""
    stored = Asset("STORAGE", None, None, None, "laptop")
    who = {"operator": "anna", "recorded_at": at(9), "version": "0.1.0"}
    vacated = VacateEntry(9, asset_tag="A1", occurred_at=at(9), before=stored, after=stored, **who)
    steps = {3: step(3, "SCAN"), 9: Step(9, vacated)}
    assert corrected_unslotted_since(course(Stay(("C1", 1), 3, 9)), steps) == Since(9, at(9))
