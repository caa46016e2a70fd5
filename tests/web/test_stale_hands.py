"""What is done by hand on an old page of a list or queue does nothing to another one, and the page says what moved."""

import re

import pytest

from tests.web import test_intake_pages as intake
from tests.web.handing_over import JANE, OKRI, at_the_desk, issued, listed, size, stocked
from tests.web.test_twice_is_once import fields
from tests.web.visitors import OpenStation, Visitor

CHANGED = "This list changed meanwhile, perhaps in another tab. Nothing was saved."
EARLIER = "The page that you came from showed an earlier list"
WORDS = ("issue", "return", "transfer")


def drawn(visitor: Visitor, action: str, tag: str) -> dict[str, str]:
    """What the form of one line sends."""
    forms = re.findall(rf'<form action="{action}" method="post".*?</form>', visitor.page, re.DOTALL)
    found = [dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)) for form in forms]
    return next(form for form in found if form.get("tag") == tag)


def on_it(visitor: Visitor, word: str) -> list[tuple[str, str]]:
    """The list as it is: each asset with what is said of it."""
    visitor.get(f"/{word}")
    found = re.findall(r'<li id="line-\d+".*?class="tag">([^<]+)</strong></p>\s*<p>(.*?)</p>', visitor.page, re.DOTALL)
    return [(tag, re.sub("<[^>]+>", "", said).strip()) for tag, said in found]


def anew(visitor: Visitor, word: str) -> None:
    """Put the list aside."""
    visitor.get(f"/{word}")
    visitor.follow(visitor.post(f"/{word}/start-anew"))


@pytest.fixture
def ben(station: OpenStation) -> Visitor:
    """Sit at a station where Jane has three laptops of five."""
    stocked(station)
    issued(station, "LT-1", "LT-2", "LT-3")
    return at_the_desk(station)


@pytest.mark.parametrize("word", WORDS)
def test_no_person_is_named_for_what_was_not_shown(station: OpenStation, ben: Visitor, word: str) -> None:
    """What came on the list in the other tab waits for a person there; the old page names nobody for it."""
    tags = ("LT-4", "LT-5") if word == "issue" else ("LT-1", "LT-2")
    listed(ben, word, tags[0])
    stale = {**fields(ben, f"/{word}/holder"), "holder": OKRI}
    other = at_the_desk(station, f"/{word}")
    listed(other, word, tags[1])
    before = on_it(other, word)
    assert ben.post(f"/{word}/holder", stale).status_code == 409
    assert CHANGED in ben.words
    assert f"{tags[1]} came on it." in ben.words
    assert on_it(other, word) == before
    ben.follow(ben.post(f"/{word}/holder", {"holder": OKRI}))
    ben.follow(ben.post(f"/{word}/holder", {"holder": OKRI}))


@pytest.mark.parametrize("word", WORDS)
def test_nothing_is_done_by_hand_to_the_list_after_the_one_that_was_shown(
    station: OpenStation, ben: Visitor, word: str
) -> None:
    """Neither a person named, nor an asset added, taken off or put elsewhere, nor a check begun."""
    tag = "LT-4" if word == "issue" else "LT-1"
    listed(ben, word, tag)
    bound = fields(ben, f"/{word}/holder")
    line = drawn(ben, f"/{word}/remove", tag)
    other = at_the_desk(station, f"/{word}")
    anew(other, word)
    forms = {
        f"/{word}/holder": {**bound, "holder": OKRI},
        f"/{word}/lines": {**bound, "tag": "LT-2"},
        f"/{word}/remove": line,
        f"/{word}/check": bound,
        f"/{word}/acceptance": {**bound, "notes": "broken screen"},
    } | ({"/return/place": {**line, "slot_position": "OUT"}} if word == "return" else {})
    for listed_by_now in ([], [tag]):
        listed(other, word, *listed_by_now)
        before = (on_it(other, word), size(station))
        for path, said in forms.items():
            assert ben.post(path, said).status_code == 409, path
            assert CHANGED in ben.words
            assert f"{EARLIER}, which was put aside." in ben.words
            assert (on_it(other, word), size(station)) == before, path


def test_what_became_of_the_list_that_was_shown_is_said(station: OpenStation, ben: Visitor) -> None:
    """It is a batch by now, and its number leads there."""
    listed(ben, "issue", "LT-4", holder=JANE)
    stale = drawn(ben, "/issue/remove", "LT-4")
    other = at_the_desk(station)
    other.get("/issue/acceptance")
    other.follow(other.post("/issue/acceptance", {"how": "paper"}))
    form = dict(re.findall(r'name="(draft|confirm)" value="([^"]+)"', other.page))
    batch = other.post("/issue/commit", form).headers["location"].rpartition("/")[2]
    listed(other, "issue", "LT-5")
    assert ben.post("/issue/remove", stale).status_code == 409
    assert f"{EARLIER}, which is batch {batch} by now." in ben.words
    assert [tag for tag, _ in on_it(other, "issue")] == ["LT-5"]


