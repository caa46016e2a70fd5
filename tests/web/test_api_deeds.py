"""Doing by program: previewed and confirmed, or refused with nothing saved; by the same rules as everywhere."""

from typing import Any

import pytest

from assettrack.services import assets, audit, verification
from tests.web.api_callers import CSV, Caller, batch, scan, stocked
from tests.web.visitors import OpenStation


def where(station: OpenStation, tag: str) -> str:
    """Return where an asset is, in words."""
    return assets.asset(station.workplace(), tag).where


def test_a_batch_is_committed_as_it_was_previewed(station: OpenStation) -> None:
    """The preview saves nothing, and its code commits exactly what it showed, in the name of the token's account."""
    station.case("CASE-01", 4)
    ben = Caller(station, "ben", "operator")
    size = audit.log_size(station.workplace())
    plan = ben.upload("/api/preview", batch(scan("LT-1", 1), scan("LT-2", 2)))
    assert audit.log_size(station.workplace()) == size
    assert (plan["rows"], plan["valid"], plan["problems"], plan["refusals"]) == (2, True, [], [])
    assert [change["after"]["slot_position"] for change in plan["changes"]] == [1, 2]
    assert "error" not in plan
    done = ben.upload(f"/api/commit?confirm={plan['confirm']}&name=june.csv", batch(scan("LT-1", 1), scan("LT-2", 2)))
    assert (done["committed"], done["already_committed"], done["first_seq"]) == (2, False, size + 1)
    found = ben.ask(f"/api/batches/{done['batch_id']}")
    assert (found["committed_by"], found["source_name"], found["source_sha256"]) == ("ben", "june.csv", plan["sha256"])
    assert where(station, "LT-2") == "in CASE-01 slot 2"
    assert verification.verify(station.workplace(), []).ok


def test_a_batch_with_faults_shows_them_all_and_saves_nothing(station: OpenStation) -> None:
    """Its preview is an answer like any other, without a code; its commit is refused with the same findings."""
    ann = stocked(station)
    wrong = batch(scan("LT-1", 9), "LT 5,yesterday,SCAN,ben,,,,laptop", scan("LT-6", 4, "CASE-77"))
    size = audit.log_size(station.workplace())
    plan = ann.upload("/api/preview", wrong)
    assert (plan["valid"], plan["confirm"], plan["error"]["code"]) == (False, None, "batch_has_problems")
    assert {found["row_number"] for found in plan["problems"]} == {2}
    refused = ann.upload("/api/commit?yes=true", wrong, status=422)
    assert refused["error"]["code"] == "batch_has_problems"
    assert (refused["problems"], refused["refusals"]) == (plan["problems"], plan["refusals"])
    late = batch(scan("LT-7", 1))
    assert ann.upload("/api/commit?yes=true", late, status=409)["error"]["code"] == "batch_refused"
    assert audit.log_size(station.workplace()) == size


def test_a_code_of_a_plan_that_moved_names_the_rows(station: OpenStation) -> None:
    """What would do something else than was shown is not committed."""
    ann = stocked(station)
    at = "2026-07-01T12:03:00Z"  # after whatever moves it
    update = batch(f"LT-1,{at},UPDATE,ben,,CASE-01,4,", f"LT-2,{at},UPDATE,ben,,,,tablet")
    code = ann.upload("/api/preview", update)["confirm"]
    ann.send("/api/slots/move", asset_tag="LT-1", case_name="CASE-01", slot_position=3)
    stale = ann.upload(f"/api/commit?confirm={code}", update, status=409)
    assert (stale["error"]["code"], stale["moved"]) == ("plan_stale", [1])


def test_options_of_a_batch_are_taken_from_the_address(station: OpenStation) -> None:
    """Defaults, new holders, late rows and acceptance mean what they mean at the command line."""
    ann = stocked(station)
    bare = batch("LT-8,2026-06-01T09:00:00Z,SCAN,ben,,,,", "LT-8,2026-06-01T10:00:00Z,ISSUE,ben,Omar Diaz,OUT,OUT,")
    assert not ann.upload("/api/preview", bare)["valid"]
    query = "default=equipment_type=tablet&new_holders=true&due=2026-12-24&accepted=paper"
    plan = ann.upload(f"/api/preview?{query}", bare)
    assert (plan["valid"], plan["new_holders"]) == (True, ["Omar Diaz"])
    ann.upload(f"/api/commit?{query}&confirm={plan['confirm']}", bare)
    asset = ann.ask("/api/assets/LT-8")
    assert (asset["equipment_type"], asset["holder"], asset["due_on"]) == ("tablet", "Omar Diaz", "2026-12-24")
    for wrong in (
        "default=colour=red",
        "default=equipment_type",
        "due=soon",
        "accepted=nod",
        "accept_late=%20",
        "colour=1",
    ):
        assert ann.request("POST", f"/api/preview?{wrong}", content=bare, headers=CSV).status_code == 422, wrong


