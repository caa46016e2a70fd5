"""Cases and slots, by typed deeds: each one transaction, with its entry in the log (DESIGN §7)."""

from collections.abc import Callable, Generator, Sequence
from itertools import groupby

import msgspec

from assettrack.domain import cards, errors, place_deeds, slots
from assettrack.domain.inventory import Inventory
from assettrack.domain.slots import Move
from assettrack.domain.tags import Place
from assettrack.services.ports import Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff


class Case(msgspec.Struct, frozen=True):
    """A case and its slots in order: position, and who is in it."""

    case_name: str
    slots: Sequence[tuple[int, str | None]]


class CaseSummary(msgspec.Struct, frozen=True):
    """A case with how many slots it has and how many of them are taken."""

    case_name: str
    slots: int
    taken: int


def initialise_cases(workplace: Workplace, cases: Sequence[tuple[str, int]]) -> list[Case]:
    """Prepare new cases with empty slots 1 to N; all of them, or none.

    Raises:
        errors.ValueUnusable: a name reads as a card or a slot's label; cases that have such a name already keep it.
        errors.DeedRefused: one of them exists already, or is named twice.
    """
    for case_name, _ in cases:
        reason = cards.why_no_new_name(case_name)
        if reason is not None:
            raise errors.ValueUnusable("The case name", case_name, reason)
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        inventory = transaction.inventory_of([], [Place(name, 1) for name, _ in cases])
        for case_name, count in cases:
            slots.require_new_case(inventory, case_name, count)
            inventory.add_case(case_name, count)
            transaction.save(place_deeds.prepare_case(case_name, count, transaction.log_size + 1, signed))
    return [Case(name, [(position, None) for position in range(1, count + 1)]) for name, count in cases]


def assign(workplace: Workplace, asset_tag: str, place: Place, *, reason: str | None = None) -> None:
    """Put an unslotted asset into an empty slot. Into its own slot: nothing happens, nothing is logged.

    Raises:
        errors.DeedRefused: the slot or the asset does not allow it.
    """
    touched = [asset_tag], [place]
    _do(workplace, "SLOT_ASSIGN", touched, lambda inventory: slots.assign(inventory, asset_tag, place), reason)


def move(
    workplace: Workplace, asset_tag: str, place: Place, *, reason: str | None = None, expected: Place | None = None
) -> None:
    """Move a slotted asset to an empty slot, out of the one and into the other at once.

    ``expected`` is the slot in which it was shown to whoever moves it.

    Raises:
        errors.DeedRefused: the slot or the asset does not allow it, or it is not where it is expected.
    """

    def decision(inventory: Inventory) -> Move:
        return slots.move(inventory, asset_tag, place, expected=expected)

    _do(workplace, "SLOT_MOVE", ([asset_tag], [place]), decision, reason)


def vacate_slot(workplace: Workplace, place: Place, reason: str | None = None, *, expected: str | None = None) -> Place:
    """Take whoever is in a slot out of it, and return the slot.

    ``expected`` is the asset that was shown to whoever does that: nobody else is taken out with its reason.

    Raises:
        errors.DeedRefused: there is no such slot, it is empty, or another asset than the expected one is in it.
    """

    def decision(inventory: Inventory) -> Move:
        return slots.vacate_slot(inventory, place, expected=expected)

    _do(workplace, "SLOT_VACATE", ([], [place]), decision, reason)
    return place


def vacate_asset(workplace: Workplace, asset_tag: str, reason: str | None = None) -> Place:
    """Take an asset out of the slot it is in, and return the slot.

    Raises:
        errors.DeedRefused: the asset is unknown, or in no slot.
    """
    done = _do(
        workplace, "SLOT_VACATE", ([asset_tag], []), lambda inventory: slots.vacate_asset(inventory, asset_tag), reason
    )
    place = done.before.place
    assert place is not None, "only a slotted asset is vacated"
    return place


def occupant(workplace: Workplace, place: Place) -> str | None:
    """Return who is in a slot, or None when it is empty.

    Raises:
        errors.DeedRefused: there is no such slot.
    """
    with workplace.store.read() as snapshot, refusal_raised():
        return slots.require_slot(snapshot.inventory_of([], [place]), place)


def case(workplace: Workplace, case_name: str) -> Case:
    """Return a case with who is in its slots.

    Raises:
        errors.NotFound: there is no such case.
    """
    with workplace.store.read() as snapshot:
        found = snapshot.slots_of(case_name)
    if not found:
        raise errors.NotFound("case", case_name)
    return Case(case_name, found)


def cases(workplace: Workplace) -> list[CaseSummary]:
    """Return all cases by name, with how many of their slots are taken."""
    with workplace.store.read() as snapshot:
        taken = dict.fromkeys(snapshot.all_cases(), 0)
        for place, asset_tag in snapshot.all_slots():
            taken[place.case_name] += asset_tag is not None
        return [CaseSummary(name, count, taken[name]) for name, count in snapshot.all_cases().items()]


def all_cases(workplace: Workplace) -> Generator[Case, None, None]:
    """Yield every case by name, with who is in its slots."""
    with workplace.store.read() as snapshot:
        for case_name, found in groupby(snapshot.all_slots(), key=lambda slot: slot[0].case_name):
            yield Case(case_name, [(place.slot_position, occupant) for place, occupant in found])


def _do(
    workplace: Workplace,
    kind: str,
    touched: tuple[Sequence[str], Sequence[Place]],
    decision: Callable[[Inventory], Move],
    reason: str | None = None,
) -> Move:
    """Decide a deed about one asset's slot under the write lock and save it; a no-op saves nothing."""
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        inventory = transaction.inventory_of(*touched)
        done = decision(inventory)
        if done.after is not done.before:
            inventory.apply(done.asset_tag, done.before, done.after, signed.recorded_at)
            seq = transaction.log_size + 1
            transaction.save(place_deeds.move_slot(kind, done, inventory, seq, signed, reason))
    return done
