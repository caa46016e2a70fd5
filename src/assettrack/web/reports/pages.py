"""Reports: each as a page whose options stand in the address, and as a file."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, NamedTuple
from urllib.parse import quote, urlencode

from fastapi import Query
from starlette.responses import Response

from assettrack.domain import errors
from assettrack.domain.tables import Column, Value
from assettrack.services import holder_directory
from assettrack.services.activity import Looked
from assettrack.services.log_reading import KINDS
from assettrack.services.reports import Lines, Report, Subject, Unread
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.entry_lines import what_on_page
from assettrack.web.failures import status_of
from assettrack.web.holders.paths import holder_path
from assettrack.web.pagers import Pager, pager
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.reports.charts import charts_of
from assettrack.web.reports.kinds import READ_MAX, REPORTS, ReportKind, Said, Sight, number
from assettrack.web.station import Visit
from assettrack.web.table_files import FORMATS, table_file

routes = Routes()

LINES_SHOWN = 100
"""So many lines of a report are on a page; its files have all."""

PAGE_MAX = 1_000_000

HOLDERS = "/holders/"
PAGES = {
    "asset_tag": "/assets/",
    "holder": HOLDERS,
    "case_name": "/cases/",
    "batch_id": "/batches/",
    "seq": "/audit/entries/",
    "first_seq": "/audit/entries/",
    "last_seq": "/audit/entries/",
    "corrected_by": "/audit/entries/",
    "superseded_by": "/audit/entries/",
}
"""Where the values of a column lead."""

PAGES_OF_SUBJECTS = {"asset": "/assets/", "batch": "/batches/", "count": "/counts/"}
"""Where that leads which a line is about."""


@routes.page("/reports", Permission.VIEW)
def index(visit: CurrentVisit) -> Response:
    """Show which reports there are."""
    return render(visit, "reports/index.html", {"area": "reports", "names": list(REPORTS)})


class Outcome(NamedTuple):
    """What a page shows of a report; or why it shows nothing: how many entries would be read, or what is wrong."""

    report: Report | None = None
    pager: Pager | None = None
    looked: Looked | None = None
    unread: int = 0
    failed: str = ""
    status: int = 200


@routes.page("/reports/{name}", Permission.VIEW)
def report(visit: CurrentVisit, name: str, said: Annotated[Said, Query()]) -> Response:
    """Show some lines of a report, or send all of it as a file."""
    kind = REPORTS.get(name)
    if kind is None:
        raise errors.NotFound("report", name[:40])
    try:
        if said.format:
            made = kind.make(visit.workplace, said)
            day = visit.station.workplace.now().astimezone(made.table.zone).date().isoformat()
            return table_file(made.table, f"{name}-{day}", said.format)
        outcome = _outcome(visit, name, said)
    except (errors.ValueUnusable, errors.NotFound, errors.DeedRefused) as error:
        if said.format and said.format not in FORMATS:
            raise
        outcome = Outcome(failed=str(error), status=status_of(error))
    return _page(visit, name, said, outcome)


def _outcome(visit: Visit, name: str, said: Said) -> Outcome:
    """Return what is shown of a report. Where it has become shorter than the page asked for, that is its end.

    Raises:
        errors.ValueUnusable, errors.NotFound, errors.DeedRefused: it can't be narrowed to what the address says.
    """
    page = number("The page", said.page, PAGE_MAX) or 1
    lines = Lines((page - 1) * LINES_SHOWN, LINES_SHOWN)
    sight = Sight(visit.workplace, said, lines, visit.station.memory.remembered, partial(what_on_page, visit))
    shown = REPORTS[name].show(sight)
    if isinstance(shown, Report) and shown.total and not shown.table.rows:
        lines = Lines((shown.total - 1) // LINES_SHOWN * LINES_SHOWN, LINES_SHOWN)
        shown = REPORTS[name].show(sight._replace(lines=lines))
    if isinstance(shown, Unread):
        return Outcome(unread=shown.entries)
    if isinstance(shown, Looked):
        return Outcome(shown.report, looked=shown)
    rows = len(shown.table.rows)
    here = partial(_path, name, said)
    return Outcome(shown, pager(lines.skip, rows, shown.total, LINES_SHOWN, lambda page: here(page=str(page))))


def _path(name: str, said: Said, **others: str) -> str:
    """Return the address of a report with the same options."""
    options = {option: getattr(said, option) for option in REPORTS[name].options if getattr(said, option)}
    query = urlencode(options | others)
    return f"/reports/{name}?{query}" if query else f"/reports/{name}"


def _page(visit: Visit, name: str, said: Said, outcome: Outcome) -> Response:
    kind, made, looked = REPORTS[name], outcome.report, outcome.looked
    further = ""
    if looked is not None and not looked.is_all:
        shown = (number("The lines", said.shown) or 0) + len(looked.report.table.rows)
        further = _path(name, said, below=str(looked.first_seq), **({"shown": str(shown)} if shown else {}))
    facts = {
        "area": "reports",
        "name": name,
        "kind": kind,
        "said": said,
        "choices": _choices(visit, kind),
        "report": made,
        "table": None if made is None else made.table.in_words(),
        "charts": [] if made is None else charts_of(name, made),
        "pager": outcome.pager,
        "looked": looked,
        "further": further,
        "latest": _path(name, said) if said.below else "",
        "unread": outcome.unread,
        "read_max": READ_MAX,
        "answer": "" if made is None else made.table.subtitle[0],
        "link": partial(_link, made),
        "files": [(each, _path(name, said, format=each)) for each in FORMATS],
        "failed": outcome.failed,
    }
    return render(visit, "reports/report.html", facts, status=outcome.status)


def _choices(visit: Visit, kind: ReportKind) -> dict[str, Sequence[str]]:
    """Return what the options are chosen from, where that is a list."""
    choices: dict[str, Sequence[str]] = {}
    if "organisation" in kind.options:
        choices["organisation"] = holder_directory.organisations(visit.workplace)
    if "type" in kind.options:
        choices["type"] = visit.station.memory.types.find(visit.workplace)
    if "kind" in kind.options:
        choices["kind"] = KINDS
    return choices


def _link(report: Report | None, column: Column, row: int, value: Value) -> str:
    """Return where a value of a table leads, blank for nowhere."""
    if report is not None and report.subjects and column.key == "subject":
        return _page_of(report.subjects[row])
    path = PAGES.get(column.key)
    if path == HOLDERS and value:
        return holder_path(str(value))
    return "" if path is None or value is None or not str(value) else f"{path}{quote(str(value), safe='')}"


def _page_of(subject: Subject) -> str:
    """Return where that leads which a line of a report is about, blank for nowhere."""
    if subject.kind == "holder":
        return holder_path(subject.name)
    path = PAGES_OF_SUBJECTS.get(subject.kind)
    return "" if path is None else f"{path}{quote(subject.name, safe='')}"
