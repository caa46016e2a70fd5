"""Setting up, signing in, unlocking, signing out, and one's own password."""

import logging
from functools import partial
from typing import Annotated, NamedTuple
from urllib.parse import quote, unquote

from fastapi import Form, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Mount

from assettrack.domain import desk_errors, errors
from assettrack.services import accounts, admission, desk_care, sessions
from assettrack.services.sessions import SignIn
from assettrack.web.access import SESSION_ENDED, CurrentVisit, Routes, cookie_name, is_part, to_part
from assettrack.web.accounts.interrupted_deeds import Interrupted, interrupted
from assettrack.web.failures import status_of
from assettrack.web.guard import API
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import StationWeb, Visit

routes = Routes()

_log = logging.getLogger("assettrack.web")

TextField = Annotated[str, Form()]


def inside(path: str) -> str:
    """Return a path of the station's own, or the first page where it leads elsewhere."""
    leads_out = path.startswith(("//", "/\\")) or not path.isprintable()  # browsers leave tabs and line ends out
    return path if path.startswith("/") and not leads_out else "/"


def page_inside(request: Request, path: str) -> str:
    """Return the path of a page of the station's own, or the first page where it leads elsewhere or is no page."""
    led = inside(path)
    bare = unquote(led.partition("#")[0].partition("?")[0])
    scope = {"type": "http", "method": "GET", "path": bare, "root_path": ""}
    looked_at = (
        route for route in request.app.routes if not isinstance(route, Mount)
    )  # the files of pages are mounted
    is_page = not bare.startswith(API) and any(route.matches(scope)[0] is Match.FULL for route in looked_at)
    return led if is_page else "/"


@routes.page("/setup", Permission.PUBLIC)
def setup(visit: CurrentVisit, link: str = "") -> Response:
    """Show the form that makes the first account, to whoever has the one-time link."""
    sessions.require_setup_link(visit.station.workplace, visit.station.reception, link)
    return render(visit, "setup.html", {"link": link, "failed": "", "name": ""})


@routes.deed("/setup", Permission.PUBLIC)
def set_up(visit: CurrentVisit, link: TextField, name: TextField, password: TextField, again: TextField) -> Response:
    """Make the first account, an admin, and sign in."""
    station = visit.station
    sessions.require_setup_link(station.workplace, station.reception, link)
    try:
        if password != again:
            raise errors.ValueUnusable("The password", "", station.texts["setup.differs"])
        accounts.set_up_first_admin(station.workplace, station.reception.passwords, name, password)
    except errors.AssetTrackError as error:
        facts = {"link": link, "failed": str(error), "name": name}
        return render(visit, "setup.html", facts, status=status_of(error))
    station.desk.end_setup_links()
    return _signed_in(visit, SignIn(name, password, "", visit.address), "/")


@routes.page("/sign-in", Permission.PUBLIC)
def sign_in_page(
    visit: CurrentVisit,
    request: Request,
    next: str = "/",  # noqa: A002 - as the address has it
    ended: str = "",
) -> Response:
    """Show the form to sign in with."""
    is_first = not accounts.all_accounts(visit.station.workplace)
    facts = {"next": page_inside(request, next), "failed": "", "name": "", "ended": bool(ended), "is_first": is_first}
    return render(visit, "sign_in.html", facts)


@routes.deed("/sign-in", Permission.PUBLIC)
def sign_in(
    visit: CurrentVisit,
    request: Request,
    name: TextField,
    password: TextField,
    code: TextField = "",
    next: TextField = "/",  # noqa: A002 - as above
) -> Response:
    """Sign in; a session that this browser held before ends."""
    held, led = request.cookies.get(cookie_name(visit.station), ""), page_inside(request, next)
    try:
        return _signed_in(visit, SignIn(name, password, code, visit.address), led, held)
    except (desk_errors.SignInRefused, desk_errors.SignInThrottled) as error:
        facts = {"next": led, "failed": str(error), "name": name, "ended": False, "is_first": False}
        return render(visit, "sign_in.html", facts, status=401 if isinstance(error, desk_errors.SignInRefused) else 429)


@routes.deed("/sign-out", Permission.SIGNED_IN)
def sign_out(visit: CurrentVisit) -> Response:
    """End the session."""
    assert visit.session is not None, "whoever is signed in has a session"
    sessions.sign_out(visit.station.workplace, visit.station.reception, visit.session)
    response = RedirectResponse("/sign-in", 303)
    response.delete_cookie(cookie_name(visit.station), path="/")
    return response


@routes.deed("/lock", Permission.SIGNED_IN)
def lock(visit: CurrentVisit) -> Response:
    """Lock the session now."""
    assert visit.session is not None, "whoever is signed in has a session"
    sessions.lock(visit.station.workplace, visit.station.reception, visit.session)
    return RedirectResponse("/", 303)


