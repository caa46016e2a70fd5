"""What is allowed to be done with accounts, and that the log knows of passwords, secrets and tokens only their hash."""

from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from assettrack.domain import account_deeds
from assettrack.domain.account_deeds import AccountChange, NewToken
from assettrack.domain.accounts import PASSWORD, SECOND_FACTOR
from assettrack.domain.deeds import Credential, Deed
from assettrack.domain.entries.accounts import (
    AccountChangeEntry,
    AccountEntry,
    AccountFacts,
    ApiTokenEntry,
    ApiTokenRevokedEntry,
    CredentialEntry,
    SecondFactorEntry,
)
from assettrack.domain.facts import Account, ApiToken
from assettrack.domain.findings import NotAllowed
from tests.domain.trial_state import SIGNOFF, TrialState

HASHED = "$argon2id$v=19$made-up"
SECRET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
DIGEST = sha256(HASHED.encode()).digest()
SECRET_DIGEST = sha256(SECRET.encode()).digest()
TOKEN_DIGEST = bytes(range(32))


class Trial(TrialState):
    """A state in which accounts are spoken of."""

    def registered(self, name: str, role: str) -> Deed:
        """The deed that registers an account."""
        return account_deeds.register_account(self.state, name, role, self.seq, SIGNOFF)

    def changed(self, account_id: int, role: str, *, active: bool = True, reason: str = "asked for") -> Deed | None:
        """The deed that changes an account."""
        change = AccountChange(account_id, role, active, reason)
        return account_deeds.change_account(self.state, change, self.seq, SIGNOFF)

    def password(self, account_id: int, text: str | None = HASHED, *, one_time: bool = False) -> Deed:
        """The deed that sets a password or takes it away."""
        credential = Credential(account_id, PASSWORD, text)
        return account_deeds.set_password(self.state, credential, self.seq, SIGNOFF, one_time=one_time)

    def second_factor(self, account_id: int, text: str | None = SECRET, *, reason: str | None = None) -> Deed:
        """The deed that turns a second factor on or off."""
        credential = Credential(account_id, SECOND_FACTOR, text)
        return account_deeds.set_second_factor(self.state, credential, self.seq, SIGNOFF, reason=reason)

    def token(self, account_id: int, label: str = "nightly export") -> Deed:
        """The deed that makes a token."""
        return account_deeds.make_token(self.state, NewToken(account_id, label, TOKEN_DIGEST), self.seq, SIGNOFF)

    def revoked(self, token_id: int) -> Deed:
        """The deed that revokes a token."""
        return account_deeds.revoke_token(self.state, token_id, self.seq, SIGNOFF)

    def account(self, account_id: int) -> Account:
        """What is known of an account."""
        return account_deeds.require_account(self.state, account_id)


@pytest.fixture
def bare() -> Trial:
    """A state without any account."""
    return Trial()


@pytest.fixture
def trial(bare: Trial) -> Trial:
    """A state with Ann (1), an admin with a password, and Ben (2), a viewer without."""
    bare.follow(bare.registered("Ann", "admin"))
    bare.follow(bare.password(1))
    bare.follow(bare.registered("Ben", "viewer"))
    return bare


def refused(do: Callable[[], object]) -> tuple[str, str | None]:
    """Make sure that a deed is refused; return with what code, about which field."""
    with pytest.raises(NotAllowed) as caught:
        do()
    assert caught.value.sentence
    return caught.value.code, caught.value.field


def test_accounts_are_numbered_in_order(bare: Trial) -> None:
    """Each gets the next number; the entry says number, name and role, and nothing is known to sign in with."""
    first = bare.follow(bare.registered("Ann", "admin"))
    second = bare.follow(bare.registered("Zoë Quill", "auditor"))
    assert isinstance(first, AccountEntry)
    assert isinstance(second, AccountEntry)
    assert (first.account_id, first.name, first.role) == (1, "Ann", "admin")
    assert (second.account_id, second.name, second.role) == (2, "Zoë Quill", "auditor")
    assert bare.account(2) == Account(2, "Zoë Quill", "zoë quill", "auditor", 1, None, 0, None)


