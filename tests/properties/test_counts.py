"""Any count of any station ends as a partition, and as a plain model says that was written from the rules alone."""

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from assettrack.domain import counts
from assettrack.domain.counted_meanwhile import Counted, happened_meanwhile
from assettrack.domain.counts import RESULTS
from assettrack.domain.entries.counts import CountScope, Sighting
from assettrack.domain.holders import Holder, HolderRegister
from assettrack.domain.inventory import Asset, Custody, Inventory, Status
from assettrack.domain.tags import Place

TAGS = tuple("ABCDEFGHIJ")
STRANGERS = ("X1", "X2")
CASES = {"C1": 3, "C2": 2, "C3": 2}
SLOTS = [Place(case, position) for case, slots in CASES.items() for position in range(1, slots + 1)]
PEOPLE = {1: "Jane Smith", 2: "Bob Lee"}
ROOMS = ("B 1", "B 2")


class Known(NamedTuple):
    """What is recorded of an asset, in the plain model: at most one of place and holder, neither when retired."""

    place: Place | None
    holder: int | None
    room: str | None
    retired: bool


World = dict[str, Known]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Any legal record of some assets: no slot has two."""
    free = list(SLOTS)
    known = {}
    for tag in TAGS:
        kind = draw(st.sampled_from(["absent", "slotted", "slotted", "unslotted", "held", "held", "retired"]))
        place = free.pop(draw(st.integers(0, len(free) - 1))) if kind == "slotted" and free else None
        holder = draw(st.sampled_from([*PEOPLE])) if kind == "held" else None
        if kind != "absent":
            known[tag] = Known(place, holder, draw(st.sampled_from([*ROOMS, None])), kind == "retired")
    return known


@st.composite
def changed(draw: st.DrawFn, before: World) -> World:
    """What is recorded at the end: some as before, some moved, some new; no asset vanishes."""
    other = draw(worlds())
    kept = {tag: known for tag, known in before.items() if tag not in other or draw(st.booleans())}
    taken = {known.place for known in kept.values()} - {None}
    rest = {tag: known for tag, known in other.items() if tag not in kept}
    return kept | {
        tag: known._replace(place=None if known.place in taken else known.place) for tag, known in rest.items()
    }


@st.composite
def sightings(draw: st.DrawFn, before: World, after: World) -> list[Sighting]:
    """Scans of any tags in any place, most of them where the asset was or is recorded."""
    scans = []
    for tag in draw(st.lists(st.sampled_from(TAGS + STRANGERS), min_size=4, max_size=16)):
        world = draw(st.sampled_from([before, after, after, {}]))
        place = world[tag].place if tag in world else draw(st.sampled_from([None, Place("C9", 1), *SLOTS]))
        if place is None:
            scans.append(Sighting(tag, ""))
        else:
            scans.append(Sighting(tag, "", place.case_name, place.slot_position if draw(st.booleans()) else None))
    return scans


scopes = st.one_of(
    st.just(CountScope()),
    st.builds(CountScope, st.sets(st.sampled_from([*CASES]), min_size=1).map(lambda names: tuple(sorted(names)))),
    st.builds(CountScope, room=st.sampled_from(ROOMS)),
    st.builds(CountScope, holder_id=st.sampled_from([*PEOPLE])),
)


def inventory_of(world: World) -> Inventory:
    """The inventory that holds just this."""
    inventory = Inventory()
    for name, slots in CASES.items():
        inventory.add_case(name, slots)
    inventory.holders = HolderRegister([Holder(number, name) for number, name in PEOPLE.items()])
    for tag, known in world.items():
        place = known.place
        case, slot = (None, None) if place is None else (place.case_name, place.slot_position)
        status: Status = "RETIRED" if known.retired else "STORAGE" if known.holder is None else "IN_CUSTODY"
        holder = None if known.holder is None else PEOPLE[known.holder]
        inventory.add_asset(tag, Asset(status, case, slot, holder, "laptop", known.room), "")
    return inventory


def model_inside(scope: CountScope, known: Known) -> bool:
    """Whether the plain model has an asset in the scope."""
    if known.retired:
        return False
    if scope.cases:
        return known.place is not None and known.place.case_name in scope.cases
    if scope.holder_id:
        return known.holder == scope.holder_id
    return known.room == scope.room if scope.room else known.holder is None


def model(scope: CountScope, before: World, after: World, scans: Sequence[Sighting]) -> dict[str, set[str]]:
    """The result as sets of tags, each made by its own rule from the sets before it."""
    expected = {tag for tag in before if model_inside(scope, before[tag])}
    scanned = {scan.asset_tag for scan in scans}
    said = {scan.asset_tag: (scan.case_name, scan.slot_position) for scan in scans if scan.case_name is not None}
    at_place = {
        tag
        for tag, (case, slot) in said.items()
        for place in (before[tag].place if tag in before else None, after[tag].place if tag in after else None)
        if place is not None and case == place.case_name and (slot is None or slot == place.slot_position)
    }
    restless = {
        tag
        for tag in expected
        if (before[tag].place, before[tag].holder) != (after[tag].place, after[tag].holder)
        or not model_inside(scope, after[tag])
    }
    arrived = {tag for tag in scanned - expected if tag in after and model_inside(scope, after[tag])}
    found = (expected & scanned) - (said.keys() - at_place)
    unsettled = expected - found
    strangers = scanned - expected - arrived
    retired = {tag for tag in strangers if tag in after and after[tag].retired}
    held = {tag for tag in strangers if tag in after and after[tag].holder}
    held_here = {tag for tag in unsettled - restless if tag in scanned and before[tag].holder}
    return {
        "found": found,
        "moved_during_count": unsettled & restless | arrived,
        "missing": unsettled - restless - scanned,
        "wrong_slot": (unsettled & scanned) - restless - held_here,
        "seen_in_custody": held | held_here,
        "unknown_tag": strangers - after.keys(),
        "retired_but_seen": retired,
        "unexpected": (strangers & after.keys()) - retired - held,
    }


@settings(max_examples=300)
@given(st.data())
def test_a_count_ends_as_the_model_says(data: st.DataObject) -> None:
    """Every expected asset and every scanned tag ends in exactly one result, and in the one of the rules."""
    before = data.draw(worlds(), "before")
    after = data.draw(changed(before), "after")
    scope, scans = data.draw(scopes, "scope"), data.draw(sightings(before, after), "scans")
    holder = Holder(scope.holder_id, PEOPLE[scope.holder_id]) if scope.holder_id else None
    frozen = counts.expect(1, scope, holder, inventory_of(before))
    results = counts.settle(frozen, counts.gather(scans), counts.within(scope, holder), inventory_of(after))
    ended: dict[str, set[str]] = {result: set() for result in RESULTS}
    for tag, result in results.items():
        ended[result].add(tag)
    assert ended == model(scope, before, after, scans)
    expected = {tag for tag in before if model_inside(scope, before[tag])}
    assert {each.asset_tag for each in frozen} == expected
    assert results.keys() == expected | {scan.asset_tag for scan in scans}
    totals, exceptions = counts.totals(results), counts.exceptions(results)
    assert sum(totals.values()) == len(results)
    assert {result: set(tags) for result, tags in exceptions.items()} == {
        result: tags for result, tags in ended.items() if tags and result != "found"
    }
    assert sum(seen.times for seen in counts.gather(scans).values()) == len(scans)


# -- what was recorded from the beginning of a count to its end --------------------------------------------------------

BEGUN = 100
"""The entry by which the count began."""

Lived = list[Known | None]
"""Each state that one asset was in, the first before the count; None while nobody had scanned it."""


def is_stored(known: Known | None) -> bool:
    """Whether it is in storage: with nobody, and not retired."""
    return known is not None and known.holder is None and not known.retired


STORED = st.builds(
    Known, st.sampled_from([None, *SLOTS]), st.none(), st.sampled_from([*ROOMS, None]), retired=st.just(value=False)
)
HELD = st.builds(
    Known, st.none(), st.sampled_from([*PEOPLE]), st.sampled_from([*ROOMS, None]), retired=st.just(value=False)
)
RETIRED = st.just(Known(None, None, None, retired=True))


@st.composite
def lives(draw: st.DrawFn, begun_as: st.SearchStrategy[Known | None], deeds: int = 0) -> Lived:
    """Any deeds with one asset while people count, as the rules of assets allow them; one may change nothing."""
    states: Lived = [draw(begun_as)]
    for _ in range(draw(st.integers(deeds, 4))):
        now = states[-1]
        after = STORED if now is None else RETIRED if now.retired else st.one_of(STORED, HELD, HELD, RETIRED)
        states.append(draw(after))
    return states


@st.composite
def round_trips(draw: st.DrawFn) -> tuple[Lived, CountScope]:
    """Any deeds after which its holder has it again, counted with them or in its room."""
    states = draw(lives(HELD, 1).filter(lambda states: states[-1] is not None and not states[-1].retired))
    first = states[0]
    assert first is not None
    of_holder = CountScope(holder_id=first.holder)
    scope = CountScope(room=first.room) if first.room and draw(st.booleans()) else of_holder
    return [*states, first], scope


class Log:
    """The entries about one asset of whose states all are known; whoever has it was called otherwise in each."""

    def __init__(self, states: Lived) -> None:
        self._entries = dict(enumerate(pairwise(states), BEGUN + 1))
        if states[0] is not None:
            self._entries[BEGUN - 1] = (None, states[0])

    def bodies_about(self, asset_tag: str, before_seq: int) -> Sequence[bytes]:
        """Return the entries: each state after the first is one of the count, that one came before it."""
        return [
            msgspec.json.encode(
                {
                    "seq": seq,
                    "event_type": "ANY",
                    "asset_tag": asset_tag,
                    "before": self._written(was, seq),
                    "after": self._written(became, seq),
                    "holder_id": None if became is None else became.holder,
                }
            )
            for seq, (was, became) in sorted(self._entries.items())
            if seq < before_seq
        ]

    @staticmethod
    def _written(known: Known | None, seq: int) -> Asset | None:
        if known is None:
            return None
        asset = inventory_of({"A": known}).assets["A"]
        return asset if asset.holder is None else msgspec.structs.replace(asset, holder=f"{asset.holder} {seq}")


def recorded_as(known: Known | None) -> tuple[object, ...]:
    """Where the record says it is: in a slot, or else with whom and in which room; or retired, or nothing."""
    if known is None or known.retired:
        return (known is None,)
    return (known.place,) if known.place is not None else (known.holder, known.room)


def model_of_life(scope: CountScope, states: Lived, scans: Sequence[Sighting]) -> str:
    """How one asset ends: by its first and last state, unless it was recorded otherwise at any moment in between."""
    first, last = states[0], states[-1]
    before, after = ({} if known is None else {"A": known} for known in (first, last))
    (result,) = [name for name, tags in model(scope, before, after, scans).items() if "A" in tags]
    if last is None or result == "found":
        return result
    was_inside = [known is not None and model_inside(scope, known) for known in states]
    moved = len({*map(recorded_as, states)}) > 1 or len({*was_inside}) > 1
    if any(map(is_stored, states)) or not scans:
        return "moved_during_count" if moved else result
    if any(scan.case_name is not None for scan in scans):  # it lay somewhere, and was recorded in no place
        return "retired_but_seen" if last.retired else "seen_in_custody"
    return "moved_during_count" if any(was_inside) else result


def require_as_the_model_says(states: Lived, scope: CountScope, seen_in: Sequence[Place | None]) -> None:
    """Count an asset that lived so, and that was seen there."""
    scans = [Sighting("A", "") if place is None else Sighting("A", "", *place) for place in seen_in]
    first, last = states[0], states[-1]
    holder = Holder(scope.holder_id, PEOPLE[scope.holder_id]) if scope.holder_id else None
    frozen = counts.expect(1, scope, holder, inventory_of({} if first is None else {"A": first}))
    inventory = inventory_of({} if last is None else {"A": last})
    if last is not None and last.holder is not None:
        others = [number for number, known in enumerate(states) if known is None or known.holder != last.holder]
        inventory.custody["A"] = Custody(BEGUN + others[-1] + 1 if others else BEGUN - 1, None)
    gathered = counts.gather(scans)
    inside = counts.within(scope, holder)
    counted = Counted(scope, inside, {each.asset_tag for each in frozen}, gathered, BEGUN, BEGUN + len(states))
    for touched in (None, {"A"} if len(states) > 1 else set()):
        meanwhile = happened_meanwhile(4, Log(states), inventory, counted._replace(touched=touched))
        results = counts.settle(frozen, gathered, inside, inventory, meanwhile)
        assert results == ({"A": model_of_life(scope, states, scans)} if frozen or scans else {})


SEEN_IN = st.sampled_from([None, Place("C9", 1), *SLOTS])


@settings(max_examples=500)
@given(lives(st.one_of(st.none(), STORED, HELD, HELD, RETIRED)), scopes, st.lists(SEEN_IN, max_size=2))
def test_only_what_was_in_storage_can_have_been_moved(
    states: Lived, scope: CountScope, seen_in: Sequence[Place | None]
) -> None:
    """Whoever gives something away, takes it back, moves, retires or corrects it, however often, while people count."""
    require_as_the_model_says(states, scope, seen_in)


@settings(max_examples=200)
@given(round_trips(), st.lists(SEEN_IN, max_size=2))
def test_what_its_holder_has_again_may_have_been_in_storage(
    trip: tuple[Lived, CountScope], seen_in: Sequence[Place | None]
) -> None:
    """That it ends as it began says nothing of what it was in between."""
    require_as_the_model_says(*trip, seen_in)
