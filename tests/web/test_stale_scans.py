"""A scan from a page that shows other than where scans go by now: it is refused and kept, and says what changed."""

import re
from html import unescape

import httpx2 as httpx
import pytest

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.tags import Place
from assettrack.services import holders
from tests.web import handing_over
from tests.web.handing_over import JANE, OKRI, issued, listed, stocked
from tests.web.test_intake_pages import FILL, at_the_desk, code, scan
from tests.web.test_stale_queues import queued
from tests.web.visitors import OpenStation, Visitor, words


def shown_in(text: str) -> str:
    """Return what a page, or the part of it that a scan changes, says of where the next scans go."""
    found = re.search(r'data-shown="([^"]*)"', text)
    assert found is not None, text
    return unescape(found[1])


def sent(visitor: Visitor, word: str, typed: str, *, shown: str, sent_as: str) -> httpx.Response:
    """Scan by script, as a page does that shows this."""
    said = {"typed": typed, "shown": shown, "sent_as": sent_as * 32}
    return visitor.post(f"/{word}/scans", said, hx_request="true")


@pytest.mark.parametrize("word", ["issue", "transfer"])
def test_a_scan_is_for_nobody_but_whom_its_page_showed(station: OpenStation, word: str) -> None:
    """In the other tab somebody else was chosen: the scan is not taken, and is once it is sent from what holds now."""
    stocked(station)
    if word == "transfer":
        issued(station, "LT-1", to=OKRI)
    ben = handing_over.at_the_desk(station, f"/{word}")
    listed(ben, word, holder=JANE)
    stale = shown_in(ben.page)
    listed(ben, word, holder=OKRI)
    answer = sent(ben, word, "LT-1", shown=stale, sent_as="a")
    assert answer.status_code == 409
    assert f"This page showed {JANE}; scans go to {OKRI} by now" in words(answer.text)
    assert "data-refused" in answer.text
    ben.get(f"/{word}")
    assert 'class="tag">LT-1<' not in ben.page
    assert shown_in(answer.text) == shown_in(ben.page)
    assert sent(ben, word, "LT-1", shown=shown_in(answer.text), sent_as="a").status_code == 200
    ben.get(f"/{word}")
    assert 'class="tag">LT-1<' in ben.page


def test_a_list_that_was_committed_meanwhile_takes_no_scan_for_nobody(station: OpenStation) -> None:
    """The next list is for nobody yet, and the page showed somebody."""
    stocked(station)
    ben = handing_over.at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    stale = shown_in(ben.page)
    ben.follow(ben.post("/issue/commit", handing_over.checked(ben, "issue")))
    answer = sent(ben, "issue", "LT-2", shown=stale, sent_as="a")
    assert answer.status_code == 409
    assert f"This page showed {JANE}; scans go to nobody yet by now" in words(answer.text)


def test_an_asset_goes_back_into_no_slot_that_its_page_did_not_show(station: OpenStation) -> None:
    """The other tab scanned a slot for the next asset; a second such scan is taken, for the slot was of one alone."""
    stocked(station)
    issued(station, "LT-1", "LT-2")
    ben = handing_over.at_the_desk(station, "/return")
    ben.get("/return")
    stale = shown_in(ben.page)
    listed(ben, "return", "CASE-01 SLOT 4")
    answer = sent(ben, "return", "LT-1", shown=stale, sent_as="a")
    assert answer.status_code == 409
    assert f"scans go to {Place('CASE-01', 4)} by now" in words(answer.text)
    assert sent(ben, "return", "LT-1", shown=shown_in(answer.text), sent_as="a").status_code == 200
    assert sent(ben, "return", "LT-2", shown=stale, sent_as="b").status_code == 200


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"case_name": "CASE-02"}, "This page showed CASE-01; scans go to CASE-02 by now"),
        ({"event_type": "ISSUE", "holder": JANE}, "showed event SCAN, nobody yet; scans go to event ISSUE, Jane Smith"),
        ({"equipment_type": "phone"}, "This page showed type laptop; scans go to type phone by now"),
    ],
)
def test_a_scan_goes_into_the_queue_only_as_its_page_showed(
    station: OpenStation, changed: dict[str, str], said: str
) -> None:
    """Event, case, holder and type were set anew in another tab; sent again from what holds now, it is taken."""
    station.case("CASE-02", 4)
    ben = at_the_desk(station)
    stale = shown_in(ben.page)
    ben.follow(ben.post("/intake/context", {**FILL, **changed}))
    answer = sent(ben, "intake", "LT-1", shown=stale, sent_as="a")
    assert answer.status_code == 409
    assert said in words(answer.text)
    assert queued(ben) == []
    assert sent(ben, "intake", "LT-1", shown=shown_in(answer.text), sent_as="a").status_code == 200
    assert queued(ben) == ["LT-1"]


