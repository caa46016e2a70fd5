"""One's own account: the second factor, the tokens of programs, and where one is signed in."""

from starlette.responses import RedirectResponse, Response

from assettrack.domain import errors
from assettrack.domain.accounts import is_second_factor_secret
from assettrack.services import admission, second_factors, sessions
from assettrack.services.after_deeds import after_deed
from assettrack.web.access import CurrentVisit, Routes
from assettrack.web.accounts.one_time_pages import tell_once
from assettrack.web.failures import status_of
from assettrack.web.forms import FormFields, Number
from assettrack.web.once import name_of, once
from assettrack.web.permissions import Permission
from assettrack.web.qr_image import qr_image
from assettrack.web.rendering import render
from assettrack.web.station import Visit

routes = Routes()

_HASH_HEX_LENGTH = 64


@routes.page("/account", Permission.VIEW)
def account(visit: CurrentVisit, unshown: str = "", password: str = "") -> Response:
    """Show one's own account; ``unshown`` says that the server ended before a token of it was shown.

    With ``password`` it was changed, and what was signed in with the old one could not be ended.
    """
    failed = visit.station.texts["password.not_ended"] if password else ""
    return _account_page(visit, failed, unshown=bool(unshown))


@routes.page("/account/second-factor", Permission.VIEW)
def second_factor(visit: CurrentVisit) -> Response:
    """Show a new secret for a second factor; nothing is kept of it before a code of it was given."""
    if visit.who.secret_sha256 is not None:
        return RedirectResponse("/account", 303)
    return _second_factor_page(visit, second_factors.new_secret(visit.station.chance))


@routes.deed("/account/second-factor", Permission.VIEW)
def turn_on(visit: CurrentVisit, said: FormFields) -> Response:
    """Ask for a code at each sign-in from now on, once the device was proved and the password given.

    Where one is on already nothing takes its place: it is turned off first, which takes a code of its device.
    """
    assert visit.session is not None, "pages are for whoever has a session"
    reception, secret = visit.station.reception, said["secret"]
    session = visit.session

    def do() -> str:
        sessions.require_password(visit.station.workplace, reception, session, said["password"])
        step = second_factors.turn_on(
            visit.workplace,
            reception.second_factor,
            name=visit.who.name,
            secret=secret,
            code=said["code"],
            replaces=False,
        )
        with after_deed("the code that turned a second factor on was not noted as used"):
            reception.shelf.keep_code(visit.who.account_id, step)
        return "/account"

    try:
        return once(visit, name_of(said), "/account", do)
    except errors.AssetTrackError as error:
        if not is_second_factor_secret(secret):
            raise
        return _second_factor_page(visit, secret, str(error), status_of(error))


@routes.deed("/account/second-factor/off", Permission.VIEW)
def turn_off(visit: CurrentVisit, said: FormFields) -> Response:
    """Ask for no code any more, once the password and a code were given.

    Else the password alone would do what a second factor is there to prevent. Whoever lost the device asks an admin.
    """
    assert visit.session is not None, "pages are for whoever has a session"
    station, session = visit.station, visit.session

    def do() -> str:
        sessions.require_password(station.workplace, station.reception, session, said["password"], said["code"])
        second_factors.turn_off(visit.workplace, visit.who.name)
        return "/account"

    try:
        return once(visit, name_of(said), "/account", do)
    except errors.AssetTrackError as error:
        return _account_page(visit, str(error), status_of(error))


@routes.deed("/account/tokens", Permission.VIEW)
def make_token(visit: CurrentVisit, said: FormFields) -> Response:
    """Make a token for a program; it is shown once.

    It goes on where a session locks or ends, so whoever finds a page that was left open can't make one: it takes what
    signing in takes, the code of a second factor too.
    """
    assert visit.session is not None, "pages are for whoever has a session"
    station, session = visit.station, visit.session

    def make() -> tuple[str, str]:
        sessions.require_password(station.workplace, station.reception, session, said["password"], said["code"])
        made = admission.make_token(visit.workplace, visit.station.reception, visit.who, said["label"])
        return made.token.label, made.text

    try:
        return tell_once(visit, said, "token", "/account", make)
    except errors.AssetTrackError as error:
        return _account_page(visit, str(error), status_of(error), said["label"])


@routes.deed("/account/tokens/{token_id}/revoke", Permission.VIEW)
def revoke_token(visit: CurrentVisit, token_id: Number, said: FormFields) -> Response:
    """Let a token of one's own be good for nothing any more."""

    def do() -> str:
        admission.revoke_token(visit.workplace, visit.who, token_id)
        return "/account"

    return once(visit, name_of(said), "/account", do)


@routes.deed("/account/sessions/end", Permission.VIEW)
def end_sessions(visit: CurrentVisit, said: FormFields) -> Response:
    """End one of one's own sessions, or all but the present one."""
    assert visit.session is not None, "pages are for whoever has a session"
    reception, named = visit.station.reception, said["session"]
    if named:
        admission.end_session(visit.workplace, reception, visit.who, _hash(named))
    else:
        own = visit.session.row.session_sha256
        admission.end_sessions(visit.workplace, reception, visit.who, but=own)
    return RedirectResponse("/account", 303)


def _hash(text: str) -> bytes:
    """Return the hash that a form names a session by.

    Raises:
        errors.ValueUnusable: it is none.
    """
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(text) != _HASH_HEX_LENGTH or not digest:
        raise errors.ValueUnusable("The session", text[:80], "choose one of those shown")
    return digest


def _account_page(
    visit: Visit, failed: str = "", status: int = 200, label: str = "", *, unshown: bool = False
) -> Response:
    assert visit.session is not None, "pages are for whoever has a session"
    found = admission.person(visit.workplace, visit.station.desk, visit.who.account_id)
    facts = {
        "person": found,
        "own": visit.session.row.session_sha256,
        "tokens": admission.tokens(visit.workplace, visit.who),
        "label": label,
        "failed": failed,
        "unshown": unshown,
    }
    return render(visit, "people/account.html", facts, status=status)


def _second_factor_page(visit: Visit, secret: str, failed: str = "", status: int = 200) -> Response:
    station = visit.station
    address = station.reception.second_factor.address(secret, visit.who.name, station.name)
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    facts = {"secret": secret, "grouped": grouped, "qr": qr_image(address), "failed": failed}
    return render(visit, "people/second_factor.html", facts, status=status)
