"""Holders, as a browser meets them."""

import re
from html import unescape
from urllib.parse import parse_qs, urlencode, urljoin

from assettrack.services import contacts, holders, organisations, verification
from assettrack.services.holder_directory import PAGE_HOLDERS
from tests.web.handing_over import issued, stocked
from tests.web.stock import entries, fill, issue
from tests.web.visitors import OpenStation, Visitor

SECRET = "jane@home.example 0555-1234"


def form_of(visitor: Visitor) -> str:
    """The name of the form of the page."""
    found = re.search(r'name="form" value="([0-9a-f]+)"', visitor.page)
    assert found is not None
    return found[1]


def add(visitor: Visitor, **fields: str) -> int:
    """Send the form that registers somebody, follow it, and return its status."""
    visitor.get("/holders")
    answer = visitor.post("/holders", {"form": form_of(visitor), "organisation": "Ad Hoc", **fields})
    if answer.status_code == 303:
        visitor.follow(answer)
    return answer.status_code


def test_the_list_is_found_by_any_part_and_parted(station: OpenStation) -> None:
    """Part of a name in any case, part of an identifier, an organisation, a state; by name, so many on a page."""
    organisations.register(station.workplace(), "Fire Department")
    holders.register(station.workplace(), "Äda Löwe", organisation="Fire Department", identifier="S-17")
    for number in range(PAGE_HOLDERS):
        holders.register(station.workplace(), f"Person {number:03}")
    holders.change(station.workplace(), "Person 007", holders.HolderUpdate(active=False))
    vic = station.visitor("vic", "viewer")
    vic.get("/holders")
    assert "51 holders · page 1 of 2" in vic.words
    assert "Person 049" in vic.words
    assert "Äda Löwe" not in vic.words  # it sorts behind all others, on the next page
    for asked, found, other in (
        ({"text": "ÄDA  LÖ"}, "Äda Löwe", "Person"),
        ({"text": "s-17"}, "Äda Löwe", "Person"),
        ({"organisation": "Fire Department"}, "Äda Löwe", "Person 001"),
        ({"state": "inactive"}, "Person 007", "Person 001"),
        ({"page": "2"}, "Äda Löwe", "Person 001"),
        ({"page": "99"}, "Äda Löwe", "Person 001"),
        ({"page": "x"}, "Person 001", "Löwe"),
    ):
        assert vic.get(f"/holders?{urlencode(asked)}").status_code == 200
        assert found in vic.words, asked
        assert other not in vic.words, asked
    vic.get("/holders?text=<b>nobody")
    assert "Nobody is like that." in vic.words
    vic.get("/holders?state=inactive")
    assert '<tr class="inactive">' in vic.page


def test_the_page_tells_what_a_holder_has_and_leads_on(station: OpenStation) -> None:
    """Assets, what waits to be accepted, and links to issue and to take back; a name may hold any letter."""
    fill(station)
    issue(station, 'A/B & "C" <i>', "LT-1", "LT-2")
    ben = station.visitor("ben")
    ben.get("/search?q=A/B")
    assert ben.get("/holders/A/B%20%26%20%22C%22%20%3Ci%3E").status_code == 200
    assert "Has 2 assets" in ben.words
    assert "Not accepted yet Batch 2" in ben.words
    found = re.search(r'href="/issue[?](holder=[^"]*)"', ben.page)
    assert found is not None
    assert parse_qs(unescape(found[1])) == {"holder": ['A/B & "C" <i>'], "number": ["1"]}
    assert "<i>" not in ben.page
    assert ben.get("/holders/Nobody%20Here").status_code == 404
    vic = station.visitor("vic", "viewer")
    vic.get("/holders/A/B%20%26%20%22C%22%20%3Ci%3E")
    assert "/issue?" not in vic.page
    assert "LT-2" in vic.words


def test_receipts_stand_on_the_page(station: OpenStation) -> None:
    """The hand receipt is issued from the page, and is found there again."""
    fill(station)
    issue(station, "Jane Smith", "LT-1")
    ben = station.visitor("ben")
    ben.get("/holders/Jane%20Smith")
    ben.follow(ben.post("/holders/Jane%20Smith/hand-receipt"))
    ben.get("/holders/jane%20smith")
    assert "Receipt 1 of all they had" in ben.words


def test_somebody_is_registered_once_however_often_the_form_is_sent(station: OpenStation) -> None:
    """A double click leads to the same page; another form for the same name is refused."""
    ben = station.visitor("ben")
    ben.get("/holders")
    fields = {"form": form_of(ben), "name": " Jane   Smith ", "organisation": "Ad Hoc", "identifier": "S-1"}
    first, second = ben.post("/holders", fields), ben.post("/holders", fields)
    assert first.headers["location"] == second.headers["location"] == "/holders/Jane%20Smith"
    assert sum('"HOLDER"' in body for body in entries(station)) == 1
    assert add(ben, name="jane smith") == 409
    assert 'value="jane smith"' in ben.page
    assert [each.name for each in holders.all_holders(station.workplace())] == ["Jane Smith"]
    assert add(ben, name=" ") == 422
    assert ben.post("/holders", {"form": "guess", "name": "Eve", "organisation": "Ad Hoc"}).status_code == 422


