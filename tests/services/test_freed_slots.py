"""A slot is told to be free again only where it is: nothing is in it, and no row of the queue goes there."""

from assettrack.domain.tags import Place
from assettrack.services import freed_slots, next_free_slots, queues
from assettrack.services.freed_slots import Freed
from tests.services.test_next_free_slots import CASE, asked, colleague, fills, offered
from tests.services.test_queues import Taker, ben

__all__ = ["ben"]


def removed(taker: Taker, *numbers: int) -> Freed:
    """Take scans out, and return what is told of their slots."""
    return told(taker, queues.remove(taker.at, taker.desk, taker.queue, numbers))


def told(taker: Taker, removed_at: str) -> Freed:
    """Return what is told now of the slots of what was removed then."""
    return freed_slots.freed_by(taker.at, taker.queue, removed_at)


def test_a_slot_between_others_is_free_again_and_the_next_scan_fills_it(ben: Taker) -> None:
    """It does: the next new asset takes the first free slot, and nothing is told any more."""
    ben.station.case(CASE, 6)
    fills(ben, "BE-1", "BE-2", "BE-3", "BE-4")
    removed_at = queues.remove(ben.at, ben.desk, ben.queue, [2, 3])
    second, third = Place(CASE, 2), Place(CASE, 3)
    assert told(ben, removed_at) == Freed([second, third], second)
    fills(ben, "BE-5")
    assert told(ben, removed_at) == Freed([third], third)
    fills(ben, "BE-6")
    assert told(ben, removed_at) == Freed()


def test_the_last_slot_is_no_gap(ben: Taker) -> None:
    """Nothing was scanned after it that could lie elsewhere than is shown."""
    ben.station.case(CASE, 6)
    fills(ben, "BE-1", "BE-2")
    assert removed(ben, 2) == Freed()
    assert removed(ben, 1) == Freed()


def test_a_slot_that_somebody_else_has_filled_is_not_free(ben: Taker) -> None:
    """Two fill one case, the other has committed: what lies there is theirs, before and after the rows are moved."""
    ben.station.case(CASE, 8)
    pia = colleague(ben, "pia")
    fills(ben, "BE-1", "BE-2", "BE-3")
    fills(pia, "PI-1", "PI-2", "PI-3")
    ben.commit()
    removed_at = queues.remove(pia.at, pia.desk, pia.queue, [2])
    assert told(pia, removed_at) == Freed()
    next_free_slots.put(pia.at, pia.desk, pia.account, asked(pia, list(offered(pia).moves)))
    assert told(pia, removed_at) == Freed()


def test_a_slot_in_which_the_asset_lies_already_is_not_free(ben: Taker) -> None:
    """It was seen where it is: taken out of the queue, it is there all the same."""
    ben.station.case(CASE, 6)
    fills(ben, "BE-1", "BE-2", "BE-3")
    ben.commit()
    ben.sets("SCAN")
    for slot in (1, 2, 3):
        ben.scan(f"{CASE} SLOT-0{slot}", f"BE-{slot}")
    assert removed(ben, 4) == Freed()


def test_who_scans_elsewhere_fills_no_such_slot(ben: Taker) -> None:
    """The slot is free, and the next scan goes into another case, into none, or into one that was named, or is held."""
    ben.station.case(CASE, 6)
    fills(ben, "BE-1", "BE-2", "BE-3")
    removed_at = queues.remove(ben.at, ben.desk, ben.queue, [2])
    free = [Place(CASE, 2)]
    for event, context, filled in (
        ("SCAN", {"case_name": "CASE-01", "fills": True}, None),
        ("SCAN", {"case_name": CASE, "slot_position": 5}, None),
        ("RETIRE", {"case_name": CASE, "fills": True}, None),
        ("SCAN", {"case_name": CASE, "fills": True, "place_removed": True}, None),
        ("SCAN", {"case_name": CASE, "fills": True, "ended": True}, None),
        ("UPDATE", {"case_name": CASE, "fills": True}, free[0]),
    ):
        ben.sets(event, **context)  # type: ignore[arg-type]  # the events are some of those that there are
        assert told(ben, removed_at) == Freed(free, filled)


def test_a_slot_that_was_left_to_a_removed_line_is_free_again(ben: Taker) -> None:
    """Its asset was scanned before, in no case; the next new one goes there."""
    ben.station.case(CASE, 4)
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("BE-1", CASE, "BE-1", "BE-2")
    assert removed(ben, 3) == Freed([Place(CASE, 1)], Place(CASE, 1))