@routes.deed("/unlock", Permission.SIGNED_IN)
async def unlock(visit: CurrentVisit, request: Request) -> Response:
    """Go on with a locked session: back to the page, or to what was about to be done.

    A page that locked itself asks as a part does: it is told that it may go on, or that it has to go elsewhere.
    """
    form = await request.form()
    fields = [(name[2:], str(value)) for name, value in form.multi_items() if name.startswith("f.")]
    wanted, is_deed = inside(str(form.get("wanted", "/"))), form.get("is_deed") == "1"
    password = str(form.get("password", ""))
    deed = interrupted(request.app.routes, visit.station.texts, wanted, fields)
    again = _Again(wanted, fields, deed, has_file="has_file" in form)
    by_part = is_part(request)
    return await run_in_threadpool(partial(_unlock, visit, password, again, is_deed=is_deed, by_part=by_part))


class _Again(NamedTuple):
    """Where somebody was going when the station was locked: with a form, its fields and what it would have done.

    ``has_file`` says that a form with a file was not taken, of which nothing is kept; it only has that said again.
    """

    wanted: str
    fields: list[tuple[str, str]]
    deed: Interrupted | None
    has_file: bool


def _unlock(visit: Visit, password: str, again: _Again, *, is_deed: bool, by_part: bool) -> Response:
    wanted, fields = again.wanted, again.fields if is_deed else None
    station = visit.station
    assert visit.session is not None, "whoever is signed in has a session"
    try:
        goes_on = sessions.unlock(station.workplace, station.reception, visit.session, password)
    except (desk_errors.SignInRefused, desk_errors.SignInThrottled) as error:
        kept = {"wanted": wanted, "is_deed": fields is not None, "fields": fields or []}
        facts = {**kept, "failed": str(error), "has_file": again.has_file}
        return render(visit, "locked.html", facts, status=401)
    if by_part:
        return Response(status_code=204) if goes_on else to_part(SESSION_ENDED)
    if not goes_on:
        return RedirectResponse(SESSION_ENDED if fields else f"{SESSION_ENDED}&next={quote(wanted, safe='')}", 303)
    if fields is not None:
        return render(visit, "resume.html", again._asdict())
    return RedirectResponse(wanted, 303)


@routes.deed("/still-here", Permission.SIGNED_IN)
def still_here(visit: CurrentVisit) -> Response:
    """Put the idle lock off, because somebody is at work on the page."""
    assert visit.session is not None, "whoever is signed in has a session"
    return Response(str(visit.session.idle_left), media_type="text/plain")


@routes.page("/password", Permission.SIGNED_IN)
def password_page(visit: CurrentVisit) -> Response:
    """Show the form to change one's own password with."""
    return _password_page(visit)


@routes.deed("/password", Permission.SIGNED_IN)
def change_password(
    visit: CurrentVisit, old: TextField, password: TextField, again: TextField, revoke: TextField = ""
) -> Response:
    """Change one's own password; all other sessions of the account end, and on request all its tokens."""
    station = visit.station
    assert visit.session is not None, "whoever is signed in has a session"
    try:
        if password != again:
            raise errors.ValueUnusable("The password", "", station.texts["setup.differs"])
        sessions.require_password(station.workplace, station.reception, visit.session, old)
        accounts.change_own_password(visit.workplace, station.reception.passwords, visit.who, old, password)
    except errors.AssetTrackError as error:
        return _password_page(visit, str(error), status_of(error), revoke=revoke)
    own = visit.session.row.session_sha256
    try:
        if revoke == "1":
            accounts.revoke_all_tokens(visit.workplace, visit.who.name)
        admission.end_sessions(visit.workplace, station.reception, visit.who, but=own)
    except errors.AssetTrackError:  # the new password is saved: that must not be denied
        _log.exception("after a password was changed: what was signed in with the old one was not ended")
        return RedirectResponse("/account?password=changed", 303)
    return RedirectResponse("/", 303)


def _password_page(visit: Visit, failed: str = "", status: int = 200, *, revoke: str = "") -> Response:
    facts = {"failed": failed, "tokens": len(admission.tokens(visit.workplace, visit.who)), "revoke": revoke == "1"}
    return render(visit, "password.html", facts, status=status)


def _signed_in(visit: Visit, asked: SignIn, path: str, held: str = "") -> Response:
    workplace, reception = visit.station.workplace, visit.station.reception
    token, account = sessions.sign_in(workplace, reception, asked)
    before = sessions.resume(workplace, reception, held, at_work=False)
    if before is not None:
        sessions.sign_out(workplace, reception, before)
    admission.note_sign_in(workplace, visit.station.desk, account)
    desk_care.tidy(workplace, visit.station.desk, visit.station.uploads)
    response = RedirectResponse(path, 303)
    _set_cookie(response, visit.station, token)
    return response


def _set_cookie(response: Response, station: StationWeb, token: str) -> None:
    response.set_cookie(
        cookie_name(station), token, path="/", httponly=True, samesite="strict", secure=station.is_secure
    )
