"""Deeds about accounts: registered, changed, given a password, a second factor or a token, or relieved of one.

Owns what is allowed to be done with accounts by anybody; who may do it is decided where somebody is signed in. What an
account signs in with goes past the log, in `deeds.Credential`; no entry, fact or message may ever hold it.
"""

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from assettrack.domain.accounts import (
    ACCOUNT_NAME_RULE,
    ADMIN,
    LABEL_RULE,
    PASSWORD,
    REMARK_LENGTH_MAX,
    ROLES,
    SECOND_FACTOR,
    Role,
    is_account_name,
    is_label,
    is_remark,
)
from assettrack.domain.deeds import Credential, Deed, Signoff, signed_by, single
from assettrack.domain.entries.accounts import (
    AccountChangeEntry,
    AccountEntry,
    AccountFacts,
    ApiTokenEntry,
    ApiTokenRevokedEntry,
    CredentialEntry,
    SecondFactorEntry,
)
from assettrack.domain.entries.base import DeedEntry
from assettrack.domain.facts import Account, ApiToken, KnownFacts
from assettrack.domain.findings import NotAllowed
from assettrack.domain.holders import name_key
from assettrack.domain.merkle import HASH_BYTES
from assettrack.domain.state import Again, State, signoff_of


class AccountChange(msgspec.Struct, frozen=True):
    """What an account is to be from now on, and why."""

    account_id: int
    role: str
    active: bool
    reason: str


class NewToken(msgspec.Struct, frozen=True):
    """A token that is to be made: whose it is, what it is called, and SHA-256 of its text (32 bytes)."""

    account_id: int
    label: str
    token_sha256: bytes


def text_hash(text: str) -> bytes:
    """Return what the log knows of a credential or a token: SHA-256 of the text in UTF-8."""
    return sha256(text.encode()).digest()


def credential_hashes(accounts: Iterable[Account]) -> dict[tuple[int, str], bytes | None]:
    """Return what the log knows of everything that these accounts sign in with, by account and kind."""
    kinds = ((each.account_id, each.credential_sha256, each.secret_sha256) for each in accounts)
    return {
        key: digest
        for account_id, password, secret in kinds
        for key, digest in (((account_id, PASSWORD), password), ((account_id, SECOND_FACTOR), secret))
    }


def require_account(known: KnownFacts, account_id: int) -> Account:
    """Return an account by number.

    Raises:
        NotAllowed: there is none.
    """
    account = known.fact(Account, account_id)
    if account is None:
        raise NotAllowed("unknown_account", "account_id", name=account_id)
    return account


def require_role(text: str) -> Role:
    """Return the role of this name.

    Raises:
        NotAllowed: there is none.
    """
    for role in ROLES:
        if role == text:
            return role
    raise NotAllowed("unknown_role", "role", role=ascii(text[:40]), roles=", ".join(ROLES))


def register_account(known: KnownFacts, name: str, role: str, seq: int, signoff: Signoff) -> Deed:
    """Register an account under the next number. Nobody can sign in with it before it has a password.

    Raises:
        NotAllowed: there is one of that name, it can't be one, there is no such role, or this is the first account
            and not an admin's.
    """
    if not is_account_name(name):
        raise NotAllowed("name_invalid", "name", name=ascii(name[:40]), rule=ACCOUNT_NAME_RULE)
    found = require_role(role)
    key = name_key(name)
    for other in known.facts(Account):
        if other.name_key == key:
            raise NotAllowed("account_exists", "name", name=other.name)
    last = known.last(Account)
    if last is None and found != ADMIN:
        raise NotAllowed("first_account_no_admin", "role", name=name)
    number = 1 if last is None else last.account_id + 1
    entry = AccountEntry(seq, account_id=number, name=name, role=found, **signed_by(signoff))
    return single(entry, facts=(Account(number, name, key, found, active=1),))


