"""Tables that are read by a mapping, some rows of which a batch was made of before: never recorded twice in silence.

Owns the comparison of a table's rows with those of earlier ones, and the question about those that would be other rows
now: with another time that is said, or as another mapping reads them. Said to be the same, each becomes the very row of
then, which is known by itself. It must never take rows for known ones by itself: who fills in the same table each day
tells the same rows.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from operator import attrgetter
from typing import NamedTuple, Protocol

import msgspec

from assettrack.domain import download_errors, station_errors
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.rows import ROW_ENTRIES, BatchEntry, RowEntry, scan_of
from assettrack.domain.findings import Finding, finding
from assettrack.domain.plans import Options
from assettrack.domain.scan_answers import Answers
from assettrack.domain.scan_traces import NO_TRACE, TRACED_MAX, traces_of
from assettrack.domain.scans import BadRow, EventType, Scan
from assettrack.domain.signatures import Drawing
from assettrack.domain.table_reading import KnownRows, TableReading, places_of, trace_of_timed
from assettrack.domain.validation import Cells, Validator
from assettrack.domain.wording import counted
from assettrack.services.earlier_scans import batches_saying
from assettrack.services.intake import CommitReceipt, commit_made
from assettrack.services.ports import BatchSource, Snapshot, Workplace
from assettrack.services.stored_entries import decoded, not_what_it_should_be, records_between

_SAID = (
    "event_type", "operator_id", "issued_to_name", "place", "building_room", "equipment_type", "serial_number",
    "manufacturer", "model", "model_code", "notes",
)  # fmt: skip
"""What a row says of its asset, but the time."""

_EVENTS = {kind: event for event, kind in ROW_ENTRIES.items()}


class TracedTable(BatchSource, Protocol):
    """A table as it was read: see `formats.spreadsheet`."""

    @property
    def traces(self) -> Sequence[str]:
        """The traces of its rows, where the table does not say their time; else none."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The fields that its columns told, where it has traces; else none."""

    @property
    def sheet(self) -> str:
        """The name of the workbook's sheet that was read, blank where it is none."""


class TableBatch:
    """The batch of a table, judged against the batches that the log has: may be judged again later."""

    drawings: Sequence[Drawing] = ()
    is_timeless = False
    holders_chosen: Sequence[int | None] = ()
    is_typed = False

    def __init__(self, snapshot: Snapshot, table: TracedTable, said: Answers, clock: tuple[tzinfo, datetime]) -> None:
        self.sha256 = table.sha256
        self.sheet = table.sheet
        self.columns = table.columns
        self._table = table
        self._said = said
        self._clock = clock
        self._judged_at = snapshot.last_batch_id()
        self.is_timed = not table.traces
        self.traces = table.traces or self._by_times()
        first = dict[int, BatchEntry]()
        self._then = dict[int, Cells]()
        known = _known(snapshot, self)
        for number, (batch, entry) in sorted(known.otherwise.items()):
            first[number] = batch
            self._then[number] = _cells(entry)
        questions = []
        if first:
            number, batch = next(iter(first.items()))
            rows = counted(len(first), "row")
            questions = [finding("table_told_before", rows=rows, first=number, batch=batch.batch_id)]
        is_answered = said.same_scans or said.scanned_anew
        asked = tuple(each.message for each in questions) if is_answered else ()
        self.problems: Sequence[Finding] = [*table.problems, *([] if is_answered else questions)]
        self.notices: Sequence[Finding] = [
            *table.notices,
            *([finding("same_rows_none")] if said.same_scans and not known.is_any else []),
            *(finding("answered_so", question=question) for question in asked),
        ]
        traces = traces_of(self.traces)
        self.reading = TableReading(
            len(self.traces),
            traces,
            said.same_scans,
            said.scanned_anew,
            asked,
            table.sheet,
            self.is_timed,
            table.columns,
        )

    @property
    def event_types(self) -> Sequence[EventType]:
        """The events that its rows may have."""
        return self._table.event_types

    def scans(self) -> Iterator[Scan | BadRow]:
        """Yield the rows as they are read now."""
        zone, now = self._clock
        yield from Validator(zone, now, self.event_types).scans(self._table.rows())

    def _by_times(self) -> list[str]:
        """Return the traces of rows with times of their own, one for each row; one that can't be read has none."""
        return [trace_of_timed(row) if isinstance(row, Scan) else NO_TRACE for row in self.scans()]

    def rows(self) -> Iterator[Cells | Finding]:
        """Yield each row, or the problem with it; those that are the same ones as then as they were then."""
        if not self._said.same_scans:
            yield from self._table.rows()
            return
        for number, row in enumerate(self._table.rows(), 1):
            yield self._then.get(number, row)

    def release(self) -> None:
        """Let go of the rows."""
        self._table.release()

    def again(self, snapshot: Snapshot) -> "TableBatch":
        """Return the batch as it is judged by what the log has now."""
        if snapshot.last_batch_id() == self._judged_at:
            return self
        return TableBatch(snapshot, self._table, self._said, self._clock)


