"""Deeds about people: who is registered as a holder, and what is known of them.

Owns what is allowed to be said of a holder. Must never hold contact data: see `contact_deeds`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from assettrack.domain.deeds import Deed, Signoff, signed_by, single
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.people import HolderChangeEntry, HolderEntry, HolderFacts
from assettrack.domain.facts import KnownFacts, Organisation
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import AD_HOC_ID, NAME_RULE, Holder, HolderRegister, is_name
from assettrack.domain.inventory import Inventory
from assettrack.domain.state import Again, State, signoff_of
from assettrack.domain.wording import counted, quoted

ASSETS_NAMED = 5
"""So many of a holder's assets are named where they are in the way."""


class Registration(NamedTuple):
    """What is said of a holder who is to be registered; without an organisation it is Ad Hoc."""

    name: str
    organisation: str | None = None
    identifier: str | None = None


class HolderChange(msgspec.Struct, frozen=True):
    """What is to be known of a holder from now on, and why.

    ``with_assets`` says that whoever is made inactive may keep what they have; that needs a reason.
    """

    after: Holder
    reason: str | None = None
    with_assets: bool = False


def admit(known: KnownFacts, register: HolderRegister, asked: Holder) -> Holder:
    """Register a holder under the next number; all else is as asked for.

    Raises:
        NotAllowed: somebody has that name, it or the identifier can't be one, or there is no such organisation.
    """
    if asked.organisation_id != AD_HOC_ID:
        _require_organisation(known, asked.organisation_id)
    _require_identifier(asked.identifier)
    return register.register(asked.name, asked.organisation_id, asked.identifier)


def register_holder(holder: Holder, seq: int, signoff: Signoff) -> Deed:
    """Record that a holder was registered."""
    entry = HolderEntry(
        seq,
        holder_id=holder.holder_id,
        name=holder.name,
        organisation_id=holder.organisation_id,
        identifier=holder.identifier,
        **signed_by(signoff),
    )
    return msgspec.structs.replace(single(entry), holders=(holder,))


def require_holder(known: KnownFacts, holder_id: int) -> Holder:
    """Return a holder by number.

    Raises:
        NotAllowed: nobody has it.
    """
    holder = known.holder(holder_id)
    if holder is None:
        raise NotAllowed("unknown_holder", "holder_id", name=holder_id, near="")
    return holder


def change_holder(
    known: KnownFacts, change: HolderChange, held: Sequence[str], seq: int, signoff: Signoff
) -> Deed | None:
    """Change what is known of a holder; None where it is so already.

    ``held`` are the tags of the assets the holder has; they matter where the holder is made inactive.

    Raises:
        NotAllowed: nobody has the number, somebody else has the name, the name or identifier can't be one, there
            is no such organisation, or the holder is to be made inactive and has assets.
    """
    after = change.after
    before = require_holder(known, after.holder_id)
    if after == before:
        return None
    if after.name != before.name:
        _require_free_name(known, after)
    _require_organisation(known, after.organisation_id)
    _require_identifier(after.identifier)
    kept = held if before.active and not after.active else ()
    if kept and not (change.with_assets and change.reason):
        more = f" and {len(kept) - ASSETS_NAMED} more" if len(kept) > ASSETS_NAMED else ""
        some = f"{', '.join(kept[:ASSETS_NAMED])}{more}"
        raise NotAllowed("holder_has_assets", "name", name=before.name, assets=counted(len(kept), "asset"), some=some)
    entry = HolderChangeEntry(
        seq,
        holder_id=after.holder_id,
        before=HolderFacts.of(before),
        after=HolderFacts.of(after),
        reason=change.reason,
        with_assets=len(kept),
        **signed_by(signoff),
    )
    return msgspec.structs.replace(single(entry), changed_holders=(after,))


def held_by(inventory: Inventory, holder: Holder) -> list[str]:
    """Return the tags of the assets that a holder has; the inventory must hold everything."""
    return sorted(tag for tag in inventory.custody if inventory.assets[tag].holder == holder.name)


def register_holder_again(entry: HolderEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    asked = Holder(0, entry.name, entry.organisation_id, entry.identifier)
    holder = admit(state, state.inventory.holders, asked)
    return register_holder(holder, entry.seq, signoff_of(entry))


def change_holder_again(entry: HolderChangeEntry, state: State) -> Deed:
    """Decide the deed of an entry once more. A new name is from now on that in the state of all the holder has."""
    inventory = state.inventory
    after = entry.after.holder(entry.holder_id)
    before = require_holder(state, after.holder_id)
    held = held_by(inventory, before) if (after.name, after.active) != (before.name, before.active) else []
    change = HolderChange(after, entry.reason, with_assets=entry.with_assets > 0)
    deed = change_holder(state, change, held, entry.seq, signoff_of(entry))
    if deed is None:
        raise NotAllowed("nothing_changes", None)
    inventory.holders.replace(before, after)
    if after.name != before.name:
        for tag in held:
            inventory.assets[tag] = msgspec.structs.replace(inventory.assets[tag], holder=after.name)
    return deed


def _require_free_name(known: KnownFacts, holder: Holder) -> None:
    if not is_name(holder.name):
        raise NotAllowed("holder_name_invalid", "name", name=quoted(holder.name, 40), rule=NAME_RULE)
    other = known.holders_named([holder.name]).named(holder.name)
    if other is not None and other.holder_id != holder.holder_id:
        raise NotAllowed("holder_exists", "name", name=other.name)


def _require_organisation(known: KnownFacts, organisation_id: int) -> None:
    if known.fact(Organisation, organisation_id) is None:
        raise NotAllowed("unknown_organisation", "organisation_id", name=organisation_id)


def _require_identifier(identifier: str | None) -> None:
    if identifier is not None and not is_name(identifier):
        raise NotAllowed("identifier_invalid", "identifier", identifier=quoted(identifier, 40), rule=NAME_RULE)


AGAIN: dict[type[DeedEntry], Again] = {
    HolderEntry: register_holder_again,
    HolderChangeEntry: change_holder_again,
}
"""How the replay decides each kind of entry once more."""
