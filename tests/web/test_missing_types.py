"""New assets of which nobody said what they are: the page says it once, and it is mended once for all of them."""

import re

import httpx2 as httpx
import pytest

from assettrack.services import assets
from assettrack.web.batches.queue_facts import LINES_SHOWN
from tests.web.test_intake_pages import FILL, NO_CASE, at_the_desk, code, scan
from tests.web.visitors import ORIGIN, OpenStation, Visitor, words

STOP = "It is new and has no type yet."


@pytest.fixture
def stopped(station: OpenStation) -> Visitor:
    """Stand before a queue of three new assets that lack a type, one that says its own, and a scan that is nothing."""
    ben = at_the_desk(station)
    ben.post("/intake/context", {**FILL, "equipment_type": "tablet"})
    scan(ben, "TB-1")
    ben.post("/intake/context", {**FILL, "equipment_type": ""})
    scan(ben, "LT-1", "LT-2", "LT-3", "???")
    return ben


def say(visitor: Visitor, equipment_type: str, back: str = "/intake", queue_id: str = "1") -> httpx.Response:
    """Send the form of the page that says it."""
    shown = re.search(r'name="scans" value="([^"]*)"', visitor.page)
    said = {"queue_id": queue_id, "equipment_type": equipment_type, "back": back, "scans": shown[1] if shown else ""}
    return visitor.post("/intake/missing-type", said)


def remove(visitor: Visitor, number: str) -> None:
    """Press the button that removes a scan."""
    visitor.get("/intake")
    mark = re.search(rf'name="number" value="{number}"><input type="hidden" name="mark" value="([^"]+)"', visitor.page)
    assert mark is not None
    visitor.follow(visitor.post("/intake/remove", {"queue_id": "1", "number": number, "mark": mark[1]}))


def types(station: OpenStation) -> dict[str, str]:
    """What each asset is."""
    return {tag: asset.equipment_type for tag, asset in assets.all_assets(station.workplace())}


def test_the_type_is_said_once_for_all_scans_that_lack_it(station: OpenStation, stopped: Visitor) -> None:
    """Each stop links to the one field; what says its type already keeps it, and all of it can be committed."""
    assert stopped.words.count(STOP) == 3
    assert stopped.page.count('href="#missing-type"') == 3
    assert stopped.page.count('id="missing-type"') == 1
    assert 'name="queue_id" value="1"' in stopped.page.partition('action="/intake/missing-type"')[2]
    answer = say(stopped, " laptop ")
    assert answer.headers["location"] == "/intake#typed"
    stopped.follow(answer)
    assert STOP not in stopped.words
    assert 'id="missing-type"' not in stopped.page
    assert "Queue: 4 to commit, 1 to mend" in stopped.words
    remove(stopped, "5")
    stopped.get("/intake/check")
    stopped.follow(stopped.post("/intake/commit", code(stopped)))
    assert types(station) == {"TB-1": "tablet", "LT-1": "laptop", "LT-2": "laptop", "LT-3": "laptop"}


def test_it_goes_for_the_next_scans_where_nothing_is_said_of_them(stopped: Visitor) -> None:
    """The page says so before and after; what was said of the next ones by hand stays."""
    remove(stopped, "1")
    assert "and for new assets you scan next" in (stopped.get("/intake"), stopped.words)[1]
    stopped.follow(say(stopped, "laptop"))
    assert "new assets are laptop" in stopped.words
    scan(stopped, "LT-4")
    assert "Queue: 4 to commit, 1 to mend" in stopped.words


def test_what_is_said_of_the_next_scans_stays(stopped: Visitor) -> None:
    """Who has said what comes next is offered that word, and what they say of those before does not change it."""
    stopped.follow(stopped.post("/intake/context", {**FILL, "equipment_type": "tablet"}))
    assert "and for new assets you scan next" not in stopped.words
    form = stopped.page.partition('id="missing-type"')[2].partition("</form>")[0]
    assert 'name="equipment_type" value="tablet"' in form
    stopped.follow(say(stopped, "laptop"))
    assert "new assets are tablet" in stopped.words
    assert STOP not in stopped.words


def test_the_check_page_says_it_once_and_takes_it(stopped: Visitor) -> None:
    """Three stops of one kind are one line of what is wrong, which leads to the field; one goes on at the check."""
    stopped.get("/intake/check")
    wrong = stopped.page.partition('<section class="wrong"')[2].partition("</section>")[0]
    assert wrong.count("<li>") == 2
    assert '<a href="#missing-type">3 new assets have no type yet. Set the type</a>' in wrong
    assert stopped.page.count('id="missing-type"') == 1
    answer = say(stopped, "laptop", "/intake/check")
    assert answer.headers["location"] == "/intake/check"
    stopped.follow(answer)
    assert STOP not in stopped.words
    assert "To be mended: 1" in stopped.words