def batch_of(workplace: Workplace, table: TracedTable, said: Answers) -> TableBatch:
    """Return the batch that a table makes; of ``said`` counts whether its rows are those of then, or made anew."""
    with workplace.store.read() as snapshot:
        clock = workplace.zone(snapshot.station().timezone), workplace.now()
        return TableBatch(snapshot, table, said, clock)


def with_reading(options: Options, batch: TableBatch) -> Options:
    """Return the options of a batch with how its table is taken; rows that are the same as then are passed over."""
    if not batch.traces:
        return options
    return msgspec.structs.replace(options, table=batch.reading, only_new=options.only_new or batch.reading.same_scans)


def commit_table(
    workplace: Workplace, source: TableBatch, source_name: str, options: Options, *, confirm: str | None
) -> CommitReceipt:
    """Commit a table, judged anew under the write lock; else as `intake.commit`.

    Raises:
        errors.AssetTrackError: as `intake.commit`.
        download_errors.FileMoved: some of its rows were committed by somebody else just now.
    """

    def judged_again(snapshot: Snapshot) -> TableBatch:
        again = source.again(snapshot)
        if again.reading != source.reading and not again.problems:
            raise download_errors.FileMoved
        return again

    return commit_made(workplace, judged_again, source_name, options, confirm=confirm)


class _Known(NamedTuple):
    """The rows that became rows before and would be others now, each with the first batch that it was in.

    ``is_any`` says that some row is one of then, be it that it is the very same.
    """

    otherwise: Mapping[int, "_Recorded"]
    is_any: bool


_Recorded = tuple[BatchEntry, RowEntry]


def _known(snapshot: Snapshot, table: TableBatch) -> _Known:
    rows = KnownRows(table.traces)
    now: dict[int, Scan] = {}
    known: dict[int, list[_Recorded]] = {}
    for batch in batches_saying(snapshot, '"table"', f'"{table.sha256}"') if table.traces else ():
        reading = _reading(batch, table)
        if reading is None:
            continue
        is_same_file = (batch.source_sha256, reading.sheet) == (table.sha256, table.sheet)
        is_otherwise = _is_read_otherwise(batch, reading, table)
        is_alike = is_same_file or reading.is_timed == table.is_timed
        if not is_otherwise and not (is_alike and rows.may_have(reading, is_same_file=is_same_file)):
            continue
        now = now or {scan.row_number: scan for scan in table.scans() if isinstance(scan, Scan)}
        then = {entry.row_number: entry for entry in _rows(snapshot, batch)}
        if is_otherwise:
            found = _read_otherwise(rows, (reading, then), table, now)
        elif reading.is_timed and not is_same_file:
            found = rows.by_times({number: _scan(entry) for number, entry in then.items()}, now)
        else:
            found = rows.of(reading, then, is_same_file=is_same_file)
            found |= _without_trace(rows, then, now, found)
        for number, place in found.items():
            known.setdefault(place, []).append((batch, then[number]))
    found_now = {number: [each for each in known.get(number, ()) if _is_of(each, scan)] for number, scan in now.items()}
    otherwise = {
        number: then[0]
        for number, then in found_now.items()
        if then and now[number].identity not in [_scan(entry).identity for _, entry in then]
    }
    return _Known(otherwise, any(found_now.values()))


