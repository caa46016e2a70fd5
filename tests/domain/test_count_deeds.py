"""What is allowed with a count, and what each deed of it leads to; all replayed alike."""

from collections.abc import Mapping

import msgspec
import pytest

from assettrack.domain import count_deeds, counts, organisation_deeds, station_deeds
from assettrack.domain.audit_log import decode_body, encode_body
from assettrack.domain.count_deeds import Abandoning, Closing, ScansToAdd
from assettrack.domain.counts import RESULTS, SIGHTINGS_PER_ENTRY_MAX, Result
from assettrack.domain.deeds import Record, Station
from assettrack.domain.entries.counts import (
    CountAbandonEntry,
    CountCloseEntry,
    CountExceptionsEntry,
    CountScansEntry,
    CountScope,
    CountStartEntry,
    Sighting,
)
from assettrack.domain.facts import Count, CountScans, Expected
from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import stored
from assettrack.domain.replay import IllegalEntry, Replay
from assettrack.domain.state import State
from assettrack.domain.tags import Place
from tests.domain.trial_state import LAPTOP, NOW_TEXT, SIGNOFF, TrialState

CASE = CountScope(("C1",))
NOBODY = CountScope(holder_id=9)
C1, C2 = Place("C1", 1), Place("C1", 2)


@pytest.fixture
def trial() -> TrialState:
    """Case C1 of three slots with A in the first and B in the second; D in room North 12; Jane has H."""
    trial = TrialState()
    inventory = trial.state.inventory
    inventory.add_case("C1", 3)
    inventory.add_case("C2", 1)
    inventory.add_asset("A", stored(LAPTOP, C1), NOW_TEXT)
    inventory.add_asset("B", stored(LAPTOP, C2), NOW_TEXT)
    inventory.add_asset("D", msgspec.structs.replace(LAPTOP, building_room="North 12"), NOW_TEXT)
    inventory.holders.register("Jane Smith")
    trial.give("Jane Smith", "H")
    return trial


def start(trial: TrialState, scope: CountScope = CASE) -> CountStartEntry:
    """Begin a count."""
    opening = count_deeds.open_count(trial.state, scope, trial.state.inventory)
    entry = trial.follow(count_deeds.start_count(opening, trial.seq, SIGNOFF))
    assert isinstance(entry, CountStartEntry)
    return entry


def scan(trial: TrialState, *sightings: Sighting, count_id: int = 1) -> CountScansEntry:
    """Add scans to a count."""
    entry = trial.follow(count_deeds.add_scans(trial.state, ScansToAdd(count_id, sightings), trial.seq, SIGNOFF))
    assert isinstance(entry, CountScansEntry)
    return entry


def close(trial: TrialState, *sightings: Sighting, count_id: int = 1) -> CountCloseEntry:
    """Sign a count off whose scans were these."""
    scope, frozen, *_ = trial.state.running_counts[count_id]
    inside = counts.within(scope, count_deeds.holder_of(trial.state, scope))
    results = counts.settle(frozen, counts.gather(sightings), inside, trial.state.inventory)
    closing = Closing(count_id, results, "with Bob")
    entry = trial.follow(count_deeds.close_count(trial.state, closing, trial.seq, SIGNOFF))
    assert isinstance(entry, CountCloseEntry)
    return entry


def seen(tag: str, case: str | None = None, slot: int | None = None) -> Sighting:
    """One scan."""
    return Sighting(tag, NOW_TEXT, case, slot)


def test_a_count_from_begin_to_end(trial: TrialState) -> None:
    """What is expected is frozen when it begins; scans are added; signed off it says how everything ended."""
    begun = start(trial)
    assert (begun.count_id, begun.scope, begun.expected) == (1, CASE, 2)
    state = trial.state
    assert list(state.facts(Count)) == [Count(1, 1, None)]
    assert list(state.facts(Expected)) == [Expected(1, "A", *C1, None), Expected(1, "B", *C2, None)]
    scans = (seen("A"), seen("NEW", "C1", 3))
    assert scan(trial, *scans).scans == scans
    assert list(state.facts(CountScans)) == [CountScans(1, 2)]
    ended = close(trial, *scans)
    assert ended.totals == dict.fromkeys(RESULTS, 0) | {"found": 1, "missing": 1, "unknown_tag": 1}
    assert (ended.exceptions, ended.remark) == ({"missing": ("B",), "unknown_tag": ("NEW",)}, "with Bob")
    assert list(state.facts(Count)) == [Count(1, 1, 3)]
    assert state.running_counts == {}


