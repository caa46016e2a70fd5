"""Looking at assets: their state and their history."""

from collections.abc import Generator, Sequence
from typing import NamedTuple

from assettrack.domain import errors
from assettrack.domain.facts import Correction
from assettrack.domain.inventory import Asset
from assettrack.services.ports import Workplace


def asset(workplace: Workplace, asset_tag: str) -> Asset:
    """Return the state of an asset.

    Raises:
        errors.NotFound: nobody ever scanned it.
    """
    with workplace.store.read() as snapshot:
        found = snapshot.asset(asset_tag)
    if found is None:
        raise errors.NotFound("asset", asset_tag)
    return found


class AssetPage(NamedTuple):
    """An asset's state, and what of its history was corrected by what."""

    asset: Asset
    corrections: Sequence[Correction]


def page(workplace: Workplace, asset_tag: str) -> AssetPage:
    """Return the state of an asset, and what was corrected in the history that led to it.

    Raises:
        errors.NotFound: nobody ever scanned it.
    """
    with workplace.store.read() as snapshot:
        found = snapshot.asset(asset_tag)
        if found is None:
            raise errors.NotFound("asset", asset_tag)
        return AssetPage(found, snapshot.histories.corrections_of(asset_tag))


def all_assets(workplace: Workplace) -> Generator[tuple[str, Asset], None, None]:
    """Yield every asset by tag, with its state."""
    with workplace.store.read() as snapshot:
        for asset_tag, _, state in snapshot.all_assets():
            yield asset_tag, state


class History(NamedTuple):
    """The bodies of all entries about an asset, in the order of the log, and what of it was corrected by what."""

    bodies: Sequence[bytes]
    corrections: Sequence[Correction]


def history(workplace: Workplace, asset_tag: str) -> History:
    """Return all entries about an asset, corrected ones too.

    Raises:
        errors.NotFound: nobody ever scanned it.
    """
    with workplace.store.read() as snapshot:
        if snapshot.asset(asset_tag) is None:
            raise errors.NotFound("asset", asset_tag)
        return History(snapshot.bodies_about(asset_tag), snapshot.histories.corrections_of(asset_tag))
