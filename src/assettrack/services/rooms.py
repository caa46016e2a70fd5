"""Buildings and rooms: registering them, one deed each, and looking at them."""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain import organisation_deeds
from assettrack.domain.facts import Building, BuildingUse, Organisation, Room
from assettrack.domain.holders import near_among
from assettrack.services.names import clean_name, name_of
from assettrack.services.ports import Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class RegisteredPlace(NamedTuple):
    """The name of a building or room that was registered, its building's, and the names that are almost the same."""

    name: str
    building: str
    near: list[str]


class BuildingSummary(msgspec.Struct, frozen=True):
    """A building with its rooms, and the organisations that may use it; where there are none, all may."""

    name: str
    rooms: Sequence[str]
    organisations: Sequence[str]


def register_building(workplace: Workplace, name: str) -> RegisteredPlace:
    """Register a building; return it with the names of others that are almost the same.

    Raises:
        errors.ValueUnusable: the name is blank, too long or unprintable.
        errors.DeedRefused: there is a building or room of that name.
    """
    signed = signoff(workplace)
    clean = clean_name(name)
    with refusal_raised(), workplace.store.write() as transaction:
        near = near_among(clean, (each.name for each in transaction.facts(Building)))
        transaction.save(organisation_deeds.register_building(transaction, clean, transaction.log_size + 1, signed))
    return RegisteredPlace(clean, clean, near)


def register_room(workplace: Workplace, name: str, building: str) -> RegisteredPlace:
    """Register a room in a building; return it with the names of others that are almost the same.

    Raises:
        errors.ValueUnusable: the name is blank, too long or unprintable.
        errors.DeedRefused: there is no such building, or there is a room or building of that name.
    """
    signed = signoff(workplace)
    clean, of = clean_name(name), clean_name(building, "The building")
    with refusal_raised(), workplace.store.write() as transaction:
        found = organisation_deeds.require_building(transaction, of)
        near = near_among(clean, (each.name for each in transaction.facts(Room)))
        seq = transaction.log_size + 1
        transaction.save(organisation_deeds.register_room(transaction, clean, found.name, seq, signed))
    return RegisteredPlace(clean, found.name, near)


def all_buildings(workplace: Workplace) -> list[BuildingSummary]:
    """Return all buildings by name, with their rooms and who may use them."""
    with workplace.store.read() as snapshot:
        organisations = {each.organisation_id: each.name for each in snapshot.facts(Organisation)}
        rooms: dict[str, list[str]] = {}
        uses: dict[str, list[str]] = {}
        for room in snapshot.facts(Room):
            rooms.setdefault(room.building_key, []).append(room.name)
        for use in snapshot.facts(BuildingUse):
            if use.allowed:
                uses.setdefault(use.building_key, []).append(
                    name_of("organisation", organisations, use.organisation_id)
                )
        return [BuildingSummary(name, rooms.get(key, []), uses.get(key, [])) for key, name in snapshot.facts(Building)]


def all_rooms(workplace: Workplace, building: str | None = None) -> list[tuple[str, str]]:
    """Return all rooms by name, or those of one building, each with its building.

    Raises:
        errors.ValueUnusable: the name can't be a building's.
        errors.DeedRefused: there is no such building.
    """
    with refusal_raised(), workplace.store.read() as snapshot:
        only = None
        if building is not None:
            only = organisation_deeds.require_building(snapshot, clean_name(building, "The building")).building_key
        names = {each.building_key: each.name for each in snapshot.facts(Building)}
        rooms = (room for room in snapshot.facts(Room) if only in {None, room.building_key})
        return [(room.name, name_of("building", names, room.building_key)) for room in rooms]
