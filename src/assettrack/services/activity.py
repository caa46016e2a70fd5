"""Recent activity: the latest entries of the log, of a kind or by a person if that is asked for."""

from collections.abc import Callable
from typing import NamedTuple

from assettrack.domain.audit_log import AnyEntry, decode_body, event_type
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.holdings import Marks
from assettrack.domain.tables import Column
from assettrack.services import acceptance_corrections
from assettrack.services.corrections import superseded
from assettrack.services.ports import Workplace
from assettrack.services.reports import Content, Report, Row, basis_of

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

Sayer = Callable[[AnyEntry], str]
"""Says what an entry is about in a line."""


class EntrySelection(NamedTuple):
    """Which entries are asked for: at most ``last``, of a kind, by one person, recorded from a date on."""

    last: int | None = None
    kind: str | None = None
    by: str | None = None
    since: str | None = None


def activity(workplace: Workplace, asked: EntrySelection, say: Sayer) -> Report:
    """Return the latest entries, in the order of the log. Rows of a batch were recorded when their batch was."""
    with basis_of(workplace) as basis:
        recorded_from = None if asked.since is None else basis.utc_of(asked.since)
        last = LAST if asked.last is None and asked.since is None else asked.last
        found = basis.snapshot.reports.latest(Marks(last, asked.kind, asked.by, recorded_from))
        entries = [decode_body(body) for _, body in reversed(found)]
        corrected_by = superseded(basis.snapshot, [entry.seq for entry in entries])
        corrected_by |= acceptance_corrections.superseded(basis.snapshot, entries)
        rows = [_row(entry, say(entry), corrected_by.get(entry.seq)) for entry in entries]
        given = {"kind": asked.kind, "by": asked.by, "recorded since": asked.since}
        words = [f"{name} {value}" for name, value in given.items() if value is not None]
        words += [] if last is None else [f"the last {last:,}"]
        answer = f"{len(rows):,} of {basis.entries:,} entries."
        return basis.report("activity", Content("Activity", answer, {"shown": len(rows)}, _COLUMNS, rows), words)


def _row(entry: AnyEntry, what: str, corrected_by: int | None) -> Row:
    time, by = (
        (entry.occurred_at, entry.operator_id) if isinstance(entry, RowEntry) else (entry.recorded_at, entry.operator)
    )
    tag, batch_id = getattr(entry, "asset_tag", None), getattr(entry, "batch_id", None)
    return entry.seq, time, event_type(entry), by, tag, batch_id, what, corrected_by
