"""Entries about accounts and the door are one clear line each, with nothing in it that could let anybody in."""

from typing import Any

import pytest

from assettrack.cli.show.entries import entry_lines
from assettrack.domain.audit_log import AnyEntry, encode_body
from assettrack.domain.entries.accounts import (
    AccountChangeEntry,
    AccountEntry,
    AccountFacts,
    ApiTokenEntry,
    ApiTokenRevokedEntry,
    CredentialEntry,
    SecondFactorEntry,
    SecurityEntry,
)
from assettrack.domain.entry_wording import what_happened

WHO: dict[str, Any] = {"operator": "Ann", "recorded_at": "2026-07-01T12:00:00.000000Z", "version": "1"}
HASH = "ab" * 32
SAID: tuple[tuple[AnyEntry, str], ...] = (
    (AccountEntry(2, account_id=2, name="Ben", role="operator", **WHO), "account 2, operator: Ben"),
    (
        AccountChangeEntry(
            2,
            account_id=2,
            name="Ben",
            before=AccountFacts("operator"),
            after=AccountFacts("auditor", active=False),
            reason="left",
            **WHO,
        ),
        "account 2, Ben: role: operator to auditor, active: yes to no (left)",
    ),
    (
        AccountChangeEntry(
            2,
            account_id=2,
            name="Ben",
            before=AccountFacts("viewer", active=False),
            after=AccountFacts("viewer"),
            reason="back",
            **WHO,
        ),
        "account 2, Ben: active: no to yes (back)",
    ),
    (CredentialEntry(2, account_id=2, name="Ben", credential_sha256=HASH, **WHO), "password of account 2 set: Ben"),
    (
        CredentialEntry(2, account_id=2, name="Ben", credential_sha256=HASH, one_time=True, **WHO),
        "one-time password of account 2 set: Ben",
    ),
    (CredentialEntry(2, account_id=2, name="Ben", **WHO), "password of account 2 taken away: Ben"),
    (
        SecondFactorEntry(2, account_id=2, name="Ben", secret_sha256=HASH, **WHO),
        "second factor of account 2 turned on: Ben",
    ),
    (SecondFactorEntry(2, account_id=2, name="Ben", **WHO), "second factor of account 2 turned off: Ben"),
    (
        ApiTokenEntry(2, token_id=1, account_id=2, name="Ben", label="export", token_sha256=HASH, **WHO),
        "token 1 of account 2, Ben: export",
    ),
    (
        ApiTokenRevokedEntry(2, token_id=1, account_id=2, name="Ben", label="export", **WHO),
        "token 1 of account 2, Ben, revoked: export",
    ),
    (SecurityEntry(2, event="setup_link_made", **WHO), "setup link made"),
    (
        SecurityEntry(2, event="sign_in_refused", address="192.0.2.7", times=3, **WHO),
        "sign in refused from 192.0.2.7, 3 times in a row",
    ),
    (
        SecurityEntry(
            2, event="access_denied", account_id=2, name="Ben", address="192.0.2.7", detail="POST /cases", **WHO
        ),
        "access denied: account 2, Ben from 192.0.2.7 (POST /cases)",
    ),
)


@pytest.mark.parametrize(("entry", "said"), SAID, ids=[said for _, said in SAID])
def test_an_entry_is_a_line(entry: AnyEntry, said: str) -> None:
    """It says what happened to which account; hashes are left out."""
    assert what_happened(entry, "->") == said
    heading, line = entry_lines([encode_body(entry)])
    assert heading.startswith("entry")
    assert line.rstrip().endswith(said)
    assert HASH not in line
