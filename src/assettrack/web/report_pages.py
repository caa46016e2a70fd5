"""Reports: each as a page whose options stand in the address, and as a file."""

from collections.abc import Sequence
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Query
from starlette.responses import Response

from assettrack.domain import errors
from assettrack.domain.tables import Column, Value
from assettrack.services import browsing, holder_directory
from assettrack.services.log_reading import KINDS
from assettrack.services.reports import Report
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.charts import charts_of
from assettrack.web.failures import status_of
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.report_kinds import REPORTS, ReportKind, Said
from assettrack.web.station import Visit
from assettrack.web.table_files import FORMATS, table_file

routes = Routes()

LINES_SHOWN = 500
"""So many lines of a report are on its page; its files have all."""

PAGES = {
    "asset_tag": "/assets/",
    "holder": "/holders/",
    "case_name": "/cases/",
    "batch_id": "/batches/",
    "seq": "/audit/entries/",
    "first_seq": "/audit/entries/",
    "last_seq": "/audit/entries/",
    "corrected_by": "/audit/entries/",
    "superseded_by": "/audit/entries/",
}
"""Where the values of a column lead."""


@routes.page("/reports", Permission.VIEW)
def index(visit: CurrentVisit) -> Response:
    """Show which reports there are."""
    return render(visit, "reports/index.html", {"area": "reports", "names": list(REPORTS)})


@routes.page("/reports/{name}", Permission.VIEW)
def report(visit: CurrentVisit, name: str, said: Annotated[Said, Query()]) -> Response:
    """Show a report, or send it as a file; a slow one is made once it is asked for."""
    kind = REPORTS.get(name)
    if kind is None:
        raise errors.NotFound("report", name[:40])
    asked = said.model_copy(update={"format": "", "make": ""})
    is_asked = bool(said.make or said.format) or any(asked.model_dump().values())
    made, failed, status = None, "", 200
    if is_asked or not kind.is_slow:
        try:
            made = kind.make(visit.workplace, said)
        except (errors.ValueUnusable, errors.NotFound, errors.DeedRefused) as error:
            failed, status = str(error), status_of(error)
    if made is not None and said.format:
        day = visit.station.workplace.now().astimezone(made.table.zone).date().isoformat()
        return table_file(made.table, f"{name}-{day}", said.format)
    return _page(visit, name, asked, (made, failed, status))


def _page(visit: Visit, name: str, asked: Said, outcome: tuple[Report | None, str, int]) -> Response:
    made, failed, status = outcome
    kind = REPORTS[name]
    options = {option: value for option, value in asked.model_dump().items() if option in kind.options and value}
    facts = {
        "area": "reports",
        "name": name,
        "kind": kind,
        "said": asked,
        "choices": _choices(visit, kind),
        "report": made,
        "charts": [] if made is None else charts_of(name, made),
        "rows": [] if made is None else made.table.rows[:LINES_SHOWN],
        "link": page_of_value,
        "files": [(each, f"/reports/{name}?{urlencode({**options, 'format': each})}") for each in FORMATS],
        "failed": failed,
    }
    return render(visit, "reports/report.html", facts, status=status)


def _choices(visit: Visit, kind: ReportKind) -> dict[str, Sequence[str]]:
    """Return what the options are chosen from, where that is a list."""
    choices: dict[str, Sequence[str]] = {}
    if "organisation" in kind.options:
        choices["organisation"] = holder_directory.organisations(visit.workplace)
    if "type" in kind.options:
        choices["type"] = browsing.equipment_types(visit.workplace)
    if "kind" in kind.options:
        choices["kind"] = KINDS
    return choices


def page_of_value(column: Column, value: Value) -> str:
    """Return where a value of a table leads, blank for nowhere."""
    path = PAGES.get(column.key)
    return "" if path is None or value is None or not str(value) else f"{path}{quote(str(value), safe='')}"
