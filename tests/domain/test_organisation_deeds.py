"""Which names of organisations, buildings and rooms are free, and who may use a building; all replayed alike."""

import pytest

from assettrack.domain import organisation_deeds as deeds
from assettrack.domain.entries.people import BuildingEntry, BuildingUseEntry, OrganisationEntry, RoomEntry
from assettrack.domain.facts import Building, BuildingUse, Organisation, Room
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import AD_HOC_ID, near_among
from assettrack.domain.organisation_deeds import Use
from tests.domain.trial_state import SIGNOFF, TrialState

FIRE = Organisation(2, "Fire Department", "fire department")
HQ = Building("hq", "HQ")


@pytest.fixture
def trial() -> TrialState:
    """A state with the Fire Department, the building HQ and its room HQ 101."""
    trial = TrialState()
    trial.follow(deeds.register_organisation(trial.state, "Fire Department", trial.seq, SIGNOFF))
    trial.follow(deeds.register_building(trial.state, "HQ", trial.seq, SIGNOFF))
    trial.follow(deeds.register_room(trial.state, "HQ 101", "hq", trial.seq, SIGNOFF))
    return trial


def test_what_is_registered_is_known(trial: TrialState) -> None:
    """Organisations are numbered after Ad Hoc, the first; a room is known with its building's key."""
    assert list(trial.state.facts(Organisation)) == [Organisation(AD_HOC_ID, "Ad Hoc", "ad hoc"), FIRE]
    assert list(trial.state.facts(Building)) == [HQ]
    assert list(trial.state.facts(Room)) == [Room("hq 101", "HQ 101", "hq")]


def test_entries_say_names_and_numbers(trial: TrialState) -> None:
    """An entry holds the first spelling; a room's its building's."""
    state = trial.state
    made = [
        trial.follow(deeds.register_organisation(state, "Police", trial.seq, SIGNOFF)),
        trial.follow(deeds.register_building(state, "Annex", trial.seq, SIGNOFF)),
        trial.follow(deeds.register_room(state, "Annex 7", "ANNEX", trial.seq, SIGNOFF)),
    ]
    organisation, building, room = made
    assert isinstance(organisation, OrganisationEntry)
    assert (organisation.organisation_id, organisation.name) == (3, "Police")
    assert isinstance(building, BuildingEntry)
    assert building.building == "Annex"
    assert isinstance(room, RoomEntry)
    assert (room.room, room.building) == ("Annex 7", "Annex")


@pytest.mark.parametrize("name", ["Fire Department", "FIRE  department", "ad hoc"])
def test_an_organisation_is_registered_once(trial: TrialState, name: str) -> None:
    """In any spelling; Ad Hoc is there from the start."""
    with pytest.raises(NotAllowed, match="organisation_exists"):
        deeds.register_organisation(trial.state, name, trial.seq, SIGNOFF)


@pytest.mark.parametrize(("name", "code"), [("hq", "building_exists"), ("Hq  101", "room_exists")])
def test_no_building_and_room_share_a_name(trial: TrialState, name: str, code: str) -> None:
    """A name means one place: it is free for neither a building nor a room once it is one of the two."""
    with pytest.raises(NotAllowed, match=code):
        deeds.register_building(trial.state, name, trial.seq, SIGNOFF)
    with pytest.raises(NotAllowed, match=code):
        deeds.register_room(trial.state, name, "HQ", trial.seq, SIGNOFF)


@pytest.mark.parametrize("name", ["", "x" * 201, "a\tb"])
def test_what_is_no_name(trial: TrialState, name: str) -> None:
    """Blank, too long and unprintable names are refused for all three."""
    state, seq = trial.state, trial.seq
    with pytest.raises(NotAllowed, match="name_invalid"):
        deeds.register_organisation(state, name, seq, SIGNOFF)
    with pytest.raises(NotAllowed, match="name_invalid"):
        deeds.register_building(state, name, seq, SIGNOFF)
    with pytest.raises(NotAllowed, match="name_invalid"):
        deeds.register_room(state, name, "HQ", seq, SIGNOFF)


def test_a_room_is_in_a_known_building(trial: TrialState) -> None:
    """A room can't be in a building that is not registered, nor in a room."""
    for building in ("Annex", "HQ 101"):
        with pytest.raises(NotAllowed, match="unknown_building"):
            deeds.register_room(trial.state, "Annex 7", building, trial.seq, SIGNOFF)


def test_a_building_is_allowed_and_no_longer_allowed(trial: TrialState) -> None:
    """Each change is an entry with both names in full, and the fact says how it is now; no change is no deed."""
    allowed, back = Use("fire department", "hq", allowed=True), Use("Fire Department", "HQ", allowed=False)
    assert deeds.set_use(trial.state, back, trial.seq, SIGNOFF) is None
    entry = trial.follow(deeds.set_use(trial.state, allowed, trial.seq, SIGNOFF))
    assert isinstance(entry, BuildingUseEntry)
    assert (entry.organisation_id, entry.organisation, entry.building) == (2, "Fire Department", "HQ")
    assert entry.allowed
    assert list(trial.state.facts(BuildingUse)) == [BuildingUse(2, "hq", 1)]
    assert deeds.set_use(trial.state, allowed, trial.seq, SIGNOFF) is None
    trial.follow(deeds.set_use(trial.state, back, trial.seq, SIGNOFF))
    assert list(trial.state.facts(BuildingUse)) == [BuildingUse(2, "hq", 0)]
    assert deeds.set_use(trial.state, back, trial.seq, SIGNOFF) is None
    trial.follow(deeds.set_use(trial.state, allowed, trial.seq, SIGNOFF))


@pytest.mark.parametrize(
    ("use", "code"),
    [
        (Use("Police", "HQ", allowed=True), "unknown_organisation"),
        (Use("Ad Hoc", "Annex", allowed=True), "unknown_building"),
    ],
)
def test_only_what_is_known_is_allowed(trial: TrialState, use: Use, code: str) -> None:
    """An organisation or building that is not registered is refused."""
    with pytest.raises(NotAllowed, match=code):
        deeds.set_use(trial.state, use, trial.seq, SIGNOFF)


def test_an_entry_that_changes_nothing_is_not_replayed(trial: TrialState) -> None:
    """An entry that allows what is allowed already is illegal."""
    deed = deeds.set_use(trial.state, Use("Fire Department", "HQ", allowed=True), trial.seq, SIGNOFF)
    with pytest.raises(NotAllowed, match="nothing_changes"):
        trial.replay(trial.forged(deed, allowed=False))


@pytest.mark.parametrize("changes", [{"organisation_id": 1}, {"organisation": "FIRE DEPARTMENT"}, {"building": "hq"}])
def test_a_forged_entry_is_made_otherwise(trial: TrialState, changes: dict[str, object]) -> None:
    """A wrong number, or another spelling than the first, is not what the rules make."""
    deed = deeds.set_use(trial.state, Use("Fire Department", "HQ", allowed=True), trial.seq, SIGNOFF)
    forged = trial.forged(deed, **changes)
    assert next(trial.replay(forged).records) != forged


def test_names_almost_the_same_are_found_among_any() -> None:
    """Within two letters whatever the case, nearest first, digits the same, the name itself left out."""
    names = ["Fire Department", "Fire Departments", "Fire Departmints", "Police", "HQ 101", "HQ 102", "HQ  1o1"]
    assert near_among("fire department", names) == ["Fire Departments", "Fire Departmints"]
    assert near_among("HQ 103", names) == []
    assert near_among("HG 101", names) == ["HQ 101"]
    assert near_among("Police", names) == []
    assert near_among("Police", []) == []