@pytest.mark.parametrize("said", ["", "   ", "lap\x00top", "x" * 5000])
def test_a_type_that_can_not_be_changes_nothing(stopped: Visitor, said: str) -> None:
    """It is refused whole."""
    assert say(stopped, said).status_code == 422
    stopped.get("/intake")
    assert stopped.words.count(STOP) == 3


def test_said_twice_it_is_done_once(stopped: Visitor) -> None:
    """A double click finds nothing left to say."""
    say(stopped, "laptop")
    assert say(stopped, "tablet").status_code == 303
    stopped.get("/intake")
    assert "new tablet" not in stopped.words.partition("TB-1")[0]
    assert stopped.words.count("new laptop") == 3


@pytest.mark.parametrize("path", ["/intake", "/intake/check"])
def test_what_came_since_the_page_was_drawn_is_left_and_that_is_said(stopped: Visitor, path: str) -> None:
    """A page that shows three new assets makes laptops of three, and leads to the two that it did not show."""
    stopped.get(path)
    shown = stopped.page
    scan(stopped, "PHONE-1")
    stopped.follow(stopped.post("/intake/context", {**FILL, **NO_CASE, "equipment_type": ""}))
    scan(stopped, "PHONE-2")
    assert "were left as they are" not in stopped.words
    stopped.page = shown
    answer = say(stopped, "laptop", path)
    stopped.follow(answer)
    assert stopped.words.count("new laptop") == 3
    assert "were scanned, or changed, after the page on which you set the type" not in stopped.words
    assert (
        "1 new asset has no type yet It was left as it is: it was scanned, or changed, after the page" in stopped.words
    )
    stopped.page = shown
    assert say(stopped, "laptop", path).headers["location"] == answer.headers["location"]
    stopped.get(path)
    assert stopped.words.count("new laptop") == 3
    assert "left as it is" not in stopped.words
    stopped.follow(say(stopped, "phone", path))
    assert STOP not in stopped.words


@pytest.mark.parametrize("scans", ["", "2", "2.", ".", "2.0123456789abcdef 3.x", "x.y -1.z 99999999999999999999.q"])
def test_a_form_that_does_not_say_what_it_showed_types_nothing(stopped: Visitor, scans: str) -> None:
    """No page of the station sends such a form."""
    said = {"queue_id": "1", "equipment_type": "laptop", "back": "/intake", "scans": scans}
    stopped.follow(stopped.post("/intake/missing-type", said))
    assert stopped.words.count(STOP) == 3


def test_said_of_an_earlier_queue_it_changes_none(stopped: Visitor) -> None:
    """The page was drawn for scans that are committed or cleared by now."""
    assert say(stopped, "laptop", queue_id="7").status_code == 409
    stopped.get("/intake")
    assert stopped.words.count(STOP) == 3


def test_the_page_of_one_scan_begins_where_something_is_missing(stopped: Visitor) -> None:
    """The field that is missing has the focus, and is called what it is called on the page."""
    stopped.get("/intake/scans/2")
    assert re.findall(r'<input name="([a-z_]+)"[^>]* autofocus', stopped.page) == ["equipment_type"]
    assert "needs an equipment type. Say its equipment type here." in stopped.words
    assert "equipment_type" not in stopped.words
    stopped.get("/intake/scans/5")
    assert re.findall(r'<input name="([a-z_]+)"[^>]* autofocus', stopped.page) == ["asset_tag"]


@pytest.mark.parametrize(
    ("event", "said", "field"), [("ISSUE", "Holder is blank", "issued_to_name"), ("RETIRE", "is blank", "notes")]
)
def test_whatever_is_missing_is_where_one_begins(stopped: Visitor, event: str, said: str, field: str) -> None:
    """A holder, or the reason for which something is retired."""
    stopped.get("/intake/scans/2")
    hidden = dict(re.findall(r'type="hidden" name="(queue_id|mark)" value="([^"]+)"', stopped.page))
    changed = {**hidden, "event_type": event, "asset_tag": "LT-1", "back": "/intake"}
    stopped.follow(stopped.post("/intake/scans/2", changed))
    stopped.get("/intake/scans/2")
    assert said in stopped.words
    assert re.findall(r'<input name="([a-z_]+)"[^>]* autofocus', stopped.page) == [field]


