"""Looking around: cases as they are filled, assets by filter, and whatever a text may mean."""

from collections.abc import Sequence
from typing import NamedTuple

from assettrack.domain import errors
from assettrack.domain.browsing import AssetFilter, ListedAsset, Occupant
from assettrack.domain.facts import Correction
from assettrack.domain.holders import Holder, name_key, normal_name
from assettrack.domain.holdings import CaseFill
from assettrack.domain.inventory import Asset
from assettrack.domain.tags import NotATag, parse_asset_tag, parse_case_name
from assettrack.domain.wedge import read_typed
from assettrack.services.ports import Snapshot, Workplace

PAGE_ASSETS = 50
FOUND_MAX = 20
"""So many of each kind are shown for a search."""

HELD_SHOWN = 5
"""So many of a found holder's assets are named; the holder's own page has all."""


class AssetPage(NamedTuple):
    """A page of assets, how many there are in all, and the tag after which the next page begins (None: none)."""

    assets: Sequence[ListedAsset]
    total: int
    next_after: str | None


class FoundHolder(NamedTuple):
    """A holder that a search found, the first of the assets they have, by tag, and how many they have in all."""

    holder: Holder
    assets: Sequence[ListedAsset]
    total: int


class Found(NamedTuple):
    """What a text may mean. ``only`` is where to go when it can mean one thing only: its kind and its name."""

    assets: Sequence[ListedAsset]
    cases: Sequence[str]
    holders: Sequence[FoundHolder]
    only: tuple[str, str] | None


class AssetCard(NamedTuple):
    """All that is known of an asset: its state, the bodies of its entries, and what of them was corrected by what."""

    asset_tag: str
    asset: Asset
    bodies: Sequence[bytes]
    corrections: Sequence[Correction]


class KnownTypes:
    """Tells the types that assets are of, and remembers them until an entry is added; for all threads of a process."""

    def __init__(self) -> None:
        self._known: tuple[int, Sequence[str]] = (0, ())

    def find(self, workplace: Workplace) -> Sequence[str]:
        """Return every type that an asset is of, in order."""
        with workplace.store.read() as snapshot:
            known = self._known
            if known[0] != snapshot.log_size:
                known = self._known = (snapshot.log_size, snapshot.browsing.equipment_types())
            return known[1]


def cases(workplace: Workplace) -> list[CaseFill]:
    """Return all cases by name, with how many of their slots are taken."""
    with workplace.store.read() as snapshot:
        return list(snapshot.reports.case_fills())


def case(workplace: Workplace, case_name: str) -> Sequence[Occupant]:
    """Return the slots of a case with what is in them.

    Raises:
        errors.NotFound: there is no such case.
    """
    with workplace.store.read() as snapshot:
        found = snapshot.browsing.occupants(case_name)
    if not found:
        raise errors.NotFound("case", case_name)
    return found


def asset_page(workplace: Workplace, wanted: AssetFilter, after: str = "", *, limit: int = PAGE_ASSETS) -> AssetPage:
    """Return a page of at most ``limit`` of the assets that a filter has, by tag."""
    with workplace.store.read() as snapshot:
        found = snapshot.browsing.assets(wanted, after, limit + 1)
        more = found[limit - 1].asset_tag if len(found) > limit else None
        return AssetPage(found[:limit], snapshot.browsing.count(wanted), more)


def asset(workplace: Workplace, asset_tag: str) -> AssetCard:
    """Return all that is known of an asset.

    Raises:
        errors.NotFound: nobody ever scanned it.
    """
    with workplace.store.read() as snapshot:
        found = snapshot.asset(asset_tag)
        if found is None:
            raise errors.NotFound("asset", asset_tag)
        corrections = snapshot.histories.corrections_of(asset_tag)
        return AssetCard(asset_tag, found, snapshot.bodies_about(asset_tag), corrections)


def search(workplace: Workplace, raw: str) -> Found:
    """Return whatever a scanned or typed text may mean: assets by tag or serial number, cases, and holders."""
    text = read_typed(raw).text
    if not text:
        return Found((), (), (), None)
    tag, case_name = _tag(text), _case_name(text)
    with workplace.store.read() as snapshot:
        look = snapshot.browsing
        by_tag = look.assets(AssetFilter(text=tag), "", FOUND_MAX) if tag else ()
        seen = {listed.asset_tag for listed in by_tag}
        serial = [found for found in look.tags_by_serial(text, FOUND_MAX) if found not in seen]
        by_serial = [listed for found in serial for listed in look.assets(AssetFilter(text=found), "", 1)]
        found_cases = look.cases_from(case_name, FOUND_MAX) if case_name else ()
        found_holders = [
            _with_assets(snapshot, each) for each in look.holders_with(name_key(normal_name(text)), FOUND_MAX)
        ]
    assets = [*by_tag, *by_serial]
    return Found(assets, found_cases, found_holders, _only(text, assets, found_cases, found_holders))


def _with_assets(snapshot: Snapshot, holder: Holder) -> FoundHolder:
    """Return a holder with what they have."""
    held = AssetFilter(holder_id=holder.holder_id)
    return FoundHolder(holder, snapshot.browsing.assets(held, "", HELD_SHOWN), snapshot.browsing.count(held))


def _only(
    text: str, assets: Sequence[ListedAsset], cases_found: Sequence[str], found_holders: Sequence[FoundHolder]
) -> tuple[str, str] | None:
    """Return what a text names exactly, where that is one thing."""
    upper = text.upper()
    exact = [("asset", each.asset_tag) for each in assets if upper == each.asset_tag or text == each.serial_number]
    exact += [("case", name) for name in cases_found if name == upper]
    holders = [each.holder.name for each in found_holders]
    exact += [("holder", name) for name in holders if name_key(name) == name_key(normal_name(text))]
    return exact[0] if len(exact) == 1 else None


def _tag(text: str) -> str:
    try:
        return parse_asset_tag(text)
    except NotATag:
        return ""


def _case_name(text: str) -> str:
    try:
        return parse_case_name(text)
    except NotATag:
        return ""
