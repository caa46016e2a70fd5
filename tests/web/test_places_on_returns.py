"""Into which slot something comes back, as it is said by hand: the form is of the case that it shows as chosen."""

import re
from html import unescape

import pytest

from assettrack.domain.tags import Place
from assettrack.domain.typed_rows import TypedRow
from tests.web.handing_over import at_the_desk, code, issued, listed, stocked, take_in, where
from tests.web.visitors import OpenStation, Visitor

HOSTILE = '"><b>7</b>'


@pytest.fixture
def ben(station: OpenStation) -> Visitor:
    """Stand before a return of two laptops: the slot of the first is taken by now, that of the second is free."""
    stocked(station)
    station.case("CASE-02", 3)
    issued(station, "LT-1", "LT-2")
    take_in(station, [TypedRow("SCAN", "LT-9", place=Place("CASE-01", 1), equipment_type="laptop")])
    ben = at_the_desk(station, "/return")
    listed(ben, "return", "LT-1", "LT-2")
    return ben


def form(visitor: Visitor, tag: str = "LT-1") -> tuple[bool, str, str]:
    """Whether the form for an asset's slot is open, and the case and slot that stand in it."""
    found = re.search(rf'<details([^>]*)>\s*<summary>Into another slot<span class="unseen"> {tag}</span>.*?</details>',
                      visitor.page, re.DOTALL)  # fmt: skip
    assert found is not None, visitor.words
    cases = re.findall(r'<option value="([^"]*)" selected>', found[0])
    slot = re.search(r'name="slot_position" inputmode="numeric" value="([^"]*)"', found[0])
    assert slot is not None
    return "open" in found[1], unescape(cases[0]) if cases else "", unescape(slot[1])


def put(visitor: Visitor, case: str, slot: str, status: int = 303) -> None:
    """Send the form of the first laptop."""
    answer = visitor.post("/return/place", {"tag": "LT-1", "case_name": case, "slot_position": slot})
    assert answer.status_code == status, visitor.words
    if status == 303:
        visitor.follow(answer)


def test_the_free_slots_are_of_the_case_that_is_chosen_in_the_form(station: OpenStation, ben: Visitor) -> None:
    """Once, and without that into which another of the list goes; whoever types one has the asset put there."""
    assert ben.words.count("Free slots") == 1
    assert "Free slots of CASE-01: 6, 7, 8. Choose one of them." in ben.words
    assert form(ben) == (True, "CASE-01", "")
    _, case, _ = form(ben)
    put(ben, case, "7")
    assert form(ben) == (False, "CASE-01", "7")
    assert "Free slots" not in ben.words
    ben.follow(ben.post("/return/check"))
    ben.follow(ben.post("/return/commit", code(ben)))
    assert (where(station, "LT-1"), where(station, "LT-2")) == ("in CASE-01 slot 7", "in CASE-01 slot 2")


def test_a_form_shows_the_case_that_the_asset_goes_back_to(ben: Visitor) -> None:
    """Closed, and without a slot: the line says which."""
    assert "in custody of Jane Smith → in CASE-01 slot 2" in ben.words
    assert form(ben, "LT-2") == (False, "CASE-01", "")


def test_a_case_that_is_full_is_called_by_its_name(station: OpenStation, ben: Visitor) -> None:
    """And another has to be chosen."""
    rows = [TypedRow("SCAN", f"TB-{n}", place=Place("CASE-02", n), equipment_type="tablet") for n in (1, 2, 3)]
    take_in(station, rows)
    put(ben, "CASE-02", "3")
    assert form(ben) == (True, "CASE-02", "3")
    assert "CASE-02 has no free slot" in ben.words
    assert "Free slots" not in ben.words


def test_what_goes_into_no_slot_has_no_case_in_its_form(ben: Visitor) -> None:
    """And none is said of it."""
    put(ben, "", "OUT")
    assert form(ben) == (False, "", "")


@pytest.mark.parametrize(
    ("case", "slot", "sentence"),
    [
        ("", "8", "The slot '8' can't be used: it is one of a case; choose the case too, or leave it blank."),
        ("CASE-02", "", "The case 'CASE-02' can't be used: say the slot too. Nothing was saved."),
        ("CASE-01", "x", "can't be used"),
        ("CASE-02", HOSTILE, "can't be used"),
    ],
)
def test_a_form_that_is_refused_keeps_what_was_typed(ben: Visitor, case: str, slot: str, sentence: str) -> None:
    """It is open, and says what to do; the others are as they were."""
    put(ben, case, slot, status=422)
    assert sentence in unescape(ben.words)
    assert form(ben) == (True, case, slot)
    assert "<b>7" not in ben.page
    assert form(ben, "LT-2") == (False, "CASE-01", "")


def test_of_an_asset_that_needs_no_other_slot_the_form_keeps_it_too(ben: Visitor) -> None:
    """It is opened by that."""
    answer = ben.post("/return/place", {"tag": "LT-2", "case_name": "", "slot_position": "8"})
    assert answer.status_code == 422
    assert form(ben, "LT-2") == (True, "", "8")
