"""Counts: begin one, add scans to it, look at it. Each deed is one transaction, and none moves anything.

How a count ends is in `count_endings`. Nothing is locked while people count: what is issued, returned or moved
meanwhile is told apart in the result.
"""

from collections.abc import Generator, Sequence

import msgspec

from assettrack.domain import count_deeds, counts
from assettrack.domain.count_deeds import Opening
from assettrack.domain.counts import Result, Seen
from assettrack.domain.entries.counts import CountAbandonEntry, CountCloseEntry, CountScope, CountStartEntry
from assettrack.domain.facts import Count, Expected
from assettrack.domain.findings import Finding, finding
from assettrack.domain.inventory import Asset
from assettrack.services import count_reading
from assettrack.services.count_reading import Scans
from assettrack.services.names import require_meant
from assettrack.services.ports import Snapshot, Transaction, Workplace
from assettrack.services.stored_entries import entry_at
from assettrack.services.typed_deeds import DeedReceipt, refusal_raised, signoff


class AskedScope(msgspec.Struct, frozen=True):
    """What is to be counted, as it was asked for: cases, a room or a holder by name, or else all that is in storage.

    ``holder_id`` is the number of the holder whom a page showed under the name, where one did.
    """

    cases: tuple[str, ...] = ()
    room: str | None = None
    holder: str | None = None
    holder_id: int | None = None


class Scope(msgspec.Struct, frozen=True):
    """What a count is of; ``words`` say it in a line."""

    cases: Sequence[str]
    room: str | None
    holder: str | None
    everything: bool
    words: str


class Started(DeedReceipt, frozen=True, kw_only=True):
    """A count that has begun: what it expects, and which other open counts expect some of the same."""

    count_id: int
    scope: Scope
    expected: int
    notices: Sequence[Finding]


class Added(DeedReceipt, frozen=True, kw_only=True):
    """Scans that were added to a count; none where the same file was added before, by the entries named."""

    count_id: int
    scans: int
    already_added: bool
    notices: Sequence[Finding]


class Line(msgspec.Struct, frozen=True):
    """How one asset or scanned tag ended: where it was recorded when the count began, and where it was seen.

    ``scans`` is how often it was scanned, ``now`` where it is recorded at present, in words; None for an unknown tag.
    """

    asset_tag: str
    result: Result
    scans: int
    expected: bool
    expected_case: str | None = None
    expected_slot: int | None = None
    expected_holder: str | None = None
    seen_case: str | None = None
    seen_slot: int | None = None
    seen_at: str | None = None
    now: str | None = None

    @property
    def recorded(self) -> str:
        """Where it was recorded when the count began, in words."""
        if self.expected_holder is not None:
            return f"with {self.expected_holder}"
        if self.expected_case is not None:
            return f"{self.expected_case} slot {self.expected_slot}"
        return "in no slot" if self.expected else "not expected"

    @property
    def seen(self) -> str:
        """Where it was seen, in words, and how often it was scanned if more than once: not always in that place."""
        if not self.scans:
            return "not seen"
        slot = "" if self.seen_slot is None else f" slot {self.seen_slot}"
        if self.seen_case is None:
            return "here" if self.scans == 1 else f"here, {self.scans} times"
        return f"{self.seen_case}{slot}{f' last, {self.scans} scans in all' if self.scans > 1 else ''}"


class Done(msgspec.Struct, frozen=True):
    """Who did a deed of a count, when (UTC text), and by which entry."""

    seq: int
    recorded_at: str
    operator: str


class GivenUp(Done, frozen=True):
    """Who abandoned a count, when, by which entry, and why."""

    reason: str


class Summary(msgspec.Struct, frozen=True):
    """A count in a line; ``totals`` are there once it is signed off."""

    count_id: int
    scope: Scope
    expected: int
    started: Done
    closed: Done | None
    abandoned: GivenUp | None
    totals: dict[str, int] | None

    @property
    def is_open(self) -> bool:
        """Whether it goes on."""
        return self.closed is None and self.abandoned is None


class Sheet(msgspec.Struct, frozen=True):
    """A count whole: how everything has ended so far or, once it is signed off, in the end; exceptions first.

    One that was abandoned has no result: neither ``totals`` nor ``lines``.
    """

    count_id: int
    scope: Scope
    expected: int
    scans: int
    started: Done
    closed: Done | None
    abandoned: GivenUp | None
    remark: str
    totals: dict[str, int] | None
    lines: Sequence[Line]
    timezone: str


def start(workplace: Workplace, asked: AskedScope) -> Started:
    """Begin a count: what is recorded in its scope at this moment is what it expects.

    Raises:
        errors.DeedRefused: a case or the room is not known.
        errors.NotFound: the holder is not.
    """
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        opening = opening_of(transaction, asked)
        notices = _overlaps(transaction, opening)
        seq = transaction.log_size + 1
        transaction.save(count_deeds.start_count(opening, seq, signed))
        scope = said(transaction, opening.scope)
    return Started(
        count_id=opening.count_id, scope=scope, expected=len(opening.frozen), notices=notices, first_seq=seq,
        last_seq=seq, checkpoint=transaction.checkpoint,
    )  # fmt: skip


