"""How the pages look in one browser: by its system, light or dark. Works without scripts, and changes nothing else."""

from starlette.responses import RedirectResponse, Response

from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.forms import FormFields
from assettrack.web.permissions import Permission
from assettrack.web.themes import COOKIE, DAYS_KEPT, THEMES

routes = Routes()


@routes.deed("/account/theme", Permission.VIEW)
def set_theme(visit: CurrentVisit, said: FormFields) -> Response:
    """Keep in this browser how the pages are to look; whatever is no theme means by its system."""
    response = RedirectResponse("/account", 303)
    if said["theme"] in THEMES:
        response.set_cookie(
            COOKIE, said["theme"], DAYS_KEPT * 24 * 3600, secure=visit.station.is_secure, httponly=True, samesite="lax"
        )
    else:
        response.delete_cookie(COOKIE)
    return response
