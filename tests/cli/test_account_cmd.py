"""Tests of `assettrack.cli.account_cmd`: the way back in for whoever lost the password or the second factor."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import msgspec
import pytest
from pyotp import TOTP

from assettrack import bootstrap
from assettrack.bootstrap import ForBrowsers
from assettrack.domain import desk_errors
from assettrack.services import accounts, second_factors, sessions
from assettrack.services.sessions import SignIn
from assettrack.settings import Settings
from tests.cli.conftest import Desk

OLD = "correct horse battery"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
ADDRESS = "192.0.2.7"
NEXT_CODE = timedelta(seconds=30)


@contextmanager
def served(station: Desk) -> Iterator[ForBrowsers]:
    """The station as its server has it, at the same database and desk."""
    folder = station.folder / "xdg_data_home" / "assettrack"
    with bootstrap.open_for_browsers(Settings(station.database, folder / "keys", folder / "plans", "gcurl")) as lent:
        yield lent


@pytest.fixture
def with_admin(station: Desk) -> Desk:
    """A station whose only admin is ada, who signs in with a password and a second factor; entries 4 to 6."""
    with served(station) as lent:
        accounts.set_up_first_admin(lent.workplace, lent.reception.passwords, "ada", OLD)
        workplace = msgspec.structs.replace(lent.workplace, operator="ada")
        code = TOTP(SECRET).at(station.now)
        second_factors.turn_on(workplace, lent.reception.second_factor, name="ada", secret=SECRET, code=code)
    assert station.log_size() == 6
    return station


def test_accounts_are_listed(with_admin: Desk) -> None:
    """With role, and with what each signs in; no password, no hash and no secret is told."""
    with served(with_admin) as lent:
        accounts.register(lent.workplace, "Ben", role="viewer")
    ada = {"account_id": 1, "name": "ada", "role": "admin", "active": True, "password": "own", "second_factor": True}
    ben = {"account_id": 2, "name": "Ben", "role": "viewer", "active": True, "password": "none", "second_factor": False}
    assert with_admin.ask("account", "list") == {"accounts": [ada, ben]}
    assert [line.split() for line in with_admin.tell("account", "list").splitlines()] == [
        ["number", "name", "role", "active", "password", "second", "factor"],
        ["1", "ada", "admin", "yes", "own", "yes"],
        ["2", "Ben", "viewer", "yes", "none", "no"],
    ]


def test_a_one_time_password_lets_the_only_admin_in_again(with_admin: Desk) -> None:
    """The old password is worth nothing, all sessions end, nobody waits, and the log has the operator."""
    with served(with_admin) as lent:
        signed_in, _ = sessions.sign_in(
            lent.workplace, lent.reception, SignIn("ada", OLD, TOTP(SECRET).at(with_admin.now + NEXT_CODE), ADDRESS)
        )
        said = with_admin.tell("account", "one-time-password", "ADA", "--operator", "mara")  # beside the server
        found = re.search(r"^One-time password for ada: (\S+)$", said, re.MULTILINE)
        assert found is not None, said
        assert sessions.resume(lent.workplace, lent.reception, signed_in) is None
        assert accounts.require(lent.workplace, "ada").one_time
        matches = lent.reception.passwords.matches
        kept = accounts.password_hash(lent.workplace, accounts.require(lent.workplace, "ada"))
        assert (matches(kept, found[1]), matches(kept, OLD)) == (True, False)
    shown = with_admin.ask("audit", "show", "--from", "8")["entries"]
    assert [(each["event_type"], each["operator"]) for each in shown] == [("SECURITY", "mara"), ("CREDENTIAL", "mara")]
    assert shown[1]["one_time"] is True
    assert found[1] not in with_admin.tell("audit", "show")
    assert with_admin.ask("audit", "verify")["ok"] is True
    answer = with_admin.ask("account", "one-time-password", "ada")
    assert answer == {"account_id": 1, "name": "ada", "one_time_password": answer["one_time_password"]}
    assert answer["one_time_password"] not in {"", found[1]}


def test_a_second_factor_is_turned_off_for_a_reason(with_admin: Desk) -> None:
    """The password alone lets the admin in then; reason and operator stand in the log."""
    said = with_admin.tell("account", "turn-off-second-factor", "ada", "--reason", "phone lost", "--operator", "mara")
    assert said == "The second factor of ada is off: the password alone lets them in.\n"
    (entry,) = with_admin.ask("audit", "show", "--from", "7")["entries"]
    assert (entry["event_type"], entry["operator"], entry["reason"]) == ("SECOND_FACTOR", "mara", "phone lost")
    assert "second factor of account 1 turned off: ada (phone lost)" in with_admin.tell("audit", "show", "--last", "1")
    with served(with_admin) as lent:
        sessions.sign_in(lent.workplace, lent.reception, SignIn("ada", OLD, "", ADDRESS))
    assert with_admin.ask("audit", "verify")["ok"] is True
    error = with_admin.refuse("account", "turn-off-second-factor", "ada", "--reason", "again", exit_code=4)
    assert "has no second factor" in error["message"]


def test_without_the_station_s_key_nobody_is_helped_in(with_admin: Desk) -> None:
    """Whoever can't read the key on this computer changes nothing, and the old password goes on."""
    for key in with_admin.folder.rglob("*.key"):
        key.rename(key.with_suffix(".away"))
    assert with_admin.refuse("account", "one-time-password", "ada", exit_code=4)["code"] == "key_unusable"
    assert with_admin.refuse(
        "account", "turn-off-second-factor", "ada", "--reason", "phone lost", exit_code=4
    )["code"] == "key_unusable"  # fmt: skip
    for key in with_admin.folder.rglob("*.away"):
        key.rename(key.with_suffix(".key"))
    with served(with_admin) as lent, pytest.raises(desk_errors.SignInRefused):
        sessions.sign_in(lent.workplace, lent.reception, SignIn("ada", OLD, "", ADDRESS))
    with served(with_admin) as lent:
        code = TOTP(SECRET).at(with_admin.now + NEXT_CODE)
        sessions.sign_in(lent.workplace, lent.reception, SignIn("ada", OLD, code, ADDRESS))


def test_whom_nobody_knows_can_not_be_helped(with_admin: Desk) -> None:
    """An unknown name, or no reason, ends with an error that says what to do; nothing is saved."""
    error = with_admin.refuse("account", "one-time-password", "eve", exit_code=4)
    assert "assettrack account list" in error["message"]
    with_admin.refuse("account", "turn-off-second-factor", "eve", "--reason", "lost", exit_code=4)
    assert with_admin.type("account", "turn-off-second-factor", "ada").exit_code == 2
    assert with_admin.type("account", "turn-off-second-factor", "ada", "--reason", " ").exit_code == 2
    assert with_admin.log_size() == 6
