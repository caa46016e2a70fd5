"""Saying once, for all scans of the queue that lack it, what the new assets are."""

from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from assettrack.services import missing_types
from assettrack.services.missing_types import MISSING
from assettrack.services.queue_lines import Line
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.forms import FormFields, Number
from assettrack.web.permissions import Permission

routes = Routes()


@routes.deed("/intake/missing-type", Permission.OPERATE)
def say_type(visit: CurrentVisit, queue_id: Annotated[Number, Form()], said: FormFields) -> Response:
    """Say what all new assets of the queue are that lack a type, and go back to where that was asked."""
    equipment_type = said_values.text("The equipment type", said["equipment_type"]) or ""
    missing_types.say_type(visit.workplace, visit.station.desk, visit.who, queue_id, equipment_type)
    return RedirectResponse("/intake/check" if said["back"] == "/intake/check" else "/intake#typed", 303)


def shade(line: Line) -> str:
    """Return the colour of a line on a page: one that only lacks the type is asked for it, and is nobody's mistake."""
    stops = {found.code for found in (*line.problems, *line.refusals)}
    return "note" if stops == {MISSING} else line.colour