def change_account(known: KnownFacts, change: AccountChange, seq: int, signoff: Signoff) -> Deed | None:
    """Change role or activity of an account; None where all is so already.

    Raises:
        NotAllowed: there is no such account or role, nobody says why, or no admin would be left who can sign in.
    """
    account = require_account(known, change.account_id)
    after = account._replace(role=require_role(change.role), active=int(change.active))
    if after == account:
        return None
    if not is_remark(change.reason):
        raise NotAllowed("account_reason_missing", "reason", limit=REMARK_LENGTH_MAX)
    if not _is_active_admin(after):
        _require_another_admin(known, account)
    entry = AccountChangeEntry(
        seq,
        account_id=account.account_id,
        name=account.name,
        before=_facts_of(account),
        after=_facts_of(after),
        reason=change.reason,
        **signed_by(signoff),
    )
    return single(entry, facts=(after,))


def set_password(
    known: KnownFacts, credential: Credential, seq: int, signoff: Signoff, *, one_time: bool = False
) -> Deed:
    """Set an account's password in the place of what there was, or take it away where the text is None.

    ``one_time`` says that it must be changed at the next sign-in.

    Raises:
        NotAllowed: there is no such account or nothing to take away, or no admin would be left who can sign in.
    """
    digest = None if credential.text is None else text_hash(credential.text)
    deed = _record_password(known, (credential.account_id, digest, one_time), seq, signoff)
    return msgspec.structs.replace(deed, kept=(credential,))


def set_second_factor(
    known: KnownFacts, credential: Credential, seq: int, signoff: Signoff, *, reason: str | None = None
) -> Deed:
    """Turn an account's second factor on with a secret, in the place of what there was, or off where the text is None.

    ``reason`` is why, None where nobody is asked.

    Raises:
        NotAllowed: there is no such account, nothing to turn off, or the reason can't be one.
    """
    digest = None if credential.text is None else text_hash(credential.text)
    deed = _record_second_factor(known, (credential.account_id, digest, reason), seq, signoff)
    return msgspec.structs.replace(deed, kept=(credential,))


def make_token(known: KnownFacts, token: NewToken, seq: int, signoff: Signoff) -> Deed:
    """Record that a token was made.

    Raises:
        NotAllowed: there is no such account or it is not active, or the token can't be called so.
    """
    account = require_account(known, token.account_id)
    if not account.active:
        raise NotAllowed("account_inactive", "account_id", name=account.name)
    if not is_label(token.label):
        raise NotAllowed("label_invalid", "label", label=ascii(token.label[:40]), rule=LABEL_RULE)
    last = known.last(ApiToken)
    number = 1 if last is None else last.token_id + 1
    entry = ApiTokenEntry(
        seq,
        token_id=number,
        account_id=account.account_id,
        name=account.name,
        label=token.label,
        token_sha256=token.token_sha256.hex(),
        **signed_by(signoff),
    )
    return single(entry, facts=(ApiToken(number, account.account_id, token.label, token.token_sha256),))


def revoke_token(known: KnownFacts, token_id: int, seq: int, signoff: Signoff) -> Deed:
    """Record that a token was revoked.

    Raises:
        NotAllowed: there is no such token, or it was revoked before.
    """
    token = known.fact(ApiToken, token_id)
    if token is None:
        raise NotAllowed("unknown_token", "token_id", token_id=token_id)
    if token.revoked:
        raise NotAllowed("token_revoked", "token_id", token_id=token_id, label=token.label)
    account = require_account(known, token.account_id)
    entry = ApiTokenRevokedEntry(
        seq,
        token_id=token_id,
        account_id=account.account_id,
        name=account.name,
        label=token.label,
        **signed_by(signoff),
    )
    return single(entry, facts=(token._replace(revoked=1),))


