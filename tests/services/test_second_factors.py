"""Second factors: on only with a device that was proved, off with nothing left, and never passed over when lost."""

import json
from contextlib import closing

import pytest

from assettrack.domain import errors, station_errors
from assettrack.services import accounts, second_factors, verification
from tests.services.desk import Desk
from tests.services.front_door import ANNS, CODES, PASSWORDS, code_now, made_up_chance, second_factor_on
from tests.services.insider import Insider


@pytest.fixture
def manned(bare: Desk) -> Desk:
    """A station with one account, Ann's."""
    accounts.set_up_first_admin(bare.workplace, PASSWORDS, "Ann", ANNS)
    return bare


def test_a_new_secret_is_160_bits_of_chance(manned: Desk) -> None:
    """In base32, without padding; nothing is kept of it."""
    with manned.unchanged():
        secret = second_factors.new_secret(lambda count: bytes(range(count)))
    assert secret == "AAAQEAYEAUDAOCAJBIFQYDIOB4IBCEQT"  # RFC 4648 of the bytes 0 to 19


def test_it_is_on_once_a_device_was_proved(manned: Desk) -> None:
    """The log has the hash of the secret; the step of the code is told, so that it is not taken a second time."""
    at, secret = manned.workplace, second_factors.new_secret(made_up_chance())
    code = code_now(manned, secret)
    step = second_factors.turn_on(at, CODES, name="ann", secret=secret, code=code)
    assert step == int(manned.clock.timestamp()) // 30
    ann = accounts.require(at, "Ann")
    assert accounts.second_factor_secret(at, ann) == secret
    assert json.loads(manned.entries()[-1])["event_type"] == "SECOND_FACTOR"
    assert not any(secret.encode() in body for body in manned.entries())
    assert verification.verify(at).ok


def test_without_the_right_code_it_stays_off(manned: Desk) -> None:
    """A wrong code, or what can't be a secret, changes nothing."""
    secret = second_factors.new_secret(made_up_chance())
    wrong = f"{(int(code_now(manned, secret)) + 1) % 1_000_000:06d}"
    for given, code, expected in ((secret, wrong, "code_wrong"), ("ABC", "000000", "second_factor_unusable")):
        with manned.unchanged(), pytest.raises(errors.DeedRefused) as caught:
            second_factors.turn_on(manned.workplace, CODES, name="Ann", secret=given, code=code)
        assert caught.value.code == expected
    with pytest.raises(errors.NotFound):
        second_factors.turn_on(manned.workplace, CODES, name="Eve", secret=secret, code=wrong)
    ann = accounts.require(manned.workplace, "Ann")
    assert (ann.secret_sha256, accounts.second_factor_secret(manned.workplace, ann)) == (None, None)


def test_one_that_is_on_is_replaced_only_where_that_is_said(manned: Desk) -> None:
    """Else the device that was proved stays the one whose codes are asked for."""
    first = second_factor_on(manned, "Ann")
    other = second_factors.new_secret(made_up_chance("another device"))
    with manned.unchanged(), pytest.raises(errors.ValueUnusable, match="one is on already; turn that off first"):
        second_factors.turn_on(
            manned.workplace, CODES, name="Ann", secret=other, code=code_now(manned, other), replaces=False
        )
    assert accounts.second_factor_secret(manned.workplace, accounts.require(manned.workplace, "Ann")) == first


def test_turned_off_its_secret_is_nowhere(manned: Desk) -> None:
    """Replaced or turned off, no byte of the old secret is left in the files; off twice is refused."""
    at = manned.workplace
    first = second_factor_on(manned, "Ann")
    other = second_factors.new_secret(made_up_chance("another device"))
    second_factors.turn_on(at, CODES, name="Ann", secret=other, code=code_now(manned, other))
    assert accounts.second_factor_secret(at, accounts.require(at, "Ann")) == other
    second_factors.turn_off(at, "Ann")
    content = b"".join(file.read_bytes() for file in manned.folder.glob("assettrack.db*"))
    assert [secret for secret in (first, other) if secret.encode() in content] == []
    assert accounts.second_factor_secret(at, accounts.require(at, "Ann")) is None
    assert verification.verify(at).ok
    with manned.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        second_factors.turn_off(at, "Ann")
    assert caught.value.code == "second_factor_missing"


def test_a_lost_secret_is_not_passed_over(manned: Desk) -> None:
    """Where the log says that there is one and it is gone, nobody is let in without; it can be turned off."""
    second_factor_on(manned, "Ann")
    ann = accounts.require(manned.workplace, "Ann")
    with closing(Insider(manned, [])) as insider:
        insider.do("DELETE FROM credentials WHERE kind = 'second_factor'")
    with pytest.raises(errors.DeedRefused) as caught:
        accounts.second_factor_secret(manned.workplace, ann)
    assert caught.value.code == "second_factor_lost"
    second_factors.turn_off(manned.workplace, "Ann")
    assert accounts.second_factor_secret(manned.workplace, ann) is None


def test_a_swapped_secret_is_damage(manned: Desk) -> None:
    """A secret that the log does not know is not used; of an account that there is not, there is none."""
    second_factor_on(manned, "Ann")
    ann = accounts.require(manned.workplace, "Ann")
    assert accounts.second_factor_secret(manned.workplace, ann._replace(account_id=9)) is None
    with closing(Insider(manned, [])) as insider:
        insider.do("UPDATE credentials SET text = ? WHERE kind = 'second_factor'", ("A" * 32,))
        with pytest.raises(station_errors.DatabaseDamaged):
            accounts.second_factor_secret(manned.workplace, ann)
