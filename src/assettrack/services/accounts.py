"""Accounts: who can sign in, in which role, with what; and what happened at the door.

Owns the only way to what accounts sign in with. It lies beside the log, which has its hash: `password_hash` and
`second_factor_secret` return it to whoever checks it, and nothing else may. Who may call what is decided by the face
that knows who is signed in. Passwords are hashed before a transaction begins: that is slow on purpose.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Sequence

import msgspec

from assettrack.domain import account_deeds, errors, security_deeds, station_errors
from assettrack.domain.account_deeds import AccountChange, NewToken, require_account, text_hash
from assettrack.domain.accounts import (
    ACCOUNT_NAME_RULE,
    ADMIN,
    PASSWORD,
    REMARK_LENGTH_MAX,
    SECOND_FACTOR,
    STATION_ITSELF,
    CredentialKind,
    is_account_name,
)
from assettrack.domain.deeds import Credential, Signoff
from assettrack.domain.entries.accounts import SecurityEventKind
from assettrack.domain.facts import Account, ApiToken
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import name_key, normal_name
from assettrack.domain.passwords import (
    ONE_TIME_BYTES,
    choose_password,
    one_time_password,
    one_time_password_typed,
    prepared_password,
)
from assettrack.domain.security_deeds import SecurityEvent
from assettrack.domain.wording import quoted
from assettrack.services.account_ports import Chance, Passwords
from assettrack.services.ports import Snapshot, Transaction, Workplace
from assettrack.services.typed_deeds import refusal_raised, signoff

TOKEN_BYTES = 32
_TOKEN_BEGIN = "at_"  # noqa: S105 - by it a token is known for one, wherever it is found
_TOKEN = re.compile(f"{_TOKEN_BEGIN}[A-Za-z0-9_-]{{43}}")


class WantedAccount(msgspec.Struct, frozen=True):
    """What is to change of an account, and why; None leaves something as it is."""

    role: str | None = None
    active: bool | None = None
    reason: str = ""


class MadeToken(msgspec.Struct, frozen=True):
    """A token that was just made. ``text`` is told this once: nobody can find it again."""

    text: str
    token: ApiToken


def all_accounts(workplace: Workplace) -> list[Account]:
    """Return all accounts, by number."""
    with workplace.store.read() as snapshot:
        return list(snapshot.facts(Account))


def named(workplace: Workplace, name: str) -> Account | None:
    """Return the account that a name means in any spelling, or None."""
    with workplace.store.read() as snapshot:
        return _find(snapshot, name)


def numbered(workplace: Workplace, account_id: int) -> Account | None:
    """Return an account by number, or None."""
    with workplace.store.read() as snapshot:
        return snapshot.fact(Account, account_id)


def require(workplace: Workplace, name: str) -> Account:
    """Return the account that a name means in any spelling.

    Raises:
        errors.NotFound: there is none.
    """
    with workplace.store.read() as snapshot:
        return _require(snapshot, name)


def register(workplace: Workplace, name: str, *, role: str) -> Account:
    """Register an account. Nobody can sign in with it before it has a password.

    Raises:
        errors.ValueUnusable: an account can't be called so.
        errors.DeedRefused: there is one of that name, there is no such role, or the first would not be an admin's.
    """
    signed = signoff(workplace)
    clean = _clean(name)
    with refusal_raised(), workplace.store.write() as transaction:
        return _register(transaction, clean, role, signed)


def set_up_first_admin(workplace: Workplace, passwords: Passwords, name: str, password: str) -> Account:
    """Register the first account of a station, an admin's, with its password; the admin is who does that.

    Raises:
        errors.ValueUnusable: an account can't be called so.
        errors.DeedRefused: there is an account already, or the password can't be used.
    """
    clean = _clean(name)
    signed = signoff(msgspec.structs.replace(workplace, operator=clean))
    with refusal_raised():
        _require_no_account(workplace)
        hashed = passwords.hash(choose_password(password, clean))
        with workplace.store.write() as transaction:
            if transaction.last(Account) is not None:
                raise NotAllowed("accounts_set_up", None)
            account = _register(transaction, clean, ADMIN, signed)
            credential = Credential(account.account_id, PASSWORD, hashed)
            transaction.save(account_deeds.set_password(transaction, credential, transaction.log_size + 1, signed))
            return require_account(transaction, account.account_id)


def change(workplace: Workplace, name: str, wanted: WantedAccount) -> tuple[Account, bool]:
    """Change role or activity of an account; return it as it is then, and whether that changed anything.

    With an account that is deactivated its tokens end for good, each with an entry of its own in the same transaction:
    whoever lets the account in again lets in a person, not the programs of before. One that was deactivated by a
    version which left them alone loses them when it is activated.

    Raises:
        errors.NotFound: there is no such account.
        errors.DeedRefused: there is no such role, nobody says why, or no admin would be left who can sign in.
    """
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        before = _require(transaction, name)
        asked = AccountChange(
            before.account_id,
            before.role if wanted.role is None else wanted.role,
            bool(before.active) if wanted.active is None else wanted.active,
            wanted.reason,
        )
        deed = account_deeds.change_account(transaction, asked, transaction.log_size + 1, signed)
        if deed is not None:
            transaction.save(deed)
            if asked.active != bool(before.active):
                _revoke_tokens(transaction, before.account_id, signed)
        return require_account(transaction, before.account_id), deed is not None


def set_password(workplace: Workplace, passwords: Passwords, *, name: str, password: str) -> Account:
    """Set an account's password in the place of what there was.

    Raises:
        errors.NotFound: there is no such account.
        errors.DeedRefused: the password can't be used.
    """
    account = require(workplace, name)
    with refusal_raised():
        chosen = choose_password(password, account.name)
    return _keep_password(workplace, account, passwords.hash(chosen))


def reset_with_one_time_password(workplace: Workplace, passwords: Passwords, *, name: str, chance: Chance) -> str:
    """Give an account a password that must be changed at the next sign-in; return it, this once.

    Raises:
        errors.NotFound: there is no such account.
    """
    account = require(workplace, name)
    made = one_time_password(chance(ONE_TIME_BYTES))
    _keep_password(workplace, account, passwords.hash(made), one_time=True)
    return made


def change_own_password(workplace: Workplace, passwords: Passwords, account: Account, old: str, new: str) -> Account:
    """Change a password by whoever knows it; a one-time password makes way for a lasting one by this alone.

    Raises:
        errors.DeedRefused: the old password is not right, the new one can't be used or is the old one, or the account
            is not active.
    """
    with refusal_raised():
        if not account.active:
            raise NotAllowed("account_inactive", "account_id", name=account.name)
        if not passwords.matches(password_hash(workplace, account), as_hashed(account, old)):
            raise NotAllowed("password_wrong", None)
        chosen = choose_password(new, account.name)
        if prepared_password(as_hashed(account, new)) == prepared_password(as_hashed(account, old)):
            raise NotAllowed("password_unusable", None, reason="it is the old one")
    return _keep_password(workplace, account, passwords.hash(chosen), known=account.credential_sha256)


def take_password_away(workplace: Workplace, name: str) -> Account:
    """Take an account's password away, so that nobody can sign in with it; its hash is erased for good.

    Raises:
        errors.NotFound: there is no such account.
        errors.DeedRefused: it has none, or no admin would be left who can sign in.
    """
    return _keep_password(workplace, require(workplace, name), None)


def as_hashed(account: Account, typed: str) -> str:
    """Return what somebody typed for an account's password: a one-time one in its own form, all others as typed."""
    return one_time_password_typed(typed) if account.one_time else typed


