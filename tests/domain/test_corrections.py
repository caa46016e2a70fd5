"""Corrections: how a history with corrected rows is read, and what the rules make of it."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from assettrack.domain.audit_log import decode_body
from assettrack.domain.corrections import (
    CORRECTABLE,
    STILL,
    Course,
    Stay,
    Step,
    ValuesWrong,
    cells_of,
    changed_values,
    course_of,
    effective_history,
    moment,
    named_places,
    with_due,
    with_values,
)
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Custody
from assettrack.domain.plans import Options
from assettrack.domain.scans import COLUMNS, EventType, Scan
from assettrack.domain.tags import OUT, Place
from tests.domain.trial_corrections import CorrectedLog
from tests.domain.trial_room import scan

C1, C2, C3 = (Place("CASE-01", position) for position in (1, 2, 3))
NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ROW = scan("ISSUE", "A1", OUT, at="2026-02-01T10:00:00+01:00", issued_to_name="Jane Smith", notes="with bag")

SCANNED, ISSUED, RETURNED, MOVED = 6, 7, 8, 9
"""Where the rows and the deed about A1 stand in the log."""


def lived() -> CorrectedLog:
    """A1 was scanned into slot 1, issued to Jane Smith, returned to slot 2, moved to slot 3; Bob Lee is known too."""
    log = CorrectedLog()
    log.station()
    log.case("CASE-01", 4)
    log.holder("Jane Smith")
    log.holder("Bob Lee")
    log.batch(
        [
            scan("SCAN", "A1", C1, at="2026-02-01T08:00Z"),
            scan("ISSUE", "A1", OUT, at="2026-02-01T09:00Z", issued_to_name="Jane Smith"),
            scan("RETURN", "A1", C2, at="2026-02-01T10:00Z"),
        ],
        Options(defaults={"equipment_type": "laptop"}, due_on="2027-01-31"),
    )
    log.move("A1", C3)
    return log


def course(log: CorrectedLog, cases: dict[str, int] | None = None) -> Course:
    """What the history of A1 leads to, where CASE-01 has four slots and both holders kept their names."""
    bodies = [decode_body(record.body) for record in log.records if record.asset_tag == "A1"]
    batch = decode_body(log.records[4].body)
    steps = effective_history(bodies, lambda _: batch.options)  # type: ignore[union-attr]  # entry 5 is the batch
    holders = [Holder(1, "Jane Smith"), Holder(2, "Bob Lee")]
    return course_of("A1", steps.values(), {"CASE-01": 4} if cases is None else cases, holders)


def test_everything_but_asset_and_event_is_correctable() -> None:
    """The columns that can be corrected are all of the contract but two."""
    assert set(COLUMNS) - set(CORRECTABLE) == {"asset_tag", "event_type"}


def test_a_row_is_told_in_cells() -> None:
    """Each column has its normal form, the time in UTC; blank is blank, and OUT stands in both columns of a place."""
    cells = cells_of(ROW)
    assert list(cells) == list(COLUMNS)
    assert {column: text for column, text in cells.items() if text} == {
        "asset_tag": "A1", "timestamp": "2026-02-01T09:00:00.000000Z", "event_type": "ISSUE", "operator_id": "gcurl",
        "issued_to_name": "Jane Smith", "case_number": "OUT", "slot_number": "OUT", "notes": "with bag",
    }  # fmt: skip
    assert cells_of(scan("SCAN", "A1", C3))["slot_number"] == "3"


def test_other_values_are_read_as_a_batch_is() -> None:
    """New values are trimmed and normalised as a file's are, a time without a zone in the zone given, with a notice."""
    found, notices = with_values(ROW, {"issued_to_name": " Bob   Lee ", "timestamp": "2026-02-01T12:00"}, BERLIN, NOW)
    assert (found.issued_to_name, found.occurred_at) == ("Bob Lee", "2026-02-01T11:00:00.000000Z")
    assert (found.row_number, found.ordinal, found.identity) == (ROW.row_number, ROW.ordinal, ROW.identity)
    assert (found.notes, found.place) == ("with bag", OUT)
    assert [(notice.code, notice.row_number) for notice in notices] == [("timestamp_local", None)]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"issued_to_name": ""}, ["cell_missing"]),
        ({"case_number": "CASE-01", "slot_number": "1"}, ["issue_needs_out"] * 2),
        ({"timestamp": "2026-07-01T12:06Z"}, ["timestamp_ahead"]),
        ({"timestamp": ""}, ["cell_missing"]),
        ({"operator_id": "x" * 65}, ["operator_id_too_long"]),
        ({"notes": "x" * 5000, "slot_number": ""}, ["cell_too_long", "place_incomplete", "issue_needs_out"]),
    ],
)
def test_what_the_contract_does_not_allow_is_a_problem(values: dict[str, str], codes: list[str]) -> None:
    """A row with the new values in place must fulfil the contract; every problem is told at once, about no row."""
    with pytest.raises(ValuesWrong) as caught:
        with_values(ROW, values, UTC, NOW)
    assert [(problem.code, problem.row_number) for problem in caught.value.problems] == [(code, None) for code in codes]
    assert str(caught.value) == " ".join(problem.message for problem in caught.value.problems)


