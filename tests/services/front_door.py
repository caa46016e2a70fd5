"""What the tests let people in with: real hashes with as little work as Argon2 allows, and chance that is no chance.

Owns what accounts of tests sign in with, and the accounts that a station has which has done some of everything.
"""

from collections.abc import Callable
from hashlib import sha256

from argon2 import PasswordHasher
from pyotp import TOTP

from assettrack.services import accounts, second_factors
from assettrack.services.accounts import WantedAccount
from assettrack.station.passwords import ArgonPasswords
from assettrack.station.second_factor import TimeCodes
from tests.services.desk import Desk

PASSWORDS = ArgonPasswords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
CODES = TimeCodes()
ANNS = "correct horse battery"
BENS = "staple in the margin"


def made_up_chance(seed: str = "") -> Callable[[int], bytes]:
    """What gives bytes that are others for each seed, and each time they are asked for."""
    asked = 0

    def chance(count: int) -> bytes:
        nonlocal asked
        asked += 1
        return sha256(f"{seed} {asked}".encode()).digest()[:count]

    return chance


def code_now(desk: Desk, secret: str) -> str:
    """The code that a device shows at the moment."""
    return TOTP(secret).at(desk.clock)


def second_factor_on(desk: Desk, name: str) -> str:
    """Turn a second factor on; return its secret."""
    secret = second_factors.new_secret(made_up_chance(name))
    second_factors.turn_on(desk.workplace, CODES, name=name, secret=secret, code=code_now(desk, secret))
    return secret


def do_everything_with_accounts(desk: Desk) -> None:
    """Have accounts of all kinds: with passwords set, reset and taken away, second factors, tokens, and events."""
    at = desk.workplace
    ann = accounts.set_up_first_admin(at, PASSWORDS, "Ann Admin", ANNS)
    accounts.register(at, "Ben", role="operator")
    accounts.set_password(at, PASSWORDS, name="Ben", password=BENS)
    accounts.register(at, "Vic", role="viewer")
    accounts.reset_with_one_time_password(at, PASSWORDS, name="Vic", chance=made_up_chance("vic"))
    accounts.register(at, "Olu", role="auditor")
    accounts.set_password(at, PASSWORDS, name="Olu", password=BENS)
    accounts.take_password_away(at, "Olu")
    accounts.change(at, "Olu", WantedAccount(role="viewer", active=False, reason="left"))
    second_factor_on(desk, "Ann Admin")
    second_factor_on(desk, "Ben")
    second_factors.turn_off(at, "Ben")
    accounts.make_token(at, name="Ben", label="nightly export", chance=made_up_chance("export"))
    accounts.revoke_token(
        at, accounts.make_token(at, name="Ben", label="old", chance=made_up_chance("old")).token.token_id
    )
    accounts.record_security_event(at, "signed_in", account=ann, address="192.0.2.7")
    accounts.record_security_event(at, "sign_in_refused", address="192.0.2.7", detail="no such account", times=3)
