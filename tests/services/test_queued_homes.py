"""A return keeps the slot with which it was shown; where the asset comes from another by now, its line says so."""

from assettrack.domain.tags import OUT, Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import assets, queues
from tests.services.test_queues import Taker, ben

__all__ = ["ben"]

SAID = (
    "Asset LT-1 comes from {home} by then, and this line puts it into {place}. If a line before it was removed or "
    "changed, check where it is to go."
)


def said_of(taker: Taker, number: int) -> list[str]:
    """What is said of the slot of a return."""
    lines = queues.review(taker.at, taker.desk, taker.queue).lines
    (line,) = [each for each in lines if each.scan.number == number]
    return [found.message for found in line.notices if found.code == "returned_elsewhere"]


def moved_issued_returned(taker: Taker) -> None:
    """Move LT-1 from slot 1 to slot 3, issue it and take it back, in one queue."""
    taker.stock("LT-1", "LT-2")
    taker.sets("UPDATE", case_name="CASE-01", slot_position=3)
    taker.scan("LT-1")
    taker.sets("ISSUE", holder="Jane Smith")
    taker.scan("LT-1")
    taker.sets("RETURN")
    taker.scan("LT-1")


def test_a_return_says_where_its_asset_comes_from_once_the_line_that_moved_it_is_removed(ben: Taker) -> None:
    """It goes where its line says, as it is shown and committed; brought back, it is its own slot again."""
    moved_issued_returned(ben)
    assert said_of(ben, 3) == []
    at = queues.remove(ben.at, ben.desk, ben.queue, [1])
    assert said_of(ben, 3) == [SAID.format(home="CASE-01 slot 1", place="CASE-01 slot 3")]
    queues.bring_back(ben.desk, ben.queue, at)
    assert said_of(ben, 3) == []
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    ben.commit()
    assert assets.asset(ben.at, "LT-1").where == "in CASE-01 slot 3"


def test_a_return_says_it_once_the_line_that_moved_its_asset_is_changed(ben: Taker) -> None:
    """Into another slot, or into none; and where the return goes into none itself."""
    moved_issued_returned(ben)
    queues.change(ben.desk, ben.queue, 1, TypedRow("UPDATE", "lt-1", place=OUT))
    assert said_of(ben, 3) == [SAID.format(home="no slot", place="CASE-01 slot 3")]
    queues.change(ben.desk, ben.queue, 1, TypedRow("UPDATE", "LT-1", place=Place("CASE-01", 3)))
    queues.change(ben.desk, ben.queue, 3, TypedRow("RETURN", "LT-1", place=OUT))
    assert said_of(ben, 3) == [SAID.format(home="CASE-01 slot 3", place="none")]


def test_a_return_says_it_of_the_slot_from_which_its_asset_was_issued_before(ben: Taker) -> None:
    """By the records, where what took it back and issued it anew was removed; not where the place was said for it."""
    ben.stock("LT-1")
    ben.sets("ISSUE", holder="Jane Smith")
    ben.scan("LT-1")
    ben.commit()
    ben.sets("RETURN", case_name="CASE-01", slot_position=3)
    ben.scan("LT-1")
    assert said_of(ben, 1) == []
    ben.sets("ISSUE", holder="Tom Blank")
    ben.scan("LT-1")
    ben.sets("RETURN")
    ben.scan("LT-1")
    assert said_of(ben, 3) == []
    queues.remove(ben.at, ben.desk, ben.queue, [1, 2])
    assert said_of(ben, 3) == [SAID.format(home="CASE-01 slot 1", place="CASE-01 slot 3")]


def test_a_return_says_that_its_asset_was_issued_out_of_no_slot_before(ben: Taker) -> None:
    """The slot that it had in the records is its own no more, once it came back into none and was issued anew."""
    ben.stock("LT-1")
    ben.sets("ISSUE", holder="Jane Smith")
    ben.scan("LT-1")
    ben.commit()
    ben.sets("RETURN", unslotted=True)
    ben.scan("LT-1")
    ben.sets("ISSUE", holder="Tom Blank")
    ben.scan("LT-1")
    ben.sets("RETURN", case_name="CASE-01", slot_position=1)
    ben.scan("LT-1")
    assert said_of(ben, 3) == [SAID.format(home="no slot", place="CASE-01 slot 1")]
