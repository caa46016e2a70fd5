"""Entries of the audit log on the screen: number, time, what happened, to whom or what, who did it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from assettrack.cli.show.changes import before_and_after
from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.people import PEOPLE_SAYINGS
from assettrack.cli.show.words import arrow, assets_in_lines, counted, moment
from assettrack.domain import station_errors
from assettrack.domain.audit_log import AnyEntry, decode_body, event_type
from assettrack.domain.counts import result_words
from assettrack.domain.entries.base import Entry, NotAnEntry
from assettrack.domain.entries.counts import (
    CountAbandonEntry,
    CountCloseEntry,
    CountExceptionsEntry,
    CountScansEntry,
    CountStartEntry,
)
from assettrack.domain.entries.custody import CorrectionEntry, ReceiptEntry
from assettrack.domain.entries.people import HolderEntry
from assettrack.domain.entries.places import CaseEntry, SlotEntry
from assettrack.domain.entries.rows import BatchEntry, RowEntry
from assettrack.domain.entries.station import BackupEntry, RestoreEntry, SettingEntry, StationEntry
from assettrack.domain.wording import counted_entries

_NOTHING: Mapping[int, int] = MappingProxyType({})


def entry_lines(bodies: Iterable[bytes], superseded: Mapping[int, int] = _NOTHING) -> Iterator[str]:
    """Yield a line for each entry, under a line of headings; of those ``superseded``, also by which entry."""
    sign = arrow()
    rows = (_cells(_entry(body), sign, superseded) for body in bodies)
    return in_columns(("entry", "time", "event", "by", "what happened"), rows, numbers=1)


def sound(bodies: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the bodies of entries as they are stored, once it is sure that each is an entry."""
    for body in bodies:
        _entry(body)
        yield body


def _entry(body: bytes) -> AnyEntry:
    try:
        return decode_body(body)
    except NotAnEntry as error:
        raise station_errors.DatabaseDamaged(f"an entry of the log can't be read ({error})") from error


def _cells(entry: AnyEntry, sign: str, superseded: Mapping[int, int]) -> tuple[str, str, str, str, str]:
    if isinstance(entry, RowEntry):
        time, operator = entry.occurred_at, entry.operator_id
    else:
        time, operator = entry.recorded_at, entry.operator
    mark = f" [corrected by entry {superseded[entry.seq]}]" if entry.seq in superseded else ""
    return str(entry.seq), moment(time), event_type(entry), operator, f"{what_happened(entry, sign)}{mark}"


def what_happened(entry: AnyEntry, sign: str) -> str:
    """Return what an entry is about, in a line."""
    if isinstance(entry, RowEntry | SlotEntry):
        return f"{entry.asset_tag}: {before_and_after(entry.before, entry.after, sign)}{_remark(entry)}"
    if isinstance(entry, CorrectionEntry):
        changed = ", ".join(f"{column} {value or '(blank)'}" for column, value in entry.changed.items())
        became = before_and_after(entry.before, entry.after, sign)
        return f"{entry.asset_tag}: entry {entry.corrects} corrected to {changed}; now {became} ({entry.reason})"
    return _SAYINGS[type(entry)](entry)


_SAYINGS: dict[type[Entry], Callable[[Any], str]] = {
    StationEntry: lambda e: f"station {e.station} in {e.timezone}",
    SettingEntry: lambda e: f"setting {e.name}: {e.before} to {e.after}",
    BackupEntry: lambda e: f"backup {e.file} of {counted_entries(e.entries)}",
    RestoreEntry: lambda e: f"put back to entry {e.entries}, knowing of {e.replaced_entries} ({e.reason})",
    CaseEntry: lambda e: f"case {e.case_name} with {counted(e.slots, 'slot')}",
    HolderEntry: lambda e: f"holder {e.holder_id}: {e.name}",
    **PEOPLE_SAYINGS,
    BatchEntry: lambda e: f"batch {e.batch_id}: {counted(e.rows, 'row')} of {e.source_name}",
    CountStartEntry: lambda e: f"count {e.count_id} begun: {counted(e.expected, 'asset')} expected",
    CountScansEntry: lambda e: f"count {e.count_id}: {counted(len(e.scans), 'scan')}{_of(e.source_name)}",
    CountCloseEntry: lambda e: f"count {e.count_id} signed off: {result_words(e.totals)}",
    CountExceptionsEntry: lambda e: (
        f"count {e.count_id} signed off, continued: {sum(map(len, e.exceptions.values())):,} more not simply found"
    ),
    CountAbandonEntry: lambda e: f"count {e.count_id} abandoned ({e.reason})",
    ReceiptEntry: lambda e: f"receipt {e.receipt_id} for {e.name}: {assets_in_lines(e.assets, e.lines)}",
}
"""What each kind of entry is about, in a line; those of one asset say what became of it."""


def _of(source_name: str) -> str:
    return f" of {source_name}" if source_name else ""


def _remark(entry: RowEntry | SlotEntry) -> str:
    if isinstance(entry, SlotEntry):
        return f" ({entry.reason})" if entry.reason else ""
    remarks = [entry.notes] if entry.notes else []
    if entry.late_reason:
        remarks.append(f"late: {entry.late_reason}")
    return f" ({'; '.join(remarks)})" if remarks else ""
