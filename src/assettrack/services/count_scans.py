"""Scans of a count as a wedge types them: each is understood, added, and told what it means for the count.

Owns what a scan may mean while people count: an asset, or the case or slot in which the next ones are. What is added
and how it ends is decided by `counts`. A holder's badge and cards that begin or end something mean nothing here. After
a label that is not understood nothing is seen in the place before it: what was added once stays.
"""

from collections.abc import Sequence

import msgspec

from assettrack.domain import count_deeds, counts
from assettrack.domain.entries.counts import CountScope, CountStartEntry, Sighting
from assettrack.domain.facts import Count, Expected
from assettrack.domain.findings import Finding
from assettrack.domain.queued_scans import Context, ContextSet, Held, Meant, RowMeant
from assettrack.domain.said_contexts import after_held
from assettrack.domain.scan_context import parsed, said_by
from assettrack.domain.tags import parse_case_name
from assettrack.domain.timestamps import utc_text
from assettrack.domain.wedge import read_typed, split_scans
from assettrack.domain.wording import quoted
from assettrack.services import count_reading
from assettrack.services.case_forms import case_or_asset
from assettrack.services.count_reading import Scans, Spotted
from assettrack.services.counts import AskedScope, Line, add_scans, lines, opening_of, said
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.scan_reading import ScanReader
from assettrack.services.stored_entries import entry_at
from assettrack.services.typed_deeds import refusal_raised
from assettrack.services.waited_scans import waited


class Where(msgspec.Struct, frozen=True):
    """Where the next scans of a count are seen, as far as that was said; ``slot`` is of the next one alone.

    ``removed`` says that it was said, a label after that was not understood, and nobody has said it since.
    """

    case_name: str = ""
    slot: int | None = None
    removed: bool = False


class Outcome(msgspec.Struct, frozen=True):
    """What one scan meant: how its tag stands in the count, or why nothing was added; neither where it said where.

    ``is_again`` says that it said what was said before.
    """

    typed: str
    line: Line | None = None
    held: Finding | None = None
    is_again: bool = False


class Taken(msgspec.Struct, frozen=True):
    """What several scans meant, and where the next are seen."""

    outcomes: Sequence[Outcome]
    where: Where


class Beginning(msgspec.Struct, frozen=True):
    """What a count that begins now would be: its scope in words, what it expects, open counts that expect the same."""

    words: str
    expected: int
    shared_with: Sequence[int]


def beginning(workplace: Workplace, asked: AskedScope) -> Beginning:
    """Return what a count would be that begins now. Nothing is saved.

    Raises:
        errors.DeedRefused: a case or the room is not known.
        errors.NotFound: the holder is not.
    """
    with workplace.store.read() as snapshot, refusal_raised():
        if asked == AskedScope():  # a count of everything, which is much: nothing but the tags is needed
            scope, tags = CountScope(), set(snapshot.reports.stored())
        else:
            opening = opening_of(snapshot, asked)
            scope, tags = opening.scope, {expected.asset_tag for expected in opening.frozen}
        going_on = [count.count_id for count in snapshot.facts(Count) if count.closed_seq is None]
        shared = [
            number
            for number in going_on
            if any(expected.asset_tag in tags for expected in snapshot.facts(Expected, number))
        ]
        return Beginning(said(snapshot, scope).words, len(tags), shared)


def take(workplace: Workplace, count_id: int, raw: str, where: Where, *, said: str = "") -> Taken:
    """Add what a scanner typed, one scan or several, to an open count; it is saved when this returns.

    ``said`` is how long it waited in a browser before it came (milliseconds): it was seen so long ago, but not before
    the count began.

    Raises:
        errors.DeedRefused: there is no such count, or it goes on no more; a slot's case was not said.
    """
    found: list[tuple[str, Spotted | Finding | None, bool]] = []
    with workplace.store.read() as snapshot:
        for part in split_scans(raw):
            context = Context(case_name=where.case_name, slot_position=where.slot, place_removed=where.removed)
            meants, after = _CountReader(snapshot, (), context, read_gs1=workplace.read_gs1).understand(part)
            now = _where_after(where, meants[0], after, part)
            found += [(part.strip(), _spotted(each, part, context), now == where) for each in meants]
            where = now
    spotted = [each for _, each, _ in found if isinstance(each, Spotted)]
    if spotted:
        add_scans(workplace, count_id, Scans(spotted, seen_at=_seen_at(workplace, count_id, said)))
    seen = _lines(workplace, count_id, spotted)
    outcomes = [
        Outcome(
            typed,
            seen[each.asset_tag] if isinstance(each, Spotted) else None,
            each if isinstance(each, Finding) else None,
            each is None and is_again,
        )
        for typed, each, is_again in found
    ]
    return Taken(outcomes, where)