def test_a_line_is_taken_off_or_put_elsewhere_as_it_was_shown(station: OpenStation, ben: Visitor) -> None:
    """What else came on the list does not matter; that the line itself is another by now does."""
    listed(ben, "return", "LT-1")
    first = drawn(ben, "/return/remove", "LT-1")
    other = at_the_desk(station, "/return")
    listed(other, "return", "LT-2")
    other.follow(other.post("/return/place", {"tag": "LT-1", "slot_position": "OUT"}))
    for path, said in (("/return/remove", {}), ("/return/place", {"case_name": "CASE-01", "slot_position": "7"})):
        assert ben.post(path, {**first, **said}).status_code == 409
        assert "LT-1 would do something else than was shown." in ben.words
        assert "in no slot" in dict(on_it(other, "return"))["LT-1"]
    ben.get("/return")
    fresh = drawn(ben, "/return/remove", "LT-1")
    listed(other, "return", "LT-3")
    ben.follow(ben.post("/return/remove", fresh))
    assert [tag for tag, _ in on_it(other, "return")] == ["LT-2", "LT-3"]
    assert ben.post("/return/remove", fresh).status_code == 303  # the second click of the two


@pytest.mark.parametrize("left_out", ["list", "mark"])
def test_a_form_that_does_not_say_what_it_showed_does_nothing(ben: Visitor, left_out: str) -> None:
    """No page of the station sends such a form."""
    listed(ben, "return", "LT-1")
    bound = {**fields(ben, "/return/holder"), left_out: ""}
    line = {**drawn(ben, "/return/remove", "LT-1"), left_out: ""}
    forms = {
        "/return/holder": {**bound, "holder": OKRI},
        "/return/lines": {**bound, "tag": "LT-2"},
        "/return/remove": line,
        "/return/place": {**line, "slot_position": "OUT"},
        "/return/check": bound,
        "/return/acceptance": {**bound, "notes": "x"},
        "/return/start-anew": bound,
    } | ({"/return/seen": {**bound, "number": "1"}} if left_out == "list" else {})
    before = on_it(ben, "return")
    for path, said in forms.items():
        assert ben.post(path, said).status_code == 409, path
        assert on_it(ben, "return") == before


def test_on_an_empty_list_the_first_choice_counts_and_the_second_click_too(station: OpenStation, ben: Visitor) -> None:
    """Nothing is kept of a list on which nothing was yet; where another tab began one, its page is old."""
    form = {**fields(ben, "/issue/holder"), "holder": OKRI}
    other = at_the_desk(station)
    for _ in range(2):
        ben.follow(ben.post("/issue/holder", form))
        assert f"Issue to {OKRI}" in ben.words
    listed(other, "issue", "LT-4")
    assert ben.post("/issue/holder", {**form, "holder": JANE}).status_code == 409
    assert OKRI in dict(on_it(other, "issue"))["LT-4"]


def test_what_the_next_scans_mean_is_not_said_of_another_queue(station: OpenStation) -> None:
    """The queue was committed in the other tab: the old page says nothing of the next one."""
    desk = intake.at_the_desk(station)
    intake.scan(desk, "LT-1")
    stale = {**fields(desk, "/intake/context"), "event_type": "RETIRE", "notes": "sold"}
    other = station.visitor("ben")
    other.get("/intake/check")
    other.follow(other.post("/intake/commit", intake.code(other)))
    other.get("/intake")
    other.follow(other.post("/intake/context", intake.FILL))
    for said in (stale, {**stale, "queue_id": ""}):
        assert desk.post("/intake/context", said).status_code == 409
        assert "showed an earlier queue" in desk.words
        other.get("/intake")
        assert 'data-event="SCAN"' in other.page


def test_a_queue_is_not_cleared_by_a_form_that_says_not_which(station: OpenStation) -> None:
    """No page of the station sends such a form."""
    desk = intake.at_the_desk(station)
    intake.scan(desk, "LT-1")
    desk.get("/intake/clear")
    shown = fields(desk, "/intake/clear")
    for name in ("queue_id", "revision"):
        assert desk.post("/intake/clear", {**shown, name: ""}).status_code in {409, 422}
        assert "LT-1" in (desk.get("/intake"), desk.words)[1]
