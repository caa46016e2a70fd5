"""Putting rows of the queue whose slots are taken by now into the next free ones, and back to where they were."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Form
from starlette.responses import RedirectResponse, Response

from assettrack.domain import desk_errors
from assettrack.services import next_free_slots
from assettrack.services.next_free_slots import Asked
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.batches.intake_pages import NOT_AS_SHOWN, queue_page
from assettrack.web.batches.paths import where_one_goes_on
from assettrack.web.forms import FormFields, Number
from assettrack.web.permissions import Permission

routes = Routes()

_NOT_DONE = (*NOT_AS_SHOWN, desk_errors.SlotsTooFew, desk_errors.SlotTakenMeanwhile, desk_errors.QueueChanged)
"""What the queue is shown with as it stands now, because it is not as the form was drawn for."""

Numbers = Annotated[list[Number], Form()]


@routes.deed("/intake/next-free", Permission.OPERATE)
def put(
    visit: CurrentVisit, queue_id: Annotated[Number, Form()], number: Numbers, slot: Numbers, said: FormFields
) -> Response:
    """Put each row into the slot that the page showed for it, and go back to where that was asked."""
    asked = Asked(queue_id, number, said.all("mark"), slot)
    return _done(visit, said, lambda: next_free_slots.put(visit.workplace, visit.station.desk, visit.who, asked))


@routes.deed("/intake/next-free/back", Permission.OPERATE)
def put_back(
    visit: CurrentVisit, queue_id: Annotated[Number, Form()], number: Numbers, slot: Numbers, said: FormFields
) -> Response:
    """Put the rows that were moved last back to where they were, which the page showed."""
    asked = Asked(queue_id, number, said.all("mark"), slot)
    return _done(visit, said, lambda: next_free_slots.put_back(visit.workplace, visit.station.desk, visit.who, asked))


def _done(visit: CurrentVisit, said: FormFields, deed: Callable[[], None]) -> Response:
    try:
        deed()
    except _NOT_DONE as error:
        return queue_page(visit, str(error))
    return RedirectResponse(where_one_goes_on(said["back"]), 303)
