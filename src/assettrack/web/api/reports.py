"""The programming interface, reports: which there are, and each as the command line's ``--json`` has it."""

from typing import Annotated

import msgspec
from fastapi import Path, Query
from starlette.responses import Response

from assettrack.domain import errors, station_errors
from assettrack.domain.wording import quoted
from assettrack.formats.tables import json_bytes
from assettrack.services import accountability
from assettrack.services.ports import Workplace
from assettrack.services.reports import Filters, Report
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.api import answers
from assettrack.web.api.answers import answered
from assettrack.web.api.requests import ReportAsked
from assettrack.web.idempotency import json_answer
from assettrack.web.permissions import Permission
from assettrack.web.reports.kinds import REPORTS, Said

routes = Routes()

Answer = dict[str, object]

ACCOUNTABILITY = "accountability"


@routes.data("reports", Permission.VIEW, **answered("Which reports there are", answers.ReportsAnswer))
def reports(_visit: CurrentVisit) -> Response:
    """List the reports, and what each can be narrowed to."""
    return json_answer({"reports": [{"name": name, "filters": kind.options} for name, kind in REPORTS.items()]})


@routes.data("reports/{report}", Permission.VIEW, **answered("One report", answers.ReportAnswer, 404, 409))
def report(
    visit: CurrentVisit,
    report: Annotated[str, Path(max_length=40, examples=["custody"])],
    asked: Annotated[ReportAsked, Query()],
) -> Response:
    """Answer a report: its figures, and its table with a row as an object."""
    kind = REPORTS.get(report)
    if kind is None:
        raise errors.NotFound("report", quoted(report, 80))
    foreign = sorted(asked.model_fields_set - set(kind.options))
    if foreign:
        taken = f"the report {report} takes {', '.join(kind.options) or 'none'}"
        raise errors.ValueUnusable("The filter", foreign[0], taken)
    if report == ACCOUNTABILITY:
        return json_answer(_accountability(visit.workplace, asked))
    said = {name: "yes" if value is True else str(value) for name, value in asked if value not in (None, False)}
    return json_answer(as_object(kind.make(visit.workplace, Said(**said))))


def as_object(report: Report) -> Answer:
    """Return a report as an object for programs: its figures, and its table as the format JSON has it.

    Raises:
        station_errors.DatabaseDamaged: a value is not what its column says.
    """
    try:
        table = msgspec.json.decode(json_bytes(report.table), type=dict[str, msgspec.Raw])
    except ValueError as error:
        raise station_errors.DatabaseDamaged(f"a value of the report can't be read ({error})") from error
    return {**report.figures, **table}


def _accountability(workplace: Workplace, asked: ReportAsked) -> Answer:
    """Return the report that has two tables: what is unresolved, and everything where that is asked for."""
    filters = Filters(*(None if name is None else said_values.person(name, "The filter")
                        for name in (asked.holder, asked.organisation, asked.type)))  # fmt: skip
    since = said_values.date("The date", asked.since)
    found = accountability.accountability(workplace, filters, since, everything=asked.everything)
    part = as_object(found.unresolved)
    unresolved = part.pop("rows")
    whole = {} if found.whole is None else as_object(found.whole)
    return {**part, **whole, "unresolved": unresolved}
