"""What is read from the database about accounts: found by name or token, and what they sign in with.

Owns the SELECTs for it, all by an index. Must never write.
"""

from collections.abc import Iterator, Sequence

from assettrack.domain.deeds import Credential
from assettrack.domain.facts import Account, ApiToken
from assettrack.store.connection import Connection

_NAMED = """
    SELECT account_id, name, name_key, role, active, credential_sha256, one_time, secret_sha256
    FROM accounts WHERE name_key = ?
"""
_HASHED = "SELECT token_id, account_id, label, token_sha256, revoked FROM api_tokens WHERE token_sha256 = ?"
_TOKENS_OF = """
    SELECT token_id, account_id, label, token_sha256, revoked FROM api_tokens WHERE account_id = ? ORDER BY token_id
"""
_ALL_CREDENTIALS = "SELECT account_id, kind, text FROM credentials ORDER BY account_id, kind"
_CREDENTIALS_OF = "SELECT account_id, kind, text FROM credentials WHERE account_id = ? ORDER BY kind"


class StoredAccounts:
    """Accounts, as whoever lets somebody in asks for them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def named(self, name_key: str) -> Account | None:
        """Return the account whose name has this form in common with all its spellings, or None."""
        rows = self._connection.rows(_NAMED, (name_key,))
        return Account(*rows[0]) if rows else None

    def token(self, token_sha256: bytes) -> ApiToken | None:
        """Return the token whose text has this hash, or None."""
        rows = self._connection.rows(_HASHED, (token_sha256,))
        return ApiToken(*rows[0]) if rows else None

    def tokens_of(self, account_id: int) -> Sequence[ApiToken]:
        """Return the tokens of an account, in the order in which they were made."""
        return [ApiToken(*row) for row in self._connection.rows(_TOKENS_OF, (account_id,))]

    def credentials(self, account_id: int | None = None) -> Iterator[Credential]:
        """Yield what every account signs in with, or one, as far as it is kept."""
        asked = (_ALL_CREDENTIALS, ()) if account_id is None else (_CREDENTIALS_OF, (account_id,))
        for row in self._connection.execute(*asked):
            yield Credential(*row)
