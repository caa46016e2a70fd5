"""The reports there are: what each can be narrowed to, and how it is made of what an address says.

Owns which of them are made only when they are asked for, because they read much. What they say is `services`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import msgspec
from pydantic import BaseModel

from assettrack.domain import errors
from assettrack.domain.entry_wording import what_happened
from assettrack.services import (
    accountability,
    activity,
    custody_reports,
    interval_reports,
    problem_reports,
    stock_reports,
)
from assettrack.services.log_reading import KINDS
from assettrack.services.ports import Workplace
from assettrack.services.reports import Filters, Report
from assettrack.web import said_values

ARROW = "->"
"""Between what was before and after; printable in every format."""

LAST_MAX = 10_000


class Said(BaseModel):
    """What an address says of a report; blank is not said."""

    holder: str = ""
    organisation: str = ""
    type: str = ""
    asset: str = ""
    since: str = ""
    last: str = ""
    by: str = ""
    kind: str = ""
    details: str = ""
    everything: str = ""
    make: str = ""
    format: str = ""


class ReportKind(msgspec.Struct, frozen=True):
    """A report: its options in the order of the form, how it is made, and whether only once it is asked for."""

    options: tuple[str, ...]
    make: Callable[[Workplace, Said], Report]
    is_slow: bool = False


def _filters(said: Said) -> Filters:
    return Filters(
        said_values.person(said.holder, "The holder") if said.holder.strip() else None,
        said_values.person(said.organisation, "The organisation") if said.organisation.strip() else None,
        said_values.person(said.type, "The type") if said.type.strip() else None,
    )


def _custody(workplace: Workplace, said: Said) -> Report:
    return custody_reports.custody(workplace, _filters(said), details=bool(said.details))


def _intervals(workplace: Workplace, said: Said) -> Report:
    tag = said_values.asset_tag(said.asset) if said.asset.strip() else None
    wanted = interval_reports.IntervalSelection(tag, _filters(said).holder, bool(said.details))
    return interval_reports.intervals(workplace, wanted)


def _accountability(workplace: Workplace, said: Said) -> Report:
    since = said_values.date("The date", said.since or None)
    found = accountability.accountability(workplace, _filters(said), since, everything=bool(said.everything))
    return found.whole or found.unresolved


def _activity(workplace: Workplace, said: Said) -> Report:
    if said.kind and said.kind not in KINDS:
        raise errors.ValueUnusable("The kind", said.kind[:80], "choose one of those shown")
    by = said_values.person(said.by, "The name") if said.by.strip() else None
    since = said_values.date("The date", said.since or None)
    wanted = activity.EntrySelection(_last(said.last), said.kind or None, by, since)
    return activity.activity(workplace, wanted, lambda entry: what_happened(entry, ARROW))


def _last(said: str) -> int | None:
    """Return how many entries are asked for.

    Raises:
        errors.ValueUnusable: it is no number, or too large.
    """
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and 1 <= int(said[:9]) <= LAST_MAX):
        raise errors.ValueUnusable("The number of entries", said[:20], f"it is from 1 to {LAST_MAX:,}")
    return int(said)


REPORTS: Mapping[str, ReportKind] = MappingProxyType(
    {
        "custody": ReportKind(("holder", "organisation", "type", "details"), _custody),
        "overdue": ReportKind(
            ("holder", "organisation", "type"), lambda at, said: custody_reports.overdue(at, _filters(said))
        ),
        "holders": ReportKind(("organisation",), lambda at, said: custody_reports.holders(at, _filters(said))),
        "organisations": ReportKind((), lambda at, _: custody_reports.organisations(at)),
        "cases": ReportKind((), lambda at, _: stock_reports.cases(at)),
        "types": ReportKind((), lambda at, _: stock_reports.types(at)),
        "unslotted": ReportKind(("type",), lambda at, said: stock_reports.unslotted(at, _filters(said))),
        "problems": ReportKind((), lambda at, _: problem_reports.problems(at), is_slow=True),
        "intervals": ReportKind(("asset", "holder", "details"), _intervals, is_slow=True),
        "accountability": ReportKind(
            ("since", "holder", "organisation", "type", "everything"), _accountability, is_slow=True
        ),
        "activity": ReportKind(("last", "since", "by", "kind"), _activity),
    }
)
"""The reports by name, as the command line calls them, in the order in which they are offered."""
