"""A place that is chosen in the form is one chosen by hand, to which the label of a case brings its assets."""

import pytest

from assettrack.domain.tags import OUT_WORD
from tests.web.test_context_by_hand import say
from tests.web.test_intake_rounds import at_intake, now, scanned
from tests.web.visitors import OpenStation


@pytest.mark.parametrize(
    ("chosen", "goes", "last", "stays"),
    [
        ({"case_name": "CASE-02"}, " · into CASE-02 the next free slot", " → in CASE-02 slot 5", True),
        ({"case_name": OUT_WORD}, " · into no slot", " → in storage, in no slot", True),
        ({"case_name": "CASE-02", "slot_position": "4"}, " · into CASE-02 slot 4", ", unchanged", False),
    ],
    ids=["case", "no slot", "slot"],
)
def test_what_a_case_brings_goes_where_it_was_chosen_but_several_into_no_one_slot(
    station: OpenStation, chosen: dict[str, str], goes: str, last: str, *, stays: bool
) -> None:
    """A slot is for one asset: the label ends it, and all five stay; a case, or no slot, holds after it."""
    ben = at_intake(station)
    station.case("CASE-02", 6)
    assert say(ben, event_type="UPDATE", **chosen) == f"Move or update{goes}"
    told = scanned(ben, "CASE-01")
    assert f"LT-5 Move or update: in CASE-01 slot 5{last}" in told
    ben.get("/intake")
    assert now(ben.words) == f"Move or update{goes if stays else ''}"
