"""What the next scans mean, said by hand: what a card said before stays, as the form shows it."""

import re
from html import unescape

from assettrack.domain.cards import Card, CardKind, written
from assettrack.domain.tags import OUT_WORD
from tests.web.test_intake_pages import FILL, at_the_desk, scan
from tests.web.visitors import OpenStation, Visitor


def by_hand(visitor: Visitor) -> dict[str, str]:
    """Return what the form says by which the context is set, as it is drawn."""
    form = visitor.page.partition('action="/intake/context"')[2].partition("</form>")[0]
    found = {}
    for field in re.findall(r"<input\b[^>]*>", form):
        name, value = (re.search(rf'\b{each}="([^"]*)"', field) for each in ("name", "value"))
        if name is not None and ('type="radio"' not in field or " checked" in field):
            found[name[1]] = unescape(value[1]) if value else ""
    for name, options in re.findall(r'<select name="(\w+)">(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', options)
        found[str(name)] = "" if chosen is None else chosen[1] or chosen[2]
    return found


def test_into_no_slot_stays_where_a_room_is_added(station: OpenStation) -> None:
    """The card said it, the page shows it in the form too, also where a scan changes a part of the page alone."""
    ben = at_the_desk(station)
    part = ben.post("/intake/scans", {"typed": written(Card(CardKind.CASE, OUT_WORD))}, hx_request="true").text
    assert f'data-case="{OUT_WORD}"' in part
    ben.get("/intake")
    assert "· into no slot" in ben.words
    ben.follow(ben.post("/intake/context", {**by_hand(ben), "building_room": "Room 7"}))
    assert "· into no slot" in ben.words
    scan(ben, "LT-1")
    assert "Scan in: new laptop → in storage, in no slot" in ben.words
    ben.follow(ben.post("/intake/context", {**by_hand(ben), "case_name": "CASE-01"}))
    assert "into no slot" not in ben.words
    assert "into CASE-01 the next free slot" in ben.words


def test_into_no_slot_is_no_slot_of_a_number(station: OpenStation) -> None:
    """Neither of the two is dropped in silence: it is said that they don't go together, and the context stays."""
    ben = at_the_desk(station)
    said = {**FILL, "case_name": OUT_WORD, "slot_position": "3"}
    assert ben.post("/intake/context", said).status_code == 422
    assert "what goes into no slot has none" in ben.words
    ben.get("/intake")
    assert "into CASE-01" in ben.words


def test_a_slot_without_its_case_is_refused_in_words(station: OpenStation) -> None:
    """It is not dropped in silence: a number alone is no place, and what was said before stays."""
    ben = at_the_desk(station)
    assert ben.post("/intake/context", {**FILL, "case_name": "", "slot_position": "3"}).status_code == 422
    assert "it is one of a case; choose the case too, or leave it blank" in ben.words
    ben.get("/intake")
    assert "into CASE-01" in ben.words
