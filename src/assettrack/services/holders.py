"""Holders: registering them, changing what is known of them, and looking at what they have.

Contact data is in `contacts`; nothing here may read it.
"""

from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from typing import NamedTuple

import msgspec

from assettrack.domain import errors, organisation_deeds, people_deeds
from assettrack.domain.contact_deeds import has_contact
from assettrack.domain.deeds import Signoff
from assettrack.domain.facts import Organisation
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import AD_HOC_ID, Holder
from assettrack.domain.inventory import Asset
from assettrack.domain.people_deeds import HolderChange, Registration
from assettrack.services.acceptances import OpenAcceptance, open_of
from assettrack.services.names import clean_name, name_of, require_named
from assettrack.services.ports import Snapshot, Transaction, Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class Registered(NamedTuple):
    """A holder and the registered names that may be of the same person: almost the same, or the same identifier."""

    holder: Holder
    near: list[str]


class HolderPage(msgspec.Struct, frozen=True):
    """All that is known of a holder but contact data: facts, assets by tag, and what waits to be accepted.

    ``timezone`` is the station's IANA zone.
    """

    holder: Holder
    organisation: str
    has_contact: bool
    assets: Sequence[tuple[str, Asset]]
    open_acceptances: Sequence[OpenAcceptance]
    timezone: str


class HolderUpdate(msgspec.Struct, frozen=True):
    """What is to be changed of a holder; None leaves a thing as it is, a blank identifier takes it away.

    ``with_assets`` lets whoever is made inactive keep what they have, for the reason given. ``seen`` is the
    `details_mark` of what whoever changes it was shown; None where that does not matter.
    """

    name: str | None = None
    organisation: str | None = None
    identifier: str | None = None
    active: bool | None = None
    reason: str | None = None
    with_assets: bool = False
    seen: str | None = None


class Changed(NamedTuple):
    """A holder after a change, whether anything changed, and the registered names that may be of the same person."""

    holder: Holder
    changed: bool
    near: list[str]


def register(
    workplace: Workplace, name: str, *, organisation: str | None = None, identifier: str | None = None
) -> Registered:
    """Register a holder; return it with the registered names that may be of the same person.

    Raises:
        errors.ValueUnusable: the name or identifier is blank, too long or unprintable.
        errors.DeedRefused: somebody of that name is registered already, or there is no such organisation.
    """
    signed = signoff(workplace)
    asked = _clean(Registration(name, organisation, identifier))
    with refusal_raised(), workplace.store.write() as transaction:
        return _Admission(transaction, [asked]).admit(asked, signed)


def register_all(workplace: Workplace, listed: Mapping[int, Registration], list_name: str) -> list[Registered]:
    """Register the holders of a list, by its lines, in one transaction, each with its entry; all of them, or none.

    Raises:
        errors.ValueUnusable: as `register`, for any of them.
        errors.ListRefused: what `register` would refuse, for all of them.
    """
    signed = signoff(workplace)
    asked = {line: _clean(each) for line, each in listed.items()}
    done: list[Registered] = []
    refused: list[tuple[int, NotAllowed]] = []
    with workplace.store.write() as transaction:
        admission = _Admission(transaction, list(asked.values()))
        for line, each in asked.items():
            try:
                done.append(admission.admit(each, signed))
            except NotAllowed as refusal:
                refused.append((line, refusal))
        if refused:
            raise errors.ListRefused(list_name, refused)
    return done


def change(workplace: Workplace, name: str, wanted: HolderUpdate) -> Changed:
    """Change what is known of a holder. Where all of it is so already nothing happens, and nothing is logged.

    Raises:
        errors.ValueUnusable: a new name or identifier can't be one.
        errors.NotFound: nobody of that name is registered.
        errors.DeedRefused: somebody else has the new name, there is no such organisation, the holder is to be
            made inactive and has assets, or was changed since it was seen.
    """
    signed = signoff(workplace)
    new_name = None if wanted.name is None else clean_name(wanted.name, "The new name")
    identifier = clean_name(wanted.identifier, "The identifier") if wanted.identifier else wanted.identifier
    with refusal_raised(), workplace.store.write() as transaction:
        before = require_named(transaction, name)
        after = Holder(
            before.holder_id,
            before.name if new_name is None else new_name,
            before.organisation_id
            if wanted.organisation is None
            else _organisation_id(transaction, wanted.organisation),
            before.identifier if identifier is None else identifier or None,
            before.active if wanted.active is None else wanted.active,
        )
        if wanted.seen is not None and after != before and wanted.seen != details_mark(before):
            raise NotAllowed("holder_changed_since", None, name=before.name)
        asked = HolderChange(after, wanted.reason, wanted.with_assets)
        held = transaction.assets_of(after.holder_id)
        near = _near_of_change(transaction, before, after)
        deed = people_deeds.change_holder(transaction, asked, held, transaction.log_size + 1, signed)
        if deed is not None:
            transaction.save(deed)
    return Changed(after, deed is not None, near)


