"""Two operators fill one case: the one who commits later sees where there is room, and moves all rows there at once."""

import re

import pytest

from tests.web.test_intake_pages import FILL, NO_CASE, at_the_desk, code, scan
from tests.web.visitors import OpenStation, Visitor

PRESS = "Put them into the next free slots"
BACK = "Put them back where they were"
FREE = "Free slots of CASE-02: 3, 4, 5, 6. Choose one of them."


def fills(visitor: Visitor, *tags: str) -> None:
    """Scan new laptops into the case that both fill."""
    visitor.get("/intake")
    visitor.follow(visitor.post("/intake/context", {**FILL, "case_name": "CASE-02"}))
    scan(visitor, *tags)


def commits(visitor: Visitor) -> None:
    """Check, then commit."""
    visitor.get("/intake/check")
    visitor.follow(visitor.post("/intake/commit", code(visitor)))


def form(visitor: Visitor, action: str = "/intake/next-free") -> dict[str, list[str]]:
    """What the form of the page sends."""
    found = re.search(rf'<form[^>]* action="{action}".*?</form>', visitor.page, re.DOTALL)
    assert found is not None, visitor.words
    said: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(queue_id|back|number|mark|slot)" value="([^"]*)"', found[0]):
        said.setdefault(name, []).append(value)
    return said


@pytest.fixture
def otto(station: OpenStation) -> Visitor:
    """Sit down at a station with a case of six slots beside the usual one."""
    otto = at_the_desk(station, "otto")
    station.case("CASE-02", 6)
    return otto


@pytest.fixture
def pia(station: OpenStation, otto: Visitor) -> Visitor:
    """Stand before a queue whose two slots somebody else has filled meanwhile."""
    pia = station.visitor("pia")
    fills(otto, "OT-1", "OT-2")
    fills(pia, "PI-1", "PI-2")
    commits(otto)
    pia.get("/intake")
    return pia


def test_nothing_is_offered_where_no_slot_is_taken(otto: Visitor) -> None:
    """Neither in the queue nor on the check page."""
    fills(otto, "OT-1", "OT-2")
    for path in ("/intake", "/intake/check"):
        otto.get(path)
        assert "OT-2" in otto.words
        assert "next-free" not in otto.page
        assert "put-back" not in otto.page


def test_the_rows_and_the_check_page_name_the_free_slots(pia: Visitor) -> None:
    """With each row, where it says whose the slot is; and on the page of the one row."""
    assert pia.words.count(f"is taken by asset OT-1. {FREE}") == 1
    assert pia.words.count(f"is taken by asset OT-2. {FREE}") == 1
    pia.get("/intake/check")
    wrong = pia.page.partition('<section class="wrong"')[2].partition("</section>")[0]
    assert wrong.count(FREE) == 2
    assert pia.words.count(FREE) == 4
    pia.get("/intake/scans/1")
    assert FREE in pia.words


@pytest.mark.parametrize("path", ["/intake", "/intake/check"])
def test_one_press_puts_them_into_the_slots_that_were_shown(pia: Visitor, path: str) -> None:
    """What goes where is said before; then all of it can be committed, or put back."""
    pia.get(path)
    assert f"CASE-02: PI-1 to slot 3, PI-2 to slot 4 {PRESS}" in pia.words
    assert pia.page.count('href="#next-free"') >= 2
    twice = [pia.post("/intake/next-free", form(pia)) for _ in range(2)]
    assert [each.headers["location"] for each in twice] == ["/intake#typed" if path == "/intake" else path] * 2
    answer = twice[0]
    pia.follow(answer)
    assert PRESS not in pia.words
    assert "is taken by" not in pia.words
    assert f"CASE-02: PI-1 back to slot 1, PI-2 back to slot 2 {BACK}" in pia.words
    kept = pia.page
    pia.follow(pia.post("/intake/next-free/back", form(pia, "/intake/next-free/back")))
    assert PRESS in pia.words
    assert BACK not in pia.words
    pia.page = kept
    again = pia.post("/intake/next-free/back", form(pia, "/intake/next-free/back"))
    assert again.headers["location"] == answer.headers["location"]  # it is done, and answered as the first was
    pia.get("/intake/check")
    assert PRESS in pia.words
    pia.follow(pia.post("/intake/next-free", form(pia)))
    commits(pia)
    assert "Committed: 2 rows" in pia.words


def test_a_scan_in_between_is_told_in_the_answer_to_it(pia: Visitor) -> None:
    """The part of the page that a scan replaces has the button too, for the queue as it is then."""
    fills(pia)
    answer = pia.post("/intake/scans", {"typed": "PI-3"}, hx_request="true")
    assert "PI-1 to slot 4, PI-2 to slot 5" in re.sub(r"\s+", " ", answer.text)


def test_a_form_that_is_not_as_the_queue_is_changes_nothing(pia: Visitor, otto: Visitor) -> None:
    """What stopped it is said above the queue as it is now."""
    stale = form(pia)
    fills(otto, "OT-3")
    commits(otto)
    assert pia.post("/intake/next-free", stale).status_code == 409
    assert "CASE-02 slot 3 was free when it was shown to you, and is not any more. Nothing was saved." in pia.words
    assert "PI-1 to slot 4, PI-2 to slot 5" in pia.words
    fills(otto, "OT-4", "OT-5")
    commits(otto)
    assert pia.post("/intake/next-free", stale).status_code == 409
    assert "CASE-02 has 1 free slot for 2 scans of your queue: 1 is missing. Nothing was saved." in pia.words
    assert "CASE-02: scans whose slots are taken: 2. Free slots: 1. Missing: 1." in pia.words
    assert PRESS not in pia.words
    assert pia.words.count("is taken by asset OT-") == 2
    assert pia.post("/intake/next-free", {**stale, "queue_id": "99"}).status_code == 409
    assert "showed an earlier queue" in pia.words
    assert pia.post("/intake/next-free", {**stale, "mark": ["a", "b"]}).status_code == 409
    assert pia.post("/intake/next-free", {"queue_id": stale["queue_id"]}).status_code == 422


def test_an_asset_scanned_again_says_where_it_goes_and_how_that_is_changed(pia: Visitor) -> None:
    """Whatever case the context names by then: the scan of before stands, and a link leads to it."""
    pia.follow(pia.post("/intake/context", FILL))
    scan(pia, "PI-1")
    said = "That scan names CASE-02 slot 1; this one changes nothing. To put it elsewhere, change that scan"
    assert f"Scanned before in this queue. {said}" in pia.words
    assert re.search(r'<a href="/intake/scans/1\?queue_id=\d+">To put it elsewhere', pia.page)
    pia.follow(pia.post("/intake/context", {**FILL, **NO_CASE}))
    scan(pia, "PI-8", "PI-8")
    assert "Scanned before in this queue. It changes nothing." in pia.words


@pytest.mark.parametrize("path", ["/intake", "/intake/check"])
def test_one_scan_is_led_to_its_button_by_what_stands_on_that(station: OpenStation, path: str) -> None:
    """The way there speaks of one where the button does."""
    pia = at_the_desk(station, "pia")
    otto = station.visitor("otto")
    station.case("CASE-02", 6)
    fills(otto, "OT-1")
    fills(pia, "PI-1")
    commits(otto)
    pia.get(path)
    assert set(re.findall(r'href="#next-free">([^<]*)<', pia.page)) == {"Put it into the next free slot"}
    assert "<button>Put it into the next free slot</button>" in pia.page
