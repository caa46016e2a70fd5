"""Deeds: which entries each one writes, in which order, and the state that goes with them (DESIGN §6)."""

import json
from typing import Any

import pytest

from assettrack.domain import batch_deeds, people_deeds, place_deeds, station_deeds
from assettrack.domain.batch_deeds import BatchFacts
from assettrack.domain.decisions import decide
from assettrack.domain.deeds import AssetRow, BatchRow, Deed, Record, Signoff
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Inventory
from assettrack.domain.plans import Options
from assettrack.domain.scans import Scan
from assettrack.domain.tags import OUT, Place
from tests.domain.trial_log import STATION, TrialLog
from tests.domain.trial_room import EMPTY, OWN, TAKEN, room, scan, scanned

SIGNOFF = Signoff("gcurl", "2026-03-01T09:00:00.000000Z", "0.1.0")
SIGNED = {"operator": "gcurl", "recorded_at": "2026-03-01T09:00:00.000000Z", "version": "0.1.0"}
FACTS = BatchFacts(7, "scans.csv", "ab" * 32)


def committed(rows: list[Scan], options: Options | None = None, inventory: Inventory | None = None) -> Deed:
    """The deed that commits these rows, its first entry being number 20."""
    inventory = inventory or room()
    plan = decide(rows, inventory, options or Options())
    assert plan.valid, plan.refusals
    return batch_deeds.commit_batch(plan, inventory, FACTS, 20, SIGNOFF)


def said(records: list[Record]) -> list[dict[str, Any]]:
    """What the bodies of records say."""
    return [json.loads(record.body) for record in records]


@pytest.fixture
def batch(request: pytest.FixtureRequest) -> list[Scan]:
    """The rows of the batch in the test's docstring, which stands below the sentence that says what is tested."""
    _, _, text = request.function.__doc__.partition("\n\n")
    return scanned(text)


def test_a_batch_is_its_facts_then_its_new_holders_then_its_rows(batch: list[Scan]) -> None:
    """One entry states the facts, one follows for each new holder, one for each row; sightings and no-ops too.

    asset_tag, timestamp,         event_type, operator_id, issued_to_name, case_number, slot_number
    FREE,      2026-02-02T11:00Z, ISSUE,      gcurl,       Zoe Quill,      OUT,         OUT
    OTHER,     2026-02-02T11:00Z, SCAN,       gcurl,       ,               CASE-01,     2
    SLOTTED,   2026-02-02T11:00Z, ISSUE,      gcurl,       Yan Ox,         OUT,         OUT
    OTHER,     2026-02-02T11:00Z, UPDATE,     gcurl,       ,               ,
    """
    deed = committed(batch, Options(new_holders=True))
    records = list(deed.records)
    entries = said(records)
    kinds = ["BATCH", "HOLDER", "HOLDER", "ISSUE", "SCAN", "ISSUE", "UPDATE"]
    assert [entry["event_type"] for entry in entries] == kinds
    assert [entry["seq"] for entry in entries] == [record.seq for record in records] == list(range(20, 27))
    assert deed.batch == BatchRow(7, 20, 26)
    assert deed.holders == (Holder(3, "Zoe Quill"), Holder(4, "Yan Ox"))
    assert entries[0] == SIGNED | {
        "seq": 20, "event_type": "BATCH", "batch_id": 7, "rows": 4, "new_holders": 2, "source_name": "scans.csv",
        "source_sha256": "ab" * 32, "options": {"new_holders": True},
    }  # fmt: skip
    named = {"event_type": "HOLDER", "batch_id": 7, "holder_id": 3, "name": "Zoe Quill"}
    assert entries[1] == SIGNED | named | {"seq": 21}
    assert [entry["row_number"] for entry in entries[3:]] == [1, 2, 3, 4]
    assert [entry["before"] == entry["after"] for entry in entries[3:]] == [False, True, False, True]


def test_an_entry_is_found_by_its_batch_asset_and_row(batch: list[Scan]) -> None:
    """Beside its body an entry has its number, and what it is about of these: batch, asset, row's identity.

    asset_tag, timestamp,         event_type, operator_id, issued_to_name, case_number, slot_number
    FREE,      2026-02-02T11:00Z, ISSUE,      gcurl,       Zoe Quill,      OUT,         OUT
    """
    found = [record[:4] for record in committed(batch, Options(new_holders=True)).records]
    assert found == [(20, 7, None, None), (21, 7, None, None), (22, 7, "FREE", batch[0].identity)]