@pytest.mark.parametrize("ways", ["", "confirm=K7QF-2M9X&yes=true"])
def test_a_commit_says_in_one_way_that_it_is_meant(station: OpenStation, ways: str) -> None:
    """Neither a code nor yes, or both, is refused before anything is read."""
    ann = stocked(station)
    refused = ann.upload(f"/api/commit?{ways}", batch(scan("LT-9", 4)), status=422)
    assert (refused["error"]["code"], refused["error"]["saved"]) == ("request_unclear", False)


def test_custody_goes_its_whole_way(station: OpenStation) -> None:
    """Issue, transfer, return and retire, each previewed and confirmed; a preview says what would be refused."""
    ann = stocked(station)
    ann.send("/api/holders", name="Omar Diaz")
    steps: tuple[tuple[str, dict[str, Any], str], ...] = (
        ("issue", {"to": "jane smith", "due": "2026-12-24", "accepted": "typed"}, "in custody of Jane Smith"),
        ("transfer", {"to": "Omar Diaz", "accepted": "paper", "accepted_by": "Mia Vogt"}, "in custody of Omar Diaz"),
        ("return", {"notes": "scratched"}, "in CASE-01 slot 1"),
        ("retire", {"reason": "screen broken"}, "retired"),
    )
    for path, fields, expected in steps:
        plan = ann.send(f"/api/{path}", asset_tags=["lt-1"], preview=True, **fields)
        assert where(station, "LT-1") != expected
        done = ann.send(f"/api/{path}", asset_tags=["lt-1"], confirm=plan["confirm"], **fields)
        assert (done["committed"], where(station, "LT-1")) == (1, expected)
    refused = ann.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", preview=True)
    assert (refused["valid"], refused["error"]["code"], refused["sha256"]) == (False, "batch_refused", None)
    assert ann.refuse("/api/issue", asset_tags=["LT-1"], to="Jane Smith", yes=True, status=409) == "batch_refused"
    assert verification.verify(station.workplace(), []).ok


def test_a_return_goes_where_it_is_said(station: OpenStation) -> None:
    """Into a named slot, or into none; half a place, or one for two assets, is refused."""
    ann = stocked(station)
    ann.send("/api/issue", asset_tags=["LT-1", "LT-2"], to="Jane Smith", yes=True)
    both: dict[str, Any] = {"asset_tags": ["LT-1", "LT-2"], "yes": True}
    assert ann.refuse("/api/return", **both, case_name="CASE-01", slot_position=4, status=422) == "value_unusable"
    one: dict[str, Any] = {"asset_tags": ["LT-1"], "yes": True}
    assert ann.refuse("/api/return", **one, case_name="CASE-01", status=422) == "value_unusable"
    place: dict[str, Any] = {"case_name": "case-01", "slot_position": 4}
    assert ann.refuse("/api/return", **one, **place, unslotted=True, status=422) == "value_unusable"
    ann.send("/api/return", **one, **place)
    ann.send("/api/return", asset_tags=["LT-2"], unslotted=True, yes=True)
    assert (where(station, "LT-1"), where(station, "LT-2")) == ("in CASE-01 slot 4", "in storage, in no slot")


