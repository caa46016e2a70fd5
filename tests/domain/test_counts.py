"""How a count ends: what is expected in a scope, and the result of each asset and each scanned tag, case by case."""

from typing import Any

import msgspec
import pytest

from assettrack.domain import counts
from assettrack.domain.counts import EXCEPTIONS, RESULTS, Seen
from assettrack.domain.entries.counts import CountScope, Sighting
from assettrack.domain.facts import Expected
from assettrack.domain.findings import NotAllowed
from assettrack.domain.inventory import Asset, Inventory, stored
from assettrack.domain.tags import Place
from tests.domain.trial_room import BOB, HOME, JANE, LAPTOP, LATEST, OWN, TAKEN, room

AT = "2026-07-01T12:00:00.000000Z"
LATER = "2026-07-01T12:05:00.000000Z"
EVERYTHING = CountScope()
CASE = CountScope(("CASE-01",))
HERS = CountScope(holder_id=JANE.holder_id)


def in_room(inventory: Inventory, tag: str, text: str | None) -> None:
    """Record an asset in another room."""
    inventory.assets[tag] = msgspec.structs.replace(inventory.assets[tag], building_room=text)


def tags_of(expected: tuple[Expected, ...]) -> list[str]:
    """The tags that are expected."""
    return [each.asset_tag for each in expected]


def test_what_is_in_cases_is_expected_with_its_slot() -> None:
    """Of a case all that is in its slots, by tag; the home of something issued does not count."""
    assert counts.expect(3, CASE, None, room()) == (
        Expected(3, "OTHER", *TAKEN, None),
        Expected(3, "SLOTTED", *OWN, None),
    )


def test_several_cases_are_expected_together() -> None:
    """Each case of the scope counts, an empty one too, and what is in others does not."""
    inventory = room()
    for name in ("A", "B", "C"):
        inventory.add_case(name, 2)
        inventory.add_asset(f"IN-{name}", stored(LAPTOP, Place(name, 2)), LATEST)
    inventory.add_case("EMPTY", 1)
    assert tags_of(counts.expect(1, CountScope(("A", "C", "EMPTY")), None, inventory)) == ["IN-A", "IN-C"]


def test_an_unknown_case_is_refused() -> None:
    """The refusal names it."""
    with pytest.raises(NotAllowed) as caught:
        counts.expect(1, CountScope(("CASE-01", "CASE-99")), None, room())
    assert (caught.value.code, caught.value.facts) == ("unknown_case", {"case_name": "CASE-99"})


def test_everything_is_all_that_is_in_storage() -> None:
    """What is in slots and in none, each as it is recorded; not what holders have, nor what is retired."""
    assert counts.expect(1, EVERYTHING, None, room()) == (
        Expected(1, "FREE", None, None, None),
        Expected(1, "OTHER", *TAKEN, None),
        Expected(1, "SLOTTED", *OWN, None),
    )


def test_what_a_holder_has_is_expected() -> None:
    """It is what the holder has at this moment, and of another nothing."""
    assert counts.expect(1, HERS, JANE, room()) == (Expected(1, "HELD", None, None, JANE.holder_id),)
    assert counts.expect(1, CountScope(holder_id=BOB.holder_id), BOB, room()) == ()


def test_a_room_is_expected_in_any_spelling() -> None:
    """Rooms compare as names do; what is retired, elsewhere or in no room is not expected."""
    inventory = room()
    in_room(inventory, "SLOTTED", "North  12")
    in_room(inventory, "HELD", "NORTH 12")
    in_room(inventory, "GONE", "North 12")
    in_room(inventory, "FREE", None)
    assert tags_of(counts.expect(1, CountScope(room="north 12"), None, inventory)) == ["HELD", "SLOTTED"]


def sighting(tag: str, case: str | None = None, slot: int | None = None, at: str = AT) -> Sighting:
    """One scan."""
    return Sighting(tag, at, case, slot)