@pytest.mark.parametrize("role", ["viewer", "operator", "auditor"])
def test_the_first_account_is_an_admins(bare: Trial, role: str) -> None:
    """Anybody less could never make another account."""
    assert refused(lambda: bare.registered("Ann", role)) == ("first_account_no_admin", "role")


@pytest.mark.parametrize(
    ("name", "role", "code"),
    [
        ("ANN", "viewer", "account_exists"),
        ("", "viewer", "name_invalid"),
        (" Cy", "viewer", "name_invalid"),
        ("station", "viewer", "name_invalid"),
        ("c" * 65, "viewer", "name_invalid"),
        ("Cy", "owner", "unknown_role"),
        ("Cy", "", "unknown_role"),
        ("Cy", "ADMIN", "unknown_role"),
    ],
)
def test_what_is_not_registered(trial: Trial, name: str, role: str, code: str) -> None:
    """A name that is taken in any spelling, that can't be one, and a role that there is not."""
    assert refused(lambda: trial.registered(name, role))[0] == code


def test_a_change_says_before_and_after_and_why(trial: Trial) -> None:
    """Role and activity; the name and all else stay, whatever the account signs in with too."""
    trial.follow(trial.password(2))
    entry = trial.follow(trial.changed(2, "operator", active=False, reason="on leave"))
    assert isinstance(entry, AccountChangeEntry)
    assert (entry.account_id, entry.name, entry.reason) == (2, "Ben", "on leave")
    assert (entry.before, entry.after) == (AccountFacts("viewer"), AccountFacts("operator", active=False))
    assert trial.account(2) == Account(2, "Ben", "ben", "operator", 0, DIGEST)
    trial.follow(trial.changed(2, "admin"))
    assert (trial.account(2).role, trial.account(2).active) == ("admin", 1)


def test_what_is_so_already_is_no_change(trial: Trial) -> None:
    """Nothing is written, whether a reason is given or not."""
    assert trial.changed(2, "viewer", reason="") is None


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "x" * 201])
def test_a_change_needs_a_reason(trial: Trial, reason: str) -> None:
    """One printable line that says something."""
    assert refused(lambda: trial.changed(2, "operator", reason=reason)) == ("account_reason_missing", "reason")


def test_nobody_has_the_number(trial: Trial) -> None:
    """An account that there is not can't be changed, nor given anything."""
    for do in (
        lambda: trial.changed(3, "viewer"),
        lambda: trial.password(3),
        lambda: trial.second_factor(3),
        lambda: trial.token(3),
    ):
        assert refused(do) == ("unknown_account", "account_id")
    assert refused(lambda: trial.changed(2, "owner")) == ("unknown_role", "role")


def removals(trial: Trial, account_id: int) -> dict[str, Callable[[], object]]:
    """Every way to let an account be no admin any more who can sign in."""
    return {
        "demoted": lambda: trial.changed(account_id, "operator"),
        "inactive": lambda: trial.changed(account_id, "admin", active=False),
        "without a password": lambda: trial.password(account_id, None),
    }


WAYS = ("demoted", "inactive", "without a password")


@pytest.mark.parametrize("way", WAYS)
def test_the_last_admin_stays(trial: Trial, way: str) -> None:
    """The only one can't be demoted, deactivated or left without a password; nor beside one who can't sign in."""
    assert refused(removals(trial, 1)[way]) == ("last_admin", "account_id")
    trial.follow(trial.registered("Cy", "admin"))
    assert refused(removals(trial, 1)[way]) == ("last_admin", "account_id")
    trial.follow(trial.changed(2, "admin", active=False))
    trial.follow(trial.password(2))
    assert refused(removals(trial, 1)[way]) == ("last_admin", "account_id")
    assert trial.account(1).active


@pytest.mark.parametrize("way", WAYS)
def test_an_admin_beside_another_may_go(trial: Trial, way: str) -> None:
    """As soon as another active admin has a password, the first may go; then that one is the last."""
    trial.follow(trial.registered("Cy", "admin"))
    trial.follow(trial.password(3))
    deed: Any = removals(trial, 1)[way]()
    trial.follow(deed)
    assert refused(lambda: trial.changed(3, "viewer")) == ("last_admin", "account_id")


