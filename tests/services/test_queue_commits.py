"""A queue while it is committed, and two who change it at once: nothing is lost, and nothing is answered wrongly."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from assettrack.domain import desk_errors, errors, station_errors
from assettrack.domain.cards import CardKind
from assettrack.domain.queued_scans import Context, Repeated, RowMeant, Undone
from assettrack.domain.typed_rows import TypedRow
from assettrack.services import audit, intake, queues
from assettrack.services.no_shelf import NoShelf
from assettrack.services.queues import Queue
from tests.services.test_queues import Taker, card, places
from tests.web.visitors import open_station

GUARD_SECONDS = 30
"""After so long a test that would hang fails instead."""


@pytest.fixture
def ben(tmp_path: Path) -> Iterator[Taker]:
    """Return somebody at a new station who takes in laptops."""
    with open_station(tmp_path) as station:
        taker = Taker(station)
        taker.sets("SCAN", equipment_type="laptop")
        yield taker


def code(ben: Taker) -> str:
    """Check the queue, and return the code that was shown."""
    plan = queues.review(ben.at, ben.desk, ben.queue, shown=True).plan
    assert plan is not None
    assert plan.confirm_code is not None
    return plan.confirm_code


def commit_while(ben: Taker, meanwhile: Callable[[], object]) -> int:
    """Commit the queue as it was checked; once that has begun, something else happens. Return the batch's number."""
    confirm, queue, begin = code(ben), ben.queue, ben.desk.begin_commit

    def begin_and_more(queue_id: int, now: str) -> object:
        row = begin(queue_id, now)
        meanwhile()
        return row

    ben.desk.begin_commit = begin_and_more  # type: ignore[method-assign,assignment]  # the step is put in here
    try:
        return queues.commit(ben.at, ben.desk, queue, confirm).batch_id
    finally:
        del ben.desk.begin_commit


def typed(queue: Queue) -> list[str]:
    """What is in a queue, removed scans too."""
    return [scan.typed for scan in queue.scans]


def test_what_is_scanned_during_a_commit_is_in_the_next_queue(ben: Taker) -> None:
    """In order, as it was meant, with the context; the batch has only what was checked."""
    ben.scan("LT-1")
    first = ben.queue.row.queue_id

    def scan() -> None:
        ben.sets("SCAN", case_name="CASE-01", fills=True, equipment_type="tablet")
        ben.scan("LT-2", "LT-3")

    before = audit.log_size(ben.at)
    batch = commit_while(ben, scan)
    assert audit.log_size(ben.at) == before + 2
    assert typed(queues.numbered(ben.desk, first, ben.account)) == ["LT-1"]
    assert typed(ben.queue) == ["LT-2", "LT-3"]
    assert places(list(queues.review(ben.at, ben.desk, ben.queue).lines)) == ["CASE-01 slot 1", "CASE-01 slot 2"]
    assert ben.queue.context == Context(case_name="CASE-01", fills=True, equipment_type="tablet", by_hand=True)
    assert [line.scan.number for line in ben.scan("LT-4")] == [3]
    assert ben.commit() == batch + 1


def test_what_is_said_during_a_commit_holds_for_the_next_queue(ben: Taker) -> None:
    """The context alone goes on too; where nothing came, the next queue begins with none."""
    ben.scan("LT-1")
    commit_while(ben, lambda: ben.sets("RETIRE", notes="broken"))
    assert ben.queue.context == Context("RETIRE", notes="broken")
    ben.sets("SCAN", equipment_type="laptop")
    ben.scan("LT-2")
    commit_while(ben, lambda: None)
    assert (ben.queue.scans, ben.queue.context) == ([], Context())


def test_a_commit_that_has_begun_is_neither_repeated_nor_taken_back_by_scans(ben: Taker) -> None:
    """A repeated scan stays with its row, and the card that undoes takes back what came since, and no more."""
    undo = card(CardKind.UNDO)
    ben.scan("LT-1")

    def scans() -> None:
        for typed in (["LT-1"], [undo], [undo, "LT-2", "LT-2", "LT-3", undo]):
            ben.later(11)
            ben.scan(*typed)

    commit_while(ben, scans)
    assert [scan.meant for scan in ben.queue.scans] == [
        Undone(None),  # what it took back repeated a row of the batch, and stays there
        Undone(None),
        RowMeant(TypedRow("SCAN", "LT-2", equipment_type="laptop")),
        Repeated(3, TypedRow("SCAN", "LT-2", equipment_type="laptop", from_state=("place",))),
        RowMeant(TypedRow("SCAN", "LT-3", equipment_type="laptop")),
        Undone(5),
    ]
    assert [scan.number for scan in ben.queue.scans if scan.removed] == [5]