def test_a_queue_that_was_committed_meanwhile_takes_no_scan_without_its_case(station: OpenStation) -> None:
    """After a commit nothing is set any more; the page still showed the case."""
    ben = at_the_desk(station)
    scan(ben, "LT-1")
    stale = shown_in(ben.page)
    ben.get("/intake/check")
    ben.follow(ben.post("/intake/commit", code(ben)))
    answer = sent(ben, "intake", "LT-2", shown=stale, sent_as="a")
    assert answer.status_code == 409
    assert "This page showed CASE-01" in words(answer.text)


def test_the_next_slot_is_nobodys_to_show(station: OpenStation) -> None:
    """Two tabs fill one case in turn, and the slot advances by itself."""
    ben = at_the_desk(station)
    stale = shown_in(ben.page)
    for number, name in enumerate("abcd", 1):
        assert sent(ben, "intake", f"LT-{number}", shown=stale, sent_as=name).status_code == 200
    assert queued(ben) == ["LT-1", "LT-2", "LT-3", "LT-4"]


@pytest.mark.parametrize("becomes", ["another case", "a batch"])
def test_a_scan_in_the_queue_gets_its_first_answer_whatever_changed_since(station: OpenStation, becomes: str) -> None:
    """Its answer was lost, so it is sent again under its name from the same page."""
    station.case("CASE-02", 4)
    ben = at_the_desk(station)
    stale = shown_in(ben.page)
    assert sent(ben, "intake", "LT-1", shown=stale, sent_as="a").status_code == 200
    if becomes == "a batch":
        ben.get("/intake/check")
        ben.follow(ben.post("/intake/commit", code(ben)))
    else:
        ben.follow(ben.post("/intake/context", {**FILL, "case_name": "CASE-02"}))
    answer = sent(ben, "intake", "LT-1", shown=stale, sent_as="a")
    assert answer.status_code == 200
    assert ("Accepted: LT-1" in words(answer.text)) == (becomes == "another case")
    assert queued(ben) == ([] if becomes == "a batch" else ["LT-1"])


def test_a_scan_on_a_list_gets_its_first_answer_whatever_changed_since(station: OpenStation) -> None:
    """Also one that named the person itself, as a badge does: what it changed is no other page's doing."""
    stocked(station)
    ben = handing_over.at_the_desk(station)
    ben.get("/issue")
    stale = shown_in(ben.page)
    for _ in range(2):
        answer = sent(ben, "issue", JANE, shown=stale, sent_as="a")
        assert answer.status_code == 200
        assert f"Noted: {JANE}" in words(answer.text)
    listed(ben, "issue", holder=OKRI)
    assert sent(ben, "issue", JANE, shown=stale, sent_as="a").status_code == 200
    assert f"Issue to {OKRI}" in (ben.get("/issue"), ben.words)[1]


def test_scans_that_say_themselves_where_the_next_go_are_answered_with_that(station: OpenStation) -> None:
    """A case's label, an event and the laptops after it, each sent from the answer to the one before."""
    ben = at_the_desk(station)
    station.case("CASE-02", 4)
    shown = shown_in(ben.page)
    for number, typed in enumerate(("CASE-02", written(Card(CardKind.EVENT, "UPDATE")), "LT-1", "LT-2")):
        answer = sent(ben, "intake", typed, shown=shown, sent_as=f"{number}")
        assert answer.status_code == 200, words(answer.text)
        shown = shown_in(answer.text)


def test_a_form_without_script_carries_it_too_and_keeps_what_was_typed(station: OpenStation) -> None:
    """The page shows what holds now, says what changed, and the scan stands in its field to be sent again."""
    station.case("CASE-02", 4)
    ben = at_the_desk(station)
    other = station.visitor("ben")
    other.get("/intake")
    assert re.search(r'name="shown" value="[^"]', ben.page)
    other.follow(other.post("/intake/context", {**FILL, "case_name": "CASE-02"}))
    assert ben.post("/intake/scans", {"typed": "LT-1", "shown": shown_in(ben.page)}).status_code == 409
    assert "scans go to CASE-02 by now" in ben.words
    assert re.search(r'id="typed"[^>]* value="LT-1"', ben.page)
    holders.register(station.workplace(), JANE)
    ben.get("/issue")
    stale = shown_in(ben.page)
    listed(other, "issue", holder=JANE)
    assert ben.post("/issue/scans", {"typed": "LT-1", "shown": stale}).status_code == 409
    assert f"scans go to {JANE} by now" in ben.words
    assert re.search(r'id="typed"[^>]* value="LT-1"', ben.page)


def test_what_no_page_says_of_where_scans_go_is_refused(station: OpenStation) -> None:
    """It is no error of the station."""
    ben = at_the_desk(station)
    assert sent(ben, "intake", "LT-1", shown="CASE-01", sent_as="a").status_code == 422
    assert queued(ben) == []


