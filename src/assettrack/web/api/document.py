"""The document of the programming interface (OpenAPI 3.1), and the page that shows it.

Owns nothing that the routes do not say themselves: both are made from what they declare.
"""

from typing import Any

from fastapi import Request
from starlette.responses import Response

from assettrack.web.access import NEEDS, CurrentVisit, Routes
from assettrack.web.api.answers import described
from assettrack.web.api.operations import operations
from assettrack.web.guard import API
from assettrack.web.idempotency import json_answer
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import StationWeb

routes = Routes()

DOCUMENT = "openapi.json"
SCHEME = "token"
_DESCRIPTION = (
    "What the pages and the command line do, for programs. Each request carries a token of a person "
    "(Authorization: Bearer at_…), and does what that person may do, in that person's name. "
    f"{NEEDS} says what an operation needs of the person's role."
)


@routes.data(DOCUMENT, Permission.VIEW, **described("This document", "OpenAPI 3.1, in JSON"))
def openapi(visit: CurrentVisit, request: Request) -> Response:
    """Answer the document of this interface."""
    return json_answer(document(request.app.openapi(), visit.station))


@routes.page("/developers", Permission.VIEW)
def developers(visit: CurrentVisit, request: Request) -> Response:
    """Show the document: all operations, with an example of each."""
    address = f"{visit.station.origins[0]}{API}"
    found = operations(document(request.app.openapi(), visit.station))
    facts = {"operations": found, "address": address, "document": f"{address}{DOCUMENT}"}
    return render(visit, "api/developers.html", facts)


def document(made: dict[str, Any], station: StationWeb) -> dict[str, Any]:
    """Return the document as it was made from the routes, with what they all have in common."""
    schemes = {SCHEME: {"type": "http", "scheme": "bearer", "description": "A token that your account page makes."}}
    return {
        **made,
        "info": {**made["info"], "description": _DESCRIPTION},
        "servers": [{"url": station.origins[0]}],
        "security": [{SCHEME: []}],
        "components": {**made.get("components", {}), "securitySchemes": schemes},
    }