def test_what_was_removed_during_a_commit_still_knows_the_row_beside_it(ben: Taker) -> None:
    """The scans have other numbers in the next queue, and two rows of one asset are both there again."""
    ben.scan("LT-1")
    moments: list[str] = []

    def removes() -> None:
        ben.scan("CASE-01 SLOT-01", "LT-2", "CASE-01 SLOT-02", "LT-2")
        moments.append(queues.remove(ben.at, ben.desk, ben.queue, [3]))

    commit_while(ben, removes)
    assert queues.bring_back(ben.desk, ben.queue, moments[0]) == 1
    lines = list(queues.review(ben.at, ben.desk, ben.queue).lines)
    assert [line.scan.number for line in lines if isinstance(line.scan.meant, RowMeant)] == [2, 4]
    assert places(lines) == ["CASE-01 slot 1", "CASE-01 slot 2"]


def test_what_is_being_committed_can_not_be_changed(ben: Taker) -> None:
    """Removing, changing, bringing back and clearing are refused, and the batch is what was checked."""
    ben.scan("LT-1", "LT-2", "LT-3")
    moment = queues.remove(ben.at, ben.desk, ben.queue, [3])
    row = TypedRow("SCAN", "LT-9", equipment_type="tablet")
    refused = 0

    def meddle() -> None:
        nonlocal refused
        for do in (
            lambda: queues.remove(ben.at, ben.desk, ben.queue, [2]),
            lambda: queues.change(ben.desk, ben.queue, 2, row),
            lambda: queues.bring_back(ben.desk, ben.queue, moment),
            lambda: queues.clear(ben.at, ben.desk, ben.queue),
        ):
            with pytest.raises(desk_errors.QueueCommitting):
                do()
            refused += 1
        ben.scan("LT-4")
        queues.remove(ben.at, ben.desk, ben.queue, [4])  # what came since is no part of the batch

    first = ben.queue.row.queue_id
    commit_while(ben, meddle)
    assert refused == 4
    assert [scan.removed for scan in queues.numbered(ben.desk, first, ben.account).scans] == [False, False, True]
    assert [(scan.typed, scan.removed) for scan in ben.queue.scans] == [("LT-4", True)]


def test_a_commit_that_was_refused_leaves_the_queue_free(ben: Taker) -> None:
    """With another code nothing is committed, and everything can be changed again."""
    ben.scan("LT-1", "LT-2")
    wrong = code(ben)
    ben.scan("LT-3")
    with pytest.raises(errors.ConfirmCodeWrong):
        queues.commit(ben.at, ben.desk, ben.queue, wrong)
    assert [each.committing_below for each in ben.desk.open_queues()] == [None]
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    ben.commit()
    assert ben.queue.scans == []


def test_a_commit_that_was_cut_off_before_the_log_leaves_the_queue_free(ben: Taker) -> None:
    """Where the station died before anything was saved, the queue is as it was at the next use."""
    ben.scan("LT-1")
    ben.desk.begin_commit(ben.queue.row.queue_id, "2026-07-01T12:00:00.000000Z")
    assert queues.settle(ben.at, ben.desk, ben.account) is None
    assert ben.queue.row.committing_below is None
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    ben.desk.begin_commit(ben.queue.row.queue_id, "2026-07-01T12:00:00.000000Z")
    assert ben.queue.row.committing_below is None  # without a row there is nothing to look for


def test_a_commit_whose_end_is_not_known_is_settled_by_the_log(ben: Taker, monkeypatch: pytest.MonkeyPatch) -> None:
    """The queue is the batch that the log has, its due date past or not, and what was scanned since goes on."""
    ben.scan("LT-1")
    confirm, commit = code(ben), intake.commit

    def uncertain(*given: object, confirm: str) -> None:
        commit(*given, confirm=confirm)  # type: ignore[arg-type]  # handed on
        ben.scan("LT-2")
        raise station_errors.CommitUncertain("disk I/O error")

    monkeypatch.setattr(queues, "commit_batch", uncertain)
    queue = ben.queue
    with pytest.raises(station_errors.CommitUncertain):
        queues.commit(ben.at, ben.desk, queue, confirm)
    monkeypatch.undo()
    found = queues.settle(ben.at, ben.desk, ben.account)
    assert found == queues.commit(ben.at, ben.desk, queue, confirm).batch_id
    with pytest.raises(desk_errors.CommittedOtherwise, match=f"as batch {found}, and not as you checked it"):
        queues.commit(ben.at, ben.desk, queue, "AAAA-AAAA")
    assert queues.settle(ben.at, ben.desk, ben.account) is None
    assert typed(ben.queue) == ["LT-2"]


