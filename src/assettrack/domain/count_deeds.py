"""Deeds of a count: beginning it, adding scans to it, signing it off, abandoning it.

Owns what is allowed with a count. None of these deeds changes an asset, a slot or a case, and none of them hinders
any other deed meanwhile.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import NamedTuple

from assettrack.domain import counts
from assettrack.domain.audit_log import encode_body
from assettrack.domain.counted_meanwhile import NOTHING_MEANWHILE, Counted, happened_meanwhile
from assettrack.domain.counts import Result, RunningCount
from assettrack.domain.deeds import Deed, Record, Signoff, signed_by, single
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.entries.counts import (
    CountAbandonEntry,
    CountCloseEntry,
    CountExceptionsEntry,
    CountScansEntry,
    CountScope,
    CountStartEntry,
    Rule,
    Sighting,
)
from assettrack.domain.facts import Building, Count, CountScans, Expected, KnownFacts, Room
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import Holder, name_key, normal_name
from assettrack.domain.inventory import Inventory
from assettrack.domain.state import Again, State, signoff_of
from assettrack.domain.tags import SLOTS_PER_CASE_MAX, NotATag, parse_asset_tag, parse_case_name
from assettrack.domain.wording import quoted


class Opening(NamedTuple):
    """A count that is about to begin: its number, its scope in the normal form, and what it expects."""

    count_id: int
    scope: CountScope
    holder: Holder | None
    frozen: tuple[Expected, ...]


class ScansToAdd(NamedTuple):
    """Scans for a count, and the file (name, SHA-256 in hex) they come from, if it was one."""

    count_id: int
    sightings: Sequence[Sighting]
    source_name: str = ""
    source_sha256: str = ""


RULE: Rule = 4
"""By which rule it is found out now how everything ends (`CountCloseEntry`)."""


class Closing(NamedTuple):
    """A count that is about to be signed off, with how everything ended, by which rule."""

    count_id: int
    results: Mapping[str, Result]
    remark: str = ""
    rule: Rule = RULE


class Abandoning(NamedTuple):
    """A count that is about to be abandoned, and why."""

    count_id: int
    reason: str


def open_count(known: KnownFacts, asked: CountScope, inventory: Inventory) -> Opening:
    """Decide what a count that begins now expects. The inventory must hold all that is in the scope.

    Raises:
        NotAllowed: the scope names more than one thing, or a case, room or holder that is not known.
    """
    if bool(asked.cases) + (asked.room is not None) + (asked.holder_id is not None) > 1:
        raise NotAllowed("count_scope_mixed", None)
    scope = CountScope(tuple(sorted(set(asked.cases))), _room(known, asked.room), asked.holder_id)
    holder = holder_of(known, scope)
    last = known.last(Count)
    count_id = 1 if last is None else last.count_id + 1
    frozen = counts.expect(count_id, scope, holder, inventory)
    if scope.room is not None and not frozen and not _is_managed(known, scope.room):
        raise NotAllowed("count_room_unknown", "room", room=scope.room)
    return Opening(count_id, scope, holder, frozen)


def start_count(opening: Opening, seq: int, signoff: Signoff) -> Deed:
    """Begin a count: what it expects is frozen from here on."""
    entry = CountStartEntry(
        seq,
        count_id=opening.count_id,
        scope=opening.scope,
        expected=len(opening.frozen),
        **signed_by(signoff),
    )
    return single(entry, facts=(Count(opening.count_id, seq, None), *opening.frozen))


def add_scans(known: KnownFacts, scans: ScansToAdd, seq: int, signoff: Signoff) -> Deed:
    """Add scans to an open count, at most `counts.SIGHTINGS_PER_ENTRY_MAX` at once.

    Raises:
        NotAllowed: there is no such count or it has ended, there are no scans or too many, or one is no scan.
    """
    require_open(known, scans.count_id)
    if not 1 <= len(scans.sightings) <= counts.SIGHTINGS_PER_ENTRY_MAX:
        limit = counts.SIGHTINGS_PER_ENTRY_MAX
        raise NotAllowed("count_scans_number", None, count=len(scans.sightings), limit=limit)
    for sighting in scans.sightings:
        _require_label(sighting)
    entry = CountScansEntry(
        seq,
        count_id=scans.count_id,
        scans=tuple(scans.sightings),
        source_name=scans.source_name,
        source_sha256=scans.source_sha256,
        **signed_by(signoff),
    )
    return single(entry, facts=(CountScans(scans.count_id, seq),))


def close_count(known: KnownFacts, closing: Closing, seq: int, signoff: Signoff) -> Deed:
    """Sign a count off, with how many ended in each result and the tags of all that were not simply found.

    It is one entry, followed by others where the tags are too many for it.

    Raises:
        NotAllowed: there is no such count, or it has ended.
    """
    count = require_open(known, closing.count_id)
    first, *others = counts.parts(counts.exceptions(closing.results))
    signed = signed_by(signoff)
    entry = CountCloseEntry(
        seq,
        count_id=closing.count_id,
        totals=counts.totals(closing.results),
        exceptions=first,
        parts=len(others),
        remark=closing.remark,
        rule=closing.rule,
        **signed,
    )
    following = (
        CountExceptionsEntry(number, count_id=closing.count_id, exceptions=part, **signed)
        for number, part in enumerate(others, seq + 1)
    )
    records = (Record(each.seq, None, None, None, encode_body(each)) for each in chain((entry,), following))
    return Deed(records, facts=(count._replace(closed_seq=seq),))


def abandon_count(known: KnownFacts, abandoning: Abandoning, seq: int, signoff: Signoff) -> Deed:
    """Abandon an open count: it ends without a result.

    Raises:
        NotAllowed: there is no such count, it has ended, or no reason is said.
    """
    count = require_open(known, abandoning.count_id)
    if not abandoning.reason:
        raise NotAllowed("count_reason_missing", "reason")
    entry = CountAbandonEntry(seq, count_id=abandoning.count_id, reason=abandoning.reason, **signed_by(signoff))
    return single(entry, facts=(count._replace(closed_seq=seq),))


def require_count(known: KnownFacts, count_id: int) -> Count:
    """Return a count by its number.

    Raises:
        NotAllowed: there is none.
    """
    count = known.fact(Count, count_id)
    if count is None:
        raise NotAllowed("unknown_count", "count_id", count_id=count_id)
    return count


def require_open(known: KnownFacts, count_id: int) -> Count:
    """Return a count that is open.

    Raises:
        NotAllowed: there is no such count, or it has ended: it was signed off or abandoned.
    """
    count = require_count(known, count_id)
    if count.closed_seq is not None:
        raise NotAllowed("count_ended", "count_id", count_id=count_id, seq=count.closed_seq)
    return count


def holder_of(known: KnownFacts, scope: CountScope) -> Holder | None:
    """Return the holder of whom a scope is; None where it is of none.

    Raises:
        NotAllowed: nobody has that number.
    """
    if scope.holder_id is None:
        return None
    holder = known.holder(scope.holder_id)
    if holder is None:
        raise NotAllowed("count_holder_unknown", "holder_id", name=f"of number {scope.holder_id}", near="")
    return holder


def start_count_again(entry: CountStartEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    opening = open_count(state, entry.scope, state.inventory)
    state.running_counts[opening.count_id] = RunningCount(opening.scope, opening.frozen, [], set())
    return start_count(opening, entry.seq, signoff_of(entry))


def add_scans_again(entry: CountScansEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    scans = ScansToAdd(entry.count_id, entry.scans, entry.source_name, entry.source_sha256)
    deed = add_scans(state, scans, entry.seq, signoff_of(entry))
    state.running_counts[entry.count_id].sightings.extend(entry.scans)
    return deed


def close_count_again(entry: CountCloseEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    count = require_open(state, entry.count_id)
    scope, frozen, sightings, touched = state.running_counts.pop(entry.count_id)
    inside = counts.within(scope, holder_of(state, scope))
    seen = counts.gather(sightings)
    meanwhile = NOTHING_MEANWHILE
    if state.entries is not None:
        tags = {expected.asset_tag for expected in frozen}
        counted = Counted(
            scope=scope,
            inside=inside,
            expected=tags,
            seen=seen,
            began=count.started_seq,
            ends=entry.seq,
            touched=touched,
        )
        meanwhile = happened_meanwhile(entry.rule, state.entries, state.inventory, counted)
    results = counts.settle(frozen, seen, inside, state.inventory, meanwhile)
    closing = Closing(entry.count_id, results, entry.remark, entry.rule)
    return close_count(state, closing, entry.seq, signoff_of(entry))


def exceptions_again(entry: CountExceptionsEntry, _: State) -> Deed:
    """Refuse to decide an entry that is a part of another's deed: with that it is decided, never for itself.

    Raises:
        NotAllowed: always.
    """
    raise NotAllowed("count_part_alone", None, count_id=entry.count_id)


def abandon_count_again(entry: CountAbandonEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    deed = abandon_count(state, Abandoning(entry.count_id, entry.reason), entry.seq, signoff_of(entry))
    del state.running_counts[entry.count_id]
    return deed


def _room(known: KnownFacts, asked: str | None) -> str | None:
    """Return a room's name as the station manages it, or else in its normal form."""
    if asked is None:
        return None
    managed = known.fact(Room, name_key(asked)) or known.fact(Building, name_key(asked))
    return normal_name(asked) if managed is None else managed.name


def _is_managed(known: KnownFacts, room: str) -> bool:
    key = name_key(room)
    return known.fact(Room, key) is not None or known.fact(Building, key) is not None


def _require_label(sighting: Sighting) -> None:
    """Make sure that a scan holds a tag and a place in their normal forms, and a slot only with its case."""
    tag, case_name, position = sighting.asset_tag, sighting.case_name, sighting.slot_position
    try:
        is_normal = parse_asset_tag(tag) == tag and (case_name is None or parse_case_name(case_name) == case_name)
    except NotATag:
        is_normal = False
    if not is_normal or (position is not None and (case_name is None or not 1 <= position <= SLOTS_PER_CASE_MAX)):
        scan = quoted(" ".join(str(part) for part in (tag, case_name, position) if part is not None), 60)
        raise NotAllowed("count_scan_invalid", None, scan=scan)


AGAIN: dict[type[DeedEntry], Again] = {
    CountStartEntry: start_count_again,
    CountScansEntry: add_scans_again,
    CountCloseEntry: close_count_again,
    CountExceptionsEntry: exceptions_again,
    CountAbandonEntry: abandon_count_again,
}
"""How the replay decides each kind of entry once more."""
