"""The type of new assets, said once for a whole queue: all in one step, on the queue as it is by then."""

import pytest

from assettrack.domain import desk_errors
from assettrack.services import missing_types, queues
from tests.services.test_queue_meanings import types
from tests.services.test_queues import Taker, ben

__all__ = ["ben"]


def say(ben: Taker, equipment_type: str) -> list[int]:
    """Say it for whoever takes scans in."""
    return missing_types.say_type(ben.at, ben.desk, ben.account, ben.queue.row.queue_id, equipment_type)


def lines(ben: Taker) -> list[queues.Line]:
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
    assert say(ben, "laptop") == [1, 2]
    assert types(lines(ben)) == ["laptop", "laptop"]


def test_a_queue_that_keeps_changing_is_said_to(ben: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends, and nothing is changed."""
    ben.sets("SCAN")
    ben.scan("LT-1")
    monkeypatch.setattr(ben.desk, "change_scans", lambda *_: False)
    with pytest.raises(desk_errors.QueueChanged):
        say(ben, "laptop")
    assert types(lines(ben)) == [""]
