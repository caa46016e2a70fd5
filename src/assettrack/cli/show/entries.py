"""Entries of the audit log on the screen: number, time, what happened, to whom or what, who did it."""

from collections.abc import Iterable, Iterator

from assettrack.cli.show.changes import before_and_after
from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.words import arrow, counted, moment
from assettrack.domain import errors
from assettrack.domain.audit_log import (
    AnyEntry,
    BatchEntry,
    CaseEntry,
    HolderEntry,
    NotAnEntry,
    RowEntry,
    SlotEntry,
    StationEntry,
    decode_body,
    event_type,
)


def entry_lines(bodies: Iterable[bytes]) -> Iterator[str]:
    """Yield a line for each entry, under a line of headings."""
    sign = arrow()
    rows = (_cells(_entry(body), sign) for body in bodies)
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
        raise errors.DatabaseDamaged(f"an entry of the log can't be read ({error})") from error


def _cells(entry: AnyEntry, sign: str) -> tuple[str, str, str, str, str]:
    if isinstance(entry, RowEntry):
        time, operator = entry.occurred_at, entry.operator_id
    else:
        time, operator = entry.recorded_at, entry.operator
    return str(entry.seq), moment(time), event_type(entry), operator, _what(entry, sign)


def _what(entry: AnyEntry, sign: str) -> str:
    """Return what an entry is about, in a line."""
    if isinstance(entry, RowEntry | SlotEntry):
        return f"{entry.asset_tag}: {before_and_after(entry.before, entry.after, sign)}{_remark(entry)}"
    if isinstance(entry, BatchEntry):
        return f"batch {entry.batch_id}: {counted(entry.rows, 'row')} of {entry.source_name}"
    if isinstance(entry, CaseEntry):
        return f"case {entry.case_name} with {counted(entry.slots, 'slot')}"
    if isinstance(entry, HolderEntry):
        return f"holder {entry.holder_id}: {entry.name}"
    assert isinstance(entry, StationEntry)
    return f"station {entry.station} in {entry.timezone}"


def _remark(entry: RowEntry | SlotEntry) -> str:
    if isinstance(entry, SlotEntry):
        return f" ({entry.reason})" if entry.reason else ""
    remarks = [entry.notes] if entry.notes else []
    if entry.late_reason:
        remarks.append(f"late: {entry.late_reason}")
    return f" ({'; '.join(remarks)})" if remarks else ""
