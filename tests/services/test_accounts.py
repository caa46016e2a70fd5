"""Accounts at a station: registered, changed, with passwords that only their hash's hash is known of."""

import json
from collections.abc import Callable
from contextlib import closing
from functools import partial

import pytest

from assettrack.domain import errors, station_errors
from assettrack.domain.facts import Account
from assettrack.services import accounts, verification
from assettrack.services.account_ports import Passwords
from assettrack.services.accounts import WantedAccount
from assettrack.services.ports import Workplace
from tests.services.desk import Desk
from tests.services.front_door import ANNS, BENS, PASSWORDS, made_up_chance
from tests.services.insider import Insider


@pytest.fixture
def manned(bare: Desk) -> Desk:
    """A station with Ann, an admin with a password, and Ben, an operator without."""
    accounts.set_up_first_admin(bare.workplace, PASSWORDS, "Ann", ANNS)
    accounts.register(bare.workplace, "Ben", role="operator")
    return bare


def refused(desk: Desk, do: Callable[[Workplace], object]) -> str:
    """Make sure that a deed is refused and leaves everything as it was; return with what code."""
    with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        do(desk.workplace)
    return caught.value.code


def lets_in(desk: Desk, name: str, password: str) -> bool:
    """Tell whether somebody of this name has this password."""
    account = accounts.named(desk.workplace, name)
    stored = None if account is None else accounts.password_hash(desk.workplace, account)
    return PASSWORDS.matches(stored, password)


def last_entries(desk: Desk, count: int) -> list[dict[str, object]]:
    """The last entries of the log."""
    return [json.loads(body) for body in desk.entries()[-count:]]


def in_the_files(desk: Desk, text: str) -> bool:
    """Tell whether a text stands anywhere in the files of the database."""
    return any(text.encode() in file.read_bytes() for file in desk.folder.glob("assettrack.db*"))


def test_the_first_admin_is_set_up_in_one_go(bare: Desk) -> None:
    """Account and password are two entries of one transaction, both by the new admin; nobody was signed in before."""
    nobody = bare.manned_by(None)
    ann = accounts.set_up_first_admin(nobody, PASSWORDS, "  Ann  Admin ", ANNS)
    assert (ann.account_id, ann.name, ann.role, ann.active, ann.one_time) == (1, "Ann Admin", "admin", 1, 0)
    account, credential = last_entries(bare, 2)
    assert (account["event_type"], account["operator"]) == ("ACCOUNT", "Ann Admin")
    assert (credential["event_type"], credential["operator"]) == ("CREDENTIAL", "Ann Admin")
    assert account["recorded_at"] == credential["recorded_at"]
    assert lets_in(bare, "ann admin", ANNS)
    assert verification.verify(bare.workplace).ok
    with bare.store.read() as snapshot:
        assert [size for size, _ in snapshot.checkpoints()] == [1, 3]


def test_there_is_one_first_admin(manned: Desk) -> None:
    """Once there is an account, whoever still has the link is refused, whatever became of that account."""
    assert refused(manned, lambda at: accounts.set_up_first_admin(at, PASSWORDS, "Eve", BENS)) == "accounts_set_up"


