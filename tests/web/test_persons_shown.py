"""A link or a form of a page that showed one person: used after the name moved, it never means whoever has it now."""

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import urlencode

import pytest

from assettrack.domain.receipts import parse_text
from assettrack.services import counts, holders, receipts
from assettrack.services.holders import HolderUpdate
from tests.paper.printed import codes_on, pictures_of
from tests.services.printed import badge
from tests.web.handing_over import JANE, OKRI, STROKES, at_the_desk, issued, listed, size, stocked
from tests.web.stock import entries
from tests.web.visitors import OpenStation, Visitor

JONES = "Jane Jones"
FIRST = 1
"""The number of whoever is called Jane Smith when a page is looked at."""

Becomes = Callable[[OpenStation], str]


def renamed(station: OpenStation) -> str:
    """Jane Smith is Jane Jones from now on; return what is said of her old name."""
    holders.change(station.workplace(), JANE, HolderUpdate(name=JONES, reason="marriage"))
    return "nobody has that name by now"


def moved(station: OpenStation) -> str:
    """Jane Smith is Jane Jones from now on, and another Jane Smith is registered; return what is said of the name."""
    renamed(station)
    return f"Jane Smith now means another person, holder {holders.register(station.workplace(), JANE).holder.holder_id}"


def swapped(station: OpenStation) -> str:
    """Jane Smith and Ben Okri have each other's names from now on; return what is said of the first."""
    at = station.workplace()
    for name, new in ((JANE, "Nobody Yet"), (OKRI, JANE), ("Nobody Yet", OKRI)):
        holders.change(at, name, HolderUpdate(name=new, reason="mixed up"))
    return "Jane Smith now means another person, holder 2"


BECOMES = pytest.mark.parametrize("becomes", [renamed, moved, swapped])


def link(visitor: Visitor, path: str) -> str:
    """Where a link of the page leads whose address begins so."""
    found = re.search(rf'href="({re.escape(path)}\?[^"]*)"', visitor.page)
    assert found is not None, visitor.words
    return unescape(found[1])


def form(visitor: Visitor, action: str, button: str = "") -> dict[str, str]:
    """What a form of the page carries unseen: that with this word on it, where there are several."""
    forms = re.findall(rf'<form[^>]*action="{re.escape(action)}".*?</form>', visitor.page, re.DOTALL)
    (found,) = [each for each in forms if button in each]
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', found)}


@pytest.mark.parametrize("word", ["issue", "return"])
@BECOMES
def test_the_address_of_a_person_is_refused_once_the_name_is_not_theirs(
    station: OpenStation, word: str, becomes: Becomes
) -> None:
    """Looked at again, or opened from a page that stayed open: who is who is said, and nobody is chosen."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/holders/Jane%20Smith")
    address = link(ben, f"/{word}")
    shown = ben.get(address).headers["location"]
    ben.get(shown)
    assert form(ben, f"/{word}/scans")["number"] == str(FIRST)
    means = becomes(station)
    now = OKRI if becomes is swapped else JONES
    for each in (shown, ben.get(address).headers["location"]):
        assert ben.get(each).status_code == 409
        assert (
            f"Jane Smith was holder {FIRST} when this was chosen, and is called {now} now; {means}. "
            "Choose again for whom the next scans are." in ben.words
        )
        assert (form(ben, f"/{word}/scans")["holder"], form(ben, f"/{word}/scans")["number"]) == ("", "")
    before = size(station)
    ben.follow(ben.post(f"/{word}/scans", {**form(ben, f"/{word}/scans"), "typed": "LT-2"}))
    assert "Issue to" not in ben.words
    assert size(station) == before


@pytest.mark.parametrize("word", ["issue", "return", "transfer"])
def test_an_address_that_was_typed_by_name_has_the_number_from_then_on(station: OpenStation, word: str) -> None:
    """Whoever types a name means who has it now; looked at again after the name moved, it is refused too."""
    stocked(station)
    ben = at_the_desk(station)
    address = ben.get(f"/{word}?{urlencode({'holder': 'jane  SMITH', 'tag': 'LT-1'})}").headers["location"]
    assert f"number={FIRST}" in address
    assert ben.get(address).status_code == 200
    assert form(ben, f"/{word}/scans")["number"] == str(FIRST)
    assert 'name="typed"' in ben.page
    assert 'value="LT-1"' in ben.page
    moved(station)
    assert ben.get(address).status_code == 409


def test_an_address_of_nobody_is_of_nobody(station: OpenStation) -> None:
    """A name that nobody has chooses nobody; so does a number that nobody has, of which that is said."""
    stocked(station)
    ben = at_the_desk(station, "/issue?holder=Ada%20Okri")
    assert form(ben, "/issue/scans")["number"] == ""
    assert ben.post("/issue/scans", {**form(ben, "/issue/scans"), "typed": "LT-1"}).status_code == 404
    assert ben.follow(ben.get("/issue?holder=Jane%20Smith&number=99")).status_code == 409
    assert "Jane Smith was holder 99 when this was chosen, and is not registered any more" in ben.words


def handed_to(station: OpenStation) -> list[tuple[int, int | None]]:
    """Of whom the receipts are, and of which batch."""
    at = station.workplace()
    found = [parse_text(receipts.printed(at, fact.receipt_id).text) for fact, _ in receipts.all_receipts(at)]
    return [(each.holder_id, each.batch_id) for each in found]


@BECOMES
def test_the_receipt_of_a_batch_is_of_whom_its_page_showed(station: OpenStation, becomes: Becomes) -> None:
    """The batch handed something to both: the button beside a person makes that person's receipt."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    listed(ben, "issue", "LT-2", holder=OKRI)
    ben.get("/issue/acceptance")
    ben.follow(ben.post("/issue/acceptance", {"how": "paper"}))
    page = ben.post("/issue/commit", form(ben, "/issue/commit")).headers["location"]
    ben.get(page)
    sent = form(ben, f"{page}/receipts", JANE)
    becomes(station)
    ben.follow(ben.post(f"{page}/receipts", sent))
    assert handed_to(station) == [(FIRST, 2)]


