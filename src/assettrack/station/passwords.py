"""Passwords: hashed with Argon2id (RFC 9106), compared so that nobody's takes as long as somebody's.

Owns the parameters: those that the library recommends. They stand in each hash, so that they can change later and
older hashes still match. One hash takes 64 MiB while it is worked out, so only a few are at once: whoever sends many
sign-ins makes them wait, and does not take the memory of the computer. Must never keep, show or log a password.

``argon2`` is imported only where a password is met: commands without one need not pay for it.
"""

import threading
from functools import cached_property
from typing import TYPE_CHECKING

from assettrack.domain.passwords import can_be_one, prepared_password

if TYPE_CHECKING:
    from argon2 import PasswordHasher


AT_ONCE = 2
"""So many passwords are hashed or compared at once in one process."""


class ArgonPasswords:
    """Hashes and compares passwords; ``hasher`` is given where others than the usual parameters are wanted."""

    def __init__(self, hasher: "PasswordHasher | None" = None) -> None:
        self._given = hasher
        self._turns = threading.BoundedSemaphore(AT_ONCE)

    def hash(self, password: str) -> str:
        """Return the salted hash of a password, in the encoded form that names its parameters; another each time."""
        prepared = prepared_password(password)
        assert can_be_one(prepared), "only a password that was looked at is hashed"
        with self._turns:
            return self._hasher.hash(prepared)

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Tell whether a password is the one of a hash; without a hash it takes as long, and the answer is no."""
        prepared = prepared_password(password)
        if password_hash is None or not can_be_one(prepared):
            self._verifies(self._nobodys, "somebody's")
            return False
        return self._verifies(password_hash, prepared)

    def _verifies(self, password_hash: str, prepared: str) -> bool:
        from argon2.exceptions import InvalidHashError, VerificationError

        try:
            with self._turns:
                return self._hasher.verify(password_hash, prepared)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):  # the last: a hash that is no ASCII
            return False

    @cached_property
    def _hasher(self) -> "PasswordHasher":
        from argon2 import PasswordHasher

        return self._given or PasswordHasher()

    @cached_property
    def _nobodys(self) -> str:
        """The hash of a password that nobody has, made once with the parameters of all others."""
        with self._turns:
            return self._hasher.hash("nobody's")
