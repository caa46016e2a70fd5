"""Before scans are brought back it is known whose slots other rows name, and which assets are rows by now."""

from assettrack.domain.tags import Place
from assettrack.services import queues
from assettrack.services.coming_back import ComingBack, Crowded, coming_back
from tests.services.test_queues import Taker, ben

__all__ = ["ben"]


def test_what_is_as_it_was_needs_no_word(ben: Taker) -> None:
    """Rows whose slots nobody named, rows in no slot, what was held, and a repeat of what is there."""
    ben.sets("SCAN", case_name="CASE-01", fills=True, equipment_type="laptop")
    ben.scan("LT-1", "LT-2", "LT-1", "AT BROKEN")
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-3", "LT-4")
    removed_at = queues.remove(ben.at, ben.desk, ben.queue, [2, 3, 4, 5])
    assert coming_back(ben.queue, removed_at) == ComingBack()


def test_a_slot_that_another_row_names_and_an_asset_that_is_a_row_are_told(ben: Taker) -> None:
    """Each by its asset; what was removed stays removed."""
    ben.sets("SCAN", case_name="CASE-01", fills=True, equipment_type="laptop")
    ben.scan("LT-1", "LT-2")
    removed_at = queues.remove(ben.at, ben.desk, ben.queue, [1, 2])
    ben.scan("LT-3", "LT-2")
    told = coming_back(ben.queue, removed_at)
    assert told == ComingBack(["LT-2"], [Crowded("LT-1", Place("CASE-01", 1), "LT-3")])
    assert [scan.number for scan in ben.queue.scans if scan.removed] == [1, 2]


def test_an_asset_does_not_crowd_itself_however_it_is_spelled(ben: Taker) -> None:
    """Another row puts the same asset into the slot into which the one that comes back does."""
    ben.stock("LT-1")
    ben.sets("UPDATE", case_name="CASE-01", slot_position=2)
    ben.scan("LT-1")
    removed_at = queues.remove(ben.at, ben.desk, ben.queue, [1])
    ben.sets("SCAN", case_name="CASE-01", slot_position=2)
    ben.scan("lt-1")
    assert coming_back(ben.queue, removed_at) == ComingBack()


def test_a_row_is_told_which_other_can_not_be_in_its_slot(ben: Taker) -> None:
    """The one that is there, of the one that is refused; a slot that was left in between crowds nobody."""
    ben.stock("LT-1", "LT-2")
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-3")
    ben.commit()
    ben.sets("UPDATE")
    ben.scan("CASE-01 SLOT-03", "LT-1", "CASE-01 SLOT-01", "LT-1", "CASE-01 SLOT-03", "LT-2")
    lines = queues.review(ben.at, ben.desk, ben.queue).lines
    assert [line.crowded_by for line in lines] == [""] * 6
    assert [found for line in lines for found in line.refusals] == []
    ben.scan("CASE-01 SLOT-03", "LT-3")
    lines = queues.review(ben.at, ben.desk, ben.queue).lines
    assert [line.crowded_by for line in lines if line.crowded_by] == ["LT-3"]
    assert [line.scan.number for line in lines if line.crowded_by] == [6]
    assert [line.colour for line in lines][5:] == ["note", "plain", "bad"]
