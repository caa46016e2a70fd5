"""What a count proposes to mend: moves of assets that were seen in another slot than recorded.

Owns which of them can be proposed, and in which order, so that each finds its slot free; assets that have changed
places with each other go by way of no slot. It only proposes: what is done is a batch that somebody previews. Must
never propose anything for what was not seen, nor a slot of which something else is recorded that stays there.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from assettrack.domain.counts import Seen
from assettrack.domain.facts import Expected
from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import Inventory, SlotKey
from assettrack.domain.slots import require_slot
from assettrack.domain.tags import OUT, Place


class LeftOut(NamedTuple):
    """An asset in a wrong slot for which nothing is proposed, and why: a code of the catalogue and its sentence."""

    asset_tag: str
    code: str
    message: str


class ProposedMoves(NamedTuple):
    """Assets with the slots to record them in (`OUT`: none for now), in an order that works; and those left out."""

    moves: Sequence[tuple[str, Place]]
    left_out: Sequence[LeftOut]


def propose(
    misplaced: Mapping[str, tuple[Expected, Seen]], inventory: Inventory, moved: Collection[str]
) -> ProposedMoves:
    """Return what to mend of assets that were seen in another slot than recorded.

    The inventory must hold their present state, and the slots in which they were seen. Those that were ``moved`` since
    the count began are left out, wherever they are by now.
    """
    together = Counter((seen.case_name or "", seen.slot_position or 0) for _, seen in misplaced.values())
    wanted: dict[Place, str] = {}
    left_out = []
    for tag, (expected, seen) in sorted(misplaced.items()):
        try:
            wanted[_target(expected, seen, together, inventory, moved)] = tag
        except NotAllowed as refusal:
            left_out.append(_left_out(tag, refusal))
    moves = _in_order(wanted, inventory)
    proposed = {tag for tag, _ in moves}
    for place, tag in wanted.items():
        if tag not in proposed:
            occupant = inventory.slots[place]
            left_out.append(_left_out(tag, NotAllowed("slot_taken", None, place=place, occupant=occupant)))
    return ProposedMoves(moves, sorted(left_out))


def _target(
    expected: Expected, seen: Seen, together: Mapping[SlotKey, int], inventory: Inventory, moved: Collection[str]
) -> Place:
    """Return the slot in which an asset was seen; ``together`` is how many were seen in each.

    Raises:
        NotAllowed: it can't be recorded there as things are now.
    """
    tag = expected.asset_tag
    now = inventory.assets[tag]
    is_elsewhere = (now.case_name, now.slot_position) != (expected.case_name, expected.slot_position)
    if tag in moved or now.status != "STORAGE" or is_elsewhere:
        raise NotAllowed("count_moved_since", None, asset_tag=tag, where=now.where)
    if seen.case_name is None or seen.slot_position is None:
        raise NotAllowed("count_slot_not_said", None, asset_tag=tag, case_name=seen.case_name)
    place = Place(seen.case_name, seen.slot_position)
    require_slot(inventory, place)
    if together[place] > 1:
        raise NotAllowed("count_seen_together", None, place=place, asset_tag=tag)
    return place


def _in_order(wanted: Mapping[Place, str], inventory: Inventory) -> list[tuple[str, Place]]:
    """Return the moves that can be made one after the other: each slot that one leaves may be the next one's."""
    pending = dict(wanted)
    moves: list[tuple[str, Place]] = []
    for free in sorted(place for place in wanted if inventory.slots[place] is None):
        moves += _freed(free, pending, inventory)
    for place, tag in sorted(pending.items()):
        if _is_ring(place, pending, inventory):  # of those met before nobody is pending any more
            moves += [(tag, OUT), *_freed(inventory.assets[tag].place, pending, inventory)]
    return moves


def _freed(free: Place | None, pending: dict[Place, str], inventory: Inventory) -> list[tuple[str, Place]]:
    """Return the moves that follow from each other once a slot is free, and take them from those pending."""
    moves = []
    while free is not None and free in pending:
        tag = pending.pop(free)
        moves.append((tag, free))
        free = inventory.assets[tag].place
    return moves


def _is_ring(first: Place, pending: Mapping[Place, str], inventory: Inventory) -> bool:
    """Tell whether those who want this slot and each other's have all changed places among themselves."""
    place: Place | None = first
    while place is not None and place in pending:
        place = inventory.assets[pending[place]].place
        if place == first:
            return True
    return False


def _left_out(tag: str, refusal: NotAllowed) -> LeftOut:
    return LeftOut(tag, refusal.code, refusal.sentence)
