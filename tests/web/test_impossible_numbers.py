"""A number that can be nobody's, beside a name: it is refused as one that is another's, and never counts as none."""

from urllib.parse import quote

import pytest

from tests.web.handing_over import JANE, at_the_desk, size, stocked
from tests.web.test_context_by_hand import by_hand
from tests.web.visitors import OpenStation

NONE = pytest.mark.parametrize("number", ["abc", "-1", "9" * 20])
FORMS = {
    "/issue/scans": {"typed": "LT-1", "holder": JANE},
    "/issue/holder": {"holder": JANE},
    "/return/lines": {"tag": "LT-1", "holder": JANE},
    "/counts": {"of": "holder", "holder": JANE},
    "/holders/Jane%20Smith/hand-receipt": {},
    "/batches/1/receipts": {"holder": JANE},
    "/batches/1/acceptances": {"holder": JANE, "how": "paper"},
}


@NONE
def test_an_address_with_a_number_that_is_none_names_nobody(station: OpenStation, number: str) -> None:
    """Nobody is chosen, and that is said on the page where one chooses; blank is by name, as without one."""
    stocked(station)
    ben = at_the_desk(station)
    assert ben.get(f"/issue?holder={quote(JANE)}&number={number}").status_code == 422
    assert "The number of the holder" in ben.words
    assert "nobody can have it. Open the page anew and choose the person again" in ben.words
    assert 'name="holder" value="Jane Smith"' not in ben.page
    ben.follow(ben.get(f"/issue?holder={quote(JANE)}&number="))
    assert "for Jane Smith" in ben.words or 'value="Jane Smith"' in ben.page
    assert ben.get(f"/issue?number={number}").status_code == 200


@NONE
@pytest.mark.parametrize("path", FORMS)
def test_a_form_with_a_number_that_is_none_does_nothing(station: OpenStation, path: str, number: str) -> None:
    """Whichever names a person."""
    stocked(station)
    ben = at_the_desk(station)
    before = size(station)
    assert ben.post(path, {**FORMS[path], "number": number}).status_code == 422
    assert "choose the person again" in ben.words
    assert size(station) == before


@NONE
def test_what_the_next_scans_mean_is_for_nobody_of_such_a_number(station: OpenStation, number: str) -> None:
    """Whether the name is the one that the form showed or not."""
    stocked(station)
    ben = station.visitor("ben")
    for shown in (JANE, ""):
        ben.get("/intake")
        said = {**by_hand(ben), "holder": JANE, "holder_shown": shown, "holder_number": number}
        assert ben.post("/intake/context", said).status_code == 422
        assert "choose the person again" in ben.words


@NONE
def test_no_badge_is_printed_of_such_a_number(station: OpenStation, number: str) -> None:
    """Of the name that the link to the page said; of names typed there the number says nothing."""
    stocked(station)
    ben = at_the_desk(station)
    asked = f"/labels?make=1&what=holders&sheet=L7160&which={quote(JANE)}&number={number}"
    assert ben.get(f"{asked}&shown={quote(JANE)}").status_code == 422
    assert "choose the person again" in ben.words
    assert ben.get(asked).status_code == 200
