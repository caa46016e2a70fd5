"""A form of a page that shows what is not so any more: it is bound to what it showed, and changes nothing else."""

import re
from pathlib import Path

import pytest

import assettrack.web
from assettrack.domain.tags import Place
from assettrack.services import contacts, holders, organisations, slots
from tests.web.handing_over import JANE, size, stocked, where
from tests.web.test_twice_is_once import fields
from tests.web.visitors import OpenStation, words

TEMPLATES = Path(assettrack.web.__file__).parent / "templates"
HOLDER = "/holders/Jane%20Smith"
CHANGE = "/holder/1/change"
CONTACT = "/holder/1/contact"


def test_nobody_else_is_taken_out_of_a_slot_for_a_reason_that_is_anothers(station: OpenStation) -> None:
    """Both are named, nothing is saved, and the page shows who is in the slot now."""
    stocked(station)
    ada = station.visitor("ada", "admin")
    ada.get("/cases/CASE-01?slot=1")
    form = {**fields(ada, "/cases/CASE-01/vacate"), "reason": "the screen of LT-1 is broken"}
    slots.move(station.workplace(), "LT-1", Place("CASE-01", 8))
    slots.move(station.workplace(), "LT-2", Place("CASE-01", 1))
    before = size(station)
    assert ada.post("/cases/CASE-01/vacate", form).status_code == 409
    assert "Asset LT-2 is in CASE-01 slot 1 by now, and not LT-1." in ada.words
    assert "Nothing was saved." in ada.words
    assert size(station) == before
    assert [where(station, tag) for tag in ("LT-1", "LT-2")] == ["in CASE-01 slot 8", "in CASE-01 slot 1"]
    assert fields(ada, "/cases/CASE-01/vacate")["tag"] == "LT-2"
    assert "the screen of LT-1" not in ada.page
    form = {**fields(ada, "/cases/CASE-01/vacate"), "reason": "worn"}
    ada.follow(ada.post("/cases/CASE-01/vacate", form))
    assert where(station, "LT-2") == "in storage, in no slot"


def test_a_form_that_names_no_asset_takes_nobody_out(station: OpenStation) -> None:
    """It was drawn nowhere."""
    stocked(station)
    ada = station.visitor("ada", "admin")
    ada.get("/cases/CASE-01?slot=1")
    assert ada.post("/cases/CASE-01/vacate", {"slot": "1", "reason": "worn"}).status_code == 404
    assert where(station, "LT-1") == "in CASE-01 slot 1"


def test_an_asset_is_moved_from_where_it_was_shown(station: OpenStation) -> None:
    """Moved by somebody else meanwhile, it stays where it is now, and the page says where that is."""
    stocked(station)
    ben = station.visitor("ben")
    ben.get("/cases/CASE-01?slot=1")
    form = {**fields(ben, "/cases/CASE-01/move"), "to_case": "CASE-01", "to_slot": "7"}
    slots.move(station.workplace(), "LT-1", Place("CASE-01", 8))
    before = size(station)
    assert ben.post("/cases/CASE-01/move", form).status_code == 409
    assert "Asset LT-1 is in CASE-01 slot 8 by now, and not in CASE-01 slot 1." in ben.words
    assert (size(station), where(station, "LT-1")) == (before, "in CASE-01 slot 8")
    ben.get("/cases/CASE-01?slot=8")
    ben.follow(ben.post("/cases/CASE-01/move", {**form, **fields(ben, "/cases/CASE-01/move")}))
    assert where(station, "LT-1") == "in CASE-01 slot 7"


def test_what_somebody_else_changed_of_a_holder_is_not_undone(station: OpenStation) -> None:
    """The page shows what is so now and what was typed; saved once more, that stands."""
    organisations.register(station.workplace(), "Fire Department")
    holders.register(station.workplace(), JANE)
    ben = station.visitor("ben")
    ben.get(HOLDER)
    typed = {"name": "Jane Smith Jr", "organisation": "Ad Hoc", "identifier": "", "reason": "her own wish"}
    form = {**fields(ben, CHANGE), **typed}
    changed = holders.HolderUpdate(organisation="Fire Department", identifier="EMP-7")
    holders.change(station.workplace(), JANE, changed)
    before = size(station)
    assert ben.post(CHANGE, form).status_code == 409
    assert size(station) == before
    assert "Holder Jane Smith was changed since it was shown." in ben.words
    assert "Nothing was saved." in ben.words
    now = re.search(r'<div class="note">.*?</div>', ben.page, re.DOTALL)
    assert now is not None
    assert "Name Jane Smith Organisation Fire Department Identifier EMP-7" in words(now[0])
    for value in ("Jane Smith Jr", "her own wish"):
        assert f'value="{value}"' in ben.page
    ben.follow(ben.post(CHANGE, {**fields(ben, CHANGE), **typed, "identifier": "EMP-7"}))
    found = holders.page(station.workplace(), "Jane Smith Jr")
    assert (found.organisation, found.holder.identifier) == ("Ad Hoc", "EMP-7")


def test_what_is_asked_about_first_is_bound_too(station: OpenStation) -> None:
    """Between the question whether it is the same person and the answer, somebody else changed the holder."""
    holders.register(station.workplace(), JANE)
    holders.register(station.workplace(), "Jane Smyth")
    ben = station.visitor("ben")
    ben.get(HOLDER)
    renamed = {**fields(ben, CHANGE), "name": "Jane Smithe", "organisation": "Ad Hoc", "identifier": "S-1"}
    assert ben.post(CHANGE, renamed).status_code == 200
    holders.change(station.workplace(), JANE, holders.HolderUpdate(identifier="EMP-7"))
    assert ben.post(CHANGE, fields(ben, CHANGE)).status_code == 409
    assert holders.page(station.workplace(), JANE).holder.identifier == "EMP-7"


@pytest.mark.parametrize("deed", ["write", "erase"])
def test_contact_data_that_somebody_else_wrote_is_not_lost(station: OpenStation, deed: str) -> None:
    """What is kept now is shown beside what was typed; only then can it be written over or erased."""
    holders.register(station.workplace(), JANE)
    contacts.write(station.workplace(), JANE, "extension 12")
    ben = station.visitor("ben")
    ben.get(HOLDER)
    action = CONTACT if deed == "write" else f"{CONTACT}/erase"
    typed = {"contact": "room 4"} if deed == "write" else {}
    form = {**fields(ben, action), **typed}
    contacts.write(station.workplace(), JANE, "extension 99")
    before = size(station)
    assert ben.post(action, form).status_code == 409
    assert "The contact data of holder Jane Smith was changed since it was shown." in ben.words
    assert (size(station), contacts.contact_of(station.workplace(), JANE)[1]) == (before, "extension 99")
    assert '<p class="contact">extension 99</p>' in ben.page
    assert (f'value="{typed.get("contact", "extension 99")}"') in ben.page
    ben.follow(ben.post(action, {**fields(ben, action), **typed}))
    assert contacts.contact_of(station.workplace(), JANE)[1] == typed.get("contact")


def test_no_form_is_filled_again_by_a_browser_that_goes_back() -> None:
    """Whatever has fields to fill in says so; only who signs in is offered what a browser keeps."""
    found = [
        (path.name, form)
        for path in TEMPLATES.rglob("*.html")
        for form in re.findall(r'<form [^>]*method="post"[^>]*>(?!.*</form>)', path.read_text("utf-8"))
    ]
    assert len(found) > 50
    filled = {name for name, form in found if 'autocomplete="off"' not in form and 'id="scan-form"' not in form}
    assert filled == {"sign_in.html"}
