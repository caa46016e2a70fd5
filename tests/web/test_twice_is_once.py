"""A form that is sent twice, as by a double click, is done once, and both are led to the same answer."""

import re
from collections.abc import Mapping
from datetime import timedelta
from html import unescape
from typing import NamedTuple

import pytest
from pyotp import TOTP

from assettrack.domain.tags import Place
from assettrack.services import accounts, contacts, counts, slots
from assettrack.services.counts import AskedScope
from tests.web.handing_over import JANE, issued, size, sound, stocked
from tests.web.visitors import PASSWORD, OpenStation, Visitor


class Sent(NamedTuple):
    """A form: the page on which it stands, where it is sent, and what is filled in by hand."""

    page: str
    action: str
    filled: Mapping[str, str]


FORMS = {
    "prepare a case": Sent("/cases", "/cases", {"name": "CASE-02", "count": "4"}),
    "move": Sent("/cases/CASE-01?slot=1", "/cases/CASE-01/move", {"to_case": "CASE-01", "to_slot": "7"}),
    "vacate": Sent("/cases/CASE-01?slot=1", "/cases/CASE-01/vacate", {"reason": "the foam is torn"}),
    "assign": Sent("/cases/CASE-01?slot=8", "/cases/CASE-01/assign", {"tag": "LT-5"}),
    "accept": Sent("/batches/2", "/batches/2/acceptances", {"how": "paper"}),
    "write contact": Sent("/holders/Ben%20Okri", "/holder/2/contact", {"contact": "room 4"}),
    "erase contact": Sent("/holders/Jane%20Smith", "/holder/1/contact/erase", {}),
    "rename": Sent("/holders/Jane%20Smith", "/holder/1/change", {"name": "Jane Okafor", "organisation": "Ad Hoc"}),
    "make inactive": Sent("/holders/Ben%20Okri", "/holder/2/active", {"reason": "left"}),
    "another role": Sent("/people/2", "/people/2/role", {"role": "viewer", "reason": "on leave"}),
    "deactivate": Sent("/people/2", "/people/2/deactivate", {"reason": "on leave"}),
    "revoke another's token": Sent("/people/2", "/people/2/tokens/1/revoke", {}),
    "turn another's factor off": Sent("/people/2", "/people/2/second-factor/off", {}),
    "revoke an own token": Sent("/account", "/account/tokens/2/revoke", {}),
    "abandon a count": Sent("/counts/1/abandon", "/counts/1/abandon", {"reason": "the room is locked"}),
}


def fields(visitor: Visitor, action: str) -> dict[str, str]:
    """What a form on the page sends where nothing is filled in by hand."""
    found = re.search(rf'<form[^>]* action="{re.escape(action)}" method="post".*?</form>', visitor.page, re.DOTALL)
    assert found is not None, (action, visitor.words)
    return {
        name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found[0])
    }


def make_token(visitor: Visitor) -> None:
    """Make a token for a program."""
    visitor.get("/account")
    visitor.follow(
        visitor.post(
            "/account/tokens", {**fields(visitor, "/account/tokens"), "label": "stock display", "password": PASSWORD}
        )
    )


def prove(station: OpenStation, visitor: Visitor) -> dict[str, str]:
    """Return what the form sends that turns one's own second factor on."""
    visitor.get("/account/second-factor")
    sent = fields(visitor, "/account/second-factor")
    return {**sent, "password": PASSWORD, "code": TOTP(sent["secret"]).at(station.now)}


@pytest.fixture
def ada(station: OpenStation) -> Visitor:
    """Fill the station so that each form of the table can be sent, and sign an admin in (account 1, Zoe is 2)."""
    visitor = station.visitor("ada", "admin")
    stocked(station)
    issued(station, "LT-4")
    slots.vacate_slot(station.workplace(), Place("CASE-01", 5))
    contacts.write(station.workplace(), JANE, "extension 12")
    counts.start(station.workplace(), AskedScope())
    zoe = station.visitor("zoe")
    make_token(zoe)
    zoe.post("/account/second-factor", prove(station, zoe))
    make_token(visitor)
    return visitor


@pytest.mark.parametrize("sent", [pytest.param(form, id=name) for name, form in FORMS.items()])
def test_a_form_that_is_sent_twice_is_done_once(station: OpenStation, ada: Visitor, sent: Sent) -> None:
    """The second click is led where the first one is, and nothing more is in the log: it did not fail, it was done."""
    assert ada.get(sent.page).status_code == 200
    form = {**fields(ada, sent.action), **sent.filled}
    before = size(station)
    first = ada.post(sent.action, form)
    after = size(station)
    second = ada.post(sent.action, form)
    assert (first.status_code, after > before) == (303, True), ada.words
    assert (second.status_code, second.headers.get("location")) == (303, first.headers["location"]), ada.words
    assert size(station) == after
    assert ada.follow(second).status_code == 200
    sound(station)


def test_ones_own_second_factor_is_turned_on_and_off_once(station: OpenStation) -> None:
    """A code is good for one time only, and the second click of the same form is not told that it was wrong."""
    ben = station.visitor("ben")
    form = prove(station, ben)
    answers = [ben.post("/account/second-factor", form).headers.get("location") for _ in range(2)]
    assert answers == ["/account", "/account"], ben.words
    ben.get("/account")
    station.now += timedelta(minutes=1)
    code = TOTP(form["secret"]).at(station.now)
    off = {**fields(ben, "/account/second-factor/off"), "password": PASSWORD, "code": code}
    after = size(station)
    answers = [ben.post("/account/second-factor/off", off).headers.get("location") for _ in range(2)]
    assert answers == ["/account", "/account"], ben.words
    assert size(station) == after + 1


