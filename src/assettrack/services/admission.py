"""Who may come in, as an admin or the person looks after it: accounts of the log with what the desk remembers of them.

Owns what goes together: whoever gets a one-time password, or is made inactive, is signed out everywhere, and that is
recorded. What an account signs in with is `accounts`', sessions themselves are `sessions`'.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from assettrack.domain import errors
from assettrack.domain.accounts import is_account_name
from assettrack.domain.desk_rows import SessionRow
from assettrack.domain.facts import Account, ApiToken
from assettrack.domain.holders import name_key, normal_name
from assettrack.domain.look_alikes import alike_among
from assettrack.domain.timestamps import utc_text
from assettrack.services import accounts
from assettrack.services.accounts import MadeToken, WantedAccount
from assettrack.services.after_deeds import after_deed
from assettrack.services.desk_ports import Desk
from assettrack.services.ports import Workplace
from assettrack.services.sessions import SESSION_HOURS, Reception, forget_failures

SIGNED_IN_AT = "signed_in_at"
"""Under this name the desk remembers when somebody signed in last, blank for never; the log has all times."""


class Person(msgspec.Struct, frozen=True):
    """An account, when somebody signed in with it last, and its sessions, the latest first.

    ``signed_in_at`` is blank where nobody ever did, and None where the desk does not remember.
    """

    account: Account
    signed_in_at: str | None
    sessions: Sequence[SessionRow]


def everybody(workplace: Workplace, desk: Desk) -> list[Person]:
    """Return all accounts, by number, with their sessions."""
    return [_person(workplace, desk, account) for account in accounts.all_accounts(workplace)]


def person(workplace: Workplace, desk: Desk, account_id: int) -> Person:
    """Return an account with its sessions.

    Raises:
        errors.NotFound: there is no such account.
    """
    return _person(workplace, desk, _require(workplace, account_id))


def alike(workplace: Workplace, name: str) -> list[Account]:
    """Return the accounts for which one of this name could be taken; inactive ones stand in the log too.

    Of a name that is taken, or can be none, nothing is asked: registering it says so.
    """
    clean = normal_name(name)
    known = {each.name: each for each in accounts.all_accounts(workplace)}
    if not is_account_name(clean) or any(name_key(each) == name_key(clean) for each in known):
        return []
    return [known[each] for each in alike_among(clean, known)]


def note_sign_in(workplace: Workplace, desk: Desk, account: Account) -> None:
    """Remember that somebody signed in now."""
    desk.keep_preference(account.account_id, SIGNED_IN_AT, utc_text(workplace.now()))


def admit(workplace: Workplace, desk: Desk, reception: Reception, *, name: str, role: str) -> str:
    """Register an account; return the one-time password with which somebody can sign in, this once.

    Raises:
        errors.ValueUnusable, errors.DeedRefused: as `accounts.register`.
    """
    account = accounts.register(workplace, name, role=role)
    with after_deed("that nobody signed in with an account yet was not noted"):
        desk.keep_preference(account.account_id, SIGNED_IN_AT, "")
    return accounts.reset_with_one_time_password(
        workplace, reception.passwords, name=account.name, chance=reception.chance
    )


def reset(workplace: Workplace, reception: Reception, *, account_id: int, by: Account) -> str:
    """Give somebody else a one-time password, end all sessions of the account, and return the password, this once.

    Raises:
        errors.NotFound: there is no such account.
        errors.ValueUnusable: it is one's own: who knows the password changes it, and stays signed in.
    """
    account = _require(workplace, account_id)
    if account_id == by.account_id:
        raise errors.ValueUnusable("A one-time password for", account.name, "change your own password instead")
    return reset_by_name(workplace, reception, account.name)


def reset_by_name(workplace: Workplace, reception: Reception, name: str) -> str:
    """Give an account a one-time password, end all its sessions, and return the password, this once.

    Who may ask for it is decided by the face: nobody is signed in here.

    Raises:
        errors.NotFound: there is no such account.
    """
    account = accounts.require(workplace, name)
    end_sessions(workplace, reception, account)  # where the desk can't do it, nothing is saved
    made = accounts.reset_with_one_time_password(
        workplace, reception.passwords, name=account.name, chance=reception.chance
    )
    with after_deed("sessions that began during a reset were not ended, or failures not forgotten"):
        end_sessions(workplace, reception, account)
        forget_failures(reception, account)
    return made


def change(workplace: Workplace, reception: Reception, account_id: int, wanted: WantedAccount) -> Account:
    """Change role or activity of an account; whoever is not active any more is signed out everywhere.

    Raises:
        errors.NotFound: there is no such account.
        errors.DeedRefused: as `accounts.change`.
    """
    account, _ = accounts.change(workplace, _require(workplace, account_id).name, wanted)
    if not account.active:
        with after_deed("sessions of an inactive account were not ended; they are at their next use"):
            end_sessions(workplace, reception, account)
    return account


def end_sessions(workplace: Workplace, reception: Reception, account: Account, but: bytes | None = None) -> int:
    """End the sessions of an account, but one, and record it where there were any; return how many there were."""
    ended = reception.shelf.end_sessions_of(account.account_id, but=but)
    if ended:
        accounts.record_security_event(workplace, "sessions_revoked", account=account, times=ended)
    return ended


def end_session(workplace: Workplace, reception: Reception, account: Account, session_sha256: bytes) -> bool:
    """End one session of an account, and record it; tell whether there was one such."""
    row = reception.shelf.session(session_sha256)
    if row is None or row.account_id != account.account_id:
        return False
    reception.shelf.end_session(session_sha256)
    accounts.record_security_event(workplace, "sessions_revoked", account=account)
    return True


def tokens(workplace: Workplace, account: Account) -> list[ApiToken]:
    """Return the tokens of an account that are good for something, in the order in which they were made."""
    return [token for token in accounts.tokens_of(workplace, account.name) if not token.revoked]


def make_token(workplace: Workplace, reception: Reception, account: Account, label: str) -> MadeToken:
    """Make a token with which a program acts for an account.

    Raises:
        errors.DeedRefused: as `accounts.make_token`.
    """
    return accounts.make_token(workplace, name=account.name, label=label, chance=reception.chance)


def revoke_token(workplace: Workplace, account: Account, token_id: int) -> None:
    """Let a token of this account be good for nothing any more.

    Raises:
        errors.NotFound: the account has no such token that is good for something.
    """
    if token_id not in {token.token_id for token in tokens(workplace, account)}:
        raise errors.NotFound("token", str(token_id))
    accounts.revoke_token(workplace, token_id)


def _person(workplace: Workplace, desk: Desk, account: Account) -> Person:
    """Return an account with its sessions; those that are over are forgotten when somebody comes back to them."""
    oldest = utc_text(workplace.now() - timedelta(hours=SESSION_HOURS))
    rows = [row for row in desk.sessions_of(account.account_id) if row.began_at >= oldest]
    return Person(account, desk.preference(account.account_id, SIGNED_IN_AT), rows)


def _require(workplace: Workplace, account_id: int) -> Account:
    account = accounts.numbered(workplace, account_id)
    if account is None:
        raise errors.NotFound("account", str(account_id))
    return account
