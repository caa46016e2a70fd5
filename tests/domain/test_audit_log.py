"""The log's entries: their one canonical form, what each kind holds, and that reading is as strict as writing."""

import json
from typing import Any, Literal, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assettrack.domain.accounts import ROLES, Role
from assettrack.domain.audit_log import AnyEntry, decode_body, encode_body, event_type
from assettrack.domain.entries.accounts import AccountFacts, SecurityEventKind
from assettrack.domain.entries.base import DeedEntry, NotAnEntry
from assettrack.domain.entries.counts import CountScope, Rule, Sighting
from assettrack.domain.entries.people import ContactEntry, HolderChangeEntry, HolderEntry, HolderFacts
from assettrack.domain.entries.places import AssignEntry, CaseEntry
from assettrack.domain.entries.rows import ROW_ENTRIES, RowEntry, scan_of
from assettrack.domain.inventory import Asset
from assettrack.domain.plans import ACCEPTED_HOW, Acceptance, AcceptedHow, Options
from assettrack.domain.scan_answers import Answers, LeftOut
from assettrack.domain.scans import EVENT_TYPES, Scan, identity_text, place_cells, row_identity
from assettrack.domain.tags import OUT, Place
from tests.domain.trial_log import TrialLog
from tests.domain.trial_room import EMPTY, LAPTOP, scan, scanned

texts = st.text(st.characters(codec="utf-8"), max_size=8)
maybe = st.none() | texts
counts = st.integers(1, 2**40)
assets = st.builds(
    Asset, st.sampled_from(["STORAGE", "IN_CUSTODY", "RETIRED"]), maybe, st.none() | counts, maybe, texts,
    maybe, maybe, maybe, maybe, maybe, maybe,
)  # fmt: skip
how = st.sampled_from(ACCEPTED_HOW)
options = st.builds(
    Options,
    defaults=st.dictionaries(texts, texts, max_size=3),
    new_holders=st.booleans(),
    only_new=st.booleans(),
    late_reason=maybe,
    due_on=maybe,
    accepted=st.none() | st.builds(Acceptance, how, maybe),
)
some_texts = st.lists(texts, max_size=3).map(tuple)
facts = st.builds(HolderFacts, texts, counts, maybe, st.booleans())
sightings = st.builds(Sighting, texts, texts, maybe, st.none() | counts)
scopes = st.builds(CountScope, some_texts, maybe, st.none() | counts)

roles = st.sampled_from(ROLES)
account_facts = st.builds(AccountFacts, roles, st.booleans())

answers = st.builds(
    Answers,
    left_out=st.lists(st.builds(LeftOut, counts, texts), max_size=2).map(tuple),
    taken=st.lists(counts, max_size=2).map(tuple),
    operator=texts,
    event_type=st.sampled_from([None, "SCAN", "ISSUE"]),
    same_scans=st.booleans(),
)

KINDS: dict[Any, st.SearchStrategy[Any]] = {
    str: texts, int: counts, bool: st.booleans(), str | None: maybe, int | None: st.none() | counts,
    Asset: assets, Asset | None: st.none() | assets, Options: options, HolderFacts: facts, CountScope: scopes,
    dict[str, str]: st.dictionaries(texts, texts, max_size=3), dict[str, int]: st.dictionaries(texts, counts),
    dict[str, tuple[str, ...]]: st.dictionaries(texts, some_texts, max_size=3),
    tuple[Sighting, ...]: st.lists(sightings, max_size=3).map(tuple), AcceptedHow: how,
    tuple[int, ...]: st.lists(counts, max_size=3).map(tuple),
    Answers: answers, Role: roles, AccountFacts: account_facts,
    SecurityEventKind: st.sampled_from(get_args(SecurityEventKind)),
    int | Literal["", "OUT"]: counts | st.sampled_from(["", "OUT"]),
    Rule: st.sampled_from(get_args(Rule)),
}  # fmt: skip
"""What can stand in a field of an entry, by the field's type."""


