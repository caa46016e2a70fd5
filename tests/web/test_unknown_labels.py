"""After a badge or label that is not known here, the pages of lists and counts ask anew for whom, or where."""

import re
from html import unescape

from assettrack.domain.cards import Card, CardKind, written
from assettrack.services import counts
from assettrack.services.counts import AskedScope
from tests.web.handing_over import JANE, OKRI, at_the_desk, issued, listed, stocked
from tests.web.visitors import OpenStation, Visitor, words

NOT_OURS = written(Card(CardKind.HOLDER, "99"))
NOT_KNOWN = "CASE-02 SLOT 99"
NO_SLOT = written(Card(CardKind.CASE, "OUT"))


def refused(visitor: Visitor, word: str, typed: str) -> None:
    """Scan what is not understood, by a plain form."""
    assert visitor.post(f"/{word}/scans", {"typed": typed}).status_code == 422


def hidden(visitor: Visitor, action: str) -> dict[str, str]:
    """What the form with this address sends of itself."""
    form = re.search(rf'<form[^>]* action="{action}".*?</form>', visitor.page, re.DOTALL)
    assert form is not None
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[0])
    return {name: unescape(value) for name, value in found if name != "form_token"}


def test_a_list_asks_to_whom_after_a_badge_that_is_not_known(station: OpenStation) -> None:
    """Also where somebody is given something already; the next asset waits, and nothing says that it is theirs."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    refused(ben, "issue", NOT_OURS)
    listed(ben, "issue", "LT-2")
    assert "To whom? Scan the person's badge, or choose. 1 asset waits for that." in ben.words
    assert "What you scan next is for" not in ben.words
    listed(ben, "issue", holder=OKRI)
    assert f"Issue to {JANE}, {OKRI}. What you scan next is for {OKRI}." in ben.words
    assert "LT-2 in CASE-01 slot 2 → in custody of Ben Okri" in ben.words


def test_the_page_of_a_person_names_them_no_more_after_another_badge(station: OpenStation) -> None:
    """The badge is scanned there first: whoever scans on without looking gives nothing to whom the page was of."""
    stocked(station)
    ben = at_the_desk(station, "/issue?holder=Jane%20Smith")
    said = hidden(ben, "/issue/scans")
    assert said["holder"] == JANE
    assert ben.post("/issue/scans", {**said, "typed": NOT_OURS}).status_code == 422
    assert hidden(ben, "/issue/scans")["holder"] == ""
    assert "To whom?" in ben.words


def test_the_page_of_a_person_gives_them_nothing_that_it_did_not_show(station: OpenStation) -> None:
    """It was scanned in another tab: nothing is done, the page says what came, and shows the list as it is."""
    stocked(station)
    ben = at_the_desk(station, "/issue?holder=Jane%20Smith")
    said = hidden(ben, "/issue/scans")
    other = at_the_desk(station)
    listed(other, "issue", "LT-1")
    assert ben.post("/issue/scans", {**said, "typed": "LT-2"}).status_code == 409
    assert "perhaps in another tab: LT-1 came on it. Nothing was saved." in ben.words
    assert "To whom? Scan the person's badge, or choose. 1 asset waits for that." in ben.words
    assert 'value="LT-2"' in ben.page
    assert "To whom?" in (other.get("/issue"), other.words)[1]
    ben.follow(ben.get("/issue?holder=Jane%20Smith"))
    ben.follow(ben.post("/issue/scans", {**hidden(ben, "/issue/scans"), "typed": "LT-2"}))
    assert "To be issued: 2" in ben.words


def test_a_return_asks_where_the_next_asset_goes(station: OpenStation) -> None:
    """What is scanned meanwhile is not on the list, and it is said what to do."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "CASE-01 SLOT 7")
    for typed in (NOT_KNOWN, "LT-1"):
        refused(ben, "return", typed)
        assert "Where does the next asset go? Scan the label of its slot or case." in ben.words
    assert (
        "It is not on the list. A label before it was not understood, and nothing said since where it goes. Scan the "
        "label of its slot or case, and scan it again."
    ) in ben.words
    listed(ben, "return", "CASE-01 SLOT 7", "LT-1")
    assert "Where does the next asset go?" not in ben.words
    assert "Ready: LT-1" in ben.words


def test_a_return_says_what_to_do_about_what_looks_like_a_case(station: OpenStation) -> None:
    """What it may be, and what next: on a list no scan can be changed, and none takes the place of another."""
    stocked(station)
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "CASE-01 SLOT 7")
    refused(ben, "return", "CASE-77")
    assert (
        "No case is called CASE-77, and no asset is. Check the label; an admin can prepare a new case on the page of "
        "cases. Then scan the label again. If it is an asset, take it in on the intake page."
    ) in ben.words
    assert "Where does the next asset go?" in ben.words


