"""What leads a newcomer through issue and return: who has to accept, who is to be named first, and where it goes on."""

import re
from datetime import timedelta

import pytest

from assettrack.domain.typed_rows import TypedRow
from tests.web.handing_over import JANE, OKRI, at_the_desk, checked, issued, listed, stocked, take_in
from tests.web.test_twice_is_once import fields
from tests.web.visitors import OpenStation, Visitor


@pytest.fixture
def ben(station: OpenStation) -> Visitor:
    """Issue LT-4 to Jane, and sit an operator down."""
    stocked(station)
    issued(station, "LT-4")
    return at_the_desk(station)


def test_a_return_is_signed_by_who_takes_it_in_and_says_so(ben: Visitor) -> None:
    """The list offers it beside the check, and the check says who it is, until it is accepted."""
    listed(ben, "return", "LT-4")
    assert re.search(r'<a role="button" class="secondary outline" href="/return/acceptance">Sign for it', ben.page)
    ben.follow(ben.post("/return/check"))
    assert "You (ben) take it in, so you accept it. Whoever brings it signs nothing." in ben.words
    checked(ben, "return", {"how": "paper"})
    assert "Whoever brings it signs nothing" not in ben.words
    listed(ben, "issue", "LT-1", holder=JANE)
    checked(ben, "issue")
    assert "Whoever brings it" not in ben.words


def test_while_nobody_is_named_that_comes_first(ben: Visitor) -> None:
    """A link leads to the people, and going on is no main button yet."""
    listed(ben, "issue", "LT-1")
    assert '<a href="#find">Choose the person</a>' in ben.page
    assert '<a role="button" class="secondary outline" href="/issue/acceptance">' in ben.page
    listed(ben, "issue", holder=JANE)
    assert "Choose the person" not in ben.words
    assert '<a role="button" href="/issue/acceptance">' in ben.page


def test_another_slot_is_offered_only_for_assets_that_are_known(ben: Visitor) -> None:
    """A tag that nobody knows goes into no slot at all: it is taken off, or scanned in first."""
    listed(ben, "return", "LT-4", "NOPE-9")
    known, unknown = ben.page.split('<ol class="scans">')[1].split('<li id="line-2"')
    assert "Into another slot" in known
    assert "No asset NOPE-9 is known" in unknown
    assert "Into another slot" not in unknown
    assert "Remove" in unknown


@pytest.mark.parametrize("tag", ["LT-1", "LT-4"])
def test_what_can_be_done_about_a_later_entry_is_said(station: OpenStation, tag: str) -> None:
    """The clock ran ahead and was set right: a list has no field for a reason, and its rows have no time to change."""
    stocked(station)
    station.now += timedelta(days=1)
    issued(station, "LT-4")
    take_in(station, [TypedRow("SCAN", "LT-1")])
    station.now -= timedelta(days=1)
    word = "return" if tag == "LT-4" else "issue"
    ben = at_the_desk(station, f"/{word}")
    listed(ben, word, tag, holder=JANE if word == "issue" else "")
    on_list = ben.words
    ben.follow(ben.post(f"/{word}/check"))
    for said in (on_list, ben.words):
        assert "correct that time on the page of the asset, or wait until then" in said
        assert "give a reason" not in said


def test_how_one_signs_is_said_where_it_is_chosen(ben: Visitor) -> None:
    """The field to sign on comes with the choice."""
    listed(ben, "issue", "LT-1", holder=JANE)
    ben.get("/issue/acceptance")
    assert "Choose how, and the fields for it open below, one for each person." in ben.words


def test_all_receipts_of_a_batch_are_made_at_once(ben: Visitor) -> None:
    """Where there are several; what goes on after an issue is the next one."""
    listed(ben, "issue", "LT-1", holder=JANE)
    listed(ben, "issue", "LT-2", holder=OKRI)
    ben.follow(ben.post("/issue/commit", checked(ben, "issue")))
    assert "Make all 2 receipts" in ben.words
    assert "holder" not in fields(ben, "/batches/3/receipts")
    ben.follow(ben.post("/batches/3/receipts", fields(ben, "/batches/3/receipts")))
    assert ("Print receipt 1 (PDF)" in ben.words, "Print receipt 2 (PDF)" in ben.words) == (True, True)
    assert "Make all" not in ben.words
    assert "Issue something else" in ben.words
    ben.get("/batches/2")
    assert "Make all" not in ben.words
