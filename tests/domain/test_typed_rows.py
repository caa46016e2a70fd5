"""Typed rows: a command becomes rows of the batch contract, with the one event that files have not."""

from datetime import UTC, datetime

import pytest

from assettrack.domain import typed_rows
from assettrack.domain.findings import NotAllowed
from assettrack.domain.scans import COLUMNS, EVENT_TYPES, BadRow, Scan
from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES, TypedBatch, TypedRow
from assettrack.domain.validation import Validator
from tests.domain.trial_room import EMPTY, HOME, room

NOW = "2026-02-02T11:00:00.000000Z"
CLOCK = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def judged(row: TypedRow, *, in_file: bool = False) -> tuple[Scan | BadRow, set[tuple[str, str | None]]]:
    """What validation makes of a typed row, or of the same cells in a file: the row, code and field of each problem."""
    validator = Validator(UTC, CLOCK, EVENT_TYPES if in_file else TYPED_EVENT_TYPES)
    (found,) = validator.scans([row.cells(NOW, "gcurl")])
    assert all("TRANSFER" in problem.message for problem in validator.problems if not in_file)
    return found, {(problem.code, problem.field) for problem in validator.problems}


PLACE_CELLS = ("case_number", "slot_number")


@pytest.mark.parametrize(
    ("row", "flagged"),
    [
        (TypedRow("TRANSFER", "A1", "Bob Lee", OUT), set()),
        (TypedRow("TRANSFER", "A1", "", OUT), {("cell_missing", "issued_to_name")}),
        (TypedRow("TRANSFER", "A1", "Bob Lee", EMPTY), {("issue_needs_out", cell) for cell in PLACE_CELLS}),
        (TypedRow("TRANSFER", "A1", "Bob Lee"), {("issue_needs_out", cell) for cell in PLACE_CELLS}),
    ],
)
def test_a_transfer_is_typed_and_needs_what_an_issue_needs(row: TypedRow, flagged: set[tuple[str, str]]) -> None:
    """Typed, it needs a holder and OUT/OUT, and is said to be a TRANSFER; a file has no such event."""
    found, problems = judged(row)
    assert (problems, found.event_type) == (flagged, "TRANSFER")
    assert ("event_type_invalid", "event_type") in judged(row, in_file=True)[1]


@pytest.mark.parametrize(
    ("place", "case", "slot"), [(None, "", ""), (OUT, "OUT", "OUT"), (Place("CASE-01", 7), "CASE-01", "7")]
)
def test_a_row_has_the_cells_of_the_contract(place: Place | None, case: str, slot: str) -> None:
    """Every field stands under its column's name, in the contract's order."""
    row = TypedRow("SCAN", "a1", "Jane", place, "n", "laptop", "S", "Dell", "XPS", "X", "B1")
    assert dict(zip(COLUMNS, row.cells(NOW, "gcurl"), strict=True)) == {
        "asset_tag": "a1", "timestamp": NOW, "event_type": "SCAN", "operator_id": "gcurl", "issued_to_name": "Jane",
        "case_number": case, "slot_number": slot, "building_room": "B1", "equipment_type": "laptop",
        "serial_number": "S", "manufacturer": "Dell", "model": "XPS", "model_code": "X", "notes": "n",
    }  # fmt: skip


def test_rows_take_place_when_they_are_committed_unless_a_time_was_said() -> None:
    """Without a time the hash of a command does not depend on when it is given; with one it does."""
    rows = typed_rows.issues(["A1", "A2"], "Jane Smith")
    now, later = (TypedBatch(rows, "gcurl", now=moment) for moment in (NOW, "2026-02-02T11:05:00.000000Z"))
    assert (now.sha256 == later.sha256, now.is_timeless) == (True, True)
    assert [cells[1] for cells in later.rows()] == ["2026-02-02T11:05:00.000000Z"] * 2
    said, other = (TypedBatch(rows, "gcurl", now=NOW, at=at) for at in ("2026-02-01T09:00Z", "2026-02-01T09:01Z"))
    assert (len({now.sha256, said.sha256, other.sha256}), said.is_timeless) == (3, False)
    assert [cells[1] for cells in said.rows()] == ["2026-02-01T09:00Z"] * 2


def test_an_asset_returns_to_the_slot_it_was_issued_from() -> None:
    """Or to the one that is named; where it was issued from none and none is named, nothing is guessed."""
    inventory = room()
    assert [row.place for row in typed_rows.returns(["HELD"], inventory, None)] == [HOME]
    assert [row.place for row in typed_rows.returns(["HELD"], inventory, EMPTY)] == [EMPTY]
    assert [row.place for row in typed_rows.returns(["FREE", "NEW"], inventory, None)] == [OUT, OUT]  # refused later
    inventory.custody["HELD"] = inventory.custody["HELD"]._replace(home=None)
    assert [row.place for row in typed_rows.returns(["HELD"], inventory, OUT)] == [OUT]
    with pytest.raises(NotAllowed) as caught:
        typed_rows.returns(["HELD"], inventory, None)
    assert (caught.value.code, caught.value.field) == ("home_unknown", "asset_tag")