def test_whoever_may_be_the_same_is_pointed_out_before(station: OpenStation) -> None:
    """Almost the same name, or the same identifier in the same organisation, asks first; then it can be done."""
    ben = station.visitor("ben")
    add(ben, name="Jane Smith", identifier="S-1")
    for alike in ({"name": "Jane Smyth"}, {"name": "Somebody Else", "identifier": "S-1"}):
        before = len(entries(station))
        assert add(ben, **alike) == 200
        assert "Is it the same person?" in ben.words
        assert "Nothing is saved yet." in ben.words
        assert len(entries(station)) == before
        shown = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', ben.page))
        assert shown["shown"] == "1"
        ben.follow(ben.post("/holders", shown))
        assert alike["name"] in ben.words
    assert len(holders.all_holders(station.workplace())) == 3


def test_a_change_asks_only_about_what_it_changes(station: OpenStation) -> None:
    """Renaming to almost somebody else's name asks first; another organisation alone does not."""
    organisations.register(station.workplace(), "Fire Department")
    holders.register(station.workplace(), "Jane Smith")
    holders.register(station.workplace(), "Jane Smyth")
    holders.register(station.workplace(), "Bob Ray")
    ben = station.visitor("ben")
    ben.get("/holders/Jane%20Smith")
    asked = {"name": "Jane Smith", "organisation": "Fire Department", "identifier": "", "reason": ""}
    ben.follow(ben.post("/holder/1/change", asked))
    assert "Fire Department" in ben.words
    renamed = {"name": "Jane Smithe", "organisation": "Fire Department", "identifier": "S-3", "reason": "marriage"}
    before = len(entries(station))
    assert ben.post("/holder/1/change", renamed).status_code == 200
    assert len(entries(station)) == before
    assert "Is it the same person?" in ben.words
    assert "Jane Smyth" in ben.words
    ben.follow(ben.post("/holder/1/change", {**renamed, "shown": "2"}))
    assert holders.page(station.workplace(), "Jane Smithe").holder.identifier == "S-3"
    assert '"marriage"' in entries(station)[-1]
    taken = ben.post("/holder/1/change", {**renamed, "name": "Bob Ray"})
    assert taken.status_code == 409
    assert ben.post("/holder/99/change", renamed).status_code == 404


def test_who_has_assets_is_made_inactive_only_on_purpose(station: OpenStation) -> None:
    """It needs a reason, and a tick where they keep what they have."""
    fill(station)
    issue(station, "Jane Smith", "LT-1")
    ben = station.visitor("ben")
    ben.get("/holders/Jane%20Smith")
    assert ben.post("/holder/1/active", {"active": "0", "reason": ""}).status_code == 422
    assert ben.post("/holder/1/active", {"active": "0", "reason": "left"}).status_code == 409
    assert holders.page(station.workplace(), "Jane Smith").holder.active
    ben.follow(ben.post("/holder/1/active", {"active": "0", "reason": "left", "with_assets": "1"}))
    assert "Jane Smith Inactive" in ben.words
    assert "/issue?" not in ben.page
    ben.follow(ben.post("/holder/1/active", {"active": "1", "reason": "came back"}))
    assert holders.page(station.workplace(), "Jane Smith").holder.active


def test_contact_data_is_seen_by_who_operates_and_never_logged(station: OpenStation) -> None:
    """It stands on the holder's page for operators and admins, nowhere for others, and is erased for good."""
    holders.register(station.workplace(), "Jane Smith")
    ben = station.visitor("ben")
    ben.get("/holders/Jane%20Smith")
    assert ben.post("/holder/1/contact", {"contact": ""}).status_code == 422
    ben.follow(ben.post("/holder/1/contact", {"contact": f" {SECRET}  "}))
    assert SECRET in ben.words
    for role in ("viewer", "auditor"):
        other = station.visitor(f"the {role}", role)
        for path in ("/holders/Jane%20Smith", "/holders", "/reports/holders", "/"):
            other.get(path)
            assert "0555" not in other.page
        assert other.post("/holder/1/contact", {"contact": "x"}).status_code == 403
        assert other.post("/holder/1/contact/erase").status_code == 403
    assert contacts.contact_of(station.workplace(), "Jane Smith")[1] == SECRET
    assert not any("0555" in body for body in entries(station))
    ben.get("/holders/Jane%20Smith")
    ben.follow(ben.post("/holder/1/contact/erase"))
    assert contacts.contact_of(station.workplace(), "Jane Smith")[1] is None
    assert ben.post("/holder/1/contact/erase").status_code == 409
    assert verification.verify(station.workplace(), []).ok


STEPS = (".", "..", "~.", "~..", "a/../b", "...")


def test_a_holder_called_like_a_step_in_a_path_has_a_page(station: OpenStation) -> None:
    """Wherever a link leads there, what a browser makes of it is the page of that very holder."""
    stocked(station)
    ben = station.visitor("ben")
    for name in STEPS:
        holders.register(station.workplace(), name)
    for name in STEPS:
        where = str(ben.get(f"/search?q={name}").headers["location"])
        assert urljoin("http://station/search", where) == f"http://station{where}"
        assert ben.get(where).status_code == 200
        assert f"<h1>{name}</h1>" in ben.page
        ben.get("/holders")
        assert f'href="{where}"' in ben.page
    issued(station, "LT-4", to="..")
    ben.get("/holders/~..")
    answer = ben.post("/holders/~../hand-receipt")
    assert answer.headers["location"].startswith("/receipts/")
    for page in ("/", "/assets", "/assets/LT-4", "/reports/holders"):
        ben.get(page)
        assert 'href="/holders/~.."' in ben.page, page
