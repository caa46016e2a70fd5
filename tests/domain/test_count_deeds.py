"""What is allowed with a count, and what each deed of it leads to; all replayed alike."""

import msgspec
import pytest

from assettrack.domain import count_deeds, counts, organisation_deeds
from assettrack.domain.count_deeds import Closing, ScansToAdd
from assettrack.domain.counts import RESULTS, SIGHTINGS_PER_ENTRY_MAX
from assettrack.domain.entries.counts import CountCloseEntry, CountScansEntry, CountScope, CountStartEntry, Sighting
from assettrack.domain.facts import Count, CountScans, Expected
from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import stored
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
    scope, frozen, _ = trial.state.running_counts[count_id]
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
    """It takes no scan and is not signed off again; the refusal names the entry that closed it."""
    start(trial)
    close(trial)
    with pytest.raises(NotAllowed, match="count_closed") as caught:
        count_deeds.add_scans(trial.state, ScansToAdd(1, [seen("A")]), trial.seq, SIGNOFF)
    assert caught.value.facts == {"count_id": 1, "seq": 2}
    with pytest.raises(NotAllowed, match="count_closed"):
        count_deeds.close_count(trial.state, Closing(1, {}), trial.seq, SIGNOFF)


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


def test_a_count_is_signed_off_with_so_many_exceptions(trial: TrialState, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than that are refused, so that the entry stays small; what was found does not count."""
    monkeypatch.setattr(counts, "EXCEPTIONS_MAX", 1)
    start(trial)
    with pytest.raises(NotAllowed, match="count_exceptions_number") as caught:
        close(trial)
    assert caught.value.facts == {"count": 2, "limit": 1}
    scan(trial, seen("A"))
    assert close(trial, seen("A")).exceptions == {"missing": ("B",)}


def test_the_largest_result_fits_into_a_mebibyte(trial: TrialState) -> None:
    """With the longest tags the entry that signs a count off stays below the longest line of an export too."""
    start(trial)
    tags = [f"A{number:029}" for number in range(counts.EXCEPTIONS_MAX)]
    closing = Closing(1, dict.fromkeys(tags, "missing"), "r" * 4096)
    (record,) = count_deeds.close_count(trial.state, closing, trial.seq, SIGNOFF).records
    assert len(record.body.replace(b'"', b'\\"')) < (1 << 20) - 8192


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
    for field, value in (("totals", {"missing": 1}), ("exceptions", {"missing": ("A",)})):
        deed = count_deeds.close_count(state, Closing(1, results), trial.seq, SIGNOFF)
        forged = trial.forged(deed, **{field: value})
        running = state.running_counts[1]
        assert next(trial.replay(forged).records) != forged
        state.running_counts[1] = running
