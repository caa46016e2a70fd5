"""Counts (stocktakes): what is expected in a scope, and what became of each asset when its scans are compared.

Owns the scope, the expectation and the results. A result comes from the expectation frozen when the count began,
from the scans, from the present state, and from what was recorded meanwhile (`counted_meanwhile`). Must never move
anything, and never take something for missing that was moved on record while people counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Literal, NamedTuple

from assettrack.domain.counted_meanwhile import NOTHING_MEANWHILE, Meanwhile, Within
from assettrack.domain.deeds import HolderIds
from assettrack.domain.entries.counts import CountScope, Sighting
from assettrack.domain.facts import Expected
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder, name_key
from assettrack.domain.inventory import Asset, Inventory

Result = Literal[
    "found",
    "wrong_slot",
    "missing",
    "moved_during_count",
    "seen_in_custody",
    "unexpected",
    "unknown_tag",
    "retired_but_seen",
]
"""How an asset or a scanned tag ends; `of_expected` and `of_unexpected` say which when."""

RESULTS: Mapping[Result, str] = MappingProxyType(
    {
        "missing": "missing: expected, and not seen",
        "wrong_slot": "in another slot than recorded",
        "seen_in_custody": "seen, though in custody of a holder",
        "unexpected": "unexpected: recorded elsewhere",
        "unknown_tag": "unknown: no asset has this tag",
        "retired_but_seen": "seen, though retired",
        "moved_during_count": "moved on record while this was counted",
        "found": "found",
    }
)
"""What each result means in a few words, what needs most care first."""

FOUND: Result = "found"
EXCEPTIONS = tuple(result for result in RESULTS if result != FOUND)
"""All results but `found`."""

SIGHTINGS_PER_ENTRY_MAX = 5_000
"""More scans than that are several entries, so that no entry is longer than 1 MiB even with the longest names."""


EXCEPTIONS_PER_ENTRY_MAX = 25_000
"""More tags than that which were not simply found are told by several entries, for the same reason."""

CASES_SAID_MAX = 6
"""Most cases that are named where a scope is said in a line."""


class Seen(NamedTuple):
    """What the scans of a count say of one tag: how often it was scanned, and the last scan that names a place.

    Where none names a place, the time is the first scan's, and it was seen just where people counted.
    """

    times: int
    seen_at: str
    case_name: str | None
    slot_position: int | None


class RunningCount(NamedTuple):
    """A count that is not closed yet, as the replay of the log remembers it.

    ``touched`` are the assets of which anything was recorded since it began.
    """

    scope: CountScope
    frozen: tuple[Expected, ...]
    sightings: list[Sighting]
    touched: set[str]


def within(scope: CountScope, holder: Holder | None) -> Within:
    """Return what tells whether an asset is recorded inside a scope; ``holder`` is the scope's, if it is of one.

    What is retired is in no scope. Everything is all that is in storage, in slots or in none: what holders have is
    counted where it is, as theirs or in its room.
    """
    if scope.cases:
        cases = frozenset(scope.cases)
        return lambda asset: asset.case_name in cases
    if scope.room is not None:
        return _in_room(name_key(scope.room))
    if holder is not None:
        name = holder.name
        return lambda asset: asset.holder == name
    return lambda asset: asset.status == "STORAGE"


def expect(count_id: int, scope: CountScope, holder: Holder | None, inventory: Inventory) -> tuple[Expected, ...]:
    """Return what a count that begins now expects, by tag; the inventory must hold all that is in the scope.

    Raises:
        NotAllowed: a case of the scope does not exist.
    """
    inside = within(scope, holder)
    holder_ids = HolderIds(inventory)
    tags = _in_cases(scope.cases, inventory) if scope.cases else iter(inventory.assets)
    recorded = ((tag, inventory.assets[tag]) for tag in tags)
    return tuple(
        Expected(
            count_id,
            tag,
            asset.case_name,
            asset.slot_position,
            None if asset.holder is None else holder_ids[asset.holder],
        )
        for tag, asset in sorted((tag, asset) for tag, asset in recorded if inside(asset))
    )


def gather(sightings: Iterable[Sighting], seen: dict[str, Seen] | None = None) -> dict[str, Seen]:
    """Return what the scans say of each tag, in the order of the log: scanners' clocks may differ.

    Where there is ``seen``, they are scans that came after what it says, and are added to it.
    """
    seen = {} if seen is None else seen
    for sighting in sightings:
        earlier = seen.get(sighting.asset_tag)
        times = 1 if earlier is None else earlier.times + 1
        if earlier is None or sighting.case_name is not None:
            found = Seen(times, sighting.seen_at, sighting.case_name, sighting.slot_position)
        else:
            found = earlier._replace(times=times)
        seen[sighting.asset_tag] = found
    return seen


def settle(
    frozen: Iterable[Expected],
    seen: Mapping[str, Seen],
    inside: Within,
    inventory: Inventory,
    meanwhile: Meanwhile = NOTHING_MEANWHILE,
) -> dict[str, Result]:
    """Return how each expected asset and each scanned tag ends, each exactly once.

    The inventory must hold the present state of all of them that exist, and their holders.
    """
    holder_ids = HolderIds(inventory)
    results: dict[str, Result] = {}
    for expected in frozen:
        now = inventory.assets[expected.asset_tag]
        holder_id = None if now.holder is None else holder_ids[now.holder]
        is_elsewhere = (now.case_name, now.slot_position, holder_id) != expected[2:] or not inside(now)
        moved = is_elsewhere or expected.asset_tag in meanwhile.moved
        excused = expected.asset_tag in meanwhile.excused or (moved and expected.asset_tag not in meanwhile.unstored)
        found = seen.get(expected.asset_tag)
        results[expected.asset_tag] = of_expected(expected, now, found, moved=moved, excused=excused)
    for tag in seen:
        if tag not in results:
            now_of = inventory.assets.get(tag)
            if tag in meanwhile.excused:
                results[tag] = "moved_during_count"
            elif now_of is not None and tag in meanwhile.unstored and seen[tag].case_name is not None:
                results[tag] = _of_unstored(now_of)
            elif tag in meanwhile.moved:
                results[tag] = "moved_during_count"
            else:
                results[tag] = of_unexpected(now_of, inside)
    return results


def of_expected(expected: Expected, now: Asset, seen: Seen | None, *, moved: bool, excused: bool) -> Result:
    """Return how an expected asset ends; ``moved`` tells whether its place, room, holder or end was recorded meanwhile.

    Seen where it was recorded at the beginning or is now, or without a place being named: found. Not seen although it
    was moved, or seen elsewhere and ``excused`` by where it was recorded in between: that proves nothing either way.
    """
    if seen is None:
        return "moved_during_count" if moved else "missing"
    if seen.case_name is None or _is_at(seen, expected) or _is_at(seen, now):
        return FOUND
    if excused:
        return "moved_during_count"
    if moved:
        return _of_unstored(now)
    return "wrong_slot" if expected.holder_id is None else "seen_in_custody"


def of_unexpected(now: Asset | None, inside: Within) -> Result:
    """Return how a scanned tag ends that was not expected; ``now`` is its asset, if there is one.

    What is in the scope by now must have come into it while people counted.
    """
    if now is None:
        return "unknown_tag"
    if inside(now):
        return "moved_during_count"
    if now.status == "RETIRED":
        return "retired_but_seen"
    return "unexpected" if now.holder is None else "seen_in_custody"


def scope_words(scope: CountScope, holder: str | None) -> str:
    """Return what a scope is in a few words, for people; ``holder`` is the name of the scope's holder, if any."""
    if scope.cases:
        more = len(scope.cases) - CASES_SAID_MAX
        return ", ".join(scope.cases[:CASES_SAID_MAX]) + (f" and {more} more cases" if more > 0 else "")
    if scope.room is not None:
        return f"room {scope.room}"
    return "everything in storage" if holder is None else f"what {holder} has"