def test_what_moves_meanwhile_is_told_by_the_state_at_the_end(trial: TrialState) -> None:
    """The expectation stays as it was; an asset moved on record before the end is not missing."""
    start(trial)
    trial.state.inventory.apply("A", stored(LAPTOP, C1), stored(LAPTOP, None), NOW_TEXT)
    assert close(trial).exceptions == {"missing": ("B",), "moved_during_count": ("A",)}


def test_counts_are_numbered_and_may_overlap(trial: TrialState) -> None:
    """Each has its own expectation and scans, whatever order they end in."""
    assert [start(trial).count_id, start(trial, CountScope()).count_id, start(trial, CountScope(("C2",))).count_id] == [
        1, 2, 3,
    ]  # fmt: skip
    scan(trial, seen("A"), count_id=2)
    scan(trial, seen("B"), count_id=1)
    assert close(trial, seen("A"), count_id=2).exceptions == {"missing": ("B", "D")}
    assert close(trial, seen("B"), count_id=1).exceptions == {"missing": ("A",)}
    assert start(trial).count_id == 4


def test_a_scope_is_kept_in_one_form(trial: TrialState) -> None:
    """Cases in order and once; a room as the station manages it, else as it was asked for with its spaces collapsed."""
    assert start(trial, CountScope(("C2", "C1", "C2"))).scope.cases == ("C1", "C2")
    assert start(trial, CountScope(room=" north  12")).scope.room == "north 12"
    trial.follow(organisation_deeds.register_building(trial.state, "North", trial.seq, SIGNOFF))
    trial.follow(organisation_deeds.register_room(trial.state, "North 12", "North", trial.seq, SIGNOFF))
    assert start(trial, CountScope(room="NORTH 12")).scope.room == "North 12"
    assert start(trial, CountScope(room="north")).scope.room == "North"
    assert start(trial, CountScope(holder_id=1)).expected == 1


@pytest.mark.parametrize(
    ("scope", "code"),
    [
        (CountScope(("C1",), room="North 12"), "count_scope_mixed"),
        (CountScope(("C1",), holder_id=1), "count_scope_mixed"),
        (CountScope(room="North 12", holder_id=1), "count_scope_mixed"),
        (CountScope(("C1", "C9")), "unknown_case"),
        (CountScope(room="South"), "count_room_unknown"),
        (CountScope(room=""), "count_room_unknown"),
        (NOBODY, "count_holder_unknown"),
    ],
)
def test_a_scope_that_is_refused(trial: TrialState, scope: CountScope, code: str) -> None:
    """A scope is of one thing, which the station knows; a blank room is not everything."""
    with pytest.raises(NotAllowed, match=code):
        count_deeds.open_count(trial.state, scope, trial.state.inventory)


def test_a_managed_room_may_be_empty(trial: TrialState) -> None:
    """A room that is registered can be counted though nothing is recorded in it: what is seen there is unexpected."""
    trial.follow(organisation_deeds.register_building(trial.state, "South", trial.seq, SIGNOFF))
    assert start(trial, CountScope(room="south")).expected == 0


@pytest.mark.parametrize("count_id", [0, 2])
def test_an_unknown_count_is_refused(trial: TrialState, count_id: int) -> None:
    """Nothing can be added to it, and it can't be signed off."""
    start(trial)
    with pytest.raises(NotAllowed, match="unknown_count"):
        count_deeds.add_scans(trial.state, ScansToAdd(count_id, [seen("A")]), trial.seq, SIGNOFF)
    with pytest.raises(NotAllowed, match="unknown_count"):
        count_deeds.close_count(trial.state, Closing(count_id, {}), trial.seq, SIGNOFF)


def test_a_closed_count_stays_as_it_is(trial: TrialState) -> None:
    """It takes no scan, is not signed off again and not abandoned; the refusal names the entry that closed it."""
    start(trial)
    close(trial)
    must_have_ended(trial, 2)


