"""Saying once, for all scans of the queue that lack it, what the new assets are."""

from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from assettrack.services import missing_types, queues
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.permissions import Permission

routes = Routes()


@routes.deed("/intake/missing-type", Permission.OPERATE)
def say_type(
    visit: CurrentVisit, equipment_type: Annotated[str, Form()] = "", back: Annotated[str, Form()] = ""
) -> Response:
    """Say what all new assets of the queue are that lack a type, and go back to where that was asked."""
    said = said_values.text("The equipment type", equipment_type) or ""
    workplace, desk = visit.workplace, visit.station.desk
    missing_types.say_type(workplace, desk, queues.current(workplace, desk, visit.who), said)
    return RedirectResponse("/intake/check" if back == "/intake/check" else "/intake#typed", 303)