def result_words(totals: Mapping[str, int]) -> str:
    """Return how many ended in each result of a count in a line, those of nobody left out."""
    ended = ((totals.get(name, 0), name.replace("_", " ")) for name in (FOUND, *EXCEPTIONS))
    return ", ".join(f"{count:,} {name}" for count, name in ended if count) or "nothing expected, nothing seen"


def totals(results: Mapping[str, Result]) -> dict[str, int]:
    """Return how many ended in each result; every result is there, those of nobody with 0."""
    counted: dict[str, int] = dict.fromkeys(RESULTS, 0)
    for result in results.values():
        counted[result] += 1
    return counted


def exceptions(results: Mapping[str, Result]) -> dict[str, tuple[str, ...]]:
    """Return the tags of all that were not simply found, in order, under each result that any has."""
    tags: dict[str, list[str]] = {}
    for tag, result in results.items():
        if result != FOUND:
            tags.setdefault(result, []).append(tag)
    return {result: tuple(sorted(tags[result])) for result in EXCEPTIONS if result in tags}


def parts(listed: Mapping[str, Sequence[str]]) -> list[dict[str, tuple[str, ...]]]:
    """Return exceptions cut into parts that fit into an entry each, in their order; one part where there are none."""
    found: list[dict[str, tuple[str, ...]]] = [{}]
    free = EXCEPTIONS_PER_ENTRY_MAX
    for result, tags in listed.items():
        rest = tags
        while rest:
            if not free:
                found.append({})
                free = EXCEPTIONS_PER_ENTRY_MAX
            found[-1][result] = tuple(rest[:free])
            rest, free = rest[free:], free - len(found[-1][result])
    return found


def _of_unstored(now: Asset) -> Result:
    return "retired_but_seen" if now.status == "RETIRED" else "seen_in_custody"


def _is_at(seen: Seen, place: Expected | Asset) -> bool:
    """Tell whether what was seen agrees with a recorded place; who names only the case agrees with all its slots."""
    return seen.case_name == place.case_name and seen.slot_position in {None, place.slot_position}


def _in_room(room_key: str) -> Within:
    keys: dict[str, str] = {}  # rooms are few and assets many

    def inside(asset: Asset) -> bool:
        room = asset.building_room
        if room is None or asset.status == "RETIRED":
            return False
        key = keys.get(room)
        if key is None:
            key = keys[room] = name_key(room)
        return key == room_key

    return inside


def _in_cases(case_names: Iterable[str], inventory: Inventory) -> Iterator[str]:
    for case_name in case_names:
        slots = inventory.cases.get(case_name)
        if slots is None:
            raise NotAllowed("unknown_case", "case_name", case_name=case_name)
        for position in range(1, slots + 1):
            tag = inventory.slots[case_name, position]
            if tag is not None:
                yield tag
