"""What a count proposes to mend: rows that work in their order, and for everything else the reason why not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain import count_fixes
from assettrack.domain.count_fixes import ProposedMoves
from assettrack.domain.counts import Seen
from assettrack.domain.decisions import decide
from assettrack.domain.facts import Expected
from assettrack.domain.inventory import Inventory, in_custody, retired, stored
from assettrack.domain.plans import Options
from assettrack.domain.tags import OUT, Place
from tests.domain.trial_room import LAPTOP, LATEST, judged

C1, C2, C3, C4 = (Place("C", position) for position in range(1, 5))
SLOTS = 7
NO_SUCH = Place("C", 99)


def case_with(**tags: Place | None) -> Inventory:
    """A case of seven slots with these assets in it."""
    inventory = Inventory()
    inventory.add_case("C", SLOTS)
    for tag, place in tags.items():
        inventory.add_asset(tag, stored(LAPTOP, place), LATEST)
    return inventory


def proposed(inventory: Inventory, **seen: tuple[str | None, int | None]) -> ProposedMoves:
    """What is proposed where these were seen, all of them recorded as when the count began."""
    misplaced = {}
    for tag, place in seen.items():
        case, slot = inventory.assets[tag].place or (None, None)
        misplaced[tag] = Expected(1, tag, case, slot, None), Seen(1, LATEST, *place)
    return count_fixes.propose(misplaced, inventory, ())


def reasons(proposal: ProposedMoves) -> dict[str, str]:
    """The code for each that is left out."""
    return {each.asset_tag: each.code for each in proposal.left_out}


def test_into_a_free_slot() -> None:
    """Each asset that was seen in a free slot is moved there, one that is in no slot as well."""
    found = proposed(case_with(A=C1, B=None), A=C3, B=C2)
    assert found == ProposedMoves([("B", C2), ("A", C3)], [])


def test_one_makes_room_for_the_other() -> None:
    """A slot that one leaves is free for the next, so the rows come in that order."""
    assert proposed(case_with(A=C1, B=C2, Z=C3), A=C2, B=C3, Z=C4) == ProposedMoves(
        [("Z", C4), ("B", C3), ("A", C2)], []
    )


def test_those_that_changed_places_go_by_way_of_no_slot() -> None:
    """One of a ring is taken out of its slot first, and ends in the slot where it was seen."""
    assert proposed(case_with(A=C1, B=C2), A=C2, B=C1) == ProposedMoves([("B", OUT), ("A", C2), ("B", C1)], [])
    ring = proposed(case_with(A=C1, B=C2, Z=C3), A=C2, B=C3, Z=C1)
    assert ring == ProposedMoves([("Z", OUT), ("B", C3), ("A", C2), ("Z", C1)], [])


def test_a_taken_slot_stays_with_whom_it_is_recorded() -> None:
    """Where something is recorded that was not seen elsewhere nothing is moved in, nor whatever hangs on that."""
    found = proposed(case_with(A=C1, B=C2, MISSING=C3), A=C2, B=C3)
    assert found.moves == []
    assert [each.message for each in found.left_out] == [
        "C slot 2 is taken by asset B.",
        "C slot 3 is taken by asset MISSING.",
    ]


def test_what_can_not_be_told_is_left_out() -> None:
    """Two in one slot, a slot that was not said, one that is not there."""
    inventory = case_with(A=C1, B=C2, D=C3, E=C4)
    found = proposed(inventory, A=Place("C", 6), B=Place("C", 6), D=("K", None), E=NO_SUCH)
    assert found.moves == []
    assert reasons(found) == {
        "A": "count_seen_together", "B": "count_seen_together", "D": "count_slot_not_said", "E": "unknown_slot",
    }  # fmt: skip
    assert reasons(proposed(inventory, A=("K", 1))) == {"A": "unknown_case"}


def test_what_was_moved_since_is_left_out() -> None:
    """Whatever was recorded after the count began goes before what was seen; the sentence says where it is now."""
    inventory = case_with(A=C1, B=C2, D=C3)
    misplaced = {tag: (Expected(1, tag, "C", at, None), Seen(1, LATEST, "C", 7)) for at, tag in enumerate("ABD", 1)}
    misplaced["E"] = Expected(1, "E", None, None, None), Seen(1, LATEST, "C", 6)
    inventory.assets["E"] = in_custody(LAPTOP, "Bob Lee")
    inventory.assets["A"] = stored(LAPTOP, C4)
    inventory.assets["B"] = in_custody(LAPTOP, "Jane Smith")
    inventory.assets["D"] = retired(LAPTOP)
    found = count_fixes.propose(misplaced, inventory, ())
    assert found.moves == []
    assert [each.message for each in found.left_out] == [
        "Asset A was moved on record since the count began; it is in C slot 4 by now.",
        "Asset B was moved on record since the count began; it is in custody of Jane Smith by now.",
        "Asset D was moved on record since the count began; it is retired by now.",
        "Asset E was moved on record since the count began; it is in custody of Bob Lee by now.",
    ]


def test_what_was_moved_since_and_is_back_is_left_out() -> None:
    """It is where it was expected: that alone would explain nothing, so the sentence says that it was moved."""
    misplaced = {tag: (Expected(1, tag, "C", at, None), Seen(1, LATEST, "C", at + 2)) for at, tag in enumerate("AB", 1)}
    found = count_fixes.propose(misplaced, case_with(A=C1, B=C2), {"A"})
    assert found.moves == [("B", C4)]
    assert [(each.code, each.message) for each in found.left_out] == [
        ("count_moved_since", "Asset A was moved on record since the count began; it is in C slot 1 by now."),
    ]


@settings(max_examples=200)
@given(st.permutations(range(1, SLOTS + 1)), st.lists(st.integers(1, SLOTS), min_size=6, max_size=6), st.integers(0, 6))
def test_what_is_proposed_can_be_committed(slots: list[int], seen: list[int], unslotted: int) -> None:
    """Whoever was seen where: the rows are allowed as a batch, and all of them end in the slot where they were seen."""
    tags = "ABDEFG"
    places = {tag: Place("C", slot) for tag, slot in zip(tags, slots, strict=False)}
    inventory = case_with(**{tag: None if tag in tags[:unslotted] else place for tag, place in places.items()})
    wanted = {
        tag: Place("C", slot)
        for tag, slot in zip(tags, seen, strict=True)
        if inventory.assets[tag].place != ("C", slot)
    }
    found = proposed(inventory, **wanted)
    moved = {tag for tag, _ in found.moves}
    left_out = {each.asset_tag for each in found.left_out}
    assert moved | left_out == wanted.keys()
    assert not moved & left_out
    lines = [
        f"{tag},2026-03-01T10:00:00Z,UPDATE,m,{'OUT,OUT' if place == OUT else f'C,{place.slot_position}'}"
        for tag, place in found.moves
    ]
    if lines:
        rows = judged("\n".join(["asset_tag,timestamp,event_type,operator_id,case_number,slot_number", *lines])).rows
        assert decide(rows, inventory, Options()).refusals == []
    assert {tag: inventory.assets[tag].place for tag in moved} == {tag: wanted[tag] for tag in moved}
    for tag in left_out:
        occupant = inventory.slots[wanted[tag]]
        alone = [other for other in wanted.values() if other == wanted[tag]] == [wanted[tag]]
        assert (occupant is not None and occupant not in moved) or not alone