def register_account_again(entry: AccountEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    return register_account(state, entry.name, entry.role, entry.seq, signoff_of(entry))


def change_account_again(entry: AccountChangeEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    change = AccountChange(entry.account_id, entry.after.role, entry.after.active, entry.reason)
    deed = change_account(state, change, entry.seq, signoff_of(entry))
    if deed is None:
        raise NotAllowed("nothing_changes", None)
    return deed


def set_password_again(entry: CredentialEntry, state: State) -> Deed:
    """Decide the deed of an entry once more; the password's hash is not known to the log, and not needed."""
    digest = None if entry.credential_sha256 is None else _read_hash(entry.credential_sha256, "credential_sha256")
    return _record_password(state, (entry.account_id, digest, entry.one_time), entry.seq, signoff_of(entry))


def set_second_factor_again(entry: SecondFactorEntry, state: State) -> Deed:
    """Decide the deed of an entry once more; the secret is not known to the log, and not needed."""
    digest = None if entry.secret_sha256 is None else _read_hash(entry.secret_sha256, "secret_sha256")
    return _record_second_factor(state, (entry.account_id, digest, entry.reason or None), entry.seq, signoff_of(entry))


def make_token_again(entry: ApiTokenEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    token = NewToken(entry.account_id, entry.label, _read_hash(entry.token_sha256, "token_sha256"))
    return make_token(state, token, entry.seq, signoff_of(entry))


def revoke_token_again(entry: ApiTokenRevokedEntry, state: State) -> Deed:
    """Decide the deed of an entry once more."""
    return revoke_token(state, entry.token_id, entry.seq, signoff_of(entry))


def _record_password(known: KnownFacts, password: tuple[int, bytes | None, bool], seq: int, signoff: Signoff) -> Deed:
    account_id, digest, one_time = password
    account = require_account(known, account_id)
    if digest is None:
        if account.credential_sha256 is None or one_time:
            raise NotAllowed("password_missing", "account_id", name=account.name)
        _require_another_admin(known, account)
    entry = CredentialEntry(
        seq,
        account_id=account_id,
        name=account.name,
        credential_sha256=None if digest is None else digest.hex(),
        one_time=one_time,
        **signed_by(signoff),
    )
    return single(entry, facts=(account._replace(credential_sha256=digest, one_time=int(one_time)),))


def _record_second_factor(
    known: KnownFacts, secret: tuple[int, bytes | None, str | None], seq: int, signoff: Signoff
) -> Deed:
    account_id, digest, reason = secret
    account = require_account(known, account_id)
    if digest is None and account.secret_sha256 is None:
        raise NotAllowed("second_factor_missing", "account_id", name=account.name)
    if reason is not None and not is_remark(reason):
        raise NotAllowed("account_reason_missing", "reason", limit=REMARK_LENGTH_MAX)
    entry = SecondFactorEntry(
        seq,
        account_id=account_id,
        name=account.name,
        secret_sha256=None if digest is None else digest.hex(),
        reason=reason or "",
        **signed_by(signoff),
    )
    return single(entry, facts=(account._replace(secret_sha256=digest),))


def _require_another_admin(known: KnownFacts, account: Account) -> None:
    """Make sure that a station keeps an admin without this account; one who can sign in, where this one can."""
    if not _is_active_admin(account):
        return
    others = [each for each in known.facts(Account) if _is_active_admin(each) and each.account_id != account.account_id]
    able = [each for each in others if each.credential_sha256 is not None]
    if not (others if account.credential_sha256 is None else able):
        raise NotAllowed("last_admin", "account_id", name=account.name)


def _is_active_admin(account: Account) -> bool:
    return account.role == ADMIN and bool(account.active)


def _facts_of(account: Account) -> AccountFacts:
    return AccountFacts(require_role(account.role), bool(account.active))


def _read_hash(text: str, field: str) -> bytes:
    try:
        digest = bytes.fromhex(text)
    except ValueError:
        digest = b""
    if len(digest) != HASH_BYTES:
        raise NotAllowed("account_hash_invalid", field)
    return digest


AGAIN: dict[type[DeedEntry], Again] = {
    AccountEntry: register_account_again,
    AccountChangeEntry: change_account_again,
    CredentialEntry: set_password_again,
    SecondFactorEntry: set_second_factor_again,
    ApiTokenEntry: make_token_again,
    ApiTokenRevokedEntry: revoke_token_again,
}
"""How the replay decides each kind of entry once more."""