def password_hash(workplace: Workplace, account: Account) -> str | None:
    """Return the salted hash of an account's password, or None where it has none that is kept.

    Raises:
        station_errors.DatabaseDamaged: what is kept is not what the log knows.
    """
    with workplace.store.read() as snapshot:
        fact = snapshot.fact(Account, account.account_id)
        return _kept(snapshot, account, PASSWORD, None if fact is None else fact.credential_sha256)


def second_factor_secret(workplace: Workplace, account: Account) -> str | None:
    """Return the secret of an account's second factor; None only where the log says that there is none.

    Raises:
        errors.DeedRefused: there is one, and it is not kept any more; without it nobody is let in.
        station_errors.DatabaseDamaged: what is kept is not what the log knows.
    """
    with refusal_raised(), workplace.store.read() as snapshot:
        fact = snapshot.fact(Account, account.account_id)
        digest = None if fact is None else fact.secret_sha256
        secret = _kept(snapshot, account, SECOND_FACTOR, digest)
        if secret is None and digest is not None:
            raise NotAllowed("second_factor_lost", "account_id", name=account.name)
        return secret


def make_token(workplace: Workplace, *, name: str, label: str, chance: Chance) -> MadeToken:
    """Make a token with which a program acts for an account; only its SHA-256 is kept.

    Raises:
        errors.NotFound: there is no such account.
        errors.DeedRefused: the account is not active, or the token can't be called so.
    """
    signed = signoff(workplace)
    text = _TOKEN_BEGIN + urlsafe_b64encode(chance(TOKEN_BYTES)).decode("ascii").rstrip("=")
    with refusal_raised(), workplace.store.write() as transaction:
        account = _require(transaction, name)
        asked = NewToken(account.account_id, normal_name(label), text_hash(text))
        transaction.save(account_deeds.make_token(transaction, asked, transaction.log_size + 1, signed))
        token = transaction.accounts.token(asked.token_sha256)
        assert token is not None, "it was just saved"
        return MadeToken(text, token)


def revoke_token(workplace: Workplace, token_id: int) -> None:
    """Let a token be good for nothing any more.

    Raises:
        errors.DeedRefused: there is no such token, or it was revoked before.
    """
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        transaction.save(account_deeds.revoke_token(transaction, token_id, transaction.log_size + 1, signed))


