"""Deeds about organisations and where they work: organisations, buildings, rooms, and who may use which building.

Owns which of these names are free. Names match as names of people do (`holders.name_key`), and the first
spelling is kept. A room is named as `building_room` names it in a batch, so no room and building share a name.
"""

from typing import NamedTuple

from assettrack.domain.deeds import Deed, Signoff, signed_by, single
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.people import BuildingEntry, BuildingUseEntry, OrganisationEntry, RoomEntry
from assettrack.domain.facts import Building, BuildingUse, KnownFacts, Organisation, Room
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import NAME_RULE, is_name, name_key
from assettrack.domain.state import Again, State, signoff_of
from assettrack.domain.wording import quoted


class Use(NamedTuple):
    """That an organisation may use a building from now on, or may no longer."""

    organisation: str
    building: str
    allowed: bool


def require_organisation(known: KnownFacts, name: str) -> Organisation:
    """Return the organisation that a name means in any spelling.

    Raises:
        NotAllowed: there is none of that name.
    """
    key = name_key(name)
    for organisation in known.facts(Organisation):
        if organisation.name_key == key:
            return organisation
    raise NotAllowed("unknown_organisation", "organisation", name=name)


def require_building(known: KnownFacts, name: str) -> Building:
    """Return the building that a name means in any spelling.

    Raises:
        NotAllowed: there is none of that name.
    """
    building = known.fact(Building, name_key(name))
    if building is None:
        raise NotAllowed("unknown_building", "building", name=name)
    return building


def register_organisation(known: KnownFacts, name: str, seq: int, signoff: Signoff) -> Deed:
    """Register an organisation under the next number.

    Raises:
        NotAllowed: there is one of that name, or it can't be one.
    """
    _require_name(name)
    key = name_key(name)
    for organisation in known.facts(Organisation):
        if organisation.name_key == key:
            raise NotAllowed("organisation_exists", "name", name=organisation.name)
    last = known.last(Organisation)
    assert last is not None, "every station has one from the start"
    number = last.organisation_id + 1
    entry = OrganisationEntry(seq, organisation_id=number, name=name, **signed_by(signoff))
    return single(entry, facts=(Organisation(number, name, key),))


def register_building(known: KnownFacts, name: str, seq: int, signoff: Signoff) -> Deed:
    """Register a building.

    Raises:
        NotAllowed: there is a building or room of that name, or it can't be one.
    """
    _require_free_place(known, name)
    entry = BuildingEntry(seq, building=name, **signed_by(signoff))
    return single(entry, facts=(Building(name_key(name), name),))


def register_room(known: KnownFacts, name: str, building_name: str, seq: int, signoff: Signoff) -> Deed:
    """Register a room in a building.

    Raises:
        NotAllowed: there is no such building, there is a room or building of that name, or it can't be one.
    """
    building = require_building(known, building_name)
    _require_free_place(known, name)
    entry = RoomEntry(seq, room=name, building=building.name, **signed_by(signoff))
    return single(entry, facts=(Room(name_key(name), name, building.building_key),))


def set_use(known: KnownFacts, use: Use, seq: int, signoff: Signoff) -> Deed | None:
    """Record whether an organisation may use a building from now on; None where it is so already.

    Raises:
        NotAllowed: there is no such organisation or building.
    """
    organisation = require_organisation(known, use.organisation)
    building = require_building(known, use.building)
    key = (organisation.organisation_id, building.building_key)
    before = known.fact(BuildingUse, *key)
    if use.allowed == (before is not None and bool(before.allowed)):
        return None
    entry = BuildingUseEntry(
        seq,
        organisation_id=organisation.organisation_id,
        organisation=organisation.name,
        building=building.name,
        allowed=use.allowed,
        **signed_by(signoff),
    )
    return single(entry, facts=(BuildingUse(*key, int(use.allowed)),))


def register_organisation_again(entry: OrganisationEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    return register_organisation(state, entry.name, entry.seq, signoff_of(entry))


def register_building_again(entry: BuildingEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    return register_building(state, entry.building, entry.seq, signoff_of(entry))


def register_room_again(entry: RoomEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    return register_room(state, entry.room, entry.building, entry.seq, signoff_of(entry))


def set_use_again(entry: BuildingUseEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    deed = set_use(state, Use(entry.organisation, entry.building, entry.allowed), entry.seq, signoff_of(entry))
    if deed is None:
        raise NotAllowed("nothing_changes", None)
    return deed


def _require_name(name: str) -> None:
    if not is_name(name):
        raise NotAllowed("name_invalid", "name", name=quoted(name, 40), rule=NAME_RULE)


def _require_free_place(known: KnownFacts, name: str) -> None:
    """Make sure that a name can be a building's or a room's, and is not one yet."""
    _require_name(name)
    building = known.fact(Building, name_key(name))
    if building is not None:
        raise NotAllowed("building_exists", "name", name=building.name)
    room = known.fact(Room, name_key(name))
    if room is not None:
        raise NotAllowed("room_exists", "name", name=room.name)


AGAIN: dict[type[DeedEntry], Again] = {
    OrganisationEntry: register_organisation_again,
    BuildingEntry: register_building_again,
    RoomEntry: register_room_again,
    BuildingUseEntry: set_use_again,
}
"""How the replay decides each kind of entry once more."""