def details_mark(holder: Holder) -> str:
    """Return what stands for a holder's name, organisation and identifier: others have another."""
    return sha256(msgspec.json.encode([holder.name, holder.organisation_id, holder.identifier])).hexdigest()


def all_holders(workplace: Workplace) -> Sequence[Holder]:
    """Return all holders, by number."""
    with workplace.store.read() as snapshot:
        return snapshot.all_holders()


def organisation_names(workplace: Workplace) -> dict[int, str]:
    """Return the names of all organisations by their numbers."""
    with workplace.store.read() as snapshot:
        return _organisation_names(snapshot)


def organisation_of(holder: Holder, names: Mapping[int, str]) -> str:
    """Return the name of the organisation that a holder belongs to.

    Raises:
        station_errors.DatabaseDamaged: it is gone.
    """
    return name_of("organisation", names, holder.organisation_id)


def page(workplace: Workplace, name: str) -> HolderPage:
    """Return all that is known of a holder but contact data.

    Raises:
        errors.NotFound: nobody of that name is registered.
    """
    with workplace.store.read() as snapshot:
        holder = require_named(snapshot, name)
        tags = snapshot.assets_of(holder.holder_id)
        assets = snapshot.inventory_of(tags, []).assets
        return HolderPage(
            holder,
            organisation_of(holder, _organisation_names(snapshot)),
            has_contact(snapshot, holder.holder_id),
            [(tag, assets[tag]) for tag in tags],
            open_of(snapshot, holder.holder_id),
            snapshot.station().timezone,
        )


class _Admission:
    """Registers holders in one transaction, knowing who of those asked for is registered already."""

    def __init__(self, transaction: Transaction, asked: Sequence[Registration]) -> None:
        self._transaction = transaction
        self._known = transaction.holders_named([each.name for each in asked])
        self._identifiers = _Identifiers(self._known.all if any(each.identifier for each in asked) else ())

    def admit(self, asked: Registration, signed: Signoff) -> Registered:
        """Register the next one.

        Raises:
            NotAllowed: the state does not let us; nothing of this one is saved.
        """
        transaction = self._transaction
        organisation_id = _organisation_id(transaction, asked.organisation)
        near = self._known.near(asked.name)
        holder = Holder(0, asked.name, organisation_id, asked.identifier)
        holder = people_deeds.admit(transaction, self._known, holder)
        found = Registered(holder, _distinct([*near, *self._identifiers.others(holder)]))
        self._identifiers.add(holder)
        transaction.save(people_deeds.register_holder(holder, transaction.log_size + 1, signed))
        return found


class _Identifiers:
    """Who has which identifier in which organisation."""

    def __init__(self, holders: Iterable[Holder]) -> None:
        self._names: dict[tuple[int, str], list[str]] = {}
        for holder in holders:
            self.add(holder)

    def add(self, holder: Holder) -> None:
        """Add a holder, with or without an identifier."""
        if holder.identifier is not None:
            self._names.setdefault((holder.organisation_id, holder.identifier), []).append(holder.name)

    def others(self, holder: Holder) -> list[str]:
        """Return the names of those who have this holder's identifier in the same organisation."""
        return self._names.get((holder.organisation_id, holder.identifier or ""), [])


def _clean(asked: Registration) -> Registration:
    identifier = None if asked.identifier is None else clean_name(asked.identifier, "The identifier")
    return Registration(clean_name(asked.name), asked.organisation, identifier)


def _organisation_id(snapshot: Snapshot, name: str | None) -> int:
    if name is None:
        return AD_HOC_ID
    return organisation_deeds.require_organisation(snapshot, clean_name(name, "The organisation")).organisation_id


def _near_of_change(snapshot: Snapshot, before: Holder, after: Holder) -> list[str]:
    """Return the names of others who may be the same person, as far as a change lets one think so."""
    near = []
    if after.name != before.name:
        near += snapshot.holders_named([after.name]).near(after.name)
    if after.identifier is not None and (after.organisation_id, after.identifier) != (
        before.organisation_id,
        before.identifier,
    ):
        near += _Identifiers(snapshot.all_holders()).others(after)
    return _distinct(name for name in near if name != before.name)


def _organisation_names(snapshot: Snapshot) -> dict[int, str]:
    return {each.organisation_id: each.name for each in snapshot.facts(Organisation)}


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