def test_the_options_are_stated_with_the_batch() -> None:
    """What was asked for stands in the facts: defaults, reason and the two choices."""
    options = Options(defaults={"model": "XPS"}, new_holders=True, only_new=True, late_reason="lost")
    facts, *_ = said(list(committed([scan("SCAN", "FREE")], options).records))
    expected = {"defaults": {"model": "XPS"}, "new_holders": True, "only_new": True, "late_reason": "lost"}
    assert facts["options"] == expected


def test_the_reason_stands_in_the_late_entries_and_in_no_other(batch: list[Scan]) -> None:
    """Each row that was accepted late says why; rows in time and late sightings don't.

    asset_tag, timestamp,         event_type, operator_id, model
    FREE,      2026-02-02T09:00Z, UPDATE,     gcurl,       XPS
    FREE,      2026-02-02T10:00Z, UPDATE,     gcurl,       Yoga
    SLOTTED,   2026-02-02T09:00Z, SCAN,       gcurl,
    HELD,      2026-02-02T09:00Z, UPDATE,     gcurl,       XPS
    """
    rows = said(list(committed(batch, Options(late_reason="forgotten")).records))[1:]
    assert [row.get("late_reason") for row in rows] == ["forgotten", None, None, "forgotten"]


def test_a_row_names_the_holder_concerned_by_number(batch: list[Scan]) -> None:
    """The number is that of who has the asset after the row, or else of who had it before; else there is none.

    asset_tag, timestamp,         event_type, operator_id, issued_to_name, case_number, slot_number, notes
    FREE,      2026-02-02T11:00Z, ISSUE,      gcurl,       bob  lee,       OUT,         OUT,
    HELD,      2026-02-02T11:00Z, SCAN,       gcurl,       ,               ,            ,
    HELD,      2026-02-02T11:00Z, RETURN,     gcurl,       ,               CASE-01,     3,
    FREE,      2026-02-02T11:00Z, RETIRE,     gcurl,       ,               ,            ,            lost
    FREE,      2026-02-02T11:00Z, SCAN,       gcurl,       Bob Lee,        ,            ,
    """
    deed = committed(batch)
    rows = said(list(deed.records))[1:]
    assert [row.get("holder_id") for row in rows] == [2, 1, 1, 2, None]
    assert [row.get("issued_to_name") for row in rows] == ["bob lee", None, None, None, "Bob Lee"]
    assert [row["after"]["holder"] for row in rows] == ["Bob Lee", "Jane Smith", None, None, None]


def test_the_state_is_written_once_for_each_asset(batch: list[Scan]) -> None:
    """However often a batch touches an asset or slot, where it ends is written; a slot that ends as it began is not.

    asset_tag, timestamp,         event_type, operator_id, issued_to_name, case_number, slot_number
    SLOTTED,   2026-02-02T11:00Z, UPDATE,     gcurl,       ,               CASE-01,     3
    SLOTTED,   2026-02-02T11:01Z, UPDATE,     gcurl,       ,               CASE-01,     4
    HELD,      2026-02-02T11:02Z, RETURN,     gcurl,       ,               CASE-01,     1
    OTHER,     2026-02-02T11:03Z, ISSUE,      gcurl,       Bob Lee,        OUT,         OUT
    OTHER,     2026-02-02T11:04Z, RETURN,     gcurl,       ,               CASE-01,     2
    GONE,      2026-02-02T11:05Z, SCAN,       gcurl,       ,               ,
    """
    inventory = room()
    deed = committed(batch, inventory=inventory)
    places = {tag: inventory.assets[tag].place for tag in ("SLOTTED", "HELD", "OTHER", "GONE")}
    assert list(deed.assets) == [
        AssetRow("SLOTTED", inventory.assets["SLOTTED"], None, "2026-02-02T11:01:00.000000Z"),
        AssetRow("HELD", inventory.assets["HELD"], None, "2026-02-02T11:02:00.000000Z"),
        AssetRow("OTHER", inventory.assets["OTHER"], None, "2026-02-02T11:04:00.000000Z"),
        AssetRow("GONE", inventory.assets["GONE"], None, "2026-02-02T11:05:00.000000Z"),
    ]
    assert places == {"SLOTTED": Place("CASE-01", 4), "HELD": OWN, "OTHER": TAKEN, "GONE": None}
    assert deed.vacated == (OWN,)
    assert set(deed.filled) == {(OWN, "HELD"), (Place("CASE-01", 4), "SLOTTED")}


