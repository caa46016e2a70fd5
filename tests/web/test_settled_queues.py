"""The server ended between the log and the closing of a queue: the first page and Intake say what became of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assettrack.services import accounts, intake, queues
from assettrack.store.desk import StationDesk
from tests.store.small_disk import full_where
from tests.web.test_intake_pages import at_the_desk, code, scan
from tests.web.visitors import PASSWORD, OpenStation, Visitor, open_station

BECAME = "Your 3 scans were committed as batch 1."


@contextmanager
def killed_after_the_log(folder: Path) -> Iterator[OpenStation]:
    """Serve a station anew whose server was killed when three scans of Ben's were in the log, and not closed."""
    with open_station(folder) as station:
        ben = at_the_desk(station)
        scan(ben, "LT-1", "LT-2", "LT-3")
        ben.get("/intake/check")
        form = code(ben)
        (row,) = station.web.desk.open_queues()
        begun = station.web.desk.begin_commit(row.queue_id, "2026-07-01T12:00:00.000000Z")
        assert begun is not None
        at = station.workplace("ben")
        queue = queues.numbered(station.web.desk, row.queue_id, accounts.require(at, "ben"))
        intake.commit(at, queue.batch(), "queue 1", queue.context.options, confirm=form["confirm"])
    with open_station(folder) as station:
        yield station


def signed_in(station: OpenStation) -> Visitor:
    """Let Ben sign in, and look at a page that has nothing to do with his queue."""
    ben = station.visitor()
    assert ben.post("/sign-in", {"name": "ben", "password": PASSWORD}).status_code == 303
    ben.get("/assets")
    return ben


@pytest.fixture
def killed(tmp_path: Path) -> Iterator[OpenStation]:
    """Serve a station anew that was killed after the log."""
    with killed_after_the_log(tmp_path) as station:
        yield station


def test_the_first_page_counts_no_scan_that_is_committed(killed: OpenStation) -> None:
    """And Intake says what became of them, once, with a link to the batch, as after a usual commit."""
    ben = signed_in(killed)
    ben.get("/")
    assert "in your queue" not in ben.words
    ben.get("/intake")
    assert BECAME in ben.words
    assert 'href="/batches/1"' in ben.page
    assert ben.get("/batches/1").status_code == 200
    ben.get("/intake")
    assert BECAME not in ben.words


def test_intake_says_what_became_of_a_queue_that_it_settles(killed: OpenStation) -> None:
    """Also where nobody looked at the first page before."""
    ben = signed_in(killed)
    ben.get("/intake")
    assert (BECAME in ben.words, "Queue: 0 to commit" in ben.words) == (True, True)


def test_whoever_scans_on_in_an_open_tab_is_told_as_well(killed: OpenStation) -> None:
    """The part of the page that shows the scan says where those before it went."""
    ben = signed_in(killed)
    answer = ben.post("/intake/scans", {"typed": "LT-4", "sent_as": "a"}, hx_request="true")
    assert ("LT-4" in answer.text, BECAME in answer.text) == (True, True)
    ben.get("/intake")
    assert (BECAME in ben.words, "Queue: " in ben.words) == (False, True)


def test_nobody_else_is_told(killed: OpenStation) -> None:
    """It is of the queue's owner."""
    zoe = killed.visitor("zoe")
    zoe.get("/intake")
    assert BECAME not in zoe.words


def test_a_commit_that_never_came_to_the_log_leaves_the_scans_waiting(station: OpenStation) -> None:
    """The first page counts them, and nothing is said to be committed."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "LT-2", "LT-3")
    (row,) = station.web.desk.open_queues()
    station.web.desk.begin_commit(row.queue_id, "2026-07-01T12:00:00.000000Z")
    ben.get("/")
    assert "3 scans wait in your queue" in ben.words
    ben.get("/intake")
    assert ("Queue: 3 to commit" in ben.words, "were committed" in ben.words) == (True, False)


def test_a_queue_whose_rows_prove_to_be_committed_is_told_of(killed: OpenStation) -> None:
    """Also where nobody knows any more that it was being committed."""
    ben = signed_in(killed)
    (row,) = killed.web.desk.open_queues()
    killed.web.desk.end_commit(row.queue_id)
    ben.get("/intake")
    assert (BECAME in ben.words, "Queue: 0 to commit" in ben.words) == (True, True)


def test_on_a_full_disk_the_pages_say_what_became_of_the_queue(tmp_path: Path) -> None:
    """It can't be closed yet; the log tells all the same, each time, until there is space."""
    with killed_after_the_log(tmp_path) as station:
        ben, desk = signed_in(station), station.web.desk
        assert isinstance(desk, StationDesk)
        desk.close()  # what is opened from now on is on the full disk
        with full_where(".desk-wal"):
            for _ in range(2):
                assert ben.get("/intake").status_code == 200, ben.words
                assert (BECAME in ben.words, "Queue: 0 to commit" in ben.words) == (True, True)
            ben.get("/")
            assert "in your queue" not in ben.words
            refused(ben)
        desk.close()
        ben.get("/intake")
        assert BECAME in ben.words
        ben.get("/intake")
        assert BECAME not in ben.words
        assert all(row.committing_below is None for row in desk.open_queues())


def test_on_a_full_disk_a_commit_asks_for_no_scan_again(tmp_path: Path) -> None:
    """The queue is kept whole: nothing of it was lost, and it is committed once there is room."""
    with open_station(tmp_path) as station:
        ben, desk = at_the_desk(station), station.web.desk
        assert isinstance(desk, StationDesk)
        scan(ben, "LT-1", "LT-2")
        ben.get("/intake/check")
        form, checked = code(ben), ben.page
        desk.close()  # what is opened from now on is on the full disk
        with full_where(".desk-wal"):
            assert ben.post("/intake/commit", form).status_code == 500
            assert "Nothing was saved." in ben.words
            assert "scanned just now" not in ben.words
            assert "what the station had taken before is kept." in ben.words
            ben.page = checked
        desk.close()
        ben.get("/intake")
        assert "Queue: 2 to commit" in ben.words
        ben.page = checked
        assert ben.post("/intake/commit", form).headers["location"] == "/batches/1"


def refused(visitor: Visitor) -> None:
    """Scan on a full disk, sign in and lock: it is said what fits, and no deed is said to be in doubt."""
    for path, said in (
        ("/intake/scans", {"typed": "LT-4"}),
        ("/sign-in", {"name": "ben", "password": PASSWORD}),
        ("/lock", {}),
    ):
        shown = visitor.page
        assert visitor.post(path, said).status_code == 500, path
        assert "This could not be stored at the station: the disk is full. Nothing was saved." in visitor.words, path
        assert "Only a scan that was not taken because of this has to be scanned again" in visitor.words
        assert "what the station had taken before is kept." in visitor.words
        assert "Either all of it" not in visitor.words
        visitor.page = shown