def test_a_commit_that_was_cut_off_is_settled_though_its_due_date_can_not_be_meant(ben: Taker) -> None:
    """An earlier version kept any date: it stops the commit alone, and the queue is free to be given another."""
    ben.stock("LT-1")
    ben.sets("ISSUE", holder="Jane Smith", due_on="1999-12-31")
    ben.scan("LT-1")
    ben.desk.begin_commit(ben.queue.row.queue_id, "2026-07-01T12:00:00.000000Z")
    assert queues.settle(ben.at, ben.desk, ben.account) is None
    assert (ben.queue.row.committing_below, typed(ben.queue)) == (None, ["LT-1"])


def test_what_is_shown_with_a_due_date_that_can_not_be_meant_is_kept_as_no_plan(ben: Taker) -> None:
    """It is looked at without the date: nobody may confirm that, and no plan of it lies about."""
    ben.stock("LT-1")
    ben.sets("ISSUE", holder="Jane Smith", due_on="1999-12-31")
    ben.scan("LT-1")
    kept = list[str]()

    class Shelf(NoShelf):
        def keep(self, code: str, *_: object) -> None:
            kept.append(code)

    at = msgspec.structs.replace(ben.at, plans=Shelf())
    plan = queues.review(at, ben.desk, ben.queue, shown=True).plan
    assert plan is not None
    assert ([each.code for each in plan.problems], plan.confirm_code, kept) == (["due_on_out_of_range"], None, [])


def test_rows_that_are_in_the_log_already_close_their_queue(ben: Taker) -> None:
    """Looking at it is enough; not where it changed since it was read."""
    ben.scan("LT-1")
    queue, close = ben.queue, ben.desk.close_queue
    ben.desk.close_queue = lambda *_: False  # type: ignore[method-assign]  # the power goes here
    ben.commit()
    ben.desk.close_queue = close  # type: ignore[method-assign]  # the step is put in there
    ben.desk.end_commit(queue.row.queue_id)
    queues.set_context(ben.desk, queue, Context(equipment_type="laptop"))
    queues.review(ben.at, ben.desk, queue)
    assert ben.queue.row.queue_id == queue.row.queue_id
    queues.review(ben.at, ben.desk, ben.queue)
    assert ben.queue.row.queue_id != queue.row.queue_id


def test_two_commits_at_once_give_one_batch(ben: Taker) -> None:
    """The second waits for the first, and answers the same."""
    ben.scan("LT-1")
    confirm, queue = code(ben), ben.queue
    before = audit.log_size(ben.at)
    with ThreadPoolExecutor(1) as threads:
        asked = []
        batch = commit_while(ben, lambda: asked.append(threads.submit(queues.commit, ben.at, ben.desk, queue, confirm)))
        assert asked[0].result(GUARD_SECONDS).batch_id == batch
    assert audit.log_size(ben.at) == before + 2


def test_a_queue_that_was_cleared_is_not_committed(ben: Taker) -> None:
    """Nor is it cleared again, and what changed since it was shown is not cleared at all."""
    ben.scan("LT-1")
    confirm, queue = code(ben), ben.queue
    ben.scan("LT-2")
    with pytest.raises(desk_errors.QueueChanged):
        queues.clear(ben.at, ben.desk, queue)
    assert typed(ben.queue) == ["LT-1", "LT-2"]
    queue = ben.queue
    queues.clear(ben.at, ben.desk, queue)
    for do in (lambda: queues.clear(ben.at, ben.desk, queue), lambda: queues.commit(ben.at, ben.desk, queue, confirm)):
        with pytest.raises(desk_errors.QueueClosed):
            do()


def test_a_scan_is_understood_on_the_queue_as_it_is(ben: Taker) -> None:
    """Two tabs that read the same queue give no slot twice, miss no repetition, and lose no slot label."""
    ben.sets("SCAN", case_name="CASE-01", fills=True, equipment_type="laptop")
    both = ben.queue
    for each in ("LT-1", "LT-2", "LT-1", card(CardKind.SLOT, "CASE-01", 3), "LT-3"):
        queues.take(ben.at, ben.desk, both, each)
    lines = queues.review(ben.at, ben.desk, ben.queue).lines
    assert [line.colour for line in lines] == ["ok", "ok", "note", "plain", "ok"]
    assert places([lines[0], lines[1], lines[4]]) == [f"CASE-01 slot {slot}" for slot in (1, 2, 3)]


def test_a_queue_that_changes_again_and_again_takes_nothing(ben: Taker) -> None:
    """That is said; what is blank changes nothing and is no scan."""
    assert queues.take(ben.at, ben.desk, ben.queue, "\r\n") == []
    ben.desk.add_scans = lambda *_: None  # type: ignore[method-assign]  # another server changes it each time
    with pytest.raises(desk_errors.QueueChanged):
        queues.take(ben.at, ben.desk, ben.queue, "LT-1")


