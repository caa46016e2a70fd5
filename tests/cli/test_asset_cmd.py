"""Tests of `assettrack.cli.asset_cmd`."""

import pytest

from tests.cli.conftest import Desk

ASSET_KEYS = {
    "asset_tag", "status", "case_name", "slot_position", "holder", "equipment_type", "serial_number", "building_room",
    "manufacturer", "model", "model_code", "due_on",
}  # fmt: skip


def test_an_asset_is_answered_with_all_its_fields(stocked: Desk) -> None:
    """`asset show` answers every field, null where there is nothing, under the asset's normal tag."""
    asset = stocked.ask("asset", "show", "lt-1")
    assert asset.keys() == ASSET_KEYS
    known = {key: value for key, value in asset.items() if value is not None}
    assert known == {
        "asset_tag": "LT-1", "status": "STORAGE", "case_name": "CASE-01", "slot_position": 1, "equipment_type": "laptop"
    }  # fmt: skip


def test_who_holds_an_asset_is_answered(stocked: Desk) -> None:
    """An asset in custody is answered with its holder's name and no slot."""
    asset = stocked.ask("asset", "show", "LT-3")
    assert (asset["status"], asset["holder"], asset["case_name"]) == ("IN_CUSTODY", "Jane Smith", None)


@pytest.mark.parametrize("command", ["show", "history"])
def test_an_unknown_asset_is_not_found(stocked: Desk, command: str) -> None:
    """A tag that nobody ever scanned ends with exit code 4, one that can't be a tag with 2."""
    assert stocked.refuse("asset", command, "LT-99", exit_code=4)["code"] == "not_found"
    assert stocked.refuse("asset", command, "L_T", exit_code=2)["code"] == "value_unusable"


@pytest.mark.parametrize(
    ("words", "tags"),
    [
        ([], ["LT-1", "LT-2", "LT-3", "LT-4"]),
        (["--status", "storage"], ["LT-1", "LT-2"]),
        (["--status", "RETIRED"], ["LT-4"]),
        (["--case", "case-01"], ["LT-1"]),
        (["--case", "CASE-02"], []),
        (["--case", "CASE-01", "--status", "RETIRED"], []),
    ],
)
def test_assets_are_listed_by_tag_and_filtered(stocked: Desk, words: list[str], tags: list[str]) -> None:
    """`asset list` answers the assets that fit, each as `asset show` does."""
    answer = stocked.ask("asset", "list", *words)
    assert answer == {"assets": [stocked.ask("asset", "show", tag) for tag in tags]}


def test_a_filter_that_means_nothing_is_refused(stocked: Desk) -> None:
    """An unknown case ends with exit code 4, an unknown status with 2."""
    assert stocked.refuse("asset", "list", "--case", "CASE-77", exit_code=4)["code"] == "not_found"
    assert stocked.refuse("asset", "list", "--status", "LOST", exit_code=2)["code"] == "usage"


def test_the_history_is_the_entries_of_the_log(stocked: Desk) -> None:
    """`asset history` answers the asset's entries as they are stored, oldest first."""
    answer = stocked.ask("asset", "history", "LT-3")
    stored = stocked.ask("audit", "show")["entries"]
    assert answer["entries"] == [entry for entry in stored if entry.get("asset_tag") == "LT-3"]
    assert [entry["event_type"] for entry in answer["entries"]] == ["SCAN", "ISSUE"]


def test_a_person_reads_state_list_and_history(stocked: Desk) -> None:
    """A person reads where an asset is, a table of assets, and what happened to one."""
    assert stocked.tell("asset", "show", "LT-3").splitlines()[0] == "LT-3: in custody of Jane Smith"
    assert "LT-4   RETIRED     laptop  retired\n" in stocked.tell("asset", "list")
    history = stocked.tell("asset", "history", "LT-4").splitlines()
    assert history[1].endswith("SCAN    anna  LT-4: new laptop → in CASE-01 slot 4")
    assert history[2].endswith("RETIRE  anna  LT-4: in CASE-01 slot 4 → retired (broken)")


def test_a_list_of_more_than_a_block_is_one_array(stocked: Desk) -> None:
    """Thousands of assets are one JSON array, and one line each for a person."""
    batch = stocked.batch(*(f"ZZ-{number:04},2026-02-01T08:00:00Z,SCAN,anna,,,,laptop," for number in range(2500)))
    stocked.tell("commit", batch, "--yes")
    assert [asset["asset_tag"] for asset in stocked.ask("asset", "list")["assets"][4:]] == [
        f"ZZ-{number:04}" for number in range(2500)
    ]
    assert len(stocked.tell("asset", "list").splitlines()) == 1 + 2504
