"""Organisations that holders belong to, and the buildings with their rooms that they may use."""

from collections.abc import Callable

from starlette.datastructures import FormData
from starlette.responses import Response

from assettrack.domain import errors
from assettrack.services import organisations, rooms
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.failures import status_of
from assettrack.web.forms import Fields, FormFields
from assettrack.web.once import name_of, once
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()

PATH = "/organisations"


@routes.page(PATH, Permission.VIEW)
def everything(visit: CurrentVisit) -> Response:
    """Show all organisations, and all buildings with their rooms."""
    return _page(visit)


@routes.deed(PATH, Permission.OPERATE)
def register(visit: CurrentVisit, said: FormFields) -> Response:
    """Register an organisation; holders can be of it from then on."""
    return _done(visit, said, lambda: organisations.register(visit.workplace, said["organisation"]))


@routes.deed(f"{PATH}/buildings", Permission.ADMIN)
def register_building(visit: CurrentVisit, said: FormFields) -> Response:
    """Register a building that the station manages."""
    return _done(visit, said, lambda: rooms.register_building(visit.workplace, said["building"]))


@routes.deed(f"{PATH}/rooms", Permission.ADMIN)
def register_room(visit: CurrentVisit, said: FormFields) -> Response:
    """Register a room of a building."""
    return _done(visit, said, lambda: rooms.register_room(visit.workplace, said["room"], said["in_building"]))


@routes.deed(f"{PATH}/uses", Permission.ADMIN)
def set_use(visit: CurrentVisit, said: FormFields) -> Response:
    """Let an organisation use a building, or no longer."""

    def do() -> object:
        allowed = said["allowed"] == "1"
        return organisations.set_use(visit.workplace, said["user"], said["used"], allowed=allowed)

    return _done(visit, said, do)


def _done(visit: Visit, said: Fields, do: Callable[[], object]) -> Response:
    """Do what a form says once, and show the page with it; where that fails, with what was typed."""

    def answer() -> str:
        do()
        return PATH

    try:
        return once(visit, name_of(said), PATH, answer)
    except errors.AssetTrackError as error:
        return _page(visit, said, str(error), status_of(error))


def _page(visit: Visit, said: Fields | None = None, failed: str = "", status: int = 200) -> Response:
    facts: dict[str, object] = {
        "area": "holders",
        "organisations": organisations.all_organisations(visit.workplace),
        "buildings": rooms.all_buildings(visit.workplace),
        "said": said or Fields(FormData()),
        "failed": failed,
    }
    return render(visit, "holders/organisations.html", facts, status=status)
