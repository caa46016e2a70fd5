"""What the services need in order to let somebody in, as Protocols beside `ports`.

`store` fulfils the first, `station.passwords` and `station.second_factor` the others.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Protocol

from assettrack.domain.deeds import Credential
from assettrack.domain.facts import Account, ApiToken

Chance = Callable[[int], bytes]
"""Gives so many random bytes that nobody can guess."""


class AccountSource(Protocol):
    """Accounts as they are found by name or token, and what they sign in with."""

    def named(self, name_key: str) -> Account | None:
        """Return the account whose name has this form in common with all its spellings, or None."""

    def token(self, token_sha256: bytes) -> ApiToken | None:
        """Return the token whose text has this hash, or None."""

    def tokens_of(self, account_id: int) -> Sequence[ApiToken]:
        """Return the tokens of an account, in the order in which they were made."""

    def credentials(self, account_id: int | None = None) -> Iterator[Credential]:
        """Yield what every account signs in with, or one, as far as it is kept."""


class Passwords(Protocol):
    """How passwords are hashed and compared. Slow on purpose: never inside a transaction."""

    def hash(self, password: str) -> str:
        """Return the salted hash of a password, as it is kept; another one each time."""

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Tell whether a password is the one of a hash; without a hash it takes as long, and the answer is no."""


class SecondFactor(Protocol):
    """How a code that changes with time is made from a secret (RFC 6238)."""

    def matches(self, secret: str, code: str, now: datetime) -> int | None:
        """Return the step of time at which the secret makes this code, or None where it does not about now.

        Whoever takes a code once only remembers the step, and asks for a later one.
        """

    def address(self, secret: str, account_name: str, station: str) -> str:
        """Return what a device takes the secret from, as the text of a QR code (``otpauth://``)."""
