"""Writes about accounts, tokens and credentials that the schema must refuse, and those that it must allow.

They are meant for the database that `test_schema` prepares, and joined with the others in `illegal_writes`. Beside what
is told there, it has: accounts Ann (1, an active admin with a password) and Ben (2, an active viewer without), two
tokens of Ann, the second of them revoked, and Ann's password. It must never hold a write that some other program could
need.
"""

HASH = f"x'{'cd' * 32}'"
OF_SCRIPT = f"x'{'00' * 32}'"
"""The hash of Ann's first token."""


def _account(number: str = "3", name: str = "'Cy', 'cy'", rest: str = "'viewer', 1", *, how: str = "INSERT") -> str:
    """Say an account; its name is as shown and as found, the rest role and activity. All values are SQL."""
    return f"{how} INTO accounts VALUES ({number}, {name}, {rest}, NULL, 0, NULL)"


def _ben(change: str, how: str = "UPDATE") -> str:
    """Say what is to be otherwise with Ben."""
    return f"{how} accounts SET {change} WHERE account_id = 2"


def _token(
    number: str = "3", account: str = "1", label: str = "'x'", digest: str = HASH, *, how: str = "INSERT"
) -> str:
    """Say a token. All values are SQL."""
    return f"{how} INTO api_tokens VALUES ({number}, {account}, {label}, {digest}, 0)"


ACCOUNTS = {
    "an account after a gap": _account("4"),
    "an account without a number": _account("NULL"),
    "an account replaced": _account("1", how="REPLACE"),
    "an account replaced by name": _account("3", "'BEN', 'ben'", how="REPLACE"),
    "an account without a name": _account(name="'', 'cy'"),
    "an account with a name too long": _account(name=f"'{'c' * 65}', 'cy'"),
    "an account found by a blank": _account(name="'Cy', ''"),
    "an account of no known role": _account(rest="'owner', 1"),
    "an account half active": _account(rest="'viewer', 2"),
    "an account renumbered": _ben("account_id = 9"),
    "an account over another": _ben("account_id = 1", "UPDATE OR REPLACE"),
    "an account renamed": _ben("name = 'Benjamin'"),
    "an account found otherwise": _ben("name_key = 'benjamin'"),
    "an account with half a hash": _ben("credential_sha256 = x'cd'"),
    "an account with half a hash of a secret": _ben("secret_sha256 = x'cd'"),
    "a one-time password that is none": _ben("one_time = 1"),
    "a password that is half one-time": _ben(f"credential_sha256 = {HASH}, one_time = 2"),
    "the last admin made less": "UPDATE accounts SET role = 'operator' WHERE account_id = 1",
    "the last admin made inactive": "UPDATE accounts SET active = 0 WHERE account_id = 1",
    "an account deleted": "DELETE FROM accounts WHERE account_id = 2",
}

TOKENS = {
    "a token after a gap": _token("4"),
    "a token replaced": _token("1", how="REPLACE"),
    "a token replaced by its hash": _token(digest=OF_SCRIPT, how="REPLACE"),
    "a token of an unknown account": _token(account="9"),
    "a token without a label": _token(label="''"),
    "a token with a label too long": _token(label=f"'{'x' * 65}'"),
    "a token with half a hash": _token(digest="x'cd'"),
    "a token half revoked": "UPDATE api_tokens SET revoked = 2 WHERE token_id = 1",
    "a token renumbered": "UPDATE api_tokens SET token_id = 9 WHERE token_id = 1",
    "a token of another account": "UPDATE api_tokens SET account_id = 2 WHERE token_id = 1",
    "a token relabelled": "UPDATE api_tokens SET label = 'x' WHERE token_id = 1",
    "a token exchanged": f"UPDATE api_tokens SET token_sha256 = {HASH} WHERE token_id = 1",
    "a token no longer revoked": "UPDATE api_tokens SET revoked = 0 WHERE token_id = 2",
    "a token deleted": "DELETE FROM api_tokens WHERE token_id = 2",
}

CREDENTIALS = {
    "a password of an unknown account": "INSERT INTO credentials VALUES (9, 'password', 'x')",
    "a password that says nothing": "INSERT INTO credentials VALUES (2, 'password', '')",
    "a credential of no known kind": "INSERT INTO credentials VALUES (2, 'badge', 'x')",
    "a password of another account": "UPDATE credentials SET account_id = 2",
    "a password made a second factor": "UPDATE credentials SET kind = 'second_factor'",
}

ILLEGAL = ACCOUNTS | TOKENS | CREDENTIALS

LEGAL = {
    "a new account": _account(),
    "a new account with the longest name": _account(name=f"'{'c' * 64}', 'cy'", rest="'auditor', 0"),
    "an account made an operator": _ben("role = 'operator'"),
    "an account made inactive": _ben("active = 0"),
    "an account with a one-time password": _ben(f"credential_sha256 = {HASH}, one_time = 1"),
    "an account with a password and a second factor": _ben(f"credential_sha256 = {HASH}, secret_sha256 = {HASH}"),
    "an admin made less beside another": _ben("role = 'admin'")
    + "; UPDATE accounts SET active = 0 WHERE account_id = 1",
    "a password taken away": "DELETE FROM credentials; UPDATE accounts SET credential_sha256 = NULL",
    "a new token": _token(account="2", label=f"'{'x' * 64}'"),
    "a token revoked": "UPDATE api_tokens SET revoked = 1 WHERE token_id = 1",
    "a password changed": "UPDATE credentials SET text = 'y'",
    "a new second factor": "INSERT INTO credentials VALUES (1, 'second_factor', 'x')",
}