def test_the_same_form_that_says_something_else_is_another_deed(station: OpenStation, ada: Visitor) -> None:
    """Whoever goes back and fills in another name is not led to the old answer as if that had been done."""
    ada.get("/cases")
    form = fields(ada, "/cases")
    assert ada.post("/cases", {**form, "name": "CASE-02", "count": "4"}).headers["location"] == "/cases/CASE-02"
    assert ada.post("/cases", {**form, "name": "CASE-03", "count": "4"}).headers["location"] == "/cases/CASE-03"
    assert {each.case_name for each in slots.cases(station.workplace())} == {"CASE-01", "CASE-02", "CASE-03"}


def test_a_holder_and_a_count_are_what_their_form_says(ada: Visitor) -> None:
    """Going back to say another name, or another scope, registers another holder and begins another count."""
    ada.get("/holders")
    form = fields(ada, "/holders")
    said = [{**form, "name": name, "organisation": "Ad Hoc"} for name in ("Alice Aa", "Robert Bb", "Alice Aa")]
    places = [ada.post("/holders", each).headers["location"] for each in said]
    assert places == ["/holders/Alice%20Aa", "/holders/Robert%20Bb", "/holders/Alice%20Aa"]
    ada.get("/counts/new?of=everything")
    form = fields(ada, "/counts")
    asked: list[dict[str, str]] = [{"of": "everything"}, {"of": "cases", "case": "CASE-01"}, {"of": "everything"}]
    places = [ada.post("/counts", {**form, **each}).headers["location"] for each in asked]
    assert places == ["/counts/2", "/counts/3", "/counts/2"]


def test_what_is_told_once_is_told_again_for_the_very_same_form_only(station: OpenStation, ada: Visitor) -> None:
    """Another name makes another account, another label another token, and a wrong password tells nothing."""
    ada.get("/people")
    form = {**fields(ada, "/people"), "name": "Cleo", "role": "viewer"}
    first = ada.post("/people", form).headers["location"]
    assert ada.post("/people", form).headers["location"] == first
    assert ada.post("/people", {**form, "name": "Dora"}).headers["location"] != first
    assert accounts.named(station.workplace(), "Dora") is not None
    ada.get("/account")
    form = {**fields(ada, "/account/tokens"), "label": "one", "password": PASSWORD}
    first = ada.post("/account/tokens", form).headers["location"]
    assert ada.post("/account/tokens", {**form, "password": "wrong wrong wrong"}).status_code == 409
    assert ada.post("/account/tokens", {**form, "label": "two"}).headers["location"] != first
    assert ada.post("/account/tokens", form).headers["location"] == first
    labels = [token.label for token in accounts.tokens_of(station.workplace(), "ada")]
    assert labels == ["stock display", "one", "two"]


def test_what_was_noted_is_not_made_again_by_its_form(station: OpenStation, ada: Visitor) -> None:
    """Going back and sending it once more leads to the page that says it is gone; a second token would stay unseen."""
    ada.get("/account")
    form = {**fields(ada, "/account/tokens"), "label": "one", "password": PASSWORD}
    place = ada.post("/account/tokens", form).headers["location"]
    ada.get(place)
    ada.post(f"{place}/noted")
    before = size(station)
    again = ada.post("/account/tokens", form)
    assert (ada.follow(again).status_code, size(station)) == (404, before)


def test_a_form_that_is_sent_elsewhere_is_another_deed(station: OpenStation, ada: Visitor) -> None:
    """Two accounts are reset by forms that say the same but for where they are sent."""
    station.account("Cleo", "viewer")
    cleo = accounts.require(station.workplace(), "Cleo").account_id
    ada.get("/people/2")
    form = fields(ada, "/people/2/reset")
    first, second = (ada.post(f"/people/{number}/reset", form).headers["location"] for number in (2, cleo))
    assert first != second
    assert accounts.require(station.workplace(), "Cleo").one_time


def test_what_was_refused_can_be_sent_again(station: OpenStation, ada: Visitor) -> None:
    """A refusal is no answer to keep: once the slot is empty, the same form does what it asks for."""
    ada.get("/cases/CASE-01?slot=1")
    form = {**fields(ada, "/cases/CASE-01/move"), "to_case": "CASE-01", "to_slot": "2"}
    assert ada.post("/cases/CASE-01/move", form).status_code == 409
    slots.vacate_slot(station.workplace(), Place("CASE-01", 2))
    assert ada.post("/cases/CASE-01/move", form).headers["location"] == "/cases/CASE-01?slot=2"


def test_two_forms_of_a_page_have_names_of_their_own(ada: Visitor) -> None:
    """Else the second of them would be taken for the first one sent again."""
    ada.get("/cases/CASE-01?slot=1")
    names = [fields(ada, f"/cases/CASE-01/{deed}")["form"] for deed in ("move", "vacate")]
    assert len(set(names)) == len(names)


def test_a_form_that_was_not_drawn_here_is_refused(station: OpenStation, ada: Visitor) -> None:
    """Without a name it can't be told whether it was sent before, so nothing is done."""
    ada.get("/cases")
    before = size(station)
    answer = ada.post("/cases", {"name": "CASE-02", "count": "4", "form": ""})
    assert (answer.status_code, size(station)) == (422, before)
    assert "open the page anew" in ada.words
