"""Validation: does this row look right? Answers from the file alone (DESIGN §4, §5).

Pure: rows, zone and now are handed in; problems are collected as values, never raised.
Whether a row is allowed right now is `decisions`, which needs the state.
"""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import islice

from assettrack.domain import timestamps
from assettrack.domain.findings import Finding, finding
from assettrack.domain.scans import (
    AHEAD_MINUTES_MAX,
    BLOCK_ROWS,
    CELL_BYTES_MAX,
    COLUMNS,
    EVENT_TYPES,
    GIVING,
    OPERATOR_LENGTH_MAX,
    USUAL_WIDTH,
    BadRow,
    EventType,
    Scan,
    identity_text,
    place_cells,
    row_identity,
)
from assettrack.domain.tags import (
    OUT,
    NotATag,
    Place,
    ascii_upper,
    is_out,
    parse_asset_tag,
    parse_case_name,
    parse_slot_position,
)
from assettrack.domain.usual_rows import UsualRows
from assettrack.domain.wording import counted, quoted

Cells = Sequence[str]
"""The raw cells of one row, in the order of `scans.COLUMNS`; a column that the file hasn't is an empty text."""

_REQUIRED = {
    "ISSUE": ("issued_to_name",),
    "TRANSFER": ("issued_to_name",),
    "RETURN": ("case_number", "slot_number"),
    "RETIRE": ("notes",),
}
_COMPLETE_IN_ITSELF = frozenset({"SCAN", "UPDATE"})
_COLUMN_INDEX = {name: index for index, name in enumerate(COLUMNS)}
_NOTES = _COLUMN_INDEX["notes"]
_BREAKS = ("\n", "\r", "\t")
_LETTERS_ALWAYS_FIT = CELL_BYTES_MAX // 4  # UTF-8 needs at most four bytes for one


