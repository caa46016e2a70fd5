"""What is told once: a one-time password or a token, shown to the session that asked for it."""

from collections.abc import Callable
from functools import partial

from starlette.responses import RedirectResponse, Response

from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.one_time_texts import KEPT, NAME_BYTES, OneTimeText, TextKind
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()


def new_name(visit: Visit) -> str:
    """Return the name under which the form of a page may have a text told once."""
    return visit.station.chance(NAME_BYTES).hex()


def tell_once(visit: Visit, name: str, kind: TextKind, back: str, make: Callable[[], tuple[str, str]]) -> Response:
    """Make a text, and lead to the page that shows it; ``make`` returns of whom or what it is, and the text itself."""
    now = visit.station.workplace.now()
    visit.station.memory.one_time.tell(name, now, _owner(visit), partial(_made, visit, kind, back, make))
    return RedirectResponse(f"/once/{name}", 303)


@routes.page("/once/{name}", Permission.VIEW)
def once(visit: CurrentVisit, name: str) -> Response:
    """Show a text to the session that it is told to."""
    told = visit.station.memory.one_time.find(name, visit.station.workplace.now(), _owner(visit))
    return render(visit, "people/once.html", {"told": told, "name": name}, status=200 if told else 404)


@routes.deed("/once/{name}/noted", Permission.VIEW)
def noted(visit: CurrentVisit, name: str) -> Response:
    """Forget a text that was noted."""
    texts, owner = visit.station.memory.one_time, _owner(visit)
    told = texts.find(name, visit.station.workplace.now(), owner)
    texts.forget(name, owner)
    return RedirectResponse(told.back if told else "/account", 303)


def _made(visit: Visit, kind: TextKind, back: str, make: Callable[[], tuple[str, str]]) -> OneTimeText:
    of, text = make()
    return OneTimeText(kind, of, text, _owner(visit), visit.station.workplace.now() + KEPT, back)


def _owner(visit: Visit) -> bytes:
    assert visit.session is not None, "pages are for whoever has a session"
    return visit.session.row.session_sha256
