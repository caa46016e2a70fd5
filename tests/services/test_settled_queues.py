"""What became of a queue is told by the log, and to its owner where they are not led there anyway."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assettrack.domain import desk_errors
from assettrack.services import queues, settled_queues
from assettrack.services.settled_queues import Became
from tests.services.test_queues import Taker
from tests.web.visitors import open_station


@pytest.fixture
def ben(tmp_path: Path) -> Iterator[Taker]:
    """Return somebody at a new station who has one laptop in the queue."""
    with open_station(tmp_path) as station:
        taker = Taker(station)
        taker.sets("SCAN", equipment_type="laptop")
        taker.scan("LT-1")
        yield taker


def test_a_queue_that_was_cleared_became_no_batch(ben: Taker) -> None:
    """It is closed, and no code leads from it to a batch, not even the one that was shown of it."""
    plan = queues.review(ben.at, ben.desk, ben.queue, shown=True).plan
    assert plan is not None
    queue = ben.queue
    queues.clear(ben.at, ben.desk, queue)
    row = queues.numbered(ben.desk, queue.row.queue_id, ben.account).row
    with pytest.raises(desk_errors.QueueClosed):
        settled_queues.batch_of(ben.at, row, plan.confirm_code or "")


@pytest.mark.parametrize("shown", [False, True])
def test_a_queue_found_in_the_log_is_told_of_once_where_nobody_is_led_to_its_batch(ben: Taker, *, shown: bool) -> None:
    """Checking the queue leads to the batch, so only whoever comes upon it otherwise is told; it is closed either way.

    The power goes after the log has the rows and before the queue is closed.
    """
    queue, close = ben.queue, ben.desk.close_queue
    ben.desk.close_queue = lambda *_: False  # type: ignore[method-assign]  # the power goes here
    batch = ben.commit()
    ben.desk.close_queue = close  # type: ignore[method-assign]  # the step is put in there
    ben.desk.end_commit(queue.row.queue_id)

    plan = queues.review(ben.at, ben.desk, ben.queue, shown=shown).plan

    assert plan is not None
    assert plan.recorded_in == [batch]
    assert queues.numbered(ben.desk, queue.row.queue_id, ben.account).row.batch_id == batch
    told = [settled_queues.tell(ben.desk, ben.desk, ben.account) for _ in range(2)]
    assert told == [None if shown else Became(batch, 1), None]