def add_scans(workplace: Workplace, count_id: int, scans: Scans) -> Added:
    """Add scans to an open count; a file that was added to it before adds nothing.

    Raises:
        errors.DeedRefused: there is no such count or it has ended; a typed case or slot does not exist.
        errors.BatchHasProblems, errors.ListFileWrong: the file does not look right, or has no scan of ours.
    """
    signed = signoff(workplace)
    reading = count_reading.read(workplace, scans, signed)
    with refusal_raised(), workplace.store.write() as transaction:
        count = count_reading.require_open(transaction, count_id)
        earlier = count_reading.added_before(transaction, count_id, scans.sha256)
        if earlier:
            return _added_before(transaction, count_id, earlier)
        begun = entry_at(transaction, count.started_seq, CountStartEntry)
        sightings = count_reading.placed(transaction, reading.sightings, scans, begun.scope.cases)
        early = count_reading.made_before(sightings, "the count began", begun.recorded_at)
        notices = [*reading.notices, *early, *count_reading.judged(transaction, sightings, scans)]
        first_seq = transaction.log_size + 1
        for deed in count_reading.scan_deeds(transaction, count_id, (sightings, scans), signed):
            transaction.save(deed)
        last_seq = transaction.log_size
    return Added(
        count_id=count_id, scans=len(sightings), already_added=False, notices=notices, committed=len(sightings),
        first_seq=first_seq, last_seq=last_seq, checkpoint=transaction.checkpoint,
    )  # fmt: skip


def sheet(workplace: Workplace, count_id: int, *, with_found: bool = False) -> Sheet:
    """Return a count with how everything has ended, the exceptions and, if asked for, what was simply found.

    Raises:
        errors.DeedRefused: there is no such count.
    """
    with workplace.store.read() as snapshot, refusal_raised():
        return sheet_in(snapshot, count_id, with_found=with_found)


def all_counts(workplace: Workplace) -> Generator[Summary, None, None]:
    """Yield every count, by number."""
    with workplace.store.read() as snapshot:
        for count in list(snapshot.facts(Count)):
            begun = entry_at(snapshot, count.started_seq, CountStartEntry)
            ended = count_reading.end_of(snapshot, count)
            totals = ended.totals if isinstance(ended, CountCloseEntry) else None
            yield Summary(
                count.count_id, said(snapshot, begun.scope), begun.expected, _done(begun), _signed_off(ended),
                _given_up(ended), totals,
            )  # fmt: skip


def opening_of(snapshot: Snapshot, asked: AskedScope) -> Opening:
    """Return what a count that begins now expects.

    Raises:
        NotAllowed: a case or the room is not known.
        errors.NotFound: the holder is not.
    """
    holder_id = None if asked.holder is None else require_meant(snapshot, asked.holder, asked.holder_id).holder_id
    scope = CountScope(asked.cases, asked.room, holder_id)
    return count_deeds.open_count(snapshot, scope, count_reading.slice_of_scope(snapshot, scope))


def sheet_in(snapshot: Snapshot, count_id: int, *, with_found: bool) -> Sheet:
    """Return a count whole, as `sheet` does.

    Raises:
        NotAllowed: there is no such count.
    """
    count = count_deeds.require_count(snapshot, count_id)
    begun = entry_at(snapshot, count.started_seq, CountStartEntry)
    ended = count_reading.end_of(snapshot, count)
    frozen, seen = count_reading.frozen_and_seen(snapshot, count_id)
    results = None if isinstance(ended, CountAbandonEntry) else _results(snapshot, count, frozen, seen)
    return sheet_of(
        snapshot, (begun, ended), sum(each.times for each in seen.values()),
        None if results is None else counts.totals(results),
        [] if results is None else lines(snapshot, frozen, seen, results, with_found=with_found),
    )  # fmt: skip


def sheet_of(
    snapshot: Snapshot,
    told: tuple[CountStartEntry, CountCloseEntry | CountAbandonEntry | None],
    scans: int,
    totals: dict[str, int] | None,
    lines: Sequence[Line],
) -> Sheet:
    """Return a count whole, of which the beginning and the end are known, and what its scans come to."""
    begun, ended = told
    return Sheet(
        begun.count_id, said(snapshot, begun.scope), begun.expected, scans, _done(begun), _signed_off(ended),
        _given_up(ended), ended.remark if isinstance(ended, CountCloseEntry) else "", totals, lines,
        snapshot.station().timezone,
    )  # fmt: skip


