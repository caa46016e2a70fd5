"""What a browser or a program is told when something stops its request: never a traceback.

Owns which HTTP status stands for which family of errors (exit codes of DESIGN §10).
"""

import logging
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from assettrack.domain import desk_errors, errors
from assettrack.web.access import station_of
from assettrack.web.api_errors import NOTHING_MORE, ApiError, api_failure, told
from assettrack.web.guard import API, SAFE_METHODS, BodyTooLarge
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit
from assettrack.web.themes import theme_of

STATUS = MappingProxyType({1: 500, 2: 422, 3: 422, 4: 409, 5: 500, 6: 503})
"""HTTP status by exit code."""

NOTHING_SAVED = " Nothing was saved."
"""Who only looked is not told so: nothing was to be saved."""

PLACES_NAMED = 20
"""So many fields of a request that does not look right are named."""

_NUMBERED = re.compile(r"\.[0-9]+$")
"""Which of several of one name it is."""

_log = logging.getLogger("assettrack.web")


def status_of(error: errors.AssetTrackError) -> int:
    """Return the HTTP status of an error of the catalogue."""
    if isinstance(error, errors.NotFound):
        return 404
    if isinstance(error, desk_errors.SignInThrottled):
        return 429
    if isinstance(error, desk_errors.CallerBarred):
        return 403
    return STATUS[error.exit_code]


def install(app: FastAPI) -> None:
    """Let the application tell all failures in one way."""
    app.add_exception_handler(errors.AssetTrackError, _of_catalogue)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(HTTPException, _of_routing)
    app.add_exception_handler(BodyTooLarge, _too_large)
    app.add_exception_handler(Exception, _unexpected)


def _answer(request: Request, status: int, error: ApiError, beside: Mapping[str, object] = NOTHING_MORE) -> Response:
    if request.url.path.startswith(API):
        return api_failure(status, error, beside)
    message = error.message
    visit = getattr(request.state, "visit", None)
    if visit is None:
        visit = Visit(station_of(request), Permission.PUBLIC, "unknown", theme=theme_of(request.cookies))
    if request.method in SAFE_METHODS:
        message = message.replace(NOTHING_SAVED, "")
    facts = {
        "message": message,
        "code": error.code,
        "status": status,
        "problems": (),
        "refusals": (),
        "recorded_in": (),
        "sent": (),
        "sent_max": PLACES_NAMED,
        **beside,
    }
    return render(visit, "failure.html", facts, status=status)


def _of_catalogue(request: Request, error: Exception) -> Response:
    assert isinstance(error, errors.AssetTrackError)
    problems: Sequence[object] = getattr(error, "problems", ())
    refusals: Sequence[object] = getattr(error, "refusals", ())
    beside: dict[str, object] = {"problems": problems, "refusals": refusals}
    if isinstance(error, errors.PlanStale):
        beside["moved"] = error.moved
    if recorded_in := getattr(error, "recorded_in", ()):
        beside["recorded_in"] = recorded_in
    return _answer(request, status_of(error), told(error), beside)


def _not_understood(request: Request, error: Exception) -> Response:
    """Say what can't be read of a request: to a program by its own words, on a page by those of the page's fields."""
    assert isinstance(error, RequestValidationError)
    places = sorted({".".join(map(str, each["loc"][1:])) or str(each["loc"][0]) for each in error.errors()})
    if not request.url.path.startswith(API):
        sent = sorted({_NUMBERED.sub("", place) for place in places})
        message = f"What was asked for lacks something, or says it in a way that can't be read.{NOTHING_SAVED}"
        return _answer(request, 422, ApiError("request_invalid", message), {"sent": sent})
    if len(places) > PLACES_NAMED:
        places = [*places[:PLACES_NAMED], f"{len(places) - PLACES_NAMED} more"]
    message = f"The request lacks something or has it in a wrong form: {', '.join(places)}.{NOTHING_SAVED}"
    return _answer(request, 422, ApiError("request_invalid", message))


def _of_routing(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, BodyTooLarge):
        return _too_large(request, error)
    sentence, code = _ROUTING.get(error.status_code, (str(error.detail), "request_invalid"))
    if error.status_code == HTTPStatus.BAD_REQUEST and _is_with_file(request):
        sentence = _FILE_UNREADABLE
    return _answer(request, error.status_code, ApiError(code, f"{sentence} Nothing was saved."))


_ROUTING = MappingProxyType(
    {
        400: ("The body of the request can't be read.", "request_invalid"),
        404: ("There is no such page.", "not_found"),
        405: ("This page takes no such request.", "method_not_allowed"),
    }
)
"""What is said where no route takes a request, and its code, by HTTP status."""


_FILE_UNREADABLE = (
    "The file could not be taken: it was cut off on its way, or its name has more than about 4,000 letters. "
    "Give it a shorter name where that is so, and send it again."
)


def _is_with_file(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/")


def _too_large(request: Request, _error: Exception) -> Response:
    message = "The request is larger than the station takes. Nothing was saved."
    if request.url.path.startswith(API):
        return api_failure(413, ApiError("request_too_large", message))
    return PlainTextResponse(message, 413)


def _unexpected(request: Request, error: Exception) -> Response:
    """Say that something unexpected happened; what it was stands in the server's own log."""
    _log.error("unexpected at %s %s", request.method, request.url.path, exc_info=error)
    message = (
        "Something unexpected happened. Look at the audit page whether anything was saved, "
        "and at the server's log for what it was."
    )
    try:
        return _answer(request, 500, ApiError("unexpected", message, saved=None))
    except errors.AssetTrackError:
        return PlainTextResponse(message, 500)
