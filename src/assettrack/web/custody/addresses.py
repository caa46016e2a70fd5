"""The addresses of issue, return and transfer: each page and each form is there once for each of the three."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request

from assettrack.domain.custody_drafts import HandoverEvent
from assettrack.web.access import Routes
from assettrack.web.handover_events import EVENTS
from assettrack.web.permissions import Permission


def _event(request: Request) -> HandoverEvent:
    return EVENTS[request.url.path.split("/")[1]]


Event = Annotated[HandoverEvent, Depends(_event)]
"""A route's parameter of this type is the event that its address names."""


def page(routes: Routes, path: str) -> Callable[[Any], Any]:
    """Declare a page of each of the three."""

    def declare(handler: Any) -> Any:  # noqa: ANN401 - FastAPI's own, handed on
        for word in EVENTS:
            routes.page(f"/{word}{path}", Permission.OPERATE)(handler)
        return handler

    return declare


def deed(routes: Routes, path: str) -> Callable[[Any], Any]:
    """Declare what a form of each of the three does."""

    def declare(handler: Any) -> Any:  # noqa: ANN401 - FastAPI's own, handed on
        for word in EVENTS:
            routes.deed(f"/{word}{path}", Permission.OPERATE)(handler)
        return handler

    return declare
