"""Scans that are taken out of the queue, and brought back: where one goes on, and what is said of their slots."""

import re

from assettrack.domain.cards import Card, CardKind, written
from tests.web.queue_forms import drawn_for, to_bring_back
from tests.web.test_intake_pages import at_the_desk, scan
from tests.web.test_intake_rounds import NO_EVENT, REMOVED, at_intake, now, scanned
from tests.web.visitors import OpenStation


def test_after_removing_one_goes_on_at_the_next_line(station: OpenStation) -> None:
    """At the one that stands in its place, at the last one, or where one scans when nothing is left."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "LT-2", "LT-3", "LT-4")
    places = [("3", "/intake#scan-2"), ("2", "/intake#scan-1"), ("1", "/intake#scan-4"), ("4", "/intake#typed")]
    for number, place in places:
        ben.get("/intake")
        assert ben.post("/intake/remove", drawn_for(ben, number)).headers["location"] == place
    assert 'id="typed"' in (ben.get("/intake"), ben.page)[1]
    back = ben.post("/intake/bring-back", to_bring_back(ben))
    assert back.headers["location"] == "/intake#scan-4"
    assert 'id="scan-4"' in (ben.follow(back), ben.page)[1]


def test_a_slot_that_is_free_again_between_others_is_said(station: OpenStation) -> None:
    """What was scanned after a wrong scan is one slot further in the record; where nothing was, nothing is said."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "XX-9", "LT-2")
    ben.get("/intake")
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 2)))
    said = "CASE-01 slot 2 is free again; the others stay where their lines say."
    assert f"{said} The next new asset that you scan goes into CASE-01 slot 2." in ben.words
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 3)))
    assert "free again" not in ben.words
    ben.follow(ben.post("/intake/bring-back", to_bring_back(ben)))
    scan(ben, "LT-3")
    assert "free again" not in ben.words


def test_what_comes_back_into_a_slot_that_another_names_by_now_is_told_so(station: OpenStation) -> None:
    """Beside the button before, and with its line after, from where it leads to the next free slot."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "LT-2", "LT-3")
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 2)))
    before = "CASE-01 slot 2 was meant for LT-2, and LT-4 goes there by now."
    assert before not in ben.words
    scan(ben, "LT-4")
    form = ben.words.partition("Bring back LT-2")[2]
    assert form.startswith(f" {before} Brought back, one of the two needs another slot: the next free one is offered")
    back = ben.post("/intake/bring-back", to_bring_back(ben))
    assert back.headers["location"] == "/intake#scan-2"
    ben.follow(back)
    assert before not in ben.words
    line = re.search(r'<li id="scan-2" class="note".*?</li>', ben.page, re.DOTALL)
    assert line is not None
    assert "CASE-01 slot 2 is named for LT-4 too: one of the two needs another slot." in line[0]
    assert 'href="#next-free"' in line[0]
    assert "LT-4 to slot 4" in ben.words
    assert ben.words.count("one of the two needs") == 1


def test_what_comes_back_and_is_there_again_is_told_so(station: OpenStation) -> None:
    """It was scanned again meanwhile, into the same slot: it is there once, and needs no other slot."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "LT-2")
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 1)))
    scan(ben, "LT-1")
    form = ben.words.partition("Bring back LT-1")[2]
    assert form.startswith(" LT-1 is in the queue by another scan by now. Brought back, both are one line, which says")
    assert "was meant for" not in ben.words
    ben.follow(ben.post("/intake/bring-back", to_bring_back(ben)))
    assert "Scanned before in this queue." in ben.words
    assert "Queue: 2 to commit, 1 twice" in ben.words


def test_what_is_removed_on_the_check_page_leads_back_there(station: OpenStation) -> None:
    """The check goes on, and so does the way back from changing a scan."""
    ben = at_the_desk(station)
    scan(ben, "LT-1", "no-tag!", "LT-2")
    ben.get("/intake/check")
    answer = ben.post("/intake/remove", drawn_for(ben, 2))
    assert answer.headers["location"] == "/intake/check#scan-1"
    ben.follow(answer)
    assert "Commit 2 scans" in ben.words
    ben.get("/intake/scans/1?back=/intake/check")
    assert 'href="/intake/check#scan-1"' in ben.page
    elsewhere = ben.post("/intake/remove", {**drawn_for(ben, 1), "back": "//elsewhere.example"})
    assert elsewhere.headers["location"] == "/intake#scan-3"


def test_what_a_removed_card_said_is_not_shown_any_more(station: OpenStation) -> None:
    """Neither what it said nor what was said before it; a page that still shows it sends nothing there."""
    ben = at_intake(station)
    retire = written(Card(CardKind.EVENT, "RETIRE"))
    scanned(ben, retire)
    ben.get("/intake")
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 1)))
    assert now(ben.words) == NO_EVENT
    scanned(ben, written(Card(CardKind.EVENT, "UPDATE")), "CASE-01 SLOT-08", "LT-1")
    ben.get("/intake")
    shown = ben.page.partition('name="shown" value="')[2].partition('"')[0].replace("&#34;", '"')
    ben.follow(ben.post("/intake/remove", drawn_for(ben, 3)))
    assert now(ben.words) == f"Move or update · {REMOVED}"
    refused = ben.post("/intake/scans", {"typed": "LT-2", "shown": shown}, hx_request="true")
    assert refused.status_code == 409
    assert "no place any more" in refused.text
    said = scanned(ben, "LT-2")
    assert said.startswith("Stop: LT-2 What said where asset LT-2 goes was held or removed")
    ben.get("/intake/scans/5?queue_id=1")
    assert 'name="case_name" autofocus' in ben.page
