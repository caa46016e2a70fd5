"""When something was scanned that waited in the browser while the station was away."""

from datetime import datetime, timedelta

import msgspec
import pytest

from assettrack.services import queues
from assettrack.services.waited_scans import at_the_scan, waited
from tests.services.test_queues import Taker, ben

__all__ = ["ben"]

HOURS_12 = timedelta(hours=12)


@pytest.mark.parametrize(
    ("said", "for_so_long"),
    [
        ("90000", timedelta(seconds=90)), ("0.5", timedelta(microseconds=500)), ("", timedelta()), ("-1", timedelta()),
        ("soon", timedelta()), ("nan", timedelta()), ("inf", timedelta()), ("1e300", HOURS_12),
        ("9" * 400, timedelta()), (str(13 * 3600 * 1000), HOURS_12),
    ],
)  # fmt: skip
def test_what_is_no_number_counts_for_nothing_and_nothing_waits_more_than_a_shift(
    said: str, for_so_long: timedelta
) -> None:
    """A browser may say anything."""
    assert waited(said) == for_so_long


def scan(ben: Taker, typed: str, said: str, at: datetime) -> datetime:
    """Take in, at a time, what waited; return when it was scanned."""
    station = msgspec.structs.replace(ben.at, now=lambda: at)
    queue = ben.queue
    (number,) = queues.take(at_the_scan(station, queue, said), ben.desk, queue, typed)
    (found,) = [each for each in ben.queue.scans if each.number == number]
    return datetime.fromisoformat(found.scanned_at)


def test_the_time_of_a_scan_is_when_it_was_scanned(ben: Taker) -> None:
    """The station's clock less what it waited, and the order is that in which they came."""
    now = ben.at.now()
    assert scan(ben, "LT-1", "", now) == now
    assert scan(ben, "LT-2", "600000", now + timedelta(minutes=11)) == now + timedelta(minutes=1)
    assert [each.typed for each in ben.queue.scans] == ["LT-1", "LT-2"]


def test_what_was_on_the_way_does_not_overtake(ben: Taker) -> None:
    """Some seconds between two answers don't turn two scans round, but an hour that one waited stands."""
    now = ben.at.now()
    scan(ben, "LT-1", "", now)
    assert scan(ben, "LT-2", "5000", now + timedelta(seconds=1)) == now
    assert scan(ben, "LT-3", "3600000", now) == now - timedelta(hours=1)
