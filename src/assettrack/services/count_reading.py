"""What a count needs to be read: its scans from wherever they come, its entries, and the slice of the state it touches.

Owns how typed tags, lists of tags and the SCAN rows of a batch become the same sightings. Must never save anything.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import msgspec

from assettrack.domain import count_deeds, counts, errors, station_errors
from assettrack.domain.count_deeds import ScansToAdd
from assettrack.domain.counted_meanwhile import Counted, happened_meanwhile, was_moved
from assettrack.domain.counts import Result, Seen
from assettrack.domain.deeds import Deed, Signoff
from assettrack.domain.entries.base import DeedEntry, NotAnEntry
from assettrack.domain.entries.counts import (
    CountAbandonEntry,
    CountCloseEntry,
    CountExceptionsEntry,
    CountScansEntry,
    CountScope,
    CountStartEntry,
    Sighting,
)
from assettrack.domain.facts import Count, CountScans, Expected
from assettrack.domain.findings import Finding, NotAllowed, finding
from assettrack.domain.holders import name_key
from assettrack.domain.inventory import Inventory
from assettrack.domain.scans import BadRow
from assettrack.domain.slots import require_slot
from assettrack.domain.tags import OUT, Place
from assettrack.domain.validation import Validator
from assettrack.domain.wording import counted
from assettrack.services.ports import BatchSource, Snapshot, Transaction, Workplace
from assettrack.services.stored_entries import entry_at as entry_at  # noqa: PLC0414 - problem_reports has it from here
from assettrack.services.stored_entries import not_what_it_should_be

TAGS_NAMED = 5
"""So many tags are named that no asset has."""


class Spotted(msgspec.Struct, frozen=True, gc=False):
    """A tag that was typed or stands in a list, with the place as far as it was said."""

    asset_tag: str
    case_name: str | None = None
    slot_position: int | None = None


class Scans(msgspec.Struct, frozen=True):
    """Scans as they are handed in: tags that were typed or listed, or a batch file of which the SCAN rows count.

    ``case_name`` is where all were seen that name no case themselves. ``source_name`` and ``sha256`` (hex) are the
    file's; blank where the tags were typed. ``seen_at`` (UTC text) is when the tags were seen; blank is just now.
    """

    spotted: Sequence[Spotted] = ()
    batch: BatchSource | None = None
    case_name: str | None = None
    source_name: str = ""
    sha256: str = ""
    seen_at: str = ""

    @property
    def is_typed(self) -> bool:
        """Whether the tags were typed."""
        return not self.sha256


class Reading(msgspec.Struct, frozen=True):
    """Sightings as they were read, and what is to be said about them."""

    sightings: Sequence[Sighting]
    notices: Sequence[Finding]


def read(workplace: Workplace, scans: Scans, signed: Signoff) -> Reading:
    """Return the sightings, before any lock is taken: tags were seen when that is said, else now; rows when they say.

    Raises:
        errors.BatchHasProblems: the batch file does not look right.
        errors.ListFileWrong: it has no SCAN row.
    """
    if scans.batch is None:
        seen_at = scans.seen_at or signed.recorded_at
        return Reading(
            [Sighting(each.asset_tag, seen_at, each.case_name, each.slot_position) for each in scans.spotted], []
        )
    return _of_batch(workplace, scans.batch, scans.source_name)


def placed(snapshot: Snapshot, sightings: Sequence[Sighting], scans: Scans, cases: Sequence[str]) -> Sequence[Sighting]:
    """Return the sightings with the case that was said for all of them; ``cases`` are those that are counted.

    A slot without a case is one of the counted case, if there is only one. What was typed must exist.

    Raises:
        NotAllowed: a slot's case is not known; there is no such case or slot.
    """
    found = [_in_its_case(each, scans.case_name, cases) for each in sightings]
    places = {Place(scans.case_name, 1)} if scans.case_name is not None else set()
    if scans.is_typed:
        places.update(Place(each.case_name, each.slot_position or 1) for each in found if each.case_name is not None)
    inventory = snapshot.inventory_of([], sorted(places))
    for place in sorted(places):
        require_slot(inventory, place)
    return found


def judged(snapshot: Snapshot, sightings: Sequence[Sighting], scans: Scans) -> list[Finding]:
    """Return what is to be said about the sightings of a file: tags and places that are not known.

    Raises:
        errors.ListFileWrong: the file has not one tag that this station knows.
    """
    if scans.is_typed:
        return []
    places = {Place(each.case_name, each.slot_position or 1): each for each in sightings if each.case_name is not None}
    tags = {each.asset_tag for each in sightings}
    inventory = snapshot.inventory_of(sorted(tags), sorted(places))
    if tags.isdisjoint(inventory.assets):
        reason = f"none of its {len(tags):,} tags is known here; if they are what was seen, type them"
        raise errors.ListFileWrong(scans.source_name, None, reason)
    notices = []
    strange = sorted(tags - inventory.assets.keys())
    if strange:
        more = f" and {len(strange) - TAGS_NAMED:,} more" if len(strange) > TAGS_NAMED else ""
        notices.append(finding("count_tags_unknown", tags=f"{', '.join(strange[:TAGS_NAMED])}{more}"))
    for place, each in sorted(places.items()):
        if place not in inventory.slots:
            where = place if each.slot_position is not None else f"Case {place.case_name}"
            notices.append(finding("count_place_unknown", place=where, asset_tag=each.asset_tag))
    return notices


def made_before(sightings: Iterable[Sighting], what: str, began: str) -> list[Finding]:
    """Return a notice where scans were made before something (a UTC text), said in words."""
    early = sum(each.seen_at < began for each in sightings)
    if not early:
        return []
    return [finding("count_scans_before", scans=counted(early, "scan"), what=what, began=f"{began:.19}Z")]


def scan_deeds(
    transaction: Transaction, count_id: int, read_: tuple[Sequence[Sighting], Scans], signed: Signoff
) -> Iterator[Deed]:
    """Yield the deeds that add sightings to a count, as few as the size of an entry allows; save each at once."""
    sightings, scans = read_
    for first in range(0, len(sightings), counts.SIGHTINGS_PER_ENTRY_MAX):
        part = sightings[first : first + counts.SIGHTINGS_PER_ENTRY_MAX]
        added = ScansToAdd(count_id, part, scans.source_name, scans.sha256)
        yield count_deeds.add_scans(transaction, added, transaction.log_size + 1, signed)


def added_before(snapshot: Snapshot, count_id: int, sha256: str) -> list[int]:
    """Return the entries by which a file was added to a count before."""
    if not sha256:
        return []
    seqs = [fact.seq for fact in snapshot.facts(CountScans, count_id)]
    return [seq for seq in seqs if entry_at(snapshot, seq, CountScansEntry).source_sha256 == sha256]


def frozen_and_seen(snapshot: Snapshot, count_id: int) -> tuple[list[Expected], dict[str, Seen]]:
    """Return what a count expects, and what its scans say of each tag."""
    frozen = list(snapshot.facts(Expected, count_id))
    seqs = [fact.seq for fact in snapshot.facts(CountScans, count_id)]
    sightings = (sighting for seq in seqs for sighting in entry_at(snapshot, seq, CountScansEntry).scans)
    return frozen, counts.gather(sightings)


def end_of(snapshot: Snapshot, count: Count) -> CountCloseEntry | CountAbandonEntry | None:
    """Return the entry by which a count ended, or None while it is open."""
    if count.closed_seq is None:
        return None
    entry = entry_at(snapshot, count.closed_seq, DeedEntry)
    if not isinstance(entry, CountCloseEntry | CountAbandonEntry):
        raise not_what_it_should_be(count.closed_seq)
    return entry


def has_ended(entry: CountCloseEntry | CountAbandonEntry) -> NotAllowed:
    """Return the refusal of whatever only an open count allows: by whom it was signed off, or abandoned and why."""
    known = {"count_id": entry.count_id, "seq": entry.seq, "operator": entry.operator}
    if isinstance(entry, CountAbandonEntry):
        return NotAllowed("count_abandoned", "count_id", reason=entry.reason, **known)
    return NotAllowed("count_closed", "count_id", **known)


def require_open(snapshot: Snapshot, count_id: int) -> Count:
    """Return a count that is open.

    Raises:
        NotAllowed: there is no such count, or it was signed off or abandoned.
    """
    count = count_deeds.require_count(snapshot, count_id)
    ended = end_of(snapshot, count)
    if ended is not None:
        raise has_ended(ended)
    return count


def exceptions_of(snapshot: Snapshot, ended: CountCloseEntry) -> dict[str, Result]:
    """Return the result of each tag that was not simply found, as a count was signed off.

    Raises:
        station_errors.DatabaseDamaged: a part of it is gone, or is another entry.
    """
    listed = [ended.exceptions]
    for seq in range(ended.seq + 1, ended.seq + ended.parts + 1):
        part = entry_at(snapshot, seq, CountExceptionsEntry)
        if part.count_id != ended.count_id:
            raise not_what_it_should_be(seq)
        listed.append(part.exceptions)
    return {tag: result for part in listed for result in counts.EXCEPTIONS for tag in part.get(result, ())}


def note_over(snapshot: Snapshot, last_seq: int) -> str:
    """Return the signed note that covers a deed which was done before; ``last_seq`` is its last entry.

    Raises:
        station_errors.DatabaseDamaged: it is gone.
    """
    note = snapshot.checkpoint_at_least(last_seq)
    if note is None:
        raise station_errors.DatabaseDamaged(f"the log has no checkpoint that covers entry {last_seq}")
    return note


def slice_of_scope(snapshot: Snapshot, scope: CountScope) -> Inventory:
    """Return all that a count with this scope may expect, as it is now, with the holders."""
    if scope.cases:
        places = [Place(name, position) for name in scope.cases for position, _ in snapshot.slots_of(name)]
        inventory = snapshot.inventory_of([], places)
    elif scope.holder_id is not None:
        inventory = snapshot.inventory_of(snapshot.assets_of(scope.holder_id), [])
    elif scope.room is not None:
        key = name_key(scope.room)
        inventory = snapshot.inventory_of(
            [tag for tag, room in snapshot.reports.in_rooms() if name_key(room) == key], []
        )
    else:
        inventory = _everything(snapshot)
    return _with_holders(snapshot, inventory)


def slice_of_result(snapshot: Snapshot, frozen: Sequence[Expected], seen: Iterable[str]) -> Inventory:
    """Return the present state of all that a count expects or has seen, with the holders.

    Raises:
        station_errors.DatabaseDamaged: an asset that the count expects is gone.
    """
    tags = {expected.asset_tag for expected in frozen}
    inventory = snapshot.inventory_of(sorted(tags.union(seen)), [])
    gone = tags - inventory.assets.keys()
    if gone:
        raise station_errors.DatabaseDamaged(f"asset {min(gone)}, which a count expects, is gone")
    return _with_holders(snapshot, inventory)


def settled(
    snapshot: Snapshot,
    begun: CountStartEntry,
    frozen: Sequence[Expected],
    seen: Mapping[str, Seen],
    touched: Collection[str] | None = None,
) -> dict[str, Result]:
    """Return how these expected assets and scanned tags of a count that goes on end by the present state.

    ``touched`` are all about which there are entries since it began; where it is None, the history of each is read.

    Raises:
        NotAllowed: the holder of the scope is gone.
        station_errors.DatabaseDamaged: an asset that the count expects is gone, or an entry about one can't be read.
    """
    inside = counts.within(begun.scope, count_deeds.holder_of(snapshot, begun.scope))
    inventory = slice_of_result(snapshot, frozen, seen)
    tags = {expected.asset_tag for expected in frozen}
    of_count = Counted(
        scope=begun.scope,
        inside=inside,
        expected=tags,
        seen=seen,
        began=begun.seq,
        ends=snapshot.log_size + 1,
        touched=touched,
    )
    with _damage_raised():
        meanwhile = happened_meanwhile(count_deeds.RULE, snapshot.histories, inventory, of_count)
    return counts.settle(frozen, seen, inside, inventory, meanwhile)


def moved_since(snapshot: Snapshot, count_id: int, tags: Iterable[str]) -> set[str]:
    """Return which of these were moved on record since a count began, also where they are back.

    Raises:
        NotAllowed: there is no such count.
        station_errors.DatabaseDamaged: an entry about one of them can't be read.
    """
    span = count_deeds.require_count(snapshot, count_id).started_seq, snapshot.log_size + 1
    with _damage_raised():
        return {tag for tag in tags if was_moved(snapshot.histories, tag, *span)}


def holder_names(snapshot: Snapshot, frozen: Iterable[Expected]) -> dict[int, str]:
    """Return the names of the holders with whom assets were expected, by number."""
    numbers = {expected.holder_id for expected in frozen} - {None}
    return {number: _name(snapshot, number) for number in numbers if number is not None}


@contextmanager
def _damage_raised() -> Iterator[None]:
    """Raise what can't be read in the block as damage of the database."""
    try:
        yield
    except NotAnEntry as error:
        raise station_errors.DatabaseDamaged(f"an entry of the log can't be read ({error})") from error