def test_an_admin_who_can_not_sign_in_may_go_beside_another_such(bare: Trial) -> None:
    """Where nobody has a password yet, an admin is enough that there is another; the very last one stays too."""
    bare.follow(bare.registered("Ann", "admin"))
    assert refused(lambda: bare.changed(1, "viewer")) == ("last_admin", "account_id")
    bare.follow(bare.registered("Ben", "admin"))
    bare.follow(bare.changed(1, "viewer"))
    assert bare.account(1).role == "viewer"


def test_the_log_holds_the_hash_of_a_hash(trial: Trial) -> None:
    """SHA-256 of the password's salted hash stands in entry and fact; the hash itself goes past the log."""
    deed = trial.password(2, one_time=True)
    assert deed.kept == (Credential(2, "password", HASHED),)
    (record,) = deed.records
    assert b"argon2" not in record.body
    entry = trial.follow(trial.password(2, one_time=True))
    assert isinstance(entry, CredentialEntry)
    assert (entry.account_id, entry.name, entry.credential_sha256, entry.one_time) == (2, "Ben", DIGEST.hex(), True)
    assert (trial.account(2).credential_sha256, trial.account(2).one_time) == (DIGEST, 1)
    trial.follow(trial.password(2))
    assert trial.account(2).one_time == 0


def test_a_password_is_taken_away_once(trial: Trial) -> None:
    """The entry then has no hash, and what is kept is erased; there must be one."""
    assert refused(lambda: trial.password(2, None)) == ("password_missing", "account_id")
    trial.follow(trial.password(2, one_time=True))
    deed = trial.password(2, None)
    assert deed.kept == (Credential(2, "password", None),)
    entry = trial.follow(trial.password(2, None))
    assert isinstance(entry, CredentialEntry)
    assert (entry.credential_sha256, entry.one_time) == (None, False)
    assert (trial.account(2).credential_sha256, trial.account(2).one_time) == (None, 0)


def test_a_second_factor_is_turned_on_and_off(trial: Trial) -> None:
    """The log has the SHA-256 of the secret while it is on; it can't be turned off where it is off."""
    assert refused(lambda: trial.second_factor(2, None)) == ("second_factor_missing", "account_id")
    deed = trial.second_factor(2)
    assert deed.kept == (Credential(2, "second_factor", SECRET),)
    entry = trial.follow(trial.second_factor(2))
    assert isinstance(entry, SecondFactorEntry)
    assert (entry.account_id, entry.name, entry.secret_sha256) == (2, "Ben", SECRET_DIGEST.hex())
    assert trial.account(2).secret_sha256 == SECRET_DIGEST
    gone = trial.second_factor(2, None)
    assert gone.kept == (Credential(2, "second_factor", None),)
    off = trial.follow(trial.second_factor(2, None))
    assert isinstance(off, SecondFactorEntry)
    assert (off.secret_sha256, trial.account(2).secret_sha256) == (None, None)


@pytest.mark.parametrize("reason", ["", "  ", "two\nlines", "x" * 201])
def test_who_says_why_a_second_factor_is_turned_off_says_it_in_a_line(trial: Trial, reason: str) -> None:
    """Where somebody is asked why, the answer is one printable line that says something, and stands in the entry."""
    trial.follow(trial.second_factor(2))
    refusal = refused(lambda: trial.second_factor(2, None, reason=reason))
    assert refusal == ("account_reason_missing", "reason")
    off = trial.follow(trial.second_factor(2, None, reason="the telephone was lost"))
    assert isinstance(off, SecondFactorEntry)
    assert off.reason == "the telephone was lost"


