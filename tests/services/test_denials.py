"""What a role did not allow is recorded, each time of it, and however often it is asked for the log grows slowly."""

import json
from datetime import timedelta
from typing import Any

import pytest

from assettrack.domain import errors
from assettrack.domain.facts import Account
from assettrack.services import accounts, verification
from assettrack.services.denials import SECONDS, Denial, Denials
from tests.services.desk import Desk
from tests.services.front_door import ANNS, PASSWORDS

HERE = "192.0.2.7"


@pytest.fixture
def ben(bare: Desk) -> Account:
    """Return Ben, a viewer."""
    accounts.set_up_first_admin(bare.workplace, PASSWORDS, "Ann", ANNS)
    return accounts.register(bare.workplace, "Ben", role="viewer")


def told(desk: Desk) -> list[tuple[Any, ...]]:
    """What was recorded: of whom, by whom, of what, how often."""
    entries = [json.loads(body) for body in desk.entries()]
    found = [each for each in entries if each.get("event") == "access_denied"]
    assert all(each["address"] == HERE for each in found)
    return [(each["name"], each["operator"], each["detail"], each.get("times", 1)) for each in found]


def test_the_first_denial_is_recorded_at_once_and_those_of_its_minute_as_one(bare: Desk, ben: Account) -> None:
    """The one that begins the next minute is told with those that were counted before it."""
    denials = Denials()
    for _ in range(20):
        denials.tell(bare.workplace, Denial(ben, HERE, "GET /people"))
    assert told(bare) == [("Ben", "Ben", "GET /people", 1)]
    bare.clock += timedelta(seconds=SECONDS)
    denials.tell(bare.workplace, Denial(ben, HERE, "GET /people"))
    assert told(bare)[1:] == [("Ben", "Ben", "GET /people", 20)]
    assert verification.verify(bare.workplace).ok


def test_each_account_has_a_minute_of_its_own(bare: Desk, ben: Account) -> None:
    """That one is denied something hides nothing of another."""
    denials, ann = Denials(), accounts.require(bare.workplace, "Ann")
    for who in (ben, ann, ben):
        denials.tell(bare.workplace, Denial(who, HERE, "GET /people"))
    assert [name for name, *_ in told(bare)] == ["Ben", "Ann"]


def test_what_was_counted_is_recorded_when_its_minute_is_over(bare: Desk, ben: Account) -> None:
    """Not before, once, and nothing where nothing was counted; a clock that was put back ends a minute too."""
    denials = Denials()
    denials.settle(bare.workplace)
    for path in ("/people", "/settings", "/people"):
        denials.tell(bare.workplace, Denial(ben, HERE, f"GET {path}"))
    denials.settle(bare.workplace)
    assert len(told(bare)) == 1
    bare.clock += timedelta(seconds=SECONDS)
    for _ in range(2):
        denials.settle(bare.workplace)
    assert told(bare)[1:] == [("Ben", "Ben", "GET /settings, GET /people", 2)]
    denials.tell(bare.workplace, Denial(ben, HERE, "GET /people"))
    bare.clock -= timedelta(hours=1)
    denials.settle(bare.workplace)
    denials.tell(bare.workplace, Denial(ben, HERE, "GET /people"))
    assert [times for *_, times in told(bare)[2:]] == [1, 1]


def test_all_that_was_counted_is_recorded_when_the_server_ends(bare: Desk, ben: Account) -> None:
    """Of many different things three are named; the figure is of all."""
    denials = Denials()
    for number in range(7):
        denials.tell(bare.workplace, Denial(ben, HERE, f"GET /people/{number}"))
    denials.settle(bare.workplace, everything=True)
    assert told(bare)[1:] == [("Ben", "Ben", "GET /people/1, GET /people/2, GET /people/3, and more", 6)]


def test_what_could_not_be_recorded_is_recorded_later(bare: Desk, ben: Account) -> None:
    """Nobody else's denial is told in its place, and none is lost."""
    denials, gone = Denials(), ben._replace(account_id=99)
    with pytest.raises(errors.AssetTrackError):
        denials.tell(bare.workplace, Denial(gone, HERE, "GET /people"))
    with pytest.raises(errors.AssetTrackError):
        denials.settle(bare.workplace, everything=True)
    denials.tell(bare.workplace, Denial(gone, HERE, "GET /people"))
    with pytest.raises(errors.AssetTrackError):
        denials.settle(bare.workplace, everything=True)
    assert told(bare) == []