def entries_of(kind: type[AnyEntry]) -> st.SearchStrategy[AnyEntry]:
    """Entries of one kind, each field filled at random, whether it has a default or not."""
    return st.builds(kind, **{field.name: KINDS[field.type] for field in msgspec.structs.fields(kind)})


entries: st.SearchStrategy[AnyEntry] = st.one_of(*map(entries_of, get_args(AnyEntry)))


@given(entries)
def test_a_body_is_canonical_json(entry: AnyEntry) -> None:
    """A body is JSON with sorted keys and no white space, in UTF-8: what any JSON program makes of it again."""
    body = encode_body(entry)
    again = json.dumps(json.loads(body), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    assert body == again.encode()


@given(entries)
def test_a_body_says_everything(entry: AnyEntry) -> None:
    """What is read from a body is the entry that was written."""
    assert decode_body(encode_body(entry)) == entry


def test_each_kind_is_named_in_its_body() -> None:
    """The kinds of rows are the events of a file and the TRANSFER; every entry says its kind under ``event_type``."""
    assert set(ROW_ENTRIES) == {*EVENT_TYPES, "TRANSFER"}
    assert len({kind.__struct_config__.tag for kind in get_args(AnyEntry)}) == len(get_args(AnyEntry))
    log = TrialLog()
    log.station()
    (record,) = log.records
    assert (event_type(decode_body(record.body)), json.loads(record.body)["event_type"]) == ("STATION", "STATION")


@pytest.fixture
def log(request: pytest.FixtureRequest) -> TrialLog:
    """A log with a station, a case, a holder, and the batch in the test's docstring."""
    _, _, text = request.function.__doc__.partition("\n\n")
    log = TrialLog()
    log.station()
    log.case("CASE-01", 4)
    log.holder("Jane Smith")
    log.batch(scanned(text))
    return log


def test_a_row_holds_what_was_read_and_what_it_did(log: TrialLog) -> None:
    """A row's entry holds its cells, time as received and as UTC, batch and row, before and after; blank cells don't.

    asset_tag, timestamp,              event_type, operator_id, issued_to_name, case_number, slot_number, equipment_type
    lt-1,      2026-02-02 12:00+01:00, scan,       gcurl,       ,               case-01,     SLOT-02,     laptop
    LT-1,      2026-02-02T11:01Z,      ISSUE,      gcurl,       JANE  smith,    out,         OUT,
    """
    slotted = {
        "status": "STORAGE", "case_name": "CASE-01", "slot_position": 2, "holder": None, "equipment_type": "laptop",
    }  # fmt: skip
    held = slotted | {"status": "IN_CUSTODY", "case_name": None, "slot_position": None, "holder": "Jane Smith"}
    created, issued = (json.loads(record.body) for record in log.records[-2:])
    assert created == {
        "seq": 5, "event_type": "SCAN", "batch_id": 1, "row_number": 1, "asset_tag": "LT-1", "operator_id": "gcurl",
        "timestamp": "2026-02-02 12:00+01:00", "occurred_at": "2026-02-02T11:00:00.000000Z",
        "case_number": "CASE-01", "slot_number": 2, "equipment_type": "laptop", "before": None, "after": slotted,
    }  # fmt: skip
    assert issued == {
        "seq": 6, "event_type": "ISSUE", "batch_id": 1, "row_number": 2, "asset_tag": "LT-1", "operator_id": "gcurl",
        "timestamp": "2026-02-02T11:01Z", "occurred_at": "2026-02-02T11:01:00.000000Z",
        "issued_to_name": "JANE smith", "case_number": "OUT", "slot_number": "OUT", "holder_id": 1,
        "before": slotted, "after": held,
    }  # fmt: skip


def test_a_batch_states_its_facts_once(log: TrialLog) -> None:
    """Source, options, operator, time of the station's clock and version stand in one entry and in no row.

    asset_tag, timestamp,         event_type, operator_id, equipment_type
    LT-1,      2026-02-02T11:00Z, SCAN,       gcurl,       laptop
    """
    facts, row = (json.loads(record.body) for record in log.records[-2:])
    assert facts == {
        "seq": 4, "event_type": "BATCH", "batch_id": 1, "rows": 1, "source_name": "scans-1.csv",
        "source_sha256": f"{1:064x}", "operator": "gcurl", "recorded_at": "2026-03-01T00:04:00.000000Z",
        "version": "0.1.0", "options": {},
    }  # fmt: skip
    assert set(facts) & set(row) == {"seq", "event_type", "batch_id"}


def test_holders_are_named_by_number_and_name_and_never_by_contact_data() -> None:
    """No entry about a holder has a place for contact data: only its hash is there, in an entry of its own."""
    known = {"name", "organisation_id", "identifier"}
    signed = set(DeedEntry.__struct_fields__)
    assert set(HolderEntry.__struct_fields__) - signed == known | {"holder_id", "batch_id"}
    assert set(HolderFacts.__struct_fields__) == known | {"active"}
    changed = {"holder_id", "before", "after", "reason", "with_assets"}
    assert set(HolderChangeEntry.__struct_fields__) - signed == changed
    assert set(ContactEntry.__struct_fields__) - signed == {"holder_id", "name", "contact_sha256"}
    log = TrialLog()
    log.station()
    log.holder("Zoë Quill")
    assert json.loads(log.records[-1].body)["name"] == "Zoë Quill"
    assert "Zoë Quill".encode() in log.records[-1].body  # readable, not escaped


GOOD = encode_body(CaseEntry(2, case_name="CASE-01", slots=4, operator="gcurl", recorded_at="x", version="1"))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"CASE"',
        b"\xff" + GOOD,
        GOOD[:-1],
        GOOD + b"}",
        GOOD.replace(b'"CASE"', b'"CHEST"'),
        GOOD.replace(b'"event_type":"CASE",', b""),
        GOOD.replace(b'"seq":2,', b""),
        GOOD.replace(b'"slots":4', b'"slots":"4"'),
        GOOD.replace(b'"slots":4', b'"slots":4.5'),
        GOOD.replace(b'"slots":4', b'"slots":4,"sluts":4'),
        GOOD.replace(b"gcurl", b"gc\xfcrl"),
        GOOD.replace(b"gcurl", b"gc\\ud800rl"),
        GOOD.replace(b'"gcurl"', b"[" * 100_000),
    ],
)
def test_what_is_no_entry(body: bytes) -> None:
    """A body that is not JSON, of no known kind, or lacks, adds or misspells anything, is no entry."""
    decode_body(GOOD)
    with pytest.raises(NotAnEntry):
        decode_body(body)


