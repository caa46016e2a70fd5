"""Verifying the log from a page: it is started by a form, goes on beside the requests, and is looked at meanwhile."""

from datetime import datetime

from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.signed_notes import NOTE_CHARACTERS_MAX
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.audit.verification_run import Run
from assettrack.web.forms import FormFields
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render

routes = Routes()


@routes.page("/audit/verify", Permission.AUDIT)
def verification(visit: CurrentVisit) -> Response:
    """Show how far the verification is, or what the last one found; a form starts the next."""
    run = visit.station.memory.verification.latest
    facts = {"area": "audit", "run": run, "seconds": _seconds(run)}
    return render(visit, "audit/verify.html", facts)


@routes.deed("/audit/verify", Permission.AUDIT)
def verify(visit: CurrentVisit, said: FormFields) -> Response:
    """Start verifying; where one goes on already, lead to it."""
    note = _note(said["checkpoint"])
    visit.station.memory.verification.start(visit.workplace, [note] if note else [])
    return RedirectResponse("/audit/verify", 303)


def _note(text: str) -> str:
    """Return a signed note that was put into a form, with the line ends that it was signed with; blank for none.

    Raises:
        errors.ValueUnusable: it is too long for one.
    """
    if not text:
        return ""
    if len(text) > NOTE_CHARACTERS_MAX:
        raise errors.ValueUnusable("The checkpoint", text[:80], "it is too long to be one")
    return "\n".join(text.split("\r\n")) + "\n"


def _seconds(run: Run | None) -> int | None:
    """Return how long a verification took, None while it goes on."""
    if run is None or run.ended_at is None:
        return None
    return round((datetime.fromisoformat(run.ended_at) - datetime.fromisoformat(run.started_at)).total_seconds())
