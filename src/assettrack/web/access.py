"""Who may call a route: each says what it needs, and is asked before anything of it runs.

Owns the one way to declare a route. A route that says nothing can't be made. Must never decide what a deed may do:
that is the services'.
"""

from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Annotated, Any
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors, station_errors
from assettrack.domain.account_deeds import text_hash
from assettrack.lasting_files import said_by_system
from assettrack.services import accounts, sessions
from assettrack.services.denials import Denial
from assettrack.web.api.repeated_fields import repeated_field
from assettrack.web.api_errors import ApiError, api_failure
from assettrack.web.guard import API, SAFE_METHODS
from assettrack.web.permissions import Permission, allows
from assettrack.web.rendering import render
from assettrack.web.standing import Standing
from assettrack.web.station import StationWeb, Visit
from assettrack.web.themes import theme_of

COOKIE = "assettrack_session"
FORM_TOKEN = "form_token"  # noqa: S105 - the name of a form's field
FORM_HEADER = "x-form-token"
NEEDS = "x-needs"
SESSION_ENDED = "/sign-in?ended=1"
FORM_KINDS = frozenset({"multipart/form-data", "application/x-www-form-urlencoded"})
SECRET_FIELDS = frozenset({"old", "password", "again"})
"""No page repeats the fields of a form that has one of these."""

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def cookie_name(station: StationWeb) -> str:
    """Return the session cookie's name; by TLS it is bound to the host (RFC 6265bis, ``__Host-``)."""
    return f"__Host-{COOKIE}" if station.is_secure else COOKIE


class GuardedRoute(APIRoute):
    """A route that asks who calls before it does anything."""

    def get_route_handler(self) -> Handler:
        """Return what answers the route's requests.

        Raises:
            KeyError: the route was declared without saying what it needs.
        """
        needed = Permission((self.openapi_extra or {})[NEEDS])
        answer = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            judged = await run_in_threadpool(_judged, request, needed)
            if isinstance(judged, Response):
                return judged
            if request.method not in SAFE_METHODS:
                judged = await _judged_when_whole(request, judged)
                if isinstance(judged, Response):
                    return judged
            if judged.session is not None and judged.session.locked and not _is_about_session(request):
                fields, has_file = await _fields(request)
                return await run_in_threadpool(_locked, request, judged, fields, has_file=has_file)
            request.state.visit = judged
            return await answer(request)

        return guarded


