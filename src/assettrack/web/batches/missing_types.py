"""Saying once, for all scans of the queue that lack it, what the new assets are."""

from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from assettrack.services import missing_types
from assettrack.services.next_free_slots import Asked
from assettrack.web import said_values
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.batches.paths import LEFT, where_one_goes_on
from assettrack.web.forms import FormFields, Number, whole_number
from assettrack.web.permissions import Permission

routes = Routes()


@routes.deed("/intake/missing-type", Permission.OPERATE)
def say_type(visit: CurrentVisit, queue_id: Annotated[Number, Form()], said: FormFields) -> Response:
    """Say what the new assets are that the page showed without a type, and go back to where that was asked."""
    equipment_type = said_values.text("The equipment type", said["equipment_type"]) or ""
    shown = [_number_and_mark(each) for each in said["scans"].split()]
    asked = Asked(queue_id, [number for number, _ in shown], [mark for _, mark in shown])
    done = missing_types.say_type(visit.workplace, visit.station.desk, visit.who, asked, equipment_type)
    return RedirectResponse(where_one_goes_on(said["back"], LEFT if done.left else ""), 303)


def _number_and_mark(text: str) -> tuple[int, str]:
    """Return what stands for one scan in the form; what no page writes there stands for none."""
    number, _, mark = text.partition(".")
    return whole_number(number) or 0, mark