def row_entry(of: Scan) -> RowEntry:
    """The entry that a log keeps of a row, as it is read from the log again."""
    log = TrialLog()
    log.station()
    log.case("CASE-01", 4)
    log.holder("Bob Lee")
    if of.event_type != "SCAN":
        log.batch([scan("SCAN", of.asset_tag, at="2026-02-02T10:00Z", equipment_type="laptop")])
    if of.event_type in {"RETURN", "TRANSFER"}:
        log.holder("Jane Smith")
        log.batch([scan("ISSUE", of.asset_tag, OUT, at="2026-02-02T10:30Z")])
    log.batch([of])
    entry = decode_body(log.records[-1].body)
    assert isinstance(entry, RowEntry)
    return entry


@pytest.mark.parametrize(
    "row",
    [
        scan("SCAN", "LT-1", EMPTY, equipment_type="laptop", serial_number="S1", notes="dented,\n\tbut works"),
        scan("SCAN", "LT-1", OUT, equipment_type="laptop", issued_to_name="Zoë Quill"),
        scan("ISSUE", "LT-1", OUT, manufacturer="Dell", model="XPS", model_code="X", building_room="B1"),
        scan("RETURN", "LT-1", EMPTY),
        scan("TRANSFER", "LT-1", OUT, issued_to_name="Jane Smith", notes="on leave"),
        scan("UPDATE", "LT-1", at="2026-02-02T11:00:00.123456789Z"),
        scan("RETIRE", "LT-1"),
    ],
)
def test_the_row_can_be_read_from_its_entry(row: Scan) -> None:
    """An entry keeps all that was read of its row, so that its identity can be computed again."""
    assert scan_of(row_entry(row)) == msgspec.structs.replace(row, timestamp=row.received)