def test_a_token_is_known_by_its_hash_until_it_is_revoked(trial: Trial) -> None:
    """Tokens are numbered in order over all accounts; one is revoked once, and what it was called stays."""
    made = trial.follow(trial.token(2))
    assert isinstance(made, ApiTokenEntry)
    assert (made.token_id, made.account_id, made.name, made.label) == (1, 2, "Ben", "nightly export")
    assert made.token_sha256 == TOKEN_DIGEST.hex()
    assert trial.state.fact(ApiToken, 1) == ApiToken(1, 2, "nightly export", TOKEN_DIGEST)
    second = trial.follow(trial.token(1, "other"))
    assert isinstance(second, ApiTokenEntry)
    assert second.token_id == 2
    gone = trial.follow(trial.revoked(1))
    assert isinstance(gone, ApiTokenRevokedEntry)
    assert (gone.token_id, gone.account_id, gone.name, gone.label) == (1, 2, "Ben", "nightly export")
    assert trial.state.fact(ApiToken, 1) == ApiToken(1, 2, "nightly export", TOKEN_DIGEST, 1)
    assert refused(lambda: trial.revoked(1)) == ("token_revoked", "token_id")
    assert refused(lambda: trial.revoked(3)) == ("unknown_token", "token_id")


def test_who_gets_no_token(trial: Trial) -> None:
    """An account that is not active, and a token that can't be called so."""
    assert refused(lambda: trial.token(1, " ")) == ("label_invalid", "label")
    trial.follow(trial.changed(2, "viewer", active=False))
    assert refused(lambda: trial.token(2)) == ("account_inactive", "account_id")


def test_the_hashes_of_all_credentials_are_told_by_account_and_kind() -> None:
    """None where nothing is known to be kept."""
    accounts = [Account(1, "Ann", "ann", "admin", 1, DIGEST), Account(2, "Ben", "ben", "viewer", 1, None, 0, bytes(32))]
    assert account_deeds.credential_hashes(accounts) == {
        (1, "password"): DIGEST,
        (1, "second_factor"): None,
        (2, "password"): None,
        (2, "second_factor"): bytes(32),
    }


FORGED: tuple[tuple[str, dict[str, Any]], ...] = (
    ("registered", {"role": "viewer", "name": "Ann"}),
    ("changed", {"after": AccountFacts("viewer")}),
    ("changed", {"reason": ""}),
    ("changed", {"account_id": 1}),
    ("changed", {"account_id": 9}),
    ("password", {"credential_sha256": None}),
    ("password", {"credential_sha256": "ab"}),
    ("password", {"credential_sha256": "zz" * 32}),
    ("password", {"account_id": 9}),
    ("second_factor", {"secret_sha256": None}),
    ("second_factor", {"secret_sha256": ""}),
    ("second_factor", {"reason": " "}),
    ("token", {"token_sha256": "ab" * 31}),
    ("token", {"label": ""}),
    ("token", {"account_id": 9}),
)


@pytest.mark.parametrize(("kind", "changes"), FORGED)
def test_a_forged_entry_is_not_allowed(trial: Trial, kind: str, changes: dict[str, Any]) -> None:
    """An entry that tells what the rules never allow is not decided again."""
    made: dict[str, Callable[[], Deed | None]] = {
        "registered": lambda: trial.registered("Cy", "viewer"),
        "changed": lambda: trial.changed(2, "operator"),
        "password": lambda: trial.password(2, one_time=True),
        "second_factor": lambda: trial.second_factor(2),
        "token": lambda: trial.token(2),
    }
    record = trial.forged(made[kind](), **changes)
    with pytest.raises(NotAllowed):
        trial.replay(record)


def test_a_password_taken_away_is_never_one_time(trial: Trial) -> None:
    """An entry that says so of nothing was not written by any program."""
    trial.follow(trial.password(2))
    record = trial.forged(trial.password(2, None), one_time=True)
    with pytest.raises(NotAllowed, match="password_missing"):
        trial.replay(record)


def test_a_revoked_token_in_a_log_is_revoked_once(trial: Trial) -> None:
    """The same revocation again does not follow."""
    trial.follow(trial.token(2))
    record = trial.forged(trial.revoked(1), token_id=2)
    with pytest.raises(NotAllowed, match="unknown_token"):
        trial.replay(record)


def test_a_forged_past_does_not_follow(trial: Trial) -> None:
    """What an account was before is told by the history before it, and not by the entry."""
    record = trial.forged(trial.changed(2, "operator"), before=AccountFacts("auditor"))
    assert next(trial.replay(record).records) != record