class Slow(Passwords):
    """Hashes as all others do, but while it works somebody else is quicker."""

    def __init__(self, meanwhile: Callable[[], object]) -> None:
        self._meanwhile = meanwhile

    def hash(self, password: str) -> str:
        """Let the other do it first, once."""
        self._meanwhile()
        return PASSWORDS.hash(password)

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Compare as all others do."""
        return PASSWORDS.matches(password_hash, password)


def test_of_two_first_admins_at_once_one_is_refused(bare: Desk) -> None:
    """Whoever is quicker is the admin; the other gets nothing done, though nothing spoke against it at first."""
    slow = Slow(lambda: accounts.set_up_first_admin(bare.workplace, PASSWORDS, "Ann", ANNS))
    with pytest.raises(errors.DeedRefused) as caught:
        accounts.set_up_first_admin(bare.workplace, slow, "Eve", BENS)
    assert caught.value.code == "accounts_set_up"
    assert [account.name for account in accounts.all_accounts(bare.workplace)] == ["Ann"]


@pytest.mark.parametrize("name", ["", " ", "station", "x" * 65, "a\u200bb", "\ud800"])
def test_what_no_account_is_called(manned: Desk, name: str) -> None:
    """Such a name is said to be unusable, by the first admin too, and nobody is found by it."""
    ways: tuple[Callable[[], object], ...] = (
        lambda: accounts.register(manned.workplace, name, role="viewer"),
        lambda: accounts.set_up_first_admin(manned.workplace, PASSWORDS, name, ANNS),
    )
    for do in ways:
        with manned.unchanged(), pytest.raises(errors.ValueUnusable, match="name"):
            do()
    assert accounts.named(manned.workplace, name) is None
    with pytest.raises(errors.NotFound):
        accounts.require(manned.workplace, name)


def test_accounts_are_found_by_any_spelling_and_by_number(manned: Desk) -> None:
    """Names match as those of holders do; what is not there is None, or said to be not found."""
    ann, ben = accounts.all_accounts(manned.workplace)
    assert (ann.name, ben) == ("Ann", Account(2, "Ben", "ben", "operator", 1))
    at = manned.workplace
    assert [accounts.named(at, name) for name in ("ANN", "  ben", "Cy")] == [ann, ben, None]
    assert [accounts.numbered(at, number) for number in (1, 2, 3)] == [ann, ben, None]
    assert accounts.require(at, "BEN") == ben
    with pytest.raises(errors.NotFound, match="no account"):
        accounts.require(at, "Cy")


def test_what_is_not_registered(manned: Desk) -> None:
    """A name that is taken, a role that there is not; and before the first admin nobody."""
    assert refused(manned, lambda at: accounts.register(at, "BEN", role="viewer")) == "account_exists"
    assert refused(manned, lambda at: accounts.register(at, "Cy", role="owner")) == "unknown_role"


def test_the_first_account_is_an_admins(bare: Desk) -> None:
    """Nobody else can be registered before."""
    assert refused(bare, lambda at: accounts.register(at, "Ben", role="operator")) == "first_account_no_admin"


def test_role_and_activity_change_with_a_reason(manned: Desk) -> None:
    """What is not wanted otherwise stays; the same again is no deed; without a reason nothing is done."""
    at = manned.workplace
    ben, changed = accounts.change(at, "ben", WantedAccount(role="auditor", reason="new post"))
    assert (ben.role, ben.active, changed) == ("auditor", 1, True)
    ben, changed = accounts.change(at, "Ben", WantedAccount(active=False, reason="left"))
    assert (ben.role, ben.active, changed) == ("auditor", 0, True)
    with manned.unchanged():
        assert accounts.change(at, "Ben", WantedAccount(role="auditor", active=False)) == (ben, False)
        assert accounts.change(at, "Ben", WantedAccount()) == (ben, False)
    assert (
        refused(manned, lambda at: accounts.change(at, "Ben", WantedAccount(active=True))) == "account_reason_missing"
    )
    (entry,) = last_entries(manned, 1)
    assert (entry["event_type"], entry["reason"]) == ("ACCOUNT_CHANGE", "left")
    assert verification.verify(at).ok


def test_the_last_admin_stays(manned: Desk) -> None:
    """She can't be demoted, made inactive or lose her password; with another admin who can sign in she can."""
    ways: tuple[Callable[[Workplace], object], ...] = (
        lambda at: accounts.change(at, "Ann", WantedAccount(role="viewer", reason="x")),
        lambda at: accounts.change(at, "Ann", WantedAccount(active=False, reason="x")),
        lambda at: accounts.take_password_away(at, "Ann"),
    )
    accounts.register(manned.workplace, "Cy", role="admin")
    assert [refused(manned, way) for way in ways] == ["last_admin"] * 3
    accounts.set_password(manned.workplace, PASSWORDS, name="Cy", password=BENS)
    ways[0](manned.workplace)
    assert accounts.require(manned.workplace, "Ann").role == "viewer"
    assert verification.verify(manned.workplace).ok


