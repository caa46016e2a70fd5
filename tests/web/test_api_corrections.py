"""Corrections by program: previewed and confirmed, or refused with nothing saved; by the same rules as everywhere."""

from typing import Any

import pytest

from assettrack.services import acceptances, audit, holders, verification
from assettrack.services.acceptances import SaidAcceptance
from tests.web.api_callers import Caller, stocked
from tests.web.test_api_deeds import where
from tests.web.visitors import OpenStation

WHY = "wrong line"


@pytest.fixture
def ann(station: OpenStation) -> Caller:
    """Issue LT-1 to Jane Smith, and register Omar Diaz, who really got it."""
    caller = stocked(station)
    holders.register(station.workplace(), "Omar Diaz")
    caller.send("/api/issue", asset_tags=["LT-1"], to="Jane Smith", yes=True)
    return caller


def test_a_correction_is_made_as_it_was_previewed(station: OpenStation, ann: Caller) -> None:
    """The preview saves nothing, its code makes what it showed, once, and the answer names both entries."""
    seq = audit.log_size(station.workplace())
    asked: dict[str, Any] = {"seq": seq, "values": {"issued_to_name": "omar diaz"}}
    plan = ann.send("/api/corrections", **asked, preview=True)
    assert (plan["valid"], plan["illegal"], plan["changed"]) == (True, [], {"issued_to_name": "omar diaz"})
    assert (plan["before"]["holder"], plan["after"]["holder"]) == ("Jane Smith", "Omar Diaz")
    assert plan["row"]["before"]["issued_to_name"] == "Jane Smith"
    assert [(each["holder"], each["asked"]) for each in plan["handovers"]] == [
        ("Jane Smith", False), ("Omar Diaz", True)
    ]  # fmt: skip
    assert audit.log_size(station.workplace()) == seq
    done = ann.send("/api/corrections", **asked, reason=WHY, confirm=plan["confirm"], key="once")
    assert (done["corrects"], done["first_seq"], done["committed"]) == (seq, seq + 1, 1)
    assert done["checkpoint"] == audit.latest_checkpoint(station.workplace())
    assert ann.send("/api/corrections", **asked, reason=WHY, confirm=plan["confirm"], key="once") == done
    assert ann.refuse("/api/corrections", **asked, reason=WHY, yes=True, status=409) == "already_corrected"
    assert where(station, "LT-1") == "in custody of Omar Diaz"
    assert verification.verify(station.workplace(), []).ok


def test_a_correction_that_can_not_be_made_names_the_entries(station: OpenStation, ann: Caller) -> None:
    """Its preview is an answer like any other, without a code; to make it is refused."""
    scanned = next(entry["seq"] for entry in ann.ask("/api/assets/LT-1/history")["entries"])
    asked: dict[str, Any] = {"seq": scanned, "values": {"slot_number": "2"}}
    plan = ann.send("/api/corrections", **asked, preview=True)
    assert (plan["valid"], plan["confirm"], plan["error"]["code"]) == (False, None, "correction_refused")
    assert [found["asset_tag"] for found in plan["illegal"]] == ["LT-2"]
    size = audit.log_size(station.workplace())
    assert ann.refuse("/api/corrections", **asked, reason=WHY, yes=True, status=409) == "correction_refused"
    assert audit.log_size(station.workplace()) == size


def test_an_acceptance_is_corrected_by_its_own_fields(station: OpenStation, ann: Caller) -> None:
    """How, by whom and when; it has no asset."""
    batch_id = ann.ask("/api/assets/LT-1/history")["entries"][-1]["batch_id"]
    acceptances.record(station.workplace(), batch_id, "Jane Smith", SaidAcceptance("typed", "Jim", None, None))
    seq = audit.log_size(station.workplace())
    done = ann.send("/api/corrections", seq=seq, values={"by": "Kim", "how": "paper"}, reason=WHY, yes=True)
    assert (done["asset_tag"], done["before"], done["after"]) == (None, None, None)
    assert (done["acceptance"]["before"]["by"], done["acceptance"]["after"]["by"]) == ("Jim", "Kim")
    assert ann.send("/api/corrections", seq=seq + 1, values={"by": "Jim"}, preview=True)["valid"]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"values": {}}, 422),
        ({"values": {"notes": "a\u202eb"}}, 422),
        ({"values": {"asset_tag": "LT-2"}}, 409),
        ({"values": {"colour": "red"}}, 409),
        ({"seq": 0}, 422),
        ({"seq": 2**53}, 409),
        ({"reason": None}, 409),
        ({"reason": " "}, 422),
        ({"preview": True}, 422),
        ({"yes": False}, 422),
    ],
)
def test_what_does_not_look_right_is_refused(
    station: OpenStation, ann: Caller, wrong: dict[str, Any], status: int
) -> None:
    """Nothing is saved, whatever is wrong about it."""
    seq = audit.log_size(station.workplace())
    good: dict[str, Any] = {"seq": seq, "values": {"issued_to_name": "Omar Diaz"}, "reason": WHY, "yes": True}
    answer = ann.send("/api/corrections", **{**good, **wrong}, status=status)
    assert answer["error"]["saved"] is False
    assert audit.log_size(station.workplace()) == seq
