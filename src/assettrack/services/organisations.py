"""Organisations: registering them, and saying which buildings each may use; one deed each."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain import organisation_deeds
from assettrack.domain.facts import Building, BuildingUse, Organisation
from assettrack.domain.holders import near_among
from assettrack.domain.organisation_deeds import Use
from assettrack.services.names import clean_name, name_of
from assettrack.services.ports import Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class RegisteredOrganisation(NamedTuple):
    """An organisation that was registered, and the names of others that are almost the same."""

    organisation: Organisation
    near: list[str]


class OrganisationSummary(msgspec.Struct, frozen=True):
    """An organisation with how many holders it has, and the names of the buildings it may use."""

    organisation_id: int
    name: str
    holders: int
    buildings: Sequence[str]


def register(workplace: Workplace, name: str) -> RegisteredOrganisation:
    """Register an organisation; return it with the names of others that are almost the same.

    Raises:
        errors.ValueUnusable: the name is blank, too long or unprintable.
        errors.DeedRefused: there is one of that name.
    """
    signed = signoff(workplace)
    clean = clean_name(name)
    with refusal_raised(), workplace.store.write() as transaction:
        near = near_among(clean, (each.name for each in transaction.facts(Organisation)))
        transaction.save(organisation_deeds.register_organisation(transaction, clean, transaction.log_size + 1, signed))
        return RegisteredOrganisation(organisation_deeds.require_organisation(transaction, clean), near)


def all_organisations(workplace: Workplace) -> list[OrganisationSummary]:
    """Return all organisations, by number."""
    with workplace.store.read() as snapshot:
        holders = Counter(holder.organisation_id for holder in snapshot.all_holders())
        names = {building.building_key: building.name for building in snapshot.facts(Building)}
        buildings: dict[int, list[str]] = {}
        for use in snapshot.facts(BuildingUse):
            if use.allowed:
                buildings.setdefault(use.organisation_id, []).append(name_of("building", names, use.building_key))
        return [
            OrganisationSummary(number, name, holders[number], buildings.get(number, []))
            for number, name, _ in snapshot.facts(Organisation)
        ]


def set_use(workplace: Workplace, organisation: str, building: str, *, allowed: bool) -> tuple[Use, bool]:
    """Let an organisation use a building, or no longer; return that in full, and whether anything changed.

    Raises:
        errors.ValueUnusable: a name can't be one.
        errors.DeedRefused: there is no such organisation or building.
    """
    signed = signoff(workplace)
    organisation, building = clean_name(organisation, "The organisation"), clean_name(building, "The building")
    with refusal_raised(), workplace.store.write() as transaction:
        use = Use(
            organisation_deeds.require_organisation(transaction, organisation).name,
            organisation_deeds.require_building(transaction, building).name,
            allowed,
        )
        deed = organisation_deeds.set_use(transaction, use, transaction.log_size + 1, signed)
        if deed is not None:
            transaction.save(deed)
    return use, deed is not None