def test_the_page_of_whoever_returns_puts_nothing_where_it_did_not_show(station: OpenStation) -> None:
    """A label was scanned in another tab: nothing is done, and the page shows where it goes now."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/return?holder=Jane%20Smith")
    said = hidden(ben, "/return/scans")
    assert said["holder"] == JANE
    listed(at_the_desk(station, "/return"), "return", "CASE-01 SLOT 7")
    assert ben.post("/return/scans", {**said, "typed": "LT-1"}).status_code == 409
    assert "Nothing was saved." in ben.words
    assert "The next asset goes into CASE-01 slot 7." in ben.words
    assert "To be returned: 1" not in ben.words


def test_a_return_says_that_the_next_go_into_no_slot(station: OpenStation) -> None:
    """The answer to the card, and the page until a label says where; also after one that is not known."""
    said = "The next assets go into storage, in no slot, until the label of a slot or case comes."
    stocked(station)
    issued(station, "LT-1", "LT-2")
    ben = at_the_desk(station, "/return")
    part = ben.post("/return/scans", {"typed": NO_SLOT}, hx_request="true")
    assert words(part.text).count(said) == 2  # the answer, and what holds
    refused(ben, "return", NOT_KNOWN)
    assert said not in ben.words
    for typed in (NO_SLOT, "LT-1"):
        listed(ben, "return", typed)
        assert said in ben.words
        assert "Where does the next asset go?" not in ben.words
    assert "→ in storage, in no slot" in ben.words
    listed(ben, "return", "CASE-01 SLOT 7")
    assert said not in ben.words
    assert "The next asset goes into CASE-01 slot 7." in ben.words


def test_an_asset_on_the_list_goes_where_the_label_before_it_says(station: OpenStation) -> None:
    """The page says so, and the label is not for the next asset."""
    stocked(station)
    issued(station, "LT-1", "LT-2")
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1", "CASE-01 SLOT 7", "LT-1")
    assert re.search(r"Ready: LT-1 [^.]*→ in CASE-01 slot 7", ben.words)
    listed(ben, "return", "LT-2")
    assert re.search(r"Ready: LT-2 [^.]*→ in CASE-01 slot 2", ben.words)


def test_a_count_asks_where_the_next_asset_is_seen(station: OpenStation) -> None:
    """The page carries it from one form to the next, and so does its address, until a label or somebody says it."""
    stocked(station)
    counts.start(station.workplace(), AskedScope())
    ben = station.visitor("ben")
    ben.get("/counts/1?case=CASE-01&slot=8")
    assert ben.post("/counts/1/scans", {"typed": NOT_KNOWN, "case": "CASE-01", "slot": "8"}).status_code == 422
    for _ in range(2):
        assert '<option value="?" selected>' in ben.page
        assert 'id="slot" inputmode="numeric" value=""' in ben.page
        assert 'data-case="?" data-slot=""' in ben.page
        assert "Where are the next ones seen? Scan the label of the case or slot, or choose it." in ben.words
        assert ben.post("/counts/1/scans", {"typed": "LT-1", "case": "?", "slot": "8"}).status_code == 422
    assert (
        "A label before it was not understood, and nothing said since where it is. Nothing was added. Scan the label "
        "of its case or slot, or choose it where the next ones are seen, and scan it again."
    ) in ben.words
    assert ben.get("/counts/1?case=%3F").status_code == 200
    assert '<option value="?" selected>' in ben.page
    ben.follow(ben.post("/counts/1/scans", {"typed": "LT-1", "case": "", "slot": ""}))
    assert '<option value="?" hidden>' in ben.page
    sheet = counts.sheet(station.workplace(), 1, with_found=True)
    assert [(line.asset_tag, line.seen) for line in sheet.lines if line.scans] == [("LT-1", "here")]


def test_a_label_that_says_again_what_holds_in_a_count_is_answered_with_that(station: OpenStation) -> None:
    """No error, and nothing to be looked at."""
    stocked(station)
    counts.start(station.workplace(), AskedScope(cases=("CASE-01",)))
    ben = station.visitor("ben")
    ben.get("/counts/1")
    for label, slot in (("CASE-01", ""), ("CASE-01 SLOT 2", "2")):
        said = {"typed": label, "case": "CASE-01", "slot": slot}
        part = ben.post("/counts/1/scans", said, hx_request="true")
        assert f"{label}: Noted That was said already; nothing changed. The next ones are seen there." in words(
            part.text
        )
        assert "Stop" not in words(part.text)
        assert f'data-case="CASE-01" data-slot="{slot}"' in part.text
        assert ben.post("/counts/1/scans", said).status_code == 303


def test_what_looks_like_a_case_is_not_seen_in_the_case_before(station: OpenStation) -> None:
    """It is said what it may be, and what to do in a count."""
    stocked(station)
    counts.start(station.workplace(), AskedScope())
    ben = station.visitor("ben")
    ben.get("/counts/1")
    assert ben.post("/counts/1/scans", {"typed": "CASE-77", "case": "CASE-01"}).status_code == 422
    assert (
        "No case is called CASE-77, and no asset is. Check the label; an admin can prepare a new case on the page of "
        "cases. Then scan the label again. Nothing was added. If it is an asset, add it with a file."
    ) in ben.words
