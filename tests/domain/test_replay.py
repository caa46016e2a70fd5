"""The replay: a legal log leads to its state again, and the first entry that is not what the rules make ends it."""

import json
from collections.abc import Callable
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.audit_log import AnyEntry, decode_body, encode_body
from assettrack.domain.deeds import BatchRow, Record
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.rows import BatchEntry
from assettrack.domain.plans import Options
from assettrack.domain.replay import AGAIN, IllegalEntry, Replay
from assettrack.domain.tags import OUT, Place
from tests.domain.trial_log import STATION, TrialLog
from tests.domain.trial_room import scan

C1, C2, C3 = (Place("CASE-01", position) for position in (1, 2, 3))


def full_log() -> TrialLog:
    """A log with every kind of deed, and batches with every event, late rows, defaults and new holders."""
    log = TrialLog()
    log.station()
    log.case("CASE-01", 4)
    log.holder("Jane Smith")
    log.batch(
        [
            scan("SCAN", "A1", C1, at="2026-02-01T08:00Z"),
            scan("SCAN", "A2", at="2026-02-01T08:00Z", serial_number="S"),
            scan("ISSUE", "A1", OUT, at="2026-02-01T09:00Z", issued_to_name="Zoe Quill"),
            scan("SCAN", "A1", at="2026-02-01T08:30Z"),
        ],
        Options(defaults={"equipment_type": "laptop"}, new_holders=True),
    )
    log.assign("A2", C2, "tidied up")
    log.move("A2", C3)
    log.vacate("A2")
    log.batch(
        [
            scan("RETURN", "A1", C1, at="2026-02-01T08:45Z"),
            scan("UPDATE", "A2", C2, at="2026-03-02T08:00Z", model="XPS"),
            scan("RETIRE", "A1", at="2026-03-02T08:00Z"),
        ],
        Options(late_reason="forgotten"),
    )
    return log


LOG = full_log()
HOLDER = {"event_type": "HOLDER", "holder_id": 1, "name": "Jane Smith"}
CASE = {"event_type": "CASE", "case_name": "CASE-02", "slots": 2}
BATCH, ISSUED, RETURNED, LAST = 4, 8, 14, 16
"""Where things stand in it: the first batch and its ISSUE, the second batch's late RETURN, the end."""


def replayed(records: list[Record]) -> Replay:
    """The replay of these records."""
    replay = Replay()
    replay.run(iter(records))
    return replay


def illegal(records: list[Record]) -> IllegalEntry:
    """What the replay of these records ends with."""
    with pytest.raises(IllegalEntry) as caught:
        replayed(records)
    assert str(caught.value) == caught.value.reason
    return caught.value