def test_the_ordinal_of_identical_rows_is_kept() -> None:
    """Of identical rows each entry says the how-many-eth it is; the first need not."""
    cells = "LT-1,2026-02-02T11:00Z,SCAN,gcurl,laptop\n"
    log = TrialLog()
    log.station()
    log.batch(scanned("asset_tag,timestamp,event_type,operator_id,equipment_type\n" + cells * 3))
    entries = [decode_body(record.body) for record in log.records[-3:]]
    found = [scan_of(entry) for entry in entries if isinstance(entry, RowEntry)]
    assert [row.ordinal for row in found] == [1, 2, 3]
    assert [row.identity for row in found] == [record.identity for record in log.records[-3:]]
    assert ["ordinal" in json.loads(record.body) for record in log.records[-3:]] == [False, True, True]


@pytest.mark.parametrize(
    ("case", "slot"), [("CASE-01", ""), ("", 2), ("CASE-01", "OUT"), ("OUT", 2), ("", "OUT"), ("OUT", "")]
)
def test_a_row_whose_case_and_slot_do_not_go_together_is_no_entry(case: str, slot: str | int) -> None:
    """Both or neither, and OUT only as a pair: an entry that says otherwise was not made from a row."""
    entry = msgspec.structs.replace(row_entry(scan("RETIRE", "LT-1")), case_number=case, slot_number=slot)
    with pytest.raises(NotAnEntry, match="case and slot"):
        scan_of(entry)


@pytest.mark.parametrize("time", ["", "2026-02-02T11:00:00Z", "2026-02-02T11:00:00.000000Zx"])
def test_a_row_at_a_time_that_can_not_be_compared_is_no_entry(time: str) -> None:
    """Times are kept as UTC texts of one width, so that they compare as times do; anything else was not written so."""
    entry = msgspec.structs.replace(row_entry(scan("RETIRE", "LT-1")), occurred_at=time)
    with pytest.raises(NotAnEntry, match="its time"):
        scan_of(entry)


@pytest.mark.parametrize("place", [None, OUT, Place("CASE-01", 3)])
def test_an_identity_is_made_of_all_cells_and_the_ordinal(place: Place | None) -> None:
    """What names a row is the hash over its normalised cells in the contract's order, and its ordinal (DESIGN §5)."""
    entry = row_entry(scan("SCAN", "LT-1", place, equipment_type="laptop", notes="n"))
    cells = ["LT-1", "2026-02-02T11:00:00.000000Z", "SCAN", "gcurl", "", *place_cells(place), "", "laptop"]
    expected = row_identity(identity_text([*cells, "", "", "", "", "n"]), 1)
    assert scan_of(entry).identity == expected


def test_before_and_after_are_the_asset_whole() -> None:
    """The state in an entry is the asset with all its fields; those that are nothing are left out."""
    body = encode_body(AssignEntry(
        3, asset_tag="LT-1", occurred_at="x", before=LAPTOP, after=LAPTOP, operator="g", recorded_at="x", version="1"
    ))  # fmt: skip
    assert json.loads(body)["before"] == {
        "status": "STORAGE", "case_name": None, "slot_position": None, "holder": None, "equipment_type": "laptop",
        "building_room": "B1-101", "manufacturer": "Dell", "model": "Latitude", "model_code": "L5440",
    }  # fmt: skip
    assert "reason" not in json.loads(body)