@pytest.mark.parametrize(
    ("sightings", "seen"),
    [
        ([], None),
        ([sighting("A")], Seen(1, AT, None, None)),
        ([sighting("A"), sighting("A", at=LATER)], Seen(2, AT, None, None)),
        ([sighting("A", "C", 1), sighting("A", "D", 2, LATER)], Seen(2, LATER, "D", 2)),
        ([sighting("A", "C", 1, LATER), sighting("A", "D", 2)], Seen(2, AT, "D", 2)),
        ([sighting("A", "C", 1), sighting("A", at=LATER)], Seen(2, AT, "C", 1)),
        ([sighting("A", "C", 1), sighting("A", "D", at=LATER), sighting("A")], Seen(3, LATER, "D", None)),
        ([sighting("B", "C", 1), sighting("A")], Seen(1, AT, None, None)),
    ],
)
def test_the_last_scan_with_a_place_counts(sightings: list[Sighting], seen: Seen | None) -> None:
    """In the order of the log, whatever the clocks say; every scan is counted."""
    assert counts.gather(sightings).get("A") == seen
    assert counts.gather(sightings[1:], counts.gather(sightings[:1])) == counts.gather(sightings)


HERE, THERE, NOWHERE = Place("C", 1), Place("C", 2), None
Where = Place | str | None
"""Where something is recorded: a slot, with a holder of this name, or in no slot."""


def recorded(where: Where, **fields: Any) -> Asset:  # noqa: ANN401 - the fields of an asset
    """An asset that is recorded there."""
    if isinstance(where, str):
        return msgspec.structs.replace(LAPTOP, status="IN_CUSTODY", holder=where, **fields)
    return msgspec.structs.replace(stored(LAPTOP, where), **fields)


RETIRED = msgspec.structs.replace(LAPTOP, status="RETIRED")
UNSEEN = "unseen"

# Where it was recorded when the count began, where it is recorded now, where it was seen (case and slot), the result.
EXPECTED_ENDS: list[tuple[Where, Where | Asset, tuple[str | None, int | None] | str, str]] = [
    (HERE, HERE, UNSEEN, "missing"),
    (HERE, HERE, (None, None), "found"),
    (HERE, HERE, ("C", None), "found"),
    (HERE, HERE, ("C", 1), "found"),
    (HERE, HERE, ("C", 2), "wrong_slot"),
    (HERE, HERE, ("D", 1), "wrong_slot"),
    (HERE, HERE, ("D", None), "wrong_slot"),
    (HERE, THERE, UNSEEN, "moved_during_count"),
    (HERE, THERE, (None, None), "found"),
    (HERE, THERE, ("C", 1), "found"),
    (HERE, THERE, ("C", 2), "found"),
    (HERE, THERE, ("C", 3), "moved_during_count"),
    (HERE, NOWHERE, UNSEEN, "moved_during_count"),
    (HERE, "Jane Smith", UNSEEN, "moved_during_count"),
    (HERE, "Jane Smith", ("C", 1), "found"),
    (HERE, "Jane Smith", ("D", 1), "moved_during_count"),
    (HERE, RETIRED, UNSEEN, "moved_during_count"),
    (HERE, RETIRED, ("C", 1), "found"),
    (NOWHERE, NOWHERE, UNSEEN, "missing"),
    (NOWHERE, NOWHERE, (None, None), "found"),
    (NOWHERE, NOWHERE, ("C", 1), "wrong_slot"),
    (NOWHERE, HERE, UNSEEN, "moved_during_count"),
    (NOWHERE, HERE, ("C", 1), "found"),
    (NOWHERE, RETIRED, UNSEEN, "moved_during_count"),
    ("Jane Smith", "Jane Smith", UNSEEN, "missing"),
    ("Jane Smith", "Jane Smith", (None, None), "found"),
    ("Jane Smith", "Jane Smith", ("C", 1), "seen_in_custody"),
    ("Jane Smith", "Bob Lee", UNSEEN, "moved_during_count"),
    ("Jane Smith", "Bob Lee", (None, None), "found"),
    ("Jane Smith", HERE, ("C", 1), "found"),
    ("Jane Smith", HERE, ("C", 2), "moved_during_count"),
]


def result_of(scope: CountScope, frozen: Expected, now: Asset, seen: dict[str, Seen]) -> str:
    """How the one expected asset ends."""
    inventory = room()
    inventory.assets["T"] = now
    return counts.settle([frozen], seen, counts.within(scope, None), inventory)["T"]


@pytest.mark.parametrize(("before", "now", "seen", "result"), EXPECTED_ENDS)
def test_how_an_expected_asset_ends(
    before: Where, now: Where | Asset, seen: tuple[str | None, int | None] | str, result: str
) -> None:
    """Not seen proves nothing of what was moved on record meanwhile; seen where it is or was recorded is found."""
    asset = recorded(before)
    frozen = Expected(1, "T", asset.case_name, asset.slot_position, 1 if asset.holder else None)
    state = now if isinstance(now, Asset) else recorded(now)
    found = {} if isinstance(seen, str) else {"T": Seen(1, AT, *seen)}
    assert result_of(CountScope(room="B1-101"), frozen, state, found) == result