def must_have_ended(trial: TrialState, seq: int) -> None:
    """Make sure that nothing more can be done with count 1, which ended with an entry."""
    with pytest.raises(NotAllowed, match="count_ended") as caught:
        count_deeds.add_scans(trial.state, ScansToAdd(1, [seen("A")]), trial.seq, SIGNOFF)
    assert caught.value.facts == {"count_id": 1, "seq": seq}
    with pytest.raises(NotAllowed, match="count_ended"):
        count_deeds.close_count(trial.state, Closing(1, {}), trial.seq, SIGNOFF)
    with pytest.raises(NotAllowed, match="count_ended"):
        count_deeds.abandon_count(trial.state, Abandoning(1, "wrong room"), trial.seq, SIGNOFF)


def test_an_abandoned_count_stays_as_it_is(trial: TrialState) -> None:
    """It ends with an entry that says why, whatever was scanned, and is open no more; others go on."""
    start(trial)
    start(trial)
    scan(trial, seen("A"))
    entry = trial.follow(count_deeds.abandon_count(trial.state, Abandoning(1, "wrong room"), trial.seq, SIGNOFF))
    assert isinstance(entry, CountAbandonEntry)
    assert (entry.seq, entry.count_id, entry.reason, entry.operator) == (4, 1, "wrong room", SIGNOFF.operator)
    assert list(trial.state.facts(Count)) == [Count(1, 1, 4), Count(2, 2, None)]
    assert set(trial.state.running_counts) == {2}
    must_have_ended(trial, 4)
    assert close(trial, count_id=2).totals["missing"] == 2


@pytest.mark.parametrize(
    ("abandoning", "code"),
    [(Abandoning(2, "wrong room"), "unknown_count"), (Abandoning(1, ""), "count_reason_missing")],
)
def test_what_can_not_be_abandoned(trial: TrialState, abandoning: Abandoning, code: str) -> None:
    """A count that is not known, and one for no reason."""
    start(trial)
    with pytest.raises(NotAllowed, match=code):
        count_deeds.abandon_count(trial.state, abandoning, trial.seq, SIGNOFF)


@pytest.mark.parametrize("count", [0, SIGHTINGS_PER_ENTRY_MAX + 1])
def test_an_entry_holds_so_many_scans(trial: TrialState, count: int) -> None:
    """At least one and at most the limit."""
    start(trial)
    with pytest.raises(NotAllowed, match="count_scans_number"):
        count_deeds.add_scans(trial.state, ScansToAdd(1, [seen("A")] * count), trial.seq, SIGNOFF)


def test_the_largest_entry_fits_into_a_mebibyte(trial: TrialState) -> None:
    """With the longest tags and names an entry of scans stays below the longest line of an export, quotes doubled."""
    start(trial)
    longest = [seen("A" * 30, "C" * 30, 500)] * SIGHTINGS_PER_ENTRY_MAX
    deed = count_deeds.add_scans(trial.state, ScansToAdd(1, longest, "n" * 255, "a" * 64), trial.seq, SIGNOFF)
    (record,) = deed.records
    assert len(record.body.replace(b'"', b'\\"')) < 1 << 20


@pytest.mark.parametrize(
    "sighting",
    [
        seen("a"), seen("OUT"), seen(""), seen("A B"), seen("A", "c1"), seen("A", "OUT"), seen("A", ""),
        seen("A", None, 1), seen("A", "C1", 0), seen("A", "C1", 501), seen("A", "C1", -1),
    ],
)  # fmt: skip
def test_what_is_no_scan_is_refused(trial: TrialState, sighting: Sighting) -> None:
    """Tags and cases stand in their normal form, and a slot has its case."""
    start(trial)
    with pytest.raises(NotAllowed, match="count_scan_invalid"):
        count_deeds.add_scans(trial.state, ScansToAdd(1, [seen("A"), sighting]), trial.seq, SIGNOFF)


def test_places_that_are_not_known_are_kept(trial: TrialState) -> None:
    """What was scanned is evidence, also where the station knows no such case or slot."""
    start(trial)
    scans = (seen("A", "C77", 3), seen("B", "C1", 500))
    scan(trial, *scans)
    assert close(trial, *scans).exceptions == {"wrong_slot": ("A", "B")}


