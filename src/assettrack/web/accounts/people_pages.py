"""People: who can sign in, in which role, and what an admin does about it."""

from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.accounts import ROLES
from assettrack.services import accounts, admission, second_factors
from assettrack.services.accounts import WantedAccount
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.accounts.one_time_pages import tell_once
from assettrack.web.failures import status_of
from assettrack.web.forms import Fields, FormFields, Number
from assettrack.web.once import name_of, once
from assettrack.web.permissions import Permission
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()


@routes.page("/people", Permission.ADMIN)
def people(visit: CurrentVisit, unshown: str = "") -> Response:
    """List all accounts, and offer to make one; ``unshown`` says that the server ended before one was made."""
    return _people_page(visit, {}, unshown=bool(unshown))


@routes.deed("/people", Permission.ADMIN)
def admit(visit: CurrentVisit, said: FormFields) -> Response:
    """Make an account; its one-time password is shown once. Where it could be taken for another, it is asked first."""
    name, role = said["name"], said["role"]
    alike = [] if said["alike"] == name else admission.alike(visit.workplace, name)
    if alike:
        return render(visit, "people/alike.html", {"area": "people", "said": said, "alike": alike})
    made = accounts.named(visit.workplace, name)  # sent before, and the answer lost: its password was not shown

    def make() -> tuple[str, str]:
        station = visit.station
        return name, admission.admit(visit.workplace, station.desk, station.reception, name=name, role=role)

    try:
        return tell_once(visit, said, "password", f"/people/{made.account_id}" if made else "/people", make)
    except errors.AssetTrackError as error:
        return _people_page(visit, {"name": name, "role": role}, str(error), status_of(error))


@routes.page("/people/{account_id}", Permission.ADMIN)
def person(visit: CurrentVisit, account_id: Number, unshown: str = "") -> Response:
    """Show an account, and what can be done about it; ``unshown`` says that its one-time password was not shown."""
    return _person_page(visit, account_id, unshown=bool(unshown))


@routes.deed("/people/{account_id}/role", Permission.ADMIN)
def change_role(visit: CurrentVisit, account_id: Number, said: FormFields) -> Response:
    """Give somebody another role."""
    return _change(visit, account_id, WantedAccount(role=said["role"], reason=said["reason"]), said)


@routes.deed("/people/{account_id}/deactivate", Permission.ADMIN)
def deactivate(visit: CurrentVisit, account_id: Number, said: FormFields) -> Response:
    """Let nobody sign in with an account any more, and end its sessions."""
    return _change(visit, account_id, WantedAccount(active=False, reason=said["reason"]), said)


@routes.deed("/people/{account_id}/activate", Permission.ADMIN)
def activate(visit: CurrentVisit, account_id: Number, said: FormFields) -> Response:
    """Let an account sign in again."""
    return _change(visit, account_id, WantedAccount(active=True, reason=said["reason"]), said)


@routes.deed("/people/{account_id}/reset", Permission.ADMIN)
def reset(visit: CurrentVisit, account_id: Number, said: FormFields) -> Response:
    """Give somebody a one-time password, shown once; all sessions of the account end."""
    found = admission.person(visit.workplace, visit.station.desk, account_id)

    def make() -> tuple[str, str]:
        made = admission.reset(visit.workplace, visit.station.reception, account_id=account_id, by=visit.who)
        return found.account.name, made

    try:
        return tell_once(visit, said, "password", f"/people/{account_id}", make)
    except errors.AssetTrackError as error:
        return _person_page(visit, account_id, str(error), status_of(error))


@routes.deed("/people/{account_id}/sessions/end", Permission.ADMIN)
def end_sessions(visit: CurrentVisit, account_id: Number) -> Response:
    """Sign somebody out everywhere; of one's own sessions the present one goes on."""
    found = admission.person(visit.workplace, visit.station.desk, account_id)
    assert visit.session is not None, "pages are for whoever has a session"
    own = visit.session.row.session_sha256
    admission.end_sessions(visit.workplace, visit.station.reception, found.account, but=own)
    return RedirectResponse(f"/people/{account_id}", 303)


@routes.deed("/people/{account_id}/second-factor/off", Permission.ADMIN)
def second_factor_off(visit: CurrentVisit, account_id: Number, said: FormFields) -> Response:
    """Turn somebody else's second factor off, because the device is lost; one's own takes one's password."""
    found = admission.person(visit.workplace, visit.station.desk, account_id)

    def do() -> str:
        if account_id == visit.who.account_id:
            raise errors.ValueUnusable("The second factor of", found.account.name, "turn your own off on your account")
        second_factors.turn_off(visit.workplace, found.account.name)
        return f"/people/{account_id}"

    try:
        return once(visit, name_of(said), f"/people/{account_id}", do)
    except errors.AssetTrackError as error:
        return _person_page(visit, account_id, str(error), status_of(error))


@routes.deed("/people/{account_id}/tokens/{token_id}/revoke", Permission.ADMIN)
def revoke_token(visit: CurrentVisit, account_id: Number, token_id: Number, said: FormFields) -> Response:
    """Let a token of somebody be good for nothing any more."""
    found = admission.person(visit.workplace, visit.station.desk, account_id)

    def do() -> str:
        admission.revoke_token(visit.workplace, found.account, token_id)
        return f"/people/{account_id}"

    return once(visit, name_of(said), f"/people/{account_id}", do)


def _change(visit: Visit, account_id: int, wanted: WantedAccount, said: Fields) -> Response:
    def do() -> str:
        admission.change(visit.workplace, visit.station.reception, account_id, wanted)
        return f"/people/{account_id}"

    try:
        return once(visit, name_of(said), f"/people/{account_id}", do)
    except errors.NotFound:
        raise
    except errors.AssetTrackError as error:
        return _person_page(visit, account_id, str(error), status_of(error), wanted=wanted)


def _people_page(
    visit: Visit, said: dict[str, str], failed: str = "", status: int = 200, *, unshown: bool = False
) -> Response:
    facts = {
        "area": "people",
        "unshown": unshown,
        "people": admission.everybody(visit.workplace, visit.station.desk),
        "roles": ROLES,
        "said": {"name": "", "role": "operator", **said},
        "failed": failed,
    }
    return render(visit, "people/people.html", facts, status=status)


def _person_page(
    visit: Visit,
    account_id: int,
    failed: str = "",
    status: int = 200,
    *,
    wanted: WantedAccount | None = None,
    unshown: bool = False,
) -> Response:
    found = admission.person(visit.workplace, visit.station.desk, account_id)
    facts = {
        "area": "people",
        "unshown": unshown,
        "person": found,
        "tokens": admission.tokens(visit.workplace, found.account),
        "roles": ROLES,
        "wanted": wanted or WantedAccount(),
        "failed": failed,
    }
    return render(visit, "people/person.html", facts, status=status)
