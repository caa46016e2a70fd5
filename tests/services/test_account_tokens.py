"""Tokens with which programs act for accounts, and events at the door."""

import json
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import pytest

from assettrack.domain import account_deeds, errors
from assettrack.domain.account_deeds import AccountChange
from assettrack.domain.facts import ApiToken
from assettrack.services import accounts, verification
from assettrack.services.accounts import MadeToken, WantedAccount
from assettrack.services.typed_deeds import signoff
from tests.services.desk import Desk
from tests.services.front_door import ANNS, PASSWORDS, made_up_chance


@pytest.fixture
def manned(bare: Desk) -> Desk:
    """A station with Ann, an admin, and Ben, an operator."""
    accounts.set_up_first_admin(bare.workplace, PASSWORDS, "Ann", ANNS)
    accounts.register(bare.workplace, "Ben", role="operator")
    return bare


def token_of_ben(desk: Desk, label: str = "nightly export") -> MadeToken:
    """Make a token for Ben."""
    return accounts.make_token(desk.workplace, name="ben", label=label, chance=made_up_chance(label))


def test_a_token_is_told_once(manned: Desk) -> None:
    """It is at_ and 32 random bytes in base64url; the station keeps its SHA-256 alone."""
    made = token_of_ben(manned, "  nightly   export ")
    assert re.fullmatch("at_[A-Za-z0-9_-]{43}", made.text)
    assert made.token == ApiToken(1, 2, "nightly export", sha256(made.text.encode()).digest())
    content = b"".join(file.read_bytes() for file in manned.folder.glob("assettrack.db*"))
    assert made.text.encode() not in content
    entry = json.loads(manned.entries()[-1])
    assert (entry["event_type"], entry["token_sha256"]) == ("API_TOKEN", made.token.token_sha256.hex())
    assert verification.verify(manned.workplace).ok


def test_every_byte_of_chance_is_in_it(manned: Desk) -> None:
    """All ones make the last letters of the alphabet; the 43rd letter holds the last four bits."""
    made = accounts.make_token(manned.workplace, name="Ben", label="x", chance=lambda count: b"\xff" * count)
    assert made.text == "at_" + "_" * 42 + "8"


def test_a_token_stands_for_its_account(manned: Desk) -> None:
    """As long as it is not revoked; another of the same account goes on."""
    at, made, other = manned.workplace, token_of_ben(manned), token_of_ben(manned, "other")
    assert accounts.account_of_token(at, made.text) == accounts.require(at, "Ben")
    accounts.revoke_token(at, made.token.token_id)
    assert accounts.account_of_token(at, made.text) is None
    assert accounts.account_of_token(at, other.text) == accounts.require(at, "Ben")
    assert verification.verify(at).ok


def test_tokens_end_for_good_with_their_account(manned: Desk) -> None:
    """Each that was good has an entry in the same transaction; an account that comes back has to make new ones."""
    at = manned.workplace
    texts = [token_of_ben(manned, label).text for label in ("first", "second", "third")]
    anns = accounts.make_token(at, name="Ann", label="hers", chance=made_up_chance("hers"))
    accounts.revoke_token(at, 2)
    size = manned.log_size
    accounts.change(at, "Ben", WantedAccount(active=False, reason="left"))
    found = [json.loads(body) for body in manned.entries(size + 1)]
    assert [each["event_type"] for each in found] == ["ACCOUNT_CHANGE", "API_TOKEN_REVOKED", "API_TOKEN_REVOKED"]
    assert [each.get("token_id") for each in found] == [None, 1, 3]
    with manned.store.read() as snapshot:
        assert [at for at, _ in snapshot.checkpoints() if at > size] == [size + 3]
    accounts.change(at, "Ben", WantedAccount(active=True, reason="back"))
    assert [accounts.account_of_token(at, text) for text in texts] == [None, None, None]
    assert manned.log_size == size + 4
    assert accounts.account_of_token(at, anns.text) == accounts.require(at, "Ann")
    assert accounts.account_of_token(at, token_of_ben(manned, "new").text) == accounts.require(at, "Ben")
    assert verification.verify(at).ok


def test_another_role_leaves_tokens_alone(manned: Desk) -> None:
    """They do what the account may from then on."""
    made = token_of_ben(manned)
    accounts.change(manned.workplace, "Ben", WantedAccount(role="viewer", reason="moved"))
    found = accounts.account_of_token(manned.workplace, made.text)
    assert found is not None
    assert found.role == "viewer"


def test_tokens_that_an_earlier_version_left_end_when_their_account_comes_back(manned: Desk) -> None:
    """Its log stays good: the deactivation replays as it was, without an entry for the token."""
    at, made = manned.workplace, token_of_ben(manned)
    with manned.store.write() as transaction:
        asked = AccountChange(2, "operator", active=False, reason="left")
        deed = account_deeds.change_account(transaction, asked, transaction.log_size + 1, signoff(at))
        assert deed is not None
        transaction.save(deed)
    assert verification.verify(at).ok
    assert accounts.account_of_token(at, made.text) is None
    accounts.change(at, "Ben", WantedAccount(active=True, reason="back"))
    assert accounts.account_of_token(at, made.text) is None
    assert [json.loads(body)["event_type"] for body in manned.entries(manned.log_size - 1)] == [
        "ACCOUNT_CHANGE", "API_TOKEN_REVOKED",
    ]  # fmt: skip
    assert verification.verify(at).ok