def test_the_state_names_holders_by_number() -> None:
    """An asset in custody is written with its holder's number, a new holder's too."""
    rows = [scan("ISSUE", "FREE", OUT, issued_to_name="Zoe Quill"), scan("SCAN", "HELD"), scan("SCAN", "OTHER")]
    deed = committed(rows, Options(new_holders=True))
    assert [(row.asset_tag, row.holder_id) for row in deed.assets] == [("FREE", 3), ("HELD", 1), ("OTHER", None)]


def test_setting_up_a_station_begins_the_log() -> None:
    """The station's name, zone and public key are one entry, and its own row."""
    deed = station_deeds.set_up_station(STATION, 1, SIGNOFF)
    (record,) = deed.records
    assert said([record]) == [
        SIGNED | {
            "seq": 1, "event_type": "STATION", "station": "assettrack-trial", "timezone": "Europe/Berlin",
            "public_key": "ab" * 32,
        },
    ]  # fmt: skip
    assert (record[:4], deed.station) == ((1, None, None, None), STATION)


def test_preparing_a_case_and_registering_a_holder_are_one_entry_each() -> None:
    """Each typed deed is one entry, facts included."""
    case = place_deeds.prepare_case("CASE-02", 8, 20, SIGNOFF)
    expected = SIGNED | {"seq": 20, "event_type": "CASE", "case_name": "CASE-02", "slots": 8}
    assert (said(list(case.records)), case.cases) == ([expected], (("CASE-02", 8),))
    holder = people_deeds.register_holder(Holder(3, "Zoe Quill"), 20, SIGNOFF)
    expected = SIGNED | {"seq": 20, "event_type": "HOLDER", "holder_id": 3, "name": "Zoe Quill"}
    assert (said(list(holder.records)), holder.holders) == ([expected], (Holder(3, "Zoe Quill"),))


def test_a_slot_deed_says_what_it_did_and_why() -> None:
    """A typed deed about a slot is one entry: asset, before, after, when it was recorded, and the reason given."""
    log = TrialLog(inventory=room())
    before = log.inventory.assets["FREE"]
    assigned, vacated = log.assign("FREE", EMPTY), log.vacate("OTHER", "to be cleaned")
    first, second = said(log.records)
    assert log.records[0][:4] == (1, None, "FREE", None)
    assert (first["event_type"], second["event_type"]) == ("SLOT_ASSIGN", "SLOT_VACATE")
    assert (first["before"]["slot_position"], first["after"]["slot_position"]) == (None, 3)
    assert (first["occurred_at"], first["recorded_at"]) == (log_time(1), log_time(1))
    assert ("reason" in first, second["reason"]) == (False, "to be cleaned")
    after = log.inventory.assets["FREE"]
    assert (before.place, list(assigned.assets)) == (None, [AssetRow("FREE", after, None, log_time(1))])
    assert (assigned.vacated, assigned.filled) == ((), ((EMPTY, "FREE"),))
    assert (vacated.vacated, vacated.filled) == ((TAKEN,), ())


def test_a_move_empties_one_slot_and_fills_the_other() -> None:
    """Both slots of a move are in the one deed."""
    log = TrialLog(inventory=room())
    deed = log.move("SLOTTED", EMPTY)
    assert said(log.records)[0]["event_type"] == "SLOT_MOVE"
    assert (deed.vacated, deed.filled) == ((OWN,), ((EMPTY, "SLOTTED"),))


def log_time(seq: int) -> str:
    """When a trial log does the deed with this number."""
    return f"2026-03-01T00:{seq:02d}:00.000000Z"
