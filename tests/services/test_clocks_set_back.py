"""What was removed or moved last is what is offered to be taken back, also where the clock was set back since."""

from datetime import timedelta

import msgspec

from assettrack.domain.cards import CardKind
from assettrack.services import queues
from tests.services.test_next_free_slots import SLOT, ben, fills, offered, pia, put, told
from tests.services.test_queues import Taker, card

__all__ = ["ben", "pia"]


def set_back(taker: Taker) -> None:
    """Set somebody's clock back by more than all took that was done; it stands there."""
    earlier = taker.station.now - timedelta(minutes=1)
    taker.at = msgspec.structs.replace(taker.at, now=lambda: earlier)


def removed_last(taker: Taker) -> list[str]:
    """What was scanned of that which went by the latest moment: the page offers to bring it back."""
    gone = [scan for scan in taker.queue.scans if scan.removed_at]
    last = max(scan.removed_at or "" for scan in gone)
    return [scan.typed for scan in gone if scan.removed_at == last]


def test_what_was_removed_last_is_brought_back_first(ben: Taker) -> None:
    """By hand or by a card: each removal has a moment of its own, after all before it."""
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-1", "LT-2", "LT-3", "LT-4")
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    set_back(ben)
    queues.remove(ben.at, ben.desk, ben.queue, [2])
    assert removed_last(ben) == ["LT-2"]
    ben.scan(card(CardKind.UNDO))
    assert removed_last(ben) == ["LT-4"]
    found = queues.remove(ben.at, ben.desk, ben.queue, [3])
    assert removed_last(ben) == ["LT-3"]
    for left in (["LT-4"], ["LT-2"], ["LT-1"]):
        assert queues.bring_back(ben.desk, ben.queue, found) == 1
        assert removed_last(ben) == left
        found = max(scan.removed_at or "" for scan in ben.queue.scans)


def test_what_was_moved_last_is_put_back_first(ben: Taker, pia: Taker) -> None:
    """One row was moved on since; that it was is the later word."""
    put(pia)
    fills(ben, "BE-3")
    ben.commit()
    set_back(pia)
    put(pia)
    assert told(list(offered(pia).back)) == [f"PI-1: {SLOT} 6 to {SLOT} 3"]
