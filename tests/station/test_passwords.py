"""Passwords are hashed with Argon2id, salted, and compared without telling whose there are."""

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

import pytest
from argon2 import PasswordHasher, extract_parameters

from assettrack.station.passwords import AT_ONCE, ArgonPasswords

PASSWORD = "Zoë's long password"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture
def passwords() -> ArgonPasswords:
    """Argon2id with as little work as it allows."""
    return ArgonPasswords(QUICK)


def test_the_usual_parameters_are_those_of_the_library() -> None:
    """Argon2id as the library recommends it; they stand in the hash, and such a hash matches."""
    hashed = ArgonPasswords().hash(PASSWORD)
    assert hashed.startswith("$argon2id$")
    assert extract_parameters(hashed) == extract_parameters(PasswordHasher().hash("x"))
    assert ArgonPasswords().matches(hashed, PASSWORD)


def test_a_hash_is_salted(passwords: ArgonPasswords) -> None:
    """The same password twice can't be seen to be the same; the salt has the 16 bytes that RFC 9106 asks for."""
    first, second = passwords.hash(PASSWORD), passwords.hash(PASSWORD)
    assert first != second
    assert passwords.matches(first, PASSWORD)
    assert passwords.matches(second, PASSWORD)
    salt = re.fullmatch(r"\$argon2id\$v=19\$m=8,t=1,p=1\$([A-Za-z0-9+/]{22})\$[A-Za-z0-9+/]+", first)
    assert salt is not None


@pytest.mark.parametrize("typed", ["Zoe\u0308's long password", "Zoë's\u00a0long password"])
def test_other_keyboards_lead_to_the_same_password(passwords: ArgonPasswords, typed: str) -> None:
    """Letters put together from parts, and other spaces, are the same; both when it is chosen and when it is typed."""
    assert passwords.matches(passwords.hash(PASSWORD), typed)
    assert passwords.matches(passwords.hash(typed), PASSWORD)


@pytest.mark.parametrize(
    "typed", ["", "zoë's long password", "Zoë's long password ", "\ud800", "x" * 300, "a\x00b", PASSWORD[:-1]]
)
def test_what_does_not_match(passwords: ArgonPasswords, typed: str) -> None:
    """Anything else, however hostile, is a no and no failure."""
    assert not passwords.matches(passwords.hash(PASSWORD), typed)


def test_a_hash_of_other_parameters_still_matches(passwords: ArgonPasswords) -> None:
    """Parameters may change later; what was hashed before stays good."""
    assert passwords.matches(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD), PASSWORD)


@pytest.mark.parametrize("hashed", ["", "x", "$argon2id$v=19$m=8,t=1,p=1$AAAA", "\u00e9"])
def test_what_is_no_hash_matches_nothing(passwords: ArgonPasswords, hashed: str) -> None:
    """A damaged hash lets nobody in."""
    assert not passwords.matches(hashed, PASSWORD)


class CountingHasher(PasswordHasher):
    """The library's hasher, which counts its comparisons."""

    compared = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's name
        """Compare, and count it."""
        self.compared += 1
        return super().verify(hash, password)


@pytest.mark.parametrize("typed", [PASSWORD, "nobody's", "somebody's", "", "\ud800"])
def test_nobody_takes_as_much_work_as_somebody(typed: str) -> None:
    """Without a hash, or with what can't be a password, one comparison is done too; the answer is always no."""
    hasher = CountingHasher(time_cost=1, memory_cost=8, parallelism=1)
    passwords = ArgonPasswords(hasher)
    assert not passwords.matches(None, typed)
    assert hasher.compared == 1
    assert not passwords.matches(passwords.hash(PASSWORD), typed[:-1])
    assert hasher.compared == 2


def test_only_a_password_that_was_looked_at_is_hashed(passwords: ArgonPasswords) -> None:
    """What can never be typed again is not hashed."""
    for text in ("", "\ud800", "x" * 257):
        with pytest.raises(AssertionError):
            passwords.hash(text)


class CrowdedHasher(PasswordHasher):
    """The library's hasher, which knows how many are at it at once, and waits for others to come."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.most = self._inside = 0
        self._others = threading.Condition()

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        """Hash, after a while in which others may come in."""
        self._linger()
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's name
        """Compare, after a while in which others may come in."""
        self._linger()
        return super().verify(hash, password)

    def _linger(self) -> None:
        with self._others:
            self._inside += 1
            self.most = max(self.most, self._inside)
            self._others.notify_all()
            self._others.wait_for(lambda: self.most > AT_ONCE, timeout=0.05)  # more than may never come
            self._inside -= 1


@pytest.mark.parametrize("known", [True, False])
def test_few_are_compared_at_once(*, known: bool) -> None:
    """Each takes 64 MiB while it lasts; whoever sends many at once can't take the memory of the computer by it."""
    hasher = CrowdedHasher()
    passwords = ArgonPasswords(hasher)
    hashed = QUICK.hash(PASSWORD) if known else None
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(passwords.matches, hashed, PASSWORD) for _ in range(8)]
        asked += [threads.submit(passwords.matches, passwords.hash(PASSWORD), PASSWORD)]
    assert [each.result() for each in asked] == [known] * 8 + [True]
    assert hasher.most == AT_ONCE
