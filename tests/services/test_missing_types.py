"""The type of new assets, said once for a whole queue: all in one step, on the queue as it is by then."""

import msgspec
import pytest

from assettrack.domain import desk_errors
from assettrack.domain.queued_scans import Moved, RowMeant, written_meant
from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import missing_types, next_free_slots, queues
from assettrack.services.next_free_slots import Asked
from assettrack.services.queue_lines import Line
from tests.services.test_queue_meanings import types
from tests.services.test_queues import Taker, ben

__all__ = ["ben"]


def form(ben: Taker) -> Asked:
    """What the form says that is drawn now."""
    lacking = [line for line in lines(ben) if line.lacks_type]
    return Asked(ben.queue.row.queue_id, [line.scan.number for line in lacking], [line.mark for line in lacking])


def say(ben: Taker, equipment_type: str, asked: Asked | None = None) -> list[int]:
    """Say it for whoever takes scans in, on a page as it is now or as it was; return of which scans it was said."""
    done = missing_types.say_type(ben.at, ben.desk, ben.account, asked or form(ben), equipment_type)
    assert done.left == sum(line.lacks_type for line in lines(ben))
    return list(done.numbers)


def lines(ben: Taker) -> list[Line]:
    """The lines of the queue as it is now."""
    return list(queues.review(ben.at, ben.desk, queues.current(ben.at, ben.desk, ben.account)).lines)


def test_all_that_lack_it_are_changed_in_one_step(ben: Taker) -> None:
    """The queue changes once, so nobody sees a half of it."""
    ben.stock("LT-1")
    ben.sets("SCAN")
    ben.scan("LT-1", "LT-2", "LT-3")
    before = queues.current(ben.at, ben.desk, ben.account).row.revision
    assert say(ben, "laptop") == [2, 3]
    assert queues.current(ben.at, ben.desk, ben.account).row.revision == before + 1
    assert types(lines(ben)) == ["", "laptop", "laptop"]
    assert say(ben, "tablet") == []


def test_a_queue_that_changed_meanwhile_is_looked_at_anew(ben: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another tab scanned or said in between is neither overwritten nor left out."""
    ben.sets("SCAN")
    ben.scan("LT-1")
    change_scans = ben.desk.change_scans

    def after_another(*what: object) -> bool:
        monkeypatch.setattr(ben.desk, "change_scans", change_scans)
        ben.scan("LT-2")
        return change_scans(*what)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(ben.desk, "change_scans", after_another)
    assert say(ben, "laptop") == [1]
    assert types(lines(ben)) == ["laptop", ""]


def test_what_came_since_the_form_was_drawn_is_left_as_it_is(ben: Taker) -> None:
    """Nobody who set the type saw it; nor what was changed since, or is gone. Sent twice, it is done once."""
    ben.sets("SCAN")
    ben.scan("LT-1", "LT-2", "LT-3", "LT-4")
    shown = form(ben)
    ben.scan("PHONE-1")
    queues.change(ben.desk, ben.queue, 2, TypedRow("SCAN", "PHONE-2"))
    queues.remove(ben.at, ben.desk, ben.queue, [3])
    assert say(ben, "laptop", shown) == [1, 4]
    assert types(lines(ben)) == ["laptop", "", "", "laptop", ""]
    assert say(ben, "laptop", shown) == []
    assert types(lines(ben)) == ["laptop", "", "", "laptop", ""]
    with pytest.raises(desk_errors.QueueOther):
        say(ben, "laptop", msgspec.structs.replace(shown, queue_id=shown.queue_id + 1))


def test_a_queue_that_keeps_changing_is_said_to(ben: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends, and nothing is changed."""
    ben.sets("SCAN")
    ben.scan("LT-1")
    monkeypatch.setattr(ben.desk, "change_scans", lambda *_: False)
    with pytest.raises(desk_errors.QueueChanged):
        say(ben, "laptop")
    assert types(lines(ben)) == [""]


def test_a_row_that_was_moved_into_another_slot_can_still_be_put_back(ben: Taker) -> None:
    """Its type is said, and nothing else of it changes: what its scan remembers stays."""
    ben.sets("SCAN", case_name="CASE-01", fills=True)
    ben.scan("LT-1")
    (scan,) = ben.queue.scans
    assert isinstance(scan.meant, RowMeant)
    moved = RowMeant(scan.meant.row, Moved(Place("CASE-01", 3), "2026-07-01T12:00:00Z"))
    assert ben.desk.change_scans(ben.queue.row.queue_id, [(1, written_meant(moved))], ben.queue.row.revision)
    assert say(ben, "laptop") == [1]
    (back,) = next_free_slots.offer(ben.at, ben.desk, queues.review(ben.at, ben.desk, ben.queue)).back
    assert [str(place) for place in (back.before, back.after)] == ["CASE-01 slot 1", "CASE-01 slot 3"]
    assert types(lines(ben)) == ["laptop"]
