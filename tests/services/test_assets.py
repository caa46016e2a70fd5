"""Looking at assets: one, all, and the history of one."""

import json

import pytest

from assettrack.domain import errors
from assettrack.domain.inventory import Asset
from assettrack.domain.tags import Place
from assettrack.services import assets, slots
from tests.services.desk import Desk, row


def test_the_state_of_an_asset(desk: Desk) -> None:
    """An asset is shown as it is: status, slot or holder, and what is written of it."""
    desk.commit(row("A1", place=("CASE-01", "1")) + row("B1") + row("B1", "ISSUE"))
    assert assets.asset(desk.workplace, "A1") == Asset("STORAGE", "CASE-01", 1, None, "laptop")
    assert assets.asset(desk.workplace, "B1") == Asset("IN_CUSTODY", None, None, "Jane Smith", "laptop")
    with pytest.raises(errors.NotFound, match="There is no asset C1"):
        assets.asset(desk.workplace, "C1")


def test_all_assets_are_listed_by_tag(desk: Desk) -> None:
    """Every asset that was ever scanned is listed, retired ones too."""
    assert list(assets.all_assets(desk.workplace)) == []
    desk.commit(row("B1") + row("A1") + row("A1", "RETIRE"))
    listed = list(assets.all_assets(desk.workplace))
    assert [(tag, asset.status) for tag, asset in listed] == [("A1", "RETIRED"), ("B1", "STORAGE")]


def test_the_history_of_an_asset_is_all_its_entries(desk: Desk) -> None:
    """Every row and every typed deed about an asset is in its history, in the order of the log, and no other entry."""
    desk.commit(row("A1") + row("B1") + row("A1", at="10:05"))
    slots.assign(desk.workplace, "A1", Place("CASE-01", 1))
    slots.assign(desk.workplace, "B1", Place("CASE-01", 2))
    slots.vacate_asset(desk.workplace, "A1", "sold")
    entries = [json.loads(body) for body in assets.history(desk.workplace, "A1").bodies]
    assert [entry["event_type"] for entry in entries] == ["SCAN", "SCAN", "SLOT_ASSIGN", "SLOT_VACATE"]
    assert {entry["asset_tag"] for entry in entries} == {"A1"}
    assert [entry["seq"] for entry in entries] == sorted(entry["seq"] for entry in entries)
    with pytest.raises(errors.NotFound, match="There is no asset C1"):
        assets.history(desk.workplace, "C1")