def test_what_does_not_look_right_is_refused_with_nothing_saved(station: OpenStation) -> None:
    """Wrong types, unknown fields, too much of anything, and texts that can't be kept: 422 and the log as it was."""
    ann = stocked(station)
    size = audit.log_size(station.workplace())
    good: dict[str, Any] = {"asset_tags": ["LT-1"], "to": "Jane Smith", "yes": True}
    wrongs: tuple[dict[str, Any], ...] = (
        {"asset_tags": []}, {"asset_tags": ["LT-1"] * 2}, {"asset_tags": ["LT 1"]}, {"asset_tags": ["T"] * 501},
        {"asset_tags": "LT-1"}, {"to": ""}, {"to": "x" * 201}, {"to": "a\u202eb"}, {"to": 7}, {"yes": "true"},
        {"yes": 1}, {"due": "24.12.2026"}, {"accepted": "nod"}, {"accepted_by": "Mia"}, {"notes": "a\u0000b"},
        {"notes": "x" * 4097}, {"accept_late": " "}, {"preview": True}, {"colour": "red"}, {"at": "yesterday"},
        {"at": "2030-01-01T00:00Z"},
    )  # fmt: skip
    for wrong in wrongs:
        answer = ann.send("/api/issue", **{**good, **wrong}, status=422)
        assert answer["error"]["saved"] is False, wrong
    assert audit.log_size(station.workplace()) == size


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[1]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"\\ud800": 1}', b'{"to": "\\ud800"}']
)
def test_a_body_that_is_no_such_object_is_refused(station: OpenStation, body: bytes) -> None:
    """Whatever is sent instead of JSON, the answer is an error object and never 500."""
    ann = Caller(station)
    answer = ann.request("POST", "/api/issue", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in {400, 422}
    assert (answer.json()["error"]["code"], answer.json()["error"]["saved"]) == ("request_invalid", False)


def test_bodies_are_bounded(station: OpenStation) -> None:
    """Fields have a mebibyte, told or not; a batch file may be larger."""
    ann = stocked(station)
    large = b" " * (1024 * 1024 + 1)
    said = ann.request("POST", "/api/issue", content=large, headers={"content-type": "application/json"})
    unsaid = ann.request("POST", "/api/issue", content=iter([large]), headers={"content-type": "application/json"})
    for answer in (said, unsaid):
        assert (answer.status_code, answer.json()["error"]["code"]) == (413, "request_too_large")
    rows = [scan(f"LT-{number}", 1, at="2026-06-02T09:30:00Z") for number in range(20_000)]
    assert len(batch(*rows)) > len(large) * 0.9
    assert ann.upload("/api/preview", batch(*rows, *rows))["rows"] == 40_000


def test_slots_cases_and_holders_are_kept_by_program(station: OpenStation) -> None:
    """Each deed answers as the command line does, and says what stands in its way."""
    ann = stocked(station)
    assert ann.send("/api/cases", case_name="case-02", slots=2) == {
        "case_name": "CASE-02",
        "slots": [{"slot_position": 1, "current_asset_tag": None}, {"slot_position": 2, "current_asset_tag": None}],
    }
    assert ann.refuse("/api/cases", case_name="CASE-02", slots=2, status=409) == "case_exists"
    assert ann.refuse("/api/cases", case_name="CASE-02 SLOT-1", slots=2, status=422) == "value_unusable"
    slot: dict[str, Any] = {"case_name": "CASE-02", "slot_position": 2}
    assert ann.send("/api/slots/move", asset_tag="lt-1", **slot) == {**slot, "current_asset_tag": "LT-1"}
    assert ann.refuse("/api/slots/move", asset_tag="LT-2", **slot, status=409) == "slot_taken"
    assert ann.send("/api/slots/vacate", **slot, reason="repair") == {**slot, "current_asset_tag": None}
    assert ann.send("/api/slots/assign", asset_tag="LT-1", **slot) == {**slot, "current_asset_tag": "LT-1"}
    assert ann.send("/api/slots/vacate", asset_tag="LT-1") == {**slot, "current_asset_tag": None}
    for unclear in (dict[str, Any](), {"asset_tag": "LT-2", **slot}):
        assert ann.refuse("/api/slots/vacate", **unclear, status=422) == "request_unclear"
    assert ann.refuse("/api/slots/vacate", case_name="CASE-02", status=422) == "value_unusable"
    made = ann.send("/api/holders", name=" Jane   Smyth ", identifier="S-17")
    assert (made["name"], made["organisation"], made["identifier"], made["near"]) == (
        "Jane Smyth", "Ad Hoc", "S-17", ["Jane Smith"],
    )  # fmt: skip
    assert ann.refuse("/api/holders", name="JANE SMITH", status=409) == "holder_exists"
    assert verification.verify(station.workplace(), []).ok


def test_receipts_are_issued_once(station: OpenStation) -> None:
    """For a batch, for one holder of it, or for all that is held; what says the same is not issued again."""
    ann = stocked(station)
    ann.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", yes=True)
    first = ann.send("/api/receipts", batch_id=2)
    assert [each["already_issued"] for each in first["receipts"]] == [False]
    again = ann.send("/api/receipts", batch_id=2, holder="jane smith")
    assert ([each["already_issued"] for each in again["receipts"]], again["first_seq"]) == ([True], None)
    assert ann.send("/api/receipts", holder="Jane Smith")["receipts"][0]["batch_id"] is None
    assert ann.refuse("/api/receipts", status=422) == "request_unclear"
    assert ann.refuse("/api/receipts", batch_id=99, status=404) == "not_found"
