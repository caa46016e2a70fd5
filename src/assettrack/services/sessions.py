"""Signing in and out at the browser station: sessions and the idle lock.

Owns when a session ends and when it locks: each step says what must still be so, and nothing that was read earlier is
written back, as requests of one session come at once. How long a try has to wait after failures is `throttle`'s. What
must be provable (who signed in, what was refused) is recorded in the log by `accounts.record_security_event`; the
sessions themselves are remembered at the desk only, by the hash of what the browser holds. Must never tell which of
name, password and code was wrong.
"""

from base64 import urlsafe_b64encode
from datetime import datetime
from hashlib import sha256

import msgspec

from assettrack.domain import desk_errors
from assettrack.domain.desk_rows import SessionRow
from assettrack.domain.entries.accounts import SecurityEventKind
from assettrack.domain.facts import Account
from assettrack.domain.timestamps import utc_text
from assettrack.services import accounts, throttle
from assettrack.services.account_ports import Chance, Passwords, SecondFactor
from assettrack.services.desk_ports import SessionShelf
from assettrack.services.ports import Workplace
from assettrack.services.throttle import Try

IDLE_SECONDS = 600
"""A session in which nothing was done for so long is locked."""

SESSION_HOURS = 12
"""A session ends after so long, whatever is done in it."""

SETUP_LINK_HOURS = 24
SEEN_STEP_SECONDS = 5
"""That somebody is at work is written down at most this often."""

CLOCK_SLACK_SECONDS = 5
"""What was made further ahead of the clock than this can't be trusted: the clock was put back meanwhile."""

TOKEN_BYTES = 32


class Reception(msgspec.Struct, frozen=True):
    """What signing in needs: the desk's memory, how passwords and codes are checked, and chance."""

    shelf: SessionShelf
    passwords: Passwords
    second_factor: SecondFactor
    chance: Chance
    idle_seconds: int = IDLE_SECONDS


class SignIn(msgspec.Struct, frozen=True):
    """What somebody signs in with, and from where."""

    name: str
    password: str
    code: str
    address: str


class Session(msgspec.Struct, frozen=True):
    """A session that goes on: whose, until when nothing need be done, and what its forms carry."""

    row: SessionRow
    account: Account
    idle_left: int
    form_token: str

    @property
    def locked(self) -> bool:
        """Whether nothing may be done before the password is given again."""
        return self.row.locked


def sign_in(workplace: Workplace, reception: Reception, asked: SignIn) -> tuple[str, Account]:
    """Begin a session; return what the browser is to hold, and whose it is.

    Raises:
        desk_errors.SignInThrottled: it failed too often before; nothing was looked at.
        desk_errors.SignInRefused: name, password or code is not right.
    """
    tried = throttle.begin_try(reception.shelf, asked.name, asked.address, workplace.now())
    account = accounts.named(workplace, asked.name)  # read before what it signs in with: that may change meanwhile
    if not _proves(workplace, reception, account, asked):
        _record_failure(workplace, asked, account, tried)
        raise desk_errors.SignInRefused
    assert account is not None, "nobody proves to be whom nobody knows"
    throttle.succeed(reception.shelf, tried, workplace.now())
    token = _token(reception)
    now = utc_text(workplace.now())
    row = SessionRow(_sha256(token), account.account_id, account.name, now, now, False, asked.address)  # noqa: FBT003 - not locked
    reception.shelf.keep_session(row)
    if not _signs_in_as_before(workplace, account):
        reception.shelf.end_session(row.session_sha256)
        raise desk_errors.SignInRefused
    accounts.record_security_event(_as(workplace, account.name), "signed_in", account=account, address=asked.address)
    return token, account


