"""The lines of a queue: each scan with what it will do and what is said of it, and the mark by which a form knows it.

Owns how a plan's findings are told by scan. Deciding is `intake`, and the queue itself `queues`.
"""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import zip_longest

import msgspec

from assettrack.domain import cards, desk_errors
from assettrack.domain.cards import Card, CardKind
from assettrack.domain.findings import Finding
from assettrack.domain.plans import Change, Plan
from assettrack.domain.queued_scans import (
    ContextSet,
    Held,
    QueuedBatch,
    QueuedScan,
    Repeated,
    RowMeant,
    Undone,
    written_meant,
)
from assettrack.domain.tags import Place
from assettrack.domain.wedge import read_typed
from assettrack.services import type_stops
from assettrack.services.free_slots import TAKEN, slot_of

MARK_LENGTH = 16

_OF_SOMEBODY = frozenset({CardKind.BEGIN, CardKind.HOLDER})


class Line(msgspec.Struct, frozen=True, gc=False):
    """A scan with what it will do (None where it is no row, or can't be decided), and what is said about it.

    ``earlier`` is the scan that it repeats, or takes back; ``crowded_by`` an asset that can't go into the same slot,
    because of it.
    """

    scan: QueuedScan
    change: Change | None
    problems: Sequence[Finding]
    refusals: Sequence[Finding]
    notices: Sequence[Finding]
    earlier: QueuedScan | None = None
    crowded_by: str = ""

    @property
    def mark(self) -> str:
        """What a form carries that was drawn for the scan as it is."""
        return mark_of(self.scan)

    @property
    def tag(self) -> str:
        """What the line is about: the row's own asset, or what was scanned where it is no row."""
        return _tag_of(self.scan)

    @property
    def tag_before(self) -> str:
        """What the scan is about that this one repeats or takes back; blank where it does neither."""
        return "" if self.earlier is None else _tag_of(self.earlier)

    @property
    def place_before(self) -> Place | None:
        """Where the scan puts the asset that this one repeats; None where it says no place."""
        meant = None if self.earlier is None else self.earlier.meant
        return meant.row.place if isinstance(meant, RowMeant) else None

    @property
    def slot_before(self) -> int | None:
        """The slot into which the scan that this one repeats puts the asset; None where it says none."""
        return None if self.place_before is None else self.place_before.slot_position

    @property
    def card(self) -> Card | None:
        """The card that said what the next scans mean; None where it was none, or said nothing of them."""
        return self.card_scanned if isinstance(self.scan.meant, ContextSet) else None

    @property
    def card_scanned(self) -> Card | None:
        """The card that was scanned, whatever it means; None where it is none that can be read, or names somebody.

        Who that is, is known of one that said it.
        """
        text = read_typed(self.scan.typed).text
        try:
            card = cards.read(text) if cards.is_card(text) else None
        except cards.NotACard:
            return None
        is_of_nobody = card is not None and card.kind in _OF_SOMEBODY and not isinstance(self.scan.meant, ContextSet)
        return None if is_of_nobody else card

    @property
    def begins(self) -> bool:
        """Whether it is the card with which a round begins."""
        return self.card is not None and self.card.kind is CardKind.BEGIN

    @property
    def stops(self) -> Sequence[Finding]:
        """What has to be mended before anything can be committed."""
        return [*self.problems, *self.refusals]

    @property
    def lacks_type(self) -> bool:
        """Whether it is of a new asset, and nobody said what that is."""
        return type_stops.lacks_type(self.stops)

    @property
    def shade(self) -> str:
        """The colour on a page: a scan that lacks only the type is asked for it, and is nobody's mistake."""
        return "note" if type_stops.lacks_type_alone(self.stops) else self.colour

    @property
    def colour(self) -> str:
        """``bad`` where it stops the batch, ``note`` where it is worth a look, else ``ok`` or ``plain`` for no row."""
        if self.problems or self.refusals:
            return "bad"
        if self.notices or self.crowded_by or isinstance(self.scan.meant, Repeated):
            return "note"
        return "ok" if isinstance(self.scan.meant, RowMeant) else "plain"


def _tag_of(scan: QueuedScan) -> str:
    return scan.meant.row.asset_tag if isinstance(scan.meant, RowMeant) else scan.typed


def mark_of(scan: QueuedScan) -> str:
    """Return a text that is another one where the scan is, or means, something else; it tells nothing of it."""
    said = [scan.number, scan.scanned_at, scan.typed, written_meant(scan.meant)]
    return sha256(msgspec.json.encode(said)).hexdigest()[:MARK_LENGTH]


def require_as_shown(scans: Sequence[QueuedScan], numbers: Sequence[int], marks: Sequence[str]) -> None:
    """Make sure that each of these scans is there, and as it was shown; one without a mark is not.

    Raises:
        desk_errors.ScanGone, desk_errors.ScanChanged: one is not.
    """
    present = {scan.number: mark_of(scan) for scan in scans if not scan.removed}
    for number, mark in zip_longest(numbers, marks[: len(numbers)]):
        if number not in present:
            raise desk_errors.ScanGone([number])
        if present[number] != mark:
            raise desk_errors.ScanChanged(number)


def lines_of(scans: Sequence[QueuedScan], batch: QueuedBatch, plan: Plan | None) -> Iterator[Line]:
    """Yield each scan with what the plan says of it."""
    rows = {number: row for row, number in enumerate(batch.numbers, 1)}
    changes = {} if plan is None else {change.row_number: change for change in plan.changes}
    said: dict[str, dict[int, list[Finding]]] = {}
    for kind in ("problems", "refusals", "notices"):
        by_row = said.setdefault(kind, {})
        for found in [] if plan is None else getattr(plan, kind):
            if found.row_number is not None:
                by_row.setdefault(found.row_number, []).append(found)
    by_number = {scan.number: scan for scan in scans}
    crowded = _crowded(scans, rows, said["refusals"])
    for scan in scans:
        row = rows.get(scan.number, 0)
        held = [scan.meant.finding] if isinstance(scan.meant, Held) and not scan.removed else []
        yield Line(
            scan,
            changes.get(row),
            [*held, *said["problems"].get(row, [])],
            said["refusals"].get(row, []),
            said["notices"].get(row, []),
            _earlier(scan, by_number),
            crowded.get(scan.number, ""),
        )


def general_of(batch: QueuedBatch, plan: Plan | None) -> list[Finding]:
    """Return what stops a batch as a whole, and is said of no scan."""
    found = [] if plan is None else [*plan.problems, *plan.refusals]
    return [each for each in found if each.row_number is None and each not in batch.problems]


def _earlier(scan: QueuedScan, by_number: Mapping[int, QueuedScan]) -> QueuedScan | None:
    """Return the scan that another repeats or takes back."""
    meant = scan.meant
    number = meant.number if isinstance(meant, Repeated | Undone) else None
    return None if number is None else by_number.get(number)


def _crowded(
    scans: Sequence[QueuedScan], rows: Mapping[int, int], refusals: Mapping[int, Sequence[Finding]]
) -> dict[int, str]:
    """Return, by the scan that is in a slot, the asset of a later one that is refused because that slot is taken."""
    there: dict[Place, int] = {}
    crowded: dict[int, str] = {}
    for scan in scans:
        place = slot_of(scan)
        if place is None or not isinstance(scan.meant, RowMeant):
            continue
        if all(found.code != TAKEN for found in refusals.get(rows.get(scan.number, 0), ())):
            there[place] = scan.number
        elif place in there:
            crowded[there[place]] = scan.meant.row.asset_tag
    return crowded