def test_only_what_is_otherwise_is_changed() -> None:
    """Of the values that were given those count that differ in normal form; a place always counts as a whole."""
    given = {"notes": "with  bag", "operator_id": " gcurl ", "issued_to_name": "Bob Lee"}
    after, _ = with_values(ROW, given, UTC, NOW)
    assert changed_values(step(ROW), step(after), given) == {"issued_to_name": "Bob Lee", "notes": "with  bag"}
    before = scan("RETURN", "A1", C1)
    after, _ = with_values(before, {"slot_number": "03"}, UTC, NOW)
    place = {"case_number": "CASE-01", "slot_number": "3"}
    assert changed_values(step(before), step(after), ["slot_number"]) == place
    assert changed_values(step(before), step(before), ["slot_number", "case_number"]) == {}


def test_a_due_date_is_a_cell_of_a_row_that_gives() -> None:
    """It is that of the row's batch; another one is told as changed, and a blank one takes it away."""
    row = step(ROW, Options(due_on="2027-01-31"))
    assert row.cells["due_on"] == row.due_on == "2027-01-31"
    assert changed_values(row, with_due(row, "2027-02-28"), ["due_on"]) == {"due_on": "2027-02-28"}
    assert changed_values(row, with_due(row, ""), ["due_on", "notes"]) == {"due_on": ""}
    assert changed_values(row, with_due(row, "2027-01-31"), ["due_on"]) == {}
    assert with_due(row, "").due_on is None
    returned = step(scan("RETURN", "A1", C1), Options(due_on="2027-01-31"))
    assert (returned.due_on, returned.cells["due_on"]) == (None, "")


@pytest.mark.parametrize("text", ["soon", "2027-02-30", "20270131", "2027-1-31", "2027-01-31T10:00Z", "2027-W01-1"])
def test_a_due_date_is_a_date(text: str) -> None:
    """It exists, and is written as dates are; anything else is a problem of that field."""
    with pytest.raises(ValuesWrong) as caught:
        with_due(step(ROW), text)
    assert [(problem.code, problem.field) for problem in caught.value.problems] == [("due_on_invalid", "due_on")]


@pytest.mark.parametrize("event", ["SCAN", "RETURN", "UPDATE", "RETIRE"])
def test_only_what_is_given_is_due(event: EventType) -> None:
    """A row that gives nothing to anybody has no due date that could be corrected."""
    with pytest.raises(NotAllowed) as caught:
        with_due(step(scan(event, "A1", C1)), "2027-01-31")
    assert caught.value.code == "due_not_correctable"


def step(row: Scan, options: Options | None = None) -> Step:
    """A row of a history; which entry it is does not matter."""
    entry = decode_body(lived().records[ISSUED - 1].body)
    assert isinstance(entry, RowEntry)
    return Step(ISSUED, entry, row, options or Options())


@pytest.mark.parametrize("text", ["", "soon", "2026-03-01T10:00:00Z", "2026-03-01T10:00:00.000000", "2026-03-01"])
def test_a_moment_is_in_the_one_form(text: str) -> None:
    """Only the form in which the station's clock is written is a moment."""
    assert moment("2026-07-01T12:00:00.000000Z") == NOW
    with pytest.raises(NotAllowed) as caught:
        moment(text)
    assert caught.value.code == "recorded_at_invalid"