def respelled(record: Record, fields: dict[str, Any]) -> Record:
    """A record with some fields of its body changed; None takes a field away."""
    body = json.loads(record.body) | fields
    kept = {name: value for name, value in body.items() if value is not None or name == "before"}
    return record._replace(body=json.dumps(kept, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode())


def changed(seq: int, fields: dict[str, Any]) -> list[Record]:
    """The log with some fields of one entry's body changed."""
    return [respelled(record, fields) if record.seq == seq else record for record in LOG.records]


def test_a_legal_log_leads_to_its_state() -> None:
    """Replaying every entry ends in the state in which the log was written, with its station, batches and times."""
    replay = replayed(LOG.records)
    assert replay.state.station == STATION
    assert replay.inventory.assets == LOG.inventory.assets
    assert replay.inventory.latest == LOG.inventory.latest
    assert replay.inventory.slots == LOG.inventory.slots
    assert replay.inventory.cases == {"CASE-01": 4}
    assert replay.inventory.holders.all == LOG.inventory.holders.all
    assert replay.batches == [BatchRow(1, 4, 9), BatchRow(2, 13, 16)]


def test_every_kind_of_deed_is_decided_again() -> None:
    """No kind of entry is left out but that of a batch, which is replayed with its rows."""
    kinds = {kind for kind in get_args(AnyEntry) if issubclass(kind, DeedEntry)}
    assert kinds - set(AGAIN) == {BatchEntry}


def test_transactions_end_where_the_signoff_changes() -> None:
    """Deeds with one signoff may be of one transaction; where another follows, a checkpoint stands between."""
    assert replayed(LOG.records).checkpoint_sizes == [1, 2, 3, 9, 10, 11, 12]
    log = TrialLog()
    log.station()
    log.case("CASE-01", 4)
    log.case("CASE-02", 4)
    log.holder("Jane Smith")
    same = {"recorded_at": "2026-03-01T00:02:00.000000Z"}
    log.records[2] = respelled(log.records[2], same)
    assert replayed(log.records).checkpoint_sizes == [1, 3]
    assert replayed([]).checkpoint_sizes == []


@given(st.integers(1, LAST))
def test_every_beginning_that_ends_with_a_deed_is_legal(size: int) -> None:
    """A log is legal after each of its deeds, and incomplete within a batch: the next entry is then missing."""
    records = LOG.records[:size]
    within = size in range(BATCH, 9) or size in range(13, LAST)
    if not within:
        replayed(records)
        return
    fault = illegal(records)
    assert (fault.seq, f"Entry {size + 1} is missing" in fault.reason) == (size + 1, True)


@pytest.mark.parametrize(
    ("seq", "fields", "certain"),
    [
        (1, HOLDER | dict.fromkeys(["station", "timezone", "public_key"]), False),
        (2, {"slots": 0}, False),
        (2, {"slots": 501}, False),
        (3, {"holder_id": 2}, False),
        (3, {"batch_id": 1}, True),
        (BATCH, {"batch_id": 2}, True),
        (BATCH, {"rows": 0}, False),
        (BATCH, {"rows": -1}, False),
        (BATCH, {"rows": 2**63}, False),
        (BATCH, {"new_holders": 5}, False),
        (5, {"name": "Zoe Quilt"}, False),
        (6, {"asset_tag": "A9"}, True),
        (6, {"operator_id": "mjones"}, True),
        (6, {"slot_number": 2}, True),
        (6, {"slot_number": ""}, True),
        (6, {"ordinal": 2}, True),
        (6, {"colour": "red"}, True),
        (7, {"late_reason": "forgotten"}, False),
        (ISSUED, {"holder_id": 1}, False),
        (ISSUED, {"before": None}, False),
        (10, {"occurred_at": "2026-03-01T00:00:00.000000Z"}, False),
        (10, {"asset_tag": "A1"}, True),
        (10, {"seq": 11}, True),
        (RETURNED, {"late_reason": None}, False),
        (RETURNED, {"late_reason": "another"}, False),
    ],
)  # fmt: skip
def test_a_changed_entry_is_found(seq: int, fields: dict[str, Any], certain: bool) -> None:  # noqa: FBT001 - a table's column
    """An entry whose body says otherwise is named; where it contradicts itself, it alone can be at fault."""
    fault = illegal(changed(seq, fields))
    assert (fault.seq, fault.certain) == (seq, certain)


@pytest.mark.parametrize(
    ("seq", "fields", "found"),
    [
        (2, {"case_name": "CASE-02"}, 6),  # the case is missing where a row needs it
        (BATCH, {"options": {"defaults": {"equipment_type": "tablet"}, "new_holders": True}}, 6),
        (BATCH, {"options": {"defaults": {"equipment_type": "laptop"}}}, ISSUED),
        (BATCH, {"rows": 3}, 9),
        (BATCH, {"new_holders": None}, 5),
        (13, {"options": {}}, RETURNED),
        (5, CASE | dict.fromkeys(["holder_id", "name", "batch_id"]), 5),
    ],
)  # fmt: skip
def test_what_no_longer_follows_is_named_as_uncertain(seq: int, fields: dict[str, Any], found: int) -> None:
    """A change that only a later entry contradicts is found there, and not held against that entry for certain."""
    fault = illegal(changed(seq, fields))
    assert fault.seq == found
    assert fault.certain == (seq == 5)  # which is filed under a batch that it no longer names


@pytest.mark.parametrize("column", ["batch_id", "asset_tag", "identity"])
@pytest.mark.parametrize("seq", [1, 2, BATCH, 6, ISSUED, 10, LAST])
def test_an_entry_filed_wrongly_is_found(seq: int, column: str) -> None:
    """What an entry is found by must be what its body says."""
    record = LOG.records[seq - 1]
    wrong = {
        "batch_id": record._replace(batch_id=3),
        "asset_tag": record._replace(asset_tag="A9"),
        "identity": record._replace(identity=b"x" * 32),
    }
    records = list(LOG.records)
    records[seq - 1] = wrong[column]
    fault = illegal(records)
    assert (fault.seq, fault.certain, fault.reason) == (seq, True, f"Entry {seq} is filed under a wrong {column}.")


@pytest.mark.parametrize(
    "respell",
    [
        lambda body: body + b" ",
        lambda body: json.dumps(json.loads(body)).encode(),
        lambda body: body.replace(b"A1", b"\\u0041\\u0031"),
        lambda body: body[:-1] + b',"ordinal":1}',
    ],
)
def test_an_entry_in_another_form_is_found(respell: Callable[[bytes], bytes]) -> None:
    """The same facts in other bytes are not the entry that was written."""
    records = list(LOG.records)
    records[ISSUED - 1] = records[ISSUED - 1]._replace(body=respell(records[ISSUED - 1].body))
    fault = illegal(records)
    assert (fault.seq, fault.certain) == (ISSUED, True)
    assert fault.reason == f"Entry {ISSUED} is not in the canonical form."


@pytest.mark.parametrize("seq", range(1, LAST + 1))
def test_an_entry_that_can_not_be_read_is_found(seq: int) -> None:
    """A body that is no entry is named as that, wherever it stands."""
    records = list(LOG.records)
    records[seq - 1] = records[seq - 1]._replace(body=b"{}")
    fault = illegal(records)
    assert (fault.seq, fault.certain, f"Entry {seq} can't be read" in fault.reason) == (seq, True, True)


@given(st.integers(1, LAST), st.data())
def test_entries_that_change_places_are_found(seq: int, data: st.DataObject) -> None:
    """An entry with another's body is named: its body says another number."""
    other = data.draw(st.integers(1, LAST).filter(lambda number: number != seq))
    records = list(LOG.records)
    one, two = records[seq - 1], records[other - 1]
    records[seq - 1] = one._replace(body=two.body)
    records[other - 1] = two._replace(body=one.body)
    assert illegal(records).seq == min(seq, other)


def test_a_log_has_one_station_and_begins_with_it() -> None:
    """Nothing can come before the station, and no second one can follow."""
    assert "begins with its station" in illegal(LOG.records[1:]).reason
    entry = decode_body(LOG.records[0].body)
    again = encode_body(msgspec.structs.replace(entry, seq=2))
    fault = illegal([LOG.records[0], Record(2, None, None, None, again)])
    assert (fault.seq, "has only one" in fault.reason) == (2, True)


def test_a_row_belongs_to_a_batch() -> None:
    """A row's entry outside of a batch is not legal."""
    fault = illegal([*LOG.records[:3], LOG.records[5]])
    assert (fault.seq, "belongs to no batch" in fault.reason) == (6, True)


@pytest.mark.parametrize(
    ("append", "said"),
    [
        (lambda log: log.case("CASE-01", 4), "Case CASE-01 already exists"),
        (lambda log: log.holder("JANE SMITH"), "Holder Jane Smith is already registered"),
        (lambda log: log.assign("A2", C1), "Asset A2 is already in CASE-01 slot 2"),
        (lambda log: log.move("A2", Place("CASE-01", 9)), "there is no slot 9"),
        (lambda log: log.vacate("A1"), "Asset A1 is retired"),
    ],
)
def test_a_deed_that_was_not_allowed_is_found(append: Callable[[TrialLog], Any], said: str) -> None:
    """Every deed is decided again; one that the rules refuse is named with the refusal."""
    record = forged(append)
    fault = illegal([*LOG.records, record])
    assert fault.seq == LAST + 1
    assert f"Entry {LAST + 1} is not allowed: " in fault.reason
    assert said in fault.reason


def forged(append: Callable[[TrialLog], Any]) -> Record:
    """An entry made where the deed was allowed, numbered to follow the log."""
    elsewhere = TrialLog()
    elsewhere.station()
    if append.__code__.co_names[0] in {"assign", "move", "vacate"}:
        elsewhere.case("CASE-01", 9)
        elsewhere.batch([scan("SCAN", tag, at="2026-02-01T08:00Z", equipment_type="x") for tag in ("A1", "A2")])
        if append.__code__.co_names[0] != "assign":
            elsewhere.assign("A1", C1)
            elsewhere.assign("A2", C2)
    append(elsewhere)
    entry = decode_body(elsewhere.records[-1].body)
    return elsewhere.records[-1]._replace(seq=LAST + 1, body=encode_body(msgspec.structs.replace(entry, seq=LAST + 1)))


@pytest.mark.parametrize("kind", ["SLOT_ASSIGN", "SLOT_MOVE"])
def test_an_assignment_or_move_leads_into_a_slot(kind: str) -> None:
    """An entry that says it put an asset into a slot, and then shows it in none, is not legal."""
    seq = 10 if kind == "SLOT_ASSIGN" else 11
    body = json.loads(LOG.records[seq - 1].body)
    fault = illegal(changed(seq, {"after": body["after"] | {"case_name": None, "slot_position": None}}))
    assert (fault.seq, "is in no slot" in fault.reason) == (seq, True)


def test_a_batch_that_claims_a_new_holder_too_many_is_found() -> None:
    """Facts that announce a new holder must be followed by one: a row in its place does not follow from them."""
    log = TrialLog()
    log.station()
    log.batch([scan("SCAN", "A1", at="2026-02-01T08:00Z", equipment_type="laptop")])
    station, facts, row = log.records
    assert illegal([station, respelled(facts, {"new_holders": 1}), row, row]).seq == 3