def revoke_all_tokens(workplace: Workplace, name: str) -> None:
    """Let all tokens of an account be good for nothing any more, each with an entry of its own.

    Raises:
        errors.NotFound: there is no such account.
    """
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        _revoke_tokens(transaction, _require(transaction, name).account_id, signed)


def tokens_of(workplace: Workplace, name: str) -> Sequence[ApiToken]:
    """Return the tokens of an account, revoked ones too, in the order in which they were made.

    Raises:
        errors.NotFound: there is no such account.
    """
    with workplace.store.read() as snapshot:
        return snapshot.accounts.tokens_of(_require(snapshot, name).account_id)


def account_of_token(workplace: Workplace, text: str) -> Account | None:
    """Return the active account for which whoever has this token acts, or None."""
    if not _TOKEN.fullmatch(text):
        return None
    with workplace.store.read() as snapshot:
        token = snapshot.accounts.token(text_hash(text))
        account = None if token is None or token.revoked else snapshot.fact(Account, token.account_id)
        return account if account is not None and account.active else None


def record_security_event(
    workplace: Workplace,
    event: SecurityEventKind,
    *,
    account: Account | None = None,
    address: str | None = None,
    detail: str | None = None,
    times: int = 1,
) -> int:
    """Record that something happened at the door; return the entry's number. Where nobody is at work, the station does.

    Whatever stands in address and detail is made one printable line first: it may come from anybody, and no event goes
    unrecorded because of it.
    """
    account_id = None if account is None else account.account_id
    happened = SecurityEvent(event, account_id, _one_line(address), _one_line(detail), times)
    signed = signoff(msgspec.structs.replace(workplace, operator=workplace.operator or STATION_ITSELF))
    with refusal_raised(), workplace.store.write() as transaction:
        seq = transaction.log_size + 1
        transaction.save(security_deeds.record_event(transaction, happened, seq, signed))
        return seq


def _one_line(text: str | None) -> str | None:
    """Return a text with what can't be printed made visible, cut to what an entry holds; None where it says nothing."""
    printable = "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in text or "")
    return printable[:REMARK_LENGTH_MAX].strip() or None


def _clean(name: str) -> str:
    clean = normal_name(name)
    if not is_account_name(clean):
        raise errors.ValueUnusable("The name", name[:80], ACCOUNT_NAME_RULE)
    return clean


def _find(snapshot: Snapshot, name: str) -> Account | None:
    clean = normal_name(name)
    return snapshot.accounts.named(name_key(clean)) if is_account_name(clean) else None


def _require(snapshot: Snapshot, name: str) -> Account:
    account = _find(snapshot, name)
    if account is None:
        raise errors.NotFound("account", quoted(name, 80))
    return account


def _require_no_account(workplace: Workplace) -> None:
    with workplace.store.read() as snapshot:
        if snapshot.last(Account) is not None:
            raise NotAllowed("accounts_set_up", None)


def _register(transaction: Transaction, name: str, role: str, signed: Signoff) -> Account:
    transaction.save(account_deeds.register_account(transaction, name, role, transaction.log_size + 1, signed))
    account = transaction.accounts.named(name_key(name))
    assert account is not None, "it was just saved"
    return account


def _revoke_tokens(transaction: Transaction, account_id: int, signed: Signoff) -> None:
    for token in transaction.accounts.tokens_of(account_id):
        if not token.revoked:
            seq = transaction.log_size + 1
            transaction.save(account_deeds.revoke_token(transaction, token.token_id, seq, signed))


def _keep_password(
    workplace: Workplace, account: Account, text: str | None, *, one_time: bool = False, known: bytes | None = None
) -> Account:
    """Keep the hash of a password, or take it away; with ``known`` only while the password is still that one."""
    signed = signoff(workplace)
    with refusal_raised(), workplace.store.write() as transaction:
        now = require_account(transaction, account.account_id)
        if known is not None and now.credential_sha256 != known:
            raise NotAllowed("password_wrong", None)
        credential = Credential(account.account_id, PASSWORD, text)
        seq = transaction.log_size + 1
        transaction.save(account_deeds.set_password(transaction, credential, seq, signed, one_time=one_time))
        after = require_account(transaction, account.account_id)
    if now.credential_sha256 is not None:
        workplace.store.scrub()
    return after


def _kept(snapshot: Snapshot, account: Account, kind: CredentialKind, digest: bytes | None) -> str | None:
    """Return what is kept of an account, once it is sure that it is what the log has the hash of."""
    found = (each.text for each in snapshot.accounts.credentials(account.account_id) if each.kind == kind)
    text = next(found, None)
    if text is not None and text_hash(text) != digest:
        raise station_errors.DatabaseDamaged(
            f"what account {account.account_id} signs in with is not what the log knows"
        )
    return text
