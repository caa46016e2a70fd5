"""Entries of the audit log on the screen: number, time, what happened, to whom or what, who did it."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from assettrack.cli.show.columns import in_columns
from assettrack.cli.show.words import arrow, moment
from assettrack.domain import station_errors
from assettrack.domain.audit_log import AnyEntry, decode_body, event_type
from assettrack.domain.entries.base import NotAnEntry
from assettrack.domain.entries.rows import RowEntry
from assettrack.domain.entry_wording import what_happened

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
