"""Looking holders up: page by page, by name or number, one of them with what they have, and who may be the same.

Owns how the list of holders is narrowed and parted. Contact data is in `contacts`; nothing here may read it.
"""

from collections.abc import Sequence
from itertools import islice

import msgspec

from assettrack.domain import errors
from assettrack.domain.browsing import AssetFilter, ListedAsset
from assettrack.domain.facts import Organisation, ReceiptFact
from assettrack.domain.holders import Holder, HolderRegister, name_key, normal_name
from assettrack.domain.people_deeds import Registration
from assettrack.services.acceptances import OpenAcceptance, open_of
from assettrack.services.awaited_acceptors import AwaitedSaid
from assettrack.services.names import clean_name, name_of, require_named
from assettrack.services.ports import Snapshot, Workplace

PAGE_HOLDERS = 50
PAGE_ASSETS = 50
RECEIPTS_SHOWN = 20

_ALL = 2**31


class HolderFilter(msgspec.Struct, frozen=True):
    """Which holders are wanted; blank means any.

    ``text`` is a part of the name or of the identifier, ``organisation`` a name, ``state`` ``active`` or ``inactive``.
    """

    text: str = ""
    organisation: str = ""
    state: str = ""


class ListedHolder(msgspec.Struct, frozen=True):
    """A holder in a list, and how many assets they have."""

    holder: Holder
    organisation: str
    assets: int


class DirectoryPage(msgspec.Struct, frozen=True):
    """A page of holders by name: the page's number from 1 and how many there are, of ``total`` holders in all."""

    holders: Sequence[ListedHolder]
    total: int
    number: int
    pages: int


class HolderCard(msgspec.Struct, frozen=True):
    """What is known of a holder but contact data: the first of their assets, what waits for them, their receipts.

    ``next_after`` is the tag after which the list of assets goes on, None at its end.
    """

    holder: Holder
    organisation: str
    assets: Sequence[ListedAsset]
    total: int
    next_after: str | None
    open_acceptances: Sequence[OpenAcceptance]
    receipts: Sequence[ReceiptFact]
    more_receipts: bool


def page(workplace: Workplace, wanted: HolderFilter, number: int = 1) -> DirectoryPage:
    """Return a page of the holders that a filter has, by name; the last one where the number is beyond it."""
    with workplace.store.read() as snapshot:
        names = _organisation_names(snapshot)
        found = [holder for holder in _found(snapshot, wanted.text) if _is_wanted(holder, wanted, names)]
        pages = max(1, -(-len(found) // PAGE_HOLDERS))
        number = min(max(number, 1), pages)
        shown = found[(number - 1) * PAGE_HOLDERS : number * PAGE_HOLDERS]
        counted = [
            ListedHolder(
                holder,
                name_of("organisation", names, holder.organisation_id),
                snapshot.browsing.count(AssetFilter(holder_id=holder.holder_id)),
            )
            for holder in shown
        ]
        return DirectoryPage(counted, len(found), number, pages)


def organisations(workplace: Workplace) -> list[str]:
    """Return the names of all organisations, in order."""
    with workplace.store.read() as snapshot:
        return sorted(_organisation_names(snapshot).values(), key=name_key)


def card(workplace: Workplace, name: str, after: str = "", awaited_said: AwaitedSaid | None = None) -> HolderCard:
    """Return what is known of a holder, and the assets after a tag.

    ``awaited_said`` remembers what has to be read of batches for it.

    Raises:
        errors.ValueUnusable: it can't be a name.
        errors.NotFound: nobody of that name is registered.
    """
    with workplace.store.read() as snapshot:
        holder = require_named(snapshot, name)
        wanted = AssetFilter(holder_id=holder.holder_id)
        assets = snapshot.browsing.assets(wanted, after, PAGE_ASSETS + 1)
        receipts = list(islice(snapshot.receipts_of(holder.holder_id), RECEIPTS_SHOWN + 1))
        return HolderCard(
            holder,
            name_of("organisation", _organisation_names(snapshot), holder.organisation_id),
            assets[:PAGE_ASSETS],
            snapshot.browsing.count(wanted),
            assets[PAGE_ASSETS - 1].asset_tag if len(assets) > PAGE_ASSETS else None,
            open_of(snapshot, holder.holder_id, awaited_said),
            receipts[:RECEIPTS_SHOWN],
            len(receipts) > RECEIPTS_SHOWN,
        )


def numbered(workplace: Workplace, holder_id: int) -> Holder:
    """Return a holder by number.

    Raises:
        errors.NotFound: nobody has it.
    """
    with workplace.store.read() as snapshot:
        found = snapshot.holder(holder_id)
    if found is None:
        raise errors.NotFound("holder", str(holder_id))
    return found


def near(workplace: Workplace, asked: Registration, but: Holder | None = None) -> list[Holder]:
    """Return the registered holders who may be whom a registration means: almost the same name, or same identifier.

    ``but`` is the holder who is to be changed into that. Somebody of exactly that name is refused elsewhere.

    Raises:
        errors.ValueUnusable: it can't be a name.
    """
    name = clean_name(asked.name)
    with workplace.store.read() as snapshot:
        known = snapshot.all_holders()
        by_name = {holder.name: holder for holder in known}
        found: list[Holder] = []
        if but is None or normal_name(but.name) != name:
            found += [by_name[each] for each in HolderRegister(known).near(name)]
        organisation = name_key(asked.organisation or "")
        of = {number: name_key(group) for number, group in _organisation_names(snapshot).items()}
        same = (asked.identifier or "", organisation)
        if asked.identifier and (but is None or same != (but.identifier or "", of.get(but.organisation_id, ""))):
            found += [holder for holder in known if (holder.identifier, of.get(holder.organisation_id)) == same]
    others = {holder.holder_id: holder for holder in found if but is None or holder.holder_id != but.holder_id}
    return list(others.values())


def _found(snapshot: Snapshot, text: str) -> Sequence[Holder]:
    """Return the holders with a text in their name or identifier, by name."""
    everybody = snapshot.browsing.holders_with("", _ALL)
    if not text.strip():
        return everybody
    part = name_key(normal_name(text))
    named = {holder.holder_id for holder in snapshot.browsing.holders_with(part, _ALL)}
    return [
        holder
        for holder in everybody
        if holder.holder_id in named or (holder.identifier is not None and part in holder.identifier.casefold())
    ]


def _is_wanted(holder: Holder, wanted: HolderFilter, organisations_named: dict[int, str]) -> bool:
    if wanted.state and holder.active != (wanted.state == "active"):
        return False
    return not wanted.organisation or organisations_named.get(holder.organisation_id) == wanted.organisation


def _organisation_names(snapshot: Snapshot) -> dict[int, str]:
    return {each.organisation_id: each.name for each in snapshot.facts(Organisation)}