def results_of(snapshot: Snapshot, count_id: int) -> dict[str, Result]:
    """Return how everything of a count has ended so far or, once it is signed off, in the end.

    Raises:
        NotAllowed: there is no such count, or it was abandoned.
    """
    count = count_deeds.require_count(snapshot, count_id)
    return _results(snapshot, count, *count_reading.frozen_and_seen(snapshot, count_id))


def lines(
    snapshot: Snapshot,
    frozen: Sequence[Expected],
    seen: dict[str, Seen],
    results: dict[str, Result],
    *,
    with_found: bool,
) -> list[Line]:
    """Return a line for each tag, by result and tag; those that were simply found only if asked for."""
    wanted = tuple(counts.RESULTS) if with_found else counts.EXCEPTIONS
    tags: dict[Result, list[str]] = {result: [] for result in wanted}
    for tag, result in results.items():
        if result in tags:
            tags[result].append(tag)
    recorded = {expected.asset_tag: expected for expected in frozen if results[expected.asset_tag] in tags}
    names = count_reading.holder_names(snapshot, recorded.values())
    assets = snapshot.inventory_of([tag for listed in tags.values() for tag in listed], []).assets
    return [
        _line(tag, result, (recorded.get(tag), seen.get(tag), assets.get(tag)), names)
        for result in wanted
        for tag in sorted(tags[result])
    ]


def timezone(workplace: Workplace) -> str:
    """Return the station's IANA zone, in which times are shown."""
    with workplace.store.read() as snapshot:
        return snapshot.station().timezone


def said(snapshot: Snapshot, scope: CountScope) -> Scope:
    """Return a scope as it is said: with the holder's name in the place of the number, and in words."""
    holder = count_deeds.holder_of(snapshot, scope)
    name = None if holder is None else holder.name
    everything = not scope.cases and scope.room is None and name is None
    return Scope(scope.cases, scope.room, name, everything, counts.scope_words(scope, name))


def _line(
    tag: str, result: Result, known: tuple[Expected | None, Seen | None, Asset | None], names: dict[int, str]
) -> Line:
    expected, seen, asset = known
    case, slot, holder = (None, None, None) if expected is None else expected[2:]
    times, seen_at, seen_case, seen_slot = (0, None, None, None) if seen is None else seen
    name = None if holder is None else names[holder]
    now = None if asset is None else asset.where
    return Line(tag, result, times, expected is not None, case, slot, name, seen_case, seen_slot, seen_at, now)


def _results(snapshot: Snapshot, count: Count, frozen: Sequence[Expected], seen: dict[str, Seen]) -> dict[str, Result]:
    ended = count_reading.end_of(snapshot, count)
    if ended is None:
        return _live(snapshot, count, frozen, seen)
    if isinstance(ended, CountAbandonEntry):
        raise count_reading.has_ended(ended)
    results = dict.fromkeys((expected.asset_tag for expected in frozen), counts.FOUND)
    return results | count_reading.exceptions_of(snapshot, ended)


def _live(snapshot: Snapshot, count: Count, frozen: Sequence[Expected], seen: dict[str, Seen]) -> dict[str, Result]:
    """Return how everything ends by the present state."""
    begun = entry_at(snapshot, count.started_seq, CountStartEntry)
    return count_reading.settled(snapshot, begun, frozen, seen, snapshot.reports.touched(begun.seq))


def _overlaps(transaction: Transaction, opening: Opening) -> list[Finding]:
    """Return a notice where other open counts expect some of the same assets."""
    tags = {expected.asset_tag for expected in opening.frozen}
    others = [count.count_id for count in list(transaction.facts(Count)) if count.closed_seq is None]
    shared = [
        str(other)
        for other in others
        if any(expected.asset_tag in tags for expected in transaction.facts(Expected, other))
    ]
    return [finding("count_overlaps", counts=", ".join(shared))] if shared else []


def _added_before(transaction: Transaction, count_id: int, seqs: Sequence[int]) -> Added:
    note = count_reading.note_over(transaction, seqs[-1])
    return Added(
        count_id=count_id, scans=0, already_added=True, notices=[finding("count_file_added_before", seq=seqs[0])],
        committed=0, already_committed=True, first_seq=seqs[0], last_seq=seqs[-1], checkpoint=note,
    )  # fmt: skip


def _done(entry: CountStartEntry | CountCloseEntry) -> Done:
    return Done(entry.seq, entry.recorded_at, entry.operator)


def _signed_off(ended: CountCloseEntry | CountAbandonEntry | None) -> Done | None:
    return _done(ended) if isinstance(ended, CountCloseEntry) else None


def _given_up(ended: CountCloseEntry | CountAbandonEntry | None) -> GivenUp | None:
    if not isinstance(ended, CountAbandonEntry):
        return None
    return GivenUp(ended.seq, ended.recorded_at, ended.operator, ended.reason)
