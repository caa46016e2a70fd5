"""Organisations: registered once each, with the buildings they may use."""

import pytest

from assettrack.domain import errors
from assettrack.domain.facts import Organisation
from assettrack.domain.organisation_deeds import Use
from assettrack.services import holders, organisations, rooms, verification
from assettrack.services.organisations import OrganisationSummary
from tests.services.desk import Desk, row


def test_an_organisation_is_registered_once(desk: Desk) -> None:
    """It gets the next number after Ad Hoc; another spelling is refused, a name almost the same is told."""
    done = organisations.register(desk.workplace, " Fire   Department ")
    assert done == (Organisation(2, "Fire Department", "fire department"), [])
    assert organisations.register(desk.workplace, "Fire Departmint").near == ["Fire Department"]
    with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        organisations.register(desk.workplace, "FIRE department")
    assert caught.value.code == "organisation_exists"
    assert verification.verify(desk.workplace).ok


@pytest.mark.parametrize("name", ["", " ", "x" * 201, "a\x00b", "\udcff"])
def test_what_is_no_name(desk: Desk, name: str) -> None:
    """A name that can't be kept is unusable, wherever it is given."""
    rooms.register_building(desk.workplace, "HQ")
    with desk.unchanged():
        with pytest.raises(errors.ValueUnusable):
            organisations.register(desk.workplace, name)
        with pytest.raises(errors.ValueUnusable):
            organisations.set_use(desk.workplace, name, "HQ", allowed=True)
        with pytest.raises(errors.ValueUnusable):
            organisations.set_use(desk.workplace, "Ad Hoc", name, allowed=True)


def test_organisations_are_listed_with_what_they_have(desk: Desk) -> None:
    """Each with its number of holders and the buildings it may use now, not those it no longer may."""
    at = desk.workplace
    organisations.register(at, "Fire Department")
    for building in ("HQ", "Annex"):
        rooms.register_building(at, building)
        organisations.set_use(at, "Fire Department", building, allowed=True)
    organisations.set_use(at, "fire department", "hq", allowed=False)
    holders.register(at, "Zoe Quill", organisation="Fire Department")
    assert organisations.all_organisations(at) == [
        OrganisationSummary(1, "Ad Hoc", 2, []),
        OrganisationSummary(2, "Fire Department", 1, ["Annex"]),
    ]
    assert verification.verify(at).ok


def test_what_is_allowed_already_changes_nothing(desk: Desk) -> None:
    """The answer has the names in full, and says whether anything changed; no change is not logged."""
    rooms.register_building(desk.workplace, "HQ")
    use = Use("Ad Hoc", "HQ", allowed=True)
    assert organisations.set_use(desk.workplace, "ad hoc", "hq", allowed=True) == (use, True)
    with desk.unchanged():
        assert organisations.set_use(desk.workplace, "AD HOC", "HQ", allowed=True) == (use, False)


@pytest.mark.parametrize(
    ("organisation", "building", "code"),
    [("Police", "HQ", "unknown_organisation"), ("Ad Hoc", "Annex", "unknown_building")],
)
def test_only_what_is_registered_is_allowed(desk: Desk, organisation: str, building: str, code: str) -> None:
    """An unknown organisation or building is refused."""
    rooms.register_building(desk.workplace, "HQ")
    with desk.unchanged(), pytest.raises(errors.DeedRefused) as caught:
        organisations.set_use(desk.workplace, organisation, building, allowed=True)
    assert caught.value.code == code


def test_a_batch_points_out_who_may_not_use_a_building(desk: Desk) -> None:
    """A building that is allowed to some organisations is pointed out for holders of others; else it is free."""
    at = desk.workplace
    organisations.register(at, "Fire Department")
    holders.register(at, "Zoe Quill", organisation="Fire Department")
    rooms.register_building(at, "HQ")
    rooms.register_room(at, "HQ 101", "HQ")
    header = "asset_tag,timestamp,event_type,operator_id,issued_to_name,case_number,slot_number,building_room\n"
    end = "OUT,OUT,HQ 101\n"
    text = f"{header}A1,2026-07-01T10:05Z,ISSUE,gcurl,Jane Smith,{end}A2,2026-07-01T10:05Z,ISSUE,gcurl,Zoe Quill,{end}"
    desk.commit(row("A1") + row("A2"))

    def pointed_out() -> list[tuple[int | None, str]]:
        notices = [(notice.row_number, notice.code) for notice in desk.preview(text).notices]
        return [each for each in notices if each[1] == "building_not_allowed"]

    assert pointed_out() == []
    organisations.set_use(at, "Fire Department", "HQ", allowed=True)
    assert pointed_out() == [(1, "building_not_allowed")]
    organisations.set_use(at, "Fire Department", "HQ", allowed=False)
    assert pointed_out() == []