def test_a_history_without_corrections_leads_to_what_is() -> None:
    """Decided again, an asset's own entries lead to the state and time in the tables, defaults and deeds included."""
    log = lived()
    found = course(log)
    assert (found.asset, found.latest) == (log.inventory.assets["A1"], log.inventory.latest["A1"])
    assert (found.custody, found.illegal) == (None, [])
    assert found.stays == [Stay(C1, 6, 7), Stay(C2, 8, 9), Stay(C3, 9, STILL)]


def test_custody_and_due_date_are_found_again() -> None:
    """Who has it, since which entry, from which home, and until when: as the batch's options and the rows say."""
    log = lived()
    del log.records[7:]
    found = course(log)
    assert found.custody == Custody(ISSUED, C1)
    assert found.asset is not None
    assert (found.asset.holder, found.asset.due_on) == ("Jane Smith", "2027-01-31")
    assert found.stays == [Stay(C1, 6, 7)]


def test_corrected_rows_stand_in_their_place() -> None:
    """A correction, and a correction of it, change the row where it stands; what neither names stays as it was."""
    log = lived()
    log.correct(ISSUED, issued_to_name="Bob Lee")
    log.correct(10, notes="with bag")
    bodies = [decode_body(record.body) for record in log.records if record.asset_tag == "A1"]
    steps = effective_history(bodies, lambda _: Options())
    assert list(steps) == [SCANNED, ISSUED, RETURNED, MOVED]
    issued = steps[ISSUED].scan
    assert issued is not None
    assert (issued.issued_to_name, issued.notes, steps[ISSUED].holder_id) == ("Bob Lee", "with bag", 2)
    assert named_places(steps.values()) == {C1, C2, C3}


def test_a_correction_of_another_assets_entry_is_no_history() -> None:
    """Entries that don't belong together are told from a history."""
    log = lived()
    log.correct(ISSUED, issued_to_name="Bob Lee")
    with pytest.raises(NotAnEntry):
        effective_history([decode_body(log.records[-1].body)], lambda _: Options())


def test_a_holder_has_the_name_of_today() -> None:
    """A row gives the asset to the holder it named then, however the holder is called by now."""
    log = lived()
    del log.records[7:]
    bodies = [decode_body(record.body) for record in log.records if record.asset_tag == "A1"]
    steps = effective_history(bodies, lambda _: Options(defaults={"equipment_type": "laptop"})).values()
    asset = course_of("A1", steps, {"CASE-01": 4}, [Holder(1, "Janet Doe", active=False)]).asset
    assert asset is not None
    assert asset.holder == "Janet Doe"


def test_an_illegal_entry_has_no_effect_and_is_named() -> None:
    """Every entry that is not legal is named with the rule that says so, and the others go on without it."""
    found = course(lived(), {"CASE-01": 1})
    assert [(illegal.seq, illegal.code) for illegal in found.illegal] == [(8, "unknown_slot"), (9, "in_custody")]
    assert {illegal.asset_tag for illegal in found.illegal} == {"A1"}
    assert found.custody == Custody(ISSUED, C1)
    nothing = course(lived(), {})
    assert [illegal.code for illegal in nothing.illegal] == ["unknown_case", *["unknown_asset"] * 3]
    assert (nothing.asset, nothing.latest, nothing.custody, nothing.stays) == (None, "", None, [])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Stay(C1, 3, 5), Stay(C1, 5, 7), False),
        (Stay(C1, 3, 5), Stay(C1, 4, 7), True),
        (Stay(C1, 3, STILL), Stay(C1, 8, STILL), True),
        (Stay(C1, 3, 9), Stay(C1, 4, 5), True),
        (Stay(C1, 3, 5), Stay(C2, 3, 5), False),
    ],
)
def test_stays_overlap_in_one_slot_at_one_time(one: Stay, other: Stay, *, expected: bool) -> None:
    """Two stays overlap where they share a slot and an entry; the entry that ends one may begin the next."""
    assert one.overlaps(other) is expected
    assert other.overlaps(one) is expected


def test_a_stay_covers_what_is_no_longer() -> None:
    """A stay covers itself and any shorter one in the same slot."""
    stay = Stay(C1, 3, 9)
    assert stay.covers(stay)
    assert stay.covers(Stay(C1, 4, 8))
    assert not stay.covers(Stay(C1, 2, 8))
    assert not stay.covers(Stay(C1, 4, STILL))
    assert not stay.covers(Stay(C2, 4, 8))