def resume(workplace: Workplace, reception: Reception, token: str, *, at_work: bool = True) -> Session | None:
    """Return the session that a browser holds, or None where it ended; one that was idle too long is locked now.

    ``at_work`` says that the request shows somebody at work, which puts the idle lock off. Where the clock was put
    back, how long a session was idle is not known: it is locked. One that began ahead of the clock is ended.
    """
    row = reception.shelf.session(_sha256(token))
    if row is None:
        return None
    account = accounts.numbered(workplace, row.account_id)
    now = workplace.now()
    if account is None or not account.active or account.name != row.name or _is_over(row, now):
        reception.shelf.end_session(row.session_sha256)
        return None
    idle = _seconds(row.seen_at, now)
    if not row.locked and (idle >= reception.idle_seconds or _is_ahead(row.seen_at, now)):
        _lock(workplace, reception, row, account, seen_at=row.seen_at)
    elif not row.locked and at_work and idle >= SEEN_STEP_SECONDS:
        reception.shelf.see_session(row.session_sha256, utc_text(now))
    else:
        return _going_on(reception, row, account, token, now)
    after = reception.shelf.session(row.session_sha256)  # other requests of the session may have been faster
    return None if after is None else _going_on(reception, after, account, token, now)


def lock(workplace: Workplace, reception: Reception, session: Session) -> None:
    """Lock a session at its owner's wish; one that is locked is let through to nothing but its unlocking."""
    _lock(workplace, reception, session.row, session.account)


def unlock(workplace: Workplace, reception: Reception, session: Session, password: str) -> bool:
    """Go on with a locked session; return False where it ended while the password was checked: it stays so.

    Raises:
        desk_errors.SignInThrottled, desk_errors.SignInRefused: as `sign_in`.
    """
    account, name = session.account, session.row.session_sha256
    require_password(workplace, reception, session, password)
    if not reception.shelf.unlock_session(name, utc_text(workplace.now())):
        return reception.shelf.session(name) is not None  # another tab may have been faster
    accounts.record_security_event(
        _as(workplace, account.name), "session_unlocked", account=account, address=session.row.address
    )
    return True


def require_password(
    workplace: Workplace, reception: Reception, session: Session, password: str, code: str | None = None
) -> None:
    """Make sure that whoever is at a session knows the password; failures make the next try wait, as in `sign_in`.

    Where a ``code`` is said, be it blank, it must be right too for an account that has a second factor.

    Raises:
        desk_errors.SignInThrottled, desk_errors.SignInRefused: as `sign_in`.
    """
    account = session.account
    asked = SignIn(account.name, password, code or "", session.row.address)
    tried = throttle.begin_try(reception.shelf, asked.name, asked.address, workplace.now())
    proves = _knows_password(workplace, reception, account, password)
    if not proves or (code is not None and not _proves_device(workplace, reception, account, code)):
        _record_failure(workplace, asked, account, tried)
        raise desk_errors.SignInRefused("The password" if code is None else "The password or the code")
    throttle.succeed(reception.shelf, tried, workplace.now())


def forget_failures(reception: Reception, account: Account) -> None:
    """Let the next try to sign in with an account wait for nothing, because an admin helps; addresses go on waiting."""
    throttle.forget_name(reception.shelf, account.name)


def sign_out(workplace: Workplace, reception: Reception, session: Session) -> None:
    """End a session; one that was ended meanwhile is not ended again."""
    if reception.shelf.end_session(session.row.session_sha256):
        accounts.record_security_event(
            _as(workplace, session.account.name), "signed_out", account=session.account, address=session.row.address
        )


def form_token(reception: Reception, token: str) -> str:
    """Return what the forms of a session carry, so that no other page's form is taken for one of them."""
    return sha256(reception.shelf.secret() + b"form" + token.encode()).hexdigest()


def make_setup_link(workplace: Workplace, reception: Reception) -> str | None:
    """Return a new one-time link's text for making the first account, or None where there is an account."""
    if accounts.all_accounts(workplace):
        return None
    token = _token(reception)
    reception.shelf.keep_setup_link(_sha256(token), utc_text(workplace.now()))
    return token