def test_a_missing_type_is_asked_for_calmly(stopped: Visitor) -> None:
    """Above the scans, once for all of them; they are no mistakes: amber, with the tone of amber, and told apart."""
    queue = stopped.page.partition('id="queue"')[2]
    assert queue.index('id="missing-type"') < queue.index('id="scan-')
    assert "3 new assets have no type yet" in stopped.words
    assert "Queue: 1 to commit, 3 without a type, 1 to mend" in stopped.words
    shades = dict(re.findall(r'<li id="scan-(\d)" class="([a-z]+)"', stopped.page))
    assert shades == {"1": "ok", "2": "note", "3": "note", "4": "note", "5": "bad"}
    remove(stopped, "1")
    headers = {"origin": ORIGIN, "hx-request": "true", "x-form-token": stopped.form_token}
    answer = stopped.ask("POST", "/intake/scans", data={"typed": "LT-4"}, headers=headers)
    assert 'data-tone="note"' in answer.text
    assert "Look: LT-4" in answer.text
    assert stopped.page.count("Set the type") == 4  # beside each of them, and on the button


def test_a_new_asset_for_which_no_slot_is_free_is_a_stop(stopped: Visitor) -> None:
    """Saying the type would not mend it."""
    scan(stopped, "LT-4")
    assert re.findall(r'<li id="scan-6" class="([a-z]+)"', stopped.page) == ["bad"]
    assert "3 new assets have no type yet" in stopped.words


def test_the_type_is_asked_for_however_far_back_it_lacks(stopped: Visitor) -> None:
    """The scans that lack it need not be among the latest, which the page shows."""
    stopped.post("/intake/context", {**FILL, **NO_CASE, "equipment_type": "tablet"})
    scan(stopped, *(f"TB-{number}" for number in range(10, 10 + LINES_SHOWN)))
    assert "LT-3" not in stopped.words
    assert "3 new assets have no type yet" in stopped.words


def test_a_label_of_no_case_leads_to_preparing_it_and_can_be_made_an_asset(station: OpenStation) -> None:
    """It is not among those whose type is set; an admin is led to the form with its name, others are told of it."""
    ben = at_the_desk(station)
    ben.post("/intake/context", {**FILL, "equipment_type": ""})
    scan(ben, "LT-1", "CASE-09")
    assert "No case is called CASE-09, and no asset is." in ben.words
    assert "an admin can prepare a new case on the page of cases. Then scan the label again: it takes the" in ben.words
    assert "/cases?name" not in ben.page
    assert "1 new asset has no type yet" in ben.words
    assert "Queue: 0 to commit, 1 without a type, 1 to mend" in ben.words
    ben.get("/intake/scans/2")
    assert re.findall(r'<input name="([a-z_]+)"[^>]* autofocus', ben.page) == ["equipment_type"]
    assert "If it is an asset, say its type here." in ben.words
    hidden = dict(re.findall(r'type="hidden" name="(queue_id|mark)" value="([^"]+)"', ben.page))
    row = {**hidden, "event_type": "SCAN", "asset_tag": "CASE-09", "equipment_type": "crate", "back": "/intake"}
    ben.follow(ben.post("/intake/scans/2", row))
    assert "new crate" in ben.words
    ada = station.visitor("ada", "admin")
    scan(ada, "CASE-08")
    assert '<a href="/cases?name=CASE-08#prepare">Prepare the case CASE-08</a>' in ada.page
    ada.get("/intake/check")
    assert '<a href="/cases?name=CASE-08#prepare">Prepare the case CASE-08</a>' in ada.page
    ada.get("/cases?name=CASE-08")
    assert '<input id="prepare" name="name" value="CASE-08" required>' in ada.page


def test_a_label_that_comes_again_once_its_case_is_prepared_settles_what_was_held(station: OpenStation) -> None:
    """Why it was held is said in its line too; nothing is left to remove, or to bring back."""
    ben = at_the_desk(station)
    part = words(ben.post("/intake/scans", {"typed": "CASE-09"}, hx_request="true").text)
    assert part.count("No case is called CASE-09") == 2
    station.case("CASE-09", 2)
    part = words(ben.post("/intake/scans", {"typed": "CASE-09"}, hx_request="true").text)
    assert "Noted: CASE-09" in part
    assert "into CASE-09 the next free slot" in part
    assert "Stop" not in part
    assert "Bring back" not in part
    assert "to mend" not in part


def test_a_new_asset_without_a_type_says_which_slot_is_meant_for_it(station: OpenStation) -> None:
    """So that a wrong scan is noticed before the type is set; one for no slot has none to name."""
    ben = at_the_desk(station)
    ben.post("/intake/context", {**FILL, "equipment_type": ""})
    scan(ben, "LT-1", "LT-2")
    ben.post("/intake/context", {**FILL, "equipment_type": "", "case_name": "OUT"})
    scan(ben, "LT-3")
    for path, times in (("/intake", 3), ("/intake/check", 3)):
        ben.get(path)
        assert ben.words.count(f"{STOP} It is meant for CASE-01 slot 1.") == 1, path
        assert ben.words.count(f"{STOP} It is meant for CASE-01 slot 2.") == 1
        assert ben.words.count("It is meant for") == 2
        assert ben.words.count(STOP) == times
