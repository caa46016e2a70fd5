"""A page of a queue that is not the present one, or shows a scan as it is not any more: nothing is done from it."""

import re

import pytest

from tests.web.queue_forms import drawn_for, to_bring_back
from tests.web.test_intake_pages import FILL, at_the_desk, code, scan
from tests.web.visitors import OpenStation, Visitor

OTHER = "The page that you came from showed an earlier queue"
ROW = {"event_type": "SCAN", "asset_tag": "LT-9", "equipment_type": "laptop", "serial_number": "S-9"}


def queued(visitor: Visitor) -> list[str]:
    """Return what the queue shows, the first scan first."""
    visitor.get("/intake")
    return re.findall(r'<li id="scan-\d+".*?class="tag">([^<]+)<', visitor.page, re.DOTALL)[::-1]


def commit(visitor: Visitor) -> None:
    """Commit the queue."""
    visitor.get("/intake/check")
    visitor.follow(visitor.post("/intake/commit", code(visitor)))


@pytest.fixture
def ben(station: OpenStation) -> Visitor:
    """Sit at a station with three scans in the queue."""
    visitor = at_the_desk(station)
    scan(visitor, "LT-1", "LT-2", "LT-3")
    return visitor


@pytest.mark.parametrize("page", ["/intake", "/intake/check"])
def test_remove_on_a_page_of_an_earlier_queue_takes_nothing_out_of_the_next(ben: Visitor, page: str) -> None:
    """Numbers begin anew with each queue: the second of that one is not the second of this one."""
    ben.get(page)
    stale = drawn_for(ben, 2)
    commit(ben)
    ben.get("/intake")
    ben.follow(ben.post("/intake/context", FILL))
    scan(ben, "NEXT-1", "NEXT-2")
    assert ben.post("/intake/remove", stale).status_code == 409
    assert OTHER in ben.words
    assert "NEXT-2" in ben.words
    assert queued(ben) == ["NEXT-1", "NEXT-2"]


def test_change_on_a_page_of_an_earlier_queue_overwrites_nothing_in_the_next(ben: Visitor) -> None:
    """Neither by the form that was open nor by the link that leads to it."""
    link = re.search(r'href="(/intake/scans/2\?[^"]+)"', ben.page)
    assert link is not None
    ben.get("/intake/scans/2")
    stale = drawn_for(ben, 2)
    commit(ben)
    ben.get("/intake")
    ben.follow(ben.post("/intake/context", FILL))
    scan(ben, "NEXT-1", "NEXT-2")
    assert ben.get(link[1]).status_code == 409
    assert (OTHER in ben.words, "Nothing was saved" in ben.words) == (True, False)
    assert ben.post("/intake/scans/2", {**stale, **ROW}).status_code == 409
    assert OTHER in ben.words
    assert queued(ben) == ["NEXT-1", "NEXT-2"]


def test_bringing_back_on_a_page_of_an_earlier_queue_is_said_to_do_nothing(ben: Visitor) -> None:
    """It is not answered as if something had come back."""
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 2)))
    stale = to_bring_back(ben)
    commit(ben)
    ben.get("/intake")
    assert ben.post("/intake/bring-back", stale).status_code == 409
    assert OTHER in ben.words


def test_a_scan_that_was_changed_meanwhile_is_neither_removed_nor_overwritten(ben: Visitor) -> None:
    """In the other tab it became another asset: who looks at the old one means the old one."""
    stale = drawn_for(ben, 2)
    ben.get("/intake/scans/2")
    ben.follow(ben.post("/intake/scans/2", {**drawn_for(ben, 2), **ROW}))
    for path, said in (("/intake/remove", stale), ("/intake/scans/2", {**stale, **ROW, "asset_tag": "LT-8"})):
        assert ben.post(path, said).status_code == 409
        assert "Scan 2 is not as it was shown" in ben.words
        assert queued(ben) == ["LT-1", "LT-9", "LT-3"]
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 2)))
    assert queued(ben) == ["LT-1", "LT-3"]


@pytest.mark.parametrize("left_out", ["queue_id", "mark"])
def test_a_form_that_does_not_say_what_it_showed_does_nothing(ben: Visitor, left_out: str) -> None:
    """No page of the station sends such a form."""
    said = {name: value for name, value in drawn_for(ben, 2).items() if name != left_out}
    for path, form in (("/intake/remove", said), ("/intake/scans/2", {**said, **ROW})):
        assert ben.post(path, form).status_code == 409
        assert queued(ben) == ["LT-1", "LT-2", "LT-3"]


def test_scans_that_come_meanwhile_do_not_make_a_page_stale(ben: Visitor) -> None:
    """What is as it was shown can be removed, whatever else was scanned since."""
    shown = drawn_for(ben, 2)
    scan(ben, "LT-4")
    ben.follow(ben.post("/intake/remove", shown))
    assert queued(ben) == ["LT-1", "LT-3", "LT-4"]
