"""The reports there are: what each can be narrowed to, and how it is made of what an address says.

Owns what of a report is on a page: some of its lines, or nothing where too much of the log would be read for them. Its
files have all of it. What reports say is `services`.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import msgspec
from pydantic import BaseModel

from assettrack.domain import errors
from assettrack.domain.audit_log import AnyEntry
from assettrack.domain.entry_wording import what_happened
from assettrack.services import (
    accountability,
    activity,
    custody_reports,
    interval_reports,
    problem_reports,
    stock_reports,
)
from assettrack.services.accountability_lines import Judging, accountability_lines
from assettrack.services.activity import Looked, Stretch
from assettrack.services.interval_reports import IntervalSelection
from assettrack.services.log_reading import KINDS
from assettrack.services.ports import Workplace
from assettrack.services.remembered import Remembered
from assettrack.services.reports import EVERY_LINE, Filters, Lines, Report, Unread
from assettrack.web import said_values
from assettrack.web.forms import NUMBER_MAX, whole_number

ARROW = "->"
"""Between what was before and after; printable in every format."""

LAST_MAX = 10_000

READ_MAX = 50_000
"""So many entries of the log are read for a page of intervals at most."""

LOOKED_MAX = 25_000
"""So many entries of the log are looked through for a page of activity at most."""


class Said(BaseModel):
    """What an address says of a report; blank is not said.

    ``page`` is which lines of it are shown. ``below`` is the entry from before which the log is looked through, and
    ``shown`` how many lines were shown of what is after it.
    """

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
    format: str = ""
    page: str = ""
    below: str = ""
    shown: str = ""


class Sight(NamedTuple):
    """What of a report a page is to show: what the address says, and some lines."""

    workplace: Workplace
    said: Said
    lines: Lines
    remembered: Remembered
    say: Callable[[AnyEntry], str]


class ReportKind(msgspec.Struct, frozen=True):
    """A report: its options in the order of the form, how it is made whole, and what of it a page shows."""

    options: tuple[str, ...]
    make: Callable[[Workplace, Said], Report]
    show: Callable[[Sight], Report | Looked | Unread]


def _paged(options: tuple[str, ...], make: Callable[[Workplace, Said, Lines], Report]) -> ReportKind:
    """Return a report of which any lines can be made."""
    return ReportKind(
        options,
        lambda at, said: make(at, said, EVERY_LINE),
        lambda sight: make(sight.workplace, sight.said, sight.lines),
    )


def _filters(said: Said) -> Filters:
    return Filters(
        said_values.person(said.holder, "The holder") if said.holder.strip() else None,
        said_values.person(said.organisation, "The organisation") if said.organisation.strip() else None,
        said_values.person(said.type, "The type") if said.type.strip() else None,
    )


def _custody(workplace: Workplace, said: Said) -> Report:
    return custody_reports.custody(workplace, _filters(said), details=bool(said.details))


def _custody_shown(sight: Sight) -> Report:
    filters, details = _filters(sight.said), bool(sight.said.details)
    return custody_reports.custody(
        sight.workplace, filters, details=details, lines=sight.lines, passes=sight.remembered.passes
    )


def _intervals_wanted(said: Said) -> IntervalSelection:
    tag = said_values.asset_tag(said.asset) if said.asset.strip() else None
    return IntervalSelection(tag, _filters(said).holder, bool(said.details))


def _intervals_shown(sight: Sight) -> Report | Unread:
    wanted = _intervals_wanted(sight.said)
    return interval_reports.intervals_within(sight.workplace, wanted, sight.lines, READ_MAX)


def _accountability(workplace: Workplace, said: Said) -> Report:
    since = said_values.date("The date", said.since or None)
    found = accountability.accountability(workplace, _filters(said), since, everything=bool(said.everything))
    return found.whole or found.unresolved


def _accountability_shown(sight: Sight) -> Report:
    since = said_values.date("The date", sight.said.since or None)
    asked = Judging(_filters(sight.said), since, bool(sight.said.everything))
    return accountability_lines(sight.workplace, asked, sight.lines, sight.remembered)


def _activity(workplace: Workplace, said: Said) -> Report:
    return activity.activity(workplace, _activity_wanted(said), _say)


def _activity_shown(sight: Sight) -> Looked:
    below, shown = number("The entry", sight.said.below), number("The lines", sight.said.shown)
    stretch = Stretch(below, LOOKED_MAX, sight.lines.limit or LAST_MAX, shown or 0)
    return activity.look_back(sight.workplace, _activity_wanted(sight.said), sight.say, stretch)


def _activity_wanted(said: Said) -> activity.EntrySelection:
    """Return which entries are asked for.

    Raises:
        errors.ValueUnusable: a value can't be what it should be.
    """
    if said.kind and said.kind not in KINDS:
        raise errors.ValueUnusable("The kind", said.kind[:80], "choose one of those shown")
    by = said_values.person(said.by, "The name") if said.by.strip() else None
    since = said_values.date("The date", said.since or None)
    return activity.EntrySelection(number("The number of entries", said.last, LAST_MAX), said.kind or None, by, since)


def number(what: str, said: str, most: int = NUMBER_MAX) -> int | None:
    """Return a number from 1 on that an address says, or None where it says none.

    Raises:
        errors.ValueUnusable: it is no number, or too large.
    """
    if not said:
        return None
    found = whole_number(said, most)
    if not found:
        raise errors.ValueUnusable(what, said[:20], f"it is from 1 to {most:,}")
    return found


def _say(entry: AnyEntry) -> str:
    return what_happened(entry, ARROW)


REPORTS: Mapping[str, ReportKind] = MappingProxyType(
    {
        "custody": ReportKind(("holder", "organisation", "type", "details"), _custody, _custody_shown),
        "overdue": _paged(
            ("holder", "organisation", "type"),
            lambda at, said, lines: custody_reports.overdue(at, _filters(said), lines),
        ),
        "holders": _paged(
            ("organisation",), lambda at, said, lines: custody_reports.holders(at, _filters(said), lines)
        ),
        "organisations": _paged((), lambda at, _, lines: custody_reports.organisations(at, lines)),
        "cases": _paged((), lambda at, _, lines: stock_reports.cases(at, lines)),
        "types": ReportKind(
            (),
            lambda at, _: stock_reports.types(at),
            lambda sight: stock_reports.types(sight.workplace, sight.lines, sight.remembered.passes),
        ),
        "unslotted": _paged(("type",), lambda at, said, lines: stock_reports.unslotted(at, _filters(said), lines)),
        "problems": ReportKind(
            (),
            lambda at, _: problem_reports.problems(at),
            lambda sight: problem_reports.problems(sight.workplace, sight.lines, sight.remembered),
        ),
        "intervals": ReportKind(
            ("asset", "holder", "details"),
            lambda at, said: interval_reports.intervals(at, _intervals_wanted(said)),
            _intervals_shown,
        ),
        "accountability": ReportKind(
            ("since", "holder", "organisation", "type", "everything"), _accountability, _accountability_shown
        ),
        "activity": ReportKind(("last", "since", "by", "kind"), _activity, _activity_shown),
    }
)
"""The reports by name, as the command line calls them, in the order in which they are offered."""
