"""Waiting after failed sign-ins: strict with a name, patient with an address that many honest people share."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assettrack.domain import desk_errors
from assettrack.services import throttle
from assettrack.services.throttle import Try
from assettrack.store.desk import StationDesk
from assettrack.store.desk_file import DeskFile

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
HERE = "192.0.2.7"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[StationDesk]:
    """Return a desk of its own."""
    desk = StationDesk(DeskFile(tmp_path / "station.db.desk"))
    desk.set_up("assettrack-test0001")
    yield desk
    desk.close()


def fail(desk: StationDesk, name: str, at: float = 0, address: str = HERE) -> Try:
    """Try with a wrong password, so many seconds after noon."""
    return throttle.begin_try(desk, name, address, NOON + timedelta(seconds=at))


def waiting(desk: StationDesk, name: str, at: float = 0, address: str = HERE) -> int:
    """Return how long a try has to wait; it must."""
    with pytest.raises(desk_errors.SignInThrottled) as caught:
        fail(desk, name, at, address)
    return caught.value.seconds


def test_the_third_failure_of_a_name_costs_two_seconds_and_each_further_one_twice_as_many(desk: StationDesk) -> None:
    """From whichever address, in whichever spelling, up to a quarter of an hour."""
    for number, name in enumerate(("Ben", " BEN ", "ben"), 1):
        assert fail(desk, name, address=f"192.0.2.{number}").times == number
    at, waits = 0.0, []
    for _ in range(12):
        waits.append(waiting(desk, "ben", at, "198.51.100.1"))
        at += waits[-1]
        assert fail(desk, "ben", at, "198.51.100.1").throttled
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


def test_a_try_says_whether_it_made_the_next_one_wait(desk: StationDesk) -> None:
    """That is what is recorded of it."""
    assert [fail(desk, "ben").throttled for _ in range(3)] == [False, False, True]


def test_an_address_waits_after_thirty_failures_under_any_names(desk: StationDesk) -> None:
    """Two seconds, four and so on, up to a minute; other addresses don't wait."""
    assert not any(fail(desk, f"name {number}").throttled for number in range(30))
    assert fail(desk, "one more").throttled
    assert waiting(desk, "another") == 2
    fail(desk, "another", address="192.0.2.8")
    at, waits = 2.0, []
    for number in range(7):
        fail(desk, f"later {number}", at)
        waits.append(waiting(desk, "another", at))
        at += waits[-1]
    assert waits == [4, 8, 16, 32, 60, 60, 60]  # in the last two minutes one failure fades for each that is added


def test_honest_failures_of_months_never_make_an_address_wait(desk: StationDesk) -> None:
    """One failure fades a minute: of thirty, after a quarter of an hour, half are left, which sixteen make too many."""
    for number in range(200):
        fail(desk, f"name {number}", at=number * 61)
    begin = 200.0 * 61
    for number in range(30):
        assert not fail(desk, f"burst {number}", at=begin).throttled
    later = begin + 15 * 60
    assert [fail(desk, f"more {number}", at=later).throttled for number in range(16)] == [False] * 15 + [True]


def test_a_success_forgets_the_failures_of_its_name_alone(desk: StationDesk) -> None:
    """Whoever has an account of their own can't guess others' passwords for longer by signing in in between."""
    tried = None
    for number in range(30):
        fail(desk, f"name {number}")
    tried = Try("name eve", f"address {HERE}", 1, throttled=True)
    fail(desk, "eve")
    throttle.succeed(desk, tried, NOON)
    assert not fail(desk, "eve", 0, "192.0.2.9").throttled
    assert fail(desk, "ben").throttled
    assert waiting(desk, "eve") == 2


def test_honest_people_never_make_each_other_wait(desk: StationDesk) -> None:
    """However many sign in, one after the other or at once, nothing of it counts against their address."""
    for _ in range(5):
        tries = [fail(desk, f"name {number}") for number in range(20)]
        assert not any(each.throttled for each in tries)
        for each in tries:
            throttle.succeed(desk, each, NOON)
    assert desk.failures(f"address {HERE}") is None


def test_an_admin_helps_a_name_and_no_address(desk: StationDesk) -> None:
    """The next try with it waits for nothing."""
    for _ in range(3):
        fail(desk, "Ben")
    waiting(desk, "ben")
    throttle.forget_name(desk, "BEN")
    assert fail(desk, "ben").times == 1
    failed = desk.failures(f"address {HERE}")
    assert failed is not None
    assert failed.failures == 4


@pytest.mark.parametrize("name", ["", " ", "x" * 1_000_000, "a\x00b", "station", "\ud800"])
def test_what_can_be_no_name_is_counted_as_one(desk: StationDesk, name: str) -> None:
    """Whatever is typed there, nothing of it is kept."""
    assert fail(desk, name).name == "name "
    assert fail(desk, "b\x00").times == 2


def test_a_wait_ends_by_itself_after_the_clock_was_put_back(desk: StationDesk) -> None:
    """A failure that lies ahead counts as one of now, once somebody tries."""
    for _ in range(3):
        fail(desk, "ben")
    assert waiting(desk, "ben", at=-3600) == 2
    assert waiting(desk, "ben", at=-3599) == 1
    assert fail(desk, "ben", at=-3598).times == 4


def test_after_a_day_failures_are_forgotten_when_somebody_signs_in(desk: StationDesk) -> None:
    """Until then they are kept, however long ago: only the wait is over."""
    for _ in range(3):
        fail(desk, "ben")
    day = 24 * 3600
    throttle.succeed(desk, fail(desk, "ann", day), NOON + timedelta(seconds=day))
    assert fail(desk, "ben", day).times == 4
    throttle.succeed(desk, fail(desk, "ann", 2 * day + 1), NOON + timedelta(seconds=2 * day + 1))
    assert fail(desk, "ben", 2 * day + 1).times == 1
