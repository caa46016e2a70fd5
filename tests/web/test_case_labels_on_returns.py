"""What the page of returns says of a case's label: what came on the list, and what of the case did not."""

from tests.web.handing_over import JANE, OKRI, at_the_desk, issued, listed, stocked
from tests.web.visitors import OpenStation


def test_what_of_the_case_others_have_is_said_and_does_not_come_on_the_list(station: OpenStation) -> None:
    """Also by a plain form, which is led nowhere before it was read."""
    stocked(station)
    issued(station, "LT-1")
    issued(station, "LT-2", to=OKRI)
    ben = at_the_desk(station, "/return")
    listed(ben, "return", holder=JANE)
    ben.post("/return/scans", {"typed": "CASE-01"})
    assert "To be returned: 1" in ben.words
    assert "1 more asset of CASE-01 is out with somebody else, and did not come on the list." in ben.words


def test_all_that_came_on_the_list_is_named(station: OpenStation) -> None:
    """Beside what was on it already, however many there are."""
    stocked(station)
    issued(station, "LT-1", "LT-2", "LT-3", "LT-4")
    ben = at_the_desk(station, "/return")
    part = ben.post("/return/scans", {"typed": "LT-1\nLT-2\nLT-3\nLT-4\nLT-1"}, hx_request="true").text
    assert "4 assets came on the list: LT-1, LT-2, LT-3, LT-4." in part


def test_a_case_that_answers_where_the_next_goes_puts_nothing_on_the_list(station: OpenStation) -> None:
    """The page says so."""
    stocked(station)
    issued(station, "LT-1")
    ben = at_the_desk(station, "/return")
    assert ben.post("/return/scans", {"typed": "AT H9ZZZ9"}).status_code == 422
    assert "Where does the next asset go? Scan the label of its slot or case." in ben.words
    part = ben.post("/return/scans", {"typed": "CASE-01"}, hx_request="true").text
    assert "What you scan next goes into the slot that it came from." in part
    assert "To be returned: 0" in part