SLOT_7 = {"case_name": "CASE-02", "slot_position": "7"}
NEXT_FREE = {"case_name": "CASE-02", "slot_position": ""}


@pytest.mark.parametrize(
    ("shows", "since", "said"),
    [
        (SLOT_7, "CASE-02 SLOT 8", "showed CASE-02 slot 7; scans go to CASE-02 slot 8 by now"),
        (SLOT_7, "CASE-02", "showed CASE-02 slot 7; scans go to the next free slot of CASE-02 by now"),
        (NEXT_FREE, "CASE-02 SLOT 8", "showed the next free slot of CASE-02; scans go to CASE-02 slot 8 by now"),
        (SLOT_7, written(Card(CardKind.CASE, "OUT")), "showed CASE-02 slot 7; scans go to no slot by now"),
    ],
)
@pytest.mark.parametrize("way", ["script", "form"])
def test_an_asset_goes_into_no_other_slot_of_the_case_than_its_page_showed(
    station: OpenStation, shows: dict[str, str], since: str, said: str, way: str
) -> None:
    """Another one was said in the other tab; sent again from what holds now, it is taken, and goes there."""
    station.case("CASE-02", 8)
    ben = at_the_desk(station)
    ben.follow(ben.post("/intake/context", {**FILL, **shows}))
    stale = shown_in(ben.page)
    other = station.visitor("ben")
    other.get("/intake")
    scan(other, since)
    if way == "script":
        answer = sent(ben, "intake", "LT-1", shown=stale, sent_as="a")
    else:
        answer = ben.post("/intake/scans", {"typed": "LT-1", "shown": stale})
    assert answer.status_code == 409
    assert said in words(answer.text)
    assert "LT-1" not in queued(other)
    assert sent(ben, "intake", "LT-1", shown=shown_in(answer.text), sent_as="a").status_code == 200
    assert "LT-1" in queued(other)


@pytest.mark.parametrize("since", [["CASE-02 SLOT 8", "LT-8"], ["CASE-02 SLOT 8", "LT-8", "CASE-02 SLOT 7"]])
def test_an_asset_goes_into_no_slot_where_its_page_showed_that_one_was_used(
    station: OpenStation, since: list[str]
) -> None:
    """The page asked for the label of the next slot, and that came in the other tab."""
    station.case("CASE-02", 8)
    ben = at_the_desk(station)
    scan(ben, "CASE-02 SLOT 7", "LT-7")
    ben.get("/intake")
    stale = shown_in(ben.page)
    other = station.visitor("ben")
    other.get("/intake")
    scan(other, *since)
    answer = sent(ben, "intake", "LT-1", shown=stale, sent_as="a")
    assert answer.status_code == 409
    assert "This page showed CASE-02 slot 7, which is used; scans go to" in words(answer.text)
    assert "LT-1" not in queued(other)


def test_whoever_scans_on_in_one_tab_is_never_refused_for_a_slot(station: OpenStation) -> None:
    """A label, its asset, the next label, a case and what fills it, an undo: each from the answer to the one before."""
    station.case("CASE-02", 8)
    ben = at_the_desk(station)
    shown = shown_in(ben.page)
    undo, out, update = (
        written(card) for card in (Card(CardKind.UNDO), Card(CardKind.CASE, "OUT"), Card(CardKind.EVENT, "UPDATE"))
    )
    row = [
        "LT-1", "LT-2", "CASE-02 SLOT 7", "LT-7", "CASE-02 SLOT 8", "CASE-02 SLOT 8", "LT-8", undo, "LT-9", "LT-9",
        "CASE-02", "LT-3", "LT-4", out, "LT-5", update, "LT-5", "CASE-02 SLOT 99", "LT-6", "CASE-02 SLOT 6", "LT-6",
    ]  # fmt: skip
    for number, typed in enumerate(row):
        answer = sent(ben, "intake", typed, shown=shown, sent_as=f"{number:02}")
        assert answer.status_code == 200, (typed, words(answer.text))
        shown = shown_in(answer.text)
    for number, typed in enumerate(row):  # no answer came to any of them, and the page that sends them shows the last
        assert sent(ben, "intake", typed, shown=shown, sent_as=f"{number:02}").status_code == 200


def test_the_slot_that_the_page_showed_may_be_used_by_now(station: OpenStation) -> None:
    """The asset that comes after it is held, as anywhere: it goes nowhere, so it is taken, and shown."""
    station.case("CASE-02", 8)
    ben = at_the_desk(station)
    scan(ben, "CASE-02 SLOT 7")
    ben.get("/intake")
    stale = shown_in(ben.page)
    assert sent(ben, "intake", "LT-7", shown=stale, sent_as="a").status_code == 200
    answer = sent(ben, "intake", "LT-8", shown=stale, sent_as="b")
    assert answer.status_code == 200
    assert "Stop: LT-8 The label of CASE-02 slot 7 was for asset LT-7 alone" in words(answer.text)
