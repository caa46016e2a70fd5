"""What a count needs to be read: its scans from wherever they come, its entries, and the slice of the state it touches.

Owns how typed tags, lists of tags and the SCAN rows of a batch become the same sightings. Must never save anything.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from assettrack.domain import count_deeds, counts, errors
from assettrack.domain.count_deeds import ScansToAdd
from assettrack.domain.counts import Seen
from assettrack.domain.deeds import Deed, Signoff
from assettrack.domain.entries.counts import CountScansEntry, CountScope, Sighting
from assettrack.domain.facts import CountScans, Expected
from assettrack.domain.findings import Finding, NotAllowed, finding
from assettrack.domain.inventory import Inventory
from assettrack.domain.scans import BadRow
from assettrack.domain.slots import require_slot
from assettrack.domain.tags import OUT, Place
from assettrack.domain.validation import Validator
from assettrack.services.ports import BatchSource, Snapshot, Transaction, Workplace
from assettrack.services.stored_entries import entry_at as entry_at  # noqa: PLC0414 - problem_reports has it from here


class Spotted(msgspec.Struct, frozen=True, gc=False):
    """A tag that was typed or stands in a list, with the place as far as it was said."""

    asset_tag: str
    case_name: str | None = None
    slot_position: int | None = None


class Scans(msgspec.Struct, frozen=True):
    """Scans as they are handed in: tags that were typed or listed, or a batch file of which the SCAN rows count.

    ``case_name`` is where all were seen that name no case themselves. ``source_name`` and ``sha256`` (hex) are the
    file's; blank where the tags were typed.
    """

    spotted: Sequence[Spotted] = ()
    batch: BatchSource | None = None
    case_name: str | None = None
    source_name: str = ""
    sha256: str = ""

    @property
    def is_typed(self) -> bool:
        """Whether the tags were typed."""
        return not self.sha256


class Reading(msgspec.Struct, frozen=True):
    """Sightings as they were read, and what is to be said about them."""

    sightings: Sequence[Sighting]
    notices: Sequence[Finding]


def read(workplace: Workplace, scans: Scans, signed: Signoff) -> Reading:
    """Return the sightings, before any lock is taken: typed and listed tags were seen now, rows when they say.

    Raises:
        errors.BatchHasProblems: the batch file does not look right.
        errors.ListFileWrong: it has no SCAN row.
    """
    if scans.batch is None:
        now = signed.recorded_at
        return Reading(
            [Sighting(each.asset_tag, now, each.case_name, each.slot_position) for each in scans.spotted], []
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


def judged(snapshot: Snapshot, sightings: Sequence[Sighting], scans: Scans, began: str | None) -> list[Finding]:
    """Return what is to be said about sightings: places that are not known, scans from before the count began.

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
    early = 0 if began is None else sum(each.seen_at < began for each in sightings)
    if early:
        notices.append(finding("count_scans_before", count=early, began=f"{began:.19}Z"))
    for place, each in sorted(places.items()):
        if place not in inventory.slots:
            where = place if each.slot_position is not None else f"Case {place.case_name}"
            notices.append(finding("count_place_unknown", place=where, asset_tag=each.asset_tag))
    return notices


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


def slice_of_scope(snapshot: Snapshot, scope: CountScope) -> Inventory:
    """Return all that a count with this scope may expect, as it is now, with the holders."""
    if scope.cases:
        places = [Place(name, position) for name in scope.cases for position, _ in snapshot.slots_of(name)]
        inventory = snapshot.inventory_of([], places)
    elif scope.holder_id is not None:
        inventory = snapshot.inventory_of(snapshot.assets_of(scope.holder_id), [])
    else:
        inventory = _everything(snapshot)
    return _with_holders(snapshot, inventory)


def slice_of_result(snapshot: Snapshot, frozen: Sequence[Expected], seen: Iterable[str]) -> Inventory:
    """Return the present state of all that a count expects or has seen, with the holders.

    Raises:
        errors.DatabaseDamaged: an asset that the count expects is gone.
    """
    tags = {expected.asset_tag for expected in frozen}
    inventory = snapshot.inventory_of(sorted(tags.union(seen)), [])
    gone = tags - inventory.assets.keys()
    if gone:
        raise errors.DatabaseDamaged(f"asset {min(gone)}, which a count expects, is gone")
    return _with_holders(snapshot, inventory)


def holder_names(snapshot: Snapshot, frozen: Iterable[Expected]) -> dict[int, str]:
    """Return the names of the holders with whom assets were expected, by number."""
    numbers = {expected.holder_id for expected in frozen} - {None}
    return {number: _name(snapshot, number) for number in numbers if number is not None}


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
        raise errors.DatabaseDamaged(f"holder {number}, with whom a count expects an asset, is gone")
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
    left_out = [finding("count_rows_left_out", count=others)] if others else []
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
