"""Corrections: the history of an asset with its corrected rows in place, and what the rules make of it (DESIGN §6).

Owns the effective history. It is an asset's entries in the order of the log, each corrected row as it should have
been, and it is decided again by the very rules that decided it first. Must never change anything: what a correction
does to the log and the tables is `correction_deeds`.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, tzinfo
from typing import NamedTuple

import msgspec

from assettrack.domain import place_deeds
from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.batch_deeds import Handovers
from assettrack.domain.decisions import Decision
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.entries.places import SlotEntry
from assettrack.domain.entries.rows import RowEntry, scan_of
from assettrack.domain.findings import Finding, Illegal, NotAllowed, finding
from assettrack.domain.holders import Holder
from assettrack.domain.inventory import Asset, Custody, Inventory, SlotKey
from assettrack.domain.plans import Options
from assettrack.domain.scans import COLUMNS, GIVING, EventType, Scan, place_cells
from assettrack.domain.tags import OUT, Place
from assettrack.domain.timestamps import utc_text
from assettrack.domain.typed_rows import TYPED_EVENT_TYPES
from assettrack.domain.validation import Validator
from assettrack.domain.wording import quoted

OF_ANOTHER_FACT = ("asset_tag", "event_type")
"""Columns that can't be corrected: a row about another asset or of another event states another fact."""

HOLDER = "issued_to_name"
"""The field that names somebody."""

DUE = "due_on"
"""What is corrected of a row that gives an asset to a holder, beside its columns: when it is due, as its batch says."""

CORRECTABLE = (*(column for column in COLUMNS if column not in OF_ANOTHER_FACT), DUE)
"""What of a row can be corrected."""

PLACE_COLUMNS = ("case_number", "slot_number")
"""A place is corrected as a whole, and a correction names both its columns."""

STILL = sys.maxsize
"""Where a stay ends that has no end yet."""


