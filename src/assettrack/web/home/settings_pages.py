"""Settings: the rules the station goes by, and whether it is fit for work."""

from starlette.responses import RedirectResponse, Response

from assettrack.services import settings
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.backup_state import backup_state
from assettrack.web.forms import FormFields
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render

routes = Routes()


@routes.page("/settings", Permission.ADMIN)
def rules(visit: CurrentVisit) -> Response:
    """Show the rules, and what there is to say about the station's fitness for work."""
    checks = visit.station.examine()
    facts = {
        "area": "settings",
        "rules": settings.all_rules(visit.workplace),
        "checks": checks,
        "bad": sum(not check.ok for check in checks),
        "backup": backup_state(visit),
    }
    return render(visit, "settings/settings.html", facts)


@routes.deed("/settings/{name}", Permission.ADMIN)
def set_rule(visit: CurrentVisit, name: str, said: FormFields) -> Response:
    """Set a rule; it goes for what is decided from now on."""
    settings.set_rule(visit.workplace, name, said["value"])
    return RedirectResponse("/settings", 303)
