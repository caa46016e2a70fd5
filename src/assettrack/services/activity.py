"""Recent activity: the latest entries of the log, of a kind or by a person if that is asked for."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from assettrack.domain.audit_log import AnyEntry, decode_body, event_type
from assettrack.domain.code_words import ENTRY_WORDS
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.holdings import Marks
from assettrack.domain.tables import Column
from assettrack.services import acceptance_corrections
from assettrack.services.corrections import superseded
from assettrack.services.ports import Workplace
from assettrack.services.reports import Basis, Content, Report, Row, basis_of

LAST = 50
"""So many entries are shown where nobody says how many, or since when."""

_COLUMNS = (
    Column("seq", "Entry", "integer"),
    Column("time", "Time", "time"),
    Column("event_type", "Event"),
    Column("by", "By"),
    Column("asset_tag", "Asset"),
    Column("batch_id", "Batch", "integer"),
    Column("what", "What happened"),
    Column("corrected_by", "Corrected by entry", "integer"),
)
_WORDS = {"event_type": ENTRY_WORDS}

Sayer = Callable[[AnyEntry], str]
"""Says what an entry is about in a line."""


class EntrySelection(NamedTuple):
    """Which entries are asked for: at most ``last``, of a kind, by one person, recorded from a date on."""

    last: int | None = None
    kind: str | None = None
    by: str | None = None
    since: str | None = None


class Stretch(NamedTuple):
    """A stretch of the log that is looked through backwards, from before entry ``below`` on (None: from its end).

    At most ``reach`` entries are looked at and ``limit`` shown; ``shown_before`` were shown of later stretches.
    """

    below: int | None
    reach: int
    limit: int
    shown_before: int = 0


class Looked(NamedTuple):
    """What was found in a stretch of the log, of which entries ``first_seq`` to ``last_seq`` were looked at.

    ``is_all`` tells that nothing before them is asked for.
    """

    report: Report
    first_seq: int
    last_seq: int
    is_all: bool


def activity(workplace: Workplace, asked: EntrySelection, say: Sayer) -> Report:
    """Return the latest entries, in the order of the log. Rows of a batch were recorded when their batch was."""
    with basis_of(workplace) as basis:
        found = basis.snapshot.reports.latest(_marks(basis, asked))
        return _report(basis, asked, _rows(basis, [body for _, body in found], say), basis.entries)


def look_back(workplace: Workplace, asked: EntrySelection, say: Sayer, stretch: Stretch) -> Looked:
    """Return those lines of the same report that a stretch of the log has: one after the other they are all of it."""
    with basis_of(workplace) as basis:
        marks = _marks(basis, asked)
        left = stretch.limit if marks.last is None else min(stretch.limit, marks.last - stretch.shown_before)
        below = basis.entries + 1 if stretch.below is None else min(stretch.below, basis.entries + 1)
        first_seq = max(1, below - stretch.reach)
        within = marks._replace(last=left, first_seq=first_seq, below=below)
        found = basis.snapshot.reports.latest(within) if left > 0 else ()
        if left > 0 and len(found) == left:
            first_seq = found[-1][0]
        shown = stretch.shown_before + len(found)
        is_all = first_seq == 1 or (marks.last is not None and shown >= marks.last)
        looked = max(below - first_seq, 0)
        report = _report(basis, asked, _rows(basis, [body for _, body in found], say), looked)
        return Looked(report, first_seq, below - 1, is_all)


def _marks(basis: Basis, asked: EntrySelection) -> Marks:
    recorded_from = None if asked.since is None else basis.utc_of(asked.since)
    last = LAST if asked.last is None and asked.since is None else asked.last
    return Marks(last, asked.kind, asked.by, recorded_from)


def _rows(basis: Basis, bodies: Sequence[bytes], say: Sayer) -> list[Row]:
    """Return a row for each entry, in the order of the log; they are handed in the other way round."""
    entries = [decode_body(body) for body in reversed(bodies)]
    corrected_by = superseded(basis.snapshot, [entry.seq for entry in entries])
    corrected_by |= acceptance_corrections.superseded(basis.snapshot, entries)
    return [_row(entry, say(entry), corrected_by.get(entry.seq)) for entry in entries]


def _report(basis: Basis, asked: EntrySelection, rows: Sequence[Row], of: int) -> Report:
    """Return the report of entries that were found among so many."""
    last = _marks(basis, asked).last
    kind = None if asked.kind is None else ENTRY_WORDS.get(asked.kind, asked.kind)
    given = {"kind": kind, "by": asked.by, "recorded since": asked.since}
    words = [f"{name} {value}" for name, value in given.items() if value is not None]
    words += [] if last is None else [f"the last {last:,}"]
    answer = f"{len(rows):,} of {of:,} entries."
    content = Content("Activity", answer, {"shown": len(rows)}, _COLUMNS, rows, words=_WORDS)
    return basis.report("activity", content, words)


def _row(entry: AnyEntry, what: str, corrected_by: int | None) -> Row:
    time, by = (
        (entry.occurred_at, entry.operator_id) if isinstance(entry, RowEntry) else (entry.recorded_at, entry.operator)
    )
    tag, batch_id = getattr(entry, "asset_tag", None), getattr(entry, "batch_id", None)
    return entry.seq, time, event_type(entry), by, tag, batch_id, what, corrected_by