class Routes:
    """The routes of one area of the station."""

    def __init__(self) -> None:
        self.router = APIRouter(route_class=GuardedRoute)

    def page(self, path: str, needs: Permission) -> Callable[[Any], Any]:
        """Declare a page or a part of one: it is looked at, and changes nothing."""
        return self.router.get(path, include_in_schema=False, openapi_extra={NEEDS: needs.value})

    def deed(self, path: str, needs: Permission) -> Callable[[Any], Any]:
        """Declare what a form does."""
        return self.router.post(path, include_in_schema=False, openapi_extra={NEEDS: needs.value})

    def data(self, path: str, needs: Permission, **described: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - FastAPI's own parameters, handed on
        """Declare what the programming interface answers; ``described`` goes into its document."""
        return self.router.get(f"{API}{path}", openapi_extra={NEEDS: needs.value}, **described)

    def data_deed(self, path: str, needs: Permission, **described: Any) -> Callable[[Any], Any]:  # noqa: ANN401 - as of data
        """Declare what the programming interface does."""
        return self.router.post(f"{API}{path}", openapi_extra={NEEDS: needs.value}, **described)


def _visit(request: Request) -> Visit:
    visit: Visit = request.state.visit
    return visit


CurrentVisit = Annotated[Visit, Depends(_visit)]
"""A route's parameter of this type is who was let in."""


def station_of(request: Request) -> StationWeb:
    """Return the station that an application was made for."""
    station: StationWeb = request.app.state.station
    return station


def _judged(request: Request, needed: Permission) -> Visit | Response:
    """Return whoever is let in, or the answer to whoever is not."""
    station = station_of(request)
    address = request.client.host if request.client else "unknown"
    theme = theme_of(request.cookies)
    if needed is Permission.PUBLIC:
        return Visit(station, needed, address, theme=theme)
    with suppress(errors.AssetTrackError):  # that it can't be recorded now keeps nobody from their own work
        station.memory.denials.settle(station.workplace)
    if request.url.path.startswith(API):
        return _bearer(request, Visit(station, needed, address))
    token = request.cookies.get(cookie_name(station), "")
    at_work = request.headers.get("x-background") is None
    session = sessions.resume(station.workplace, station.reception, token, at_work=at_work) if token else None
    if session is None:
        return _to_sign_in(request)
    visit = Visit(station, needed, address, session, session.account, theme, _here(request))
    if needed is not Permission.SIGNED_IN and session.account.one_time:
        return _go(request, "/password")
    if not allows(session.account.role, needed):
        return denied(request, visit)
    return visit


async def _judged_when_whole(request: Request, judged: Visit) -> Visit | Response:
    """Wait for the rest of a request that was let in by its head, and judge anew: by now its caller may be barred."""
    if judged.needed is Permission.PUBLIC:
        return judged
    await _come(request)
    again = await run_in_threadpool(_judged, request, judged.needed)
    if isinstance(again, Visit) and again.session is not None:
        return await _form_refusal(request, again) or again
    if isinstance(again, Visit) and (repeated := await _repeated_field(request)) is not None:
        twice = f"The request has the field {repeated} more than once. Nothing was saved. Say each once, then send it."
        return api_failure(422, ApiError("request_invalid", twice))
    return again


async def _repeated_field(request: Request) -> str | None:
    """Return the field that a program's request says twice, or None."""
    return repeated_field(request.headers.get("content-type", ""), await request.body())


async def _come(request: Request) -> None:
    """Wait until the whole body has come; whoever reads it later is given what was kept of it.

    Raises:
        HTTPException: the caller went away before.
        guard.BodyTooLarge, station_errors.StorageFailed: it can't be kept.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        if kind in FORM_KINDS and not request.url.path.startswith(API):
            await _form(request)
        else:
            await request.body()
    except ClientDisconnect as error:
        raise HTTPException(400) from error


def _bearer(request: Request, visit: Visit) -> Visit | Response:
    """Let a program in by its token; it has no session, and a browser's cookie counts for nothing."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    account = accounts.account_of_token(visit.station.workplace, token) if scheme.lower() == "bearer" else None
    if account is None or not account.active or account.one_time:
        missing = "Send an API token: Authorization: Bearer at_…. Nothing was saved."
        return api_failure(401, ApiError("token_missing", missing))
    standing = Standing(text_hash(token))
    known = Visit(visit.station, visit.needed, visit.address, None, account, standing=standing)
    return known if allows(account.role, visit.needed) else denied(request, known)


def _to_sign_in(request: Request) -> Response:
    if request.method in SAFE_METHODS and not is_part(request):
        return RedirectResponse(f"/sign-in?next={quote(_here(request), safe='')}", 303)
    return _go(request, SESSION_ENDED)


def is_part(request: Request) -> bool:
    """Tell whether a page that goes on being shown asks, and takes the answer itself."""
    return "hx-request" in request.headers


def _here(request: Request) -> str:
    """Return the address of the page that is looked at, or whose form was sent."""
    if request.method in SAFE_METHODS:
        return request.url.path + (f"?{request.url.query}" if request.url.query else "")
    page = urlsplit(request.headers.get("referer", ""))
    return page.path + (f"?{page.query}" if page.query else "")


def _go(request: Request, path: str) -> Response:
    """Send a browser elsewhere, be it a page or a part of one that asked."""
    return to_part(path) if is_part(request) else RedirectResponse(path, 303)


def to_part(path: str) -> Response:
    """Send the page of which a part asked elsewhere: a redirection would be followed unseen."""
    return Response(status_code=401, headers={"hx-redirect": path})


def denied(request: Request, visit: Visit) -> Response:
    """Refuse what a role does not allow, and record it."""
    who, station = visit.who, visit.station
    detail = f"{request.method} {request.url.path}"[:200]
    station.memory.denials.tell(station.workplace, Denial(who, visit.address, detail))
    if request.url.path.startswith(API):
        denied = f"The role {who.role} does not allow this. Nothing was saved."
        return api_failure(403, ApiError("access_denied", denied))
    return render(visit, "denied.html", {"needed": visit.needed.value}, status=403)


def _is_about_session(request: Request) -> bool:
    return request.url.path in {"/unlock", "/sign-out"}


async def _form_refusal(request: Request, visit: Visit) -> Response | None:
    """Return the refusal where a form does not carry its session's token."""
    assert visit.session is not None, "only sessions have form tokens"
    given = request.headers.get(FORM_HEADER) or (await _form(request)).get(FORM_TOKEN)
    if given == visit.session.form_token:
        return None
    return await run_in_threadpool(render, visit, "form_refused.html", {}, status=403)


async def _form(request: Request) -> FormData:
    """Return the form that was sent; its files lie in a folder for passing things, whose disk may be full.

    Raises:
        station_errors.StorageFailed: they can't be kept there.
        HTTPException: 400, it is in letters of a kind that text can't be read from.
    """
    try:
        return await request.form()
    except UnicodeError as error:
        raise HTTPException(400) from error
    except OSError as error:
        raise station_errors.StorageFailed(said_by_system(error), "What was sent") from error


async def _fields(request: Request) -> tuple[list[tuple[str, str]], bool]:
    """Return what was typed into a form that met a locked session, and if a file came with it, which is closed here.

    What of it is offered again, and what is to be filled in anew, is decided by `_locked`.
    """
    if request.method in SAFE_METHODS:
        return [], False
    sent = (await _form(request)).multi_items()
    typed = [(name, value) for name, value in sent if not isinstance(value, UploadFile)]
    has_file = any(isinstance(value, UploadFile) and value.filename for _, value in sent)
    await request.close()  # who answers a form closes its files, and nobody will
    return typed, has_file


def _locked(request: Request, visit: Visit, fields: list[tuple[str, str]], *, has_file: bool) -> Response:
    """Ask for the password; what was to be done is offered again after it.

    But for forms with a password: whoever stands at a locked page could read it there, so it is to be typed anew. And
    for those with a file: without it the rest is no whole form, so nothing of it is kept, which is said. They are
    filled in anew, on the page they were sent from.
    """
    if is_part(request):
        return Response(status_code=401, headers={"hx-trigger": "session-locked"})
    kept = [(name, value) for name, value in fields if name != FORM_TOKEN]
    wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    is_deed = request.method not in SAFE_METHODS
    if SECRET_FIELDS.intersection(name for name, _ in kept):
        kept, wanted, is_deed = [], "/account", False
    elif has_file:
        kept, wanted, is_deed = [], _here(request) or "/", False
    facts = {"wanted": wanted, "is_deed": is_deed, "fields": kept, "failed": "", "has_file": has_file}
    return render(visit, "locked.html", facts, status=401)
