"""Entries about accounts, what they sign in with, and what happened at the door of a station.

An account is named by number and name. No password, secret or token stands here: only the SHA-256 of what is kept of
it, which is a salted hash or a random text itself, so that nothing can be guessed from the log.
"""

from typing import Literal

import msgspec

from assettrack.domain.accounts import Role
from assettrack.domain.entries.base import DeedEntry

SecurityEventKind = Literal[
    "signed_in",
    "signed_out",
    "sign_in_refused",
    "sign_in_throttled",
    "session_locked",
    "session_unlocked",
    "sessions_revoked",
    "setup_link_made",
    "access_denied",
]


class AccountEntry(DeedEntry, frozen=True, gc=False, tag="ACCOUNT", kw_only=True, omit_defaults=True):
    """An account was registered. The first of a station is an admin's."""

    account_id: int
    name: str
    role: Role


class AccountFacts(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What may change of an account, before or after a change; the name never does."""

    role: Role
    active: bool = True


class AccountChangeEntry(DeedEntry, frozen=True, gc=False, tag="ACCOUNT_CHANGE", kw_only=True, omit_defaults=True):
    """An account got another role, or was made inactive or active again."""

    account_id: int
    name: str
    before: AccountFacts
    after: AccountFacts
    reason: str


class CredentialEntry(DeedEntry, frozen=True, gc=False, tag="CREDENTIAL", kw_only=True, omit_defaults=True):
    """An account's password was set, or taken away where ``credential_sha256`` is missing.

    The hash (hex) is of the password's own salted hash, a text that lies outside the log. ``one_time`` says that the
    password must be changed at the next sign-in.
    """

    account_id: int
    name: str
    credential_sha256: str | None = None
    one_time: bool = False


class SecondFactorEntry(DeedEntry, frozen=True, gc=False, tag="SECOND_FACTOR", kw_only=True, omit_defaults=True):
    """An account's second factor was turned on, or off where ``secret_sha256`` is missing.

    The hash (hex) is of the random secret in base32, which lies outside the log. ``reason`` is blank where none was
    asked for.
    """

    account_id: int
    name: str
    secret_sha256: str | None = None
    reason: str = ""


class ApiTokenEntry(DeedEntry, frozen=True, gc=False, tag="API_TOKEN", kw_only=True, omit_defaults=True):
    """A token was made, with which a program acts for an account; the hash (hex) is of the token's text."""

    token_id: int
    account_id: int
    name: str
    label: str
    token_sha256: str


class ApiTokenRevokedEntry(DeedEntry, frozen=True, gc=False, tag="API_TOKEN_REVOKED", kw_only=True, omit_defaults=True):
    """A token was revoked, and is good for nothing any more."""

    token_id: int
    account_id: int
    name: str
    label: str


class SecurityEntry(DeedEntry, frozen=True, gc=False, tag="SECURITY", kw_only=True, omit_defaults=True):
    """Something happened at the door: somebody came or went, or was kept out; ``times`` counts how often in a row.

    Without an account nobody is named: what was typed as a name may be a password in the wrong place.
    """

    event: SecurityEventKind
    account_id: int | None = None
    name: str | None = None
    address: str | None = None
    detail: str | None = None
    times: int = 1
