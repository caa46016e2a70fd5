"""Which rows of a batch gave to a holder or took from one, and which acceptances are before all of it."""

import json
from collections.abc import Mapping

import pytest

from assettrack.domain.correction_histories import Histories, Replayed
from assettrack.domain.corrections import Step
from assettrack.domain.custody_exchanges import exchanges, first_after, read_exchanged, rows_by_holder, sides
from assettrack.domain.custody_moves import CustodyMove
from assettrack.domain.deeds import BatchRow
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.findings import NotAllowed
from assettrack.domain.tags import OUT
from tests.domain.trial_corrections import BACK, ISSUED, CorrectedLog, Listed, lived
from tests.domain.trial_room import scan

JANE, BOB = 1, 2
FIRST, SECOND = BatchRow(1, 5, 8), BatchRow(2, 9, 10)
"""The batches of the small history: A1 goes to Jane Smith at 9:00, and comes back from her at 10:00."""


def body(**fields: object) -> bytes:
    """A body with these fields."""
    return json.dumps(fields).encode()


ROWS: list[tuple[int, Mapping[str, object]]] = [
    (1, {"event_type": "BATCH", "batch_id": 1}),
    (2, {"event_type": "HOLDER", "holder_id": 7}),
    (3, {"event_type": "SCAN", "holder_id": 7}),
    (4, {"event_type": "UPDATE", "holder_id": 7}),
    (5, {"event_type": "ISSUE", "holder_id": 7}),
    (6, {"event_type": "TRANSFER", "holder_id": 8, "from_holder_id": 7}),
    (7, {"event_type": "RETURN", "holder_id": 8}),
    (8, {"event_type": "RETIRE"}),
    (9, {"event_type": "RETIRE", "holder_id": 9}),
]


def test_rows_are_found_by_the_holders_they_are_about() -> None:
    """An ISSUE, a RETURN and a TRANSFER are of whom they name, a RETIRE of whoever had the asset, others of nobody."""
    found = rows_by_holder((seq, body(**fields)) for seq, fields in ROWS)
    assert {holder_id: list(rows) for holder_id, rows in found.items()} == {7: [5, 6], 8: [6, 7], 9: [9]}


@pytest.mark.parametrize("wrong", [None, b"{", b"\xff", b"[]", b'{"event_type":"ISSUE","holder_id":"7"}'])
def test_what_is_no_entry_is_damage(wrong: bytes | None) -> None:
    """A row that is gone or can't be read is not passed over."""
    with pytest.raises(NotAnEntry):
        read_exchanged(5, wrong)
    with pytest.raises(NotAnEntry):
        rows_by_holder([(5, wrong)])


def test_both_sides_of_a_move_are_told() -> None:
    """Who got it first, then who gave it; a place is no holder, and no move has no sides."""
    assert (sides(CustodyMove(1, 2)), sides(CustodyMove(None, 2)), sides(CustodyMove(1, None))) == ([2, 1], [2], [1])
    assert sides(None) == []


def times(log: CorrectedLog, batch: BatchRow, holder_id: int) -> list[str]:
    """When a batch exchanged something with a holder, to the minute: as a list and as the replay tell it."""
    source = Listed(log.records)

    def steps_of(asset_tag: str) -> Mapping[int, Step]:
        return Histories(log.replayed().state, source, log.seq).steps(asset_tag)

    found = sorted(exchanges(source, batch, holder_id, steps_of))
    state = log.replayed().state
    again = Histories(state, Replayed(state), log.seq).exchanged(batch.batch_id, holder_id)
    assert sorted(again) == found
    return [time[11:16] for time in found]


def test_rows_count_as_recorded() -> None:
    """Where nothing was corrected, a row's own time counts."""
    log = lived()
    assert (times(log, FIRST, JANE), times(log, SECOND, JANE)) == (["09:00"], ["10:00"])
    assert (times(log, FIRST, BOB), times(log, SECOND, BOB)) == ([], [])


def test_rows_count_as_corrected() -> None:
    """The holder and the time that they should have had, in every batch that has rows about the asset, and no other."""
    log = lived()
    log.correct(ISSUED, issued_to_name="Bob Lee", timestamp="2026-02-01T09:10Z")
    assert (times(log, FIRST, JANE), times(log, SECOND, JANE)) == ([], [])
    assert (times(log, FIRST, BOB), times(log, SECOND, BOB)) == (["09:10"], ["10:00"])
    log.batch([scan("ISSUE", "A1", OUT, at="2026-02-01T11:00Z"), scan("ISSUE", "A2", OUT, at="2026-02-01T11:01Z")])
    third = BatchRow(3, 12, 14)
    assert (times(log, third, BOB), times(log, FIRST, BOB)) == (["11:00", "11:01"], ["09:10"])
    log.correct(13, issued_to_name="Jane Smith")
    assert (times(log, third, BOB), times(log, third, JANE)) == (["11:01"], ["11:00"])


def test_a_slot_deed_and_a_sighting_are_no_exchange() -> None:
    """What else stands in a corrected asset's history gives nothing to anybody."""
    log = lived()
    log.vacate("A1")
    log.batch([scan("SCAN", "A1", at="2026-02-01T12:00Z")])
    log.correct(BACK, notes="x")
    assert times(log, BatchRow(3, 12, 13), JANE) == []


def test_a_batch_that_is_not_there_is_damage() -> None:
    """What refers to it can't be told."""
    state = lived().replayed().state
    with pytest.raises(NotAnEntry, match="batch 9"):
        Histories(state, Listed(lived().records), 11).exchanged(9, JANE)


def at(minute: str) -> str:
    """A time on one morning."""
    return f"2026-03-01T10:{minute}.000000Z"


@pytest.mark.parametrize(
    ("exchanged", "first"),
    [
        ([], None),
        ([at("30:00")], None),
        ([at("35:00")], None),
        ([at("35:01")], at("35:01")),
        ([at("50:00"), at("40:00"), at("45:00")], at("40:00")),
        ([at("50:00"), at("10:00"), at("45:00")], None),
    ],
)
def test_an_acceptance_is_not_before_all_that_it_accepts(exchanged: list[str], first: str | None) -> None:
    """One exchange that is not more than five minutes after it is enough; else the first of them is told."""
    assert first_after(exchanged, at("30:00")) == first


def test_the_end_of_the_calendar_is_no_error() -> None:
    """A time that some minutes can't be added to is just a late one."""
    assert first_after([at("30:00")], "9999-12-31T23:59:59.999999Z") is None


def test_an_acceptance_has_a_time() -> None:
    """What is no time as the station's clock writes it is refused."""
    with pytest.raises(NotAllowed) as caught:
        first_after([], "2026-02-30T10:00:00.000000Z")
    assert caught.value.code == "recorded_at_invalid"
