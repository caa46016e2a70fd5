"""What is told once: a one-time password or a token, shown to the session that asked for it."""

from collections.abc import Callable

import msgspec
from fastapi import Request
from starlette.responses import RedirectResponse, Response

from assettrack.web.access import CurrentVisit, Routes, denied
from assettrack.web.accounts.one_time_texts import KEPT, OneTimeText, TextKind
from assettrack.web.forms import Fields
from assettrack.web.once import answer_once, name_of
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()


def tell_once(visit: Visit, said: Fields, kind: TextKind, back: str, make: Callable[[], tuple[str, str]]) -> Response:
    """Make a text for a form, and lead to the page that shows it; ``make`` returns of whom or what it is, and the text.

    The very same form leads to the same page for as long as it shows the text, and makes nothing again after that.
    Where the server ended before the text was shown, it leads ``back``, to a page that says so.

    Raises:
        errors.ValueUnusable, errors.AssetTrackError: as `once.once`.
    """
    name, texts = name_of(said), visit.station.memory.one_time

    def do() -> str:
        of, text = make()
        now = visit.station.workplace.now()
        texts.keep(name, now, OneTimeText(kind, of, text, _owner(visit), now + KEPT, back, visit.needed))
        return f"/once/{name}"

    answer = answer_once(visit, name, do)
    if answer is None and texts.find(name, visit.station.workplace.now(), _owner(visit)) is not None:
        answer = f"/once/{name}"
    return RedirectResponse(answer or f"{back}?unshown=1", 303)


@routes.page("/once/{name}", Permission.VIEW)
def once(visit: CurrentVisit, request: Request, name: str) -> Response:
    """Show a text to the session that it is told to, while its owner may do what made it."""
    told = visit.station.memory.one_time.find(name, visit.station.workplace.now(), _owner(visit))
    if told is not None and not visit.may(told.needed):
        return denied(request, msgspec.structs.replace(visit, needed=told.needed))
    return render(visit, "people/once.html", {"told": told, "name": name}, status=200 if told else 404)


@routes.deed("/once/{name}/noted", Permission.VIEW)
def noted(visit: CurrentVisit, name: str) -> Response:
    """Forget a text that was noted."""
    texts, owner = visit.station.memory.one_time, _owner(visit)
    told = texts.find(name, visit.station.workplace.now(), owner)
    texts.forget(name, owner)
    return RedirectResponse(told.back if told else "/account", 303)


def _owner(visit: Visit) -> bytes:
    assert visit.session is not None, "pages are for whoever has a session"
    return visit.session.row.session_sha256