class ValuesWrong(ValueError):
    """A row with the corrected values in place does not look right; ``problems`` say why."""

    def __init__(self, problems: Sequence[Finding]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = problems


class Step(msgspec.Struct, frozen=True):
    """One entry of an effective history: a typed deed about the asset's slot, or a row after all its corrections.

    ``scan`` is the row as it should have been, None for a typed deed; ``options`` are those of its batch, with the due
    date that the row should have had, ``holder_id`` is whom it gives the asset to.
    """

    seq: int
    entry: RowEntry | SlotEntry
    scan: Scan | None = None
    options: Options = Options()
    holder_id: int | None = None

    @property
    def event_type(self) -> EventType | None:
        """The event of the row, None for a typed deed."""
        return None if self.scan is None else self.scan.event_type

    @property
    def due_on(self) -> str | None:
        """The date on which what the row gives to a holder is due, or None."""
        return self.options.due_on if self.event_type in GIVING else None

    @property
    def cells(self) -> dict[str, str]:
        """The normalised cells of the row by what can be corrected of it, and the two that can't."""
        assert self.scan is not None, "a typed deed has no cells"
        return cells_of(self.scan) | {DUE: self.due_on or ""}


class Stay(NamedTuple):
    """An asset's stay in a slot, from entry ``first`` until entry ``end`` takes it out (`STILL` where none has)."""

    place: SlotKey
    first: int
    end: int

    def overlaps(self, other: "Stay") -> bool:
        """Tell whether both stays are in one slot and for a while at the same time."""
        return self.place == other.place and self.first < other.end and other.first < self.end

    def covers(self, other: "Stay") -> bool:
        """Tell whether the other stay is in the same slot, and in it no longer than this one."""
        return self.place == other.place and self.first <= other.first and other.end <= self.end


class Course(msgspec.Struct, frozen=True):
    """What a history leads to: the asset, the UTC text of its latest entry, how its holder got it, its stays in slots.

    It means something only where nothing in it is ``illegal``.
    """

    asset: Asset | None
    latest: str
    custody: Custody | None
    stays: Sequence[Stay]
    illegal: Sequence[Illegal]


def cells_of(scan: Scan) -> dict[str, str]:
    """Return the normalised cells of a row by column, its time in UTC."""
    case, slot = place_cells(scan.place)
    cells = (
        scan.asset_tag, scan.occurred_at, scan.event_type, scan.operator_id, scan.issued_to_name, case, slot,
        scan.building_room, scan.equipment_type, scan.serial_number, scan.manufacturer, scan.model, scan.model_code,
        scan.notes,
    )  # fmt: skip
    return dict(zip(COLUMNS, cells, strict=True))


def moment(recorded_at: str) -> datetime:
    """Return the moment of a UTC text as the station's clock writes it.

    Raises:
        NotAllowed: it is no such text.
    """
    try:
        found = datetime.fromisoformat(recorded_at)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None or utc_text(found) != recorded_at:
        raise NotAllowed("recorded_at_invalid", None, recorded_at=quoted(recorded_at, 40))
    return found


def with_values(scan: Scan, values: Mapping[str, str], zone: tzinfo, now: datetime) -> tuple[Scan, list[Finding]]:
    """Return a row with other values in some of its cells, read as the batch contract reads it, and the notices.

    Raises:
        ValuesWrong: it does not look right.
    """
    validator = Validator(zone, now, TYPED_EVENT_TYPES)
    cells = {**cells_of(scan), **values}
    (found,) = validator.scans([[cells[column] for column in COLUMNS]])
    if not isinstance(found, Scan):
        raise ValuesWrong([msgspec.structs.replace(problem, row_number=None) for problem in validator.problems])
    notices = [msgspec.structs.replace(notice, row_number=None) for notice in validator.notices]
    numbered = {"row_number": scan.row_number, "ordinal": scan.ordinal, "identity": scan.identity}
    return msgspec.structs.replace(found, **numbered), notices


def with_due(step: Step, text: str) -> Step:
    """Return a row that gives an asset to a holder with another date on which it is due; a blank text is none.

    Raises:
        NotAllowed: the row gives nothing to anybody.
        ValuesWrong: the text is no date as dates are written.
    """
    if step.event_type not in GIVING:
        raise NotAllowed("due_not_correctable", DUE, event=step.event_type)
    if text and not _is_date(text):
        raise ValuesWrong([finding("due_on_invalid", None, DUE, value=quoted(text, 40))])
    return msgspec.structs.replace(step, options=msgspec.structs.replace(step.options, due_on=text or None))


def _is_date(text: str) -> bool:
    """Tell whether a text is a date that exists, written ``YYYY-MM-DD``."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def changed_values(before: Step, after: Step, values: Iterable[str]) -> dict[str, str]:
    """Return what is otherwise in a corrected row, in normal form; ``values`` are the columns that were given."""
    old, new = before.cells, after.cells
    changed = {column for column in values if old[column] != new[column]}
    if not changed.isdisjoint(PLACE_COLUMNS):
        changed.update(PLACE_COLUMNS)
    return {column: new[column] for column in CORRECTABLE if column in changed}


def effective_history(entries: Iterable[AnyEntry | RowEntry], options_of: Callable[[int], Options]) -> dict[int, Step]:
    """Return an asset's history by the number of each entry but corrections, which are put into the rows they correct.

    ``entries`` are all about the asset, in the order of the log; ``options_of`` tells those of a batch.

    Raises:
        NotAnEntry: they are no history of one asset.
    """
    steps: dict[int, Step] = {}
    rows: dict[int, int] = {}
    for entry in entries:
        if isinstance(entry, CorrectionEntry):
            row = rows[entry.seq] = rows.get(entry.corrects, entry.corrects)
            if row not in steps:
                raise NotAnEntry(f"entry {entry.seq} corrects one of another asset")
            steps[row] = _corrected(steps[row], entry)
        elif isinstance(entry, RowEntry):
            scan = scan_of(entry)
            holder_id = entry.holder_id if scan.event_type in GIVING else None
            steps[entry.seq] = Step(entry.seq, entry, scan, options_of(entry.batch_id), holder_id)
        else:
            assert isinstance(entry, SlotEntry), "only rows, slot deeds and corrections are about one asset"
            steps[entry.seq] = Step(entry.seq, entry)
    return steps


def _corrected(step: Step, entry: CorrectionEntry) -> Step:
    assert step.scan is not None, "only rows are corrected"
    scan, _ = with_values(step.scan, entry.changed, UTC, moment(entry.recorded_at))
    if DUE in entry.changed:
        step = with_due(step, entry.changed[DUE])
    holder_id = step.holder_id if entry.holder_id is None else entry.holder_id
    return msgspec.structs.replace(step, scan=scan, holder_id=holder_id)


def named_places(steps: Iterable[Step]) -> set[Place]:
    """Return the places that a history names, whether they exist or not."""
    named = (step.entry.after.place if step.scan is None else step.scan.place for step in steps)
    return {place for place in named if place is not None and place != OUT}


def course_of(asset_tag: str, steps: Iterable[Step], cases: Mapping[str, int], holders: Iterable[Holder]) -> Course:
    """Decide a whole history of one asset again, as though no other asset were there.

    ``cases`` are all that exist, with their sizes; ``holders`` those whom the history names, as they are called now.
    That one of them is not active any more does not matter to what was. An illegal entry has no effect, as it would
    have had none.
    """
    custody, stays, illegal = None, _Stays(), []
    asset, latest = None, ""
    for step, inventory, refusal in decided(steps, cases, holders):
        if refusal is not None:
            illegal.append(Illegal(step.seq, asset_tag, refusal.code, refusal.message))
        asset, custody = inventory.assets.get(asset_tag), inventory.custody.get(asset_tag)
        latest = inventory.latest.get(asset_tag, "")
        stays.note(None if asset is None else asset.place, step.seq)
    return Course(asset, latest, custody, stays.all, illegal)


def decided(
    steps: Iterable[Step], cases: Mapping[str, int], holders: Iterable[Holder]
) -> Iterator[tuple[Step, Inventory, Finding | None]]:
    """Decide each entry of a history again, as `course_of` does, and yield it with the inventory as it is after it.

    That is the same inventory each time. Where an entry is not legal, why not comes with it.
    """
    steps = list(steps)
    names = {holder.holder_id: holder.name for holder in holders}
    inventory = _inventory(named_places(steps), cases, names)
    custody = Handovers(inventory)
    for step in steps:
        yield step, inventory, _take(step, inventory, custody, names)


class _Stays:
    """The stays of an asset so far; the last may be open."""

    def __init__(self) -> None:
        self._closed: list[Stay] = []
        self._open: Stay | None = None

    @property
    def all(self) -> list[Stay]:
        """All stays, the open one last."""
        return self._closed if self._open is None else [*self._closed, self._open]

    def note(self, place: SlotKey | None, seq: int) -> None:
        """Take note of where the asset is after an entry."""
        if self._open is not None and self._open.place != place:
            self._closed.append(self._open._replace(end=seq))
            self._open = None
        if self._open is None and place is not None:
            self._open = Stay(place, seq, STILL)


def _inventory(places: Iterable[Place], cases: Mapping[str, int], names: Mapping[int, str]) -> Inventory:
    """Return an inventory in which those of the places that exist are empty, and whoever is named is a holder."""
    inventory = Inventory()
    for place in places:
        size = cases.get(place.case_name, 0)
        if size:
            inventory.cases[place.case_name] = size
        if place.slot_position <= size:
            inventory.slots[place] = None
    for holder_id, name in names.items():
        inventory.holders.add(Holder(holder_id, name))
    return inventory


def _take(step: Step, inventory: Inventory, custody: Handovers, names: Mapping[int, str]) -> Finding | None:
    """Decide one entry of a history and move the inventory on; return why not, where it is not legal."""
    scan = step.scan
    if scan is None:
        return _take_deed(step.entry, inventory)
    if step.holder_id is not None:  # who it was, however the holder was called then
        scan = msgspec.structs.replace(scan, issued_to_name=names.get(step.holder_id, scan.issued_to_name))
    late = step.entry.late_reason if isinstance(step.entry, RowEntry) else None
    decision = Decision(inventory, msgspec.structs.replace(step.options, late_reason=late))
    decision.add([scan])
    for refusal in decision.plan.refusals:
        if refusal.code != "late":
            return refusal
        latest = inventory.latest[scan.asset_tag]
        return finding("late_in_history", None, "timestamp", occurred_at=scan.occurred_at, latest=latest)
    custody.add(decision.plan.changes, step.seq)
    return None


def _take_deed(entry: RowEntry | SlotEntry, inventory: Inventory) -> Finding | None:
    """Decide a typed deed about a slot, as `_take` does."""
    assert isinstance(entry, SlotEntry), "what is no row is a typed deed about a slot"
    try:
        move = place_deeds.decided(entry, inventory)
    except NotAllowed as refusal:
        return refusal.at_row(None)
    inventory.apply(entry.asset_tag, move.before, move.after, entry.occurred_at)
    return None