class Validator:
    """Judges rows one after the other and collects what is to be said about them.

    ``event_types`` are the events that a row may have. After the last row, ``problems`` and ``notices``
    are complete. Texts that repeat (operators, places, names) are judged once and remembered.
    """

    def __init__(self, zone: tzinfo, now: datetime, event_types: Sequence[EventType] = EVENT_TYPES) -> None:
        self._event_types = event_types
        self.problems: list[Finding] = []
        self.notices: list[Finding] = []
        self._zone_name = str(zone)
        self._now = timestamps.utc_text(now)
        ahead = timedelta(minutes=AHEAD_MINUTES_MAX)
        self._latest = timestamps.utc_text(min(now, datetime.max.replace(tzinfo=UTC) - ahead) + ahead)
        self._times = timestamps.TimestampReader(zone)
        self._events: dict[str, EventType] = {}
        self._places: dict[str, dict[str, Place]] = {}
        self._operators: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._identities: set[bytes] = set()
        self._usual = UsualRows(self._times, self._latest, self._identities)
        self._repeats: dict[str, int] = {}
        self._local_rows = 0
        self._local_first = 0

    def scans(self, rows: Iterable[Cells | Finding]) -> Iterator[Scan | BadRow]:
        """Yield every row as a scan, or as a bad row where it has problems; numbers rows from 1.

        A row may come as a problem already, where the file itself could not be read there.
        """
        remaining = iter(rows)
        first_row = 1
        while block := list(islice(remaining, BLOCK_ROWS)):
            usual = self._usual.scans(first_row, block)
            yield from self._each(first_row, block) if usual is None else usual
            first_row += len(block)
        if self._local_rows:
            facts = {"rows": counted(self._local_rows, "row"), "row": self._local_first, "zone": self._zone_name}
            self.notices.append(finding("timestamp_local", None, "timestamp", **facts))
        self.problems.sort(key=_row_or_file)

    def _each(self, first_row: int, rows: Sequence[Cells | Finding]) -> Iterator[Scan | BadRow]:
        """Judge rows cell by cell."""
        for row_number, row in enumerate(rows, first_row):
            if isinstance(row, Finding):
                self.problems.append(row)
                yield BadRow(row_number, None, None)
            else:
                yield self._scan(row_number, row)

    def _scan(self, row_number: int, row: Cells) -> Scan | BadRow:
        already = len(self.problems)
        cells = self._clean(row_number, row)
        tag_cell, time, event_cell, operator, name, case, slot, room, kind, serial, maker, model, code, notes = cells
        event = self._events.get(event_cell) or self._event(row_number, event_cell)
        tag = self._asset_tag(row_number, tag_cell)
        occurred_at = self._occurred_at(row_number, time)
        operator = self._operators.get(operator) or self._operator(row_number, operator)
        holder = self._names.get(name) or self._name(name)
        place = self._place(row_number, case, slot) if case or slot else None
        if event not in _COMPLETE_IN_ITSELF and (place is None or event != "RETURN"):
            self._check_event(row_number, event, cells)
        if len(self.problems) != already:
            return BadRow(row_number, tag or None, place, event)
        assert event is not None, "a row without a known event has a problem"
        if kind or room or maker or model or code:
            room, kind, maker, model, code = map(self._kept, (room, kind, maker, model, code))
        case, slot = place_cells(place)
        ordinal, identity = self._identity(
            identity_text(
                (tag, occurred_at, event, operator, holder, case, slot, room, kind, serial, maker, model, code, notes),
            ),
        )
        received = "" if len(time) == USUAL_WIDTH and time[10] == "T" and time[-1] == "Z" else time
        return Scan(
            row_number, tag, received, occurred_at, event, operator, holder, place, room, kind, serial, maker, model,
            code, notes, ordinal, identity,
        )  # fmt: skip

    def _clean(self, row_number: int, row: Cells) -> list[str]:
        """Return the cells trimmed and in NFC; what no cell may have, as it was received, is a problem."""
        line = "".join(row)
        if len(line) > _LETTERS_ALWAYS_FIT and len(line.encode()) > CELL_BYTES_MAX:
            self._check_lengths(row_number, row)
        cells = list(map(str.strip, row))
        if line.isascii() and line.isprintable():
            return cells
        tag, case = cells[0], cells[5]
        cells = [unicodedata.normalize("NFC", cell) for cell in cells]
        cells[0], cells[5] = tag, case  # labels are read letter by letter: NFC makes a K of the Kelvin sign
        if any(mark in line for mark in _BREAKS):
            self._check_breaks(row_number, row)
            cells[_NOTES] = cells[_NOTES].replace("\r\n", "\n").replace("\r", "\n")
        return cells

    def _kept(self, text: str) -> str:
        """Return the first text that equals this one: descriptions repeat, and one of each is kept in memory."""
        return self._texts.setdefault(text, text)

    def _check_lengths(self, row_number: int, cells: Cells) -> None:
        for field, cell in zip(COLUMNS, cells, strict=True):
            size = len(cell.encode())
            if size > CELL_BYTES_MAX:
                self._problem("cell_too_long", row_number, field, size=size, limit=CELL_BYTES_MAX)

    def _check_breaks(self, row_number: int, cells: Cells) -> None:
        for field, cell in zip(COLUMNS[:_NOTES], cells, strict=False):
            if any(mark in cell for mark in _BREAKS):
                self._problem("cell_line_break", row_number, field)

    def _event(self, row_number: int, cell: str) -> EventType | None:
        """Return the event that a cell means, and remember it; None where there is a problem with it."""
        for event in self._event_types:
            if ascii_upper(cell) == event:
                self._events[cell] = event
                return event
        self._wrong(row_number, "event_type", "event_type_invalid", cell)
        return None

    def _asset_tag(self, row_number: int, cell: str) -> str:
        """Return the tag, or an empty text where there is a problem with it."""
        try:
            return parse_asset_tag(cell)
        except NotATag as error:
            self._wrong(row_number, "asset_tag", "asset_tag_invalid", cell, reason=error.reason)
            return ""

    def _occurred_at(self, row_number: int, cell: str) -> str:
        """Return the time as UTC text, or an empty text where there is a problem with it."""
        utc = self._times.read_usual(cell) or self._other_time(row_number, cell)
        if utc and not timestamps.EARLIEST <= utc <= self._latest:
            if utc < timestamps.EARLIEST:
                self._problem("timestamp_before_2000", row_number, "timestamp", value=cell)
            else:
                self._problem("timestamp_ahead", row_number, "timestamp", value=cell, now=self._now)
        return utc

    def _other_time(self, row_number: int, cell: str) -> str:
        try:
            utc, local, ambiguous = self._times.read(cell)
        except timestamps.NotATime as error:
            self._wrong(row_number, "timestamp", error.code, cell, reason=error.reason, zone=self._zone_name)
            return ""
        if local:
            self._local_first = self._local_first or row_number
            self._local_rows += 1
            if ambiguous:
                self.notices.append(
                    finding("timestamp_ambiguous", row_number, "timestamp", value=cell, zone=self._zone_name),
                )
        return utc

    def _operator(self, row_number: int, cell: str) -> str:
        """Return the operator, and remember who is in order."""
        if not cell:
            self._problem("cell_missing", row_number, "operator_id", event="All")
        elif len(cell) > OPERATOR_LENGTH_MAX:
            self._problem("operator_id_too_long", row_number, "operator_id", size=len(cell))
        else:
            self._operators[cell] = cell
        return cell

    def _name(self, cell: str) -> str:
        """Return a person's name with its spaces collapsed, and remember it; NFC was done for the whole row."""
        return self._names.setdefault(cell, " ".join(cell.split()))

    def _place(self, row_number: int, case: str, slot: str) -> Place | None:
        """Return the place that two cells name, at least one of them given; None where there is a problem."""
        slots = self._places.setdefault(case, {})
        place = slots.get(slot)
        if place is None:
            place = self._read_place(row_number, case, slot)
            if place is not None:  # a faulty pair is not remembered, because each row with it needs its problem
                slots[slot] = place
        return place

    def _read_place(self, row_number: int, case: str, slot: str) -> Place | None:
        if not case or not slot:
            field, other = ("case_number", "slot_number") if slot else ("slot_number", "case_number")
            self._problem("place_incomplete", row_number, field, other=other)
            return None
        outs = (is_out(case), is_out(slot))
        if all(outs):
            return OUT
        if any(outs):
            self._problem("out_not_paired", row_number, "slot_number" if outs[0] else "case_number")
            return None
        name, position = "", 0
        try:
            name = parse_case_name(case)
        except NotATag as error:
            self._wrong(row_number, "case_number", "case_number_invalid", case, reason=error.reason)
        try:
            position = parse_slot_position(slot)
        except NotATag as error:
            self._wrong(row_number, "slot_number", "slot_number_invalid", slot, reason=error.reason)
        return Place(name, position) if name and position else None

    def _check_event(self, row_number: int, event: str | None, cells: Cells) -> None:
        """Check the cells that only some events need."""
        for field in _REQUIRED.get(event or "", ()):
            both_blank = cells[5] == cells[6] == ""  # one of two blank is already said to be incomplete
            if not cells[_COLUMN_INDEX[field]] and (both_blank or field not in {"case_number", "slot_number"}):
                self._problem("cell_missing", row_number, field, event=event)
        if event in GIVING:
            for field in ("case_number", "slot_number"):
                cell = cells[_COLUMN_INDEX[field]]
                if not is_out(cell):
                    self._problem("issue_needs_out", row_number, field, event=event, value=_shown(cell))

    def _identity(self, text: str) -> tuple[int, bytes]:
        ordinal, identity = 1, row_identity(text, 1)
        if identity in self._identities:
            ordinal = self._repeats[text] = self._repeats.get(text, 1) + 1
            identity = row_identity(text, ordinal)
        else:
            self._identities.add(identity)
        return ordinal, identity

    def _wrong(self, row_number: int, field: str, code: str, cell: str, **facts: object) -> None:
        """Add a problem about what a cell says, or that it is blank."""
        if cell:
            self._problem(code, row_number, field, value=_shown(cell), **facts)
        else:
            self._problem("cell_missing", row_number, field, event="All")

    def _problem(self, code: str, row_number: int, field: str, **facts: object) -> None:
        self.problems.append(finding(code, row_number, field, **facts))


_SHOWN_LETTERS = 56
"""So many letters of a cell fit on a line, in quotes."""


def _row_or_file(problem: Finding) -> int:
    """Return what problems are sorted by: those about the whole file stand first."""
    return problem.row_number or 0


def _shown(cell: str) -> str:
    """Return a cell as it can be shown in a sentence: quoted, unprintable letters escaped, cut where long."""
    return quoted(cell, _SHOWN_LETTERS)