def test_a_password_is_kept_as_a_hash_beside_the_log(manned: Desk) -> None:
    """Neither password nor its hash stands in any entry; the password stands nowhere, and is replaced by the next."""
    at = manned.workplace
    ben = accounts.set_password(at, PASSWORDS, name="Ben", password=BENS)
    first = accounts.password_hash(at, ben)
    assert first is not None
    assert lets_in(manned, "Ben", BENS)
    assert not any(b"argon2" in body or BENS.encode() in body for body in manned.entries())
    assert in_the_files(manned, first)
    accounts.set_password(at, PASSWORDS, name="Ben", password=f"{BENS} again")
    assert lets_in(manned, "Ben", f"{BENS} again")
    assert not lets_in(manned, "Ben", BENS)
    assert not in_the_files(manned, first)
    assert not in_the_files(manned, BENS)
    assert verification.verify(at).ok


@pytest.mark.parametrize("password", ["short", "This is ben's own", "bbbbbbbbbbbbbb", "x\ty" * 6])
def test_a_bad_password_is_refused(manned: Desk, password: str) -> None:
    """By the rules of `domain.passwords`, for the first admin and whoever changes their own too."""
    one_time = accounts.reset_with_one_time_password(manned.workplace, PASSWORDS, name="Ben", chance=made_up_chance())
    ben = accounts.require(manned.workplace, "Ben")
    for do in (
        lambda at: accounts.set_password(at, PASSWORDS, name="Ben", password=password),
        lambda at: accounts.change_own_password(at, PASSWORDS, ben, one_time, password),
    ):
        assert refused(manned, do) == "password_unusable"


def test_a_bad_password_makes_no_first_admin(bare: Desk) -> None:
    """Nothing is registered then."""
    assert refused(bare, lambda at: accounts.set_up_first_admin(at, PASSWORDS, "Ann", "short")) == "password_unusable"


def test_a_one_time_password_is_changed_by_its_owner(manned: Desk) -> None:
    """It is told once and lets in; changed by whoever knows it, it is a lasting one, and the old one is no more."""
    at = manned.workplace
    one_time = accounts.reset_with_one_time_password(at, PASSWORDS, name="Ben", chance=made_up_chance())
    ben = accounts.require(at, "Ben")
    assert ben.one_time == 1
    assert lets_in(manned, "Ben", one_time)
    assert not in_the_files(manned, one_time)
    ben = accounts.change_own_password(manned.manned_by("Ben"), PASSWORDS, ben, one_time, BENS)
    assert ben.one_time == 0
    assert lets_in(manned, "Ben", BENS)
    assert not lets_in(manned, "Ben", one_time)
    given, changed = last_entries(manned, 2)
    assert (given["operator"], given["one_time"]) == ("gcurl", True)
    assert (changed["operator"], "one_time" in changed) == ("Ben", False)
    assert verification.verify(at).ok


def test_a_one_time_password_may_be_typed_in_lower_case(manned: Desk) -> None:
    """It is known so where it is changed too; typed otherwise it is still the old one. An own one is as typed."""
    at = manned.workplace
    one_time = accounts.reset_with_one_time_password(at, PASSWORDS, name="Ben", chance=made_up_chance())
    ben, typed = accounts.require(at, "Ben"), one_time.lower().replace("-", " ")
    again = one_time.lower()
    for old, new in ((one_time, again), (typed, again), (again, one_time)):
        same = partial(accounts.change_own_password, passwords=PASSWORDS, account=ben, old=old, new=new)
        assert refused(manned, same) == "password_unusable"
    wrong = typed[:-1]
    assert refused(manned, lambda at: accounts.change_own_password(at, PASSWORDS, ben, wrong, BENS)) == "password_wrong"
    own = "0a1b-2c3d-4e5f-6g7h"  # looks like a one-time one, and is none
    ben = accounts.change_own_password(manned.manned_by("Ben"), PASSWORDS, ben, typed, own)
    assert accounts.as_hashed(ben, own) == own
    assert lets_in(manned, "Ben", own)
    wrong = own.upper()
    assert refused(manned, lambda at: accounts.change_own_password(at, PASSWORDS, ben, wrong, BENS)) == "password_wrong"


