"""Reports: what all of them have in common. Each is made from one snapshot at one moment, and says which.

Owns the form of a report, what it is tied to (the size and the root of the log it is made from, as a checkpoint states
them), and how filters are understood. Which columns there are is each report's own. Must never write.
"""

from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, tzinfo
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

import msgspec

from assettrack.domain import errors, organisation_deeds, station_deeds, station_errors
from assettrack.domain.amendments import Amendments
from assettrack.domain.audit_log import decode_body
from assettrack.domain.checkpoints import stated_root
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.custody import CorrectionEntry
from assettrack.domain.facts import Organisation
from assettrack.domain.holders import Holder, name_key, near_among
from assettrack.domain.tables import Column, Table, Value, clock_text
from assettrack.domain.timestamps import utc_text
from assettrack.services.names import NEAR_NAMED, clean_name, require_named
from assettrack.services.ports import Snapshot, Workplace
from assettrack.services.typed_deeds import refusal_raised

Figure = int | str | bool | None
Row = Sequence[Value]
Whatever = TypeVar("Whatever")


class Filters(msgspec.Struct, frozen=True):
    """What a report is narrowed to, as it was asked for; None is no filter."""

    holder: str | None = None
    organisation: str | None = None
    equipment_type: str | None = None


class Lines(NamedTuple):
    """Which lines of a report are asked for: at most ``limit`` (None is all) after the first ``skip``."""

    skip: int = 0
    limit: int | None = None

    def of(self, rows: Sequence[Whatever]) -> Sequence[Whatever]:
        """Return those lines."""
        return rows[self.skip : None if self.limit is None else self.skip + self.limit]


EVERY_LINE = Lines()


SubjectKind = Literal["asset", "batch", "count", "entry", "holder", "room", "serial number", "storage"]


class Subject(NamedTuple):
    """What a row of a report is about: what kind of thing, and its tag, number or name (blank: there is one)."""

    kind: SubjectKind
    name: str = ""

    def __str__(self) -> str:
        """Return it as it stands in a report."""
        return f"{self.kind} {self.name}".rstrip()


class Content(msgspec.Struct, frozen=True):
    """What one report says: its title, its answer in a line, figures by name, columns, rows, lines at its end.

    ``total`` says how many rows there are in all where ``rows`` are only those asked for. ``charted`` are the rows
    from which it is drawn, where these are others than all its rows. ``subjects`` are what its rows are about, one for
    each, where a report tells that. ``words`` are what people read for codes, by the keys of their columns.
    """

    title: str
    answer: str
    figures: Mapping[str, Figure]
    columns: Sequence[Column]
    rows: Sequence[Row]
    footnotes: Sequence[str] = ()
    total: int | None = None
    charted: Sequence[Row] | None = None
    subjects: Sequence[Subject] = ()
    words: Mapping[str, Mapping[str, str]] = msgspec.field(default_factory=dict)


class Report(msgspec.Struct, frozen=True):
    """A report: the table that is shown, and its figures for programs, those of every report first.

    The table may have only some of its lines; ``total`` is how many there are. ``charted`` are the rows from which all
    of it is drawn, where it is drawn at all. ``subjects`` are what the lines of the table are about, one for each,
    where the report tells that.
    """

    table: Table
    figures: Mapping[str, Figure]
    total: int = 0
    charted: Sequence[Row] = ()
    subjects: Sequence[Subject] = ()


class Unread(NamedTuple):
    """What is told of a report that is not made, because so many entries of the log would be read for it."""

    entries: int


class Selection:
    """What filters mean: which holders and which types of equipment are asked for, and how that is said.

    ``holder_id`` is there where one holder is asked for, ``holder_ids`` where any are.
    """

    def __init__(
        self, holder_ids: frozenset[int] | None, type_key: str | None, words: Sequence[str], holder_id: int | None
    ) -> None:
        self.holder_ids = holder_ids
        self._type_key = type_key
        self._is_asked_for: dict[str, bool] = {}
        self.words = words
        self.holder_id = holder_id

    def has_holder(self, holder_id: int | None) -> bool:
        """Tell whether a holder is asked for; None is what nobody has."""
        return self.holder_ids is None or holder_id in self.holder_ids

    def has_type(self, equipment_type: str) -> bool:
        """Tell whether a type of equipment is asked for."""
        if self._type_key is None:
            return True
        if equipment_type not in self._is_asked_for:  # types are few and assets many
            self._is_asked_for[equipment_type] = name_key(equipment_type) == self._type_key
        return self._is_asked_for[equipment_type]