class _CountReader(ScanReader):
    """Understands the scans of a count, of which none is taken back: what may be a label is not seen as an asset."""

    def new_asset_doubt(self, tag: str) -> Held | None:
        """Hold what looks like the label of a case, also where no place was said: it is no asset that was seen."""
        return case_or_asset(self._snapshot, tag, (), is_typed=False)

    def _asset(self, tag: str) -> tuple[list[Meant], Context]:
        if self._context.place_removed:
            return [Held("place_removed", {"tag": tag})], self._context
        return super()._asset(tag)


def _where_after(where: Where, meant: Meant, after: Context, part: str) -> Where:
    """Return where the next scan is seen after one that was seen, or would have been, in ``where``.

    Where nobody said a place, there is none that the next one could be taken to be in.
    """
    if isinstance(meant, Held):
        is_removed = after_held(meant, read_typed(part).text, after).place_removed
        return Where(removed=True) if is_removed and where != Where() else where
    return Where(after.case_name, after.slot_position, after.place_removed)


def _seen_at(workplace: Workplace, count_id: int, said: str) -> str:
    """Return when something was seen that waited so long, as UTC text; blank where it did not wait."""
    before = waited(said)
    if not before:
        return ""
    with workplace.store.read() as snapshot, refusal_raised():
        begun = entry_at(snapshot, count_deeds.require_count(snapshot, count_id).started_seq, CountStartEntry)
    return max(utc_text(workplace.now() - before), begun.recorded_at)


def _spotted(meant: Meant, part: str, context: Context) -> Spotted | Finding | None:
    """Return the sighting that a scan is, what is said where it is none, or None where it said where the next are."""
    if isinstance(meant, RowMeant):
        return Spotted(meant.row.asset_tag, context.case_name or None, context.slot_position)
    if isinstance(meant, Held) and meant.reason != "card_not_here":
        return meant.finding
    text = read_typed(part).text
    if isinstance(meant, ContextSet):
        case = parsed(parse_case_name, text)
        if "place" in said_by(text, is_case=case != "" and case == meant.context.case_name):
            return None
    return Held("count_scan_invalid", {"scan": quoted(part.strip(), 40)}).finding


def _lines(workplace: Workplace, count_id: int, spotted: Sequence[Spotted]) -> dict[str, Line]:
    """Return how these tags stand by these scans; all others of the count need not be looked at."""
    now = ""
    sightings = [Sighting(each.asset_tag, now, each.case_name, each.slot_position) for each in spotted]
    if not sightings:
        return {}
    with workplace.store.read() as snapshot, refusal_raised():
        count = count_deeds.require_count(snapshot, count_id)
        begun = entry_at(snapshot, count.started_seq, CountStartEntry)
        placed = count_reading.placed(snapshot, sightings, Scans(spotted), begun.scope.cases)
        seen = counts.gather(placed)
        frozen = _expected(snapshot, count_id, seen)
        results = count_reading.settled(snapshot, begun, frozen, seen)
        return {line.asset_tag: line for line in lines(snapshot, frozen, seen, results, with_found=True)}


def _expected(snapshot: Snapshot, count_id: int, tags: Sequence[str] | dict[str, counts.Seen]) -> list[Expected]:
    found = (snapshot.fact(Expected, count_id, tag) for tag in tags)
    return [expected for expected in found if isinstance(expected, Expected)]