def test_what_is_said_by_hand_takes_back_no_scan_of_the_same_moment(ben: Taker) -> None:
    """It was made of what held before the scan: nothing is changed, and that is said. Said once more it holds."""
    ben.sets("SCAN", case_name="CASE-01", slot_position=1, equipment_type="laptop")
    before = ben.queue
    ben.scan("LT-1")
    scanned = ben.queue
    assert scanned.context.used is not None
    with pytest.raises(desk_errors.QueueChanged):
        queues.set_context(ben.desk, before, msgspec.structs.replace(before.context, notes="scratched"))
    assert (ben.queue.context, ben.queue.row.revision) == (scanned.context, scanned.row.revision)
    queues.set_context(ben.desk, scanned, msgspec.structs.replace(scanned.context, notes="scratched"))
    assert ben.queue.context == msgspec.structs.replace(scanned.context, notes="scratched")


def test_many_scans_at_once_read_and_keep_the_queue_once(ben: Taker) -> None:
    """However many come in one request, each is understood on those before it, and all of them are stored together."""
    ben.sets("SCAN", case_name="CASE-01", fills=True, equipment_type="laptop")
    queue, add, read, counted = ben.queue, ben.desk.add_scans, ben.desk.scans, {"added": 0, "read": 0}

    def adding(*given: object) -> object:
        counted["added"] += 1
        return add(*given)  # type: ignore[arg-type]  # handed on

    def reading(queue_id: int) -> object:
        counted["read"] += 1
        return read(queue_id)

    ben.desk.add_scans = adding  # type: ignore[method-assign,assignment]  # as above
    ben.desk.scans = reading  # type: ignore[method-assign,assignment]  # as above
    raw = "\r\n".join(["LT-1", "LT-2", card(CardKind.UNDO), "LT-3", "LT-1", *(f"no/tag {n}" for n in range(50))])
    assert queues.take(ben.at, ben.desk, queue, raw, queues.Sent("a")) == list(range(1, 56))
    assert counted == {"added": 1, "read": 0}
    assert queues.take(ben.at, ben.desk, ben.queue, raw, queues.Sent("a")) == list(range(1, 56))
    lines = queues.review(ben.at, ben.desk, ben.queue).lines
    assert places([lines[0], lines[3]]) == ["CASE-01 slot 1", "CASE-01 slot 2"]
    assert (lines[1].scan.removed, lines[4].colour) == (True, "note")


def test_a_scan_that_is_not_there_is_neither_changed_nor_removed(ben: Taker) -> None:
    """It was removed in another tab: that is said."""
    ben.scan("LT-1", "LT-1")
    queues.remove(ben.at, ben.desk, ben.queue, [1])
    with pytest.raises(desk_errors.ScanGone):
        queues.remove(ben.at, ben.desk, ben.queue, [1])
    with pytest.raises(desk_errors.ScanGone):
        queues.change(ben.desk, ben.queue, 1, TypedRow("SCAN", "LT-9"))
    assert [isinstance(scan.meant, RowMeant) for scan in ben.queue.scans] == [True, True]


def test_the_assets_of_a_case_are_moved_into_slots_of_their_own(ben: Taker) -> None:
    """A case label takes many assets at once, and each takes the next slot that is free after the others."""
    ben.station.case("CASE-02", 3)
    ben.stock("LT-1", "LT-2")
    ben.sets("UPDATE", case_name="CASE-02", fills=True)
    assert places(ben.scan("CASE-01")) == ["CASE-02 slot 1", "CASE-02 slot 2"]


def test_a_commit_of_which_nobody_knows_is_settled_at_the_next_use(ben: Taker) -> None:
    """Where the disk failed in the moment of saving, the queue stays as it is being committed, and the log tells."""
    ben.scan("LT-1")
    confirm, queue, kept = code(ben), ben.queue, intake.commit

    def uncertain(*given: object, **said: object) -> object:
        kept(*given, **said)  # type: ignore[arg-type]  # handed on as it came
        raise station_errors.CommitUncertain("the disk failed")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queues, "commit_batch", uncertain)
        with pytest.raises(station_errors.CommitUncertain):
            queues.commit(ben.at, ben.desk, queue, confirm)
    before = audit.log_size(ben.at)
    as_left = queues.numbered(ben.desk, queue.row.queue_id, ben.account)
    for which in (as_left, queue, queues.numbered(ben.desk, queue.row.queue_id, ben.account)):
        assert queues.commit(ben.at, ben.desk, which, confirm).already_committed
    assert audit.log_size(ben.at) == before