def require_setup_link(workplace: Workplace, reception: Reception, token: str) -> None:
    """Make sure that a setup link may be used; one from ahead of the clock is ended, as nobody knows how old it is.

    Raises:
        desk_errors.SetupLinkUnusable: it may not.
    """
    made_at = reception.shelf.setup_link_made_at(_sha256(token))
    now = workplace.now()
    if made_at is not None and _is_ahead(made_at, now):
        reception.shelf.end_setup_links()
        made_at = None
    if made_at is None or _seconds(made_at, now) > SETUP_LINK_HOURS * 3600:
        raise desk_errors.SetupLinkUnusable


def _as(workplace: Workplace, operator: str) -> Workplace:
    return msgspec.structs.replace(workplace, operator=operator)


def _token(reception: Reception) -> str:
    return urlsafe_b64encode(reception.chance(TOKEN_BYTES)).decode("ascii").rstrip("=")


def _sha256(token: str) -> bytes:
    return sha256(token.encode()).digest()


def _seconds(since: str, now: datetime) -> int:
    """Return how many seconds went by; a clock that was put back counts as none."""
    return max(0, int((now - datetime.fromisoformat(since)).total_seconds()))


def _is_ahead(moment: str, now: datetime) -> bool:
    return (datetime.fromisoformat(moment) - now).total_seconds() > CLOCK_SLACK_SECONDS


def _is_over(row: SessionRow, now: datetime) -> bool:
    """Tell whether a session had its time; of one that began ahead of the clock nobody knows, so it ends too."""
    return _seconds(row.began_at, now) > SESSION_HOURS * 3600 or _is_ahead(row.began_at, now)


def _lock(
    workplace: Workplace, reception: Reception, row: SessionRow, account: Account, *, seen_at: str | None = None
) -> None:
    """Lock a session, and record it where it was open; with ``seen_at`` only while nobody was seen since then."""
    if reception.shelf.lock_session(row.session_sha256, seen_at):
        operator = _as(workplace, account.name)
        accounts.record_security_event(operator, "session_locked", account=account, address=row.address)


def _going_on(reception: Reception, row: SessionRow, account: Account, token: str, now: datetime) -> Session:
    left = 0 if row.locked else max(0, reception.idle_seconds - _seconds(row.seen_at, now))
    return Session(row, account, left, form_token(reception, token))


def _signs_in_as_before(workplace: Workplace, account: Account) -> bool:
    """Tell whether an account still signs in with what it was when a try to sign in began.

    Whoever changes that ends the account's sessions after it; asked once a session is kept, one or the other ends it.
    """
    now = accounts.numbered(workplace, account.account_id)
    assert now is not None, "accounts are never removed"
    before = (account.credential_sha256, account.secret_sha256, account.active)
    return (now.credential_sha256, now.secret_sha256, now.active) == before


def _record_failure(workplace: Workplace, asked: SignIn, account: Account | None, tried: Try) -> None:
    """Record a failure: by the name of an account, never by what else was typed."""
    event: SecurityEventKind = "sign_in_throttled" if tried.throttled else "sign_in_refused"
    accounts.record_security_event(
        _as(workplace, "station"), event, account=account, address=asked.address, times=tried.times
    )


def _knows_password(workplace: Workplace, reception: Reception, account: Account | None, password: str) -> bool:
    """Tell whether a password is an account's; asking for nobody's costs the same time."""
    stored = None if account is None else accounts.password_hash(workplace, account)
    typed = password if account is None else accounts.as_hashed(account, password)
    return reception.passwords.matches(stored, typed) and stored is not None


def _proves(workplace: Workplace, reception: Reception, account: Account | None, asked: SignIn) -> bool:
    if not _knows_password(workplace, reception, account, asked.password) or account is None or not account.active:
        return False
    return _proves_device(workplace, reception, account, asked.code)


def _proves_device(workplace: Workplace, reception: Reception, account: Account, code: str) -> bool:
    """Tell whether a code is that of an account's second factor and was not used before; without one, none is asked."""
    secret = accounts.second_factor_secret(workplace, account)
    if secret is None:
        return True
    step = reception.second_factor.matches(secret, code, workplace.now())
    return step is not None and reception.shelf.keep_code(account.account_id, step)