def begun(results: Mapping[str, Result]) -> TrialState:
    """The state in which a count of nothing has begun and just these tags were scanned, none of which is known."""
    trial = TrialState()
    trial.state.inventory.add_case("C1", 3)
    start(trial)
    scan(trial, *map(seen, results))
    return trial


def test_many_exceptions_are_told_by_several_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that don't fit into the first follow it, in order; all of them together are the deed."""
    monkeypatch.setattr(counts, "EXCEPTIONS_PER_ENTRY_MAX", 2)
    trial = begun(dict.fromkeys(["N1", "N2", "N3", "N4", "N5"], "unknown_tag"))
    closing = Closing(1, dict.fromkeys(["N1", "N2", "N3", "N4", "N5"], "unknown_tag"))
    records = list(count_deeds.close_count(trial.state, closing, trial.seq, SIGNOFF).records)
    first, *others = [decode_body(record.body) for record in records]
    assert isinstance(first, CountCloseEntry)
    assert (first.seq, first.totals["unknown_tag"], first.parts) == (3, 5, 2)
    assert first.exceptions == {"unknown_tag": ("N1", "N2")}
    assert [(each.seq, each.exceptions) for each in others if isinstance(each, CountExceptionsEntry)] == [
        (4, {"unknown_tag": ("N3", "N4")}), (5, {"unknown_tag": ("N5",)}),
    ]  # fmt: skip
    made = trial.replay(records[0])
    assert list(made.records) == records
    assert list(made.facts) == [Count(1, 1, 3)]


@pytest.mark.parametrize(
    ("listed", "limit", "parts"),
    [
        ({}, 2, [{}]),
        ({"missing": ("A", "B")}, 2, [{"missing": ("A", "B")}]),
        ({"missing": ("A", "B", "C")}, 2, [{"missing": ("A", "B")}, {"missing": ("C",)}]),
        ({"missing": ("A",), "unexpected": ("B", "C")}, 2, [{"missing": ("A",), "unexpected": ("B",)},
                                                            {"unexpected": ("C",)}]),
        ({"missing": ("A", "B"), "unexpected": ("C",)}, 2, [{"missing": ("A", "B")}, {"unexpected": ("C",)}]),
    ],
)  # fmt: skip
def test_exceptions_are_cut_into_parts(
    monkeypatch: pytest.MonkeyPatch, listed: dict[str, tuple[str, ...]], limit: int, parts: list[object]
) -> None:
    """Each part but the last is full, none is empty but where there is nothing, and all come in their order."""
    monkeypatch.setattr(counts, "EXCEPTIONS_PER_ENTRY_MAX", limit)
    assert counts.parts(listed) == parts


def test_a_count_of_a_million_exceptions(trial: TrialState) -> None:
    """As many as a station may have assets: each entry stays below the longest line of an export."""
    start(trial)
    tags = [f"A{number:029}" for number in range(1_000_000)]
    closing = Closing(1, dict.fromkeys(tags, "missing"), "r" * 4096)
    told = 0
    for record in count_deeds.close_count(trial.state, closing, trial.seq, SIGNOFF).records:
        assert len(record.body.replace(b'"', b'\\"')) < (1 << 20) - 8192
        entry = decode_body(record.body)
        assert isinstance(entry, CountCloseEntry | CountExceptionsEntry)
        told += len(entry.exceptions["missing"])
    assert told == len(tags)


def log_of_many(monkeypatch: pytest.MonkeyPatch) -> list[Record]:
    """A log in which a count was signed off by entries 4, 5 and 6, and another begun after that."""
    monkeypatch.setattr(counts, "EXCEPTIONS_PER_ENTRY_MAX", 2)
    state, station = State(), Station("station", "UTC", "00" * 32)
    tags = ["N1", "N2", "N3", "N4", "N5"]
    records = [
        *station_deeds.set_up_station(station, 1, SIGNOFF).records,
        *count_deeds.start_count(count_deeds.open_count(state, CountScope(), state.inventory), 2, SIGNOFF).records,
    ]
    state.put(Count(1, 2, None))
    records += count_deeds.add_scans(state, ScansToAdd(1, [seen(tag) for tag in tags]), 3, SIGNOFF).records
    records += count_deeds.close_count(state, Closing(1, dict.fromkeys(tags, "unknown_tag")), 4, SIGNOFF).records
    opening = count_deeds.open_count(state, CountScope(), state.inventory)
    return [*records, *count_deeds.start_count(opening, 7, SIGNOFF).records]