@pytest.mark.parametrize(
    ("room_now", "result"), [("B1-101", "missing"), ("B2", "moved_during_count"), (None, "moved_during_count")]
)
def test_a_room_recorded_otherwise_is_a_move(room_now: str | None, result: str) -> None:
    """Where a room is counted, an asset recorded in another meanwhile has moved, though its slot is the same."""
    frozen = Expected(1, "T", *HERE, None)
    now = recorded(HERE, building_room=room_now)
    assert result_of(CountScope(room="B1-101"), frozen, now, {}) == result
    assert result_of(CountScope(room="B1-101"), frozen, now, {"T": Seen(1, AT, None, None)}) == "found"


@pytest.mark.parametrize(
    ("scope", "tag", "result"),
    [
        (CASE, "NEW", "unknown_tag"),
        (CASE, "GONE", "retired_but_seen"),
        (CASE, "HELD", "seen_in_custody"),
        (CASE, "FREE", "unexpected"),
        (CASE, "SLOTTED", "moved_during_count"),
        (CountScope(("CASE-02",)), "SLOTTED", "unexpected"),
        (HERS, "HELD", "moved_during_count"),
        (HERS, "SLOTTED", "unexpected"),
        (EVERYTHING, "FREE", "moved_during_count"),
        (EVERYTHING, "HELD", "seen_in_custody"),
        (EVERYTHING, "GONE", "retired_but_seen"),
        (CountScope(room="B1-101"), "FREE", "moved_during_count"),
        (CountScope(room="B1-101"), "GONE", "retired_but_seen"),
        (CountScope(room="B2"), "FREE", "unexpected"),
    ],
)
def test_how_a_scanned_tag_ends_that_was_not_expected(scope: CountScope, tag: str, result: str) -> None:
    """What is recorded inside the scope by now has come while people counted; the rest is told apart by its state."""
    holder = JANE if scope.holder_id else None
    seen = {tag: Seen(1, AT, "CASE-01", None)}
    assert counts.settle([], seen, counts.within(scope, holder), room()) == {tag: result}


def test_totals_and_exceptions() -> None:
    """Every result has a number; of all that were not simply found the tags are listed, in order."""
    results = {"B": "missing", "A": "missing", "C": "found", "D": "unknown_tag", "E": "found"}
    made: Any = results
    assert counts.totals(made) == dict.fromkeys(RESULTS, 0) | {"missing": 2, "found": 2, "unknown_tag": 1}
    assert counts.exceptions(made) == {"missing": ("A", "B"), "unknown_tag": ("D",)}
    assert set(RESULTS) == {*EXCEPTIONS, "found"}


@pytest.mark.parametrize(
    ("scope", "holder", "words"),
    [
        (EVERYTHING, None, "everything in storage"),
        (CountScope(("A", "B")), None, "A, B"),
        (CountScope(tuple("ABCDEF")), None, "A, B, C, D, E, F"),
        (CountScope(tuple("ABCDEFGH")), None, "A, B, C, D, E, F and 2 more cases"),
        (CountScope(room="North 12"), None, "room North 12"),
        (HERS, "Jane Smith", "what Jane Smith has"),
    ],
)
def test_a_scope_in_words(scope: CountScope, holder: str | None, words: str) -> None:
    """A scope is said in a line; of many cases the first six."""
    assert counts.scope_words(scope, holder) == words


def test_home_slots_are_no_place_of_a_count() -> None:
    """An asset issued from a slot of the case is not expected there: its holder has it."""
    inventory = room()
    assert inventory.custody["HELD"].home == HOME
    assert "HELD" not in tags_of(counts.expect(1, CASE, None, inventory))


@pytest.mark.parametrize(
    ("totals", "words"),
    [
        ({"found": 1, "missing": 1, "wrong_slot": 0}, "1 found, 1 missing"),
        ({"unknown_tag": 1_200, "wrong_slot": 2}, "2 wrong slot, 1,200 unknown tag"),
        ({"found": 0, "missing": 0}, "nothing expected, nothing seen"),
        ({}, "nothing expected, nothing seen"),
    ],
)
def test_a_result_in_a_line_says_whatever_there_is(totals: dict[str, int], words: str) -> None:
    """What was found first, then what needs most care; what ended so of nobody is left out."""
    assert counts.result_words(totals) == words