def _everything(snapshot: Snapshot) -> Inventory:
    inventory = snapshot.inventory()
    inventory.assets.update((tag, asset) for tag, _, asset in snapshot.all_assets())
    return inventory


def _with_holders(snapshot: Snapshot, inventory: Inventory) -> Inventory:
    names = {asset.holder for asset in inventory.assets.values() if asset.holder is not None}
    inventory.holders = snapshot.holders_named(sorted(names))
    return inventory


def _name(snapshot: Snapshot, number: int) -> str:
    holder = snapshot.holder(number)
    if holder is None:
        raise station_errors.DatabaseDamaged(f"holder {number}, with whom a count expects an asset, is gone")
    return holder.name


def _of_batch(workplace: Workplace, batch: BatchSource, name: str) -> Reading:
    with workplace.store.read() as snapshot:
        validator = Validator(workplace.zone(snapshot.station().timezone), workplace.now())
    sightings, others = [], 0
    for row in validator.scans(batch.rows()):
        if isinstance(row, BadRow):
            continue
        if row.event_type == "SCAN":
            case, slot = (None, None) if row.place in {None, OUT} else row.place
            sightings.append(Sighting(row.asset_tag, row.occurred_at, case, slot))
        else:
            others += 1
    batch.release()
    problems = [*batch.problems, *validator.problems]
    if problems:
        raise errors.BatchHasProblems(problems, [])
    if not sightings:
        raise errors.ListFileWrong(name, None, "it has no SCAN row, and only those are sightings")
    left_out = [finding("count_rows_left_out", rows=counted(others, "row"))] if others else []
    return Reading(sightings, [*batch.notices, *validator.notices, *left_out])


def _in_its_case(sighting: Sighting, case_name: str | None, cases: Sequence[str]) -> Sighting:
    slot = sighting.slot_position
    if sighting.case_name is not None or (case_name is None and slot is None):
        return sighting
    if case_name is None and len(cases) == 1:
        case_name = cases[0]
    if case_name is None:
        raise NotAllowed("count_slot_without_case", "case_number", asset_tag=sighting.asset_tag, slot_position=slot)
    return Sighting(sighting.asset_tag, sighting.seen_at, case_name, slot)
