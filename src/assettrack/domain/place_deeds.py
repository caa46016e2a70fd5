"""Deeds about places: preparing a case, moving one asset from slot to slot."""

import msgspec

from assettrack.domain import slots
from assettrack.domain.audit_log import encode_body
from assettrack.domain.deeds import Deed, Record, Signoff, signed_by, single, touching
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.places import AssignEntry, CaseEntry, MoveEntry, SlotEntry, VacateEntry
from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import Inventory
from assettrack.domain.slots import Move
from assettrack.domain.state import Again, State, signoff_of

SLOT_ENTRIES: dict[str, type[SlotEntry]] = {
    "SLOT_ASSIGN": AssignEntry,
    "SLOT_MOVE": MoveEntry,
    "SLOT_VACATE": VacateEntry,
}


def prepare_case(case_name: str, slots: int, seq: int, signoff: Signoff) -> Deed:
    """Prepare a case with empty slots 1 to ``slots``."""
    entry = CaseEntry(seq, case_name=case_name, slots=slots, **signed_by(signoff))
    return msgspec.structs.replace(single(entry), cases=((case_name, slots),))


def move_slot(kind: str, move: Move, inventory: Inventory, seq: int, signoff: Signoff, reason: str | None) -> Deed:
    """Record a typed deed about the slot of one asset; ``inventory`` is the state after it."""
    entry = SLOT_ENTRIES[kind](
        seq,
        asset_tag=move.asset_tag,
        occurred_at=signoff.recorded_at,
        before=move.before,
        after=move.after,
        reason=reason,
        **signed_by(signoff),
    )
    record = Record(seq, None, move.asset_tag, None, encode_body(entry))
    return touching(iter([record]), [move.asset_tag], inventory)


def prepare_case_again(entry: CaseEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    slots.require_new_case(state.inventory, entry.case_name, entry.slots)
    state.inventory.add_case(entry.case_name, entry.slots)
    return prepare_case(entry.case_name, entry.slots, entry.seq, signoff_of(entry))


def move_slot_again(entry: SlotEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    signoff = signoff_of(entry)
    move = decided(entry, state.inventory)
    state.inventory.apply(move.asset_tag, move.before, move.after, signoff.recorded_at)
    return move_slot(str(entry.__struct_config__.tag), move, state.inventory, entry.seq, signoff, entry.reason)


def decided(entry: SlotEntry, inventory: Inventory) -> Move:
    """Decide once more what an entry about a slot did, on the inventory before it.

    Raises:
        NotAllowed: it is not allowed.
    """
    target = entry.after.place
    match entry:
        case AssignEntry() if target is not None:
            return slots.assign(inventory, entry.asset_tag, target)
        case MoveEntry() if target is not None:
            return slots.move(inventory, entry.asset_tag, target)
        case VacateEntry():
            return slots.vacate_asset(inventory, entry.asset_tag)
        case _:
            raise NotAllowed("not_slotted", "asset_tag", asset_tag=entry.asset_tag)


AGAIN: dict[type[DeedEntry], Again] = {
    CaseEntry: prepare_case_again,
    AssignEntry: move_slot_again,
    MoveEntry: move_slot_again,
    VacateEntry: move_slot_again,
}
"""How the replay decides each kind of entry once more."""
