"""Organisations, buildings and rooms, as a browser meets them."""

from assettrack.services import holders, organisations, rooms
from tests.web.visitors import OpenStation


def test_an_organisation_is_registered_and_can_be_chosen(station: OpenStation) -> None:
    """It stands in the list with its holders, and the form of a holder has it."""
    ben = station.visitor("ben")
    ben.get("/organisations")
    ben.post("/organisations", {"organisation": "  Fire   Department "})
    assert [each.name for each in organisations.all_organisations(station.workplace())][-1] == "Fire Department"
    holders.register(station.workplace(), "Jane Smith", organisation="Fire Department")
    ben.get("/organisations")
    assert "Fire Department 1" in ben.words
    assert 'href="/holders?organisation=Fire%20Department"' in ben.page
    ben.get("/holders")
    assert '<option value="Fire Department">Fire Department</option>' in ben.page
    assert 'href="/organisations"' in ben.page


def test_what_is_refused_is_told_and_what_was_typed_stays(station: OpenStation) -> None:
    """A name is given once; nothing is saved."""
    ben = station.visitor("ben")
    ben.get("/organisations")
    ben.post("/organisations", {"organisation": "Police"})
    answer = ben.post("/organisations", {"organisation": "police"})
    assert answer.status_code == 409
    assert "already registered" in ben.words
    assert 'name="organisation" value="police"' in ben.page
    assert len(organisations.all_organisations(station.workplace())) == 2


def test_the_same_form_sent_twice_registers_once(station: OpenStation) -> None:
    """A double click has the same answer."""
    ben = station.visitor("ben")
    ben.get("/organisations")
    fields = {"organisation": "Police", "form": "ab" * 16}
    assert [ben.post("/organisations", fields).status_code for _ in range(2)] == [303, 303]
    assert len(organisations.all_organisations(station.workplace())) == 2


def test_an_admin_registers_buildings_and_rooms_and_who_may_use_them(station: OpenStation) -> None:
    """Named buildings are for those that are named; without any, all may use it."""
    ada = station.visitor("ada", "admin")
    ada.get("/organisations")
    assert "Register the first one here" in ada.words
    ada.post("/organisations/buildings", {"building": "HQ"})
    ada.post("/organisations/rooms", {"room": "HQ 1.01", "in_building": "HQ"})
    ada.get("/organisations")
    assert "HQ HQ 1.01 All organisations" in ada.words
    ada.post("/organisations/uses", {"user": "Ad Hoc", "used": "HQ", "allowed": "1"})
    assert rooms.all_buildings(station.workplace())[0].organisations == ["Ad Hoc"]
    ada.get("/organisations")
    assert "HQ HQ 1.01 Ad Hoc" in ada.words
    ada.post("/organisations/uses", {"user": "Ad Hoc", "used": "HQ", "allowed": "0"})
    assert rooms.all_buildings(station.workplace())[0].organisations == []


def test_others_see_no_form_that_they_may_not_send(station: OpenStation) -> None:
    """A viewer registers nothing, an operator no building."""
    vic, ben = station.visitor("vic", "viewer"), station.visitor("ben")
    vic.get("/organisations")
    assert 'action="/organisations' not in vic.page
    ben.get("/organisations")
    assert 'action="/organisations"' in ben.page
    assert "/organisations/buildings" not in ben.page
    assert ben.post("/organisations/buildings", {"building": "HQ"}).status_code == 403