class Basis:
    """What a report is made from: one snapshot, and the moment at which it is made."""

    def __init__(self, workplace: Workplace, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.station = snapshot.station()
        self.zone: tzinfo = workplace.zone(self.station.timezone)
        self.now: datetime = workplace.now()
        self.entries = snapshot.log_size
        self.root = _root(snapshot, self.entries)

    @property
    def today(self) -> str:
        """The date at the station."""
        return self.now.astimezone(self.zone).date().isoformat()

    @property
    def asks_acceptance(self) -> bool:
        """Whether the station asks for acceptances at all."""
        return station_deeds.acceptance_rule(self.snapshot) != "off"

    @cached_property
    def holders(self) -> dict[int, Holder]:
        """All holders by number."""
        return {holder.holder_id: holder for holder in self.snapshot.all_holders()}

    @property
    def names(self) -> dict[int, str]:
        """The names of all holders by number."""
        return {number: holder.name for number, holder in self.holders.items()}

    @cached_property
    def organisations(self) -> dict[int, str]:
        """The names of all organisations by number."""
        return {each.organisation_id: each.name for each in self.snapshot.facts(Organisation)}

    @cached_property
    def equipment_types(self) -> Sequence[str]:
        """All types of equipment, in every spelling."""
        return self.snapshot.browsing.equipment_types()

    @cached_property
    def amendments(self) -> Amendments:
        """What was corrected by what, in the whole log."""
        return Amendments(_correction(body) for body in self.snapshot.reports.correction_bodies())

    def holder(self, holder_id: int) -> Holder:
        """Return a holder by number.

        Raises:
            station_errors.DatabaseDamaged: there is none.
        """
        if holder_id not in self.holders:
            raise station_errors.DatabaseDamaged(f"holder {holder_id} is gone")
        return self.holders[holder_id]

    def organisation_of(self, holder_id: int) -> str:
        """Return the name of a holder's organisation.

        Raises:
            station_errors.DatabaseDamaged: there is no such holder or organisation.
        """
        holder = self.holder(holder_id)
        if holder.organisation_id not in self.organisations:
            raise station_errors.DatabaseDamaged(f"the organisation of holder {holder_id} is gone")
        return self.organisations[holder.organisation_id]

    def utc_of(self, day: str) -> str:
        """Return the moment at which a date begins at the station, as UTC text.

        Raises:
            errors.ValueUnusable: it is beyond the calendar.
        """
        try:
            return utc_text(datetime.combine(date.fromisoformat(day), time(), self.zone))
        except OverflowError as error:
            raise errors.ValueUnusable("The date", day, "it is beyond the calendar") from error

    def select(self, filters: Filters) -> Selection:
        """Return what filters mean.

        Raises:
            errors.NotFound, errors.DeedRefused: there is no such holder, type or organisation.
            errors.ValueUnusable: a name can't be one.
        """
        holder_ids: frozenset[int] | None = None
        holder_id, type_key, words = None, None, []
        if filters.organisation is not None:
            name = clean_name(filters.organisation, "The organisation")
            with refusal_raised():
                found = organisation_deeds.require_organisation(self.snapshot, name)
            words.append(f"organisation {found.name}")
            numbers = (
                each.holder_id for each in self.holders.values() if each.organisation_id == found.organisation_id
            )
            holder_ids = frozenset(numbers)
        if filters.holder is not None:
            holder = require_named(self.snapshot, filters.holder)
            words.append(f"holder {holder.name}")
            holder_id = holder.holder_id
            only = frozenset([holder_id])
            holder_ids = only if holder_ids is None else only & holder_ids
        if filters.equipment_type is not None:
            type_key = name_key(filters.equipment_type)
            words.append(f"type {self._known_type(filters.equipment_type)}")
        return Selection(holder_ids, type_key, words, holder_id)

    def report(self, name: str, content: Content, filters: Iterable[str] = (), lines: Lines = EVERY_LINE) -> Report:
        """Return a report, or only some lines of it.

        ``name`` is what it is called by, ``filters`` say what it is narrowed to.
        """
        made_at = utc_text(self.now)
        narrowed = ", ".join(filters)
        made = f"Made {clock_text(made_at, self.zone)} ({self.zone}) at {self.station.station}"
        subtitle = [
            content.answer,
            *([f"Only: {narrowed}."] if narrowed else []),
            f"{made}, from {self.entries:,} entries of the log with root {self.root}.",
        ]
        rows = lines.of(content.rows) if content.total is None else content.rows
        table = Table(content.title, content.columns, rows, self.zone, subtitle, content.footnotes, content.words)
        common: dict[str, Figure] = {"report": name, "made_at": made_at, "entries": self.entries, "root": self.root}
        is_whole = content.total is None
        total = len(content.rows) if content.total is None else content.total
        charted = content.charted if content.charted is not None else content.rows if is_whole else ()
        return Report(table, {**common, **content.figures}, total, charted, lines.of(content.subjects))

    def _known_type(self, wanted: str) -> str:
        """Return a type of equipment in a spelling that is recorded."""
        key = name_key(wanted)
        known = self.equipment_types
        for equipment_type in known:
            if name_key(equipment_type) == key:
                return equipment_type
        raise errors.NotFound("type of equipment", wanted, near_among(wanted, known)[:NEAR_NAMED])


@contextmanager
def basis_of(workplace: Workplace) -> Iterator[Basis]:
    """Lend what a report is made from.

    Raises:
        station_errors.DatabaseDamaged: the log has no checkpoint that covers it; an entry that is needed can't be read.
    """
    with workplace.store.read() as snapshot:
        try:
            yield Basis(workplace, snapshot)
        except NotAnEntry as error:
            raise station_errors.DatabaseDamaged(f"an entry of the log can't be read ({error})") from error


def _root(snapshot: Snapshot, entries: int) -> str:
    """Return the root of the log in base64, as its checkpoint states it."""
    note = snapshot.checkpoint_at_least(entries)
    root = None if note is None else stated_root(note)
    if root is None:
        raise station_errors.DatabaseDamaged("the log has no checkpoint that covers it")
    return b64encode(root).decode()


def _correction(body: bytes) -> CorrectionEntry:
    entry = decode_body(body)
    if not isinstance(entry, CorrectionEntry):
        raise NotAnEntry(f"entry {entry.seq} is no correction")
    return entry