@pytest.mark.parametrize("text", ["", "at_", "at_" + "A" * 43, "at_" + "\ud800" * 43, "AT_" + "A" * 43, "x" * 10_000])
def test_what_is_no_token_stands_for_nobody(manned: Desk, text: str) -> None:
    """Whatever is sent as a token, however hostile."""
    token_of_ben(manned)
    assert accounts.account_of_token(manned.workplace, text) is None


def test_a_token_with_anything_around_it_is_another(manned: Desk) -> None:
    """Spaces, line ends and other letters make it none."""
    made = token_of_ben(manned)
    for text in (f" {made.text}", f"{made.text}\n", made.text[:-1], made.text + "A", made.text.swapcase()):
        assert accounts.account_of_token(manned.workplace, text) is None


def test_tokens_are_listed_by_account(manned: Desk) -> None:
    """Revoked ones too, in the order in which they were made."""
    first, second = token_of_ben(manned), token_of_ben(manned, "other")
    accounts.revoke_token(manned.workplace, 1)
    assert accounts.tokens_of(manned.workplace, "BEN") == [first.token._replace(revoked=1), second.token]
    assert accounts.tokens_of(manned.workplace, "Ann") == []
    with pytest.raises(errors.NotFound):
        accounts.tokens_of(manned.workplace, "Eve")


def test_what_is_refused_about_tokens(manned: Desk) -> None:
    """A blank label, an account that is not active or not there, a token that is not there or revoked before."""
    token_of_ben(manned)
    accounts.revoke_token(manned.workplace, 1)
    accounts.change(manned.workplace, "Ben", WantedAccount(active=False, reason="left"))
    expected: dict[str, Callable[[], object]] = {
        "label_invalid": lambda: accounts.make_token(
            manned.workplace, name="Ann", label=" ", chance=made_up_chance("blank")
        ),
        "account_inactive": lambda: token_of_ben(manned, "late"),
        "token_revoked": lambda: accounts.revoke_token(manned.workplace, 1),
        "unknown_token": lambda: accounts.revoke_token(manned.workplace, 2),
    }
    for code, do in expected.items():
        with manned.unchanged(), pytest.raises(errors.DeedRefused) as caught:
            do()
        assert caught.value.code == code
    with manned.unchanged(), pytest.raises(errors.NotFound):
        accounts.make_token(manned.workplace, name="Eve", label="x", chance=made_up_chance())


def last(desk: Desk) -> dict[str, Any]:
    """The last entry of the log."""
    found: dict[str, Any] = json.loads(desk.entries()[-1])
    return found


def test_an_event_of_an_account_is_recorded(manned: Desk) -> None:
    """Whose it is, from where, what else, how often; by whoever is at work. The entry's number is returned."""
    ben = accounts.require(manned.workplace, "Ben")
    seq = accounts.record_security_event(
        manned.manned_by("Ben"), "access_denied", account=ben, address="192.0.2.7", detail="POST /cases", times=2
    )
    assert last(manned) | {"recorded_at": "", "version": ""} == {
        "seq": seq, "event_type": "SECURITY", "event": "access_denied", "account_id": 2, "name": "Ben",
        "address": "192.0.2.7", "detail": "POST /cases", "times": 2, "operator": "Ben",
        "recorded_at": "", "version": "",
    }  # fmt: skip
    assert verification.verify(manned.workplace).ok


def test_where_nobody_is_at_work_the_station_records(manned: Desk) -> None:
    """No account, no name: what was typed as one is nobody's business."""
    accounts.record_security_event(manned.manned_by(None), "sign_in_refused", address="")
    entry = last(manned)
    assert entry["operator"] == "station"
    assert {"account_id", "name", "address", "detail", "times"} & entry.keys() == set()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("GET /\x00\x1b[31m", "GET /\ufffd\ufffd[31m"),
        ("GET /" + "x" * 500, "GET /" + "x" * 195),
        ("two\r\nlines", "two\ufffd\ufffdlines"),
        ("lone \ud800", "lone \ufffd"),
        ("   ", None),
        ("x" + " " * 300, "x"),
    ],
)
def test_no_event_goes_unrecorded_because_of_what_is_sent(manned: Desk, given: str, kept: str | None) -> None:
    """What can't be printed is made visible and what is too long is cut, in address and remark alike."""
    accounts.record_security_event(manned.workplace, "access_denied", address=given, detail=given)
    assert (last(manned).get("address"), last(manned).get("detail")) == (kept, kept)
    assert verification.verify(manned.workplace).ok


def test_an_event_that_never_happened_is_refused(manned: Desk) -> None:
    """Nothing is recorded of it."""
    with manned.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        accounts.record_security_event(manned.workplace, "signed_in", times=0)
    assert caught.value.code == "event_times_invalid"