def test_several_entries_are_replayed_as_one_deed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is legal as it is."""
    replay = Replay()
    replay.run(iter(log_of_many(monkeypatch)))
    assert list(replay.state.facts(Count)) == [Count(1, 2, 4), Count(2, 7, None)]


def renumbered(record: Record, seq: int) -> Record:
    """A record that says another number."""
    entry = decode_body(record.body)
    return record._replace(seq=seq, body=encode_body(msgspec.structs.replace(entry, seq=seq)))


@pytest.mark.parametrize(
    ("kept", "seq", "said"),
    [
        ([1, 2, 3, 4, 5], 6, "Entry 6 is missing"),
        ([1, 2, 3, 4], 5, "Entry 5 is missing"),
        ([1, 2, 3, 4, 6, 5, 7], 5, "Entry 5 does not follow"),
        ([1, 2, 3, 4, 5, 7], 6, "Entry 6 does not follow"),
        ([1, 2, 3, 5, 4, 6], 4, "does not follow the entry that it belongs to"),
        ([1, 2, 3, 4, 5, 6, 6], 7, "does not follow the entry that it belongs to"),
    ],
)
def test_a_part_that_is_missing_moved_or_too_many_is_named(
    monkeypatch: pytest.MonkeyPatch, kept: list[int], seq: int, said: str
) -> None:
    """Whatever is done to the entries that follow, the first that is not as the rules make it is named."""
    records = log_of_many(monkeypatch)
    forged = [renumbered(records[number - 1], place) for place, number in enumerate(kept, 1)]
    with pytest.raises(IllegalEntry, match=said) as caught:
        Replay().run(iter(forged))
    assert caught.value.seq == seq


def test_a_forged_part_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tag in it that the rules don't find there leads to that very entry."""
    records = log_of_many(monkeypatch)
    records[5] = records[5]._replace(body=records[5].body.replace(b"N5", b"N6"))
    with pytest.raises(IllegalEntry, match="Entry 6 does not follow") as caught:
        Replay().run(iter(records))
    assert caught.value.seq == 6


def test_what_is_done_with_an_abandoned_count_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a log in which a count was abandoned before its scans were added, these are not allowed."""
    records = log_of_many(monkeypatch)
    state = State()
    state.put(Count(1, 2, None))
    abandoned = count_deeds.abandon_count(state, Abandoning(1, "wrong room"), 3, SIGNOFF)
    with pytest.raises(IllegalEntry, match="Entry 4 is not allowed: Count 1 ended with entry 3") as caught:
        Replay().run(iter([*records[:2], *abandoned.records, renumbered(records[2], 4)]))
    assert caught.value.seq == 4


def test_forged_entries_lead_elsewhere(trial: TrialState) -> None:
    """An entry that says another number, scope, total or tag than the rules make is not made again by the replay."""
    state = trial.state
    opening = count_deeds.open_count(state, CASE, state.inventory)
    for changes in ({"expected": 1}, {"count_id": 2}, {"scope": CountScope(("C1", "C1"))}):
        forged = trial.forged(count_deeds.start_count(opening, trial.seq, SIGNOFF), **changes)
        assert next(trial.replay(forged).records) != forged
    state.running_counts.clear()
    start(trial)
    results = counts.settle(opening.frozen, {}, counts.within(CASE, None), state.inventory)
    for field, value in (("totals", {"missing": 1}), ("exceptions", {"missing": ("A",)}), ("parts", 1)):
        deed = count_deeds.close_count(state, Closing(1, results), trial.seq, SIGNOFF)
        forged = trial.forged(deed, **{field: value})
        running = state.running_counts[1]
        assert next(trial.replay(forged).records) != forged
        state.running_counts[1] = running