def test_two_one_time_passwords_are_never_alike(manned: Desk) -> None:
    """Each is made of chance anew."""
    chance = made_up_chance()
    given = [
        accounts.reset_with_one_time_password(manned.workplace, PASSWORDS, name=name, chance=chance)
        for name in ("Ben", "Ben", "Ann")
    ]
    assert len(set(given)) == 3


def test_who_can_not_change_their_password(manned: Desk) -> None:
    """Whoever does not know the old one, wants the same again, has none, or is not active."""
    at = manned.workplace
    ben = accounts.require(at, "Ben")
    assert refused(manned, lambda at: accounts.change_own_password(at, PASSWORDS, ben, "", BENS)) == "password_wrong"
    ben = accounts.set_password(at, PASSWORDS, name="Ben", password=BENS)
    new = f"{BENS} again"
    assert refused(manned, lambda at: accounts.change_own_password(at, PASSWORDS, ben, new, new)) == "password_wrong"
    same = BENS.replace(" ", "\u00a0")
    assert (
        refused(manned, lambda at: accounts.change_own_password(at, PASSWORDS, ben, BENS, same)) == "password_unusable"
    )
    left, _ = accounts.change(at, "Ben", WantedAccount(active=False, reason="left"))
    assert (
        refused(manned, lambda at: accounts.change_own_password(at, PASSWORDS, left, BENS, new)) == "account_inactive"
    )


def test_a_reset_that_comes_between_is_not_undone(manned: Desk) -> None:
    """Who changes a password while an admin resets it is refused: the old one that was given is not right any more."""
    at = manned.workplace
    ben = accounts.set_password(at, PASSWORDS, name="Ben", password=BENS)
    slow = Slow(lambda: accounts.reset_with_one_time_password(at, PASSWORDS, name="Ben", chance=made_up_chance()))
    with pytest.raises(errors.DeedRefused) as caught:
        accounts.change_own_password(at, slow, ben, BENS, f"{BENS} again")
    assert caught.value.code == "password_wrong"
    assert accounts.require(at, "Ben").one_time == 1
    assert not lets_in(manned, "Ben", f"{BENS} again")


def test_a_password_that_is_taken_away_is_nowhere(manned: Desk) -> None:
    """Nobody can sign in with the account, and its hash is nowhere in the files; it can't be taken away again."""
    at = manned.workplace
    ben = accounts.set_password(at, PASSWORDS, name="Ben", password=BENS)
    hashed = accounts.password_hash(at, ben)
    assert hashed is not None
    ben = accounts.take_password_away(at, "Ben")
    assert (ben.credential_sha256, accounts.password_hash(at, ben)) == (None, None)
    assert not lets_in(manned, "Ben", BENS)
    assert not in_the_files(manned, hashed)
    assert verification.verify(at).ok
    assert refused(manned, lambda at: accounts.take_password_away(at, "Ben")) == "password_missing"


def test_a_swapped_hash_lets_nobody_in(manned: Desk) -> None:
    """A hash that the log does not know is damage to whoever asks for it, before anybody verifies anything."""
    ann = accounts.require(manned.workplace, "Ann")
    with closing(Insider(manned, [])) as insider:
        insider.do("UPDATE credentials SET text = ?", (PASSWORDS.hash("evil password"),))
        insider.do("INSERT INTO credentials VALUES (2, 'password', ?)", (PASSWORDS.hash("evil password"),))
        for account in (ann, accounts.require(manned.workplace, "Ben")):
            with pytest.raises(station_errors.DatabaseDamaged, match=f"account {account.account_id}"):
                accounts.password_hash(manned.workplace, account)
    assert accounts.password_hash(manned.workplace, ann._replace(account_id=9)) is None


def test_a_lost_hash_lets_nobody_in(manned: Desk) -> None:
    """Where the hash is gone, as after a restore, there is no password; an admin can set another."""
    ann = accounts.require(manned.workplace, "Ann")
    with closing(Insider(manned, [])) as insider:
        insider.do("DELETE FROM credentials")
        assert insider.verify().ok
        assert accounts.password_hash(manned.workplace, ann) is None
    accounts.set_password(manned.workplace, PASSWORDS, name="Ann", password=BENS)
    assert lets_in(manned, "Ann", BENS)