@BECOMES
def test_a_hand_receipt_is_of_whom_its_page_showed(station: OpenStation, becomes: Becomes) -> None:
    """It is of all that this person has, whatever they are called by now."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/holders/Jane%20Smith")
    action = "/holders/Jane%20Smith/hand-receipt"
    sent = form(ben, action)
    becomes(station)
    ben.follow(ben.post(action, sent))
    assert "asset tag: LT-1" in ben.words
    assert handed_to(station) == [(FIRST, None)]


@BECOMES
def test_what_is_accepted_later_is_of_whom_the_page_showed(station: OpenStation, becomes: Becomes) -> None:
    """Another name stands on what was signed: it is refused for that person, whatever they are called by now."""
    stocked(station)
    ben = at_the_desk(station)
    listed(ben, "issue", "LT-1", holder=JANE)
    listed(ben, "issue", "LT-2", holder=OKRI)
    ben.get("/issue/acceptance")
    ben.follow(ben.post("/issue/acceptance", {"how": "none"}))
    page = ben.post("/issue/commit", form(ben, "/issue/commit")).headers["location"]
    ben.get(page)
    sent = {**form(ben, f"{page}/acceptances", JANE), "how": "screen", "strokes": STROKES}
    becomes(station)
    before = size(station)
    assert ben.post(f"{page}/acceptances", sent).status_code == 409
    now = OKRI if becomes is swapped else JONES
    assert f"What batch 2 exchanged with {now} is not as the page showed it" in ben.words
    assert size(station) == before
    anew = {**form(ben, f"{page}/acceptances", now), "how": "screen", "strokes": STROKES}
    ben.follow(ben.post(f"{page}/acceptances", anew))
    last = entries(station)[-1]
    assert '"event_type":"ACCEPTANCE"' in last
    assert f'"holder_id":{FIRST}' in last


@BECOMES
def test_a_count_is_of_whom_the_page_before_it_showed(station: OpenStation, becomes: Becomes) -> None:
    """The page said what it would expect: just that is expected."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/counts")
    ben.get("/counts/new?of=holder&holder=jane%20smith")
    assert "what Jane Smith has" in ben.words
    sent = form(ben, "/counts")
    becomes(station)
    ben.follow(ben.post("/counts", sent))
    assert [each.asset_tag for each in counts.sheet(station.workplace(), 1, with_found=True).lines] == ["LT-1"]


@BECOMES
def test_a_badge_is_of_whom_the_page_showed(station: OpenStation, becomes: Becomes) -> None:
    """The link is that of a person; another name typed into the form is whoever has that."""
    stocked(station)
    ben = at_the_desk(station, "/holders/Jane%20Smith")
    of_first, of_other = badge(station.workplace(), JANE), badge(station.workplace(), OKRI)
    ben.get(link(ben, "/labels"))
    sent = {**form_fields(ben), "sheet": "single", "width": "60", "height": "30", "make": "1"}
    assert printed(ben, sent | {"which": OKRI}) == of_other
    becomes(station)
    assert printed(ben, sent) == of_first


def form_fields(visitor: Visitor) -> dict[str, str]:
    """What the form of labels says as it is drawn."""
    hidden = re.findall(r'type="hidden" name="(number|shown)" value="([^"]*)"', visitor.page)
    which = re.search(r"<textarea[^>]*>([^<]*)</textarea>", visitor.page)
    assert which is not None
    return {**dict(hidden), "what": "holders", "which": unescape(which[1])}


def printed(visitor: Visitor, said: dict[str, str]) -> str:
    """The code of the one label that is printed."""
    answer = visitor.get(f"/labels?{urlencode(said)}")
    (code,) = [code.text for picture in pictures_of(answer.content, 300) for code in codes_on(picture)]
    return code
