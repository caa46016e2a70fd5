"""Assets that are scanned before anybody is named wait for that, calmly: nothing is wrong with them."""

import re

import pytest

from tests.web.handing_over import JANE, at_the_desk, stocked
from tests.web.test_handover_answers import scanned
from tests.web.visitors import OpenStation, words


@pytest.mark.parametrize("word", ["issue", "transfer"])
def test_what_waits_for_a_person_is_no_fault(station: OpenStation, word: str) -> None:
    """The list says whom it waits for; nobody is told to mend anything, or to take it off."""
    stocked(station)
    ben = at_the_desk(station, f"/{word}")
    for tag in ("LT-1", "LT-2"):
        scanned(ben, tag, word)
    ben.get(f"/{word}")
    assert (
        "To whom? Scan the person's badge, or choose. 2 assets wait for that. Nothing is wrong with them." in ben.words
    )
    assert "mend" not in ben.words


def test_going_on_without_a_person_leads_back_to_who_is_asked_for(station: OpenStation) -> None:
    """Said once more where the focus is, and not as a problem."""
    stocked(station)
    ben = at_the_desk(station)
    scanned(ben, "LT-1")
    ben.follow(ben.get("/issue/acceptance"))
    summary = re.search(r'<section id="stopped".*?</section>', ben.page, re.DOTALL)
    assert summary is not None
    assert "data-focus" in summary[0]
    assert (
        words(summary[0])
        .split("To whom?")[1]
        .startswith(" Scan the person's badge, or choose. 1 asset waits for that.")
    )
    assert "problem" not in words(summary[0])
    assert ben.words.count("To whom?") == 1


def test_what_is_wrong_beside_it_is_named_alone(station: OpenStation) -> None:
    """A scan that was not understood is to be mended; the asset that waits is not."""
    stocked(station)
    ben = at_the_desk(station)
    scanned(ben, "LT-1")
    scanned(ben, "no tag!")
    ben.get("/issue")
    assert "Before you go on, mend this or take it off: no tag!" in ben.words
    ben.get("/issue?stopped=1")
    assert "One thing stops this list." in ben.words
    assert 'href="#line-1"' not in ben.page
    ben.post("/issue/holder", {"holder": JANE})
    assert "waits for that" not in (ben.get("/issue"), ben.words)[1]


def test_an_asset_that_nobody_knows_is_named_before_anybody_is_chosen(station: OpenStation) -> None:
    """It does not wait for a person: whoever is named, it could not be given to them."""
    stocked(station)
    ben = at_the_desk(station)
    scanned(ben, "LT-1")
    scanned(ben, "LT-777")
    ben.get("/issue")
    assert "No asset LT-777 is known." in ben.words
    assert "1 asset waits for that. Nothing is wrong with it." in ben.words
