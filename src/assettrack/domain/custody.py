"""What an ISSUE, a RETURN and a TRANSFER do: who is responsible for an asset right now (DESIGN §3).

Rules have the same form as those in `assets`. Custody is with exactly one holder, or the
asset is in storage; never both, never neither.
"""

from assettrack.domain.assets import Note, note_other_details, note_other_holder, require_living
from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import Asset, Inventory, in_custody, stored
from assettrack.domain.scans import Scan
from assettrack.domain.slots import require_empty_slot
from assettrack.domain.tags import OUT


def issue(scan: Scan, asset: Asset | None, inventory: Inventory, note: Note) -> Asset:
    """Give a stored asset into the custody of a registered holder; its slot is freed.

    Raises:
        NotAllowed: the asset is unknown, retired or in custody, or nobody of that name is registered.
    """
    asset = require_living(scan, asset)
    if asset.holder is not None:
        raise NotAllowed("already_in_custody", "asset_tag", asset_tag=scan.asset_tag, holder=asset.holder)
    holder = inventory.holders.accountable(scan.issued_to_name)
    note_other_details(scan, asset, note)
    return in_custody(asset, holder.name)


def transfer(scan: Scan, asset: Asset | None, inventory: Inventory, note: Note) -> Asset:
    """Move custody from one holder to another, without a stay in storage between.

    Raises:
        NotAllowed: the asset is unknown, retired or not in custody, the holder has it already, or nobody of that
            name is registered.
    """
    asset = require_living(scan, asset)
    if asset.holder is None:
        raise NotAllowed("not_in_custody", "asset_tag", asset_tag=scan.asset_tag, where=asset.where)
    holder = inventory.holders.accountable(scan.issued_to_name)
    if holder.name == asset.holder:
        raise NotAllowed("already_in_custody", "asset_tag", asset_tag=scan.asset_tag, holder=asset.holder)
    note_other_details(scan, asset, note)
    if asset.due_on is not None:
        note("due_ends", None, asset_tag=scan.asset_tag, due_on=asset.due_on)
    return in_custody(asset, holder.name)


def return_to_storage(scan: Scan, asset: Asset | None, inventory: Inventory, note: Note) -> Asset:
    """Take an asset back from its holder into the named empty slot, or with OUT/OUT into none.

    Raises:
        NotAllowed: the asset is unknown, retired or not in custody, or the slot is unknown or taken.
    """
    asset = require_living(scan, asset)
    if asset.holder is None:
        raise NotAllowed("not_in_custody", "asset_tag", asset_tag=scan.asset_tag, where=asset.where)
    place = None if scan.place == OUT else scan.place
    if place is not None:
        require_empty_slot(inventory, place)
    else:
        note("returned_unslotted", None, asset_tag=scan.asset_tag)
    note_other_holder(scan, asset, note)
    note_other_details(scan, asset, note)
    return stored(asset, place)