def _reading(batch: BatchEntry, table: TableBatch) -> TableReading | None:
    """Return how a batch was taken as a table, None where it was none.

    One of the very same file says nothing of it where it was taken without a mapping, or had times of its own and was
    taken by an older program.
    """
    if batch.source_sha256 != table.sha256 or batch.options.scanner is not None:
        return batch.options.table
    return batch.options.table or TableReading(len(table.traces), sheet=table.sheet)


def _is_read_otherwise(batch: BatchEntry, reading: TableReading, table: TableBatch) -> bool:
    """Return whether the traces of another table can't be compared, for its rows were told by other columns."""
    if batch.source_sha256 == table.sha256:
        return False
    return reading.is_timed != table.is_timed or bool(reading.columns and reading.columns != table.columns)


def _read_otherwise(
    rows: KnownRows, earlier: tuple[TableReading, Mapping[int, RowEntry]], table: TableBatch, now: Mapping[int, Scan]
) -> dict[int, int]:
    """Return which rows of a table that was read by other columns are which of now.

    Where only one of the two tells its times, other deeds of the same assets can't be told from these but by the order.
    """
    reading, then = earlier
    if reading.is_timed != table.is_timed:
        tags = {number: scan.asset_tag for number, scan in now.items()}
        return rows.in_order({number: entry.asset_tag for number, entry in then.items()}, tags)
    here = {scan.asset_tag for scan in now.values()}
    theirs = {number: _scan(entry) for number, entry in then.items() if entry.asset_tag in here}
    return rows.by_columns(theirs, now, set(reading.columns) & set(table.columns))


def _is_of(recorded: _Recorded, scan: Scan) -> bool:
    return recorded[1].asset_tag == scan.asset_tag


def _without_trace(
    rows: KnownRows, then: Mapping[int, RowEntry], now: Mapping[int, Scan], found: Mapping[int, int]
) -> dict[int, int]:
    """Return which rows beyond those with a trace are which of now: those with the same cells, but for their time.

    What differs between rows that are the same by their traces is what the mapping says of each, and tells none apart.
    """
    beyond = [number for number in then if number > TRACED_MAX and number not in found]
    if not beyond:
        return {}
    pairs = [(_scan(then[number]), now[place]) for number, place in found.items() if place in now]
    alike = [field for field in _SAID if all(getattr(one, field) == getattr(other, field) for one, other in pairs)]
    told = attrgetter("asset_tag", *alike)
    taken = set(found.values())
    ours = places_of((number, told(scan)) for number, scan in now.items() if number not in taken)
    return rows.by(((number, told(_scan(then[number]))) for number in beyond), ours)


def _rows(snapshot: Snapshot, batch: BatchEntry) -> Iterator[RowEntry]:
    first = batch.seq + 1 + batch.new_holders
    for record in records_between(snapshot, first, first + batch.rows - 1):
        entry = decoded(record)
        if not isinstance(entry, RowEntry):
            raise not_what_it_should_be(record.seq)
        yield entry


def _scan(entry: RowEntry) -> Scan:
    try:
        return scan_of(entry)
    except NotAnEntry as error:
        raise station_errors.DatabaseDamaged(f"entry {entry.seq} of the log can't be read ({error})") from error


def _cells(entry: RowEntry) -> Cells:
    """Return the cells of a row as it is recorded: read again they are that very row."""
    return [
        entry.asset_tag, entry.occurred_at, _EVENTS[type(entry)], entry.operator_id, entry.issued_to_name,
        entry.case_number, str(entry.slot_number), entry.building_room, entry.equipment_type, entry.serial_number,
        entry.manufacturer, entry.model, entry.model_code, entry.notes,
    ]  # fmt: skip
